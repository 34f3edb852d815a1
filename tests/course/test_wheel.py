"""The wheel carries the course: answers are checked where there is no checkout."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests import ROOT

MEGABYTES = 5
SLUGS = sorted(path.stem for path in ROOT.glob("exercises/[0-9]*.ipynb"))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (made,) = folder.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """Return the folder that the wheel was unpacked into."""
    site = tmp_path_factory.mktemp("site")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    return site


def run(installed, folder, *arguments):
    """Run a Python that finds lrcourse in `installed`, in `folder`."""
    return subprocess.run(
        [sys.executable, "-P", *arguments],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        check=False,
    )


def lrcourse(installed, folder, *arguments):
    return run(installed, folder, "-m", "lrcourse.cli.main", *arguments)


def test_the_wheel_is_small_and_holds_the_whole_course(wheel):
    assert wheel.stat().st_size < MEGABYTES * 2**20
    with zipfile.ZipFile(wheel) as archive:
        held = {*archive.namelist()}
    wanted = [
        *ROOT.glob("book/*.ipynb"),
        *ROOT.glob("exercises/*.ipynb"),
        *ROOT.glob("solutions/*.ipynb"),
        *ROOT.glob("exercises/checks/*/*.py"),
        *ROOT.glob("exercises/checks/*/*.csv"),
        ROOT / "START.ipynb",
    ]
    names = {f"lrcourse/course/{path.relative_to(ROOT).as_posix()}" for path in wanted}
    assert names - held == set()
    assert not [
        name for name in held if "_build" in name or ".ipynb_checkpoints" in name
    ]


def test_outside_a_checkout_a_folder_is_started_and_its_answers_checked(
    installed, tmp_path
):
    done = lrcourse(installed, tmp_path, "start", "mine", "--no-lab")
    assert done.returncode == 0, done.stderr
    mine = tmp_path / "mine"
    notebook = mine / "exercises/06_decay_formulas.ipynb"
    document = json.loads(notebook.read_text("utf-8"))
    for cell in document["cells"]:
        if cell["id"] == "half_life-answer":
            cell["source"] = "def half_life(gamma):\n    return 0.5 / gamma\n"
        if cell["id"] == "exponential_lr-answer":
            cell["source"] = (
                "def exponential_lr(step, base_lr, gamma):\n"
                "    return base_lr * gamma**step\n"
            )
    notebook.write_text(json.dumps(document), "utf-8")
    done = lrcourse(installed, mine, "status")
    assert "1 of " in done.stdout, done.stderr
    assert "06_decay_formulas █" in done.stdout
    done = lrcourse(installed, mine, "check", "exponential_lr")
    assert done.returncode == 0, done.stdout
    done = lrcourse(installed, mine, "check", "half_life")
    assert done.returncode == 1
    alone = tmp_path / "elsewhere"
    alone.mkdir()
    (alone / notebook.name).write_bytes(notebook.read_bytes())
    done = lrcourse(installed, alone, "check", notebook.name)
    assert done.returncode == 1, done.stderr
    assert "exponential_lr" in done.stdout


PRYING = """
def exponential_lr(step, base_lr, gamma):
    import glob, lrcourse
    place = lrcourse.__path__[0] + "/course"
    found = glob.glob(place + "/**/*.ipynb", recursive=True)
    try:
        with open(place + "/solutions/06_decay_formulas.ipynb") as file:
            return file.read()
    except OSError as error:
        raise RuntimeError(f"{type(error).__name__}, {len(found)} found") from None
