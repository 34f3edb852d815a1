"""What check files are written with: agreement with the library, curves, exceptions."""

import numpy as np
import pytest

from lrcourse.grading import Curve, agrees_with, raises
from lrcourse.grading.answers.errors import AnswerRaised
from lrcourse.schedules import cosine
from lrcourse.theory import effective_lr

SETTINGS = {"max_lr": 0.1, "total_steps": 100, "min_lr": 0.02}


def drawn(library, answer, settings, **how):
    """Run a check against `library` that draws these settings."""

    @agrees_with(library, **how)
    def test_it(rng):
        """look at
        the ends"""
        rng.random()
        return dict(settings)

    assert test_it.__name__ == "test_it"
    return test_it(answer, np.random.default_rng(0))


def test_a_schedule_is_asked_for_the_step_that_was_drawn():
    asked = []

    def answer(step, **settings):
        asked.append((step, settings))
        return cosine(**settings)(step)

    drawn(cosine, answer, SETTINGS | {"step": 30})
    assert asked == [(30, SETTINGS)] * 20


def test_any_other_function_takes_all_that_was_drawn():
    settings = {"lr": 0.1, "momentum": 0.9}
    drawn(effective_lr, effective_lr, settings)
    with pytest.raises(AssertionError):
        drawn(effective_lr, lambda lr, momentum: lr, settings)


def test_a_failure_says_the_docstring_and_both_values_as_a_check_file_s_assert():
    with pytest.raises(AssertionError) as failure:
        drawn(effective_lr, lambda lr, momentum: 0.5, {"lr": 0.1, "momentum": 0.9})
    said = str(failure.value).splitlines()
    assert said == ["look at the ends", "assert got 0.5, expected 1.0000000000000002"]


def test_tolerances_are_those_of_close():
    settings = {"lr": 0.1, "momentum": 0.9}
    drawn(effective_lr, lambda lr, momentum: 1.0001, settings, rtol=1e-3)
    drawn(effective_lr, lambda lr, momentum: 1.0001, settings, atol=1e-3)
    with pytest.raises(AssertionError):
        drawn(effective_lr, lambda lr, momentum: 1.0001, settings)


def test_what_an_answer_does_to_its_arguments_does_not_change_what_is_expected():
    def spoils(hessian):
        before = hessian.sum()
        hessian[:] = 7
        return float(before)

    def library(hessian):
        return float(hessian.sum())

    drawn(library, spoils, {"hessian": np.ones(2)})


def test_points_are_those_of_the_mark():
    @agrees_with(effective_lr, points=3)
    def test_it(rng):
        return {}

    assert [mark.args for mark in test_it.pytestmark] == [(3,)]


def test_a_curve_calls_answer_and_library_with_the_same_settings():
    curve = Curve(range(3), cosine, **SETTINGS)
    assert curve.x == [0, 1, 2]
    mine = [curve.call(lambda step, **s: cosine(**s)(step), x) for x in curve.x]
    assert (
        mine
        == [curve.expected(x) for x in curve.x]
        == [cosine(**SETTINGS)(x) for x in range(3)]
    )


def test_a_curve_of_anything_else_says_how_both_are_asked():
    curve = Curve([0.5], call=lambda half, x: half(x), expected=lambda x: x / 2)
    assert curve.call(lambda x: x, 0.5) == 0.5
    assert curve.expected(0.5) == 0.25
    with pytest.raises(ValueError, match="a library function, or call and expected"):
        Curve([0.5], call=lambda half, x: half(x))


def test_the_type_of_an_exception_is_told_and_none_if_there_is_none():
    def refuses(step):
        raise AnswerRaised("KeyError", "no")

    assert raises("KeyError", refuses, 3)
    assert repr(raises("KeyError", lambda step: step, 3)) == (
        "it returned 3, expected it to raise KeyError"
    )
    assert repr(raises("ValueError", refuses, 3)) == (
        "it raised KeyError, expected ValueError"
    )


def test_a_child_of_the_expected_exception_will_do():
    def refuses(step):
        raise AnswerRaised("Unknown", "no", bases=["ValueError"])

    assert raises("ValueError", refuses, 3)


def test_what_says_itself_what_it_is_is_not_compared():
    def misspelt(step):
        raise AnswerRaised("NameError", "name 'stp' is not defined")

    with pytest.raises(AnswerRaised, match="stp"):
        raises("ValueError", misspelt, 3)
