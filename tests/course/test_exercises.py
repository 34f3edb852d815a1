"""The checks' own checks: blanks, solutions, and every known mistake by its name."""

import ast
import functools
import inspect
import itertools
import json
import math
import re
import subprocess
import sys
from xml.etree import ElementTree

import pytest

from lrcourse.grading.answers.recorder import Returned
from lrcourse.grading.answers.stand_in import StandIn
from lrcourse.grading.entrances.client import Checker
from lrcourse.grading.exercise import exercises_in
from lrcourse.grading.mistakes import references as reading
from lrcourse.grading.mistakes.in_process import checks_of, in_process
from lrcourse.grading.mistakes.known import Edit
from lrcourse.grading.notebook import Cell, read_cells
from tests import ROOT
from tests.grading.halves import write_notebook

CHECKS = ROOT / "exercises" / "checks"
EXERCISES = exercises_in(CHECKS)
references = functools.cache(reading.references)
checks = functools.cache(checks_of)
ALL = [(exercise, name) for exercise in EXERCISES for name in exercise.answers]
# the others are of a kind of their own: tests/course/test_kinds.py
ANSWERS = [(exercise, name) for exercise, name in ALL if not exercise.kind(name)]
MISTAKES = [
    (exercise, mistake)
    for exercise in EXERCISES
    for reference in references(exercise).values()
    for mistake in reference.known
]
each_exercise = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: e.slug)
each_answer = pytest.mark.parametrize(
    ("exercise", "name"), ANSWERS, ids=[name for _, name in ANSWERS]
)
each_mistake = pytest.mark.parametrize(
    ("exercise", "mistake"), MISTAKES, ids=[mistake.name for _, mistake in MISTAKES]
)


@pytest.fixture(scope="module")
def checker():
    checker = Checker(ROOT / "exercises")
    yield checker
    checker.close()


@pytest.fixture(scope="module")
def graded(checker, tmp_path_factory):
    """Return a function from a mistake to its verdicts.

    Each notebook holds a mistake of every answer, so that the time does not grow with
    the number of answers in an exercise.
    """
    folder = tmp_path_factory.mktemp("mistaken")

    @functools.cache
    def verdicts(exercise, place):
        chosen = [r.known[place : place + 1] for r in references(exercise).values()]
        cells = mistaken(exercise, [m for some in chosen for m in some])
        path = folder / f"{exercise.slug}.ipynb"
        write_notebook(path, [cell.source for cell in cells])
        return checker.grade(path, exercise.slug, "")["verdicts"]

    def of(exercise, mistake):
        place = references(exercise)[mistake.answer].known.index(mistake)
        found = verdicts(exercise, place)
        return [each for each in found if each["answer"] == mistake.answer]

    return of


@each_exercise
def test_every_blank_has_a_check_file_and_every_check_file_a_blank(exercise):
    blanks = []
    for cell in read_cells(ROOT / "exercises" / f"{exercise.slug}.ipynb"):
        if "replace this line with your answer" in cell.source:
            blanks += [node.name for node in ast.parse(cell.source).body]
    usual = [name for name in exercise.answers if not exercise.kind(name)]
    assert exercise.answers == blanks
    assert usual == list(references(exercise))


@each_answer
def test_a_check_file_says_what_it_is_about_and_gives_hints(exercise, name):
    check, heading = exercise.check(name), references(exercise)[name].declared.see
    assert check.__doc__ == f"{name}, chapter {exercise.slug[:2]}: {heading}."
    assert len(check.HINTS) >= 3


@each_exercise
def test_a_blank_is_not_started(exercise, checker):
    cells = read_cells(ROOT / "exercises" / f"{exercise.slug}.ipynb")
    for result in checker_results(checker, exercise.answers, cells):
        outcomes = {verdict["outcome"] for verdict in result["verdicts"]}
        assert outcomes == {"not started"}, result["answer"]


@each_exercise
def test_the_solution_earns_every_point_and_draws_the_expected_curve(exercise, checker):
    cells = read_cells(exercise.solution)
    for result in checker_results(checker, exercise.answers, cells):
        outcomes = {verdict["outcome"] for verdict in result["verdicts"]}
        assert outcomes == {"passed"}, result["answer"]
        curve = result["curve"]
        if curve is not None:
            # on a busy machine a curve's end may come too late to be drawn
            pairs = zip(curve["yours"], curve["expected"], strict=True)
            drawn = [pair for pair in pairs if pair[0] is not None]
            assert drawn, result["answer"]
            for mine, expected in drawn:
                assert mine == pytest.approx(expected), result["answer"]


@each_mistake
def test_a_known_mistake_is_caught_by_a_public_check_and_named(
    exercise, mistake, graded
):
    verdicts = graded(exercise, mistake)
    failed = [each for each in verdicts if each["outcome"] == "failed"]
    assert any(not each["hidden"] for each in failed)
    named = verdicts[-1]["mistake"]
    assert mistake.slug in named["name"].partition("__")[2].split(reading.OR)
    assert mistake.sentence in named["sentence"]


