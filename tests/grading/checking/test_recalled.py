"""What is said of the answer to a question from an earlier chapter."""

import numpy as np
import pytest

from lrcourse.grading.checking.questions import Question, alike, written
from lrcourse.grading.checking.recalled import Recall, drawn_question
from lrcourse.grading.exercise import Exercise
from lrcourse.grading.verdict import PartlyRight
from tests.grading.halves import FILES, GOOD, write_checks, write_notebook

FORM = "`return number, value`, as in `return 12, 0.06`"


def draw(rng):
    return {"x": float(rng.integers(1, 100))}


HALF = Recall("half", "What is half of {x}?", draw)


@pytest.fixture
def exercise(tmp_path):
    write_checks(tmp_path / "exercises" / "checks", "01_halves", FILES)
    write_notebook(tmp_path / "solutions" / "01_halves.ipynb", GOOD)
    return Exercise("01_halves", tmp_path / "exercises" / "checks")


@pytest.fixture
def recalled(exercise):
    return HALF.of(exercise, 0)


def said(recalled, given):
    with pytest.raises(PartlyRight) as error:
        recalled.require_right(given)
    return error.value


def test_a_question_is_drawn_from_its_number(recalled):
    question = recalled.question(7)
    x = question.arguments["x"]
    assert question.text == f"What is half of {x:g}?"
    assert question.value == x / 2
    assert drawn_question(recalled, 7) == {
        "question": question.text,
        "form": "to 3 significant digits",
        "chapter": "01_halves",
        "heading": "Pitfalls",
    }
    recalled.require_right((7, x / 2))


def test_a_known_mistake_is_named_with_its_value_and_its_heading(recalled):
    question = recalled.question(7)
    wrong = question.arguments["x"] / 4
    error = said(recalled, (7, wrong))
    assert str(error) == f"question 7: {wrong:g} is not its value"
    assert error.reasons == [f"Question 7: {question.text}"]
    assert error.mistake["name"] == "half__divides_twice"
    assert error.mistake["heading"] == "Pitfalls"
    told = f"{wrong:g} is what comes of this: You divide twice."
    assert error.mistake["sentence"] == told


def test_of_another_value_it_is_said_where_to_read(recalled):
    error = said(recalled, (7, 1234.0))
    assert error.mistake is None
    assert str(error).endswith("no mistake that is known gives it")
    assert error.reasons[1] == "Read again: chapter 1, Pitfalls."


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (None, f"it returned None: is a return missing? Write {FORM}"),
        (0.06, f"say which question it answers: {FORM}, where the number is the one"),
        ((1, 2, 3), "say which question it answers: "),
        ((0, 0.5), f"0 is no question's number: {FORM}"),
        ((True, 0.5), f"True is no question's number: {FORM}"),
        ((0.06, 7), f"0.06 is no question's number: {FORM}"),
        ((1000, 0.5), f"1000 is no question's number: {FORM}"),
        ((7, [1]), "the value is a list, and should be a number or a text"),
        ((7, True), "the value is a bool, and should be a number or a text"),
        ((7, float("nan")), "the value is a float, and should be"),
    ],
)
def test_what_is_no_answer_is_told_how_one_is_written(recalled, given, sentence):
    assert str(said(recalled, given)).startswith(sentence)


@pytest.mark.parametrize(
    ("given", "value", "same"),
    [
        (0.0146, 0.01464, True),
        (0.0147, 0.01468, True),  # rounded
        (0.0146, 0.01468, True),  # cut off
        (0.015, 0.01464, False),
        (34, 34.0, True),
        (34.0, 34, True),
        (35, 34, False),
        (0, 0.0, True),
        ("slow", "slow", True),
        ("good", "slow", False),
        (1, "slow", False),
        ("1", 1, False),
        (True, 1, False),
    ],
)
def test_values_agree_to_three_digits(given, value, same):
    assert alike(given, value, 3) == same


@pytest.mark.parametrize(
    ("given", "value", "sentence"),
    [
        (34.4, 34, ". It is asked for as a whole number"),
        (0.0148, 0.0146, ", though near: give it to 3 significant digits, and round"),
        (-0.0146, 0.0146, ": it has the wrong sign"),
        (0.5, "slow", ". It is asked for as a text in quotes"),
    ],
)
def test_how_it_is_asked_for_is_said_where_that_is_what_is_wrong(
    recalled, given, value, sentence
):
    from lrcourse.grading.checking.questions import hint

    assert hint(given, Question("?", {}, value, [])).startswith(sentence)


def test_without_a_solution_nothing_is_asked_and_nothing_judged(exercise):
    exercise.solution.unlink()
    recalled = HALF.of(exercise, 0)
    assert drawn_question(recalled, 7)["refused"].startswith("01_halves.ipynb holds no")
    assert "no answer can be judged" in str(said(recalled, (7, 0.5)))


@pytest.mark.parametrize(
    ("drawn", "shown"),
    [
        (0.25, "0.25"),
        (np.array([[1.0, 2.5]]), "[[1.0, 2.5]]"),
        ({"W1": np.ones((1, 1)), "b1": 2.0}, "W1 = [[1.0]], b1 = 2"),
        ([np.ones((1, 1)), np.zeros((1, 2))], "[[1.0]] and [[0.0, 0.0]]"),
        ([1, 2], "[1, 2]"),
    ],
)
def test_what_is_drawn_is_shown_as_one_writes_it(drawn, shown):
    assert written(drawn) == shown
