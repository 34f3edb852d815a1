"""Checks for chapter 1, what one number does."""

import math

import numpy as np
import pytest

from lrcourse import theory
from lrcourse.grading import AnswerRaised, Curve, close

FORBIDDEN = (
    "lrcourse.theory",
    "lrcourse.problems",
    "lrcourse.optimizers",
    "lrcourse.training",
    "lrcourse.schedules",
)

HINTS = {
    "gradient_step": [
        "Which names do the two dicts share, and which of the two must be complete?",
        "Make a new dict. Subtracting makes a new array by itself; -= does not.",
        "Each new value is the old one minus lr times the gradient of the same name.",
    ],
    "max_stable_lr": [
        "One step multiplies the distance along a direction by 1 - lr * curvature.",
        "The factor must lie between -1 and 1. Which direction breaks that first?",
        "The curvatures are the eigenvalues of the Hessian: np.linalg.eigvalsh.",
        "Set 1 - lr * curvature to -1 for the largest curvature and solve for lr.",
    ],
    "best_constant_lr": [
        "Draw abs(1 - lr * curvature) against lr, for a small and a large curvature.",
        "The larger of the two is smallest where the two lines cross.",
        "Where they cross, one factor is minus the other. Solve for lr.",
    ],
    "steps_to_tolerance": [
        "What is w after one step, after two, after n?",
        "Every step multiplies w by 1 - lr * curvature. Its sign does not matter.",
        "Solve factor ** n * distance = tolerance for n with two logarithms.",
        "n must be whole, and a start within the tolerance needs no step.",
    ],
    "classify_run": [
        "Put the four questions in the order of the rule and return at the first yes.",
        "np.isfinite finds nan and infinity; no comparison does.",
        "np.diff gives the change of every update: how many of them are above zero?",
    ],
}


def _run_in_valley(gradient_step, steps):
    params = {"w": np.array([1.0])}
    for _ in range(steps):
        params = gradient_step(params, {"w": 2 * params["w"]}, lr=0.1)
    return float(params["w"][0])


CURVES = {
    "gradient_step": Curve(
        x=range(0, 21),
        call=_run_in_valley,
        expected=lambda step: 0.8**step,
        ylabel="w, on the loss w ** 2",
    ),
    "steps_to_tolerance": Curve(
        x=[share / 50 for share in range(2, 50)],
        call=lambda steps_to_tolerance, lr: steps_to_tolerance(lr, 1.0, 100.0, 1.0),
        expected=lambda lr: theory.steps_to_tolerance(lr, 1.0, 100.0, 1.0),
        xlabel="learning rate",
        ylabel="steps from 100 to 1",
    ),
}


# gradient_step


def test_a_parameter_moves_by_lr_times_its_gradient(gradient_step):
    after = gradient_step({"W1": np.array([1.0])}, {"W1": np.array([2.0])}, lr=0.1)
    assert close(after, {"W1": np.array([0.8])}), (
        "from 1, against a gradient of 2, with lr 0.1: which way, and how far?"
    )


def test_every_parameter_takes_the_step(gradient_step):
    params = {"W1": np.array([[1.0, 2.0]]), "b1": np.array([0.5])}
    grads = {"b1": np.array([-1.0]), "W1": np.array([[1.0, -4.0]])}
    after = gradient_step(params, grads, lr=0.5)
    assert close(after, {"W1": np.array([[0.5, 4.0]]), "b1": np.array([1.0])}), (
        "weights and biases alike, each with the gradient of its own name"
    )


def test_the_arrays_it_was_given_are_left_alone(gradient_step):
    params = {"W1": np.array([1.0, 2.0])}
    grads = {"W1": np.array([1.0, 1.0])}
    after = gradient_step(params, grads, lr=0.5)
    assert close(after, {"W1": np.array([0.5, 1.5])}), "half of 1 off each of the two"
    assert close(params, {"W1": np.array([1.0, 2.0])}), (
        "somebody may still need the parameters from before the step"
    )
    assert close(grads, {"W1": np.array([1.0, 1.0])}), "the gradients are not yours"


