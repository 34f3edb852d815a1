"""backward, chapter 02: The backward pass."""

import numpy as np
import pytest

from lrcourse.grading import Edit, Mistakes, close
from lrcourse.network import MLP

from .exercise import ONE, TWO, array, random_network

HINTS = [
    "Begin at the last layer: its sums are the outputs, and you have their gradient.",
    "Write the shapes under each product: W's gradient has W's shape.",
    "What is handed on: grad @ W.T, and nothing of it where the unit was off, a == 0.",
]

TWO_CACHES = [array([1.0, 2.0]), array([3.0])]
WIDE = {
    "W1": array([1.0, -1.0]),
    "b1": array([0.0, 0.0]),
    "W2": array([2.0, 1.0], [3.0, 5.0]),
    "b2": array([0.0, 0.0]),
}


def only(grads, *names):
    """Return those gradients that a test asks for, or what was returned instead."""
    is_dict = isinstance(grads, dict) and all(name in grads for name in names)
    return {name: grads[name] for name in names} if is_dict else grads


def test_a_weight_s_gradient_is_its_input_times_that_of_the_sum(backward):
    grads = backward(ONE, [array([1.0, 3.0])], array([2.0]))
    assert close(only(grads, "W1"), {"W1": array([2.0], [6.0])}), (
        "the inputs were 1 and 3, the gradient of the sum is 2"
    )


def test_a_bias_has_the_gradient_of_its_sum(backward):
    grads = backward(ONE, [array([1.0, 3.0])], array([2.0]))
    assert close(only(grads, "b1"), {"b1": array([2.0])}), (
        "a bias is added to the sum, so it moves the sum one for one"
    )


def test_the_examples_are_added_up(backward):
    inputs, grad = array([1.0, 3.0], [0.0, 1.0]), array([2.0], [-1.0])
    grads = backward(ONE, [inputs], grad)
    assert close(grads, {"W1": array([2.0], [5.0]), "b1": array([1.0])}), (
        "2 * 1 - 1 * 0, 2 * 3 - 1 * 1, and 2 - 1: each example adds its part"
    )


def test_the_first_layer_has_gradients_too(backward):
    grads = backward(TWO, TWO_CACHES, array([1.0]))
    expected = {
        "W1": array([3.0], [6.0]),
        "b1": array([3.0]),
        "W2": array([3.0]),
        "b2": array([1.0]),
    }
    assert close(grads, expected), (
        "W2 hands 1 * 3 on to the hidden unit, whose inputs were 1 and 2"
    )


def test_what_is_off_gets_nothing(backward):
    grads = backward(TWO, [array([1.0, -2.0]), array([0.0])], array([1.0]))
    assert close(
        only(grads, "W1", "b1"), {"W1": np.zeros((2, 1)), "b1": array([0.0])}
    ), "the hidden unit was off, so nothing before it moves the loss"


def test_gradients_go_back_through_the_same_weights(backward):
    grads = backward(WIDE, [array([1.0]), array([1.0, 1.0])], array([1.0, 10.0]))
    assert close(only(grads, "b1"), {"b1": array([12.0, 53.0])}), (
        "unit 1 went into the outputs by 2 and 1: 2 * 1 + 1 * 10; unit 2 by 3 and 5"
    )


def test_each_unit_is_off_for_itself(backward):
    caches = [array([1.0], [-1.0]), array([1.0, 0.0], [0.0, 1.0])]
    grads = backward(WIDE, caches, array([1.0, 0.0], [1.0, 0.0]))
    assert close(only(grads, "b1"), {"b1": array([2.0, 3.0])}), (
        "unit 1 was on in the first example only, unit 2 in the second only"
    )


def test_an_example_twice_counts_twice(backward):
    caches = [np.repeat(cache, 2, axis=0) for cache in TWO_CACHES]
    grads = backward(TWO, caches, array([0.5], [0.5]))
    assert close(only(grads, "b1", "b2"), {"b1": array([3.0]), "b2": array([1.0])}), (
        "the loss has halved each gradient already, being a mean: add the two up"
    )


def test_the_backward_pass_changes_nothing(backward):
    params = {name: w.copy() for name, w in TWO.items()}
    caches, grad = [array([1.0, 2.0]), array([5.0])], array([1.0])
    grads = backward(params, caches, grad)
    assert close(only(grads, "W2"), {"W2": array([5.0])}), "the input of layer 2 was 5"
    assert close(params, TWO), "a backward pass reads the parameters and changes none"
    assert close(caches, [array([1.0, 2.0]), array([5.0])]), "the caches are not yours"
    assert close(grad, array([1.0])), "nor is the gradient that you were given"


@pytest.mark.points(3)
def test_random_networks_of_any_depth_have_the_right_gradients(backward, rng):
    for layers in (1, 2, 3, 4) * 4:
        sizes, params, inputs = random_network(rng, layers)
        net = MLP(tuple(sizes))
        outputs, caches = net.forward(params, inputs)
        grad = rng.normal(size=outputs.shape)
        expected = net.backward(params, caches, grad)
        grads = backward(params, list(caches.activations), grad.copy())
        assert close(grads, expected, atol=1e-10), (
            f"{layers} layers, {len(inputs)} examples: which of W and b is off?"
        )


