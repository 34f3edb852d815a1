"""Which definitions of a package the cells of a chapter reach, directly or not.

Names are followed through imports of every form, attributes of modules, bases,
decorators, defaults, the fields of classes and the bodies of functions; whoever reaches
a class reaches all of it. Type hints of functions are not followed, for they compute
nothing, unless what is reached looks at hints or shows source.

Too much is a nuisance, too little is a lie. So where a name cannot be followed, because
it is made at run time or a module is handed on as a value, its whole room is reached;
where even the room cannot be known, the package. A statement that does more than bind
names when its room is loaded is reached wherever the room is.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from lrcourse.authoring.definitions import Part, Room, parts_of
from lrcourse.authoring.imports import Use
from lrcourse.authoring.libraries import (
    opens_package,
    opens_room,
    shows_hints,
    shows_source,
)
from lrcourse.authoring.loading import Loading
from lrcourse.authoring.meaning import LOADED, WHOLE, Node, Rooms, stars

_CHAPTER = "__main__"


@dataclass(frozen=True)
class Reach:
    """What a chapter reaches: by module the parts, in the order of its text.

    `loads` names the rooms that do something when they are loaded, in the order in
    which they are. Where a chapter `shows` source, comments and docstrings count.
    """

    parts: dict[str, list[Part]]
    loads: list[str]
    shows: bool


@dataclass(frozen=True)
class _Reached:
    """What is reached from somewhere, and whether code there shows source or hints."""

    nodes: frozenset[Node]
    shows: bool
    shows_hints: bool


class Package:
    """A package in a folder: each room is read once, each definition followed once."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.rooms = folder, Rooms(folder)
        self._loading = Loading(self.rooms)
        self._steps: dict[tuple[Node, bool], _Reached] = {}

    def reach(self, cells: Sequence[str]) -> Reach:
        """Return what the code cells of one chapter reach.

        Raises:
            SyntaxError: a cell or a room is not Python; the error names it.
        """
        titled = [(cell, f"code cell {n}") for n, cell in enumerate(cells, start=1)]
        parts = [part for cell, title in titled for part in parts_of(cell, "", title)]
        chapter = Room(_CHAPTER, parts)
        found = self._closure(chapter, hints=False)
        if found.shows_hints:
            found = self._closure(chapter, hints=True)
        counted = {part for node in found.nodes for part in self._parts(node)}
        modules = sorted({node.module for node in found.nodes})
        by_module = {
            module: [part for part in self.rooms.room(module).parts if part in counted]
            for module in modules
        }
        reached = {module: parts for module, parts in by_module.items() if parts}
        return Reach(reached, self._running(parts, found.nodes), found.shows)

    def _closure(self, chapter: Room, hints: bool) -> _Reached:
        """Return all that a chapter reaches, directly or not."""
        first = self._step(chapter, chapter.parts, hints)
        waiting, steps = set(first.nodes), [first]
        if Node(_CHAPTER, WHOLE) in waiting:
            waiting |= self._all_names(chapter)
        nodes: set[Node] = set()
        while waiting:
            node = waiting.pop()
            if node in nodes or node.module == _CHAPTER:
                continue
            nodes.add(node)
            steps.append(self._step_from(node, hints))
            waiting |= steps[-1].nodes
        return _Reached(
            frozenset(nodes),
            any(step.shows for step in steps),
            any(step.shows_hints for step in steps),
        )

    def _step_from(self, node: Node, hints: bool) -> _Reached:
        if (node, hints) not in self._steps:
            room = self.rooms.room(node.module)
            # nobody knows what a statement that runs makes of hints
            step = self._step(room, self._parts(node), hints or node.name == LOADED)
            nodes = step.nodes | self._along_with(node, room)
            self._steps[node, hints] = replace(step, nodes=nodes)
        return self._steps[node, hints]

    def _step(self, room: Room, parts: Iterable[Part], hints: bool) -> _Reached:
        """Return what `parts` of a room read and load."""
        nodes: set[Node] = set()
        foreign: set[str] = set()
        words: set[str] = set()
        for part in parts:
            read = part.read_with_hints if hints else part.read
            words |= read.words
            for use in read.uses:
                meaning = self.rooms.meaning(use, room)
                nodes |= meaning.nodes
                foreign |= meaning.foreign
            nodes |= {Node(name, LOADED) for name in self._ours(part.loads_later)}
        for word in words:
            nodes |= self.rooms.named_by(word)
        if opens_room(foreign):
            nodes.add(Node(room.module, WHOLE))
        if opens_package(foreign, words):
            nodes.add(Node(self.rooms.name, WHOLE))
        shows, hinted = shows_source(foreign, words), shows_hints(foreign, words)
        return _Reached(frozenset(nodes), shows, hinted)

    def _along_with(self, node: Node, room: Room) -> set[Node]:
        """Return what comes with `node`, whatever its parts read."""
        if node.name == LOADED:
            loads = self._loading.loads(node.module)
            called = self._loading.called(node.module)
            return called | {Node(module, LOADED) for module in loads}
        found = {Node(node.module, LOADED)}
        if node.name == WHOLE:
            inside = f"{node.module}."
            below = [name for name in self.rooms.files if name.startswith(inside)]
            found |= self._all_names(room) | {Node(name, WHOLE) for name in below}
        return found

    def _all_names(self, room: Room) -> set[Node]:
        """Return what the names of a room stand for, those behind a star included."""
        nodes = {Node(module, WHOLE) for module in self._ours(stars(room))}
        for name in room.names:
            nodes |= self.rooms.meaning(Use(None, (name,)), room).nodes
        return nodes

    def _parts(self, node: Node) -> Sequence[Part]:
        if node.name == LOADED:
            return self._loading.runs(node.module)
        room = self.rooms.room(node.module)
        return room.parts if node.name == WHOLE else room.names.get(node.name, [])

    def _running(self, parts: Iterable[Part], nodes: Iterable[Node]) -> list[str]:
        """Return the loaded rooms that then do something, in the order of loading."""
        first = self._ours(name for part in parts for name in part.loads_later)
        loaded = {node.module for node in nodes if node.name == LOADED}
        order = self._loading.in_order([*first, *sorted(loaded)])
        return [module for module in order if self._loading.runs(module)]

    def _ours(self, modules: Iterable[str]) -> list[str]:
        return [module for module in modules if module in self.rooms.files]
