"""check_gradient, chapter 02: The check."""

import numpy as np
import pytest

from lrcourse.grading import Curve, Edit, Mistakes, close

from .exercise import array

HINTS = [
    "Move one number up by h and down by h, and leave all others where they are.",
    "np.ndindex(w.shape) yields the place of every number of an array.",
    "Put all slopes into one long list, all claims into another, in the same order.",
]


def square(params):
    return float(np.sum(params["w"] ** 2))


def product(params):
    return float(params["a"][0] * params["b"][0])


def cube(params):
    return float(np.sum(params["w"] ** 3))


CURVE = Curve(
    np.linspace(0, 12, 24),
    call=lambda answer, claim: answer(square, {"w": array(3.0)}, {"w": array(claim)}),
    expected=lambda claim: abs(claim - 6) / (claim + 6),
    xlabel="gradient claimed for w², at w = 3",
    ylabel="relative error",
)


def test_a_claim_of_twice_the_slope_is_a_third_off(check_gradient):
    error = check_gradient(square, {"w": array(3.0)}, {"w": array(12.0)})
    assert close(error, 1 / 3, rtol=1e-6), "the slope is 6: (12 - 6) / (12 + 6)"


def test_the_right_claim_has_no_error(check_gradient):
    params = {"w": array(3.0, -1.0)}
    error = check_gradient(square, params, {"w": array(6.0, -2.0)})
    assert close(error, 0.0, atol=1e-8), "the slopes of w² at 3 and -1 are 6 and -2"
    error = check_gradient(square, params, {"w": array(24.0, -8.0)})
    assert close(error, 0.6, rtol=1e-6), "four times the slopes: 3 / (4 + 1)"


def test_a_missing_gradient_is_an_error_of_one(check_gradient):
    error = check_gradient(square, {"w": array(3.0)}, {"w": array(0.0)})
    assert close(error, 1.0, rtol=1e-6), "(6 - 0) / (0 + 6)"
    error = check_gradient(square, {"w": array(3.0, 4.0)}, {"w": array(6.0, 0.0)})
    assert close(error, 0.5, rtol=1e-6), "slopes 6 and 8, of length 10: 8 / (6 + 10)"


def test_an_opposite_is_an_error_of_one_too(check_gradient):
    error = check_gradient(square, {"w": array(3.0)}, {"w": array(-6.0)})
    assert close(error, 1.0, rtol=1e-6), "lengths of 6 and 6, and 12 apart"
    error = check_gradient(square, {"w": array(3.0, 4.0)}, {"w": array(6.0, -8.0)})
    assert close(error, 0.8, rtol=1e-6), "lengths of 10 and 10, and 16 apart"


def test_every_number_is_moved_by_itself(check_gradient):
    params = {"w": array([3.0, 0.0], [0.0, 4.0])}
    error = check_gradient(square, params, {"w": array([6.0, 0.0], [0.0, 0.0])})
    assert close(error, 0.5, rtol=1e-6), (
        "slopes 6, 0, 0, 8, of length 10; claimed is 6, of length 6; they are 8 apart"
    )


def test_all_arrays_count_as_one_vector(check_gradient):
    params = {"a": array(12.0), "b": array(5.0)}
    error = check_gradient(product, params, {"a": array(0.0), "b": array(12.0)})
    assert close(error, 0.2, rtol=1e-6), (
        "the slopes are 5 and 12, of length 13; claimed are 0 and 12; they are 5 apart"
    )


def test_a_distance_is_no_largest_number(check_gradient):
    error = check_gradient(square, {"w": array(3.0, 4.0)}, {"w": array(0.0, 0.0)})
    assert close(error, 1.0, rtol=1e-6), "slopes 6 and 8, of length 10, and no claim"
    error = check_gradient(square, {"w": array(3.0, 4.0)}, {"w": array(12.0, 16.0)})
    assert close(error, 1 / 3, rtol=1e-6), "lengths of 20 and 10, and 10 apart"


