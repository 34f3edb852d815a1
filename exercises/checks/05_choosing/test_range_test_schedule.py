"""range_test_schedule, chapter 05: One run instead of nine."""

from lrcourse.grading import Curve, Edit, Mistakes, agrees_with, close
from lrcourse.training import range_test_schedule as of_the_library

HINTS = [
    "Write down the rates from 1 to 16 in three updates.",
    "Each rate is the one before, times one factor. How often is it applied in all?",
    "Between `steps` rates there are `steps` - 1 gaps.",
    "The factor is the root of that order of max_lr / min_lr.",
]


def _rates(min_lr, max_lr, steps):
    plan = of_the_library(min_lr, max_lr, steps)
    return [plan(step) for step in range(steps)]


CURVE = Curve(
    range(41),
    call=lambda answer, step: answer(0.001, 1.0, 41)[step],
    expected=lambda step: _rates(0.001, 1.0, 41)[step],
)


def test_three_rates_from_1_to_16(range_test_schedule):
    assert close(range_test_schedule(1.0, 16.0, 3), [1.0, 4.0, 16.0]), (
        "two gaps between three rates, each a factor of 4"
    )


def test_two_rates_are_the_two_ends(range_test_schedule):
    assert close(range_test_schedule(0.5, 2.0, 2), [0.5, 2.0]), (
        "the first update uses min_lr, the last one max_lr"
    )


def test_a_decade_an_update(range_test_schedule):
    assert close(range_test_schedule(0.001, 10.0, 5), [0.001, 0.01, 0.1, 1.0, 10.0]), (
        "four factors of ten"
    )


def test_there_are_as_many_rates_as_updates(range_test_schedule):
    assert close(len(range_test_schedule(0.001, 1.0, 40)), 40), "one rate an update"


@agrees_with(_rates, points=2)
def test_random_tests_rise_by_one_factor(rng):
    """from min_lr to max_lr, both used, by the same factor at every update"""
    min_lr = float(10 ** rng.uniform(-6, -2))
    return {
        "min_lr": min_lr,
        "max_lr": min_lr * float(10 ** rng.uniform(1, 5)),
        "steps": int(rng.integers(2, 60)),
    }


MISTAKES = Mistakes(
    see="One run instead of nine",
    rises_in_a_straight_line=Edit(
        "Your rates rise by the same difference: nearly all of the test is then spent "
        "in the last power of ten.",
        {
            "(max_lr / min_lr) ** (1 / (steps - 1))": (
                "(max_lr - min_lr) / (steps - 1)"
            ),
            "min_lr * factor**step": "min_lr + factor * step",
        },
    ),
    never_reaches_the_top=Edit(
        "Your last rate stays one factor below max_lr: `steps` rates have `steps` - 1 "
        "gaps.",
        {"(steps - 1)": "steps"},
    ),
    leaves_out_the_bottom=Edit(
        "Your first rate is one factor above min_lr: the first update uses min_lr.",
        {"factor**step": "factor ** (step + 1)"},
    ),
    returns_one_too_many=Edit(
        "You return a rate more than there are updates.",
        {"range(steps)": "range(steps + 1)"},
    ),
    returns_one_too_few=Edit(
        "You stop one update early: max_lr is never used.",
        {"range(steps)": "range(steps - 1)"},
    ),
    falls=Edit(
        "Your rates fall from max_lr to min_lr: a test climbs, so that the run is "
        "still whole when it meets the high rates.",
        {"min_lr * factor**step": "max_lr / factor**step"},
    ),
    multiplies_by_the_step=Edit(
        "You multiply the factor by the step: applied again and again it is a power.",
        {"factor**step": "(1 + factor * step)"},
    ),
    rises_by_tens=Edit(
        "You always multiply by ten: the factor follows from the two ends and the "
        "number of updates.",
        {"(max_lr / min_lr) ** (1 / (steps - 1))": "10"},
    ),
    divides_the_factor=Edit(
        "You divide max_lr / min_lr by the number of gaps: the factor is applied that "
        "often, so take the root of that order.",
        {"(max_lr / min_lr) ** (1 / (steps - 1))": "max_lr / min_lr / (steps - 1)"},
    ),
    takes_rates_for_exponents=Edit(
        "You give np.logspace the rates: it wants their exponents to base 10. "
        "np.geomspace takes rates.",
        {
            "factor = (max_lr / min_lr) ** (1 / (steps - 1))": (
                "factor = (max_lr - min_lr) / (steps - 1)"
            ),
            "min_lr * factor**step": "10 ** (min_lr + factor * step)",
        },
    ),
    mixes_two_bases=Edit(
        "You raise 10 to natural logarithms: exponents to base 10 are log10's, and "
        "np.geomspace needs none.",
        {
            "factor = (max_lr / min_lr) ** (1 / (steps - 1))": (
                "low, high = math.log(min_lr), math.log(max_lr)"
            ),
            "min_lr * factor**step": "10 ** (low + (high - low) * step / (steps - 1))",
        },
    ),
    doubles_until_the_top=Edit(
        "You double until max_lr is reached: the factor follows from both ends and "
        "the number of updates.",
        {
            "(max_lr / min_lr) ** (1 / (steps - 1))": "2",
            "min_lr * factor**step": "min(min_lr * factor**step, max_lr)",
        },
    ),
)
