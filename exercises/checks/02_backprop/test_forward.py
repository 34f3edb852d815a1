"""forward, chapter 02: The forward pass."""

import numpy as np
import pytest

from lrcourse.grading import Edit, Mistakes, close
from lrcourse.network import MLP

from .exercise import ONE, TWO, array, random_network

HINTS = [
    "How many layers are there? Half of the arrays in params are weights.",
    "Keep what goes into a layer before you make what comes out of it.",
    "Which layer has no ReLU? Keep its sums under a name of their own.",
]


def outputs_of(returned):
    """Return the outputs of what was returned, which has to be a pair."""
    return _pair(returned)[0]


def caches_of(returned):
    """Return the caches of what was returned, which has to be a pair."""
    return _pair(returned)[1]


def _pair(returned):
    is_pair = isinstance(returned, tuple) and len(returned) == 2
    assert close("a tuple of 2" if is_pair else "something else", "a tuple of 2"), (
        "return the outputs and the list of caches, as a tuple of two"
    )
    return returned


def test_one_layer_is_a_sum(forward):
    outputs = outputs_of(forward(ONE, array([1.0, 3.0])))
    assert close(outputs, array([5.5])), (
        "2 * 1 + 1 * 3 + 0.5: every input by its weight"
    )


def test_the_outputs_may_be_negative(forward):
    outputs = outputs_of(forward(ONE, array([-1.0, -1.0])))
    assert close(outputs, array([-2.5])), "the last layer ends in its plain sums"


def test_two_layers_are_two_sums(forward):
    outputs = outputs_of(forward(TWO, array([1.0, 2.0])))
    assert close(outputs, array([10.0])), "1 + 2 = 3, then 3 * 3 + 1"


def test_a_hidden_unit_below_zero_is_off(forward):
    outputs = outputs_of(forward(TWO, array([1.0, -2.0])))
    assert close(outputs, array([1.0])), "1 - 2 is below zero: only the bias is left"


def test_three_layers_are_three_sums(forward):
    params = TWO | {"W3": array([-2.0]), "b3": array([5.0])}
    outputs = outputs_of(forward(params, array([1.0, 2.0])))
    assert close(outputs, array([-15.0])), "10 goes on as the input of a third layer"


def test_each_example_is_a_row(forward):
    outputs = outputs_of(forward(TWO, array([1.0, 2.0], [0.0, 1.0], [1.0, -2.0])))
    assert close(outputs, array([10.0], [4.0], [1.0])), (
        "three rows in, three rows out: each as if it were alone"
    )


def test_the_caches_are_what_went_into_each_layer(forward):
    caches = caches_of(forward(TWO, array([1.0, 2.0])))
    assert close(caches, [array([1.0, 2.0]), array([3.0])]), (
        "two layers, two arrays: the inputs, and what went into layer 2"
    )


def test_what_is_off_goes_into_the_next_layer_as_zero(forward):
    caches = caches_of(forward(TWO, array([1.0, -2.0])))
    assert close(caches, [array([1.0, -2.0]), array([0.0])]), (
        "into layer 2 goes what the activation left, not the sum"
    )


def test_one_layer_has_one_cache(forward):
    caches = caches_of(forward(ONE, array([1.0, 3.0])))
    assert close(caches, [array([1.0, 3.0])]), "one layer, and into it go the inputs"


def test_the_forward_pass_changes_nothing(forward):
    params, inputs = {name: w.copy() for name, w in TWO.items()}, array([2.0, -1.0])
    outputs, _ = _pair(forward(params, inputs))
    assert close(outputs, array([4.0])), "2 - 1 = 1, then 3 * 1 + 1"
    assert close(params, TWO), "a forward pass reads the parameters and changes none"
    assert close(inputs, array([2.0, -1.0])), "the inputs are not yours"


def test_ten_stands_behind_nine(forward):
    params = {}
    for layer in range(1, 12):
        params |= {f"W{layer}": array([1.0]), f"b{layer}": array([float(layer)])}
    params["W10"] = array([3.0])
    outputs = outputs_of(forward(params, array([0.0])))
    assert close(outputs, array([156.0])), (
        "biases of 1 to 9 make 45, W10 makes 135 of it, then come 10 and 11"
    )


@pytest.mark.points(2)
def test_random_networks_of_any_depth_are_right(forward, rng):
    for layers in (1, 2, 3, 4) * 4:
        sizes, params, inputs = random_network(rng, layers)
        expected, cached = MLP(tuple(sizes)).forward(params, inputs)
        outputs, caches = _pair(forward(params, inputs))
        assert close(outputs, expected, atol=1e-12), (
            f"{layers} layers: each makes sums of what the one before it left"
        )
        assert close(caches, cached.activations, atol=1e-12), (
            f"{layers} layers have {layers} inputs, the network's own first"
        )