def test_small_gradients_count_as_large_ones_do(check_gradient):
    def small(params):
        return 1e-6 * square(params)

    error = check_gradient(small, {"w": array(3.0)}, {"w": array(12e-6)})
    assert close(error, 1 / 3, rtol=1e-6), (
        "the slope is 6e-6 and the claim 12e-6: a third off, small as they are"
    )


def test_the_difference_is_central(check_gradient):
    params, claimed = {"w": array(1.0)}, {"w": array(3.0)}
    error = check_gradient(cube, params, claimed, h=0.1)
    assert close(error, 0.01 / 6.01, rtol=1e-6), (
        "(1.1³ - 0.9³) / 0.2 = 3.01: up and down, over twice h"
    )


def test_the_step_is_h(check_gradient):
    error = check_gradient(cube, {"w": array(1.0)}, {"w": array(3.0)}, h=0.5)
    assert close(error, 0.25 / 6.25, rtol=1e-6), "(1.5³ - 0.5³) / 1 = 3.25"


def test_the_check_changes_nothing(check_gradient):
    params, claimed = {"w": array(3.0, 1.0)}, {"w": array(30.0, 10.0)}
    error = check_gradient(square, params, claimed)
    assert close(error, 2 / 3, rtol=1e-6), "five times the slopes: 4 / (5 + 1)"
    assert close(params, {"w": array(3.0, 1.0)}), (
        "after the check every number stands where it stood"
    )
    assert close(claimed, {"w": array(30.0, 10.0)}), "the gradients are not yours"


@pytest.mark.points(2)
def test_random_losses_are_checked_to_the_last_number(check_gradient, rng):
    for _ in range(4):
        shapes = {"W1": (3, 2), "b1": (1, 2), "W2": (2, 1)}
        weight = {name: rng.normal(size=shape) for name, shape in shapes.items()}
        params = {name: rng.normal(size=shape) for name, shape in shapes.items()}
        grads = {name: 3 * weight[name] * params[name] ** 2 for name in shapes}
        claimed = {
            name: grad + rng.normal(0, 0.3, grad.shape) for name, grad in grads.items()
        }

        def loss(moved, weight=weight):
            return float(sum(np.sum(weight[name] * moved[name] ** 3) for name in moved))

        flat = [
            np.concatenate([of[n].ravel() for n in shapes]) for of in (claimed, grads)
        ]
        apart = np.linalg.norm(flat[0] - flat[1])
        expected = apart / (np.linalg.norm(flat[0]) + np.linalg.norm(flat[1]))
        error = check_gradient(loss, params, claimed)
        assert close(error, float(expected), rtol=1e-5), (
            "ten numbers in three arrays: one vector of claims, one of slopes"
        )


