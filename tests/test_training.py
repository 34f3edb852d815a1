import numpy as np
import pytest

from lrcourse.optimizers import SGD
from lrcourse.problems import Quadratic, TwoWells
from lrcourse.schedules import constant, cosine
from lrcourse.training import descend

BOWL = Quadratic(eigenvalues=np.array([1.0, 10.0]))
START = np.array([3.0, -2.0])


def test_a_run_keeps_all_that_was_seen():
    run = descend(BOWL, SGD(), constant(0.05), START, steps=7)
    assert run.weights.shape == (8, 2)
    assert run.losses.shape == (8,)
    assert run.lrs.shape == (7,)
    assert np.array_equal(run.weights[0], START)
    assert run.losses.tolist() == [BOWL.loss(w) for w in run.weights]


def test_every_update_uses_the_rate_of_its_own_step():
    schedule = cosine(max_lr=0.1, total_steps=5)
    run = descend(BOWL, SGD(), schedule, START, steps=5)
    assert run.lrs.tolist() == [schedule(step) for step in range(5)]
    for step, lr in enumerate(run.lrs):
        expected = (1 - lr * BOWL.eigenvalues) * run.weights[step]
        assert run.weights[step + 1] == pytest.approx(expected)


@pytest.mark.parametrize(("lr", "diverges"), [(0.199, False), (0.201, True)])
def test_gradient_descent_is_stable_below_two_over_sharpness(lr, diverges):
    run = descend(BOWL, SGD(), constant(lr), np.ones(2), steps=1000)
    assert run.diverged == diverges


@pytest.mark.parametrize("momentum", [0.5, 0.9])
def test_momentum_moves_the_limit_to_two_times_one_plus_beta_over_sharpness(momentum):
    limit = 2 * (1 + momentum) / BOWL.sharpness

    def run_at(share):
        lr = constant(share * limit)
        return descend(BOWL, SGD(momentum), lr, np.ones(2), steps=2000)

    assert run_at(0.99).losses[-1] < 1e-6
    assert run_at(1.01).diverged


@pytest.mark.parametrize("problem", [BOWL, TwoWells()])
@pytest.mark.parametrize("lr", [0.9, 1e3, 1e100, 1e300])
def test_a_lost_run_ends_early_and_in_silence(problem, lr):
    start = np.full(len(START) if problem is BOWL else 1, 3.0)
    run = descend(problem, SGD(), constant(lr), start, steps=10_000)
    assert run.diverged
    assert len(run.losses) == len(run.weights) == len(run.lrs) + 1 < 1000


def test_a_run_that_starts_at_the_minimum_stays_there():
    run = descend(BOWL, SGD(), constant(0.1), np.zeros(2), steps=5)
    assert not run.diverged
    assert np.array_equal(run.weights, np.zeros((6, 2)))


def test_a_run_of_no_steps_knows_its_start():
    run = descend(BOWL, SGD(), constant(0.1), START, steps=0)
    assert len(run.losses) == 1
    assert len(run.lrs) == 0
    assert not run.diverged
