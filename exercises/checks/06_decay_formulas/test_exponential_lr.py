"""exponential_lr, chapter 06: Exponential decay."""

import pytest

from lrcourse import schedules
from lrcourse.grading import Curve, Edit, Mistakes, agrees_with, close

HINTS = [
    "What is the rate of the first update, of the second, of the third?",
    "By how many gammas has base_lr been multiplied at update `step`?",
    "Multiplying by the same number again and again is a power: **.",
]
CURVE = Curve(range(151), schedules.exponential, base_lr=0.1, gamma=0.97)


@pytest.mark.points(0)
def test_the_exponential_starts_at_base_lr(exponential_lr):
    lr = exponential_lr(0, base_lr=0.1, gamma=0.5)
    assert close(lr, 0.1), "the first update is step 0: nothing has decayed yet"


def test_the_second_update_uses_gamma_times_base_lr(exponential_lr):
    lr = exponential_lr(1, base_lr=0.1, gamma=0.25)
    assert close(lr, 0.025), "a quarter of 0.1, once"


def test_three_steps_of_one_half_leave_an_eighth(exponential_lr):
    lr = exponential_lr(3, base_lr=0.8, gamma=0.5)
    assert close(lr, 0.1), "0.8, 0.4, 0.2, 0.1: which share is left after three steps?"


def test_step_1000_can_be_asked_for_alone(exponential_lr):
    lr = exponential_lr(1000, base_lr=0.1, gamma=0.999)
    assert close(lr, 0.1 * 0.999**1000), "a thousand steps of 0.999, at one go"


@agrees_with(schedules.exponential, points=2)
def test_the_exponential_is_right_for_random_settings(rng):
    """every step multiplies by gamma, from base_lr at step 0"""
    return {
        "base_lr": 10 ** rng.uniform(-4, 0),
        "gamma": rng.uniform(0.5, 1),
        "step": int(rng.integers(0, 200)),
    }


MISTAKES = Mistakes(
    see="Exponential decay",
    starts_one_step_late=Edit(
        "You are one update ahead: the first update is step 0 and uses base_lr itself.",
        {"gamma**step": "gamma ** (step + 1)"},
    ),
    falls_in_a_straight_line=Edit(
        "You take the same amount off at every step: exponential decay takes the same "
        "share.",
        {"gamma**step": "(1 - (1 - gamma) * step)"},
    ),
    takes_gamma_for_a_coefficient=Edit(
        "You use gamma as the k in exp(-k * step): gamma is the factor of one step, k "
        "is minus its logarithm.",
        {"gamma**step": "math.exp(-gamma * step)"},
    ),
    takes_the_power_of_the_rate_too=Edit(
        "You raise base_lr to the power as well: only gamma is multiplied again at "
        "every step.",
        {"base_lr * gamma**step": "(base_lr * gamma) ** step"},
    ),
    multiplies_by_the_step=Edit(
        "You multiply by the step: repeated multiplication is a power.",
        {"gamma**step": "gamma * step"},
    ),
    takes_what_is_lost=Edit(
        "You multiply by 1 - gamma: gamma is the share that is left, not the one that "
        "is lost.",
        {"gamma**step": "(1 - gamma) ** step"},
    ),
    counts_thousands=Edit(
        "You divide the step by 1000, as Keras' `decay_steps` does: here gamma is the "
        "factor of a single step.",
        {"gamma**step": "gamma ** (step / 1000)"},
    ),
    grows=Edit(
        "Your rate grows: gamma lies below 1, so dividing by it goes up.",
        {"gamma**step": "gamma**-step"},
    ),
)