MISTAKES = Mistakes(
    see="The check",
    takes_a_forward_difference=Edit(
        "Your difference goes one way only: its error is h / 2 times the curvature. Go "
        "down by h, too, and divide by 2h.",
        {
            "down = loss({**params, name: w - nudge})": "down = loss(params)",
            "(2 * h)": "h",
        },
        see="How small is h?",
    ),
    forgets_the_two=Edit(
        "You divide by h: from w - h to w + h it is 2h, so your slopes are twice the "
        "true ones.",
        {"(2 * h)": "h"},
    ),
    measures_an_absolute_error=Edit(
        "Your error is absolute: 1e-6 is small beside a gradient of 1, not beside one "
        "of 1e-7. Divide by the lengths of both.",
        {" / (np.linalg.norm(claimed) + np.linalg.norm(slopes))": ""},
    ),
    divides_by_one_length=Edit(
        "You divide by the length of the slopes alone: with both lengths a zero and an "
        "opposite have an error of 1, and no zero stands below.",
        {"np.linalg.norm(claimed) + np.linalg.norm(slopes)": "np.linalg.norm(slopes)"},
    ),
    nudges_all_at_once=Edit(
        "You move all numbers of an array at once: that gives the sum of their slopes. "
        "Move one, and leave the others.",
        {"nudge[place] = h": "nudge[...] = h"},
    ),
    ignores_h=Edit(
        "You use a step of your own instead of `h`.",
        {"nudge[place] = h": "nudge[place] = h = 1e-5"},
        see="How small is h?",
    ),
    makes_h_tiny=Edit(
        "Your h is too small: the difference of two nearly equal losses is rounding.",
        {"nudge[place] = h": "nudge[place] = h = 1e-15"},
        see="How small is h?",
    ),
    looks_at_the_largest_error=Edit(
        "You compare the largest numbers only: all of them count, as one vector.",
        {
            "apart = np.linalg.norm(np.subtract(claimed, slopes))": "apart = np.max("
            "np.abs(np.subtract(claimed, slopes)))"
        },
    ),
    checks_the_first_array_only=Edit(
        "You check the first array only: is the end inside the loop?",
        {"in params.items()": "in list(params.items())[:1]"},
        see="Whose gradient is off",
    ),
    compares_lengths=Edit(
        "You compare the lengths of the two gradients: an opposite is as long. Take "
        "the length of their difference.",
        {
            "apart = np.linalg.norm(np.subtract(claimed, slopes))": "apart = abs("
            "np.linalg.norm(claimed) - np.linalg.norm(slopes))"
        },
    ),
    divides_by_the_length_of_the_sum=Edit(
        "You divide by the length of the sum: add the two lengths, so that an "
        "opposite has an error of 1 and not of something over zero.",
        {
            "(np.linalg.norm(claimed) + np.linalg.norm(slopes))": (
                "np.linalg.norm(np.add(claimed, slopes))"
            ),
        },
    ),
    forgets_the_roots=Edit(
        "You compare sums of squares: a length is the root of one.",
        {
            "np.linalg.norm(np.subtract(claimed, slopes))": (
                "np.linalg.norm(np.subtract(claimed, slopes)) ** 2"
            ),
            "np.linalg.norm(claimed) + np.linalg.norm(slopes)": (
                "np.linalg.norm(claimed) ** 2 + np.linalg.norm(slopes) ** 2"
            ),
        },
    ),
)


@MISTAKES.written_out()
def leaves_its_nudges_behind(loss, params, grads, h=1e-5):
    """You move the numbers of the arrays that you were given: whoever holds them finds
    them elsewhere. Make a moved copy for each of the two losses."""
    slopes, claimed = [], []
    for name, w in params.items():
        for place in np.ndindex(w.shape):
            w[place] += h
            up = loss(params)
            w[place] -= 2 * h
            down = loss(params)
            slopes.append((up - down) / (2 * h))
            claimed.append(grads[name][place])
    d, g = np.array(slopes), np.array(claimed)
    return float(np.linalg.norm(g - d) / (np.linalg.norm(g) + np.linalg.norm(d)))


EQUIVALENT = {
    "apart = np.linalg.norm(np.subtract(slopes, claimed))": "the length of a "
    "difference is the same from either end",
}


@MISTAKES.written_out()
def averages_the_errors(loss, params, grads, h=1e-5):
    """You take the mean of the arrays' own errors: all numbers count as one vector, so
    that a long array counts more."""
    errors = []
    for name, w in params.items():
        d = np.zeros(w.shape)
        for place in np.ndindex(w.shape):
            nudge = np.zeros(w.shape)
            nudge[place] = h
            up = loss({**params, name: w + nudge})
            d[place] = (up - loss({**params, name: w - nudge})) / (2 * h)
        length = np.linalg.norm(grads[name]) + np.linalg.norm(d)
        errors.append(np.linalg.norm(grads[name] - d) / length)
    return np.mean(errors)


@MISTAKES.written_out()
def copies_the_dict_alone(loss, params, grads, h=1e-5):
    """You copy the dict and not the arrays in it: both copies hold the same array, and
    it stays moved. Copy each array."""
    slopes, claimed = [], []
    for name, w in params.items():
        for place in np.ndindex(w.shape):
            w[place] += h
            up = loss(params)
            w[place] -= h
            slopes.append((up - loss(params)) / (2 * h))
            claimed.append(grads[name][place])
    d, g = np.array(slopes), np.array(claimed)
    return float(np.linalg.norm(g - d) / (np.linalg.norm(g) + np.linalg.norm(d)))
