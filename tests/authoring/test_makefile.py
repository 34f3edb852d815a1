"""The Makefile, where something else than its commands decides."""

import shutil
import subprocess
import sys

import pytest

from tests import ROOT

needs_make = pytest.mark.skipif(shutil.which("make") is None, reason="there is no make")


@needs_make
@pytest.mark.parametrize(
    ("made_by", "is_kept"),
    [(sys.executable, True), ("/somewhere/before/.venv/bin/python3", False)],
)
def test_an_environment_of_a_renamed_folder_is_made_again(tmp_path, made_by, is_kept):
    shutil.copy(ROOT / "Makefile", tmp_path)
    pip = tmp_path / ".venv" / "bin" / "pip"
    pip.parent.mkdir(parents=True)
    pip.write_text(f"#!{made_by}\nimport sys\n")
    subprocess.run(["make", "--dry-run", "clean"], cwd=tmp_path, check=True)
    assert pip.exists() == is_kept
