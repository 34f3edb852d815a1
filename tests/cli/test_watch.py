"""`lrcourse check --watch` checks again what is saved, until it is stopped."""

import os

import pytest

from lrcourse.cli import check, main
from tests.grading.halves import write_checks, write_notebook

WRONG = "def half(x):\n    return x / 4\n\ndef double(x):\n    return 2 * x"
RIGHT = WRONG.replace("4", "2")


@pytest.fixture
def saved(tmp_path, monkeypatch):
    """Return a function that saves what is given, one after the other, then stops."""
    write_checks(tmp_path / "checks")
    monkeypatch.chdir(tmp_path)
    notebook = tmp_path / "01_halves.ipynb"

    def save(*sources):
        write_notebook(notebook, [sources[0]])
        later = iter(enumerate(sources[1:], start=1))

        def sleep(seconds):
            number, source = next(later, (0, None))
            if not number:
                raise KeyboardInterrupt
            if source is not None:
                write_notebook(notebook, [source])
                os.utime(notebook, (number, number))

        monkeypatch.setattr(check.time, "sleep", sleep)

    return save


def test_a_saved_notebook_is_checked_again_and_an_unsaved_one_is_not(saved, capsys):
    saved(WRONG, None, RIGHT, None, None)
    assert main.main(["check", "--watch"]) == check.NOTHING_WRONG
    said = capsys.readouterr().out
    assert said.count("waiting for the next save") == 2
    first, second, _ = said.split("waiting for the next save")
    assert "half(1.0) gave 0.25" in first
    assert "4/4 points" in second
    assert "\033" not in said  # no terminal: plain


def test_what_is_wrong_comes_before_what_holds(saved, capsys):
    saved(WRONG.replace("2 * x", "x + x"))
    main.main(["check", "--watch"])
    said = capsys.readouterr().out
    assert said.index("half ") < said.index("double ")


def test_a_notebook_that_cannot_be_read_is_named_and_watched_on(
    saved, capsys, tmp_path
):
    saved(WRONG, RIGHT)
    (tmp_path / "01_halves.ipynb").write_text("{")
    assert main.main(["check", "--watch"]) == check.NOTHING_WRONG
    said = capsys.readouterr().out
    assert "01_halves.ipynb is broken" in said.split("waiting")[0]
    assert "4/4 points" in said
