"""wrong_parameters, chapter 02: Whose gradient is off."""

import numpy as np
import pytest

from lrcourse.grading import Edit, Mistakes, close
from lrcourse.network import relative_error

from .exercise import array

HINTS = [
    "Go through the parameters one by one, and give each an error of its own.",
    "What does g - d do where the shapes differ? And what is nan > 1e-4?",
    "grads.get(name) is None where there is no gradient.",
]

SLOPES = {"W1": array([3.0, 4.0], [0.0, 0.0]), "b1": array([2.0, 1.0])}


def claims(**changed):
    return {name: grad.copy() for name, grad in SLOPES.items()} | changed


def test_a_bias_without_a_gradient_is_named(wrong_parameters):
    wrong = wrong_parameters({"W1": array(1.0), "b1": array(0.0)}, _flat(1.0, 2.0))
    assert close(wrong, ["b1"]), "W1's 1 is right, and b1's 0 should be 2"
    wrong = wrong_parameters({"W1": array(0.0), "b1": array(2.0)}, _flat(1.0, 2.0))
    assert close(wrong, ["W1"]), "W1's 0 should be 1, and b1's 2 is right"


def _flat(w, b):
    return {"W1": array(w), "b1": array(b)}


def test_where_all_is_right_none_is_named(wrong_parameters):
    assert close(wrong_parameters(claims(), SLOPES), []), "both agree with their slopes"
    off = claims(W1=-SLOPES["W1"])
    assert close(wrong_parameters(off, SLOPES), ["W1"]), "and now W1 has its sign wrong"


def test_where_all_is_wrong_all_are_named_in_the_order_of_the_slopes(wrong_parameters):
    grads = {"b1": -SLOPES["b1"], "W1": 0 * SLOPES["W1"]}
    assert close(wrong_parameters(grads, SLOPES), ["W1", "b1"]), (
        "a zero and an opposite, and W1 stands first in the slopes"
    )
    grads, slopes = _flat(2.0, 1.0), {"b1": array(3.0), "W1": array(1.0)}
    assert close(wrong_parameters(grads, slopes), ["b1", "W1"]), (
        "here b1 stands first in the slopes"
    )


def test_a_small_error_is_allowed(wrong_parameters):
    off = claims(W1=1.00015 * SLOPES["W1"], b1=1.01 * SLOPES["b1"])
    assert close(wrong_parameters(off, SLOPES), ["b1"]), (
        "their errors are 0.000075 and 0.005, and 0.0001 is allowed"
    )
    assert close(wrong_parameters(off, SLOPES, tolerance=0.01), []), (
        "0.005 is not above 0.01"
    )


def test_an_error_of_just_the_tolerance_is_allowed(wrong_parameters):
    grads, slopes = _flat(3.0, 4.0), _flat(1.0, 1.0)
    assert close(wrong_parameters(grads, slopes, tolerance=0.5), ["b1"]), (
        "2 / 4 is not above 0.5, and 3 / 5 is"
    )


def test_one_bad_bias_does_not_hide_among_many_weights(wrong_parameters):
    slopes = {"W1": np.full((50, 50), 10.0), "b1": array([1e-3])}
    grads = {"W1": slopes["W1"].copy(), "b1": array([0.0])}
    assert close(wrong_parameters(grads, slopes), ["b1"]), (
        "0.001 is little beside 2500 tens, and all that this bias has"
    )


def test_a_small_gradient_is_judged_by_its_own_size(wrong_parameters):
    grads, slopes = _flat(2e-7, 1e-7), _flat(1e-7, 1e-7)
    assert close(wrong_parameters(grads, slopes), ["W1"]), (
        "2e-7 is twice 1e-7, though both are small"
    )
    grads, slopes = _flat(1e-14, 2e-14), _flat(1e-14, 1e-14)
    assert close(wrong_parameters(grads, slopes), ["b1"]), (
        "and 2e-14 is twice 1e-14: nothing may stand beside the two lengths"
    )


def test_a_gradient_that_is_no_number_is_off(wrong_parameters):
    grads = claims(b1=array([2.0, np.nan]))
    assert close(wrong_parameters(grads, SLOPES), ["b1"]), (
        "is nan above the tolerance? is it below?"
    )
    grads = claims(W1=array([3.0, 4.0], [0.0, np.nan]))
    assert close(wrong_parameters(grads, SLOPES), ["W1"]), "and here it is W1"


def test_a_missing_gradient_is_off(wrong_parameters):
    grads = {"b1": SLOPES["b1"].copy()}
    assert close(wrong_parameters(grads, SLOPES), ["W1"]), (
        "nothing is claimed for W1: it would never train"
    )


def test_a_gradient_of_another_shape_is_off(wrong_parameters):
    slopes = {"W1": SLOPES["W1"], "b1": np.ones((1, 3))}
    for shape in ((1, 1), (3,), (3, 1)):
        grads = {"W1": SLOPES["W1"].copy(), "b1": np.ones(shape)}
        assert close(wrong_parameters(grads, slopes), ["b1"]), (
            f"ones of shape {shape} for a bias of shape (1, 3)"
        )
    slopes = {"W1": np.ones((2, 2)), "b1": SLOPES["b1"]}
    grads = {"W1": np.ones((1, 2)), "b1": SLOPES["b1"].copy()}
    assert close(wrong_parameters(grads, slopes), ["W1"]), "a row for a square"


