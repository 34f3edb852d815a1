import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from lrcourse import schedules, theory
from lrcourse.optimizers import SGD
from lrcourse.problems import Quadratic
from lrcourse.training import descend

CHAINS = 40_000  # a mean square over them is good to 0.7 percent


def simulated_loss(rule, schedule, curvature, noise, start, steps, seed):
    """Return the mean loss of many noisy runs, after each of the steps."""
    rng = np.random.default_rng(seed)
    w = np.full(CHAINS, float(start))
    state, losses = rule.init(w), []
    for step in range(steps):
        losses.append(curvature * np.mean(w**2) / 2)
        grad = curvature * w + noise * rng.normal(size=CHAINS)
        w, state = rule.step(w, grad, state, schedule(step))
    return [*losses, curvature * np.mean(w**2) / 2]


def stationary_loss(lr, momentum, curvature, noise):
    """Return the loss at which the covariance of weight and velocity stays."""
    push = np.array([[curvature, momentum]])  # velocity <- curvature * w + ...
    turn = np.vstack([[1, 0] - lr * push, push])
    kick = noise * np.array([-lr, 1.0])
    square = np.linalg.solve(
        np.eye(4) - np.kron(turn, turn), np.outer(kick, kick).ravel()
    )
    return curvature * square[0] / 2


@pytest.mark.parametrize("lr", [0.02, 0.25, 0.75])
def test_many_noisy_runs_stay_at_the_floor(lr):
    steps = round(10 / lr)
    losses = simulated_loss(SGD(), schedules.constant(lr), 2.0, 3.0, 0.0, steps, seed=1)
    assert losses[-1] == pytest.approx(theory.noise_floor(lr, 2.0, 3.0), rel=0.03)


def test_many_noisy_runs_with_momentum_stay_at_the_floor():
    losses = simulated_loss(
        SGD(momentum=0.8), schedules.constant(0.6), 2.0, 3.0, 0.0, 300, seed=2
    )
    floor = theory.momentum_noise_floor(0.6, 0.8, 2.0, 3.0)
    assert losses[-1] == pytest.approx(floor, rel=0.03)


@given(st.floats(0.01, 0.99), st.floats(0, 0.95), st.floats(0.1, 10))
def test_the_floor_is_where_the_covariance_stays(share, momentum, curvature):
    lr = share * 2 * (1 + momentum) / curvature
    floor = theory.momentum_noise_floor(lr, momentum, curvature, noise=1.5)
    assert floor == pytest.approx(
        stationary_loss(lr, momentum, curvature, 1.5), rel=1e-8
    )
    if share * (1 + momentum) < 1:
        plain = stationary_loss(lr, 0.0, curvature, 1.5)
        assert theory.noise_floor(lr, curvature, 1.5) == pytest.approx(plain, rel=1e-8)


def test_for_small_rates_momentum_is_a_larger_rate():
    with_momentum = theory.momentum_noise_floor(1e-4, 0.9, curvature=2.0, noise=3.0)
    effective = theory.effective_lr(1e-4, momentum=0.9)
    plain = theory.noise_floor(effective, curvature=2.0, noise=3.0)
    assert with_momentum == pytest.approx(plain, rel=2e-3)


@given(st.floats(1e-3, 1.9), st.floats(0.1, 10))
def test_the_rate_for_a_floor_has_that_floor(share, noise):
    floor = theory.noise_floor(share / 4, curvature=4.0, noise=noise)
    lr = theory.lr_for_noise_floor(floor, curvature=4.0, noise=noise)
    assert lr == pytest.approx(share / 4, rel=1e-9)


@pytest.mark.parametrize(
    "schedule",
    [
        schedules.multi_step(0.4, gamma=0.1, milestones=[30]),
        schedules.cosine(0.8, total_steps=60),
        schedules.inverse_time(0.6, k=0.2),
    ],
)
def test_many_noisy_runs_follow_the_expected_loss(schedule):
    losses = simulated_loss(SGD(), schedule, 2.0, 1.0, start=3.0, steps=60, seed=3)
    expected = theory.expected_loss(schedule, 2.0, noise=1.0, start=3.0, steps=60)
    assert losses == pytest.approx(expected, rel=0.04)


def test_without_noise_the_expected_loss_is_that_of_the_run():
    bowl, schedule = Quadratic(np.array([1.0, 5.0])), schedules.cosine(0.3, 20)
    run = descend(bowl, SGD(), schedule, [2.0, -1.0], steps=20)
    expected = theory.expected_loss(schedule, bowl.eigenvalues, 0.0, [2.0, -1.0], 20)
    assert expected == pytest.approx(run.losses, rel=1e-12)


def test_after_a_cut_the_loss_relaxes_to_the_lower_floor():
    schedule = schedules.multi_step(0.1, gamma=0.1, milestones=[300])
    losses = theory.expected_loss(schedule, 1.0, noise=1.0, start=0.0, steps=3000)
    high, low = (theory.noise_floor(lr, 1.0, 1.0) for lr in (0.1, 0.01))
    assert losses[300] == pytest.approx(high, rel=1e-9)
    assert losses[3000] == pytest.approx(low, rel=1e-9)
    assert 10 < high / low < 11
    later = 300 + round(theory.relaxation_steps(0.01, curvature=1.0))
    share = (losses[later] - low) / (high - low)
    assert share == pytest.approx(1 / math.e, rel=0.01)


