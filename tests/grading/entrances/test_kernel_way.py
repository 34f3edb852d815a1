"""What only the kernel knows: cells that did not run, blanks, what comes next."""

import json

import pytest

from lrcourse.grading.entrances.way import chapter_link
from tests.grading.entrances.conftest import IMPORT, save
from tests.grading.halves import FILES, GOOD, write_checks

STUB = 'raise NotImplementedError("replace this line with your answer")'
BLANK = [f"def {name}(x):\n    {STUB}" for name in ("half", "double")]
SOLUTION = """### BEGIN SOLUTION
    return x / 2
    ### END SOLUTION"""
SAID = "Halving *twice* is <b>wrong</b>. [Here](javascript:alert) it ends."


@pytest.fixture
def course(tmp_path):
    """Return the exercises' folder of a small course with two chapters."""
    exercises = tmp_path / "exercises"
    write_checks(exercises / "checks", "01_x", FILES)
    other = {"exercise.py": FILES["exercise.py"], "test_third.py": "HINTS = []"}
    write_checks(exercises / "checks", "02_y", other)
    write(tmp_path / "solutions" / "01_x.ipynb", *solution_cells())
    write(tmp_path / "book" / "02_y.ipynb", ("markdown", "# The second chapter"))
    write(exercises / "02_y.ipynb", ("markdown", "# Exercises: the second"))
    (tmp_path / "_toc.yml").write_text("- file: book/01_x\n- file: book/02_y\n")
    return exercises


def solution_cells():
    return (
        ("code", f"def half(x):\n    {SOLUTION}"),
        ("markdown", SAID, "solution"),
        ("code", "check('half')"),
        ("code", "def double(x):\n    return 2 * x"),
        ("markdown", "Doubling is adding.", "solution"),
    )


def write(path, *cells):
    made = [
        {"cell_type": kind, "source": text, "metadata": {"tags": tags}}
        for kind, text, *tags in cells
    ]
    path.parent.mkdir(exist_ok=True)
    document = {"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps(document))


@pytest.fixture
def kernel(start, course):
    """Return a kernel in the course, its first exercise saved with these cells."""

    def kernel(*sources):
        place = course / "01_x.ipynb"
        save(place, {f"c{number}": each for number, each in enumerate(sources)})
        run = start(JPY_SESSION_NAME=str(place), folder=course)
        run(IMPORT)
        return run

    return kernel


def plain(shown):
    return shown["data"]["text/plain"]


def test_an_answer_whose_cell_did_not_run_is_not_missing(kernel):
    run = kernel(IMPORT, GOOD[0], BLANK[1])
    card = run("check('half')")["data"]
    assert "run its cell first" in card["text/plain"]
    assert "defines no" not in card["text/html"]
    assert "✗" not in card["text/html"]
    assert "not started: write it" in plain(run("check('double')"))


def test_an_answer_whose_cell_is_gone_is_missing(kernel):
    run = kernel(IMPORT, GOOD[0])
    assert "defines no double" in plain(run("check('double')"))


def test_a_right_answer_that_calls_a_blank_one_says_which(kernel):
    run = kernel(IMPORT, *BLANK)
    run(BLANK[0])
    assert run(BLANK[1]) is None
    said = plain(run("def double(x):\n    return 4 * half(x)"))
    assert "it calls half, which is still blank" in said


def test_a_loop_without_end_is_said_once_and_not_tried_alone(kernel):
    endless = "def half(x):\n    while True:\n        pass"
    run = kernel(IMPORT, endless)
    said = plain(run(endless))
    assert "loop that never ends" in said
    assert "remembers" not in said


def test_the_overview_says_how_each_answer_stands(kernel):
    run = kernel(IMPORT, *BLANK)
    run(GOOD[0])
    run("def double(x):\n    return x")
    shown = run("check()")
    said = plain(shown)
    assert "1 of 2 answers hold; next: double" in said
    assert "The course" not in said
    assert 'Next exercise: <a href="02_y.ipynb">' in shown["data"]["text/html"]
    assert "3 of 4 points" in said
    assert "✓ half    3/3" in said
    assert "✗ double  0/1" in said


def test_the_overview_says_how_the_course_stands_where_that_is_kept(kernel, course):
    kept = {"form": 1, "results": {}}
    (course.parent / "progress.json").write_text(json.dumps(kept))
    run = kernel(IMPORT, *BLANK)
    run(GOOD[0])
    said = plain(run("check()"))
    assert "as last checked: 1 of 3 answers hold, 3 points. Next: double in" in said


def test_a_green_card_says_what_comes_next_and_shows_the_solution(kernel):
    card = kernel(IMPORT, *BLANK)(GOOD[0])["data"]
    assert "1 of 2 answers hold; next: double" in card["text/plain"]
    html = card["text/html"]
    assert "next: <code>double</code>" in html
    assert '<a href="../solutions/01_x.ipynb">' in html
    assert "def half(x):\n    return x / 2" in html
    assert "Halving <em>twice</em> is &lt;b&gt;wrong&lt;/b&gt;" in html
    assert "javascript:alert)" in html
    assert 'href="javascript' not in html
    assert "SOLUTION" not in html
    assert "Doubling" not in html


def test_an_answer_that_fails_shows_the_solution_behind_its_last_hint_only(kernel):
    html = kernel(IMPORT, *BLANK)("def half(x):\n    return x / 4")["data"]["text/html"]
    seen, _, folded = html.partition("Hint 2 of 2")
    assert "x / 2" not in seen
    assert "Halving" not in seen
    blank, _, whole = folded.partition("The whole solution")
    assert "return ____" in blank
    assert "x / 2" not in blank
    assert "x / 2" in whole
    assert "Halving" in whole


def test_the_last_green_card_celebrates_and_leads_on(kernel):
    run = kernel(IMPORT, *BLANK)
    run(GOOD[0])
    html = run(GOOD[1])["data"]["text/html"]
    assert "All 2 answers hold" in html
    assert '<a href="../book/02_y.ipynb">The second chapter</a>' in html
    assert '<a href="02_y.ipynb">Exercises: the second</a>' in html


def test_a_mistake_leads_to_the_place_in_the_chapter_that_explains_it(course):
    cells = [{"cell_type": "markdown", "id": "a", "source": "# One"}]
    cells += [{"cell_type": "code", "id": "b", "source": "1"}]
    cells += [{"cell_type": "markdown", "id": "c", "source": "So.\n\n## Pitfalls\n"}]
    (course.parent / "book" / "01_x.ipynb").write_text(json.dumps({"cells": cells}))
    checks = course / "checks"
    at = "../book/01_x.ipynb"
    found = chapter_link(checks, "01_x", "Pitfalls")
    assert (found.address, found.cell) == (f"{at}#cell-id=b", 2)
    assert found.link("Read").startswith(f'<a href="{at}#cell-id=b" onclick="((link')
    assert "&quot;01_x.ipynb&quot;, &quot;Pitfalls&quot;, 2)" in found.link("Read")
    assert chapter_link(checks, "01_x", "Elsewhere").link("Read") == (
        f'<a href="{at}">Read</a>'
    )
    assert chapter_link(checks, "09_z", "Pitfalls").address == "../book/09_z.ipynb"


def test_what_changed_since_it_held_does_not_count(kernel):
    run = kernel(IMPORT, *BLANK)
    run(GOOD[0])
    run("from lrcourse.grading import auto_check; auto_check(False)")
    run(BLANK[0])
    run(GOOD[1])
    assert "1 of 2 answers hold; next: half" in plain(run("check('double')"))