def test_two_zeros_agree(wrong_parameters):
    slopes = {"W1": SLOPES["W1"], "b1": np.zeros((1, 2))}
    grads = {"W1": SLOPES["W1"].copy(), "b1": np.zeros((1, 2))}
    assert close(wrong_parameters(grads, slopes), []), "0 is right where the slope is 0"
    grads["b1"] = array([0.0, 1e-3])
    assert close(wrong_parameters(grads, slopes), ["b1"]), (
        "0.001 is not right where the slope is 0: its error is 1"
    )


@pytest.mark.points(2)
def test_random_networks_are_told_apart(wrong_parameters, rng):
    for _ in range(20):
        names = [f"{kind}{layer}" for layer in (1, 2, 3) for kind in "Wb"]
        slopes = {name: rng.normal(size=(3, 4)) for name in names}
        noise = {name: 10 ** rng.uniform(-6, -2) for name in names}
        grads = {
            name: slope + noise[name] * rng.normal(size=(3, 4))
            for name, slope in slopes.items()
        }
        tolerance = float(10 ** rng.uniform(-5, -3))
        expected = [
            name
            for name in names
            if relative_error(grads[name], slopes[name]) > tolerance
        ]
        wrong = wrong_parameters(grads, slopes, tolerance)
        assert close(wrong, expected), (
            "each parameter by its own relative error, against the tolerance"
        )


MISTAKES = Mistakes(
    see="Whose gradient is off",
    lets_nan_pass=Edit(
        "You let nan pass: every comparison with nan is False, so it is never above "
        "anything. Ask what is not at most the tolerance.",
        {"not error <= tolerance": "error > tolerance"},
    ),
    measures_an_absolute_error=Edit(
        "Your error is absolute: small gradients are never off, and large ones always. "
        "Divide by both lengths.",
        {"tolerance * length": "tolerance"},
        see="The check",
    ),
    forgets_the_shape=Edit(
        "You do not compare the shapes: g - d broadcasts, and one number can stand for "
        "a whole row.",
        {" or g.shape != d.shape": " or np.broadcast(g, d).size != d.size"},
    ),
    lets_a_missing_gradient_pass=Edit(
        "You pass over a parameter without a gradient: it would never train, so it is "
        "the first that should be named.",
        {
            "wrong.append(name)\n            continue": "if g is not None:\n"
            "                wrong.append(name)\n            continue"
        },
    ),
    takes_two_zeros_for_an_error=Edit(
        "You name a parameter whose gradient is rightly zero: 0 / 0 is not a number, "
        "and two zeros agree.",
        {"error <= tolerance * length": "error / length <= tolerance"},
    ),
    lets_a_zero_slope_pass=Edit(
        "You divide by the length of the slope alone, or pass where it is zero: a "
        "gradient of 0.001 is off there.",
        {"not error": "np.any(d) and not error"},
    ),
    ignores_the_tolerance=Edit(
        "You use a tolerance of your own instead of the one that you are given.",
        {"<= tolerance": "<= 1e-4"},
    ),
    doubles_the_tolerance=Edit(
        "You divide by the mean of the two lengths: your errors are twice as large as "
        "|g - d| / (|g| + |d|).",
        {"tolerance * length": "tolerance * length / 2"},
        see="The check",
    ),
    sorts_the_names=Edit(
        "You go through the gradients: the names stand in the order of the slopes, and "
        "a missing gradient is in no loop through `grads`.",
        {"in slopes.items()": "in [(n, slopes[n]) for n in grads]"},
    ),
    adds_a_small_number=Edit(
        "You add a small number to the two lengths, against 0 / 0: a gradient that is"
        " smaller still is then never off. Ask whether both are zero.",
        {
            "tolerance * length": "tolerance * (length + 1e-8)",
        },
    ),
    puts_them_in_the_alphabet=Edit(
        "You sort the names: they stand in the order of the slopes.",
        {
            "return wrong": "return sorted(wrong)",
        },
    ),
    names_the_tolerance_itself=Edit(
        "You name a parameter whose error is just the tolerance: off is what is above"
        " it.",
        {
            "error <= tolerance * length": (
                "(error < tolerance * length or length == 0)"
            ),
        },
    ),
)


@MISTAKES.written_out()
def judges_all_together(grads, slopes, tolerance=1e-4):
    """You judge all parameters by one error: one bad bias hides among thousands of
    right weights. Give each parameter its own."""
    g = np.concatenate([np.ravel(grads[name]) for name in slopes])
    d = np.concatenate([np.ravel(slopes[name]) for name in slopes])
    error = np.linalg.norm(g - d) / (np.linalg.norm(g) + np.linalg.norm(d))
    return [] if error <= tolerance else list(slopes)


@MISTAKES.written_out()
def stops_at_the_first(grads, slopes, tolerance=1e-4):
    """You stop at the first parameter that is off: name them all."""
    for name, d in slopes.items():
        g = grads.get(name)
        if g is None or g.shape != d.shape:
            return [name]
        length = np.linalg.norm(g) + np.linalg.norm(d)
        if length and not np.linalg.norm(g - d) / length <= tolerance:
            return [name]
    return []


EQUIVALENT = {
    "error = np.linalg.norm(np.subtract(d, g))": (
        "the length of a difference is the same from either end"
    ),
}


@MISTAKES.written_out()
def asks_allclose(grads, slopes, tolerance=1e-4):
    """np.allclose looks at every number by itself, and its atol passes whatever is
    small: compare the length of the difference with both lengths."""
    wrong = []
    for name, d in slopes.items():
        g = grads.get(name)
        if g is None or g.shape != d.shape:
            wrong.append(name)
        elif not np.allclose(g, d, rtol=tolerance, atol=tolerance):
            wrong.append(name)
    return wrong