"""


def test_what_the_package_carries_is_closed_to_answers(installed, tmp_path):
    document = {
        "cells": [{"cell_type": "code", "source": PRYING}],
        "metadata": {},
        "nbformat": 4,
    }
    (tmp_path / "06_decay_formulas.ipynb").write_text(json.dumps(document), "utf-8")
    program = (
        "from lrcourse.grading import grade_submission as grade\n"
        "from pathlib import Path\n"
        "graded = grade(Path('06_decay_formulas.ipynb'), trust_students=True)\n"
        "print(graded.verdicts[0].level)\n"
        "print({v.sentence for v in graded.verdicts if v.answer == 'exponential_lr'})\n"
    )
    (tmp_path / "program.py").write_text(program)
    done = run(installed, tmp_path, "program.py")
    level, said = done.stdout.splitlines()[0], done.stdout
    if level in ("L0", "L1"):
        pytest.skip(f"{level} closes no file")
    assert "RuntimeError" in said
    assert ", 0 found" in said


LAB = ["IPython", "joblib", "matplotlib", "mnist1d", "pandas", "platformdirs"]
LAB += ["scipy", "sklearn", "torch", "tqdm"]
WITHOUT = f"""
import sys
from importlib.machinery import PathFinder

class Without:
    def find_spec(name, *rest):
        missing = name.split(".")[0] in {LAB!r}
        return None if missing else PathFinder.find_spec(name, *rest)

sys.meta_path[sys.meta_path.index(PathFinder)] = Without
"""
USES = """
from lrcourse import data, measure
for use in (
    lambda: data.digits(),
    lambda: measure.paired_difference([1.0, 2.0], [2.0, 3.5]),
    lambda: measure.share_interval(1, 8),
    lambda: __import__("lrcourse.plotting"),
    lambda: __import__("lrcourse.measure.curvature"),
):
    try:
        use()
    except ModuleNotFoundError as error:
        assert 'pip install "lrcourse[lab]"' in str(error), error
    else:
        raise SystemExit("nothing was missing")
"""


@pytest.fixture(scope="module")
def bare(installed, tmp_path_factory):
    """Return a folder that hides what only the lab brings, and the wheel's own."""
    folder = tmp_path_factory.mktemp("bare")
    (folder / "sitecustomize.py").write_text(WITHOUT)
    return f"{folder}{os.pathsep}{installed}"


def test_without_the_lab_what_needs_it_says_how_to_add_it(bare, tmp_path):
    done = run(bare, tmp_path, "-c", USES)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("slug", SLUGS)
def test_without_the_lab_every_answer_but_claims_is_checked(bare, tmp_path, slug):
    (tmp_path / f"{slug}.ipynb").write_bytes(
        (ROOT / f"solutions/{slug}.ipynb").read_bytes()
    )
    done = lrcourse(bare, tmp_path, "check", f"{slug}.ipynb")
    assert "points" in done.stdout, done.stderr
    lost = [line for line in done.stdout.splitlines() if "checks failed" in line]
    claims = [line for line in lost if "supported_by" in line]
    assert lost == claims
    assert not claims or 'pip install "lrcourse[lab]"' in done.stdout


def test_to_collect_the_checks_loads_numpy_and_pytest_alone(tmp_path):
    program = """
import sys, pytest
plugins = ["-p", "lrcourse.grading.checking.plugin", "-p", "no:cacheprovider"]
pytest.main([*plugins, "--noconftest", "--collect-only", "-q", *sys.argv[1:]])
print(sorted({name.split(".")[0] for name in sys.modules}))
"""
    folders = [ROOT / "exercises/checks" / slug for slug in SLUGS]
    command = [sys.executable, "-c", program, *folders]
    environment = os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    done = subprocess.run(
        command,
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "tests collected" in done.stdout
    loaded = done.stdout.splitlines()[-1]
    assert "'numpy'" in loaded
    assert [name for name in LAB if f"'{name}'" in loaded] == []


def test_nothing_of_the_course_is_looked_for_by_a_path_of_ones_own():
    own = [
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "lrcourse").rglob("*.py")
        if "parents[" in path.read_text("utf-8") and "authoring" not in path.parts
    ]
    assert {Path(name).name for name in own} <= {
        "preload.py",
        "view.py",
        "outside.py",
        "budget.py",
    }
