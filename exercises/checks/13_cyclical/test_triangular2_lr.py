"""triangular2_lr, chapter 13: Scale functions."""

import pytest

from lrcourse import schedules
from lrcourse.grading import Curve, Edit, Mistakes, agrees_with, close

HINTS = [
    "How many whole cycles are finished at `step`?",
    "That many times the height has been halved: a power.",
    "Halve what stands above min_lr, not max_lr itself.",
]
CURVE = Curve(
    range(121), schedules.triangular2, min_lr=0.02, max_lr=0.1, half_period=20
)


@pytest.mark.points(0)
def test_the_first_peak_is_max_lr(triangular2_lr):
    lr = triangular2_lr(4, min_lr=0.2, max_lr=1.0, half_period=4)
    assert close(lr, 1.0), "nothing has been halved in the first cycle"


def test_the_first_climb_is_a_plain_triangle(triangular2_lr):
    lr = triangular2_lr(1, min_lr=0.2, max_lr=1.0, half_period=4)
    assert close(lr, 0.4), "a quarter of the height 0.8, on top of 0.2"


@pytest.mark.points(0)
def test_the_second_cycle_begins_on_the_floor(triangular2_lr):
    lr = triangular2_lr(8, min_lr=0.2, max_lr=1.0, half_period=4)
    assert close(lr, 0.2), "what is halved is the height, and here the height is 0"


def test_the_second_peak_is_half_as_high_above_the_floor(triangular2_lr):
    lr = triangular2_lr(12, min_lr=0.2, max_lr=1.0, half_period=4)
    assert close(lr, 0.6), "half of the height 0.8 is 0.4, on top of 0.2"


def test_the_third_peak_is_a_quarter_as_high_above_the_floor(triangular2_lr):
    lr = triangular2_lr(20, min_lr=0.2, max_lr=1.0, half_period=4)
    assert close(lr, 0.4), "the heights are 0.8, 0.4, 0.2: halved again each time"


def test_the_fourth_peak_is_an_eighth_as_high_above_the_floor(triangular2_lr):
    lr = triangular2_lr(28, min_lr=0.2, max_lr=1.0, half_period=4)
    assert close(lr, 0.3), "the heights are 0.8, 0.4, 0.2, 0.1: halved again each time"


@agrees_with(schedules.triangular2, atol=1e-12, points=2)
def test_the_halved_triangle_is_right_for_random_settings(rng):
    """the triangle's height, halved once for every finished cycle"""
    min_lr, half_period = rng.uniform(0, 0.1), int(rng.integers(2, 40))
    return {
        "min_lr": min_lr,
        "max_lr": min_lr + rng.uniform(0.1, 1),
        "half_period": half_period,
        "step": int(rng.integers(0, 300)),
    }


MISTAKES = Mistakes(
    see="Scale functions",
    does_not_halve=Edit(
        "Your cycles are all of the same height: each should be half of the one "
        "before.",
        {" * 0.5**cycle": ""},
    ),
    divides_by_the_cycle=Edit(
        "You divide by the number of the cycle, 1, 2, 3: halving divides by 1, 2, 4.",
        {"* 0.5**cycle": "/ (cycle + 1)"},
    ),
    halves_the_peak=Edit(
        "You halve max_lr: what is halved is the height above min_lr.",
        {"max_lr": "max_lr * 0.5**cycle", " * 0.5**cycle": ""},
    ),
    halves_the_floor_too=Edit(
        "You halve the whole rate: min_lr is the ground of every cycle and stays.",
        {"min_lr + (": "(min_lr + (", " * 0.5**cycle": ") * 0.5**cycle"},
    ),
    halves_at_every_step=Edit(
        "You halve a little at every step: the height is the same for a whole cycle.",
        {"0.5**cycle": "0.5 ** (step / (2 * half_period))"},
    ),
    halves_once=Edit(
        "You halve once and never again: each cycle is half as high as the one before.",
        {"0.5**cycle": "0.5 ** min(cycle, 1)"},
    ),
    divides_by_twice_the_cycle=Edit(
        "You divide by twice the number of finished cycles, 1, 2, 4, 6: halving "
        "divides by 1, 2, 4, 8.",
        {"* 0.5**cycle": "/ max(1, 2 * cycle)"},
    ),
    takes_an_exclusive_or=Edit(
        "`^` is an exclusive or in Python: a power is `**`.",
        {"* 0.5**cycle": "/ max(1, 2 ^ cycle)"},
    ),
    counts_from_peak_to_peak=Edit(
        "You halve at the peak: a cycle begins and ends on the floor.",
        {"0.5**cycle": "0.5 ** ((step + half_period) // (2 * half_period))"},
    ),
    halves_too_early=Edit(
        "Your first cycle is halved already: no cycle is finished there.",
        {"0.5**cycle": "0.5 ** (cycle + 1)"},
    ),
    halves_at_the_peak=Edit(
        "You halve after every half period, so the rate jumps at its peaks: count "
        "whole cycles.",
        {"0.5**cycle": "0.5 ** (step // half_period)"},
    ),
    has_no_triangle=Edit(
        "The distance to the peak went into the power of one half and the factor 1 - "
        "x is missing: your rate never comes down to min_lr.",
        {"(1 - x) * 0.5**cycle": "0.5 ** (cycle + x)"},
        see="A class that never cycles",
    ),
    doubles=Edit(
        "Your cycles double: divide by the power of two.",
        {"0.5**cycle": "2**cycle"},
    ),
)

EQUIVALENT = {
    "x = abs(1 - place / half_period)": "the distance from the peak has no sign",
}