MISTAKES = Mistakes(
    see="The backward pass",
    leaves_the_slope_out=Edit(
        "You leave the slope of the activation out, or it lets everything pass (an "
        "activation is never below 0): the last layer is right, and all before it are "
        "off. What is off, a == 0, hands nothing on.",
        {" * (a > 0)": ""},
    ),
    takes_the_sigmoid_s_slope=Edit(
        "You use a (1 - a), the slope of a sigmoid: that of ReLU is 1 where the unit "
        "was on, and 0 elsewhere.",
        {"(a > 0)": "(a * (1 - a))"},
    ),
    divides_by_the_examples_again=Edit(
        "You divide by the number of examples once more: the gradient that you are "
        "given is a mean already. Twice the batch would be half the step.",
        {
            'grads[f"W{layer}"] = a.T @ grad': 'grads[f"W{layer}"] = a.T @ grad / '
            "len(grad)",
            "grad.sum(axis=0, keepdims=True)": "grad.mean(axis=0, keepdims=True)",
        },
        see="Network in columns",
    ),
    divides_by_the_features=Edit(
        "You divide by the number of features: nothing is divided here. (Repeat every "
        "example of a batch: nothing may change.)",
        {"a.T @ grad": "a.T @ grad / a.shape[1]"},
        see="Network in columns",
    ),
    averages_the_biases=Edit(
        "You take the mean over the examples for the biases: each example adds its "
        "part, as for the weights.",
        {"grad.sum(": "grad.mean("},
    ),
    sums_over_the_units=Edit(
        "You sum over the units: a bias belongs to one unit, and is added in every "
        "example. Sum over the examples.",
        {"axis=0": "axis=1"},
    ),
    forgets_the_first_layer=Edit(
        "The first layer has no gradient in your result: it would never train.",
        {"len(caches), 0, -1": "len(caches), 1, -1"},
        see="Network in columns",
    ),
    forgets_the_biases=Edit(
        "Your result has no gradients for the biases: they are parameters, too.",
        {'grads[f"b{layer}"] = grad.sum(axis=0, keepdims=True)\n        ': ""},
        see="Whose gradient is off",
    ),
    forgets_the_transpose=Edit(
        "You hand gradients on with W as it is: back it goes through the transpose. "
        "Where W is square, no error tells you.",
        {'params[f"W{layer}"].T': 'params[f"W{layer}"]'},
        see="Pitfalls",
    ),
    turns_the_weights_round=Edit(
        "Your weight gradients lie on their side: W has a row for each input and a "
        "column for each output, and so has its gradient.",
        {"a.T @ grad": "(a.T @ grad).T"},
    ),
    calls_them_dW=Edit(
        "You call the gradients dW and db: they have the names of their parameters, so "
        "that an update finds them.",
        {'grads[f"W{layer}"]': 'grads[f"dW{layer}"]', 'f"b{layer}"': 'f"db{layer}"'},
        see="Network in columns",
    ),
    flattens_the_biases=Edit(
        "Your bias gradients have another shape than the biases, (1, units): keep the "
        "axis that you sum over.",
        {", keepdims=True": ""},
    ),
    loses_the_sign=Edit(
        "You hand the gradients on with the wrong sign: the layers before the last "
        "climb.",
        {"grad = (grad": "grad = -(grad"},
    ),
    hands_nothing_on=Edit(
        "You use the outputs' gradient in every layer: each layer hands on what its "
        "inputs contributed.",
        {'(grad @ params[f"W{layer}"].T) * (a > 0)': "grad"},
    ),
    multiplies_by_the_activation=Edit(
        "You multiply by the activation: the slope of ReLU is 1 where the unit was "
        "on, however large its value.",
        {
            "(a > 0)": "a",
        },
    ),
    masks_the_outputs=Edit(
        "You mask the gradient of the outputs, too: the last layer has no ReLU, and "
        "its sums may be negative.",
        {
            'grads[f"W{layer}"] = a.T @ grad': (
                'grad = grad * (a @ params[f"W{layer}"] + params[f"b{layer}"] > 0)\n'
                '        grads[f"W{layer}"] = a.T @ grad'
            ),
        },
    ),
)


@MISTAKES.written_out()
def writes_into_the_caches(params, caches, grad):
    """You write into the caches: an array that you take from a list is still the
    list's own. `(a > 0)` makes a new one."""
    grads = {}
    for layer in range(len(caches), 0, -1):
        a = caches[layer - 1]
        grads[f"W{layer}"] = a.T @ grad
        grads[f"b{layer}"] = grad.sum(axis=0, keepdims=True)
        a[:] = a > 0
        grad = (grad @ params[f"W{layer}"].T) * a
    return grads
