"""The checking process as its client sees it: questions large, broken, repeated."""

from types import SimpleNamespace

import pytest

from lrcourse.grading.entrances.client import Checker
from lrcourse.grading.entrances.examiner import Examiner
from lrcourse.grading.notebook import Cell
from lrcourse.grading.sandbox import wire
from tests.grading.halves import FILES, GOOD, write_checks, write_notebook

FAILING = """
from lrcourse.grading.sandbox.host.process import CannotStart


def test_a_quarter(quarter):
    raise CannotStart("no memory left")
"""


@pytest.fixture(scope="module")
def checker(tmp_path_factory):
    folder = tmp_path_factory.mktemp("course")
    write_checks(folder / "checks")
    broken = {"exercise.py": "FORBIDDEN = ()\n", "test_third.py": "1 / 0\n"}
    write_checks(folder / "checks", "02_broken", broken)
    failing = {"exercise.py": "FORBIDDEN = ()\n", "test_quarter.py": FAILING}
    write_checks(folder / "checks", "03_failing", failing)
    checker = Checker(folder)
    yield checker
    checker.close()


def outcomes(checker, *sources):
    cells = [Cell(f"cell {n}", source) for n, source in enumerate(sources, 1)]
    return [each["outcome"] for each in checker.check("half", cells)["verdicts"]]


def test_cells_with_much_pasted_data_are_checked_like_others(checker):
    data = f"data = [{'0,' * 300_000}]"
    assert outcomes(checker, data, GOOD[0]) == ["passed", "passed"]


def test_a_mistake_that_cannot_be_named_leaves_the_checking_process_alive(tmp_path):
    stale = FILES["test_half.py"].replace('"x / 2": "x / 4"', '"number / 2": "x"')
    course = tmp_path / "exercises"
    write_checks(course / "checks", files=FILES | {"test_half.py": stale})
    write_notebook(tmp_path / "solutions" / "01_halves.ipynb", GOOD)
    checker = Checker(course)
    wrong = checker.check("half", [Cell("cell 1", "def half(x):\n    return x / 4")])
    alive = checker.process
    assert [each["outcome"] for each in wrong["verdicts"]] == ["failed", "failed"]
    assert outcomes(checker, GOOD[0]) == ["passed", "passed"]
    assert checker.process is alive
    checker.close()


def test_cells_that_are_too_long_to_be_sent_are_refused_in_words(checker, monkeypatch):
    monkeypatch.setattr(wire, "MAX_FRAME", 1000)
    with pytest.raises(ValueError, match="hold too much to be checked: keep data in"):
        outcomes(checker, "#" * 2000)


def test_what_had_to_be_stopped_is_said_so_that_nobody_tries_it_again(checker):
    ends = Cell("cell 1", "import os\n\ndef half(x):\n    os._exit(1)")
    result = checker.check("half", [ends])
    assert result["stopped"]
    assert not checker.check("half", [Cell("cell 1", GOOD[0])])["stopped"]

    class Asked:
        """Keeps what the examiner asks of the process that checks."""

        def __init__(self):
            self.checks, self.asked = None, []

        def ask_names(self):
            return ["half"]

        def check(self, name, cells):
            self.asked.append(name)
            return result

    shell = SimpleNamespace(user_ns={"half": None, "__vsc_ipynb_file__": "gone.ipynb"})
    asked = Asked()
    examiner = Examiner(shell, asked)
    examiner.cells.keep("1", ends.source)
    examiner.cells.alone = lambda: [ends]
    examiner.examine("half")
    assert asked.asked == ["half"]


def test_a_machine_that_starts_no_interpreter_is_an_error_and_no_verdict(checker):
    for _ in range(2):
        with pytest.raises(RuntimeError, match="no memory left"):
            checker.check("quarter", [Cell("", "def quarter(x): return x / 4")])
    assert outcomes(checker, GOOD[0]) == ["passed", "passed"]


def test_checks_that_are_broken_are_an_error_that_says_so(checker):
    with pytest.raises(RuntimeError, match=r"02_broken cannot be used: .*division"):
        checker.check("third", [Cell("", "def third(x): return x / 3")])
    assert checker.ask_names() == ["double", "half", "quarter"]


def test_before_an_answer_holds_its_solution_has_a_blank_and_after_it_none(tmp_path):
    course, wrong = tmp_path / "exercises", "def half(x):\n    return x"
    write_checks(course / "checks")
    solution = tmp_path / "solutions" / "01_halves.ipynb"
    write_notebook(solution, GOOD)
    checker = Checker(course)

    def shown(source):
        return checker.check("half", [Cell("cell 1", source)])["solution"]

    blank = "def half(x):\n    return ____  # left to you"
    whole = {"source": GOOD[0], "discussion": ""}
    assert shown(wrong) == whole | {"blank": blank}
    assert shown(GOOD[0]) == whole
    learners = tmp_path / "01_halves.ipynb"
    write_notebook(learners, [wrong])
    graded = checker.grade(learners, "01_halves", "")
    assert "____" not in str(graded)
    for unreadable in ("{", "[]"):
        solution.write_text(unreadable)
        assert shown(wrong) == {}
    solution.unlink()
    assert shown(wrong) == {}
    checker.close()
