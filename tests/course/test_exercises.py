"""The checks' own checks: blanks, solutions, and every known mistake by its name."""

import ast
import functools
import inspect
import json
import re
import subprocess
import sys
import textwrap
from xml.etree import ElementTree

import pytest

from lrcourse.grading.entrances.client import Checker
from lrcourse.grading.exercise import Exercise, load
from lrcourse.grading.mistakes.score import checks_of, failing, in_process
from lrcourse.grading.notebook import Cell, read_cells
from tests import ROOT

CHECKS = ROOT / "exercises" / "checks"
EXERCISES = [
    Exercise(path.stem.removeprefix("test_"), CHECKS)
    for path in sorted(CHECKS.glob("test_*.py"))
]
MISTAKES = [
    (exercise, mistake) for exercise in EXERCISES for mistake in exercise.mistakes()
]


def answer_names(exercise):
    """Return the functions and classes that the exercise notebook leaves blank."""
    blanks = []
    for cell in read_cells(ROOT / "exercises" / f"{exercise.slug}.ipynb"):
        if "replace this line with your answer" in cell.source:
            blanks += [node.name for node in ast.parse(cell.source).body]
    return blanks


ANSWERS = [
    (exercise, name) for exercise in EXERCISES for name in answer_names(exercise)
]


@pytest.fixture(scope="module")
def checker():
    checker = Checker(ROOT / "exercises")
    yield checker
    checker.close()


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.slug)
def test_every_blank_has_hints_and_every_hint_a_blank(exercise):
    tree = ast.parse(exercise.check_file.read_text(encoding="utf-8"))
    hints = next(
        node.value
        for node in tree.body
        if "HINTS" in ast.unparse(node).split("=")[0] and hasattr(node, "value")
    )
    assert [key.value for key in hints.keys] == answer_names(exercise)


@pytest.mark.parametrize(("exercise", "name"), ANSWERS, ids=str)
def test_a_blank_is_not_started(exercise, name, checker):
    cells = read_cells(ROOT / "exercises" / f"{exercise.slug}.ipynb")
    result = checker.check(name, cells)
    assert {verdict["outcome"] for verdict in result["verdicts"]} == {"not started"}


@pytest.mark.parametrize(("exercise", "name"), ANSWERS, ids=str)
def test_the_solution_earns_every_point_and_draws_the_expected_curve(
    exercise, name, checker
):
    result = checker.check(name, read_cells(exercise.solution))
    assert {verdict["outcome"] for verdict in result["verdicts"]} == {"passed"}
    if result["curve"] is not None:
        assert result["curve"]["yours"] == pytest.approx(result["curve"]["expected"])


@pytest.mark.parametrize(
    ("exercise", "mistake"), MISTAKES, ids=[m.function.__name__ for _, m in MISTAKES]
)
def test_a_known_mistake_is_caught_by_a_public_check_and_named(
    exercise, mistake, checker
):
    result = graded(checker, exercise, mistake)
    failed = [each for each in result["verdicts"] if each["outcome"] == "failed"]
    assert any(not each["hidden"] for each in failed)
    named = result["verdicts"][-1]["mistake"]
    assert named is not None
    assert named["sentence"] == mistake.sentence


@pytest.mark.parametrize(
    ("exercise", "mistake"), MISTAKES, ids=[m.function.__name__ for _, m in MISTAKES]
)
def test_in_this_process_the_same_checks_fail_as_in_the_learners(
    exercise, mistake, checker
):
    """So that the mutation run may leave the second process out."""
    result = graded(checker, exercise, mistake)
    there = [v["test"] for v in result["verdicts"] if v["outcome"] == "failed"]
    names = references(exercise)[mistake.answer].names
    answers = in_process(names | {mistake.answer: mistake.function})
    public, hidden = checks_of(exercise).public, checks_of(exercise).hidden
    some = public[mistake.answer] + hidden[mistake.answer]
    here = [name for name, _ in failing(some, answers, exercise.slug)]
    assert sorted(there) == sorted(here)


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.slug)
def test_every_schedule_and_every_path_has_a_curve(exercise):
    curves = load(exercise.check_file).CURVES
    for name, reference in references(exercise).items():
        source = ast.unparse(reference.tree)
        if source.startswith(f"def {name}(step") or name.endswith(
            ("_step", "Schedule")
        ):
            assert name in curves


@pytest.mark.parametrize(
    ("exercise", "mistake"), MISTAKES, ids=[m.function.__name__ for _, m in MISTAKES]
)
def test_a_known_mistake_points_at_a_heading_of_its_chapter(exercise, mistake):
    assert mistake.chapter == exercise.slug
    chapter = json.loads((ROOT / "book" / f"{mistake.chapter}.ipynb").read_text())
    lines = [
        line.strip()
        for cell in chapter["cells"]
        if cell["cell_type"] == "markdown"
        for line in "".join(cell["source"]).splitlines()
    ]
    assert any(re.fullmatch(f"#+ {re.escape(mistake.heading)}", line) for line in lines)


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.slug)
def test_pytest_and_the_checking_process_say_the_same(exercise, checker, tmp_path):
    """On the solution with every other answer replaced by its first known mistake."""
    cells = read_cells(exercise.solution)
    first = {mistake.answer: mistake for mistake in reversed(exercise.mistakes())}
    for name in answer_names(exercise)[::2]:
        cells = with_mistake(exercise, first[name], cells)
    path = tmp_path / f"{exercise.slug}.ipynb"
    path.write_text(json.dumps(as_notebook(cells)))
    report = tmp_path / "report.xml"
    command = [sys.executable, "-m", "pytest", "-p", "no:nbval", f"--notebooks={path}"]
    subprocess.run(
        [*command, f"--junitxml={report}", str(ROOT / "exercises")],
        capture_output=True,
        check=False,
        cwd=tmp_path,
    )
    properties = ElementTree.parse(report).iter("property")
    by_pytest = [ast.literal_eval(each.get("value")) for each in properties]
    by_process = [
        verdict
        for name in answer_names(exercise)
        for verdict in checker.check(name, cells)["verdicts"]
    ]

    def key(verdict):
        return verdict["test"]

    assert sorted(by_pytest, key=key) == sorted(by_process, key=key)


@functools.cache
def graded(checker, exercise, mistake):
    """Return the result of a known mistake, which two tests look at."""
    return checker.check(mistake.answer, with_mistake(exercise, mistake))


@functools.cache
def references(exercise):
    return exercise.references()


def with_mistake(exercise, mistake, cells=None):
    """Return the solution's cells, one answer replaced by its wrong twin."""
    cells = cells or read_cells(exercise.solution)
    source = textwrap.dedent(inspect.getsource(mistake.function))
    source = source.replace(mistake.function.__name__, mistake.answer, 1)
    return [*cells, Cell("helpers", helpers(exercise)), Cell("mistake", source)]


def helpers(exercise):
    """Return what stands in the mistakes' file around the mistakes."""
    path = CHECKS / f"mistakes_{exercise.slug}.py"
    tree = ast.parse(path.read_text(encoding="utf-8"))
    tree.body = [node for node in tree.body if "__" not in getattr(node, "name", "")]
    return ast.unparse(tree)


def as_notebook(cells):
    code = [
        {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
        | {"source": cell.source, "id": f"cell-{number}"}
        for number, cell in enumerate(cells)
    ]
    return {"cells": code, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
