import numpy as np
import pytest

from lrcourse import schedules, theory
from lrcourse.optimizers import SGD
from lrcourse.problems import Quadratic, TwoWells
from lrcourse.training import descend

BOWL = Quadratic(np.array([1.0, 10.0, 100.0]))
START = np.array([3.0, -2.0, 0.1])


@pytest.mark.parametrize("problem", [BOWL, TwoWells()])
@pytest.mark.parametrize("lr", [0.001, 0.015])
def test_the_hypergradient_is_the_slope_of_the_next_loss(problem, lr):
    def next_loss(lr):
        return problem.loss(START - lr * problem.grad(START))

    slope = (next_loss(lr + 1e-6) - next_loss(lr - 1e-6)) / 2e-6
    grad = problem.grad(START)
    found = theory.hypergradient(grad, problem.grad(START - lr * grad))
    assert found == pytest.approx(slope, rel=1e-6)


@pytest.mark.parametrize("lr", [0.0, 0.01, 0.05, 0.3])
def test_one_step_on_a_bowl_changes_the_loss_by_that_much(lr):
    run = descend(BOWL, SGD(), schedules.constant(lr), START, steps=1)
    change = theory.loss_change(lr, BOWL.grad(START), BOWL.hessian)
    assert run.losses[1] - run.losses[0] == pytest.approx(change, rel=1e-12, abs=1e-12)


def test_no_other_rate_lowers_the_loss_more_and_twice_the_best_lowers_it_not():
    def loss_after(lr):
        return BOWL.loss(START - lr * BOWL.grad(START))

    best = theory.best_step_lr(BOWL.grad(START), BOWL.hessian)
    assert loss_after(best) < min(loss_after(0.99 * best), loss_after(1.01 * best))
    assert loss_after(2 * best) == pytest.approx(BOWL.loss(START), rel=1e-12)


def test_where_the_gradient_lies_flat_the_best_step_is_beyond_the_stable_rate():
    best = theory.best_step_lr([1.0, 0.0, 0.0], BOWL.hessian)
    assert best == pytest.approx(1.0)
    assert best > 10 * theory.max_stable_lr(BOWL.hessian)


@pytest.mark.parametrize("seed", range(3))
def test_polyaks_rate_comes_closer_with_every_step_and_knows_no_curvature(seed):
    problem = Shifted(seed)
    w = np.zeros(4)
    distances = [np.linalg.norm(w - problem.minimum)]
    for _ in range(4000):
        grad = problem.grad(w)
        w = w - theory.polyak_lr(problem.loss(w), 5.0, grad) * grad
        distances.append(np.linalg.norm(w - problem.minimum))
    assert np.all(np.diff(distances) <= 1e-15)
    assert distances[-1] < 1e-9 * distances[0]


class Shifted:
    """The sum of a bowl and of a cone, both lowest at `minimum`, where the loss is 5.

    No constant rate converges on the cone: its gradients do not shrink.
    """

    def __init__(self, seed):
        rng = np.random.default_rng(seed)
        self.minimum = rng.normal(size=4)
        self.curvatures = 10.0 ** rng.uniform(-1, 1, size=4)

    def loss(self, w):
        away = w - self.minimum
        return 5.0 + 0.5 * self.curvatures @ away**2 + np.linalg.norm(away)

    def grad(self, w):
        away = w - self.minimum
        return self.curvatures * away + away / max(np.linalg.norm(away), 1e-300)


def test_at_the_minimum_polyaks_rate_is_zero():
    assert theory.polyak_lr(2.0, 2.0, [0.0, 0.0]) == 0.0


@pytest.mark.parametrize(
    ("formula", "arguments", "reason"),
    [
        (theory.hypergradient, ([1.0], [1.0, 2.0]), "one shape"),
        (theory.hypergradient, ([[1.0]], [[1.0]]), "grad"),
        (theory.loss_change, (-0.1, [1.0], [[1.0]]), "lr"),
        (theory.loss_change, (0.1, [1.0, 2.0], [[1.0]]), "hessian"),
        (theory.best_step_lr, ([1.0], [[-1.0]]), "positive"),
        (theory.best_step_lr, ([0.0], [[1.0]]), "positive"),
        (theory.best_step_lr, ([1.0, 1.0], [[1.0, 2.0], [0.0, 1.0]]), "symmetric"),
        (theory.polyak_lr, (1.0, 2.0, [1.0]), "min_loss"),
        (theory.polyak_lr, (2.0, 1.0, [0.0]), "grad is zero"),
        (theory.polyak_lr, (2.0, 1.0, [np.nan]), "grad"),
    ],
)
def test_settings_outside_the_formula_are_refused(formula, arguments, reason):
    with pytest.raises(ValueError, match=reason):
        formula(*arguments)
