"""What the package offers: functions and classes that a chapter may import."""

import contextlib
import importlib
import inspect
import sys
import types
import typing
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

from tests.course.imports import House

ONLY_WHAT_THEY_EXPORT = {"sweep", "plotting", "figure", "convert"}
BEHIND_A_DOOR = {"schedules.schedule", "theory.checks"}  # only other rooms go there


def offered(house: House, packages: Collection[str]) -> dict[str, Any]:
    """Return the public functions and classes of `packages`, as ``package.name``.

    Those are the names in a package's ``__all__``, and all that is made in a room
    which the package leaves to be imported by its own name. A room that is neither has
    to be in `BEHIND_A_DOOR`.
    """
    found = {}
    for package in packages:
        module = importlib.import_module(f"lrcourse.{package}")
        exported = {name: getattr(module, name) for name in module.__all__}
        found |= {f"{package}.{name}": each for name, each in exported.items()}
        for room in _rooms_by_name(house, package):
            name = room.removeprefix("lrcourse.")
            made = _made_in(importlib.import_module(room))
            found |= {f"{name}.{each.__name__}": each for each in made}
    return {name: each for name, each in found.items() if _is_code(each)}


def _rooms_by_name(house: House, package: str) -> list[str]:
    if package in ONLY_WHAT_THEY_EXPORT:
        return []
    top = f"lrcourse.{package}"
    inside = [room for room in house.files if room.startswith(f"{top}.")]
    reexported = house.ours(top)
    behind = {f"lrcourse.{room}" for room in BEHIND_A_DOOR}
    return [room for room in inside if room not in reexported | behind]


def _made_in(module: types.ModuleType) -> list[Any]:
    return [
        each
        for name, each in vars(module).items()
        if name[0] != "_" and getattr(each, "__module__", "") == module.__name__
    ]


def _is_code(each: Any) -> bool:
    return inspect.isfunction(each) or inspect.isclass(each)


def numbers(function: Callable[..., Any]) -> dict[str, tuple[type, ...]]:
    """Return the arguments that take a number or a row of them, with their types.

    A tuple with names takes what it is given: functions return it.
    """
    if inspect.isclass(function) and issubclass(function, tuple):
        return {}
    return {
        name: kinds
        for name, kinds in parameters(function).items()
        if any({int, float} & {kind, *_entries(kind)} for kind in kinds)
    }


def parameters(function: Callable[..., Any]) -> dict[str, tuple[type, ...]]:
    """Return the arguments of a function or class, with the types they may have."""
    room = vars(sys.modules[function.__module__])
    found = {}
    for name, parameter in inspect.signature(function).parameters.items():
        hint = parameter.annotation
        with contextlib.suppress(NameError):  # a name that only type checkers import
            hint = eval(hint, room) if isinstance(hint, str) else hint
        found[name] = _alternatives(hint)
    return found


def _alternatives(hint: Any) -> tuple[type, ...]:
    union = typing.get_origin(hint) in (typing.Union, types.UnionType)
    return typing.get_args(hint) if union else (hint,)


def _entries(kind: Any) -> tuple[Any, ...]:
    """Return the type of what stands in a row of integers: sizes, seeds, milestones.

    A row of floats is data, in which much is right.
    """
    of_one_kind = typing.get_origin(kind) in (tuple, list, Sequence, Iterable)
    return (int,) if of_one_kind and int in typing.get_args(kind) else ()
