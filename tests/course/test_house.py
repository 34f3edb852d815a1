"""Rules of the house that a reader of one file cannot see."""

import doctest
import importlib
import itertools
import subprocess
import sys

import pytest

from lrcourse.grading.notebook import read_cells
from lrcourse.grading.sandbox.jail.view import CLOSED_ROOMS
from lrcourse.grading.sandbox.preload import imported_names, preload_for
from tests import ROOT
from tests.course import nothing_forgotten
from tests.course.imports import (
    circles,
    forbidden_loads,
    house,
    loaded_through,
    package_of,
    packages,
    upward_imports,
)
from tests.course.sizes import Size, shared_aliases, size_problems, too_long

SOLUTIONS = sorted((ROOT / "solutions").glob("*.ipynb"))
HOUSE = house(ROOT / "lrcourse")

LAYERS = [  # from the ground up; a room imports from its own layer or a lower one
    {"_settings", "_arrays", "_torch", "_lab", "_course", "_halving"},
    {"schedules", "optimizers", "problems", "network", "data", "measure"},
    {"theory", "training", "sweep", "audit", "convert"},
    {"plotting", "figure", "prediction"},
    {"grading", "authoring", "learner", "cli"},
]
MAY_LOAD = {  # packages nobody here wrote, loaded with a room; elsewhere none
    "_arrays": {"numpy"},
    "schedules.keras": {"keras", "numpy"},
    "schedules.optax": {"jax", "numpy"},
    "problems": {"numpy"},
    "network": {"numpy"},
    "data": {"numpy"},
    "measure": {"numpy"},
    "measure.curvature": {"numpy", "scipy", "torch"},
    "theory": {"numpy"},
    "audit": {"numpy"},
    "audit.recorder": {"numpy", "torch"},
    "training": {"numpy"},
    "training.torch_loop": {"torch"},
    "training.torch_epochs": {"torch"},
    "training.torch_watch": {"torch"},
    "training.groups": {"torch"},
    "training.torch_lr_finder": {"numpy", "torch"},
    "training.checkpoint": {"torch"},
    "training.averaging": {"torch"},
    "sweep": {"joblib", "numpy", "pandas", "torch", "tqdm"},
    "plotting": {"matplotlib", "matplotlib_inline", "IPython", "numpy"},
    "figure": {"numpy"},
    "authoring.execution": {"nbclient", "nbformat"},
    "authoring.proof": {"nbformat"},
    "grading": {"numpy"},
    "grading.checking": {"numpy", "pytest"},
}
A_FIGURE = (
    "ten lines are its arguments; its controls, its numbers and its sentence belong to "
    "one state and are read together"
)
LONG = {  # rooms and functions that are too long, each with the reason
    "lrcourse.sweep.engine: sweep": "thirty lines are its arguments, one a line",
    "lrcourse.training.loop: descend": "the one loop: what a step does, what is kept "
    "of it and when it ends are read together",
    "lrcourse.grading.sandbox.messages": "all that both sides say stands in one room, "
    "so that one look shows what is believed of a reply",
    "lrcourse.figure.curves: schedule_figure": A_FIGURE,
    "lrcourse.figure.conversions: conversion_figure": A_FIGURE,
    "lrcourse.figure.cycles: cycle_figure": A_FIGURE,
    "lrcourse.figure.descent: descent_figure": A_FIGURE,
    "lrcourse.figure.grid: grid_figure": A_FIGURE,
    "lrcourse.figure.handles: draw_figure": A_FIGURE,
    "lrcourse.figure.momentum: momentum_figure": A_FIGURE,
    "lrcourse.figure.momentum: _runs": "eight lines are its arguments, one a line",
    "lrcourse.figure.ranges: range_figure": A_FIGURE,
    "lrcourse.figure.stopping: stopping_figure": A_FIGURE,
}


def test_rooms_import_downwards_only():
    nothing_forgotten(upward_imports(HOUSE, LAYERS))


def test_no_packages_and_no_rooms_import_each_other_in_a_circle():
    nothing_forgotten(circles(packages(HOUSE)))
    nothing_forgotten(circles({room: HOUSE.ours(room) for room in HOUSE.files}))


def test_a_room_loads_only_what_it_may():
    nothing_forgotten(forbidden_loads(HOUSE, MAY_LOAD))


def loads(room, *libraries):
    """Say whether importing `room` loads one of `libraries`."""
    return any({*libraries} & HOUSE.others(each) for each in HOUSE.loaded_by(room))


def is_open(room):
    """Say whether a learner's code may import `room`."""
    closed = (f"{each}." for each in CLOSED_ROOMS)
    return bool(package_of(room)) and not f"{room}.".startswith(tuple(closed))


OPEN_ROOMS = [room for room in HOUSE.files if is_open(room)]
FRAMEWORKS = ("torch", "jax", "keras")
NUMPY_ROOMS = [room for room in OPEN_ROOMS if not loads(room, *FRAMEWORKS)]


def test_of_the_packages_only_the_sweep_loads_torch():
    assert loads("lrcourse.sweep", "torch")
    nothing_forgotten(loaded_through(HOUSE, "torch", {"sweep"}))


def loaded(*rooms):
    """Return the top-level modules that a fresh process holds after importing them."""
    code = f"import sys, {', '.join(rooms)}; print(*sys.modules)"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return {name.split(".")[0] for name in done.stdout.split()}


