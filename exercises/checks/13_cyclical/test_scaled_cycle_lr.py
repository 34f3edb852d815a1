"""scaled_cycle_lr, chapter 13: Scale functions."""

import pytest

from lrcourse import schedules
from lrcourse.grading import Curve, Edit, Mistakes, agrees_with, close

HINTS = [
    "Which number has the cycle that `step` lies in, if the first one is 1?",
    "Python's // counts the finished cycles.",
    "Ask scale once, with that number, and multiply the height by what it says.",
]


def one_over(cycle):
    return 1 / cycle if cycle > 0 else 2.0  # whoever asks for cycle 0 gets a number


def scaled(min_lr, max_lr, half_period, scale):
    """Return the schedule: our triangle with the scale of each cycle."""
    triangle = schedules.triangular(0.0, max_lr - min_lr, half_period)
    return lambda step: min_lr + triangle(step) * scale(1 + step // (2 * half_period))


CURVE = Curve(
    range(121), scaled, min_lr=0.02, max_lr=0.1, half_period=20, scale=one_over
)


@pytest.mark.points(0)
def test_the_first_cycle_has_number_one(scaled_cycle_lr):
    lr = scaled_cycle_lr(4, 0.2, 1.0, half_period=4, scale=one_over)
    assert close(lr, 1.0), "1 / 1 leaves the first peak as it is: cycles count from 1"


def test_the_second_peak_is_scaled_by_the_second_value(scaled_cycle_lr):
    lr = scaled_cycle_lr(12, 0.2, 1.0, half_period=4, scale=one_over)
    assert close(lr, 0.6), "1 / 2 of the height 0.8, on top of 0.2"


def test_on_the_way_down_the_number_is_still_the_same(scaled_cycle_lr):
    lr = scaled_cycle_lr(7, 0.2, 1.0, half_period=4, scale=one_over)
    assert close(lr, 0.4), "step 7 is the last of the first cycle: a quarter of 0.8"


@pytest.mark.points(0)
def test_every_scaled_cycle_ends_on_the_floor(scaled_cycle_lr):
    lr = scaled_cycle_lr(16, 0.2, 1.0, half_period=4, scale=one_over)
    assert close(lr, 0.2), "the scale is for the height above min_lr"


def test_the_scale_is_asked_for_whole_numbers_only(scaled_cycle_lr):
    asked = []

    def scale(cycle):
        asked.append(cycle)
        return 1.0

    lr = scaled_cycle_lr(11, 0.2, 1.0, half_period=4, scale=scale)
    assert close(lr, 0.8), "a scale of 1 changes nothing: three quarters of 0.8, on 0.2"
    cycles = sorted({float(cycle) for cycle in asked})
    assert close(cycles, [2.0]), "step 11 lies in cycle 2, from its start to its end"


def test_the_scale_knows_no_cycle_0(scaled_cycle_lr):
    asked = []

    def scale(cycle):
        asked.append(cycle)
        return 1.0

    lrs = [scaled_cycle_lr(at, 0.2, 1.0, half_period=4, scale=scale) for at in (0, 8)]
    assert close(lrs, [0.2, 0.2]), "both cycles begin on the floor"
    cycles = sorted({float(cycle) for cycle in asked})
    assert close(cycles, [1.0, 2.0]), "step 0 begins cycle 1, and step 8 begins cycle 2"


@agrees_with(scaled, atol=1e-12, points=2)
def test_scaled_cycles_are_right_for_random_settings(rng):
    """the triangle's height, times the scale of the cycle it lies in"""
    min_lr, half_period = rng.uniform(0, 0.1), int(rng.integers(2, 40))
    return {
        "min_lr": min_lr,
        "max_lr": min_lr + rng.uniform(0.1, 1),
        "half_period": half_period,
        "scale": one_over,
        "step": int(rng.integers(0, 300)),
    }


MISTAKES = Mistakes(
    see="Scale functions",
    counts_from_zero=Edit(
        "You count the cycles from 0: the first one is number 1.",
        {"cycle + 1": "cycle"},
    ),
    gives_it_the_step=Edit(
        "You ask scale for the step: it wants the number of the cycle.",
        {"cycle + 1": "step"},
    ),
    counts_half_cycles=Edit(
        "You count half cycles: the number changes at the end of a cycle, not at its "
        "peak.",
        {"cycle + 1": "1 + step // half_period"},
    ),
    scales_the_floor_too=Edit(
        "You scale the whole rate: min_lr is the ground and stays.",
        {"min_lr + (": "(min_lr + (", " * scale(cycle + 1)": ") * scale(cycle + 1)"},
    ),
    rounds_to_the_nearest=Edit(
        "You round to the nearest cycle, so the number changes at the peak: count "
        "whole cycles.",
        {"cycle + 1": "round(1 + step / (2 * half_period))"},
    ),
    takes_one_over=Edit(
        "You divide by the number of the cycle, whatever `scale` is: ask the function "
        "you were given.",
        {"scale(cycle + 1)": "(1 / (cycle + 1))"},
    ),
    scales_the_peak=Edit(
        "You scale max_lr: what is scaled is the height above min_lr.",
        {"max_lr": "max_lr * scale(cycle + 1)", " * scale(cycle + 1)": ""},
    ),
    has_no_triangle=Edit(
        "The distance to the peak went into scale, and the factor 1 - x is missing: "
        "scale is asked for the number of the cycle and nothing else.",
        {"(1 - x) * scale(cycle + 1)": "scale(1 + cycle + x)"},
        see="A class that never cycles",
    ),
    gives_it_a_fraction=Edit(
        "You ask scale for a fraction of a cycle: round down to whole cycles first.",
        {"cycle + 1": "1 + step / (2 * half_period)"},
    ),
)


@MISTAKES.written_out()
def multiplies_all_scales(step, min_lr, max_lr, half_period, scale):
    """You multiply the scales of all cycles so far: each cycle has its own alone."""
    cycle, place = divmod(step, 2 * half_period)
    height = max_lr - min_lr
    for number in range(1, cycle + 2):
        height *= scale(number)
    return min_lr + height * (1 - abs(place / half_period - 1))


EQUIVALENT = {
    "x = abs(1 - place / half_period)": "the distance from the peak has no sign",
}
