"""`pytest exercises` as a learner runs it: on notebooks good, blank, broken, gone."""

import subprocess
import sys

import pytest

from tests.grading.halves import FILES, GOOD, write_checks, write_notebook

THIRDS = {
    "exercise.py": "FORBIDDEN = ()\n",
    "test_third.py": "def test_third(third):\n    assert third(3) == 1, 'x'\n",
}


@pytest.fixture
def folder(tmp_path):
    write_checks(tmp_path / "exercises" / "checks", "01_x")
    write_notebook(tmp_path / "solutions" / "01_x.ipynb", GOOD)
    return tmp_path / "exercises"


def pytest_on(folder, *arguments):
    command = [sys.executable, "-m", "pytest", "-p", "no:nbval"]
    command += ["-p", "no:cacheprovider"]
    done = subprocess.run(
        [*command, *arguments], cwd=folder, capture_output=True, text=True, timeout=60
    )
    return done.returncode, done.stdout


def test_full_points_and_exit_0_and_answers_as_in_the_solution(folder):
    write_notebook(folder / "01_x.ipynb", GOOD)
    code, said = pytest_on(folder)
    assert code == 0
    assert "3 passed" in said
    assert "4/4 points" in said
    assert said.index("half  ") < said.index("double  ")


def test_a_blank_answer_is_not_started_and_no_failure(folder):
    blank = "def double(x):\n    raise NotImplementedError"
    write_notebook(folder / "01_x.ipynb", [GOOD[0], blank])
    code, said = pytest_on(folder)
    assert code == 0
    assert "1 not started" in said
    assert "3/4 points" in said


def test_a_known_mistake_is_named(folder):
    write_notebook(folder / "01_x.ipynb", ["def half(x):\n    return x / 4", GOOD[1]])
    code, said = pytest_on(folder)
    assert code == 1
    assert "one half\n    half(1.0) gave 0.25\n    got 0.25, expected 0.5" in said
    assert "You divide twice." in said


def test_a_mistake_that_cannot_be_named_costs_its_name_and_nothing_else(folder):
    stale = FILES["test_half.py"].replace('"x / 2": "x / 4"', '"number / 2": "x"')
    (folder / "checks" / "01_x" / "test_half.py").write_text(stale)
    write_notebook(folder / "01_x.ipynb", ["def half(x):\n    return x / 4", GOOD[1]])
    code, said = pytest_on(folder)
    assert code == 1
    assert "got 0.25, expected 0.5" in said
    assert "1/4 points" in said
    assert "half: no mistake is named: OutOfDate: half, divides_twice" in said
    assert "INTERNALERROR" not in said


def test_a_forgotten_return_is_said(folder):
    write_notebook(folder / "01_x.ipynb", [GOOD[0], "def double(x):\n    2 * x"])
    assert "double returned None: is a return missing?" in pytest_on(folder)[1]


@pytest.mark.parametrize(
    ("argument", "passed", "points"),
    [
        ("01_x.ipynb::test_half_of_one", 1, "1/1"),
        ("checks/01_x", 3, "4/4"),
        ("checks/01_x/test_half.py", 2, "3/3"),
        ("checks/01_x/test_half.py::test_half_of_one", 1, "1/1"),
    ],
)
def test_a_part_of_an_exercise_can_be_asked_for(folder, argument, passed, points):
    write_notebook(folder / "01_x.ipynb", GOOD)
    code, said = pytest_on(folder, argument)
    assert code == 0
    assert f"{passed} passed" in said
    assert f"{points} points" in said


def test_other_notebooks_by_folder_and_by_file(folder, tmp_path):
    blank = "def half(x):\n    raise NotImplementedError"
    write_notebook(folder / "01_x.ipynb", [blank])
    other = tmp_path / "other" / "01_x.ipynb"
    write_notebook(other, GOOD)
    for chosen in (other.parent, other):
        code, said = pytest_on(folder, f"--notebooks={chosen}")
        assert code == 0
        assert "4/4 points" in said


def test_two_exercises_share_a_process_and_nothing_else(folder):
    write_checks(folder / "checks", "02_y", THIRDS)
    write_notebook(folder / "01_x.ipynb", GOOD)
    write_notebook(folder / "02_y.ipynb", ["def third(x):\n    return x / 3"])
    code, said = pytest_on(folder)
    assert code == 0
    assert "4 passed" in said
    assert "5/5 points" in said


def test_two_tests_of_one_name_are_an_error_that_names_both_files(folder):
    twin = FILES["test_double.py"].replace("test_double_is_larger", "test_half_of_one")
    (folder / "checks" / "01_x" / "test_double.py").write_text(twin)
    write_notebook(folder / "01_x.ipynb", GOOD)
    code, said = pytest_on(folder)
    assert code == 2
    assert "test_half_of_one stands in test_half.py and in test_double.py of 01" in said


def test_an_assert_of_what_is_shared_shows_its_values_too(folder):
    checks = folder / "checks" / "01_x"
    shared = "from lrcourse.grading import close\n\nFORBIDDEN = ()\n\n\n"
    shared += "def is_twice(double):\n    assert close(double(1.0), 2.0), 'twice'\n"
    (checks / "exercise.py").write_text(shared)
    (checks / "test_half.py").unlink()
    test = "from .exercise import is_twice\n\n\ndef test_it(double):\n"
    (checks / "test_double.py").write_text(f"{test}    is_twice(double)\n")
    write_notebook(folder / "01_x.ipynb", ["def double(x):\n    return 3 * x"])
    assert "got 3.0, expected 2.0" in pytest_on(folder)[1]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"{", "is broken and cannot be read"),
        (b"[]", "is not a notebook"),
        (b"\xff\xfe", "is broken and cannot be read"),
        (None, "cannot be read: No such file"),
    ],
)
def test_a_notebook_that_cannot_be_read_earns_nothing_and_is_named(
    folder, content, sentence
):
    if content is not None:
        (folder / "01_x.ipynb").write_bytes(content)
    code, said = pytest_on(folder)
    assert code == 1
    assert f"01_x.ipynb {sentence}" in said
    assert "0/4 points" in said


def test_points_add_up_under_xdist(folder):
    write_notebook(folder / "01_x.ipynb", GOOD)
    assert "4/4 points" in pytest_on(folder, "-n2")[1]


def test_a_chapter_of_the_same_name_is_not_graded(folder, tmp_path):
    write_notebook(tmp_path / "book" / "01_x.ipynb", GOOD)
    code, said = pytest_on(tmp_path / "book")
    assert code == 5
    assert "no tests ran" in said


def test_a_test_file_that_skips_itself_is_left_to_pytest(tmp_path):
    text = "import pytest\npytest.skip('no reason', allow_module_level=True)\n"
    (tmp_path / "test_skipped.py").write_text(text)
    _, said = pytest_on(tmp_path)
    assert "1 skipped" in said


def test_another_folder_with_an_exercise_of_its_own_is_left_to_pytest(tmp_path):
    kata = tmp_path / "checks" / "kata"
    kata.mkdir(parents=True)
    (kata / "exercise.py").write_text("def half(x):\n    return x / 2\n")
    test = "from exercise import half\n\n\ndef test_half():\n    assert half(2) == 1\n"
    (kata / "test_half.py").write_text(test)
    code, said = pytest_on(tmp_path)
    assert code == 0
    assert "points" not in said
