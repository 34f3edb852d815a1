"""Checks for chapter 6, the decay formulas."""

import math

import pytest

from lrcourse import schedules, theory
from lrcourse.grading import AnswerRaised, Curve, close

FORBIDDEN = (
    "lrcourse.schedules",
    "lrcourse.theory",
    "lrcourse.training",
    "torch.optim.lr_scheduler",
    "keras",
    "optax",
)

HINTS = {
    "exponential_lr": [
        "What is the rate of the first update, of the second, of the third?",
        "By how many gammas has base_lr been multiplied at update `step`?",
        "Multiplying by the same number again and again is a power: **.",
    ],
    "gamma_from": [
        "Write down what decay_steps updates with your factor do to the rate.",
        "gamma ** decay_steps = rate: what undoes a power?",
        "The n-th root of x is x ** (1 / n).",
    ],
    "half_life": [
        "Take one family at a time, set its share to one half, and solve for t.",
        "The exponential needs a logarithm, and the logarithm of gamma is negative.",
        "In the other two, undo the power first: a root, so an exponent of 1 / power.",
        "The last line raises ValueError, for every name that has no branch.",
    ],
    "staircase_lr": [
        "How many drops are behind you at update period - 1? At update period?",
        "Count whole periods only: a period that has begun has not passed.",
        "Python's // divides and rounds down.",
    ],
    "inverse_time_lr": [
        "No loop: the step alone says what base_lr is divided by.",
        "The divisor is 1 at step 0, and grows by k at every step.",
        "Mind the brackets: the whole sum stands below the line.",
    ],
    "polynomial_lr": [
        "How much of the way is done at `step`? Call it progress, from 0 to 1.",
        "Progress stops at 1: which built-in function holds a number down?",
        "The way from max_lr to min_lr is max_lr - min_lr; min_lr remains at its end.",
    ],
    "cosine_lr": [
        "How much of the way is done at `step`? Call it progress, from 0 to 1.",
        "The cosine goes from 1 to -1 while its angle goes from 0 to half a turn.",
        "Add 1 and halve it: now it goes from 1 to 0, as a share should.",
        "Multiply the share by the way, max_lr - min_lr, and add min_lr.",
    ],
    "temperature_lr": [
        "How much of the way is done at `step`? Call it progress, from 0 to 1.",
        "At the end the temperature has been multiplied by end / start in all.",
        "The same factor at each step, so that share of the way is a power of it.",
        "The rate is proportional to the temperature: no exp is needed.",
    ],
}

CURVES = {
    "exponential_lr": Curve(
        x=range(0, 151),
        call=lambda exponential_lr, step: exponential_lr(step, base_lr=0.1, gamma=0.97),
        expected=schedules.exponential(0.1, 0.97),
    ),
    "staircase_lr": Curve(
        x=range(0, 151),
        call=lambda staircase_lr, step: staircase_lr(
            step, base_lr=0.1, gamma=0.5, period=40
        ),
        expected=schedules.step_decay(0.1, 0.5, 40),
    ),
    "inverse_time_lr": Curve(
        x=range(0, 151),
        call=lambda inverse_time_lr, step: inverse_time_lr(step, base_lr=0.1, k=0.05),
        expected=schedules.inverse_time(0.1, 0.05),
    ),
    "polynomial_lr": Curve(
        x=range(0, 151),
        call=lambda polynomial_lr, step: polynomial_lr(
            step, max_lr=0.1, total_steps=100, power=2, min_lr=0.02
        ),
        expected=schedules.polynomial(0.1, 100, 2, 0.02),
    ),
    "cosine_lr": Curve(
        x=range(0, 151),
        call=lambda cosine_lr, step: cosine_lr(
            step, max_lr=0.1, total_steps=100, min_lr=0.02
        ),
        expected=schedules.cosine(0.1, 100, 0.02),
    ),
    "temperature_lr": Curve(
        x=range(0, 151),
        call=lambda temperature_lr, step: temperature_lr(
            step, base_lr=0.1, start=1.0, end=0.1, total_steps=100
        ),
        expected=schedules.temperature(0.1, 1.0, 0.1, 100),
    ),
}


