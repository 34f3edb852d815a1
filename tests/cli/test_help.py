"""Help with one answer, as a learner types it."""

import os

import pytest

from lrcourse.cli import main as cli
from lrcourse.cli.help import CANNOT_WORK, HELPED, NOT_YET
from lrcourse.learner.folder import Folder
from lrcourse.learner.progress import Memory
from lrcourse.learner.start import write_course

ANSWER = "gradient_step"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    made = Folder(tmp_path / "mine")
    write_course(made)
    monkeypatch.chdir(made.path)
    return made


def test_the_solution_comes_with_a_line_left_and_then_whole(folder, capsys):
    assert cli.main(["solution", ANSWER]) == NOT_YET
    assert "does not hold yet" in capsys.readouterr().out
    assert Memory.of(folder).given_up == []
    assert cli.main(["solution", ANSWER, "--give-up"]) == HELPED
    blank = capsys.readouterr().out
    assert blank.count("____") == 1
    assert "shows it whole. The points are still to be earned" in blank
    assert Memory.of(folder).given_up == [ANSWER]
    assert cli.main(["solution", ANSWER]) == HELPED
    whole = capsys.readouterr().out
    assert "____" not in whole
    assert "The points are still to be earned" in whole
    assert "Usual mistakes" in whole


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_to_read_only_is_a_sentence(folder, capsys):
    folder.path.chmod(0o555)
    assert cli.main(["reset", ANSWER]) == CANNOT_WORK
    assert "kept cannot be written to" in capsys.readouterr().err
    folder.path.chmod(0o755)


def test_a_home_that_nobody_has_is_a_sentence(tmp_path, capsys):
    assert cli.main(["start", "~nobody-is-called-so/x", "--no-lab"]) == CANNOT_WORK
    assert "home directory" in capsys.readouterr().err


def test_a_notebook_that_was_renamed_is_said_to_be_away(folder, capsys):
    ours = folder.exercises / "01_one_number.ipynb"
    ours.rename(ours.with_name("mine.ipynb"))
    for word in (ANSWER, "01", "1", "01_one_number"):
        assert cli.main(["check", word]) == CANNOT_WORK
        said = capsys.readouterr().err
        assert "belongs into 01_one_number.ipynb, which is not in" in said
        assert "give yours that name again" in said


def test_without_an_output_nothing_breaks(folder, monkeypatch):
    monkeypatch.setattr("sys.stdout", None)
    assert cli.main(["status"]) == 0
