"""clip_by_global_norm, chapter 04: Clipping."""

import copy

import numpy as np
import pytest

from lrcourse.grading import Edit, Mistakes, close
from lrcourse.optimizers import clip_by_global_norm as library

from .exercise import array, random_grads

HINTS = [
    "One length for all arrays together, and one factor for all of them.",
    "The squares of all entries of all arrays, summed: the root is the global norm.",
    "Divide max_norm by the larger of the two, the norm and max_norm.",
]


def test_a_long_gradient_ends_at_max_norm(clip_by_global_norm):
    clipped = clip_by_global_norm({"W1": array(3, 4)}, max_norm=1.0)
    assert close(clipped, {"W1": array(0.6, 0.8)}), "its length is 5: divide by 5"


def test_max_norm_is_where_it_ends(clip_by_global_norm):
    clipped = clip_by_global_norm({"W1": array(3, 4)}, max_norm=2.5)
    assert close(clipped, {"W1": array(1.5, 2)}), "5 is twice 2.5: take half"


def test_a_short_gradient_stays(clip_by_global_norm):
    clipped = clip_by_global_norm({"W1": array(3, 4)}, max_norm=10.0)
    assert close(clipped, {"W1": array(3, 4)}), "5 is below 10: nothing to clip"
    clipped = clip_by_global_norm({"W1": array(30, 40)}, max_norm=10.0)
    assert close(clipped, {"W1": array(6, 8)}), "50 is five times 10"


def test_all_arrays_share_one_length(clip_by_global_norm):
    grads = {"W1": array([2, 3]), "b1": array(6)}
    clipped = clip_by_global_norm(grads, max_norm=3.5)
    assert close(clipped, {"W1": array([1, 1.5]), "b1": array(3)}), (
        "4 + 9 + 36 is 49, so the global norm is 7: one factor for all"
    )


def test_arrays_that_are_short_alone_may_be_long_together(clip_by_global_norm):
    grads = {"W1": array(3), "W2": array(4)}
    clipped = clip_by_global_norm(grads, max_norm=4.0)
    assert close(clipped, {"W1": array(2.4), "W2": array(3.2)}), (
        "3 and 4 are not above 4, but together they have length 5"
    )


def test_signs_stay(clip_by_global_norm):
    clipped = clip_by_global_norm({"W1": array(-3, 4)}, max_norm=1.0)
    assert close(clipped, {"W1": array(-0.6, 0.8)}), "the direction stays"


def test_zeros_stay_zeros(clip_by_global_norm):
    clipped = clip_by_global_norm({"W1": array(0, 0)}, max_norm=1.0)
    assert close(clipped, {"W1": array(0, 0)}), "a length of 0 is not above 1"
    clipped = clip_by_global_norm({"W1": array(0, 2)}, max_norm=1.0)
    assert close(clipped, {"W1": array(0, 1)}), "2 is twice 1: take half"


def test_given_gradients_stay(clip_by_global_norm):
    grads = {"W1": array(3, 4), "b1": array(12)}
    clipped = clip_by_global_norm(grads, max_norm=6.5)
    assert close(clipped, {"W1": array(1.5, 2), "b1": array(6)}), "13 is twice 6.5"
    assert close(grads, {"W1": array(3, 4), "b1": array(12)}), (
        "somebody may still want to see how long the gradients were"
    )


@pytest.mark.points(2)
def test_random_networks_are_clipped_like_the_library_s(clip_by_global_norm, rng):
    for _ in range(20):
        grads = random_grads(rng, layers=int(rng.integers(1, 6)))
        norm = np.sqrt(sum(np.sum(grad**2) for grad in grads.values()))
        max_norm = float(norm * 10 ** rng.uniform(-1, 1))
        expected = library(copy.deepcopy(grads), max_norm)
        clipped = clip_by_global_norm(grads, max_norm)
        # the library adds 1e-6 to the length, as PyTorch does
        assert close(clipped, expected, rtol=1e-6 / float(norm) + 1e-9), (
            "one factor for all arrays, and none if they are short enough"
        )


