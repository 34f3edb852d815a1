"""Bad settings: every one is refused, by name, with its value and what is allowed."""

import inspect
import math
import re
from fractions import Fraction

import numpy as np
import pytest

from lrcourse import schedules
from tests.schedules.test_schedules import EVERY

RATE = "zero or more and finite"
POSITIVE = "positive and finite"
COUNT = "a positive integer"
COUNT_OR_ZERO = "an integer, zero or more"
SHARE = "above 0 and at most 1"
DIVISOR = "at least 1 and finite"
ALLOWED = {
    "base_lr": RATE,
    "max_lr": RATE,
    "min_lr": RATE,
    "k": RATE,
    "factor": RATE,
    "start": POSITIVE,
    "end": POSITIVE,
    "power": POSITIVE,
    "decay_steps": POSITIVE,
    "half_life": POSITIVE,
    "gamma": SHARE,
    "rate": SHARE,
    "warmup_share": SHARE,
    "start_div": DIVISOR,
    "end_div": DIVISOR,
    "total_steps": COUNT,
    "warmup_steps": COUNT,
    "cooldown_steps": COUNT,
    "period": COUNT,
    "half_period": COUNT,
    "first_period": COUNT,
    "period_mult": COUNT,
    "stop": COUNT,
}
NOT_NUMBERS = [math.nan, math.inf, -math.inf, -1, True, False, None, [3], 3j]
BAD = {
    RATE: [*NOT_NUMBERS, -1e-9],
    POSITIVE: [*NOT_NUMBERS, 0, 0.0, -0.5],
    SHARE: [*NOT_NUMBERS, 0, 0.0, 1.0000001, 2],
    DIVISOR: [*NOT_NUMBERS, 0, 0.99],
    COUNT: [*NOT_NUMBERS, 0, 3.0, 2.5, np.bool_(True)],
    COUNT_OR_ZERO: [*NOT_NUMBERS, 3.0, 2.5, np.bool_(True)],
}
MAY_BE_ZERO = {("warmup", "warmup_steps"), ("wsd", "warmup_steps")}
GOOD = {
    "base_lr": 0.1,
    "max_lr": 0.1,
    "min_lr": 0.01,
    "gamma": 0.9,
    "k": 0.1,
    "power": 2,
    "period": 3,
    "half_period": 3,
    "first_period": 3,
    "period_mult": 2,
    "milestones": [3, 6],
    "total_steps": 20,
    "warmup_steps": 3,
    "cooldown_steps": 3,
    "warmup_share": 0.3,
    "start_div": 25.0,
    "end_div": 1e4,
    "start": 2,
    "end": 1.0,
    "stop": 5,
    "schedules": [schedules.constant(0.1)],
    "boundaries": [],
    "schedule": schedules.constant(0.1),
    "factor": 0.5,
    "shape": "1-sqrt",
    "rate": 0.5,
    "decay_steps": 10,
    "half_life": 10,
}
FACTORIES = {
    name: function
    for name, function in vars(schedules).items()
    if inspect.isfunction(function)
    and inspect.signature(function).return_annotation == schedules.Schedule
}
CONVERSIONS = {
    name: function
    for name, function in vars(schedules).items()
    if name.startswith("gamma_")
}
NUMBERS = [
    pytest.param(
        function,
        argument,
        COUNT_OR_ZERO if (name, argument) in MAY_BE_ZERO else ALLOWED[argument],
        id=f"{name}-{argument}",
    )
    for name, function in (FACTORIES | CONVERSIONS).items()
    for argument in inspect.signature(function).parameters
    if argument in ALLOWED and (name, argument) != ("hold", "start")
]


def test_the_tables_above_are_about_all_of_them():
    assert FACTORIES.keys() == EVERY.keys()
    assert CONVERSIONS


@pytest.mark.parametrize(("function", "argument", "allowed"), NUMBERS)
def test_a_bad_number_is_refused_by_name_with_what_is_allowed(
    function, argument, allowed
):
    for value in BAD[allowed]:
        with _refused(f"{argument} must be {allowed}, got {value!r}"):
            function(**_good_settings(function) | {argument: value})


@pytest.mark.parametrize("text", ["1e-3", "3", ""])
@pytest.mark.parametrize(("function", "argument", "allowed"), NUMBERS)
def test_a_text_is_no_number_even_if_it_spells_one(function, argument, allowed, text):
    with _refused(f"{argument} must be {allowed}: a number, got the text {text!r}"):
        function(**_good_settings(function) | {argument: text})


@pytest.mark.parametrize("function", (FACTORIES | CONVERSIONS).values())
def test_good_settings_are_taken_as_any_kind_of_number(function):
    kinds = {int: np.int64, float: np.float64}
    good = _good_settings(function)
    other = {name: kinds.get(type(v), lambda v: v)(v) for name, v in good.items()}
    ours, same = function(**good), function(**other)
    if callable(ours):
        assert [ours(step) for step in range(30)] == [same(step) for step in range(30)]
    else:
        assert ours == same


