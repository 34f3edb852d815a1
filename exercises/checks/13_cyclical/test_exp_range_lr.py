"""exp_range_lr, chapter 13: Scale functions."""

import pytest

from lrcourse import schedules
from lrcourse.grading import Curve, Edit, Mistakes, agrees_with, close

HINTS = [
    "By how many gammas has the height been multiplied at update `step`?",
    "gamma counts updates, so cycles do not come into it.",
    "min_lr is the ground: it does not shrink.",
]
CURVE = Curve(
    range(121), schedules.exp_range, min_lr=0.02, max_lr=0.1, half_period=20, gamma=0.98
)


def test_without_shrinking_it_is_the_plain_triangle(exp_range_lr):
    lr = exp_range_lr(2, min_lr=1.0, max_lr=5.0, half_period=4, gamma=1.0)
    assert close(lr, 3.0), "gamma = 1 changes nothing: 1, 2, 3"


def test_the_first_peak_has_shrunk_already(exp_range_lr):
    lr = exp_range_lr(2, min_lr=0.2, max_lr=1.0, half_period=2, gamma=0.5)
    assert close(lr, 0.4), "two updates are finished: a quarter of 0.8, on top of 0.2"


@pytest.mark.points(0)
def test_the_shrinking_triangle_still_ends_on_the_floor(exp_range_lr):
    lr = exp_range_lr(4, min_lr=0.2, max_lr=1.0, half_period=2, gamma=0.5)
    assert close(lr, 0.2), "the height is 0 here, and min_lr does not shrink"


def test_half_way_up_it_has_shrunk_once(exp_range_lr):
    lr = exp_range_lr(1, min_lr=0.2, max_lr=1.0, half_period=2, gamma=0.5)
    assert close(lr, 0.4), "half of the height 0.8, times 0.5 once, on top of 0.2"


def test_in_the_second_cycle_every_update_has_counted(exp_range_lr):
    lr = exp_range_lr(6, min_lr=0.2, max_lr=1.0, half_period=2, gamma=0.5)
    assert close(lr, 0.2125), "six updates: 0.8 / 64 = 0.0125, on top of 0.2"


@agrees_with(schedules.exp_range, atol=1e-12, points=2)
def test_the_shrinking_triangle_is_right_for_random_settings(rng):
    """the triangle's height, multiplied by gamma once for every update"""
    min_lr, half_period = rng.uniform(0, 0.1), int(rng.integers(2, 40))
    return {
        "min_lr": min_lr,
        "max_lr": min_lr + rng.uniform(0.1, 1),
        "half_period": half_period,
        "gamma": rng.uniform(0.9, 1),
        "step": int(rng.integers(0, 200)),
    }


MISTAKES = Mistakes(
    see="Scale functions",
    does_not_shrink=Edit(
        "gamma has no effect: multiply the height by it once for every update.",
        {" * gamma**step": ""},
    ),
    counts_cycles=Edit(
        "Your height shrinks once a cycle: gamma counts updates.",
        {"gamma**step": "gamma ** (step // (2 * half_period))"},
    ),
    counts_cycles_from_one=Edit(
        "You raise gamma to the number of the cycle: it counts updates.",
        {"gamma**step": "gamma ** (1 + step // (2 * half_period))"},
    ),
    begins_again_each_cycle=Edit(
        "You begin to shrink anew in each cycle: gamma counts all updates.",
        {"gamma**step": "gamma ** (step % (2 * half_period))"},
    ),
    takes_gamma_for_a_coefficient=Edit(
        "You use gamma as the k of exp(-k * step): gamma is the factor of one step.",
        {"gamma**step": "2.718281828459045 ** (-gamma * step)"},
    ),
    shrinks_the_floor_too=Edit(
        "You shrink the whole rate: min_lr is the ground and stays.",
        {"min_lr + (": "(min_lr + (", " * gamma**step": ") * gamma**step"},
    ),
    shrinks_the_peak=Edit(
        "You shrink max_lr: what shrinks is the height above min_lr.",
        {"max_lr": "max_lr * gamma**step", " * gamma**step": ""},
    ),
    has_no_triangle=Edit(
        "Your rate falls without cycles: the factor 1 - x is missing.",
        {" * (1 - x)": ""},
        see="A class that never cycles",
    ),
    shrinks_one_step_early=Edit(
        "You are one gamma ahead: at step 0 no update is finished.",
        {"gamma**step": "gamma ** (step + 1)"},
    ),
    multiplies_by_the_step=Edit(
        "You multiply gamma by the step: shrinking again and again is a power.",
        {"gamma**step": "gamma * step"},
    ),
)

EQUIVALENT = {
    "x = abs(1 - step % (2 * half_period) / half_period)": (
        "the distance from the peak has no sign"
    ),
}
