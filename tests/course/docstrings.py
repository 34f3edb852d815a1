"""Public functions whose docstring is missing, or silent about what they raise."""

import ast
import re
from collections.abc import Collection, Iterator
from typing import NamedTuple

from tests.course.imports import House

FUNCTION = ast.FunctionDef | ast.AsyncFunctionDef
NO_ERRORS = {"AssertionError", "NotImplementedError", "SystemExit"}
MADE = {"__init__", "__post_init__", "__new__"}  # a class's docstring speaks for these


class Raised(NamedTuple):
    """An exception, and whether it is a setting that is refused as it is handed in."""

    name: str
    of_setting: bool


class Room(NamedTuple):
    """A room's functions by name, those of a class as ``Class.method``."""

    name: str
    tree: ast.Module
    functions: dict[str, ast.AST]
    sentences: str  # the docstrings of the room and of its package


def silent(house: House, outside: Collection[str] = ()) -> list[str]:
    """Return a sentence for each public function that lacks words.

    `outside` are the packages that are not looked at.
    """
    rooms = {name: _room(house, name) for name in house.files}
    spoken_for = _documented_once(rooms.values())
    found = []
    for name, room in rooms.items():
        if not any(name.startswith(f"lrcourse.{each}") for each in outside):
            found += _undocumented(room, spoken_for)
            found += _unsaid(room, spoken_for)
    return found


def _room(house: House, name: str) -> Room:
    tree = ast.parse(house.files[name].read_text("utf-8"))
    parts = name.split(".")
    around = {".".join(parts[:end]) for end in range(1, len(parts) + 1)}
    texts = [house.files[each].read_text("utf-8") for each in around & {*house.files}]
    sentences = "\n".join(ast.get_docstring(ast.parse(text)) or "" for text in texts)
    return Room(name, tree, dict(_functions(tree)), sentences)


def _functions(tree: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    for node in tree.body:
        if isinstance(node, FUNCTION):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            yield from ((f"{node.name}.{name}", f) for name, f in _functions(node))


def _undocumented(room: Room, spoken_for: Collection[str]) -> Iterator[str]:
    classes = [node for node in room.tree.body if isinstance(node, ast.ClassDef)]
    once = {  # a family of classes says it with its first
        name.rpartition(".")[2]
        for name, node in room.functions.items()
        if "." in name and ast.get_docstring(node)
    }
    things = {"": room.tree} | {node.name: node for node in classes} | room.functions
    for name, node in things.items():
        last = name.rpartition(".")[2]
        said = ast.get_docstring(node) or ("." in name and last in {*spoken_for, *once})
        if _is_public(name) and not said:
            what = f"{room.name}: {name}".rstrip(": ")
            yield f"{what} has no docstring: say in a sentence what it returns"


def _documented_once(rooms: Collection[Room]) -> set[str]:
    """Return the methods that a protocol or a base class documents for all others."""
    classes = [
        node
        for room in rooms
        for node in room.tree.body
        if isinstance(node, ast.ClassDef)
    ]
    bases = {_name(base) for node in classes for base in node.bases}
    return {
        method.name
        for node in classes
        if node.name in bases or "Protocol" in map(_name, node.bases)
        for method in node.body
        if isinstance(method, FUNCTION) and ast.get_docstring(method)
    }


def _name(base: ast.expr) -> str:
    return ast.unparse(base).split("[")[0]


def _is_public(name: str) -> bool:
    return not any(part.startswith("_") for part in name.split("."))


def _unsaid(room: Room, spoken_for: Collection[str]) -> Iterator[str]:
    classes = {n.name: n for n in room.tree.body if isinstance(n, ast.ClassDef)}
    for name, node in room.functions.items():
        owner, _, last = name.rpartition(".")
        what = owner if last in MADE else name
        if not _is_public(what):
            continue
        words = _docstring(node), _docstring(classes.get(owner))
        once = last in MADE or (last in spoken_for and not words[0])
        strict, easy = set(), set()
        for raised in _raised(room, name):
            (easy if once or raised.of_setting else strict).add(raised.name)
        for each in sorted(strict | easy):
            section = any(each in _section(text) for text in words)
            anywhere = any(each in text for text in (*words, room.sentences))
            if not (section or (each not in strict and anywhere)):
                hint = "" if each in strict else ", or once in the room's docstring"
                yield (
                    f"{room.name}: {what} raises {each} and does not say so: say when, "
                    f'under "Raises:"{hint}'
                )


def _docstring(node: ast.AST | None) -> str:
    return (ast.get_docstring(node) or "") if node else ""


def _section(docstring: str) -> str:
    """Return what stands under "Raises:"."""
    found = re.search(r"^Raises:\n((?:[ \t]+.*\n?|\n)*)", docstring, re.MULTILINE)
    return found[1] if found else ""


def _raised(
    room: Room, name: str, seen: frozenset[str] = frozenset()
) -> Iterator[Raised]:
    """Yield what a function raises, and the helpers that it calls, which are silent."""
    checks = name.rpartition(".")[2].lstrip("_").startswith("require")
    for node, caught in _uncaught(room.functions[name], frozenset()):
        if isinstance(node, ast.Raise) and node.exc is not None:
            exception = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
            if isinstance(exception, ast.Name) and exception.id[0].isupper():
                found = [Raised(exception.id, checks)]
            else:
                found = []
        elif isinstance(node, ast.Call):
            found = [Raised("ValueError", True)] if _is_check(node) else []
            for helper in {*_helpers(room, name, node)} - {*seen, name}:
                found += _raised(room, helper, seen | {name, helper})
        else:
            continue
        yield from (each for each in found if each.name not in {*caught, *NO_ERRORS})


def _uncaught(
    node: ast.AST, caught: frozenset[str]
) -> Iterator[tuple[ast.AST, frozenset[str]]]:
    """Yield the parts of `node`, each with what the handlers around it take."""
    yield node, caught
    if isinstance(node, ast.Try):
        takes = {name for handler in node.handlers for name in _taken(handler)}
        for each in node.body:
            yield from _uncaught(each, caught | takes)
        for each in (*node.handlers, *node.orelse, *node.finalbody):
            yield from _uncaught(each, caught)
    else:
        for each in ast.iter_child_nodes(node):
            yield from _uncaught(each, caught)


def _taken(handler: ast.ExceptHandler) -> Iterator[str]:
    kinds = getattr(handler.type, "elts", [handler.type])
    yield from (ast.unparse(kind) for kind in kinds if kind is not None)


def _helpers(room: Room, name: str, call: ast.Call) -> Iterator[str]:
    """Yield the private function of the room that `call` calls, if it is one."""
    called = ast.unparse(call.func)
    owner = name.rpartition(".")[0]
    for each in (called, called.replace("self.", f"{owner}.", 1)):
        if each in room.functions and each.rpartition(".")[2].startswith("_"):
            yield each


def _is_check(call: ast.Call) -> bool:
    """Say whether it is a call of a check that refuses with a ValueError."""
    return isinstance(call.func, ast.Name) and call.func.id.startswith("require")
