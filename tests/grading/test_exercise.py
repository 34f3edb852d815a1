"""Where an exercise's files are: what is one, which answers, how they are loaded."""

import sys

import pytest

from lrcourse.grading.exercise import Exercise, exercise_of, exercises_in
from tests.grading.halves import FILES, GOOD, write_checks, write_notebook


@pytest.fixture
def checks(tmp_path):
    write_checks(tmp_path / "exercises" / "checks")
    return tmp_path / "exercises" / "checks"


def test_answers_stand_in_the_order_of_the_solution_and_then_by_name(checks):
    exercise = Exercise("01_halves", checks)
    assert exercise.answers == ["double", "half"]
    write_notebook(exercise.solution, GOOD)
    assert exercise.answers == ["half", "double"]
    write_notebook(exercise.solution, GOOD[1:])
    assert exercise.answers == ["double", "half"]


def test_a_folder_is_an_exercise_if_it_says_what_is_forbidden(checks):
    write_checks(checks, "02_kata", {"exercise.py": "x = 1", "test_x.py": ""})
    write_checks(checks, "03_empty", {})
    (checks / "notes.txt").touch()
    (checks / "04_theirs" / "exercise.py").mkdir(parents=True)
    write_checks(checks, "05_bytes", {})
    (checks / "05_bytes" / "exercise.py").write_bytes(b"FORBIDDEN = '\xff'")
    assert [exercise.slug for exercise in exercises_in(checks)] == ["01_halves"]
    assert exercise_of(checks.parent / "01_halves.ipynb") is not None
    assert exercise_of(checks.parent / "02_kata.ipynb") is None


def test_two_folders_of_one_name_are_two_packages(checks, tmp_path):
    other = FILES | {"exercise.py": "FORBIDDEN = ()\n\na_few = 'another'\n"}
    write_checks(tmp_path / "other", files=other)
    ours = Exercise("01_halves", checks)
    theirs = Exercise("01_halves", tmp_path / "other")
    assert ours.package != theirs.package
    assert callable(ours.check("half").a_few)
    assert theirs.check("half").a_few == "another"
    assert ours.check("half") is sys.modules[f"{ours.package}.test_half"]


def test_tests_are_known_by_answer_and_name(checks):
    tests = Exercise("01_halves", checks).tests()
    assert {answer: list(named) for answer, named in tests.items()} == {
        "double": ["test_double_is_larger"],
        "half": ["test_half_of_one", "test_half_of_random_numbers"],
    }


def test_a_name_that_two_tests_have_is_refused(checks):
    twin = FILES["test_half.py"].replace("of_one", "of_two")
    (checks / "01_halves" / "test_double.py").write_text(twin)
    with pytest.raises(ValueError, match=r"_of_random_numbers .* test_double.* test_h"):
        Exercise("01_halves", checks).tests()
