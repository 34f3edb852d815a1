"""A question from an earlier chapter in JupyterLab, and a chapter that is known."""

import re

import pytest

from lrcourse.grading.exercise import Exercise
from lrcourse.grading.solution import solution_of
from tests import ROOT
from tests.browser.cards import shown
from tests.browser.lab import lab_page, run_cell, write_cell

pytest.importorskip("jupyterlab", reason="JupyterLab is not installed")

EXERCISE = Exercise("06_decay_formulas", ROOT / "exercises" / "checks")
NAME = EXERCISE.asked[0].name
RECALL = EXERCISE.kind(NAME)


@pytest.fixture(scope="module")
def page(course_lab):
    with lab_page(course_lab, f"exercises/{EXERCISE.slug}.ipynb") as page:
        yield page


def asked(page, picture=""):
    """Run the cell that asks; return the number of the question that it shows."""
    text, html = shown(page, f"{NAME}-ask", picture)
    number = int(re.search(r"Question (\d+)", text)[1])
    assert RECALL.question(number).text in text
    assert f"{RECALL.source.slug}.ipynb" in html
    return number


def answered(page, source, picture=""):
    """Run an answer cell that returns `source`; return what its card says."""
    cell = f"{NAME}-answer"
    write_cell(page, cell, f"def {NAME}():\n    return {source}")
    return shown(page, cell, picture)


def test_a_blank_question_is_not_started(page):
    run_cell(page, "recalls-imports")
    text, _ = shown(page, f"{NAME}-check", "recall_blank")
    assert "not started" in text
    assert "✗" not in text


def test_a_wrong_value_is_named_with_a_link_and_the_right_one_holds(page):
    number = asked(page, "recall_question")
    question = RECALL.question(number)
    mistake, value = question.mistaken[0]
    text, html = answered(page, f"{number}, {value}", "recall_named")
    said = re.search(r"(\S+) is what comes of this: ", text)
    assert float(said[1]) == pytest.approx(value)
    assert mistake.sentence[:20] in text
    assert "Read: " in text
    assert f"{RECALL.source.slug}.ipynb" in html
    text, _ = answered(page, f"{question.value}", "recall_without_number")
    assert "say which question it answers" in text
    text, _ = answered(page, f"{number}, {question.value}", "recall_right")
    assert "1 of 1 points" in text


def test_a_second_look_asks_with_other_numbers(page):
    assert len({asked(page) for _ in range(4)}) > 1


def test_the_overview_says_what_is_missing_before_the_chapter_is_known(page):
    write_cell(page, f"{NAME}-check", "check()")
    text, _ = shown(page, f"{NAME}-check", "recall_not_known")
    assert "marked as known, solve half_life, cosine_lr and the recall" in text
    others = [place.name for place in EXERCISE.asked[1:]]
    for name in (*others, *EXERCISE.proof):
        source = solution_of(EXERCISE.solution, name)["source"]
        write_cell(page, f"{name}-answer", f"import math\n\n\n{source}")
        text, _ = shown(page, f"{name}-answer")
    assert "Chapter 6 is known" in text
    text, _ = shown(page, f"{NAME}-check", "recall_known")
    assert "Chapter 6 is known" in text
