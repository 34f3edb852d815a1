"""triangular_lr, chapter 13: The triangle."""

import math

import pytest

from lrcourse import schedules
from lrcourse.grading import Curve, Edit, Mistakes, agrees_with, close

HINTS = [
    "Where in its cycle is `step`? What is left when whole cycles are taken away?",
    "How far is that from the peak, counted in half periods? Call it x.",
    "x is 1 at both ends of a cycle and 0 at the peak: abs() makes the fold.",
    "The height is (max_lr - min_lr) times 1 - x, and it stands on min_lr.",
]
CURVE = Curve(range(101), schedules.triangular, min_lr=0.02, max_lr=0.1, half_period=20)


@pytest.mark.points(0)
def test_the_triangle_starts_at_min_lr(triangular_lr):
    lr = triangular_lr(0, min_lr=1.0, max_lr=5.0, half_period=4)
    assert close(lr, 1.0), "the first update is step 0, on the floor"


def test_the_second_update_is_one_rung_up(triangular_lr):
    lr = triangular_lr(1, min_lr=1.0, max_lr=5.0, half_period=4)
    assert close(lr, 2.0), "from 1 to 5 in four equal steps: 1, 2, 3, 4, 5"


@pytest.mark.points(0)
def test_the_triangle_peaks_after_half_a_period(triangular_lr):
    lr = triangular_lr(4, min_lr=1.0, max_lr=5.0, half_period=4)
    assert close(lr, 5.0), "half_period is the way up: does the rate visit max_lr?"


def test_the_triangle_comes_down_as_it_went_up(triangular_lr):
    lr = triangular_lr(7, min_lr=1.0, max_lr=5.0, half_period=4)
    assert close(lr, 2.0), "5, 4, 3, 2: one step before the end it is one rung up"


@pytest.mark.points(0)
def test_a_whole_cycle_ends_on_min_lr(triangular_lr):
    lr = triangular_lr(8, min_lr=1.0, max_lr=5.0, half_period=4)
    assert close(lr, 1.0), "up and down is a whole cycle: two half periods"


def test_the_triangle_goes_up_again(triangular_lr):
    lr = triangular_lr(10, min_lr=1.0, max_lr=5.0, half_period=4)
    assert close(lr, 3.0), "step 10 is two after the second cycle began: 1, 2, 3"


@agrees_with(schedules.triangular, atol=1e-12, points=2)
def test_the_triangle_is_right_for_random_settings(rng):
    """floor, peak, floor, in straight lines: where in its cycle is this step?"""
    min_lr, half_period = rng.uniform(0, 0.1), int(rng.integers(2, 60))
    return {
        "min_lr": min_lr,
        "max_lr": min_lr + rng.uniform(0.1, 1),
        "half_period": half_period,
        "step": int(rng.integers(0, 400)),
    }


MISTAKES = Mistakes(
    see="The triangle",
    stands_on_its_head=Edit(
        "Your triangle stands on its head, from max_lr down and up again: at the ends "
        "of a cycle x is 1, and the height is 1 - x.",
        {"(1 - x)": "x"},
    ),
    never_cycles=Edit(
        "Your rate stands at max_lr for ever: the factor 1 - x is missing.",
        {" * (1 - x)": ""},
        see="A class that never cycles",
    ),
    takes_half_for_whole=Edit(
        "Your whole cycle lasts half_period updates: that is the way up alone.",
        {"step %": "2 * step %"},
    ),
    is_a_sawtooth=Edit(
        "Your rate jumps from the peak to the floor: it should come down as slowly as "
        "it went up.",
        {"(1 - x)": "(step % (half_period + 1)) / half_period"},
    ),
    falls_at_once=Edit(
        "Your rate falls back to min_lr at once and never visits max_lr: it should "
        "come down as slowly as it went up.",
        {
            "abs(step % (2 * half_period) / half_period - 1)": "1 - step % half_period "
            "/ half_period"
        },
    ),
    saws_over_the_whole_cycle=Edit(
        "Your rate climbs for a whole cycle and falls back at once: half of the cycle "
        "is the way down.",
        {
            "abs(step % (2 * half_period) / half_period - 1)": "1 - step % "
            "(2 * half_period) / (2 * half_period)"
        },
    ),
    scales_max_lr=Edit(
        "You scale max_lr itself, down to zero: the triangle stands on min_lr, and its "
        "height is max_lr - min_lr.",
        {"min_lr + (max_lr - min_lr)": "max_lr"},
    ),
    cycles_once=Edit(
        "Your rate makes one cycle and stays on the floor: take whole cycles away "
        "from the step first.",
        {"abs(step % (2 * half_period)": "min(abs(step", "- 1)": "- 1), 1)"},
    ),
    falls_for_ever=Edit(
        "Your rate goes on falling below the floor: the next cycle never begins, "
        "because x measures the distance to the first peak only.",
        {"step % (2 * half_period)": "step"},
    ),
    forgets_the_floor=Edit(
        "You return the height alone: it stands on min_lr.",
        {"min_lr + ": ""},
    ),
    adds_the_floor_on_top=Edit(
        "Your peak is min_lr too high: the height is max_lr - min_lr, not max_lr.",
        {"(max_lr - min_lr)": "max_lr"},
    ),
    starts_one_step_late=Edit(
        "You are one update ahead: the first update is step 0, and uses min_lr.",
        {"step %": "(step + 1) %"},
    ),
)


@MISTAKES.written_out()
def is_a_cosine(step, min_lr, max_lr, half_period):
    """Your way up is a cosine: a triangle changes by the same amount at every step."""
    share = (1 - math.cos(math.pi * step / half_period)) / 2
    return min_lr + (max_lr - min_lr) * share


EQUIVALENT = {
    "x = abs(1 - step % (2 * half_period) / half_period)": (
        "the distance from the peak has no sign"
    ),
}
