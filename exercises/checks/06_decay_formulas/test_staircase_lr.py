"""staircase_lr, chapter 06: Steps and staircases."""

import pytest

from lrcourse import schedules
from lrcourse.grading import Curve, Edit, Mistakes, agrees_with, close

HINTS = [
    "How many drops are behind you at update period - 1? At update period?",
    "Count whole periods only: a period that has begun has not passed.",
    "Python's // divides and rounds down.",
]
CURVE = Curve(range(151), schedules.step_decay, base_lr=0.1, gamma=0.5, period=40)


@pytest.mark.points(0)
def test_the_staircase_starts_at_base_lr(staircase_lr):
    lr = staircase_lr(0, base_lr=0.8, gamma=0.5, period=10)
    assert close(lr, 0.8), "the first update is step 0: nothing has dropped yet"


@pytest.mark.points(0)
def test_the_second_update_is_on_the_first_stair_too(staircase_lr):
    lr = staircase_lr(1, base_lr=0.8, gamma=0.5, period=10)
    assert close(lr, 0.8), "level for ten updates: this is the second of them"


@pytest.mark.points(0)
def test_the_last_update_of_a_period_is_on_the_first_stair_too(staircase_lr):
    lr = staircase_lr(9, base_lr=0.8, gamma=0.5, period=10)
    assert close(lr, 0.8), "updates 0 to 9 are ten: the last of them is still level"


def test_update_period_is_the_first_on_the_next_stair(staircase_lr):
    lr = staircase_lr(10, base_lr=0.8, gamma=0.5, period=10)
    assert close(lr, 0.4), "ten updates are finished, so the eleventh drops"


def test_after_three_periods_it_has_dropped_three_times(staircase_lr):
    lr = staircase_lr(35, base_lr=0.8, gamma=0.5, period=10)
    assert close(lr, 0.1), "0.8, 0.4, 0.2, 0.1: how many periods have passed?"


def test_after_fifteen_hundred_periods_it_has_dropped_as_often(staircase_lr):
    lr = staircase_lr(3000, base_lr=0.8, gamma=0.999, period=2)
    assert close(lr, 0.8 * 0.999**1500), "1500 periods of two updates, at one go"


@agrees_with(schedules.step_decay, points=2)
def test_the_staircase_is_right_for_random_settings(rng):
    """look at the updates around the edge of a stair"""
    base_lr, gamma = 10 ** rng.uniform(-4, 0), rng.uniform(0.1, 0.9)
    period, stair = int(rng.integers(2, 300)), int(rng.integers(0, 8))
    step = max(period * stair + int(rng.integers(-1, 2)), 0)
    return {"base_lr": base_lr, "gamma": gamma, "period": period, "step": step}


MISTAKES = Mistakes(
    see="Steps and staircases",
    is_smooth=Edit(
        "Your rate falls at every step: a staircase is level for a whole period.",
        {"step // period": "step / period"},
    ),
    rounds_to_the_nearest_stair=Edit(
        "You round to the nearest stair: your rate drops half a period too early.",
        {"(step // period)": "round(step / period)"},
    ),
    drops_before_the_period=Edit(
        "You round up: your rate drops at the start of a period, and should at its "
        "end.",
        {"(step // period)": "math.ceil(step / period)"},
    ),
    drops_at_every_step=Edit(
        "You multiply by gamma at every step: the period says how long to wait.",
        {"step // period": "step"},
    ),
    drops_one_step_late=Edit(
        "You drop one update late: update `period` is the first to use the lower rate.",
        {"step //": "max(step - 1, 0) //"},
        see="Off by one",
    ),
    drops_one_step_early=Edit(
        "You drop one update early, as if the first one were step 1: it is step 0.",
        {"step //": "(step + 1) //"},
        see="Off by one",
    ),
    starts_above_the_rate=Edit(
        "You count one update too few, and -1 // period is -1: your first rate is "
        "above base_lr.",
        {"step //": "(step - 1) //"},
        see="Off by one",
    ),
    jumps_back=Edit(
        "You take what is left over of the step: how many whole periods are behind it "
        "is what `//` says, not `%`.",
        {"step // period": "step % period"},
    ),
    multiplies_by_the_drops=Edit(
        "You multiply gamma by the number of drops: dropping again and again is a "
        "power.",
        {"gamma ** (step // period)": "gamma * (step // period)"},
    ),
    takes_the_same_off=Edit(
        "You take the same amount off at every drop: a drop takes the same share.",
        {"gamma ** (step // period)": "(1 - (1 - gamma) * (step // period))"},
    ),
    drops_for_one_update=Edit(
        "You drop for a single update and go back to base_lr: a drop stays.",
        {"gamma ** (step // period)": "(gamma if step and step % period == 0 else 1)"},
    ),
    drops_once=Edit(
        "You drop once and then never again: every period multiplies by gamma.",
        {"step // period": "min(step // period, 1)"},
    ),
)
