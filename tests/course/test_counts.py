"""Every count in a text for whoever comes first, in a solution, in a chapter."""

import json

import pytest

from lrcourse.authoring import cards
from lrcourse.authoring.readme import problems
from tests import ROOT
from tests.course import nothing_forgotten
from tests.course.counts import COUNT, TEXTS, passages, wrong_counts


def test_every_count_is_that_of_the_course():
    nothing_forgotten(wrong_counts(ROOT))


def test_the_table_in_the_readme_is_that_of_the_course():
    nothing_forgotten(problems(ROOT))


def test_the_cards_of_the_first_page_are_those_of_the_course():
    nothing_forgotten(cards.problems(ROOT))


def test_every_chapter_with_an_exercise_says_how_much_it_asks_for():
    counting = {place for place, text, _ in passages(ROOT) if COUNT.search(text)}
    for solution in sorted((ROOT / "solutions").glob("*.ipynb")):
        assert {f"book/{solution.name}", f"solutions/{solution.name}"} <= counting


@pytest.fixture
def course(tmp_path):
    for place in TEXTS:
        (tmp_path / place).parent.mkdir(exist_ok=True)
        (tmp_path / place).write_text("Five to eight answers make an exercise.")
    (tmp_path / "_toc.yml").write_text("- caption: I\n- file: book/01_first\n")
    write_notebook(tmp_path / "book/01_first.ipynb", "# First", "Two answers to it.")
    write_notebook(tmp_path / "solutions/01_first.ipynb", "# Exercises", "One answer.")
    return tmp_path


def write_notebook(path, *texts):
    path.parent.mkdir(exist_ok=True)
    solved = "def rate_lr(step):\n    ### BEGIN SOLUTION\n    return step"
    cells = [{"cell_type": "markdown", "source": text} for text in texts]
    cells.append({"cell_type": "code", "source": solved})
    path.write_text(json.dumps({"cells": cells}))


@pytest.mark.parametrize(
    ("place", "text", "sentence"),
    [
        (
            "README.md",
            "The course has 8 answers.",
            "README.md says '8 answers', and the answers of the course are 1: write "
            "that",
        ),
        (
            "CONTRIBUTING.md",
            "| 01 | [two answers](exercises/01_first.ipynb) |",
            "CONTRIBUTING.md says 'two answers', and the answers of 01_first are 1: "
            "write that",
        ),
        (
            "exercises/README.md",
            "Nineteen\nchapters, one exercise.",
            "exercises/README.md says 'Nineteen chapters', and the chapters of the "
            "course are 1: write that",
        ),
        (
            "solutions/01_first.ipynb",
            "# Exercises\n\nEight short functions.",
            "solutions/01_first.ipynb says 'Eight short functions', and the functions "
            "of 01_first are 1: write that",
        ),
        (
            "book/01_first.ipynb",
            "`exercises/01_first.ipynb` asks for twenty-one small\nschedules.",
            "book/01_first.ipynb says 'twenty-one small schedules', and the schedules "
            "of 01_first are 1: write that",
        ),
    ],
)
def test_a_count_that_is_wrong_is_named(course, place, text, sentence):
    assert not wrong_counts(course)
    if place.endswith(".ipynb"):
        write_notebook(course / place, text)
    else:
        (course / place).write_text(text)
    assert wrong_counts(course) == [sentence]