@pytest.mark.points(0)
def test_the_bias_is_added_to_every_example(forward):
    outputs = outputs_of(forward(ONE, np.zeros((3, 2))))
    assert close(outputs, array([0.5], [0.5], [0.5])), "no input, and the bias is left"


MISTAKES = Mistakes(
    see="The forward pass",
    takes_examples_for_columns=Edit(
        "You multiply from the left, as for examples in columns: here they are rows. "
        "Write the shapes under each product.",
        {'a @ params[f"W{layer}"]': 'params[f"W{layer}"] @ a'},
    ),
    activates_the_outputs=Edit(
        "You end the last layer in a ReLU: then no output is ever negative. It ends in "
        "its plain sums.",
        {"return z": "return a"},
    ),
    keeps_the_sums=Edit(
        "You keep the sums: the backward pass needs what went into each layer, after "
        "the activation.",
        {"caches.append(a)": "caches.append(a if layer == 1 else z)"},
    ),
    keeps_what_comes_out=Edit(
        "You keep what comes out of each layer: the list begins with what goes into "
        "layer 1, the inputs.",
        {
            "caches.append(a)\n        z": "z",
            "a = np.maximum(z, 0)": "a = np.maximum(z, 0)\n        caches.append(a)",
        },
    ),
    keeps_the_outputs_too=Edit(
        "Your list has one array too many: L layers have L inputs, and the outputs go "
        "into none.",
        {"return z, caches": "return z, [*caches, z]"},
    ),
    forgets_the_inputs=Edit(
        "The network's own inputs are missing in your list: they go into layer 1.",
        {"return z, caches": "return z, caches[1:]"},
    ),
    forgets_the_bias=Edit(
        "You leave the biases out: each unit adds its own to its sum.",
        {' + params[f"b{layer}"]': ""},
    ),
    forgets_the_activation=Edit(
        "You have no activation between the layers: then all of them are one, for a "
        "sum of sums is a sum.",
        {"np.maximum(z, 0)": "z"},
    ),
    uses_the_sigmoid=Edit(
        "Your hidden layers end in a sigmoid: ReLU is asked for, the larger of the sum "
        "and 0.",
        {"np.maximum(z, 0)": "1 / (1 + np.exp(-z))"},
    ),
    knows_two_layers_only=Edit(
        "You compute two layers, whatever the network has: count the weights.",
        {"len(params) // 2": "min(2, len(params) // 2)"},
    ),
    counts_all_arrays_as_layers=Edit(
        "You count every array as a layer: half of them are biases.",
        {"len(params) // 2": "len(params)"},
    ),
    leaves_out_the_last_layer=Edit(
        "You leave the last layer out: range(1, n) ends at n - 1.",
        {
            "range(1, len(params) // 2 + 1)": "range(1, len(params) // 2)",
            "return z, caches": "return a, caches",
        },
    ),
    activates_the_inputs=Edit(
        "You put the ReLU in front of each layer: the inputs lose their negative "
        "numbers, and the list keeps sums. It comes after the sums of each hidden "
        "layer.",
        {
            "z = a @": "z = np.maximum(a, 0) @",
            "a = np.maximum(z, 0)": "a = z",
        },
    ),
    ends_in_a_sigmoid=Edit(
        "You end the network in a sigmoid: it ends in its plain sums, and the loss "
        "makes probabilities of them.",
        {
            "return z, caches": "return 1 / (1 + np.exp(-z)), caches",
        },
    ),
)


EQUIVALENT = {
    "for layer in range(1, round(len(params) / 2) + 1):": "weights and biases come in "
    "pairs, so their number is even",
    "for layer in range(1, -(-len(params) // 2) + 1):": "weights and biases come in "
    "pairs, so their number is even",
}


@MISTAKES.written_out()
def writes_over_its_caches(params, inputs):
    """You write each layer's result into the array that you keep: all that is kept
    is then the same. Make a new array for what comes out."""
    a, caches = np.array(inputs, dtype=float), []
    for layer in range(1, len(params) // 2 + 1):
        caches.append(a)
        z = a @ params[f"W{layer}"] + params[f"b{layer}"]
        a[:] = 0
        a = np.maximum(z, 0)
    return z, caches


@MISTAKES.written_out()
def sorts_names_as_texts(params, inputs):
    """You sort the names as texts: there W10 stands before W2."""
    a, caches = inputs, []
    for name in sorted(name for name in params if name.startswith("W")):
        caches.append(a)
        z = a @ params[name] + params[f"b{name[1:]}"]
        a = np.maximum(z, 0)
    return z, caches
