import numpy as np
import pytest

from lrcourse import schedules, theory
from lrcourse.optimizers import SGD
from lrcourse.problems import Quadratic
from lrcourse.training import descend

BOWL = Quadratic(np.array([1.0, 4.0, 25.0]))


def factor_per_step(lr, momentum):
    """Return the largest eigenvalue of heavy ball's update of two points in a row."""
    updates = [[[1 + momentum - lr * h, -momentum], [1, 0]] for h in BOWL.eigenvalues]
    return float(abs(np.linalg.eigvals(np.array(updates))).max())


@pytest.mark.parametrize("momentum", [0.0, 0.5, 0.9])
def test_heavy_ball_is_stable_below_its_limit_and_not_above(momentum):
    limit = theory.max_stable_lr_momentum(BOWL.hessian, momentum)
    assert factor_per_step(0.999 * limit, momentum) < 1
    assert factor_per_step(1.001 * limit, momentum) > 1
    for share, diverged in ((0.98, False), (1.02, True)):
        schedule = schedules.constant(share * limit)
        run = descend(BOWL, SGD(momentum=momentum), schedule, np.ones(3), steps=2000)
        assert run.diverged == diverged


def test_without_momentum_the_limit_is_that_of_gradient_descent():
    limit = theory.max_stable_lr_momentum(BOWL.hessian, momentum=0.0)
    assert limit == theory.max_stable_lr(BOWL.hessian)


def test_no_other_heavy_ball_is_faster_on_the_worst_direction():
    best = theory.heavy_ball_optimum(BOWL.hessian)
    # a double eigenvalue: its rounding error is the root of a number's
    found = factor_per_step(best.lr, best.momentum)
    assert found == pytest.approx(best.factor, abs=1e-6)
    for lr in best.lr * np.linspace(0.5, 1.5, 21):
        for momentum in np.clip(best.momentum * np.linspace(0.5, 1.5, 21), 0, 0.999):
            assert factor_per_step(lr, momentum) > best.factor - 1e-6
    assert best.factor < theory.best_constant_factor(BOWL.condition_number)


@pytest.mark.parametrize("momentum", [0.0, 0.3, 0.9])
def test_the_factor_of_heavy_ball_is_the_largest_eigenvalue_of_its_update(momentum):
    limit = theory.max_stable_lr_momentum(BOWL.hessian, momentum)
    lrs = limit * np.array([[0.01, 0.3], [0.9, 1.3]])
    factors = theory.heavy_ball_factor(BOWL.hessian, lrs, momentum)
    expected = [[factor_per_step(lr, momentum) for lr in row] for row in lrs]
    np.testing.assert_allclose(factors, expected, rtol=1e-12)
    assert theory.heavy_ball_factor(BOWL.hessian, limit, momentum) == pytest.approx(1)


def test_a_run_at_the_optimum_shrinks_by_the_factor():
    lr, momentum, factor = theory.heavy_ball_optimum(BOWL.hessian)
    run = descend(
        BOWL, SGD(momentum=momentum), schedules.constant(lr), np.ones(3), steps=60
    )
    distances = np.linalg.norm(run.weights, axis=1)
    # at a double eigenvalue the distance falls as step * factor**step
    measured = (distances[60] / 60 / (distances[30] / 30)) ** (1 / 30)
    assert measured == pytest.approx(factor, rel=0.01)


def test_a_round_bowl_needs_no_momentum_and_one_step():
    assert theory.heavy_ball_optimum([[2.0]]) == pytest.approx((0.5, 0.0, 0.0))


@pytest.mark.parametrize("momentum", [0.0, 0.5, 0.9])
def test_a_steady_gradient_moves_the_weights_at_the_effective_rate(momentum):
    rule, w, before = SGD(momentum=momentum), 0.0, 0.0
    velocity = rule.init(w)
    for _ in range(500):
        before = w
        w, velocity = rule.step(w, 3.0, velocity, 0.2)
    effective = theory.effective_lr(0.2, momentum)
    assert before - w == pytest.approx(effective * 3.0, rel=1e-9)


@pytest.mark.parametrize("momentum", [0.0, 0.5, 0.9])
@pytest.mark.parametrize("factor", [0.1, 0.5, 2.0])
def test_one_form_obeys_a_cut_at_once_and_the_other_coasts(momentum, factor):
    lrs = [0.2] * 500 + [0.2 * factor]
    pytorch, keras = pytorch_steps(lrs, momentum), keras_steps(lrs, momentum)
    assert pytorch[:500] == pytest.approx(keras[:500], rel=1e-12)
    after = theory.step_after_cut(factor, momentum)
    assert pytorch[500] / pytorch[499] == pytest.approx(after.pytorch, rel=1e-12)
    assert keras[500] / keras[499] == pytest.approx(after.keras, rel=1e-12)


def pytorch_steps(lrs, momentum, grad=3.0):
    rule, w, steps = SGD(momentum=momentum), 0.0, []
    velocity = rule.init(w)
    for lr in lrs:
        moved, velocity = rule.step(w, grad, velocity, lr)
        steps.append(moved - w)
        w = 0.0
    return steps


def keras_steps(lrs, momentum, grad=3.0):
    velocity, steps = 0.0, []
    for lr in lrs:
        velocity = momentum * velocity - lr * grad
        steps.append(velocity)
    return steps


@pytest.mark.parametrize(
    ("formula", "arguments", "reason"),
    [
        (theory.max_stable_lr_momentum, ([[1.0]], 1.0), "momentum"),
        (theory.max_stable_lr_momentum, ([[0.0]], 0.5), "positive"),
        (theory.heavy_ball_optimum, ([1.0, 2.0],), "square"),
        (theory.heavy_ball_factor, ([[1.0]], 0.1, 1.0), "momentum"),
        (theory.heavy_ball_factor, ([[1.0]], [0.1, -0.1], 0.5), "lr"),
        (theory.effective_lr, (0.0, 0.5), "lr"),
        (theory.effective_lr, (0.1, -0.5), "momentum"),
        (theory.step_after_cut, (0.0, 0.5), "factor"),
        (theory.step_after_cut, (0.1, 1.0), "momentum"),
    ],
)
def test_settings_outside_the_formula_are_refused(formula, arguments, reason):
    with pytest.raises(ValueError, match=reason):
        formula(*arguments)


@pytest.mark.parametrize("momentum", [0.0, 0.5, 0.9, 0.99])
def test_nesterov_is_stable_below_its_limit_and_not_above(momentum):
    limit = theory.max_stable_lr_momentum(BOWL.hessian, momentum, nesterov=True)
    h = BOWL.eigenvalues.max()
    for share, stable in ((0.999, True), (1.001, False)):
        shrink = 1 - share * limit * h
        roots = np.roots([1, -(1 + momentum) * shrink, momentum * shrink])
        assert (np.abs(roots).max() < 1) == stable
