"""A call as text, read without running it: its name, and its arguments by name."""

from __future__ import annotations

import ast
import reprlib
from collections.abc import Mapping
from typing import Any, NamedTuple

from lrcourse.convert.signatures import (
    IGNORED,
    PYTORCH,
    REQUIRED,
    SIGNATURES,
    WHY_NOT,
    check,
)
from lrcourse.convert.words import nearest


class Call(NamedTuple):
    """A schedule of a library by its name, with its arguments by theirs."""

    name: str
    arguments: Mapping[str, Any]


def read(text: str) -> Call:
    """Return the call that `text` is. Nothing is run: arguments are literals.

    A module in front is passed over, and so is PyTorch's optimizer.

    >>> read("torch.optim.lr_scheduler.StepLR(optimizer, 30, gamma=0.1)")
    Call(name='StepLR', arguments={'step_size': 30, 'gamma': 0.1})

    Raises:
        ValueError: `text` is no single call, an argument is no literal, or it does not
            fit the call: the sentence names it, and what would.
    """
    node = _parsed(text)
    name = (
        node.func.attr
        if isinstance(node.func, ast.Attribute)
        else ast.unparse(node.func)
    )
    defaults = known(name)
    positional = list(node.args)
    library = SIGNATURES[name].library
    if library == PYTORCH and positional and isinstance(positional[0], ast.Name):
        positional = positional[1:]  # the optimizer
    if len(positional) > len(defaults):
        takes = f"{name} takes {len(defaults)} arguments: {', '.join(defaults)}"
        raise ValueError(f"{takes}; got {len(positional)}")
    given = dict(zip(defaults, positional, strict=False))
    for keyword in node.keywords:
        if keyword.arg is None:
            raise ValueError(f"{name}: write the arguments out, got **")
        if keyword.arg in given:
            raise ValueError(f"{name} gets {keyword.arg} twice")
        given[keyword.arg] = keyword.value
    given.pop("optimizer", None)
    return Call(name, {key: _literal(name, key, each) for key, each in given.items()})


def known(name: str) -> Mapping[str, Any]:
    """Return the arguments of the call `name`, with their defaults.

    Raises:
        ValueError: no library here has it, or it says nothing that could be converted.
    """
    if name in SIGNATURES:
        return SIGNATURES[name].defaults
    if name in WHY_NOT:
        raise ValueError(f"{name} cannot be converted: {WHY_NOT[name]}")
    hint = nearest(name, SIGNATURES)
    libraries = "PyTorch, Keras, Optax or lrcourse"
    all_names = "" if hint else f" Known are {', '.join(SIGNATURES)}."
    raise ValueError(
        f"{name} is no schedule of {libraries} known here.{hint}{all_names}"
    )


def complete(call: Call) -> dict[str, Any]:
    """Return all arguments of `call`, those left out at the library's default.

    Raises:
        ValueError: one is missing, unknown, or of a value that it cannot have.
    """
    defaults = known(call.name)
    for key in call.arguments:
        if key not in defaults and key not in IGNORED:
            takes = f"{call.name} takes {', '.join(defaults)}, not {key}."
            raise ValueError(takes + nearest(key, defaults))
    found = {**defaults, **call.arguments}
    missing = [key for key, value in found.items() if value is REQUIRED]
    if missing:
        raise ValueError(
            f"{call.name} needs {' and '.join(missing)}: write "
            f"{call.name}({', '.join(f'{key}=...' for key in missing)})"
        )
    for key, value in call.arguments.items():
        if key not in IGNORED and value != defaults[key]:
            try:
                check(call.name, key, value)
            except ValueError as error:
                raise ValueError(f"{call.name}: {error}") from None
    return found


def _parsed(text: str) -> ast.Call:
    shown = reprlib.repr(text)
    try:
        node = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise ValueError(
            f"{shown} is no call as ExponentialLR(gamma=0.9): {error}"
        ) from None
    if isinstance(node, ast.Name | ast.Attribute):
        name = ast.unparse(node).rpartition(".")[2]
        needs = [key for key, value in known(name).items() if value is REQUIRED]
        example = ", ".join(f"{key}=..." for key in needs)
        raise ValueError(f"{name} is a name and no call: write {name}({example})")
    if not isinstance(node, ast.Call):
        raise ValueError(f"{shown} is no call as ExponentialLR(gamma=0.9)")
    return node


def _literal(name: str, key: str, node: ast.expr) -> Any:
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        raise ValueError(
            f"{name}: {key} must be written out as a number or a list of numbers, got "
            f"{ast.unparse(node)}, which would have to be run"
        ) from None