BOWLS = st.integers(1, 4).flatmap(
    lambda n: st.tuples(
        st.lists(st.floats(1e-2, 1), min_size=n, max_size=n),
        st.lists(st.just(0.0) | st.floats(1e-3, 1), min_size=n, max_size=n),
        st.lists(st.floats(-3, 3), min_size=n, max_size=n),
    )
)


@given(BOWLS, st.floats(1e-2, 1.99), st.floats(1e-3, 3))
def test_the_steps_to_a_loss_are_those_at_which_the_expected_loss_is_there(
    bowl, lr, goal
):
    losses = theory.expected_loss(schedules.constant(lr), *bowl, steps=300)
    # a loss that comes as near as rounding would be there in one count only
    assume(np.abs(losses / goal - 1).min() > 1e-9)
    there = np.flatnonzero(losses <= goal)
    steps = theory.steps_to_loss(goal, lr, *bowl)
    if there.size:
        assert steps == there[0]
        assert isinstance(steps, int)
    else:
        assert steps > 300


def test_a_loss_that_dips_below_and_comes_back_is_there_at_its_first_dip():
    # the steep direction falls at once, the flat one begins at zero and takes in noise
    bowl = ([1.0, 0.01], [0.0, 1.0], [2.0, 0.0])
    losses = theory.expected_loss(schedules.constant(0.5), *bowl, steps=2000)
    bottom = int(losses.argmin())
    assert 1 < bottom < 30
    assert losses[-1] > 1.5 * losses[bottom]
    goal = float(losses[bottom]) * 1.01
    assert theory.steps_to_loss(goal, 0.5, *bowl) == np.flatnonzero(losses <= goal)[0]
    assert theory.steps_to_loss(0.9 * losses[bottom], 0.5, *bowl) == math.inf


def test_a_loss_hit_exactly_counts_and_the_floor_itself_is_never_reached():
    steps = theory.steps_to_loss(2.0**-41, 0.5, 1.0, noise=0.0, start=1.0)
    assert steps == 20  # a half of 0.25 ** 20
    floor = theory.noise_floor(0.5, 1.0, 1.0)
    assert theory.steps_to_loss(floor * (1 - 1e-9), 0.5, 1.0, 1.0, 9.0) == math.inf
    assert theory.steps_to_loss(40.5, 0.5, 1.0, 1.0, 9.0) == 0


def test_a_rate_too_small_to_change_one_has_its_time_too():
    steps = theory.steps_to_loss(0.5 * math.exp(-2), 1e-17, 1.0, noise=0.0, start=1.0)
    assert steps == pytest.approx(1e17, rel=1e-9)


@pytest.mark.parametrize(
    ("batch_size", "steps"),
    [(1, 3957), (4, 1000), (16, 261), (64, 77), (256, 31), (1024, 19), (4096, 16)],
)
def test_the_batch_that_is_large_enough_is_a_bend_in_the_steps(batch_size, steps):
    """Twenty directions, noise of the variance of their curvature, to one percent."""
    curvature = np.geomspace(0.01, 1, 20)
    noise = np.sqrt(curvature / batch_size)
    goal = float(curvature.sum()) / 200
    lrs = np.geomspace(1e-4, 1.99, 400)
    if batch_size < 16:  # the best of them, to save the test's time
        lrs = lrs[(lrs > 1e-3) & (lrs < 1e-1)]
    bowl = curvature, noise, 1.0
    best = min(theory.steps_to_loss(goal, lr, *bowl) for lr in lrs.tolist())
    assert best == steps


@pytest.mark.parametrize(
    ("formula", "arguments", "reason"),
    [
        (theory.steps_to_loss, (0.0, 0.1, 1, 1, 1), "loss"),
        (theory.steps_to_loss, (1.0, 0.0, 1, 1, 1), "lr"),
        (theory.steps_to_loss, (1.0, 1.0, [1, 2], 1, 1), "below 2, got 2"),
        (theory.steps_to_loss, (1.0, 0.1, [1, 2], [1, 1, 1], 1), "as many in each"),
        (theory.steps_to_loss, (1.0, 0.1, 1, 1, math.inf), "start"),
        (theory.steps_to_loss, (1.0, 0.1, [], 1, 1), "curvature"),
        (theory.expected_loss, (schedules.constant(1), [[1]], 1, 1, 5), "curvature"),
        (theory.noise_floor, (1.0, 2.0, 1.0), "below 2, got 2"),
        (theory.noise_floor, (0.0, 2.0, 1.0), "lr"),
        (theory.noise_floor, (0.1, 2.0, -1.0), "noise"),
        (theory.momentum_noise_floor, (1.5, 0.5, 2.0, 1.0), "below 3, got 3"),
        (theory.momentum_noise_floor, (0.1, 1.0, 2.0, 1.0), "momentum"),
        (theory.lr_for_noise_floor, (0.0, 1.0, 1.0), "floor"),
        (theory.expected_loss, (schedules.constant(1), 0, 1, 1, 5), "curvature"),
        (theory.expected_loss, (schedules.constant(1), 1, [1, -1], 1, 5), "noise"),
        (theory.expected_loss, (schedules.constant(1), 1, 1, 1, -5), "steps"),
        (theory.relaxation_steps, (0.5, 2.0), "lr"),
    ],
)
def test_settings_outside_the_formula_are_refused(formula, arguments, reason):
    with pytest.raises(ValueError, match=reason):
        formula(*arguments)
