"""A notebook from elsewhere under pytest: what came with it is not run."""

import subprocess
import sys

import pytest

from tests import ROOT
from tests.grading.halves import write_notebook

NAME = "06_decay_formulas.ipynb"
RUNS = "open('ran', 'w').close()\n"
REFUSED = f"{NAME} lies outside the course, and pytest would run or follow"


@pytest.fixture
def folder(tmp_path):
    write_notebook(tmp_path / "student" / NAME, ["x = 1"])
    return tmp_path


def pytest_on(folder, *arguments, at="."):
    command = [sys.executable, "-m", "pytest", "-p", "no:nbval", "--co", "-q"]
    done = subprocess.run(
        [*command, *arguments], cwd=folder / at, capture_output=True, text=True
    )
    ran = [path for path in folder.rglob("ran")]
    return done.returncode, done.stdout + done.stderr, ran


@pytest.mark.parametrize(
    ("argument", "at"),
    [
        (f"student/{NAME}", "."),
        (f"student/{NAME}::test_half", "."),
        (NAME, "student"),
        (f"link/{NAME}", "."),
    ],
)
def test_the_conftest_beside_it_is_refused_in_words_and_not_run(folder, argument, at):
    (folder / "student" / "conftest.py").write_text(RUNS)
    (folder / "link").symlink_to(folder / "student")
    code, said, ran = pytest_on(folder, argument, at=at)
    assert (code, ran) == (pytest.ExitCode.USAGE_ERROR, [])
    assert f"{REFUSED} what lies there too" in said
    assert "conftest.py" in said
    assert "lrcourse check" in said


def test_so_is_one_above_it_and_settings_for_pytest(folder):
    (folder / "conftest.py").write_text(RUNS)
    code, _, ran = pytest_on(folder, f"student/{NAME}", "--rootdir=.")
    assert (code, ran) == (pytest.ExitCode.USAGE_ERROR, [])
    (folder / "conftest.py").unlink()
    (folder / "student" / "pytest.ini").write_text("[pytest]\npython_files = *.txt\n")
    code, said, _ = pytest_on(folder, f"student/{NAME}")
    assert code == pytest.ExitCode.USAGE_ERROR
    assert "pytest.ini" in said


def test_a_notebook_that_came_alone_is_graded(folder):
    code, said, _ = pytest_on(folder, f"student/{NAME}")
    assert code == 0
    assert "test_the_cosine_starts_at_max_lr" in said


@pytest.mark.parametrize("place", [f"book/{NAME}", f"exercises/{NAME}"])
def test_the_courses_own_notebooks_keep_their_conftest(place):
    code, said, _ = pytest_on(ROOT, str(ROOT / place))
    assert code == 0, said
