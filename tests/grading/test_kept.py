"""A check's data outlives an answer that writes into it."""

from types import ModuleType

import numpy as np

from lrcourse.grading.entrances.client import Checker
from lrcourse.grading.kept import kept
from lrcourse.grading.notebook import Cell
from tests.grading.halves import write_checks, write_notebook

SUMS = """\
import numpy as np

from lrcourse.grading import close

GIVEN = np.array([1.0, 2.0])


def test_the_sum_of_two(total):
    assert close(total(GIVEN), 3.0), "1 + 2"


def test_the_sum_stays(total):
    assert close(total(GIVEN), 3.0), "1 + 2, once more"
"""
SUM = "def total(given):\n    return float(given.sum())"
SPOILS = "def total(given):\n    given *= 2\n    return float(given.sum() / 2)"


def test_what_a_module_holds_is_copied_and_comes_back():
    module = ModuleType("checks")
    pair = np.array([1.0, 2.0])
    module.PAIR, module.BOTH, module.WORD = pair, {"pair": pair}, "word"
    with kept(module):
        assert module.BOTH["pair"] is module.PAIR is not pair
        module.PAIR *= 2
        module.BOTH["more"] = 1
    assert module.PAIR is pair
    assert module.PAIR.tolist() == [1.0, 2.0]
    assert list(module.BOTH) == ["pair"]


def test_an_answer_that_spoils_a_check_s_data_spoils_it_for_nobody(tmp_path):
    checks = tmp_path / "exercises" / "checks"
    write_checks(checks, "01_x")
    for path in (checks / "01_x").glob("test_*.py"):
        path.unlink()
    (checks / "01_x" / "test_total.py").write_text(SUMS, encoding="utf-8")
    write_notebook(tmp_path / "solutions" / "01_x.ipynb", [SUM])
    checker = Checker(tmp_path / "exercises")
    try:
        for source in (SPOILS, SUM):
            verdicts = checker.check("total", [Cell("cell 1", source)])["verdicts"]
            assert [each["outcome"] for each in verdicts] == 2 * ["passed"], source
    finally:
        checker.close()
