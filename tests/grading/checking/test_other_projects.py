"""The plugin leaves alone what is not the course's, and refuses an old pytest."""

import subprocess
import sys

import pytest

from lrcourse.grading.checking import collection
from tests import ROOT

TESTS = """
import pytest

@pytest.fixture
def answers():
    return 42

@pytest.fixture
def rng():
    return "ours"

@pytest.fixture
def answer():
    return 1

def test_fixtures_are_our_own(answers, rng, answer):
    assert (answers, rng, answer) == (42, "ours", 1)

@pytest.mark.skip
def test_later():
    pass
"""


def run(folder, *arguments):
    command = [sys.executable, "-P", "-m", "pytest", "-p", "no:cacheprovider"]
    return subprocess.run(
        [*command, *arguments], cwd=folder, capture_output=True, text=True, check=False
    )


def lines_of(done):
    """Return what pytest said, but for its clock and its list of plugins."""
    lines = done.stdout.splitlines()
    return [each for each in lines if " in " not in each and "plugins:" not in each]


def test_another_projects_pytest_says_what_it_says_without_the_plugin(tmp_path):
    (tmp_path / "exercises/checks/06_decay_formulas").mkdir(parents=True)
    (tmp_path / "exercises/test_theirs.py").write_text(TESTS)
    (tmp_path / "exercises/checks/test_own.py").write_text("def test_own(): pass\n")
    (tmp_path / "exercises/06_decay_formulas.ipynb").write_text("{}")
    (tmp_path / "exercises/notes.ipynb").write_text('{"cells": []}')
    with_it, without = run(tmp_path), run(tmp_path, "-p", "no:lrcourse")
    assert with_it.returncode == without.returncode == 0, with_it.stdout
    assert "2 passed, 1 skipped" in with_it.stdout
    assert lines_of(with_it) == lines_of(without)
    assert "points" not in with_it.stdout


def test_an_older_pytest_is_refused_with_a_sentence(monkeypatch):
    monkeypatch.delattr(pytest, "register_fixture")
    node = object.__new__(collection.ExerciseNode)
    with pytest.raises(node.CollectError, match=r"need pytest 9\.1 or newer"):
        node.collect()


def test_the_plugin_is_the_one_that_is_installed():
    said = run(ROOT, "--trace-config", "--collect-only", "-q", "tests/__init__.py")
    assert "lrcourse" in said.stdout
