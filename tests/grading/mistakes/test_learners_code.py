"""A learner's code looked at: only as much of it as somebody writes by hand."""

import pytest

from lrcourse.grading.mistakes.learners_code import code_of


def test_the_last_definition_is_what_is_looked_at():
    sources = ["def f(a):\n    return 1 + a", "def f(a):\n    return a / 2"]
    code = code_of(sources, "f", frozenset("a"))
    assert ("constant", 2) in code.pieces
    assert ("constant", 1) not in code.pieces


@pytest.mark.parametrize(
    "body",
    [
        "x = " + "+".join("a" * 900),  # compared term by term with itself: a minute
        "x = " + "-" * 900 + "a",
        "x = " + "(" * 10_000,
        "#" * 60_000,
    ],
)
def test_code_made_to_take_long_is_not_looked_at(body):
    source = f"def f(a):\n    {body}\n    return a"
    assert code_of([source], "f", frozenset("a")).trees == ()