# exponential_lr


def test_the_exponential_starts_at_base_lr(exponential_lr):
    lr = exponential_lr(0, base_lr=0.1, gamma=0.5)
    assert close(lr, 0.1), "the first update is step 0: nothing has decayed yet"


def test_the_second_update_uses_gamma_times_base_lr(exponential_lr):
    lr = exponential_lr(1, base_lr=0.1, gamma=0.5)
    assert close(lr, 0.05), "half of 0.1, once"


def test_three_steps_of_one_half_leave_an_eighth(exponential_lr):
    lr = exponential_lr(3, base_lr=0.8, gamma=0.5)
    assert close(lr, 0.1), "0.8, 0.4, 0.2, 0.1: which share is left after three steps?"


@pytest.mark.points(2)
def test_the_exponential_is_right_for_random_settings(exponential_lr, rng):
    for _ in range(20):
        base_lr, gamma = 10 ** rng.uniform(-4, 0), rng.uniform(0.5, 1)
        step = int(rng.integers(0, 200))
        expected = schedules.exponential(base_lr, gamma)(step)
        assert close(exponential_lr(step, base_lr, gamma), expected), (
            "every step multiplies by gamma, from base_lr at step 0"
        )


# gamma_from


def test_a_quarter_in_two_steps_is_a_half_in_each(gamma_from):
    gamma = gamma_from(rate=0.25, decay_steps=2)
    assert close(gamma, 0.5), "which factor, used twice, makes a quarter?"


def test_in_one_step_gamma_is_the_rate_itself(gamma_from):
    gamma = gamma_from(rate=0.9, decay_steps=1)
    assert close(gamma, 0.9), "in one step: that is the definition of gamma"


def test_gamma_used_for_all_steps_gives_the_rate(gamma_from):
    gamma = gamma_from(rate=0.96, decay_steps=1000)
    assert close(gamma**1000, 0.96), (
        "1000 steps should multiply by 0.96, to all digits: 0.99996 is not it"
    )


@pytest.mark.points(2)
def test_gamma_is_right_for_random_settings(gamma_from, rng):
    for _ in range(20):
        rate, decay_steps = rng.uniform(0.05, 1), int(rng.integers(1, 5000))
        expected = schedules.gamma_from_rate(rate, decay_steps)
        assert close(gamma_from(rate, decay_steps), expected, rtol=1e-12), (
            "your factor to the power of decay_steps should be the rate"
        )


# half_life


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
    raised = _exception(half_life, "exponentail", gamma=0.5)
    assert raised == "ValueError", "a misspelt name should not pass in silence"


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


# staircase_lr


def test_the_staircase_starts_at_base_lr(staircase_lr):
    lr = staircase_lr(0, base_lr=0.8, gamma=0.5, period=10)
    assert close(lr, 0.8), "the first update is step 0: nothing has dropped yet"


def test_the_second_update_is_on_the_first_stair_too(staircase_lr):
    lr = staircase_lr(1, base_lr=0.8, gamma=0.5, period=10)
    assert close(lr, 0.8), "level for ten updates: this is the second of them"


def test_the_last_update_of_a_period_is_on_the_first_stair_too(staircase_lr):
    lr = staircase_lr(9, base_lr=0.8, gamma=0.5, period=10)
    assert close(lr, 0.8), "updates 0 to 9 are ten: the last of them is still level"


def test_update_period_is_the_first_on_the_next_stair(staircase_lr):
    lr = staircase_lr(10, base_lr=0.8, gamma=0.5, period=10)
    assert close(lr, 0.4), "ten updates are finished, so the eleventh drops"


def test_after_three_periods_it_has_dropped_three_times(staircase_lr):
    lr = staircase_lr(35, base_lr=0.8, gamma=0.5, period=10)
    assert close(lr, 0.1), "0.8, 0.4, 0.2, 0.1: how many periods have passed?"


