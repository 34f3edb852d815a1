import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrcourse import schedules, theory
from lrcourse.optimizers import SGD
from lrcourse.problems import Quadratic
from lrcourse.training import descend


@given(st.integers(1, 60), st.floats(0, 1, allow_subnormal=False), st.floats(1, 3))
def test_cosine_and_line_spend_what_the_closed_form_says(total_steps, min_lr, max_lr):
    closed = theory.cosine_budget(max_lr, total_steps, min_lr)
    for family in (schedules.cosine, schedules.linear):
        spent = theory.budget(family(max_lr, total_steps, min_lr), total_steps)
        assert spent == pytest.approx(closed, rel=1e-12)


@pytest.mark.parametrize(
    ("first_period", "period_mult", "periods"), [(100, 2, 3), (1, 1, 9), (7, 3, 4)]
)
def test_warm_restarts_spend_half_a_height_more_at_each_restart(
    first_period, period_mult, periods
):
    steps = sum(first_period * period_mult**n for n in range(periods))
    restarts = schedules.warm_restarts(0.5, first_period, period_mult, min_lr=0.1)
    spent = theory.budget(restarts, steps)
    closed = theory.cosine_budget(0.5, steps, 0.1, periods)
    assert spent == pytest.approx(closed, rel=1e-12)
    one_cosine = theory.budget(schedules.cosine(0.5, steps, 0.1), steps)
    assert spent - one_cosine == pytest.approx((periods - 1) * 0.2, rel=1e-9)


def test_an_exponential_decay_stops_on_the_way():
    schedule = schedules.exponential(0.5, gamma=0.9)
    valley = Quadratic(np.array([0.2]))
    run = descend(valley, SGD(), schedule, [20.0], steps=2000)
    w = run.weights[-1, 0]
    assert w == pytest.approx(7.16, abs=0.005)
    assert w / 20 == pytest.approx(theory.distance_left(schedule, 0.2, 2000), rel=1e-12)
    endless = theory.exponential_budget(0.5, gamma=0.9)
    assert 20 - w <= endless * 0.2 * 20  # the first gradient is the largest
    assert 0.95 < w / (20 * math.exp(-0.2 * endless)) < 1


@pytest.mark.parametrize(
    "schedule",
    [schedules.constant(0.3), schedules.cosine(1.2, 30), schedules.inverse_time(2, 1)],
)
def test_the_distance_left_is_that_of_a_run(schedule):
    run = descend(Quadratic(np.array([1.5])), SGD(), schedule, [4.0], steps=30)
    left = theory.distance_left(schedule, curvature=1.5, steps=30)
    assert run.weights[-1, 0] == pytest.approx(4 * left, rel=1e-12, abs=1e-15)


def test_decoupled_decay_shrinks_weights_as_a_bowl_around_zero_would():
    schedule, w = schedules.linear(0.1, total_steps=50), 3.0
    for step in range(50):
        w = w - schedule(step) * 0.4 * w
    left = theory.distance_left(schedule, curvature=0.4, steps=50)
    assert w == pytest.approx(3 * left, rel=1e-12)


@pytest.mark.parametrize(
    ("formula", "arguments", "reason"),
    [
        (theory.budget, (schedules.constant(1), -1), "steps"),
        (theory.budget, (schedules.constant(1), 2.5), "steps"),
        (theory.exponential_budget, (0.1, 1.0), "gamma"),
        (theory.exponential_budget, (-0.1, 0.5), "base_lr"),
        (theory.cosine_budget, (0.1, 10, 0.2), "min_lr"),
        (theory.cosine_budget, (0.1, 0), "total_steps"),
        (theory.cosine_budget, (0.1, 3, 0.0, 4), "periods"),
        (theory.distance_left, (schedules.constant(1), 0.0, 3), "curvature"),
        (theory.distance_left, (schedules.constant(1), 1.0, -3), "steps"),
    ],
)
def test_settings_outside_the_formula_are_refused(formula, arguments, reason):
    with pytest.raises(ValueError, match=reason):
        formula(*arguments)
