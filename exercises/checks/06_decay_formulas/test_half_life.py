"""half_life, chapter 06: Half-life."""

import pytest

from lrcourse import theory
from lrcourse.grading import Edit, Mistakes, close, raises

HINTS = [
    "Take one family at a time, set its share to one half, and solve for t.",
    "The exponential needs a logarithm, and the logarithm of gamma is negative.",
    "In the other two, undo the power first: a root, so an exponent of 1 / power.",
    "The last line raises ValueError, for every name that has no branch.",
]


def test_a_factor_of_a_quarter_halves_in_half_a_step(half_life):
    steps = half_life("exponential", gamma=0.25)
    assert close(steps, 0.5), "a quarter is two halvings, so one takes half a step"


def test_a_half_in_ten_steps_halves_in_ten(half_life):
    steps = half_life("exponential", gamma=0.5 ** (1 / 10))
    assert close(steps, 10.0), "ten steps of this factor make one half"


def test_inverse_time_halves_in_one_over_k(half_life):
    steps = half_life("inverse power", k=0.01, power=1)
    assert close(steps, 100.0), "when is 1 + 0.01 * t equal to 2?"


def test_an_inverse_root_takes_three_times_as_long_to_halve(half_life):
    steps = half_life("inverse power", k=0.01, power=0.5)
    assert close(steps, 300.0), "when is the root of 1 + 0.01 * t equal to 2?"


def test_a_straight_line_halves_half_way(half_life):
    steps = half_life("polynomial", total_steps=100, power=1)
    assert close(steps, 50.0), "when is 1 - t / 100 equal to one half?"


def test_a_root_halves_after_three_quarters_of_the_way(half_life):
    steps = half_life("polynomial", total_steps=100, power=0.5)
    assert close(steps, 75.0), "when is the root of 1 - t / 100 equal to one half?"


def test_an_unknown_family_is_a_value_error(half_life):
    assert raises("ValueError", half_life, "exponentail", gamma=0.5), (
        "a misspelt name should not pass in silence"
    )


@pytest.mark.points(2)
def test_half_lives_are_right_for_random_settings(half_life, rng):
    for _ in range(20):
        gamma, k = rng.uniform(0.1, 0.999), 10 ** rng.uniform(-4, 0)
        power, total_steps = rng.uniform(0.3, 4), int(rng.integers(10, 5000))
        got = [
            half_life("exponential", gamma=gamma),
            half_life("inverse power", k=k, power=power),
            half_life("polynomial", total_steps=total_steps, power=power),
        ]
        expected = [
            theory.half_life_exponential(gamma),
            theory.half_life_inverse_power(k, power),
            theory.half_life_polynomial(total_steps, power),
        ]
        assert close(got, expected), (
            "put your answer back into the share: exponential, inverse power, "
            "polynomial, is each of them one half?"
        )


MISTAKES = Mistakes(
    see="Half-life",
    has_one_formula_for_all=Edit(
        "You use ln 2 / k for the inverse power too: that is the half-life of exp(-k "
        "* step).",
        {"(2 ** (1 / power) - 1) / k": "math.log(2) / k"},
    ),
    has_ln_2_over_what_is_lost=Edit(
        "Your exponential has ln 2 / (1 - gamma): that is close for a gamma near 1, "
        "and never exact.",
        {"math.log(0.5) / math.log(gamma)": "math.log(2) / (1 - gamma)"},
    ),
    is_upside_down=Edit(
        "Your exponential answers how many half-lives a step has: it is the other way "
        "round.",
        {
            "math.log(0.5) / math.log(gamma)": "math.log(gamma) / math.log(0.5)",
        },
    ),
    counts_whole_steps=Edit(
        "You count whole steps: a half-life need not be a whole number.",
        {
            "math.log(0.5) / math.log(gamma)": "math.ceil(math.log(0.5) / "
            "math.log(gamma) - 1e-9)",
            "(2 ** (1 / power) - 1) / k": "math.ceil((2 ** (1 / power) - 1) "
            "/ k - 1e-9)",
            "total_steps * (1 - 0.5 ** (1 / power))": "math.ceil(total_steps * "
            "(1 - 0.5 ** (1 / power)) - 1e-9)",
        },
    ),
    ignores_the_power_of_the_inverse=Edit(
        "You leave the power out of the inverse power: 1 / k is its half-life for "
        "power 1 only.",
        {"(2 ** (1 / power) - 1) / k": "1 / k"},
    ),
    ignores_the_power_of_the_polynomial=Edit(
        "You leave the power out of the polynomial: half of the way is its half-life "
        "for power 1 only.",
        {"total_steps * (1 - 0.5 ** (1 / power))": "total_steps / 2"},
    ),
    raises_where_it_takes_a_root=Edit(
        "You raise to the power where you solve for the step: a power is undone by a "
        "root, 1 / power.",
        {"2 ** (1 / power)": "2**power", "0.5 ** (1 / power)": "0.5**power"},
    ),
    answers_how_much_is_left=Edit(
        "Your polynomial answers how far it is from its end: count the steps from its "
        "start.",
        {"(1 - 0.5 ** (1 / power))": "0.5 ** (1 / power)"},
    ),
    is_negative=Edit(
        "Your exponential was at half before it began: the logarithm of gamma is "
        "negative.",
        {"math.log(0.5)": "math.log(2)"},
    ),
    says_nothing_to_other_families=Edit(
        "You return nothing for a family you do not know: a misspelt name should "
        "raise ValueError.",
        {'raise ValueError(f"no such family: {family}")': "return None"},
    ),
)