@pytest.mark.points(2)
def test_the_staircase_is_right_for_random_settings(staircase_lr, rng):
    for _ in range(20):
        base_lr, gamma = 10 ** rng.uniform(-4, 0), rng.uniform(0.1, 0.9)
        period, stair = int(rng.integers(2, 300)), int(rng.integers(0, 8))
        step = max(period * stair + int(rng.integers(-1, 2)), 0)
        expected = schedules.step_decay(base_lr, gamma, period)(step)
        assert close(staircase_lr(step, base_lr, gamma, period), expected), (
            "look at the updates around the edge of a stair"
        )


# inverse_time_lr


def test_inverse_time_starts_at_base_lr(inverse_time_lr):
    lr = inverse_time_lr(0, base_lr=0.1, k=0.01)
    assert close(lr, 0.1), "the first update is step 0: divided by 1"


def test_inverse_time_has_halved_when_k_times_step_is_one(inverse_time_lr):
    lr = inverse_time_lr(100, base_lr=0.1, k=0.01)
    assert close(lr, 0.05), "what is 1 + k * step at step 100?"


def test_inverse_time_is_at_a_quarter_when_k_times_step_is_three(inverse_time_lr):
    lr = inverse_time_lr(6, base_lr=0.8, k=0.5)
    assert close(lr, 0.2), "what is 1 + 0.5 * 6? Count from the first rate"


@pytest.mark.points(2)
def test_inverse_time_is_right_for_random_settings(inverse_time_lr, rng):
    for _ in range(20):
        base_lr, k = 10 ** rng.uniform(-4, 0), 10 ** rng.uniform(-3, 0)
        step = int(rng.integers(0, 300))
        expected = schedules.inverse_time(base_lr, k)(step)
        assert close(inverse_time_lr(step, base_lr, k), expected), (
            "the first rate, divided by 1 + k * step, once"
        )


# polynomial_lr


def test_the_polynomial_starts_at_max_lr(polynomial_lr):
    lr = polynomial_lr(0, max_lr=0.1, total_steps=100, power=2, min_lr=0.02)
    assert close(lr, 0.1), "at step 0 it is max_lr, whatever min_lr is"


def test_power_one_is_a_straight_line(polynomial_lr):
    lr = polynomial_lr(25, max_lr=0.8, total_steps=100, power=1)
    assert close(lr, 0.6), "a quarter of the way is done, three quarters are left"


def test_half_way_a_square_has_a_quarter_left(polynomial_lr):
    lr = polynomial_lr(50, max_lr=0.1, total_steps=100, power=2, min_lr=0.02)
    assert close(lr, 0.04), "0.02 and a quarter of the 0.08 between the two ends"


def test_the_polynomial_reaches_min_lr_at_total_steps(polynomial_lr):
    lr = polynomial_lr(100, max_lr=0.1, total_steps=100, power=2, min_lr=0.02)
    assert close(lr, 0.02), "at step total_steps nothing is left of the way"


def test_after_the_end_the_polynomial_stays_at_min_lr(polynomial_lr):
    lr = polynomial_lr(150, max_lr=0.1, total_steps=100, power=2, min_lr=0.02)
    assert close(lr, 0.02), "what is (1 - 150 / 100) squared?"


def test_after_the_end_a_root_is_still_a_real_number(polynomial_lr):
    lr = polynomial_lr(101, max_lr=0.1, total_steps=100, power=0.5, min_lr=0.02)
    assert close(lr, 0.02), "the root of a negative number: progress should end at 1"


@pytest.mark.points(2)
def test_the_polynomial_is_right_for_random_settings(polynomial_lr, rng):
    for _ in range(20):
        min_lr, total_steps = rng.uniform(0, 0.1), int(rng.integers(2, 500))
        max_lr, power = min_lr + rng.uniform(0.1, 1), rng.uniform(0.3, 4)
        step = int(rng.integers(0, 2 * total_steps))
        expected = schedules.polynomial(max_lr, total_steps, power, min_lr)(step)
        lr = polynomial_lr(step, max_lr, total_steps, power, min_lr)
        assert close(lr, expected, rtol=1e-9, atol=1e-12), (
            "the way, times what is left of it to the power, on top of the floor"
        )


