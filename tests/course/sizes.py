"""How long rooms and functions are, and which names two rooms both give to a type."""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

ROOM, FUNCTION = 250, 25  # lines
TYPES = (ast.Name, ast.Attribute, ast.Subscript, ast.BinOp)  # not TypeVar("State")


class Size(NamedTuple):
    """A room, or a function as ``room: function``, that is longer than it may be."""

    name: str
    lines: int
    limit: int


def too_long(files: Mapping[str, Path]) -> list[Size]:
    """Return the rooms and functions that are too long, docstrings not counted."""
    found = []
    for room, path in files.items():
        text = path.read_text("utf-8")
        lines = len(text.splitlines())
        found += [Size(room, lines, ROOM)] if lines > ROOM else []
        for name, node in functions(ast.parse(text)):
            lines = node.end_lineno - node.lineno + 1 - docstring_lines(node)
            if lines > FUNCTION:
                found.append(Size(f"{room}: {name}", lines, FUNCTION))
    return found


def functions(tree: ast.AST, inside: str = "") -> Iterator[tuple[str, ast.AST]]:
    """Yield every function with the names of the classes and functions around it."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield inside + node.name, node
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield from functions(node, f"{inside}{node.name}.")
        else:
            yield from functions(node, inside)


def docstring_lines(node: ast.AST) -> int:
    if ast.get_docstring(node, clean=False) is None:
        return 0
    return node.body[0].end_lineno - node.body[0].lineno + 1


def size_problems(found: list[Size], exceptions: Mapping[str, str]) -> list[str]:
    """Return a sentence for each that is too long without a reason, or has one in vain.

    A reason is a sentence of three words or more.
    """
    names = {each.name for each in found}
    return [
        *(
            f"{each.name} has {each.lines} lines, more than {each.limit}: split it by "
            "idea, or say in LONG why not"
            for each in found
            if each.name not in exceptions
        ),
        *(
            f"{name} stands in LONG and is no longer too long: take it out"
            for name in exceptions
            if name not in names
        ),
        *(
            f"{name} stands in LONG without a reason: {reason!r}"
            for name, reason in exceptions.items()
            if len(reason.split()) < 3
        ),
    ]


def aliases(path: Path) -> dict[str, str]:
    """Return the types to which a room gives a name of its own, by that name."""
    found = {}
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            target, value = node.targets[0], node.value
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            target, value = node.target, node.value
        else:
            continue
        name = getattr(target, "id", "")
        of_a_type = isinstance(
            value, ast.Name | ast.Attribute | ast.Subscript | ast.BinOp
        )
        if name[:1].isupper() and not name.isupper() and of_a_type:
            found[name] = ast.unparse(value)
    return found


def shared_aliases(files: Mapping[str, Path]) -> list[str]:
    """Return a sentence for each alias of two rooms: one name, or one type, twice."""
    names: dict[str, str] = {}
    types: dict[str, str] = {}
    found = []
    for room, path in files.items():
        for name, of_type in aliases(path).items():
            here = f"{room}: {name}"
            if name in names:
                found.append(f"{here} is also {names[name]}: import one from the other")
            elif of_type in types and of_type != "Any":
                found.append(f"{here} is the type of {types[of_type]}: import that one")
            names.setdefault(name, here)
            types.setdefault(of_type, here)
    return found
