"""What can be read off the values, and whether an edit's sentence is borne out."""

import math

import pytest

from lrcourse.grading.mistakes.diagnosis import Diagnosis
from lrcourse.grading.mistakes.in_process import in_process
from lrcourse.grading.mistakes.learners_code import code_of
from lrcourse.grading.mistakes.operators.expressions import Vocabulary
from lrcourse.grading.mistakes.references import Reference
from lrcourse.grading.mistakes.values import case, said_of

WORDS = Vocabulary(counts=["step"], lengths=["total_steps"])


def cases(answer, right, steps=(0, 25, 50, 75, 100, 150, 175, 200)):
    found = []
    for number, step in enumerate(steps):
        settings = {"step": step, "total_steps": 100, "lr": 0.1 + 0.01 * number}
        found.append(case(settings, answer(**settings), right(**settings)))
    return found


def linear(step, total_steps, lr):
    return lr * (2 - min(step / total_steps, 1))


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (lambda **s: 2 * linear(**s), "Each of your results is 2 times what it"),
        (lambda **s: -linear(**s), "Each of your results is of the wrong sign."),
        (lambda **s: linear(**s) + 0.5, "Each of your results is too high by 0.5."),
        (lambda **s: linear(**s) / s["lr"], "what it should be, divided by `lr`"),
        (
            lambda step, total_steps, lr: lr * (2 - step / total_steps),
            "right where `step` <= `total_steps`, and wrong where it is larger",
        ),
    ],
)
def test_what_all_cases_have_in_common_is_said(answer, said):
    assert said in said_of(cases(answer, linear), WORDS)


@pytest.mark.parametrize("value", [10**1000, math.inf, math.nan, True, [1.0], None])
def test_what_is_no_number_to_compute_with_is_no_case(value):
    assert case({}, value, 1.0) is None
    assert case({"step": value, "lr": 0.5}, 1.0, 1.0).settings == {"lr": 0.5}


def test_of_what_has_nothing_in_common_nothing_is_said():
    assert said_of(cases(lambda step, **s: math.sin(step), linear), WORDS) is None


SOURCE = "def f(step, k):\n    return step / (1 + k * step)\n"


def reference():
    names = {}
    exec(SOURCE, names)
    return Reference("f", SOURCE, names)


def named(source):
    names = {}
    exec(source, names)
    answers = in_process({"f": names["f"]})
    answers._sources = [source]
    for step, k in ((1, 2.0), (3, 0.5), (4, 0.7), (7, 0.3)):
        answers.f(step, k)
    return Diagnosis(answers, {"f": reference()}).mistake("f")


def test_an_edit_is_described_to_who_has_made_it():
    found = named("def f(step, k):\n    return step / (1 - k * step)\n")
    assert "`-` stood where `+` belongs" in found.sentence


def test_an_edit_is_not_described_to_who_has_not_made_it():
    found = named("def f(step, k):\n    return 1 / (1 / step + (0 - k))\n")
    assert found is None or "belongs" not in found.sentence


def test_code_that_cannot_be_read_is_no_code():
    assert not code_of(["def f(:", "def g(x): return x"], "f", frozenset()).trees
