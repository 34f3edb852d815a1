import math

import pytest

from lrcourse import schedules, theory

HALF_LIVES = [
    (schedules.exponential(0.1, gamma=0.97), theory.half_life_exponential(0.97)),
    (
        schedules.inverse_power(0.1, k=0.03, power=2.5),
        theory.half_life_inverse_power(k=0.03, power=2.5),
    ),
    (
        schedules.polynomial(0.1, total_steps=70, power=0.9),
        theory.half_life_polynomial(total_steps=70, power=0.9),
    ),
]


@pytest.mark.parametrize(("schedule", "half_life"), HALF_LIVES)
def test_a_half_life_is_where_the_rate_is_halved(schedule, half_life):
    assert schedule(half_life) == pytest.approx(0.05, rel=1e-12)


@pytest.mark.parametrize("gamma", [0.5, 0.96, 0.9999])
def test_every_way_to_write_an_exponential_has_the_same_half_life(gamma):
    half_life = theory.half_life_exponential(gamma)
    ways = [
        schedules.gamma_from_half_life(half_life),
        schedules.gamma_from_k(math.log(2) / half_life),
        schedules.gamma_from_rate(rate=0.5**3, decay_steps=3 * half_life),
    ]
    assert ways == pytest.approx([gamma] * 3, rel=1e-12)


def test_the_exponential_halves_at_a_steady_beat():
    schedule = schedules.exponential(0.1, schedules.gamma_from_half_life(20))
    steps = theory.halving_steps(schedule, count=4, last_step=100)
    assert steps == [20, 40, 60, 80]


def test_each_halving_of_inverse_time_takes_twice_as_long():
    schedule = schedules.inverse_time(0.1, k=0.1)
    assert theory.halving_steps(schedule, count=3, last_step=70) == [10, 30, 70]


def test_halvings_beyond_the_last_step_are_left_out():
    schedule = schedules.inverse_time(0.1, k=0.1)
    assert theory.halving_steps(schedule, count=3, last_step=69) == [10, 30]
    assert theory.halving_steps(schedules.constant(0.1), count=3, last_step=69) == []


def test_a_drop_past_two_halves_counts_twice():
    schedule = schedules.step_decay(0.1, gamma=0.1, period=5)
    assert theory.halving_steps(schedule, count=3, last_step=9) == [5, 5, 5]


@pytest.mark.parametrize("family", [schedules.linear, schedules.cosine])
def test_linear_and_cosine_spend_the_same(family):
    spent = theory.budget(family(0.2, total_steps=50), steps=50)
    assert spent == pytest.approx(0.2 * (50 + 1) / 2, rel=1e-12)


def test_the_exponential_never_spends_more_than_its_endless_sum():
    schedule = schedules.exponential(0.3, gamma=0.8)
    endless = theory.exponential_budget(0.3, gamma=0.8)
    assert theory.budget(schedule, steps=20) < endless
    assert theory.budget(schedule, steps=1000) == pytest.approx(endless, rel=1e-12)
    assert theory.budget(schedule, steps=20) == pytest.approx(
        endless * -math.expm1(20 * math.log(0.8)), rel=1e-12
    )


@pytest.mark.parametrize(
    ("formula", "arguments", "reason"),
    [
        (theory.half_life_exponential, (1.0,), "gamma"),
        (theory.half_life_exponential, (0.0,), "gamma"),
        (theory.half_life_inverse_power, (0.0, 1.0), "k must"),
        (theory.half_life_inverse_power, (0.1, -1.0), "power"),
        (theory.half_life_polynomial, (0, 1.0), "total_steps"),
        (theory.half_life_polynomial, (10, math.nan), "power"),
        (theory.halving_steps, (schedules.constant(0.0), 3, 10), "first_lr"),
        (theory.halving_steps, (schedules.constant(0.1), 0, 10), "count"),
        (theory.halving_steps, (schedules.constant(0.1), 3, -1), "last_step"),
    ],
)
def test_settings_outside_the_formula_are_refused(formula, arguments, reason):
    with pytest.raises(ValueError, match=reason):
        formula(*arguments)
