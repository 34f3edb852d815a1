"""The headline of a failed check, and the call that it is about."""

import pytest

from lrcourse.grading.answers.errors import AnswerRaised
from lrcourse.grading.checking.report import outcome_of
from lrcourse.grading.comparison import close
from lrcourse.grading.mistakes.in_process import in_process


class Schedule:
    __module__ = "answers"

    def step(self):
        """Count nothing."""

    def lrs(self):
        return [1.0]

    def forgets(self):
        """Return nothing."""


def test_the_failing_call_of_a_method_is_shown_and_not_the_last_one():
    answers = in_process({"Schedule": Schedule})
    schedule = answers.Schedule()
    used = schedule.lrs()
    schedule.step()
    error = AssertionError(f"it moves\nassert {close(used, [3.0])!r}")
    said = outcome_of(error, answers, "Schedule")
    assert said[3] == "Schedule(…).lrs() gave [1.0]"


def test_a_method_that_returns_nothing_is_asked_for_its_return():
    answers = in_process({"Schedule": Schedule})
    got = answers.Schedule().forgets()
    error = AssertionError(f"it moves\nassert {close(got, [3.0])!r}")
    _, sentence, _, call = outcome_of(error, answers, "Schedule")
    assert sentence == "Schedule(…).forgets returned None: is a return missing?"
    assert call == "Schedule(…).forgets() gave None"


def test_calls_of_earlier_checks_are_not_shown():
    answers = in_process({"half": lambda x: x / 2})
    answers.half(1.0)
    first = len(answers.calls)
    error = AssertionError("halves")
    assert outcome_of(error, answers, "half", first)[3] == ""


def test_an_exception_speaks_for_itself():
    def misspelt(x):
        return totl  # noqa: F821

    answers = in_process({"half": misspelt})
    with pytest.raises(AnswerRaised) as raised:
        answers.half(1.0)
    sentence = outcome_of(raised.value, answers, "half")[1]
    assert sentence.startswith("half(1.0) raised NameError: name 'totl' is not defined")


@pytest.mark.parametrize(
    ("got", "expected", "shown"),
    [
        (0.125 + 1e-3, 0.125, "got 0.126, expected 0.125 (differs by 0.001)"),
        (2.0, 1.0, "got 2.0, expected 1.0"),
    ],
)
def test_numbers_that_look_alike_are_told_apart(got, expected, shown):
    assert repr(close(got, expected, rtol=1e-15)) == shown


def test_arrays_that_look_alike_are_printed_with_all_their_digits():
    import numpy as np

    said = repr(close(np.array([0.1 + 1e-9]), np.array([0.1]), rtol=1e-12))
    assert "got [0.100000001], expected [0.1] (differs by 1e-09)" in said
