"""Known mistakes of chapter 1. The checks must catch every one and call it by name."""

import math

import numpy as np

EQUIVALENT = {
    "steps_to_tolerance: lr, curvature = (curvature, lr)": "only their product counts",
    "steps_to_tolerance: if abs(start) < tolerance:": (
        "on the tolerance the logarithm is 0, and so is the number of steps"
    ),
}


def gradient_step__climbs(params, grads, lr):
    """You walk uphill: the gradient points to where the loss grows.

    See 01_one_number: The update rule
    """
    return {name: value + lr * grads[name] for name, value in params.items()}


def gradient_step__changes_what_it_was_given(params, grads, lr):
    """You write into what you were given, so the old parameters are gone: `-=` changes
    the array itself, and copying the dict does not copy the arrays in it.

    See 01_one_number: The update rule
    """
    for name in params:
        params[name] -= lr * grads[name]
    return params


def gradient_step__takes_a_missing_gradient_for_zero(params, grads, lr):
    """You take a missing gradient for zero: that layer will never train, and nothing
    will tell you.

    See 01_one_number: Pitfalls
    """
    return {name: value - lr * grads.get(name, 0.0) for name, value in params.items()}


def gradient_step__drops_what_has_no_gradient(params, grads, lr):
    """You go through the gradients, so a parameter without one is lost from the result.

    See 01_one_number: Pitfalls
    """
    return {name: params[name] - lr * grads[name] for name in grads if name in params}


def gradient_step__moves_the_weights_only(params, grads, lr):
    """You move the weights only: every parameter in the dict takes the step, biases
    too.

    See 01_one_number: The update rule
    """
    return {
        name: value - lr * grads[name] if name.startswith("W") else value
        for name, value in params.items()
    }


def gradient_step__returns_the_move(params, grads, lr):
    """You return the move alone: add it to where the parameters are.

    See 01_one_number: The update rule
    """
    return {name: -lr * grads[name] for name in params}


def max_stable_lr__stops_at_the_first_overshoot(hessian):
    """You stop where the first direction begins to overshoot: it still converges up to
    twice that.

    See 01_one_number: Three regimes
    """
    return 1 / np.linalg.eigvalsh(hessian).max()


def max_stable_lr__asks_the_flattest_direction(hessian):
    """You ask the flattest direction: the steepest one diverges long before.

    See 01_one_number: Sharpness and condition number
    """
    return 2 / np.linalg.eigvalsh(hessian).min()


def max_stable_lr__adds_the_curvatures_up(hessian):
    """You add up the curvatures of all directions: each direction has its own factor,
    so only the largest counts.

    See 01_one_number: Sharpness and condition number
    """
    return 2 / np.trace(hessian)


def max_stable_lr__takes_the_frobenius_norm(hessian):
    """You take the norm over all entries: it is larger than the largest curvature as
    soon as there are two.

    See 01_one_number: Sharpness and condition number
    """
    return 2 / np.linalg.norm(hessian)


def max_stable_lr__reads_the_diagonal(hessian):
    """You read the diagonal: it holds the curvature along the coordinates, and a bowl
    may lie across them.

    See 01_one_number: Sharpness and condition number
    """
    return 2 / np.diag(hessian).max()


def max_stable_lr__takes_the_last_eigenvalue(hessian):
    """You take the last eigenvalue in the list: `np.linalg.eigvals` does not sort them.

    See 01_one_number: Sharpness and condition number
    """
    return 2 / np.linalg.eigvals(hessian)[-1]


def best_constant_lr__looks_at_the_steepest_only(hessian):
    """You look at the steepest direction only: it arrives at once, and all others lag
    behind.

    See 01_one_number: The best constant rate
    """
    return 1 / np.linalg.eigvalsh(hessian).max()


def best_constant_lr__goes_to_the_limit(hessian):
    """You go to the edge of stability: there the steepest direction no longer shrinks
    at all.

    See 01_one_number: The best constant rate
    """
    return 2 / np.linalg.eigvalsh(hessian).max()


def best_constant_lr__is_half_of_it(hessian):
    """You are at half the best rate: the sum of two curvatures is twice their mean.

    See 01_one_number: The best constant rate
    """
    curvatures = np.linalg.eigvalsh(hessian)
    return 1 / (curvatures.min() + curvatures.max())


def best_constant_lr__averages_all_curvatures(hessian):
    """You count all directions: those between the flattest and the steepest change
    nothing.

    See 01_one_number: The best constant rate
    """
    return 1 / np.linalg.eigvalsh(hessian).mean()


def best_constant_lr__averages_the_two_best_rates(hessian):
    """You average the best rates of two directions: that is unstable where they differ
    much.

    See 01_one_number: The best constant rate
    """
    curvatures = np.linalg.eigvalsh(hessian)
    return (1 / curvatures.min() + 1 / curvatures.max()) / 2


def best_constant_lr__takes_the_geometric_mean(hessian):
    """You take the geometric mean of the two curvatures: their factors are not equal
    there.

    See 01_one_number: The best constant rate
    """
    curvatures = np.linalg.eigvalsh(hessian)
    return 1 / np.sqrt(curvatures.min() * curvatures.max())


def best_constant_lr__reads_the_diagonal(hessian):
    """You read the diagonal: it holds the curvature along the coordinates, and a bowl
    may lie across them.

    See 01_one_number: Sharpness and condition number
    """
    curvatures = np.diag(hessian)
    return 2 / (curvatures.min() + curvatures.max())


