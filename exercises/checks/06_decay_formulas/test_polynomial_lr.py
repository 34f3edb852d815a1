"""polynomial_lr, chapter 06: Polynomial decay."""

import pytest

from lrcourse import schedules
from lrcourse.grading import Curve, Edit, Mistakes, agrees_with, close

HINTS = [
    "How much of the way is done at `step`? Call it progress, from 0 to 1.",
    "Progress stops at 1: which built-in function holds a number down?",
    "The way from max_lr to min_lr is max_lr - min_lr; min_lr remains at its end.",
]
CURVE = Curve(
    range(151), schedules.polynomial, max_lr=0.1, total_steps=100, power=2, min_lr=0.02
)


@pytest.mark.points(0)
def test_the_polynomial_starts_at_max_lr(polynomial_lr):
    lr = polynomial_lr(0, max_lr=0.1, total_steps=100, power=2, min_lr=0.02)
    assert close(lr, 0.1), "at step 0 it is max_lr, whatever min_lr is"


def test_power_one_is_a_straight_line(polynomial_lr):
    lr = polynomial_lr(25, max_lr=0.8, total_steps=100, power=1)
    assert close(lr, 0.6), "a quarter of the way is done, three quarters are left"


def test_half_way_a_square_has_a_quarter_left(polynomial_lr):
    lr = polynomial_lr(50, max_lr=0.1, total_steps=100, power=2, min_lr=0.02)
    assert close(lr, 0.04), "0.02 and a quarter of the 0.08 between the two ends"


@pytest.mark.points(0)
def test_the_polynomial_reaches_min_lr_at_total_steps(polynomial_lr):
    lr = polynomial_lr(100, max_lr=0.1, total_steps=100, power=2, min_lr=0.02)
    assert close(lr, 0.02), "at step total_steps nothing is left of the way"


@pytest.mark.points(0)
def test_after_the_end_the_polynomial_stays_at_min_lr(polynomial_lr):
    lr = polynomial_lr(150, max_lr=0.1, total_steps=100, power=2, min_lr=0.02)
    assert close(lr, 0.02), "what is (1 - 150 / 100) squared?"


@pytest.mark.points(0)
def test_after_the_end_a_root_is_still_a_real_number(polynomial_lr):
    lr = polynomial_lr(101, max_lr=0.1, total_steps=100, power=0.5, min_lr=0.02)
    assert close(lr, 0.02), "the root of a negative number: progress should end at 1"


@agrees_with(schedules.polynomial, atol=1e-12, points=2)
def test_the_polynomial_is_right_for_random_settings(rng):
    """the way, times what is left of it to the power, on top of the floor"""
    min_lr, total_steps = rng.uniform(0, 0.1), int(rng.integers(2, 500))
    return {
        "max_lr": min_lr + rng.uniform(0.1, 1),
        "total_steps": total_steps,
        "power": rng.uniform(0.3, 4),
        "min_lr": min_lr,
        "step": int(rng.integers(0, 2 * total_steps)),
    }


MISTAKES = Mistakes(
    see="Polynomial decay",
    forgets_to_stop=Edit(
        "You go on beyond total_steps: there 1 - progress is negative, and its powers "
        "are anything.",
        {"min(step / total_steps, 1.0)": "step / total_steps"},
    ),
    takes_the_absolute_value=Edit(
        "Your rate climbs again after total_steps: the absolute value hides the sign "
        "and not the fault.",
        {
            "min(step / total_steps, 1.0)": "step / total_steps",
            "(1 - progress)": "abs(1 - progress)",
        },
    ),
    adds_min_lr_on_top=Edit(
        "You start min_lr too high: the rate falls from max_lr to min_lr, so the way "
        "is their difference.",
        {"(max_lr - min_lr)": "max_lr"},
    ),
    cuts_off_at_min_lr=Edit(
        "You fall towards zero and cut off at min_lr: the floor is reached too early, "
        "with a kink.",
        {"min_lr + (max_lr - min_lr)": "max(max_lr", "** power": "** power, min_lr)"},
    ),
    is_an_inverse_power=Edit(
        "You use (1 + progress) ** -power, which article B calls polynomial: it never "
        "arrives at min_lr.",
        {
            "min(step / total_steps, 1.0)": "step / total_steps",
            "(1 - progress) ** power": "(1 + progress) ** -power",
        },
        see="Inverse time and inverse power",
    ),
    falls_to_zero_after_the_end=Edit(
        "You return 0 after the end: the rate stays at min_lr.",
        {"return min_lr": "return 0.0 if progress == 1 else min_lr"},
    ),
    cuts_off_the_result=Edit(
        "You cut off the result, and not the progress: beyond total_steps 1 - progress "
        "is negative, and an even power of it rises again.",
        {
            "min(step / total_steps, 1.0)": "step / total_steps",
            "min_lr + (max_lr - min_lr) * (1 - progress) ** power": "max(min_lr, "
            "min_lr + (max_lr - min_lr) * (1 - progress) ** power)",
        },
    ),
    stretches_the_end=Edit(
        "You stretch total_steps when it is past, as Keras' `cycle=True` does: the "
        "rate is to stay at min_lr.",
        {
            "min(step / total_steps, 1.0)": "step / (total_steps * "
            "max(1, math.ceil(step / total_steps)))"
        },
    ),
    arrives_one_step_early=Edit(
        "You arrive one step early: min_lr belongs to step total_steps, not to the "
        "one before.",
        {"/ total_steps": "/ (total_steps - 1)"},
        see="The convention",
    ),
    bends_the_wrong_way=Edit(
        "Your curve bends the wrong way: the power belongs to what is left, not to "
        "what is done.",
        {"(1 - progress) ** power": "(1 - progress**power)"},
    ),
)