MISTAKES = Mistakes(
    see="Clipping",
    always_rescales=Edit(
        "You rescale short gradients, too: those below max_norm stay as they are.",
        {"max(norm, max_norm)": "(norm or 1.0)"},
    ),
    sums_lengths=Edit(
        "You add up the lengths of the arrays: it is their squares that add up.",
        {
            "math.sqrt(sum(np.sum(grad**2)": "sum(np.linalg.norm(grad)",
            "grads.values()))": "grads.values())",
        },
    ),
    forgets_the_root=Edit(
        "You compare the sum of the squares with max_norm: the length is its root.",
        {"math.sqrt(": "("},
    ),
    takes_the_largest_entry=Edit(
        "You take the largest entry for the length: the length counts all of them.",
        {
            "math.sqrt(sum(np.sum(grad**2) for grad in grads.values()))": "max("
            "np.max(abs(grad)) for grad in grads.values())"
        },
    ),
    forgets_the_biases=Edit(
        "You measure the weights alone: biases have gradients, too.",
        {
            "for grad in grads.values()": "for name, grad in grads.items() "
            'if name.startswith("W")'
        },
    ),
    multiplies_by_max_norm=Edit(
        "You divide by the length alone: the result should end at max_norm, not at 1.",
        {"max_norm / max(norm, max_norm)": "1 / norm if norm > max_norm else 1"},
    ),
    turns_the_fraction=Edit(
        "You lengthen what is long: the factor is max_norm over the length.",
        {"max_norm / max(norm, max_norm)": "max(norm, max_norm) / max_norm"},
    ),
    averages_the_squares=Edit(
        "You average the squares: the length is the root of their sum.",
        {"np.sum(grad**2)": "np.mean(grad**2)"},
    ),
    drops_long_gradients=Edit(
        "You drop gradients that are too long: they are shortened, and the update "
        "still goes their way.",
        {"max_norm / max(norm, max_norm)": "(norm <= max_norm)"},
    ),
    divides_whatever_it_is=Edit(
        "You rescale short gradients, too: those below max_norm stay as they are, and"
        " zeros are not divided by their length.",
        {
            "max(norm, max_norm)": "np.float64(norm)",
        },
    ),
    divides_zero_by_zero=Edit(
        "You divide by the length before you ask whether it is above max_norm: a "
        "gradient of zeros becomes nan.",
        {
            "max_norm / max(norm, max_norm)": "min(norm, max_norm) / np.float64(norm)",
        },
    ),
    adds_a_millionth=Edit(
        "You add 1e-6 to the length, as PyTorch does: here nothing is added.",
        {
            "max_norm / max(norm, max_norm)": "min(1.0, max_norm / (norm + 1e-6))",
        },
    ),
    averages_all_squares=Edit(
        "You average the squares: the length is the root of their sum.",
        {
            "sum(np.sum(grad**2) for grad in grads.values())": (
                "np.mean(np.hstack([np.ravel(grad**2) for grad in grads.values()]))"
            ),
        },
    ),
)


@MISTAKES.written_out()
def clips_each_array(grads, max_norm):
    """You clip every array by its own length: that turns the direction of the whole."""
    return {
        name: max_norm / max(float(np.linalg.norm(grad)), max_norm) * grad
        for name, grad in grads.items()
    }


@MISTAKES.written_out()
def clips_entries(grads, max_norm):
    """You clip each entry: that turns the direction, and the length may still be more
    than max_norm."""
    return {name: np.clip(grad, -max_norm, max_norm) for name, grad in grads.items()}


@MISTAKES.written_out()
def writes_into_what_it_was_given(grads, max_norm):
    """You write into the arrays that you were given: *= changes the array itself, for
    everybody who holds it."""
    norm = np.sqrt(sum(np.sum(grad**2) for grad in grads.values()))
    for grad in grads.values():
        grad *= max_norm / max(float(norm), max_norm)
    return grads
