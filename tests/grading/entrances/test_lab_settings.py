"""What `make lab` sets: `check` before the first cell is a sentence, and no news."""

import json
import sys
from pathlib import Path

import pytest
from IPython.core.application import ENV_CONFIG_DIRS

from lrcourse.grading.entrances.lab_settings import LAB, for_kernels, places, write
from tests import ROOT
from tests.grading.entrances.conftest import IMPORT
from tests.grading.halves import GOOD


@pytest.fixture
def run(start, tmp_path):
    """Start a kernel whose settings are those that are written; return how to run."""
    settings = tmp_path / "settings" / "profile_default" / "ipython_kernel_config.py"
    settings.parent.mkdir(parents=True)
    settings.write_text(for_kernels())
    return start(IPYTHONDIR=str(tmp_path / "settings"))


@pytest.mark.parametrize("call", ['check("half")', "check()"])
def test_check_before_the_first_cell_says_what_to_run(run, call):
    told = "Run the first cell of this notebook first: it brings check.\n"
    assert run(call) == {"name": "stdout", "text": told}


def test_auto_check_too(run):
    assert "it brings auto_check." in run("auto_check(False)")["text"]


def test_after_the_first_cell_check_is_the_real_one(run):
    run('check("half")')
    run(IMPORT)
    assert "half" in run(GOOD[0])["data"]["text/plain"]


def test_a_kernel_that_has_not_asked_for_the_course_has_not_imported_it(run):
    assert run("import sys; print('lrcourse' in sys.modules)")["text"] == "False\n"


def test_kernels_and_the_lab_take_their_settings_from_there_and_make_lab_writes_them(
    tmp_path,
):
    kernels, lab = places(Path(sys.prefix))
    assert str(kernels.parent) in ENV_CONFIG_DIRS
    assert lab.parent == Path(sys.prefix) / "share" / "jupyter" / "lab" / "settings"
    write(tmp_path)
    kernels, lab = places(tmp_path)
    assert kernels.read_text() == for_kernels()
    assert json.loads(lab.read_text()) == LAB
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert "python -m lrcourse.grading.entrances.lab_settings" in makefile