def test_a_missing_gradient_is_a_key_error(gradient_step):
    params = {"W1": np.array([1.0]), "W2": np.array([1.0])}
    raised = _exception(gradient_step, params, {"W2": np.array([1.0])}, lr=0.1)
    assert raised == "KeyError", (
        "W1 has no gradient: what would happen to that layer if nobody complained?"
    )


def test_a_gradient_without_a_parameter_is_ignored(gradient_step):
    grads = {"W1": np.array([1.0]), "W9": np.array([1.0])}
    after = gradient_step({"W1": np.array([1.0])}, grads, lr=0.5)
    assert close(after, {"W1": np.array([0.5])}), "the result has the names of params"


@pytest.mark.points(2)
def test_random_networks_take_the_step(gradient_step, rng):
    for _ in range(20):
        shapes = {"W1": (3, 2), "b1": (3, 1), "W2": (1, 3), "scale": (2,)}
        params = {name: rng.normal(size=shape) for name, shape in shapes.items()}
        grads = {name: rng.normal(size=shape) for name, shape in shapes.items()}
        before = {name: value.copy() for name, value in params.items()}
        lr = float(10 ** rng.uniform(-4, 0))
        expected = {name: before[name] - lr * grads[name] for name in shapes}
        assert close(gradient_step(params, grads, lr), expected, atol=1e-12), (
            "any shapes, any names: each value against its own gradient"
        )
        assert close(params, before), "the parameters from before must survive"


# max_stable_lr


def test_one_direction_is_stable_below_two_over_its_curvature(max_stable_lr):
    assert close(max_stable_lr(np.array([[4.0]])), 0.5), (
        "at which lr does 1 - lr * 4 throw w to the other side, just as far out?"
    )


def test_the_steepest_direction_sets_the_limit(max_stable_lr):
    assert close(max_stable_lr(np.diag([1.0, 4.0])), 0.5), (
        "curvatures 1 and 4: which of the two diverges first?"
    )


def test_the_order_of_the_directions_does_not_matter(max_stable_lr):
    assert close(max_stable_lr(np.diag([4.0, 1.0])), 0.5), (
        "curvatures 4 and 1, in this order: the bowl is the same"
    )


def test_a_bowl_across_the_coordinates_has_the_limit_of_its_own_directions(
    max_stable_lr,
):
    hessian = np.array([[5.0, 2.0], [2.0, 2.0]])
    assert close(max_stable_lr(hessian), 1 / 3), (
        "this bowl has the curvatures 1 and 6, along directions across the coordinates"
    )


@pytest.mark.points(2)
def test_random_bowls_are_stable_below_and_not_above(max_stable_lr, rng):
    for _ in range(20):
        hessian = _random_hessian(rng)
        expected = theory.max_stable_lr(hessian)  # before an answer can touch it
        assert close(max_stable_lr(hessian), expected, rtol=1e-7), (
            "0.98 times your answer must converge in this bowl, 1.02 times diverge"
        )


# best_constant_lr


def test_one_direction_can_arrive_in_one_step(best_constant_lr):
    assert close(best_constant_lr(np.array([[4.0]])), 0.25), (
        "with which lr is the factor 1 - lr * 4 zero?"
    )


def test_two_directions_shrink_equally_fast(best_constant_lr):
    assert close(best_constant_lr(np.diag([1.0, 4.0])), 0.4), (
        "curvatures 1 and 4: their factors should be 0.6 and -0.6"
    )


def test_directions_in_between_do_not_count(best_constant_lr):
    assert close(best_constant_lr(np.diag([1.0, 2.0, 9.0])), 0.2), (
        "curvatures 1, 2 and 9: which of them can ever be the slowest?"
    )


def test_a_bowl_across_the_coordinates_has_the_best_rate_of_its_own_directions(
    best_constant_lr,
):
    hessian = np.array([[2.0, 1.0, 0.0], [1.0, 2.0, 0.0], [0.0, 0.0, 7.0]])
    assert close(best_constant_lr(hessian), 0.25), (
        "this bowl has the curvatures 1, 3 and 7: the smallest is not on the diagonal"
    )


