"""What a name in a room stands for, in whichever room that is defined."""

import builtins
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from lrcourse.authoring.definitions import STAR, Room, parts_of
from lrcourse.authoring.imports import Use

WHOLE, LOADED = "(whole)", "(loaded)"


class Node(NamedTuple):
    """What can be reached: a name of a module, or as `name` WHOLE or LOADED."""

    module: str
    name: str


@dataclass(frozen=True)
class Meaning:
    """What a name stands for: nodes of the package, and full names of other libraries'.

    An import on the way is a node too, for with it the meaning changes.
    """

    nodes: set[Node] = field(default_factory=set)
    foreign: set[str] = field(default_factory=set)

    @property
    def is_unknown(self) -> bool:
        """Whether there is nothing that it could stand for, or a whole room."""
        whole = any(node.name == WHOLE for node in self.nodes)
        return whole or not (self.nodes or self.foreign)


class Rooms:
    """The rooms of a package, each read when it is first asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.name = folder, folder.name
        self.files = dict(_modules(folder))
        self._read: dict[str, Room] = {}

    def room(self, module: str) -> Room:
        """Return a module of the package, its statements and names.

        Raises:
            SyntaxError: it is not Python; the error names the file.
        """
        if module not in self._read:
            file = self.files[module]
            inside = module if file.stem == "__init__" else module.rpartition(".")[0]
            text = file.read_text(encoding="utf-8")
            self._read[module] = Room(module, parts_of(text, inside, str(file)))
        return self._read[module]

    def meaning(self, use: Use, room: Room) -> Meaning:
        """Return what `use` stands for where it is read, in `room`."""
        found, seen = Meaning(), set[Use]()
        waiting = [use] if use.module else list(self._inside(use.path, room, found))
        while waiting:
            use = waiting.pop()
            if use in seen:
                continue
            seen.add(use)
            module = use.module or ""
            if module not in self.files:
                found.foreign.add(".".join((module, *use.path)))
            elif use.path:
                waiting += self._attribute(module, use.path, found)
            else:  # a module as a value: nobody knows what is taken of it
                found.nodes.add(Node(module, WHOLE))
        return found

    def named_by(self, text: str) -> set[Node]:
        """Return what a text such as ``"package.room.name"`` names.

        Libraries take such texts. A room that is named that way is loaded by them.
        """
        parts = text.replace(":", ".").split(".")
        nodes: set[Node] = set()
        for depth in range(1, len(parts) + 1) if parts[0] == self.name else ():
            room, rest = ".".join(parts[:depth]), tuple(parts[depth:])
            if room in self.files:
                nodes.add(Node(room, LOADED))
                if rest and rest[0] in self.room(room).names:
                    nodes |= self.meaning(Use(room, rest), self.room(room)).nodes
        return nodes

    def _inside(
        self, path: tuple[str, ...], room: Room, found: Meaning
    ) -> Iterator[Use]:
        """Yield where a name that is read in `room` comes from."""
        name, *_ = path
        origins = list(self._bound(path, room, found))
        yield from origins
        if name in room.names or origins:
            return
        if hasattr(builtins, name) and name != "__doc__":
            found.foreign.add(".".join(("builtins", *path)))
        elif name != "__file__" and room.module in self.files:
            found.nodes.add(Node(room.module, WHOLE))

    def _attribute(
        self, module: str, path: tuple[str, ...], found: Meaning
    ) -> Iterator[Use]:
        """Yield where an attribute of a module comes from; it can be a module too."""
        name, *rest = path
        room = self.room(module)
        origins = list(self._bound(path, room, found))
        if f"{module}.{name}" in self.files:
            origins.append(Use(f"{module}.{name}", tuple(rest)))
        yield from origins
        if not (name in room.names or origins):
            known = "__getattr__" if "__getattr__" in room.names else WHOLE
            found.nodes.add(Node(module, known))

    def _bound(
        self, path: tuple[str, ...], room: Room, found: Meaning
    ) -> Iterator[Use]:
        """Yield the imports that bind a name in `room`, one behind a star included."""
        name, *rest = path
        if name in room.names:
            found.nodes.add(Node(room.module, name))
        for part in room.names.get(name, ()):
            for use in part.names.get(name, ()):
                yield Use(use.module, (*use.path, *rest))
        for module in stars(room):
            if self._offers(module, name, set()):
                found.nodes.add(Node(room.module, STAR))
                if module in self.files and "__all__" in self.room(module).names:
                    found.nodes.add(Node(module, "__all__"))
                yield Use(module, path)

    def _offers(self, module: str, name: str, seen: set[str]) -> bool:
        """Tell whether ``from module import *`` may bind `name`."""
        if module not in self.files:
            return True
        if module in seen:
            return False
        seen.add(module)
        room = self.room(module)
        own = name in room.names or f"{module}.{name}" in self.files
        return own or any(self._offers(each, name, seen) for each in stars(room))


def stars(room: Room) -> list[str]:
    """Return the modules whose names `room` imports with a star."""
    parts = room.names.get(STAR, ())
    return [use.module or "" for part in parts for use in part.names[STAR]]


def _modules(folder: Path) -> Iterator[tuple[str, Path]]:
    for file in sorted(folder.rglob("*.py")):
        place = file.relative_to(folder.parent).with_suffix("")
        parts = place.parts[:-1] if place.name == "__init__" else place.parts
        yield ".".join(parts), file