@each_mistake
def test_in_this_process_the_same_checks_fail_as_in_the_learners(
    exercise, mistake, graded
):
    """So that the mutation run may leave the second process out."""
    verdicts = graded(exercise, mistake)
    there = [each["test"] for each in verdicts if each["outcome"] == "failed"]
    names = references(exercise)[mistake.answer].names
    answers = in_process(names | {mistake.answer: mistake.function})
    own = checks(exercise)[mistake.answer]
    here = [name for name, _ in own.failing(own.all, answers)]
    assert sorted(there) == sorted(here)


@each_answer
def test_handing_back_an_argument_earns_no_point(exercise, name):
    reference = references(exercise)[name]
    signature = inspect.signature(reference.function)

    def handing_back(place):
        def answer(*args, **kwargs):
            bound = signature.bind(*args, **kwargs)
            bound.apply_defaults()
            return list(bound.arguments.values())[place]

        return answer

    for place, parameter in enumerate(reference.parameters):
        assert earned(exercise, name, handing_back(place)) == 0, parameter


@each_answer
def test_a_constant_earns_no_point_and_an_expected_value_two_at_most(exercise, name):
    """Only where somebody has worked out what one check expects."""
    usual = (0, 0.0, 1, 1.0, None, True, False, "", [], (), {}, math.nan, math.inf)
    for value in (*usual, *labels_in(references(exercise)[name].source)):
        assert earned(exercise, name, constant(value)) == 0, value
    expected = expected_values(exercise, name)
    assert len(expected) > 1
    for value in expected:
        assert earned(exercise, name, constant(value)) <= 2, value


def earned(exercise, name, answer):
    """Return the points of one answer, the rest being as in the solution."""
    own = checks(exercise)[name]
    answers = in_process(references(exercise)[name].names | {name: answer})
    failing = {test for test, _ in own.failing(own.all, answers)}
    return sum(points_of(test) for test in own.all if test.__name__ not in failing)


def constant(value):
    return lambda *args, **kwargs: value


def labels_in(source):
    """Return the short texts in a solution: it may return them."""
    texts = [n.value for n in ast.walk(ast.parse(source)) if type(n) is ast.Constant]
    return {text for text in texts if type(text) is str and "\n" not in text}


def expected_values(exercise, name):
    """Return what the solution returns to the public checks."""
    own, answers = checks(exercise)[name], in_process(references(exercise)[name].names)
    assert not list(own.failing(own.public, answers))
    ends = [call.outcome for call in answers.calls if call.attribute is None]
    values = [end.value for end in ends if isinstance(end, Returned)]
    plain = [value for value in values if not isinstance(value, StandIn)]
    return {repr(value): value for value in plain}.values()


@each_answer
def test_every_schedule_and_every_path_has_a_curve(exercise, name):
    source = references(exercise)[name].source
    schedule = source.startswith(f"def {name}(step")
    if schedule or name.endswith(("_step", "Schedule")):
        assert hasattr(exercise.check(name), "CURVE")


@each_mistake
def test_a_known_mistake_points_at_a_heading_of_its_chapter(exercise, mistake):
    assert mistake.chapter == exercise.slug
    assert mistake.heading in headings(exercise)


@each_exercise
def test_pytest_and_the_checking_process_say_the_same(exercise, checker, tmp_path):
    """On the solution with every other answer replaced by its first known mistake."""
    every_other = itertools.islice(references(exercise).values(), 0, None, 2)
    cells = mistaken(exercise, [reference.known[0] for reference in every_other])
    path = tmp_path / f"{exercise.slug}.ipynb"
    write_notebook(path, [cell.source for cell in cells])
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
    assert by_pytest == checker.grade(path, exercise.slug, "")["verdicts"]


def points_of(test):
    """Return what a check is worth."""
    marks = [m for m in getattr(test, "pytestmark", []) if m.name == "points"]
    return marks[-1].args[0] if marks else 1


def checker_results(checker, answers, cells):
    return [checker.check(name, cells) for name in answers]


@functools.cache
def headings(exercise):
    """Return the headings of an exercise's chapter."""
    chapter = json.loads((ROOT / "book" / f"{exercise.slug}.ipynb").read_text())
    texts = [
        "".join(cell["source"])
        for cell in chapter["cells"]
        if cell["cell_type"] == "markdown"
    ]
    found = re.findall(r"^ *#+ (.+?) *$", "\n".join(texts), re.MULTILINE)
    return set(found)


def mistaken(exercise, mistakes, cells=None):
    """Return the solution's cells, some answers replaced by their wrong twins."""
    cells = list(cells or read_cells(exercise.solution))
    for mistake in mistakes:
        cells += [Cell("mistake", part) for part in twin(exercise, mistake)]
    return cells


def twin(exercise, mistake):
    """Return a mistake as somebody types it: imports it needs, and the definition."""
    reference = references(exercise)[mistake.answer]
    declared = reference.declared.by_slug[mistake.slug]
    if isinstance(declared, Edit):
        return [reference.twin(mistake.slug, declared)]
    tree = ast.parse(inspect.getsource(declared.twin))
    tree.body[0].decorator_list.clear()
    tree.body[0].name = mistake.answer
    source = exercise.check_file(mistake.answer).read_text(encoding="utf-8")
    imports = [n for n in ast.parse(source).body if isinstance(n, ast.Import)]
    return [ast.unparse(node) for node in [*imports, tree]]
