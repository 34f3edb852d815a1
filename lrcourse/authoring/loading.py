"""What loading a room does besides binding names: that counts wherever it is loaded."""

import ast
from collections.abc import Iterable

from lrcourse.authoring.calls import calls, calls_nothing
from lrcourse.authoring.definitions import Part, Room, changed
from lrcourse.authoring.effects import Effects
from lrcourse.authoring.meaning import Node, Rooms
from lrcourse.authoring.scopes import chain

_OF_A_PROPERTY = {("setter",), ("getter",), ("deleter",)}


class Loading:
    """What happens when rooms of a package are loaded."""

    def __init__(self, rooms: Rooms) -> None:
        self.rooms = rooms
        self._runs: dict[str, list[Part]] = {}
        self._effects = Effects(rooms)

    def runs(self, module: str) -> list[Part]:
        """Return the statements of a room that do more than bind names of it.

        A change of a container that the room alone has made belongs to the container.
        """
        if module not in self._runs:
            room = self.rooms.room(module)
            self._runs[module] = [
                part for part in room.parts if not self._only_binds(part, room)
            ]
        return self._runs[module]

    def loads(self, module: str) -> list[str]:
        """Return the rooms that loading a room loads first, in order."""
        above = module.rpartition(".")[0]
        parts = self.rooms.room(module).parts
        named = [name for part in parts for name in part.loads]
        return [name for name in (above, *named) if name in self.rooms.files]

    def in_order(self, modules: Iterable[str]) -> list[str]:
        """Return `modules` and all that they load, in the order in which they run."""
        done: dict[str, bool] = {}  # false while under way: imports may go round

        def load(module: str) -> None:
            if module not in done:
                done[module] = False
                for each in self.loads(module):
                    load(each)
                del done[module]
                done[module] = True

        for module in modules:
            load(module)
        return list(done)

    def called(self, module: str) -> set[Node]:
        """Return what loading a room calls of the package; such a call leaves a value.

        It runs, so it counts. What it decorates, or the value, counts where it is read.
        """
        room = self.rooms.room(module)
        found = (
            self._effects.ours(called, room)
            for part in room.parts
            for node in part.at_import
            for called, _ in calls(node)
            if not _is_own_method(called, part, room)
        )
        return {node for nodes in found for node in nodes}

    def _only_binds(self, part: Part, room: Room) -> bool:
        return all(self._leaves_names(node, part, room) for node in part.at_import)

    def _leaves_names(self, node: ast.AST, part: Part, room: Room) -> bool:
        """Tell whether what runs when `node` does leaves names behind, and no more."""
        if not _changes_nothing(node, room):
            return False
        if isinstance(node, ast.ClassDef) and not self._effects.may_inherit(node, room):
            return False
        return all(
            _is_own_method(called, part, room)
            or (
                not _is_inner(called, part)
                and self._effects.leaves_value(called, room, how)
            )
            for called, how in calls(node)
        )


def _changes_nothing(node: ast.AST, room: Room) -> bool:
    """Tell whether `node` changes nothing itself, or what belongs to the room alone."""
    match node:
        case ast.Expr(value=value):  # a call is judged by what it calls
            return isinstance(value, ast.Constant | ast.Call)
        case ast.Attribute(ctx=ast.Load()) | ast.Subscript(ctx=ast.Load()) | ast.Call():
            return True
        case ast.Attribute() | ast.Subscript() | ast.AugAssign():
            return changed(node) in room.fresh
    return not isinstance(node, ast.Assert | ast.Raise)


def _is_inner(called: ast.expr, part: Part) -> bool:
    """Tell whether a name is of a class or comprehension alone, not of the room."""
    root, _ = chain(called)
    return isinstance(root, ast.Name) and root.id in part.inner


def _is_own_method(called: ast.expr, part: Part, room: Room) -> bool:
    """Tell a method of a container that the room alone has made, or of a property."""
    root, path = chain(called)
    if not isinstance(root, ast.Name):
        return False
    if root.id in part.inner:
        return path in _OF_A_PROPERTY
    return room.fresh.get(root.id, False) and calls_nothing(path)
