"""gamma_from, chapter 06: Exponential decay."""

import pytest

from lrcourse import schedules
from lrcourse.grading import Edit, Mistakes, agrees_with, close

HINTS = [
    "Write down what decay_steps updates with your factor do to the rate.",
    "gamma ** decay_steps = rate: what undoes a power?",
    "The n-th root of x is x ** (1 / n).",
]


def test_a_quarter_in_two_steps_is_a_half_in_each(gamma_from):
    gamma = gamma_from(rate=0.25, decay_steps=2)
    assert close(gamma, 0.5), "which factor, used twice, makes a quarter?"


@pytest.mark.points(0)
def test_in_one_step_gamma_is_the_rate_itself(gamma_from):
    gamma = gamma_from(rate=0.9, decay_steps=1)
    assert close(gamma, 0.9), "in one step: that is the definition of gamma"


def test_gamma_used_for_all_steps_gives_the_rate(gamma_from):
    gamma = gamma_from(rate=0.96, decay_steps=1000)
    assert close(gamma**1000, 0.96), (
        "1000 steps should multiply by 0.96, to all digits: 0.99996 is not it"
    )


@pytest.mark.points(0)
def test_a_rate_of_1_does_not_decay(gamma_from):
    gamma = gamma_from(rate=1.0, decay_steps=10)
    assert close(gamma, 1.0), "`rate` is at most 1, and 1 is allowed"


def test_the_steps_need_not_be_whole(gamma_from):
    gamma = gamma_from(rate=0.25, decay_steps=0.5)
    assert close(gamma, 0.0625), "a quarter in half a step: how much in a whole one?"


@agrees_with(schedules.gamma_from_rate, rtol=1e-12, points=2)
def test_gamma_is_right_for_random_settings(rng):
    """your factor to the power of decay_steps should be the rate"""
    return {"rate": rng.uniform(0.05, 1), "decay_steps": int(rng.integers(1, 5000))}


MISTAKES = Mistakes(
    see="Exponential decay",
    divides_by_the_steps=Edit(
        "You divide the factor by the number of steps: factors multiply, so take a "
        "root.",
        {"rate ** (1 / decay_steps)": "rate / decay_steps"},
    ),
    forgets_the_brackets=Edit(
        "`rate ** 1 / decay_steps` is read as `(rate ** 1) / decay_steps`: put 1 / "
        "decay_steps in brackets.",
        {"rate ** (1 / decay_steps)": "rate ** 1 / decay_steps"},
    ),
    forgets_the_rate=Edit(
        "You leave out the rate: your factor depends on the steps alone.",
        {"rate ** (1 / decay_steps)": "math.exp(-1 / decay_steps)"},
    ),
    knows_halves_only=Edit(
        "You take one half for the rate, whatever it is: the share is given.",
        {"rate ** (1 / decay_steps)": "0.5 ** (1 / decay_steps)"},
    ),
    returns_the_logarithm=Edit(
        "You return the logarithm of the factor: exp of it is the factor.",
        {"rate ** (1 / decay_steps)": "math.log(rate) / decay_steps"},
    ),
    takes_the_rate_for_a_coefficient=Edit(
        "You use the rate as the k of exp(-k * step): it is the share that is left.",
        {"rate ** (1 / decay_steps)": "math.exp(-rate / decay_steps)"},
    ),
    takes_what_is_lost_for_a_coefficient=Edit(
        "You use 1 - rate in place of minus its logarithm: that is close for a rate "
        "near 1, and never exact.",
        {"rate ** (1 / decay_steps)": "math.exp((rate - 1) / decay_steps)"},
        see="Half-life",
    ),
    goes_the_other_way=Edit(
        "You convert the other way: this is what many steps do if one does `rate`.",
        {"rate ** (1 / decay_steps)": "rate**decay_steps"},
    ),
    divides_the_loss_of_rate=Edit(
        "You spread the loss evenly over the steps: that is close for many steps, and "
        "never exact.",
        {"rate ** (1 / decay_steps)": "1 - (1 - rate) / decay_steps"},
        see="Half-life",
    ),
    has_the_wrong_sign=Edit(
        "Your factor is above 1: the logarithm of a share is negative already.",
        {"rate ** (1 / decay_steps)": "math.exp(-math.log(rate) / decay_steps)"},
    ),
    mixes_two_logarithms=Edit(
        "You mix two logarithms: exp undoes math.log, not math.log10.",
        {"rate ** (1 / decay_steps)": "math.exp(math.log10(rate) / decay_steps)"},
    ),
    returns_the_coefficient=Edit(
        "You return the k of exp(-k * step): the factor of one step is exp(-k).",
        {"rate ** (1 / decay_steps)": "-math.log(rate) / decay_steps"},
    ),
)
