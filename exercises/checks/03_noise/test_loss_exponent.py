"""loss_exponent, chapter 03: Rates that fall for ever."""

import pytest

from lrcourse import theory
from lrcourse.grading import Curve, Edit, Mistakes, agrees_with, close

HINTS = [
    "There are three cases: power below 1, at 1 and above 1.",
    "Below 1 the run keeps up with its rate: the loss is the floor, lr * s**2 / 4.",
    "Above 1 all rates together are finite: what is left of the start stays.",
    "At 1 the floor falls as 1 / t, the start as t ** (-2 * base_lr * curvature); the "
    "slower one is seen.",
]
CURVE = Curve(
    x=[step / 20 for step in range(1, 31)],
    call=lambda loss_exponent, base_lr: loss_exponent(base_lr, 1.0, 1.0),
    expected=lambda base_lr: theory.loss_exponent(base_lr, 1.0, 1.0),
    xlabel="base_lr, power 1",
    ylabel="power of the loss",
)


@pytest.mark.points(0)
def test_a_constant_rate_stays_at_its_floor(loss_exponent):
    assert close(loss_exponent(base_lr=0.5, power=0.0, curvature=1.0), 0.0), (
        "power 0 is a constant rate: the loss settles"
    )


@pytest.mark.points(0)
def test_the_loss_follows_a_rate_that_falls_slowly(loss_exponent):
    assert close(loss_exponent(base_lr=0.5, power=0.75, curvature=1.0), 0.75), (
        "the floor of the moment is proportional to the rate"
    )


@pytest.mark.points(0)
def test_below_one_half_it_follows_the_rate_as_well(loss_exponent):
    assert close(loss_exponent(base_lr=0.5, power=0.25, curvature=1.0), 0.25), (
        "the squares of such rates add up without end; the expected loss still falls"
    )


@pytest.mark.points(0)
def test_below_one_a_small_rate_forgets_its_start_as_well(loss_exponent):
    assert close(loss_exponent(base_lr=0.1, power=0.75, curvature=1.0), 0.75), (
        "the start fades faster than any power: only the floor is left"
    )


@pytest.mark.points(0)
def test_at_power_one_a_large_rate_gives_one_over_t(loss_exponent):
    assert close(loss_exponent(base_lr=2.0, power=1.0, curvature=1.0), 1.0), (
        "the floor falls as 1 / t, however fast the start fades"
    )


def test_at_power_one_a_small_rate_is_held_up_by_its_start(loss_exponent):
    assert close(loss_exponent(base_lr=0.1, power=1.0, curvature=1.0), 0.2), (
        "the start fades as t ** (-2 * 0.1), more slowly than the floor"
    )


def test_the_curvature_helps_to_forget(loss_exponent):
    assert close(loss_exponent(base_lr=0.1, power=1.0, curvature=3.0), 0.6), (
        "2 * 0.1 * 3: only the product of rate and curvature counts"
    )


@pytest.mark.points(0)
def test_beyond_power_one_the_run_stops(loss_exponent):
    assert close(loss_exponent(base_lr=0.5, power=1.5, curvature=1.0), 0.0), (
        "all its rates together are finite, so part of the start is there for ever"
    )


@agrees_with(theory.loss_exponent, points=3)
def test_random_laws_fall_as_you_say(rng):
    """run it for ten times as many steps: by which factor does the loss fall?"""
    power = float(rng.choice([0.0, rng.uniform(0, 1), 1.0, 1.0, rng.uniform(1, 2)]))
    return {
        "base_lr": float(10 ** rng.uniform(-2, 0.5)),
        "power": power,
        "curvature": float(10 ** rng.uniform(-0.5, 0.5)),
    }


MISTAKES = Mistakes(
    see="Rates that fall for ever",
    follows_the_floor_always=Edit(
        "You let the loss follow the floor at power 1, too: a small rate does not "
        "forget its start as fast.",
        {"min(1.0, 2 * base_lr * curvature)": "1.0"},
    ),
    follows_the_start_always=Edit(
        "You forget the floor: the start may fade as fast as it likes, the loss cannot "
        "fall faster than 1 / t.",
        {"min(1.0, 2 * base_lr * curvature)": "2 * base_lr * curvature"},
    ),
    sees_the_faster_one=Edit(
        "You take the larger power: of two things that fade, the slower one is left.",
        {"min(1.0": "max(1.0"},
    ),
    forgets_the_square=Edit(
        "Your start fades as w does: the loss goes with w ** 2, twice the power.",
        {"2 * base_lr": "base_lr"},
    ),
    forgets_the_curvature=Edit(
        "You leave out the curvature: it is what makes the start fade.",
        {" * curvature": ""},
    ),
    never_stops=Edit(
        "Beyond power 1 your loss still falls: but its rates add up to a finite way.",
        {"return 0.0": "return power"},
    ),
    follows_the_square_of_the_rate=Edit(
        "Your loss falls with the square of the rate: what is let in goes with it, and "
        "is forgotten at the rate itself, so one power is left.",
        {"return power\n": "return 2 * power\n"},
    ),
    stops_at_the_best=Edit(
        "Beyond power 1 you let the loss fall as 1 / t: but its rates add up to a "
        "finite way, and part of the start is there for ever.",
        {
            "return 0.0": "return 1.0",
        },
    ),
    gives_up_below_one_half=Edit(
        "You give up at powers of 1/2 and below: the condition on the squares makes "
        "single runs arrive. The expected loss follows the rate at any power below 1.",
        {
            "power < 1": "0.5 < power < 1",
        },
    ),
    counts_the_start_below_one=Edit(
        "Below power 1 you let the start count: it fades faster than any power there,"
        " so base_lr and curvature do not matter.",
        {
            "return power\n": "return min(power, 2 * base_lr * curvature)\n",
        },
    ),
    puts_a_sign=Edit(
        "Your exponent is negative: the loss falls as step**-exponent, and there the "
        "sign stands already.",
        {
            "return power\n": "return -power\n",
            "return min(1.0": "return -min(1.0",
        },
    ),
)

EQUIVALENT = {
    "base_lr, curvature = (curvature, base_lr)": "only their product counts",
}
