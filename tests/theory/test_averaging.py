import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrcourse import schedules, theory
from lrcourse.optimizers import SGD
from lrcourse.training import descend

STEPS = 40
DECAYS = [
    schedules.linear(0.3, STEPS),
    schedules.cosine(0.3, STEPS),
    schedules.exponential(0.3, gamma=0.9),
    schedules.step_decay(0.3, gamma=0.1, period=15),
    schedules.warmup(schedules.linear(0.3, 30), warmup_steps=10),
]


class Slope:
    """A linear loss whose gradient is noise: the same one at the same step."""

    def __init__(self):
        self.gradients = iter(np.random.default_rng(7).normal(size=(STEPS, 3)))

    def loss(self, w):
        return 0.0

    def grad(self, w):
        return next(self.gradients)


def points(schedule):
    return descend(Slope(), SGD(), schedule, np.array([1.0, -2.0, 0.0]), STEPS).weights


@pytest.mark.parametrize("schedule", DECAYS)
def test_the_last_point_of_a_decay_is_an_average_of_an_undecayed_run(schedule):
    undecayed = points(schedules.constant(schedule(0)))
    weights = theory.averaging_weights(schedule, STEPS)
    assert weights.sum() == pytest.approx(1, rel=1e-12)
    last = points(schedule)[-1]
    assert weights @ undecayed[1:] == pytest.approx(last, rel=1e-10, abs=1e-12)


def test_the_line_is_the_plain_mean_of_all_points_after_the_start():
    undecayed = points(schedules.constant(0.3))
    last = points(schedules.linear(0.3, STEPS))[-1]
    assert undecayed[1:].mean(axis=0) == pytest.approx(last, rel=1e-12)


def test_a_cooldown_averages_the_points_from_its_start_on():
    cooldown = schedules.hold(schedules.linear(0.3, 10), start=0, stop=STEPS - 10)
    weights = theory.averaging_weights(cooldown, STEPS)
    assert weights == pytest.approx([0] * (STEPS - 10) + [0.1] * 10)


@pytest.mark.parametrize("decay", [0.1, 0.9, 0.999])
def test_a_moving_average_is_the_last_point_of_its_schedule(decay):
    average, *later = points(schedules.constant(0.3))
    for w in later:
        average = decay * average + (1 - decay) * w
    schedule = theory.ema_schedule(0.3, decay, STEPS)
    assert points(schedule)[-1] == pytest.approx(average, rel=1e-12)
    assert schedule(STEPS) == schedule(STEPS + 5) == 0


@given(st.lists(st.floats(0, 1), min_size=STEPS, max_size=STEPS))
def test_any_average_is_the_last_point_of_its_schedule(weights):
    start, *later = points(schedules.constant(0.3))
    average = (1 - sum(weights)) * start + weights @ np.array(later)
    schedule = theory.schedule_of_average(0.3, weights)
    assert points(schedule)[-1] == pytest.approx(average, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("schedule", DECAYS)
def test_weights_and_schedule_lead_back_to_each_other(schedule):
    weights = theory.averaging_weights(schedule, STEPS)
    back = theory.schedule_of_average(schedule(0), weights)
    assert [back(t) for t in range(STEPS)] == pytest.approx(
        [schedule(t) for t in range(STEPS)], rel=1e-12
    )
    assert back(STEPS) == back(STEPS + 1) == 0


@pytest.mark.parametrize(
    ("formula", "arguments", "reason"),
    [
        (theory.averaging_weights, (schedules.constant(0.0), 3), "first_lr"),
        (theory.averaging_weights, (schedules.constant(0.1), 0), "steps"),
        (theory.schedule_of_average, (-0.1, [1.0]), "base_lr"),
        (theory.schedule_of_average, (0.1, []), "weights"),
        (theory.schedule_of_average, (0.1, [[1.0]]), "weights"),
        (theory.schedule_of_average, (0.1, [np.nan]), "weights"),
        (theory.ema_schedule, (0.1, 1.0, 5), "decay"),
        (theory.ema_schedule, (0.1, 0.5, 0), "total_steps"),
    ],
)
def test_settings_outside_the_formula_are_refused(formula, arguments, reason):
    with pytest.raises(ValueError, match=reason):
        formula(*arguments)