def test_all_rooms_of_numpy_together_leave_torch_unloaded():
    assert len(NUMPY_ROOMS) > 40
    assert not loaded(*NUMPY_ROOMS) & {*FRAMEWORKS, "pytest"}


def test_the_package_and_the_schedules_are_light():
    assert not loaded("lrcourse", "lrcourse.schedules") & {"numpy"}


def import_forms(room):
    """Return the lines with which a notebook may import `room`."""
    parent, _, name = room.rpartition(".")
    return [
        f"import {room}",
        f"import {room} as it",
        f"from {parent} import {name}",
        f"from {parent} import (\n    {name},\n)",
        f"from {room} import *",
        f"from {room} import something",
        f"import {parent}\n\n{room}.something()",
    ]


@pytest.mark.parametrize("room", OPEN_ROOMS)
def test_an_exercise_gets_a_worker_with_torch_only_where_a_room_needs_it(room):
    kinds = {form: preload_for(imported_names([form])) for form in import_forms(room)}
    with_torch = {form for form, kind in kinds.items() if kind == "torch"}
    assert with_torch == (set(kinds) if loads(room, "torch") else set())


@pytest.mark.parametrize("solution", SOLUTIONS, ids=lambda path: path.stem)
def test_no_exercise_of_numpy_gets_a_worker_with_torch(solution):
    cells = [cell.source for cell in read_cells(solution)]
    own = preload_for(imported_names(cells))
    assert own == ("torch" if "import torch" in "\n".join(cells) else "numpy")
    for room in NUMPY_ROOMS:
        kind = preload_for(imported_names([*cells, f"import {room}"]))
        assert kind != "torch" or own == "torch", room


def test_rooms_and_functions_are_short():
    nothing_forgotten(size_problems(too_long(HOUSE.files), LONG))


def test_no_two_rooms_name_a_type_twice():
    nothing_forgotten(shared_aliases(HOUSE.files))


WITH_EXAMPLES = [
    room for room, path in HOUSE.files.items() if ">>>" in path.read_text("utf-8")
]


@pytest.mark.parametrize("room", WITH_EXAMPLES)
def test_the_examples_in_the_docstrings_are_true(room):
    result = doctest.testmod(importlib.import_module(room))
    assert result.attempted > 0
    assert result.failed == 0


@pytest.fixture
def small_house(tmp_path):
    """Return a function that builds a package from texts and reads it."""
    numbers = itertools.count()

    def build(**texts):
        package = tmp_path / str(next(numbers)) / "small"
        package.mkdir(parents=True)
        for name, text in {"__init__": "", **texts}.items():
            path = package.joinpath(*name.split("__in__")[::-1]).with_suffix(".py")
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
        return house(package)

    return build


def test_an_import_of_a_higher_room_is_named(small_house):
    layers = [{"ground"}, {"roof"}]
    high = small_house(ground="def f():\n    from small import roof", roof="")
    assert upward_imports(high, layers) == [
        "small.ground imports small.roof, and roof lies above ground: move what both "
        "need down, or hand it over as an argument"
    ]
    assert upward_imports(small_house(attic=""), layers) == [
        "small.attic: say in LAYERS how high attic lies"
    ]


def test_a_circle_is_named(small_house):
    small = small_house(
        a="import small.b", b="from small.c import x", c="from small import a"
    )
    (circle,) = circles({room: small.ours(room) for room in small.files})
    assert circle.endswith("a circle, so none can be read first")
    assert {"small.a", "small.b", "small.c"} <= set(circle.split()) | {"small.a"}


def test_a_package_that_loads_torch_for_all_is_named(small_house):
    small = small_house(
        __init__="from small.of_torch import f", of_torch="import torch", other=""
    )
    assert loaded_through(small, "torch", set()) == [
        "small loads torch through small.of_torch: leave that to be imported by its "
        "own name"
    ]
    assert loaded_through(small, "torch", {""}) == []


def test_a_package_loaded_without_leave_is_named(small_house):
    small = small_house(a="import os, torch.nn", b="def f():\n    import torch")
    assert forbidden_loads(small, {"a": {"numpy"}}) == [
        "small.a loads torch: name it in MAY_LOAD, if all who import it may pay"
    ]


def test_what_is_too_long_is_named_and_so_is_an_exception_in_vain(small_house):
    body = "\n".join(["    x = 1"] * 25)
    text = f'class A:\n  def f(self):\n    """One.\n\n    Two."""\n{body}\n'
    found = too_long(small_house(a=text, b="x = 1\n" * 251).files)
    assert found == [Size("small.a: A.f", 26, 25), Size("small.b", 251, 250)]
    assert size_problems(found, {"small.b": "", "small.c": "it was long once"}) == [
        "small.a: A.f has 26 lines, more than 25: split it by idea, or say in LONG why "
        "not",
        "small.c stands in LONG and is no longer too long: take it out",
        "small.b stands in LONG without a reason: ''",
    ]


def test_a_type_named_twice_is_named(small_house):
    small = small_house(
        a="Array: TypeAlias = NDArray[float]\nLIMIT = A | B",
        b="Array = dict[str, int]\nLosses = NDArray[float]\nState = TypeVar('State')",
    )
    assert shared_aliases(small.files) == [
        "small.b: Array is also small.a: Array: import one from the other",
        "small.b: Losses is the type of small.a: Array: import that one",
    ]
