"""Who knows the answer gets every point, however the notebook looks."""

import pytest

from tests.grading.cheats.grading import grade, grade_file
from tests.grading.cheats.learners import OTHER_EXERCISES, WRITTEN
from tests.grading.cheats.learners_busy import BUSY
from tests.grading.cheats.learners_notebooks import NOTEBOOKS
from tests.grading.cheats.rows import save_learner, solution
from tests.grading.cheats.table import table_of

LEARNERS = [*WRITTEN, *BUSY, *OTHER_EXERCISES, *NOTEBOOKS]


def name_of(learner):
    return learner.name


@pytest.fixture(scope="module")
def full():
    """Return a function that says what the solution earns, for each answer once."""
    earned = {}

    def points(exercise, answers):
        missing = [name for name in answers if name not in earned]
        earned.update(grade(solution(exercise), missing) if missing else {})
        return {name: earned[name] for name in answers}

    return points


@pytest.fixture(scope="module")
def table():
    """Print what every learner earned, where pytest shows output (-s)."""
    rows = []
    yield rows
    print("\n" + table_of("learner", rows))


@pytest.mark.parametrize("learner", LEARNERS, ids=name_of)
def test_a_right_answer_earns_every_point(learner, tmp_path, full, table):
    expected = full(learner.exercise, learner.answers)
    points = grade(save_learner(learner, tmp_path), learner.answers)
    table.append((learner.name, sum(points.values()), sum(expected.values())))
    assert points == expected


def test_there_are_many_learners_and_each_has_a_name():
    names = [learner.name for learner in LEARNERS]
    assert len(names) == len(set(names)) >= 40


@pytest.mark.parametrize("name", ["06_decay_formulas-Copy1.ipynb", "été (1).ipynb"])
def test_a_renamed_notebook_is_known_by_its_answers(name, tmp_path):
    notebook = tmp_path / name
    notebook.write_bytes(solution("06_decay_formulas").read_bytes())
    assert grade_file(notebook) == grade_file(solution("06_decay_formulas"))


def test_the_solution_earns_more_than_nothing(full):
    assert full("06_decay_formulas", ["exponential_lr"])["exponential_lr"] > 0
