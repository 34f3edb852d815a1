"""inverse_time_lr, chapter 06: Inverse time and inverse power."""

import pytest

from lrcourse import schedules
from lrcourse.grading import Curve, Edit, Mistakes, agrees_with, close

HINTS = [
    "No loop: the step alone says what base_lr is divided by.",
    "The divisor is 1 at step 0, and grows by k at every step.",
    "Mind the brackets: the whole sum stands below the line.",
]
CURVE = Curve(range(151), schedules.inverse_time, base_lr=0.1, k=0.05)


@pytest.mark.points(0)
def test_inverse_time_starts_at_base_lr(inverse_time_lr):
    lr = inverse_time_lr(0, base_lr=0.1, k=0.01)
    assert close(lr, 0.1), "the first update is step 0: divided by 1"


def test_inverse_time_has_halved_when_k_times_step_is_one(inverse_time_lr):
    lr = inverse_time_lr(100, base_lr=0.1, k=0.01)
    assert close(lr, 0.05), "what is 1 + k * step at step 100?"


def test_inverse_time_is_at_a_quarter_when_k_times_step_is_three(inverse_time_lr):
    lr = inverse_time_lr(6, base_lr=0.8, k=0.5)
    assert close(lr, 0.2), "what is 1 + 0.5 * 6? Count from the first rate"


def test_inverse_time_falls_at_each_step(inverse_time_lr):
    lr = inverse_time_lr(1, base_lr=0.3, k=0.5)
    assert close(lr, 0.2), "1 + 0.5 * 1 is 1.5: nothing is rounded"


@agrees_with(schedules.inverse_time, points=2)
def test_inverse_time_is_right_for_random_settings(rng):
    """the first rate, divided by 1 + k * step, once"""
    return {
        "base_lr": 10 ** rng.uniform(-4, 0),
        "k": 10 ** rng.uniform(-3, 0),
        "step": int(rng.integers(0, 300)),
    }


MISTAKES = Mistakes(
    see="Inverse time and inverse power",
    divides_by_the_same_each_step=Edit(
        "You divide by 1 + k at every step: that is exponential decay.",
        {"(1 + k * step)": "(1 + k) ** step"},
    ),
    is_exponential=Edit(
        "You use exp(-k * step): it starts with the same slope but falls faster than "
        "inverse time.",
        {"/ (1 + k * step)": "* math.exp(-k * step)"},
    ),
    counts_from_one=Edit(
        "You count from one: the first update is step 0 and uses base_lr itself.",
        {"k * step": "k * (step + 1)"},
        see="Off by one",
    ),
    falls_in_a_straight_line=Edit(
        "You fall in a straight line, below zero in the end: inverse time divides, "
        "and never arrives.",
        {"/ (1 + k * step)": "* (1 - k * step)"},
    ),
    forgets_the_brackets=Edit(
        "Your rate grows: without brackets, base_lr is divided by 1 and the rest is "
        "added.",
        {"(1 + k * step)": "1 + k * step"},
    ),
    divides_the_step_by_k=Edit(
        "You divide the step by k: k is what one step adds to the divisor.",
        {"k * step": "step / k"},
    ),
    forgets_the_rate=Edit(
        "You return the share alone: the learning rate is base_lr times it.",
        {"base_lr /": "1 /"},
    ),
    adds_k_to_the_step=Edit(
        "You add k and the step: the divisor is 1 + k times the step.",
        {"k * step": "k + step"},
    ),
    divides_twice=Edit(
        "You divide by the square of 1 + k * step: it is divided by once.",
        {"(1 + k * step)": "(1 + k * step) ** 2"},
    ),
    rounds_k_times_step=Edit(
        "You round k * step down, which makes a staircase: the rate falls at each "
        "step.",
        {"k * step": "k * step // 1"},
    ),
    takes_the_root=Edit(
        "You take a square root: inverse time divides by 1 + k * step itself.",
        {"(1 + k * step)": "math.sqrt(1 + k * step)"},
    ),
)


@MISTAKES.written_out()
def divides_again_and_again(step, base_lr, k):
    """You divide what was divided already: each step counts from base_lr, not from the
    rate before."""
    lr = base_lr
    for number in range(1, step + 1):
        lr = lr / (1 + k * number)
    return lr
