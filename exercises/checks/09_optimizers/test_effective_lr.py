"""effective_lr, chapter 09: Momentum sums gradients."""

import pytest

from lrcourse import theory
from lrcourse.grading import Curve, Edit, Mistakes, agrees_with, close

HINTS = [
    "What is the velocity after very many updates with a gradient of 1?",
    "1 + momentum + momentum ** 2 + ... is a geometric series.",
    "At momentum 0.9 the series sums to 10.",
]
CURVE = Curve(
    x=[share / 20 for share in range(20)],
    call=lambda effective_lr, momentum: effective_lr(0.1, momentum),
    expected=lambda momentum: theory.effective_lr(0.1, momentum),
    xlabel="momentum",
    ylabel="effective rate",
)


@pytest.mark.points(0)
def test_without_momentum_a_rate_is_worth_itself(effective_lr):
    assert close(effective_lr(0.1, 0.0), 0.1), "no sum, no factor"


def test_momentum_nine_tenths_is_worth_ten_times_the_rate(effective_lr):
    assert close(effective_lr(0.01, 0.9), 0.1), (
        "1 + 0.9 + 0.81 + ... is 10: in which direction does that change the rate?"
    )


def test_momentum_one_half_is_worth_twice_the_rate(effective_lr):
    assert close(effective_lr(0.1, 0.5), 0.2), "1 + 1/2 + 1/4 + ... is 2"


@agrees_with(theory.effective_lr, points=2)
def test_random_rates_are_worth_what_a_long_run_moves(rng):
    """the series 1 + momentum + momentum ** 2 + ... times the rate"""
    return {
        "lr": float(10 ** rng.uniform(-4, 0)),
        "momentum": float(rng.uniform(0, 0.99)),
    }


MISTAKES = Mistakes(
    see="Momentum sums gradients",
    divides_where_it_should_multiply=Edit(
        "You shrink the rate: a sum of many gradients moves the weights further, not "
        "less far.",
        {"lr /": "lr *"},
    ),
    divides_by_the_momentum=Edit(
        "You divide by the momentum: the series 1 + momentum + momentum ** 2 + ... "
        "sums to 1 / (1 - momentum).",
        {"lr / (1 - momentum)": "lr / momentum if momentum else lr"},
    ),
    counts_two_gradients=Edit(
        "You count the last two gradients: the sum goes on, each worth momentum times "
        "the one after it.",
        {"/ (1 - momentum)": "* (1 + momentum)"},
    ),
    leaves_out_the_newest_gradient=Edit(
        "You leave out the newest gradient, whose share is 1: the series begins with "
        "momentum ** 0.",
        {"lr /": "lr * momentum /"},
    ),
    returns_the_factor=Edit(
        "You return the factor alone: the rate is multiplied by it.",
        {"lr /": "1 /"},
    ),
    stops_after_a_hundred=Edit(
        "You stop after a hundred updates: near momentum 1 the sum has not arrived "
        "there, and its limit is a formula.",
        {"lr / (1 - momentum)": "lr * (1 - momentum**100) / (1 - momentum)"},
    ),
    leaves_the_rate_alone=Edit(
        "You return the rate as it is: the velocity is a sum, and moves the weights "
        "further than one gradient does.",
        {" / (1 - momentum)": ""},
    ),
    takes_a_root=Edit(
        "You take a root of 1 - momentum: that is how long RMSprop's first step is.",
        {"(1 - momentum)": "(1 - momentum) ** 0.5"},
        see="A rate for every weight",
    ),
)
