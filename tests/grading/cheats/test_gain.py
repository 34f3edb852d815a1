"""Nothing earns points but a right answer: the bank's attempts, each worth nothing."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from lrcourse.grading.sandbox.jail import Level, best_level
from tests.grading.cheats import unguarded
from tests.grading.cheats.arguments import ARGUMENTS, KNOWN_NUMBERS
from tests.grading.cheats.doors import DOORS, HONESTY
from tests.grading.cheats.doors_to_files import FILE_DOORS
from tests.grading.cheats.grading import grade, grade_file
from tests.grading.cheats.impostors import IMPOSTORS
from tests.grading.cheats.inside import INSIDE
from tests.grading.cheats.rows import filled, save_attempt, solution
from tests.grading.cheats.side_files import SIDE_FILES
from tests.grading.cheats.table import table_of
from tests.grading.cheats.tricks import TRICKS

WALLED = [*DOORS, *FILE_DOORS]
TRIED = [*INSIDE, *TRICKS, *ARGUMENTS, *KNOWN_NUMBERS, *HONESTY]
ATTEMPTS = [*IMPOSTORS, *WALLED, *TRIED]
PAYS_WITHOUT_WALLS = [*IMPOSTORS, *WALLED]


def name_of(attempt):
    return attempt.name


@pytest.fixture(scope="module")
def classmate(tmp_path_factory):
    """Return the notebook of somebody who solved the exercise."""
    path = tmp_path_factory.mktemp("classmate") / "06_decay_formulas.ipynb"
    path.write_bytes(solution("06_decay_formulas").read_bytes())
    return path


@pytest.fixture
def tried(tmp_path, classmate):
    """Return a function that writes an attempt: its notebook, and what must not be."""

    def write(attempt):
        marker, folder = tmp_path / "marker", tmp_path / "student"
        folder.mkdir()
        places = {"MARKER": str(marker), "CLASSMATE": str(classmate)}
        return save_attempt(attempt, folder, places), marker

    return write


@pytest.fixture(scope="module")
def table():
    """Print what every attempt earned, where pytest shows output (-s)."""
    rows = []
    yield rows
    print("\n" + table_of("attempt", rows))


@pytest.mark.parametrize("attempt", ATTEMPTS, ids=name_of)
def test_an_attempt_earns_what_a_wrong_answer_earns(attempt, tried, table):
    if attempt in WALLED and best_level() < Level.L2:
        pytest.skip("nothing here keeps a learner's code from reading files")
    notebook, marker = tried(attempt)
    points = grade(notebook, [attempt.answer]).get(attempt.answer, 0)
    table.append((attempt.name, points, attempt.points))
    assert points == attempt.points, attempt.because or "it does not know the answer"
    assert not marker.exists()


@pytest.mark.parametrize("attempt", SIDE_FILES, ids=name_of)
def test_what_lies_beside_an_answer_or_is_stored_with_it_counts_nothing(
    attempt, tried, table
):
    notebook, marker = tried(attempt)
    points = sum(grade_file(notebook).values())
    table.append((attempt.name, points, attempt.points))
    assert points == attempt.points
    assert not marker.exists()


def test_there_are_many_ways_and_each_has_a_name():
    names = [attempt.name for attempt in [*ATTEMPTS, *SIDE_FILES]]
    assert len(names) == len(set(names)) >= 60


@pytest.mark.skipif(not hasattr(os, "fork"), reason="each one runs in a fork")
def test_impostors_and_doors_pay_where_nothing_guards_the_answer(classmate):
    places = {"CLASSMATE": str(classmate)}
    rows = [[filled(each.source, places), each.answer] for each in PAYS_WITHOUT_WALLS]
    process = subprocess.run(
        [sys.executable, "-W", "ignore", str(Path(unguarded.__file__))],
        input=json.dumps(rows),
        capture_output=True,
        check=True,
        text=True,
        cwd=classmate.parent,
    )
    outcomes = zip(PAYS_WITHOUT_WALLS, json.loads(process.stdout), strict=True)
    assert [attempt.name for attempt, paid in outcomes if not paid] == []


def test_an_attempt_leaves_nothing_behind_for_the_next_submission(tmp_path):
    spoiler = next(each for each in ARGUMENTS if "known bounds" in each.name)
    honest = solution(spoiler.exercise)
    expected = grade_file(honest)[spoiler.answer]  # by a process of its own
    grade(save_attempt(spoiler, tmp_path, {}), [spoiler.answer])
    assert grade(honest, [spoiler.answer]) == {spoiler.answer: expected}
