"""One exercise checked: what holds is a line, what does not is said by name."""

import re

import pytest

from lrcourse.authoring.check import main
from tests.grading.halves import FILES, GOOD, write_checks, write_notebook

STRICT = "def test_double_is_twice(double):\n    assert double(3) == 6, 'x'\n"
MISTAKES = """
from lrcourse.grading import Edit, Mistakes

MISTAKES = Mistakes(
    see="Pitfalls",
    squares=Edit("You square.", {"2 * x": "x**2 - 3"}),
    is_late=Edit("You are late.", {"3 * x": "x"}),
)
"""


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Return a function that checks an exercise with these files and this solution."""

    def checked(double=STRICT, solution=GOOD, **files):
        write_checks(
            tmp_path / "exercises" / "checks",
            files=FILES | {"test_double.py": double} | files,
        )
        marked = [
            source.replace("    return", "    ### BEGIN SOLUTION\n    return")
            + "\n    ### END SOLUTION"
            for source in solution
        ]
        write_notebook(tmp_path / "solutions" / "01_halves.ipynb", marked)
        monkeypatch.chdir(tmp_path / "exercises")
        status = main(["01"])
        return status, capsys.readouterr()

    return checked


def test_what_holds_is_a_line_for_each_answer(run):
    status, said = run()
    assert status == 0
    lines = said.out.splitlines()
    assert [line.split()[:3] for line in lines[1:3]] == [
        ["half", "ok", "1"],
        ["double", "ok", "0"],
    ]
    assert lines[1].endswith(" s")


def test_a_mutant_that_no_check_sees_is_shown(run):
    status, said = run(double=FILES["test_double.py"])
    assert status == 1
    assert re.search(r"double +WRONG", said.out)
    assert "no check sees this mutant" in said.out
    assert "- return 2 * x\n    + return 3 * x" in said.out


def test_a_solution_that_fails_and_a_stub_that_is_none_are_said(run):
    wrong = ["def half(x):\n    return x / 2 + 0", "def double(x):\n    return 4 * x"]
    status, said = run(solution=wrong)
    assert status == 1
    assert "the solution is failed at test_double_is_twice: x" in said.out
    assert "test_double_is_twice fails for the solution's own double" in said.out


def test_a_mistake_that_no_public_check_catches_is_said(run):
    status, said = run(double=MISTAKES.replace("3 * x", "2 * x") + STRICT)
    assert status == 1
    assert "squares is caught by no public check" in said.out
    assert "is_late" not in said.out


def test_a_mistake_that_is_out_of_date_is_said(run):
    status, said = run(double=MISTAKES + STRICT)
    assert status == 1
    assert "double, is_late is out of date: '3 * x' stands 0 times" in said.out


def test_mistakes_that_do_the_same_are_named_together(run):
    twins = MISTAKES.replace("x**2 - 3", "x").replace("3 * x", "2 * x")
    status, said = run(double=twins + STRICT)
    assert status == 0
    assert "is called" not in said.out


def test_an_answer_without_a_solution_is_refused(run):
    status, said = run(solution=GOOD[:1])
    assert status == 1
    assert said.err.endswith("01_halves.ipynb does not define double\n")


def test_an_unknown_exercise_is_refused(run, capsys):
    run()
    assert main(["77"]) == 1
    assert "no exercise begins with 77: 01_halves" in capsys.readouterr().err
