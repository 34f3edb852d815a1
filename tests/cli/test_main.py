"""The `lrcourse` command, as a learner types it."""

import io
import sys

import pytest

from lrcourse.cli import main as cli
from lrcourse.cli.check import CANNOT_WORK, NOTHING_WRONG, SOMETHING_WRONG
from tests.grading.halves import write_checks, write_notebook

WRONG = "def half(x):\n    return x / 4\n\ndef double(x):\n    return 2 * x"
RIGHT = WRONG.replace("4", "2")
BLANK = RIGHT.replace("return", "raise NotImplementedError  #")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    write_checks(tmp_path / "checks")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_check_says_what_is_wrong_and_adds_up_the_points(folder, capsys):
    write_notebook(folder / "01_halves.ipynb", [WRONG])
    assert cli.main(["check"]) == SOMETHING_WRONG
    said = capsys.readouterr().out
    assert "half    ··········  0/3 2 of 2 checks failed" in said
    assert "one half" in said
    assert "half(1.0) gave 0.25" in said
    assert "1/4 points" in said
    assert "Your code ran at L" in said


def test_a_sentence_that_several_checks_say_stands_once_with_the_names_of_all(
    folder, capsys
):
    broken = RIGHT.replace("def half", "1 / 0\n\n\ndef half")
    write_notebook(folder / "01_halves.ipynb", [broken.replace("return x / 2", "(")])
    assert cli.main(["check"]) == SOMETHING_WRONG
    said = capsys.readouterr().out
    assert said.count("half is not defined") == 1
    assert "    half of one:\n" in said
    assert "      the same: half of random numbers\n" in said


def test_where_there_are_no_blocks_bars_are_ascii_and_words_are_spelled_out(
    folder, monkeypatch
):
    told = RIGHT.replace("return x / 2", "raise ValueError('λ … 学习率')")
    write_notebook(folder / "01_halves.ipynb", [told])
    file = io.TextIOWrapper(io.BytesIO(), encoding="cp1252")  # Western Windows' own
    monkeypatch.setattr(sys, "stdout", file)
    assert cli.main(["check"]) == SOMETHING_WRONG
    file.flush()
    said = file.buffer.getvalue().decode("cp1252")
    assert "half    ..........  0/3" in said
    assert "double  ##########  1/1" in said
    assert "ValueError: \\u03bb … \\u5b66" in said


@pytest.mark.parametrize("source", [RIGHT, BLANK])
def test_check_exits_0_if_nothing_is_wrong(folder, source):
    write_notebook(folder / "01_halves.ipynb", [source])
    assert cli.main(["check", "01_halves.ipynb"]) == NOTHING_WRONG


def test_check_without_notebooks_says_so(folder, capsys):
    assert cli.main(["check"]) == CANNOT_WORK
    assert "no exercise notebooks here" in capsys.readouterr().err
    assert cli.main(["check", "gone.ipynb"]) == CANNOT_WORK
    assert "no such notebook: gone.ipynb" in capsys.readouterr().err


def test_a_wrong_command_is_a_usage_error(capsys):
    with pytest.raises(SystemExit) as stop:
        cli.main(["chekc"])
    assert stop.value.code == 2
    assert "invalid choice: 'chekc'" in capsys.readouterr().err


def test_the_doctor_names_the_level_and_every_attempt(capsys):
    assert cli.main(["doctor"]) == NOTHING_WRONG
    said = capsys.readouterr().out
    assert "A learner's code runs at L" in said
    assert said.count("stopped") + said.count("NOT STOPPED") > 15
    assert "PyTorch's compiled update rules, stay in\nmemory" in said
    assert "guards honesty and nothing else" in said