@pytest.mark.points(2)
def test_random_bowls_get_their_best_rate(best_constant_lr, rng):
    for _ in range(20):
        hessian = _random_hessian(rng)
        expected = theory.best_constant_lr(hessian)
        assert close(best_constant_lr(hessian), expected, rtol=1e-7), (
            "flattest and steepest direction should shrink by the same factor"
        )


# steps_to_tolerance


def test_from_8_to_1_by_halves_takes_3_steps(steps_to_tolerance):
    steps = steps_to_tolerance(lr=0.5, curvature=1.0, start=8.0, tolerance=1.0)
    assert close(steps, 3), "8, 4, 2, 1: landing on the tolerance is close enough"


def test_from_10_below_1_by_halves_takes_4_steps(steps_to_tolerance):
    steps = steps_to_tolerance(lr=0.5, curvature=1.0, start=10.0, tolerance=1.0)
    assert close(steps, 4), "10, 5, 2.5, 1.25, 0.625: after which step is it below 1?"


def test_from_15_below_1_by_halves_takes_4_steps(steps_to_tolerance):
    steps = steps_to_tolerance(lr=0.5, curvature=1.0, start=15.0, tolerance=1.0)
    assert close(steps, 4), "15, 7.5, 3.75, 1.875, 0.9375: how many steps are these?"


def test_the_curvature_counts_as_much_as_the_rate(steps_to_tolerance):
    steps = steps_to_tolerance(lr=0.125, curvature=4.0, start=10.0, tolerance=1.0)
    assert close(steps, 4), "the gradient is 4 * w, so each step halves w here too"


def test_the_other_side_of_the_minimum_is_just_as_far(steps_to_tolerance):
    steps = steps_to_tolerance(lr=0.5, curvature=1.0, start=-10.0, tolerance=1.0)
    assert close(steps, 4), (
        "-10, -5, -2.5, -1.25, -0.625: it is the distance that counts"
    )


def test_a_start_within_the_tolerance_needs_no_step(steps_to_tolerance):
    steps = steps_to_tolerance(lr=0.5, curvature=1.0, start=-0.1, tolerance=1.0)
    assert close(steps, 0), "it is closer than 1 before the first step"


def test_a_start_in_the_minimum_needs_no_step(steps_to_tolerance):
    steps = steps_to_tolerance(lr=0.5, curvature=1.0, start=0.0, tolerance=1.0)
    assert close(steps, 0), "zero has no logarithm, and needs none"


def test_a_tenth_of_the_rate_takes_ten_times_as_long(steps_to_tolerance):
    fast = steps_to_tolerance(lr=0.01, curvature=1.0, start=100.0, tolerance=1.0)
    slow = steps_to_tolerance(lr=0.001, curvature=1.0, start=100.0, tolerance=1.0)
    assert close([fast, slow], [459, 4603]), (
        "0.99 ** n and 0.999 ** n: the first n with which 100 has become 1"
    )


@pytest.mark.points(2)
def test_random_runs_arrive_at_the_step_you_say(steps_to_tolerance, rng):
    for _ in range(20):
        curvature = float(10 ** rng.uniform(-1, 1))
        lr = float(rng.uniform(0.01, 0.8)) / curvature
        start = float(rng.choice([-1, 1]) * 10 ** rng.uniform(0, 2))
        # half a step from landing exactly, where rounding would decide
        arrival = int(rng.integers(-5, 40)) - 0.5
        tolerance = abs(start) * (1 - lr * curvature) ** arrival
        expected = theory.steps_to_tolerance(lr, curvature, start, tolerance)
        steps = steps_to_tolerance(lr, curvature, start, tolerance)
        assert close(steps, expected), "follow this run with a loop: when is it there?"


# classify_run


def test_a_run_that_ends_higher_is_diverging(classify_run):
    assert close(classify_run([1.0, 0.9, 1.5, 3.0]), "diverging"), (
        "the last loss, 3, is above the first, 1, although the first step fell"
    )


def test_a_run_that_halves_its_loss_is_good(classify_run):
    assert close(classify_run([8.0, 6.0, 5.0, 4.0]), "good"), (
        "4 is not above half of 8, and no update raised the loss"
    )