# cosine_lr


def test_the_cosine_starts_at_max_lr(cosine_lr):
    lr = cosine_lr(0, max_lr=0.1, total_steps=100, min_lr=0.02)
    assert close(lr, 0.1), "at step 0 it is max_lr, whatever min_lr is"


def test_half_way_the_cosine_is_half_way_between_the_two_ends(cosine_lr):
    lr = cosine_lr(50, max_lr=0.1, total_steps=100, min_lr=0.02)
    assert close(lr, 0.06), "(0.1 + 0.02) / 2 = 0.06: is min_lr in both terms?"


def test_a_third_of_the_way_the_cosine_has_fallen_a_quarter(cosine_lr):
    lr = cosine_lr(1, max_lr=1.0, total_steps=3)
    assert close(lr, 0.75), "cos(pi / 3) = 1/2, so (1 + 1/2) / 2 = 0.75"


def test_the_cosine_reaches_min_lr_at_total_steps(cosine_lr):
    lr = cosine_lr(100, max_lr=0.1, total_steps=100, min_lr=0.02)
    assert close(lr, 0.02), "T is half a period: there the cosine is at its lowest"


def test_after_the_end_the_cosine_stays_at_min_lr(cosine_lr):
    lr = cosine_lr(150, max_lr=0.1, total_steps=100, min_lr=0.02)
    assert close(lr, 0.02), "a cosine climbs again after its half period"


@pytest.mark.points(2)
def test_the_cosine_is_right_for_random_settings(cosine_lr, rng):
    for _ in range(20):
        min_lr, total_steps = rng.uniform(0, 0.1), int(rng.integers(2, 500))
        max_lr = min_lr + rng.uniform(0.1, 1)
        step = int(rng.integers(0, 2 * total_steps))
        expected = schedules.cosine(max_lr, total_steps, min_lr)(step)
        lr = cosine_lr(step, max_lr, total_steps, min_lr)
        assert close(lr, expected, rtol=1e-9, atol=1e-12), (
            "half a cosine from max_lr to min_lr, level after it"
        )


# temperature_lr


def test_the_first_update_is_the_hottest(temperature_lr):
    lr = temperature_lr(0, base_lr=0.1, start=4.0, end=1.0, total_steps=100)
    assert close(lr, 0.4), "the temperature is 4 there, and the rate 0.1 times it"


def test_the_temperature_reaches_its_end_at_total_steps(temperature_lr):
    lr = temperature_lr(100, base_lr=0.1, start=4.0, end=1.0, total_steps=100)
    assert close(lr, 0.1), "the temperature is 1 there: is the end really reached?"


def test_half_way_it_has_cooled_by_the_same_factor_as_from_there_on(temperature_lr):
    lr = temperature_lr(50, base_lr=0.1, start=4.0, end=1.0, total_steps=100)
    assert close(lr, 0.2), "4, then 2, then 1: half-way is the same factor from both"


def test_after_the_end_the_temperature_stays(temperature_lr):
    lr = temperature_lr(150, base_lr=0.1, start=4.0, end=1.0, total_steps=100)
    assert close(lr, 0.1), "the temperature is 1 at step 100, and then?"


@pytest.mark.points(2)
def test_the_temperature_is_right_for_random_settings(temperature_lr, rng):
    for _ in range(20):
        base_lr, start = 10 ** rng.uniform(-4, 0), rng.uniform(0.5, 5)
        end, total_steps = start * rng.uniform(0.01, 0.9), int(rng.integers(2, 300))
        step = int(rng.integers(0, 2 * total_steps))
        expected = schedules.temperature(base_lr, start, end, total_steps)(step)
        lr = temperature_lr(step, base_lr, start, end, total_steps)
        assert close(lr, expected), (
            "base_lr times a temperature that falls by the same factor at each step"
        )


def _exception(answer, *args, **kwargs):
    """Return the type of the exception that the call raises."""
    try:
        answer(*args, **kwargs)
    except AnswerRaised as error:
        return error.type
    return None
