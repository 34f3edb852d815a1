"""START.ipynb lists the chapters of the course, and what it shows is as it says."""

import json
import shutil

import pytest

from lrcourse.authoring import welcome
from lrcourse.grading.entrances.client import Checker
from lrcourse.grading.notebook import Cell, read_cells
from tests import ROOT


def test_the_table_is_that_of_the_course():
    assert welcome.problems(ROOT) == []


def test_a_table_out_of_date_is_named_and_mended(tmp_path, monkeypatch):
    for name in ("_toc.yml", "START.ipynb"):
        shutil.copy(ROOT / name, tmp_path)
    for name in ("book", "solutions"):
        (tmp_path / name).symlink_to(ROOT / name)
    toc = tmp_path / "_toc.yml"
    lines = toc.read_text("utf-8").splitlines()
    last = max(n for n, line in enumerate(lines) if "book/13" in line)
    toc.write_text("\n".join(lines[:last] + lines[last + 1 :]), "utf-8")
    (said,) = welcome.problems(tmp_path)
    assert "run python -m lrcourse.authoring.welcome" in said
    monkeypatch.chdir(tmp_path)
    assert welcome.main([]) == 0
    assert welcome.main(["--check"]) == 0
    assert "13 " not in welcome.table(tmp_path)


@pytest.fixture(scope="module")
def checker():
    checker = Checker(ROOT / "exercises")
    yield checker
    checker.close()


def test_the_answer_that_is_wrong_on_purpose_is_named_and_its_repair_right(checker):
    (wrong,) = (c for c in read_cells(ROOT / "START.ipynb") if "def " in c.source)
    found = checker.check("exponential_lr", [wrong])
    sentence = found["verdicts"][-1]["mistake"]["sentence"]
    assert "repeated multiplication is a power" in sentence
    repaired = Cell("cell 1", wrong.source.replace("gamma * step", "gamma**step"))
    text = json.loads((ROOT / "START.ipynb").read_text("utf-8"))
    assert any("`gamma**step`" in "".join(c["source"]) for c in text["cells"])
    found = checker.check("exponential_lr", [repaired])
    assert {each["outcome"] for each in found["verdicts"]} == {"passed"}
