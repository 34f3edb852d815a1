"""Rules of the house that a reader of one file cannot see."""

import ast
import doctest
import importlib
import subprocess
import sys

import pytest

from tests import ROOT

PACKAGE = ROOT / "lrcourse"
GRADING = {"numpy", "grading"}
MAY_IMPORT = {
    "__init__": set(),
    "settings": set(),
    "schedules": {"settings"},
    "optimizers": {"optimizers", "settings"},
    "problems": {"numpy"},
    "bowls": {"numpy", "problems"},
    "counterexamples": {"numpy", "data", "optimizers", "problems"},
    "network": {"numpy", "scipy", "network"},
    "data": {"numpy", "sklearn", "mnist1d", "platformdirs"},
    "generated": {"numpy"},
    "training": {"numpy", "optimizers", "problems"},
    "torch_training": {"torch", "schedules"},
    "checkpoint": {"torch"},
    "theory": {"numpy", "problems", "schedules", "settings", "theory"},
    "feedback": {"schedules", "settings"},
    "plateau": {"settings"},
    "range_test": {"numpy", "schedules"},
    "torch_range_test": {"numpy", "torch", "range_test", "torch_training"},
    "averaging": {"torch"},
    "curvature": {"numpy", "scipy", "torch"},
    "statistics": {"numpy", "scipy"},
    "sweep": {
        "joblib",
        "numpy",
        "pandas",
        "torch",
        "tqdm",
        "data",
        "network",
        "optimizers",
        "schedules",
        "settings",
        "sweep",
    },
    "plotting": {
        "matplotlib",
        "matplotlib_inline",
        "IPython",
        "numpy",
        "schedules",
        "theory",
        "training",
        "problems",
        "plotting",
    },
    "figure": {
        "numpy",
        "figure",
        "optimizers",
        "problems",
        "range_test",
        "schedules",
        "settings",
        "theory",
        "training",
    },
    "authoring": set(),
    "cli": set(),
    "execution": set(),
    "grading": GRADING,
    "grading/card": GRADING | {"figure"},
    "grading/collection": GRADING | {"pytest"},
    "grading/plugin": GRADING | {"pytest"},
    "grading/server": GRADING | {"pytest"},
}
ROOMS = sorted(
    path.relative_to(PACKAGE).with_suffix("").as_posix()
    for path in PACKAGE.rglob("*.py")
)


def allowed(room):
    return MAY_IMPORT.get(room, MAY_IMPORT.get(room.split("/")[0]))


def imports_at_load_time(room):
    """Return the packages a room imports outside its functions; ours by room."""
    tree = ast.parse((PACKAGE / f"{room}.py").read_text(encoding="utf-8"))
    found = set()
    for node in tree.body:
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module == "lrcourse":
            names = [f"lrcourse.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module]
        for name in names:
            parts = name.split(".")
            ours = parts[0] == "lrcourse" and len(parts) > 1
            found.add(parts[1] if ours else parts[0])
    return found - sys.stdlib_module_names


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_what_it_may(room):
    assert allowed(room) is not None, f"say in MAY_IMPORT what {room} may import"
    assert imports_at_load_time(room) <= allowed(room)


WITH_EXAMPLES = [
    room
    for room in ROOMS
    if ">>>" in (PACKAGE / f"{room}.py").read_text(encoding="utf-8")
]


@pytest.mark.parametrize("room", WITH_EXAMPLES)
def test_the_examples_in_the_docstrings_are_true(room):
    name = f"lrcourse.{room}".replace("/", ".").removesuffix(".__init__")
    result = doctest.testmod(importlib.import_module(name))
    assert result.attempted > 0
    assert result.failed == 0


def test_the_package_and_the_schedules_are_light():
    code = "import sys, lrcourse, lrcourse.schedules; print('numpy' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout == "False\n"