def test_a_run_that_loses_a_tenth_is_slow(classify_run):
    assert close(classify_run([10.0, 9.7, 9.3, 9.0]), "slow"), (
        "compare 9 with half of 10: what counts is the share"
    )


def test_a_small_loss_can_halve_too(classify_run):
    assert close(classify_run([0.4, 0.3, 0.1]), "good"), (
        "compare 0.1 with half of 0.4: what counts is the share"
    )


def test_a_run_that_goes_up_and_down_is_oscillating(classify_run):
    assert close(classify_run([4.0, 2.0, 3.0, 1.0, 2.0]), "oscillating"), (
        "two of the four updates raised the loss"
    )


def test_a_quarter_of_the_updates_is_enough_to_oscillate(classify_run):
    assert close(classify_run([8.0, 4.0, 5.0, 2.0, 1.0]), "oscillating"), (
        "five losses are four updates, and one of them went up"
    )


def test_one_bump_at_the_start_of_a_long_run_is_no_oscillation(classify_run):
    losses = [4.0, 6.0, 3.0, 2.0, 1.5, 1.0, 0.5]
    assert close(classify_run(losses), "good"), (
        "one update of six went up, the first one: look at the whole list"
    )


def test_a_run_that_oscillates_without_progress_is_not_called_slow(classify_run):
    assert close(classify_run([4.0, 2.0, 3.9, 2.0, 3.9]), "oscillating"), (
        "3.9 is above half of 4, but which question comes first?"
    )


def test_a_run_that_does_not_move_is_slow(classify_run):
    assert close(classify_run([2.0, 2.0, 2.0]), "slow"), (
        "equal losses are no rise, and 2 is not above 2"
    )


@pytest.mark.points(2)
def test_a_loss_that_is_no_number_is_diverging(classify_run):
    labels = [classify_run([1.0, math.nan]), classify_run([1.0, math.inf, 0.1])]
    assert close(labels, ["diverging", "diverging"]), (
        "is nan > 1? is nan < 1? and may a run recover from infinity?"
    )


@pytest.mark.points(2)
def test_random_runs_get_the_label_they_were_made_for(classify_run, rng):
    made_for = {
        "good": ((0.0, 0.24), (0.1, 0.49)),
        "slow": ((0.0, 0.24), (0.51, 0.99)),
        "oscillating": ((0.25, 0.6), (0.1, 0.99)),
        "diverging": ((0.25, 1.0), (1.01, 5.0)),
    }
    for label, (rises, last) in list(made_for.items()) * 6:
        losses = _random_losses(rng, rng.uniform(*rises), rng.uniform(*last))
        assert close(classify_run(losses), label), (
            "count the updates that went up, compare the last loss with the first, "
            "and ask in the order of the rule"
        )


def _exception(answer, *args, **kwargs):
    """Return the type of the exception that the call raises."""
    try:
        answer(*args, **kwargs)
    except AnswerRaised as error:
        return error.type
    return None


def _random_hessian(rng):
    """Return a bowl of two to five directions, turned away from the coordinates."""
    size = int(rng.integers(2, 6))
    turn, _ = np.linalg.qr(rng.normal(size=(size, size)))
    hessian = turn @ np.diag(10 ** rng.uniform(-1, 2, size)) @ turn.T
    return (hessian + hessian.T) / 2


def _random_losses(rng, rise_share, last_share):
    """Return losses of which `rise_share` of the updates rise, to `last_share`."""
    updates = int(rng.integers(8, 40))
    up = np.zeros(updates, dtype=bool)
    whole = math.ceil if rise_share >= 0.25 else math.floor
    up[rng.permutation(updates)[: whole(rise_share * updates)]] = True
    falls, rises = rng.uniform(0.1, 1, updates) * ~up, rng.uniform(0.1, 1, updates) * up
    total = math.log(last_share)
    if total > 0:
        falls *= 0.1
        rises *= (total + falls.sum()) / rises.sum()
    else:
        rises *= 0.1
        falls *= (rises.sum() - total) / falls.sum()
    logs = np.concatenate([[0.0], np.cumsum(rises - falls)])
    return [float(loss) for loss in 10 ** rng.uniform(-3, 2) * np.exp(logs)]
