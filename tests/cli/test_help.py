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