def test_fractions_are_numbers_too():
    assert schedules.constant(Fraction(1, 4))(0) == 0.25
    assert type(schedules.constant(Fraction(1, 4))(0)) is float


@pytest.mark.parametrize("function", FACTORIES.values())
def test_a_number_of_low_precision_is_counted_with_in_full(function):
    good = _good_settings(function)
    low = {n: np.float32(v) if type(v) is float else v for n, v in good.items()}
    full = {n: float(np.float32(v)) if type(v) is float else v for n, v in good.items()}
    ours, same = function(**low), function(**full)
    assert [ours(step) for step in range(30)] == [same(step) for step in range(30)]
    assert {type(ours(step)) for step in range(30)} <= {float, int}


def test_a_number_of_the_wrong_kind_is_named_as_it_was_meant():
    with _refused("total_steps must be a positive integer, got 3.0"):
        schedules.linear(0.1, np.float64(3))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: schedules.cosine(max_lr=0.1, total_steps=10, min_lr=0.2),
            "min_lr must be at most max_lr=0.1, got 0.2",
        ),
        (
            lambda: schedules.triangular(min_lr=0.2, max_lr=0.1, half_period=10),
            "min_lr must be at most max_lr=0.1, got 0.2",
        ),
        (
            lambda: schedules.temperature(0.1, start=0.5, end=0.6, total_steps=10),
            "end must be at most start=0.5, got 0.6: it cools",
        ),
        (
            lambda: schedules.one_cycle(0.1, total_steps=9, warmup_share=0.1),
            "warmup_share must lie above 1 / (total_steps + 1) and below 1, so that "
            "climb and fall both have steps; got 0.1 with total_steps=9, where the "
            "peak is at step 0",
        ),
        (
            lambda: schedules.one_cycle(0.1, total_steps=9, warmup_share=1.0),
            "warmup_share must lie above 1 / (total_steps + 1) and below 1, so that "
            "climb and fall both have steps; got 1.0 with total_steps=9, where the "
            "peak is at step 9",
        ),
        (
            lambda: schedules.wsd(0.1, 10, warmup_steps=5, cooldown_steps=6),
            "warmup_steps + cooldown_steps must be at most total_steps=10, got 5 + 6",
        ),
        (
            lambda: schedules.wsd(0.1, 10, 1, 1, min_lr=0.2),
            "min_lr must be at most max_lr=0.1, got 0.2",
        ),
        (
            lambda: schedules.wsd(0.1, 10, 1, 1, shape="sqrt"),
            "shape must be one of linear, 1-sqrt, got 'sqrt'",
        ),
        (
            lambda: schedules.join([schedules.constant(0.1)] * 2, []),
            "join needs one boundary fewer than schedules, "
            "got 2 schedules and 0 boundaries",
        ),
        (
            lambda: schedules.join([], []),
            "join needs one boundary fewer than schedules, "
            "got 0 schedules and 0 boundaries",
        ),
        (
            lambda: schedules.join([schedules.constant(0.1), 0.2], [3]),
            "each of schedules must be a function from step to learning rate, got 0.2",
        ),
        (
            lambda: schedules.join(0.1, [3]),
            "schedules must be a list of schedules, got 0.1",
        ),
        (
            lambda: schedules.warmup(0.1, 3),
            "schedule must be a function from step to learning rate, got 0.1",
        ),
        (
            lambda: schedules.scale(None, 3),
            "schedule must be a function from step to learning rate, got None",
        ),
        (
            lambda: schedules.hold(0.1, 2, 3),
            "schedule must be a function from step to learning rate, got 0.1",
        ),
        (
            lambda: schedules.hold(schedules.constant(0.1), start=5, stop=5),
            "stop must be after start=5, got 5",
        ),
        (
            lambda: schedules.hold(schedules.constant(0.1), start=-1, stop=5),
            "start must be an integer, zero or more, got -1",
        ),
        (
            lambda: schedules.hold(schedules.constant(0.1), start=2.0, stop=5),
            "start must be an integer, zero or more, got 2.0",
        ),
    ],
)
def test_settings_that_do_not_fit_together_are_refused(make, message):
    with _refused(message):
        make()


@pytest.mark.parametrize(
    "value", [[60, 30], [30, 30], [0, 30], [-5], [30.0], [True, 5], 30, None, "30"]
)
def test_milestones_and_boundaries_out_of_order_are_refused(value):
    order = f"must be positive integers in rising order, got {value!r}"
    with _refused(f"milestones {order}"):
        schedules.multi_step(0.1, gamma=0.5, milestones=value)
    with _refused(f"boundaries {order}"):
        schedules.join([schedules.constant(0.1)] * 2, value)


def _refused(message):
    return pytest.raises(ValueError, match=f"^{re.escape(message)}$")


def _good_settings(function):
    return {name: GOOD[name] for name in inspect.signature(function).parameters}
