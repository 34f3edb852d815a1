"""What rooms import, read from their text, and whether they may."""

import ast
import sys
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import NamedTuple

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


class Import(NamedTuple):
    """One imported module, and whether loading the room loads it."""

    module: str
    at_load_time: bool


class House(NamedTuple):
    """The rooms of a package by their dotted names, and what each imports."""

    files: dict[str, Path]
    imports: dict[str, list[Import]]

    def ours(self, room, *, at_load_time=False):
        """Return the other rooms that `room` imports."""
        return {
            each.module
            for each in self.imports[room]
            if each.module in self.files and each.module != room
            if each.at_load_time or not at_load_time
        }

    def others(self, room):
        """Return the top-level packages nobody here wrote that loading it loads."""
        modules = {each.module for each in self.imports[room] if each.at_load_time}
        names = {module.split(".")[0] for module in modules - set(self.files)}
        return names - sys.stdlib_module_names - {top(room)}

    def loaded_by(self, room):
        """Return the rooms that importing `room` loads: itself and its packages too."""
        waiting, found = [room], set()
        while waiting:
            each = waiting.pop()
            if each not in found:
                found.add(each)
                waiting += self.ours(each, at_load_time=True)
                waiting += [each.rpartition(".")[0]] if "." in each else []
        return found


def house(package: Path) -> House:
    """Read the package that lies in the folder `package`."""
    files = {
        ".".join(path.relative_to(package.parent).with_suffix("").parts).removesuffix(
            ".__init__"
        ): path
        for path in sorted(package.rglob("*.py"))
    }
    trees = {room: ast.parse(path.read_text("utf-8")) for room, path in files.items()}
    return House(
        files, {room: list(_imports(tree, files)) for room, tree in trees.items()}
    )


def _imports(
    node: ast.AST, files: Mapping[str, Path], at_load_time: bool = True
) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            yield from (Import(alias.name, at_load_time) for alias in child.names)
        elif isinstance(child, ast.ImportFrom):
            names = [f"{child.module}.{alias.name}" for alias in child.names]
            modules = {name if name in files else child.module for name in names}
            yield from (Import(module, at_load_time) for module in sorted(modules))
        else:
            later = isinstance(child, FUNCTIONS) or _for_types_only(child)
            yield from _imports(child, files, at_load_time and not later)


def _for_types_only(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"


def top(room: str) -> str:
    return room.split(".")[0]


def package_of(room: str) -> str:
    """Return the package below the top one that holds `room`, or "" for the top."""
    return [*room.split("."), ""][1]


def upward_imports(house: House, layers) -> list[str]:
    """Return a sentence for every import of a room that lies in a higher layer."""
    height = {name: at for at, layer in enumerate(layers) for name in layer}
    found = []
    for room in house.files:
        package = package_of(room)
        if package and package not in height:
            found.append(f"{room}: say in LAYERS how high {package} lies")
            continue
        for other in sorted(house.ours(room)):
            above = package_of(other)
            if height.get(above, 0) > height.get(package, 0):
                found.append(
                    f"{room} imports {other}, and {above} lies above {package}: move "
                    "what both need down, or hand it over as an argument"
                )
    return found


def circles(graph: Mapping[str, set[str]]) -> list[str]:
    """Return a sentence for the first circle in `graph`, if there is one."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        circle = error.args[1][::-1]
        return [f"{' imports '.join(circle)}: a circle, so none can be read first"]
    return []


def packages(house: House) -> dict[str, set[str]]:
    """Return which packages below the top one import which others."""
    graph: dict[str, set[str]] = {}
    for room in house.files:
        others = {package_of(other) for other in house.ours(room)}
        package = package_of(room)
        graph.setdefault(package, set()).update(others - {package})
    return graph


def loaded_through(house: House, library: str, may_load) -> list[str]:
    """Return a sentence for every package that loads `library` for whoever imports it.

    `may_load` has the names of the packages for which that is right.
    """
    found = []
    for room, path in house.files.items():
        if path.name == "__init__.py" and package_of(room) not in may_load:
            rooms = house.loaded_by(room)
            loading = sorted(each for each in rooms if library in house.others(each))
            if loading:
                found.append(
                    f"{room} loads {library} through {', '.join(loading)}: leave that "
                    "to be imported by its own name"
                )
    return found


def forbidden_loads(house: House, may_load) -> list[str]:
    """Return a sentence for every package a room loads and may not.

    `may_load` has the names of rooms and packages, without the top one's: the longest
    that begins a room's name is the one that counts.
    """
    found = []
    for room in house.files:
        parts = room.split(".")[1:]
        names = [".".join(parts[:end]) for end in range(len(parts), 0, -1)]
        allowed = next((may_load[name] for name in names if name in may_load), set())
        found += [
            f"{room} loads {other}: name it in MAY_LOAD, if all who import it may pay"
            for other in sorted(house.others(room) - allowed)
        ]
    return found