def steps_to_tolerance__rounds_down(lr, curvature, start, tolerance):
    """You round down: the last step, which brings the run within the tolerance, is
    missing.

    See 01_one_number: Slow, not stuck
    """
    if abs(start) <= tolerance:
        return 0
    return math.floor(math.log(tolerance / abs(start)) / math.log1p(-lr * curvature))


def steps_to_tolerance__rounds_to_the_nearest(lr, curvature, start, tolerance):
    """You round to the nearest number: part of a step is not enough, so the next whole
    one counts.

    See 01_one_number: Slow, not stuck
    """
    if abs(start) <= tolerance:
        return 0
    return round(math.log(tolerance / abs(start)) / math.log1p(-lr * curvature))


def steps_to_tolerance__takes_one_step_too_many(lr, curvature, start, tolerance):
    """You take one step too many where the run lands on the tolerance exactly: that
    counts as close enough.

    See 01_one_number: Slow, not stuck
    """
    if abs(start) < tolerance:
        return 0
    return 1 + math.floor(
        math.log(tolerance / abs(start)) / math.log1p(-lr * curvature)
    )


def steps_to_tolerance__forgets_the_curvature(lr, curvature, start, tolerance):
    """You leave out the curvature: the gradient of the bowl is curvature * w.

    See 01_one_number: Slow, not stuck
    """
    if abs(start) <= tolerance:
        return 0
    return math.ceil(math.log(tolerance / abs(start)) / math.log1p(-lr))


def steps_to_tolerance__lets_the_steps_flow(lr, curvature, start, tolerance):
    """You treat the run as smooth, w = exp(-lr * curvature * n): steps of a finite size
    shrink w faster.

    See 01_one_number: Slow, not stuck
    """
    if abs(start) <= tolerance:
        return 0
    return math.ceil(math.log(abs(start) / tolerance) / (lr * curvature))


def steps_to_tolerance__knows_one_side_only(lr, curvature, start, tolerance):
    """You forget the other side of the minimum: start may be negative, and its
    logarithm does not exist.

    See 01_one_number: Slow, not stuck
    """
    if 0 <= start <= tolerance:
        return 0
    return math.ceil(math.log(tolerance / start) / math.log1p(-lr * curvature))


def steps_to_tolerance__counts_backwards_from_inside(lr, curvature, start, tolerance):
    """You count backwards when the start is close enough already: the answer there is
    0.

    See 01_one_number: Slow, not stuck
    """
    if start == 0:
        return 0
    return math.ceil(math.log(tolerance / abs(start)) / math.log1p(-lr * curvature))


def classify_run__judges_the_first_step(losses):
    """You judge from the first step: a good run may begin with a rise, and a bad one
    with a fall.

    See 01_one_number: Three regimes
    """
    if not np.isfinite(losses).all() or losses[1] > losses[0]:
        return "diverging"
    if np.mean(np.diff(losses) > 0) >= 0.25:
        return "oscillating"
    return "slow" if losses[-1] > losses[0] / 2 else "good"


def classify_run__lets_nan_pass(losses):
    """You let nan pass: every comparison with nan is False, so it is never larger than
    anything.

    See 01_one_number: On a real network
    """
    if losses[-1] > losses[0]:
        return "diverging"
    if np.mean(np.diff(losses) > 0) >= 0.25:
        return "oscillating"
    return "slow" if losses[-1] > losses[0] / 2 else "good"


def classify_run__counts_any_rise(losses):
    """You call one rise an oscillation: it takes a quarter of the updates.

    See 01_one_number: Three regimes
    """
    if not np.isfinite(losses).all() or losses[-1] > losses[0]:
        return "diverging"
    if np.any(np.diff(losses) > 0):
        return "oscillating"
    return "slow" if losses[-1] > losses[0] / 2 else "good"


def classify_run__counts_losses_for_updates(losses):
    """You divide by the number of losses: there is one update fewer, and a quarter of
    them counts.

    See 01_one_number: Three regimes
    """
    if not np.isfinite(losses).all() or losses[-1] > losses[0]:
        return "diverging"
    if np.sum(np.diff(losses) > 0) / len(losses) >= 0.25:
        return "oscillating"
    return "slow" if losses[-1] > losses[0] / 2 else "good"


def classify_run__asks_for_slow_first(losses):
    """You ask whether the run is slow before you ask whether it oscillates: the order
    is part of the rule.

    See 01_one_number: Slow, not stuck
    """
    if not np.isfinite(losses).all() or losses[-1] > losses[0]:
        return "diverging"
    if losses[-1] > losses[0] / 2:
        return "slow"
    return "oscillating" if np.mean(np.diff(losses) > 0) >= 0.25 else "good"


def classify_run__measures_the_fall_in_loss_units(losses):
    """You compare the fall with one half: the last loss is compared with half of the
    first.

    See 01_one_number: Slow, not stuck
    """
    if not np.isfinite(losses).all() or losses[-1] > losses[0]:
        return "diverging"
    if np.mean(np.diff(losses) > 0) >= 0.25:
        return "oscillating"
    return "slow" if losses[0] - losses[-1] < 0.5 else "good"


def classify_run__looks_for_the_highest_loss(losses):
    """You look at the highest loss: a run that climbs and comes back has not diverged.

    See 01_one_number: What a larger rate can escape
    """
    if not np.isfinite(losses).all() or max(losses) > losses[0]:
        return "diverging"
    if np.mean(np.diff(losses) > 0) >= 0.25:
        return "oscillating"
    return "slow" if losses[-1] > losses[0] / 2 else "good"
