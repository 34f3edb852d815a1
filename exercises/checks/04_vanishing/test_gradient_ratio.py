"""gradient_ratio, chapter 04: One factor a layer."""

import numpy as np
import pytest

from lrcourse.grading import Edit, Mistakes, close
from lrcourse.network import gradient_ratio as library

from .exercise import array, random_grads

HINTS = [
    "Which number has the output layer, and which the last hidden one?",
    "Count the names that begin with W.",
    "The length of an array of any shape is np.linalg.norm of it.",
]


def network_of(*lengths, bias=1.0):
    """Return gradients with one entry for each weight array, of these lengths."""
    grads = {}
    for layer, length in enumerate(lengths, start=1):
        grads[f"W{layer}"] = array([length])
        grads[f"b{layer}"] = array([bias])
    return grads


def test_it_is_the_first_over_the_last_hidden_one(gradient_ratio):
    assert close(gradient_ratio(network_of(2, 8, 5)), 0.25), (
        "W1 has length 2, W2 has 8, and W3 is the output layer"
    )


def test_biases_do_not_count(gradient_ratio):
    assert close(gradient_ratio(network_of(3, 2, 8, 5, bias=100.0)), 0.375), (
        "W1 has length 3 and W3 has 8; b1, ..., b4 hold 100 each"
    )


def test_a_length_is_the_root_of_the_sum_of_squares(gradient_ratio):
    grads = network_of(1, 1, 1) | {"W1": array([3, 0], [0, 4]), "W2": array([6], [8])}
    assert close(gradient_ratio(grads), 0.5), "the lengths are 5 and 10"


def test_signs_do_not_cancel(gradient_ratio):
    grads = network_of(1, 1, 1) | {"W1": array([3, -3]), "W2": array([1, 1])}
    assert close(gradient_ratio(grads), 3.0), "3 and -3 are as long as 3 and 3"


def test_more_entries_are_longer(gradient_ratio):
    grads = network_of(1, 1, 1) | {"W1": np.ones((4, 4)), "W2": np.ones((4, 1))}
    assert close(gradient_ratio(grads), 2.0), (
        "sixteen ones have length 4, four ones length 2"
    )


def test_ten_stands_behind_nine(gradient_ratio):
    lengths = [float(layer) for layer in range(1, 13)]
    assert close(gradient_ratio(network_of(*lengths)), 1 / 11), (
        "of twelve layers W12 is the output layer: as texts W12 stands before W2"
    )


def test_the_order_of_the_names_does_not_matter(gradient_ratio):
    grads = network_of(5, 3, 8, 2)
    backwards = dict(reversed(grads.items()))
    assert close(gradient_ratio(backwards), 0.625), (
        "W1 is the first, wherever it stands"
    )


@pytest.mark.points(2)
def test_random_networks_get_their_ratio(gradient_ratio, rng):
    for _ in range(20):
        grads = random_grads(rng, layers=int(rng.integers(3, 14)))
        assert close(gradient_ratio(grads), library(grads)), (
            "the length of W1, divided by that of the last hidden weights"
        )


MISTAKES = Mistakes(
    see="One factor a layer",
    divides_the_other_way=Edit(
        "You divide the last by the first: below 1 should mean that gradients vanish "
        "on their way to the first layer.",
        {"norm(first) / np.linalg.norm(last)": "norm(last) / np.linalg.norm(first)"},
    ),
    counts_the_output_layer=Edit(
        "You compare with the output layer: the last hidden layer is the one before.",
        {"outputs - 1": "outputs"},
    ),
    compares_with_the_second=Edit(
        "You compare with the second layer: the last hidden one may be far behind it.",
        {"outputs - 1": "2"},
    ),
    averages_the_entries=Edit(
        "You average the entries: positive and negative ones cancel, and a length is "
        "the root of the sum of squares.",
        {
            "np.linalg.norm(first) / np.linalg.norm(last)": "np.mean(first) / "
            "np.mean(last)"
        },
    ),
    takes_the_mean_size=Edit(
        "You take the mean size of an entry: a length is the root of the sum of "
        "squares, so that more entries are longer.",
        {
            "np.linalg.norm(first) / np.linalg.norm(last)": "np.mean(abs(first)) / "
            "np.mean(abs(last))"
        },
    ),
    takes_root_mean_squares=Edit(
        "You take the root of the mean of the squares: a length is the root of their "
        "sum.",
        {"(first)": "(first) / first.size**0.5", "(last)": "(last) * last.size**0.5"},
    ),
    forgets_the_root=Edit(
        "You divide sums of squares: their roots are the lengths.",
        {
            "np.linalg.norm(first) / np.linalg.norm(last)": "np.sum(first**2) / "
            "np.sum(last**2)"
        },
    ),
    takes_the_largest_stretch=Edit(
        "You take the spectral norm, by which a matrix stretches at most: the length "
        "counts all entries.",
        {"norm(first)": "norm(first, 2)", "norm(last)": "norm(last, 2)"},
    ),
    counts_all_arrays=Edit(
        "You take biases for layers: half of the arrays are biases.",
        {
            'sum(name.startswith("W") for name in grads)': "len(grads)",
            'grads[f"W{outputs - 1}"]': 'grads.get(f"W{outputs - 1}", grads["b1"])',
        },
    ),
    counts_the_biases_in=Edit(
        "You count the biases in: the lengths are those of the weights alone.",
        {
            'grads["W1"]': 'np.append(grads["W1"], grads["b1"])',
            'grads[f"W{outputs - 1}"]': (
                'np.append(grads[f"W{outputs - 1}"], grads[f"b{outputs - 1}"])'
            ),
        },
    ),
)


@MISTAKES.written_out()
def sorts_names_as_texts(grads):
    """You take the layers in the order of texts, or by their last digit: W10 is layer
    ten, behind W9."""
    names = sorted(name for name in grads if name.startswith("W"))
    first, last = grads[names[0]], grads[names[-2]]
    return np.linalg.norm(first) / np.linalg.norm(last)


@MISTAKES.written_out()
def trusts_the_order(grads):
    """You trust the order in which the gradients stand: the names say which layer it
    is."""
    names = [name for name in grads if name.startswith("W")]
    first, last = grads[names[0]], grads[names[-2]]
    return np.linalg.norm(first) / np.linalg.norm(last)
