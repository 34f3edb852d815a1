"""`pytest exercises` as a learner runs it: on notebooks good, blank, broken, gone."""

import json
import subprocess
import sys

import pytest

CHECKS = """
import pytest
from lrcourse.grading import close

HINTS = {"half": ["divide"], "double": ["multiply"]}


def test_half_of_one(half):
    assert close(half(1.0), 0.5), "one half"


@pytest.mark.points(2)
def test_half_of_random_numbers(half, rng):
    for x in rng.random(3):
        assert close(half(x), x / 2), "any number"


def test_double_is_larger(double):
    assert double(3) > 3, "twice as much"
"""
MISTAKES = '''
def half__quarter(x):
    """You divide twice.

    See 01_one_number: Pitfalls
    """
    return x / 4
'''
GOOD = ["def half(x):\n    return x / 2", "def double(x):\n    return 2 * x"]


@pytest.fixture
def folder(tmp_path):
    checks = tmp_path / "exercises" / "checks"
    checks.mkdir(parents=True)
    (checks / "test_01_x.py").write_text(CHECKS)
    (checks / "mistakes_01_x.py").write_text(MISTAKES)
    return tmp_path / "exercises"


def notebook(path, sources):
    cells = [
        {"cell_type": "code", "metadata": {}, "outputs": [], "source": source}
        | {"execution_count": None, "id": f"c{number}"}
        for number, source in enumerate(sources)
    ]
    document = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps(document))


def pytest_on(folder, *arguments):
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "no:nbval",
        "-p",
        "no:cacheprovider",
    ]
    done = subprocess.run(
        [*command, *arguments], cwd=folder, capture_output=True, text=True, timeout=60
    )
    return done.returncode, done.stdout


def test_full_points_and_exit_0(folder):
    notebook(folder / "01_x.ipynb", GOOD)
    code, said = pytest_on(folder)
    assert code == 0
    assert "3 passed" in said
    assert "4/4 points" in said


def test_a_blank_answer_is_not_started_and_no_failure(folder):
    notebook(
        folder / "01_x.ipynb",
        [GOOD[0], "def double(x):\n    raise NotImplementedError"],
    )
    code, said = pytest_on(folder)
    assert code == 0
    assert "1 not started" in said
    assert "3/4 points" in said


def test_a_known_mistake_is_named(folder):
    notebook(folder / "01_x.ipynb", ["def half(x):\n    return x / 4", GOOD[1]])
    code, said = pytest_on(folder)
    assert code == 1
    assert "one half\n    half(1.0) gave 0.25\n    got 0.25, expected 0.5" in said
    assert "You divide twice." in said


def test_a_forgotten_return_is_said(folder):
    notebook(folder / "01_x.ipynb", [GOOD[0], "def double(x):\n    2 * x"])
    assert "double returned None: is a return missing?" in pytest_on(folder)[1]


def test_one_test_of_one_notebook(folder):
    notebook(folder / "01_x.ipynb", GOOD)
    code, said = pytest_on(folder, "01_x.ipynb::test_half_of_one")
    assert code == 0
    assert "1 passed" in said


def test_other_notebooks_by_folder_and_by_file(folder, tmp_path):
    notebook(folder / "01_x.ipynb", ["def half(x):\n    raise NotImplementedError"])
    other = tmp_path / "other"
    other.mkdir()
    notebook(other / "01_x.ipynb", GOOD)
    for chosen in (other, other / "01_x.ipynb"):
        code, said = pytest_on(folder, f"--notebooks={chosen}")
        assert code == 0
        assert "4/4 points" in said


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
    notebook(folder / "01_x.ipynb", GOOD)
    assert "4/4 points" in pytest_on(folder, "-n2")[1]


def test_a_chapter_of_the_same_name_is_not_graded(folder, tmp_path):
    (tmp_path / "book").mkdir()
    notebook(tmp_path / "book" / "01_x.ipynb", GOOD)
    code, said = pytest_on(tmp_path / "book")
    assert code == 5
    assert "no tests ran" in said


def test_a_test_file_that_skips_itself_is_left_to_pytest(tmp_path):
    text = "import pytest\npytest.skip('no reason', allow_module_level=True)\n"
    (tmp_path / "test_skipped.py").write_text(text)
    _, said = pytest_on(tmp_path)
    assert "1 skipped" in said
