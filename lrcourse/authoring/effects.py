"""What a call leaves behind when a room is loaded: a value alone, or more.

Of other libraries a short list is known (room `libraries`). A function of the package
leaves a value alone if its text shows it: it changes only what it has itself made, or
decorates, and calls only what leaves a value alone too. All else may leave more.
"""

import ast
from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from lrcourse.authoring.calls import How, calls, calls_nothing
from lrcourse.authoring.definitions import (
    Part,
    Room,
    evaluated,
    inner_names,
    kind_of_value,
)
from lrcourse.authoring.imports import Use
from lrcourse.authoring.libraries import leaves_value, may_be_bases
from lrcourse.authoring.meaning import Meaning, Node, Rooms
from lrcourse.authoring.scopes import arguments, bindings, chain

_WHEN_INHERITED = {"__init_subclass__", "__class_getitem__", "__mro_entries__"}
_WHEN_MADE = {"__init__", "__new__", "__post_init__", "default_factory"}
_LEAVES_MORE = (
    *(ast.Global, ast.Nonlocal, ast.Import, ast.ImportFrom, ast.ClassDef),
    *(ast.AugAssign, ast.Await, ast.Yield, ast.YieldFrom),
)


class Effects:
    """Which functions and classes of a package leave a value behind, and no more."""

    def __init__(self, rooms: Rooms) -> None:
        self.rooms = rooms
        self._verdicts: dict[tuple[ast.AST, str], bool] = {}

    def leaves_value(self, called: ast.expr, room: Room, how: How) -> bool:
        """Tell whether what `called` means in `room` leaves a value behind, no more."""
        meaning = self._meaning(called, room)
        ours = self._ours(meaning)
        if meaning.is_unknown or not leaves_value(meaning.foreign):
            return False
        return all(self._is_harmless(part.node, where, how) for part, where in ours)

    def ours(self, called: ast.expr, room: Room) -> set[Node]:
        """Return the definitions of the package that `called` means in `room`."""
        nodes = self._meaning(called, room).nodes
        return {node for node in nodes if self._definitions(node)}

    def may_inherit(self, node: ast.ClassDef, room: Room) -> bool:
        """Tell whether the bases of `node` run nothing when they are inherited from."""
        if (node, "inherits") not in self._verdicts:
            self._verdicts[node, "inherits"] = False  # a class may seem its own base
            self._verdicts[node, "inherits"] = all(
                self._is_known(base.func, room)
                if isinstance(base, ast.Call)
                else self._may_be_base(base, room)
                for base in node.bases
            )
        return self._verdicts[node, "inherits"]

    def _meaning(self, expression: ast.expr, room: Room) -> Meaning:
        """Return what is called or inherited from: a name, and attributes of it."""
        while isinstance(expression, ast.Subscript):  # Generic[T]
            expression = expression.value
        root, path = chain(expression)
        if not isinstance(root, ast.Name):
            return Meaning()
        return self.rooms.meaning(Use(None, (root.id, *path)), room)

    def _may_be_base(self, base: ast.expr, room: Room) -> bool:
        meaning = self._meaning(base, room)
        ours = self._ours(meaning)
        if meaning.is_unknown or not may_be_bases(meaning.foreign):
            return False
        return all(
            isinstance(part.node, ast.ClassDef)
            and _words(part.node).isdisjoint(_WHEN_INHERITED | {"metaclass"})
            and self.may_inherit(part.node, where)
            for part, where in ours
        )

    def _is_harmless(self, node: ast.stmt, room: Room, how: How) -> bool:
        """Judge a definition of the package; while it is judged it is not harmless."""
        if how is How.MAKES_A_DECORATOR:  # nobody knows what that does
            return False
        if (node, how.name) not in self._verdicts:
            self._verdicts[node, how.name] = False
            verdict = False
            if isinstance(node, ast.FunctionDef):
                verdict = self._is_harmless_function(node, room, how)
            elif isinstance(node, ast.ClassDef):
                verdict = self._is_harmless_class(node, room)
            self._verdicts[node, how.name] = verdict
        return self._verdicts[node, how.name]

    def _is_harmless_class(self, node: ast.ClassDef, room: Room) -> bool:
        """Tell whether to make an object of a class runs nothing of ours."""
        bases = (self._ours(self._meaning(base, room)) for base in node.bases)
        return (
            self._has_known_decorators(node, room)
            and self.may_inherit(node, room)
            and _words(node).isdisjoint(_WHEN_MADE | {"metaclass"})
            and all(
                self._is_harmless(part.node, where, How.CALLED)
                for ours in bases
                for part, where in ours
            )
        )

    def _is_harmless_function(
        self, node: ast.FunctionDef, room: Room, how: How
    ) -> bool:
        """Tell whether a function changes nothing but what is its own."""
        nodes = [each for statement in node.body for each in evaluated(statement)]
        given = {argument.arg for argument in arguments(node)}
        names = bindings(node.body, "").bound.keys() | inner_names(nodes, "")
        local = given | names
        own = self._own(node, nodes, room, how)
        return (
            self._has_known_decorators(node, room)
            and all(_changes_only(each, own) for each in nodes)
            and all(
                self._may_be_called(called, inner, local, own, room)
                for each in nodes
                for called, inner in calls(each)
            )
        )

    def _may_be_called(
        self,
        called: ast.expr,
        how: How,
        local: set[str],
        own: Mapping[str, bool],
        room: Room,
    ) -> bool:
        """Tell whether a harmless function with these names may call `called`."""
        if isinstance(called, ast.Call):  # dataclass(frozen=True)(kind)
            return self._is_known(called.func, room)
        root, path = chain(called)
        if isinstance(root, ast.Name) and root.id in local:
            return own.get(root.id, False) and calls_nothing(path)
        return self.leaves_value(called, room, how)

    def _own(
        self, node: ast.FunctionDef, nodes: Sequence[ast.AST], room: Room, how: How
    ) -> dict[str, bool]:
        """Return the local names of what nobody else has, and which are containers."""
        bound = Counter(
            each.id
            for each in nodes
            if isinstance(each, ast.Name) and not isinstance(each.ctx, ast.Load)
        )
        first = [argument.arg for argument in arguments(node)[:1]]
        given = first if how is How.DECORATES else []
        own = {name: False for name in given if not bound[name]}
        for each in nodes:
            match each:
                case ast.Assign(targets=[ast.Name(id=name)], value=value):
                    kind = kind_of_value(value)
                    passes_on = isinstance(value, ast.Call) and self._passes_on(
                        value, own, room
                    )
                    if bound[name] == 1 and (kind is not None or passes_on):
                        own[name] = bool(kind)
        return own

    def _passes_on(self, call: ast.Call, own: Collection[str], room: Room) -> bool:
        """Tell a call like ``dataclass(frozen=True)(kind)``, of what is its own."""
        maker = call.func.func if isinstance(call.func, ast.Call) else call.func
        given = (each.id for each in call.args if isinstance(each, ast.Name))
        return self._is_known(maker, room) and all(name in own for name in given)

    def _is_known(self, called: ast.expr, room: Room) -> bool:
        return self.leaves_value(called, room, How.MAKES_A_DECORATOR)

    def _has_known_decorators(
        self, node: ast.FunctionDef | ast.ClassDef, room: Room
    ) -> bool:
        makers = (
            each.func if isinstance(each, ast.Call) else each
            for each in node.decorator_list
        )
        return all(self._is_known(each, room) for each in makers)

    def _ours(self, meaning: Meaning) -> list[tuple[Part, Room]]:
        """Return the definitions of the package in `meaning`; imports are none."""
        return [
            (part, self.rooms.room(node.module))
            for node in meaning.nodes
            for part in self._definitions(node)
        ]

    def _definitions(self, node: Node) -> list[Part]:
        parts = self.rooms.room(node.module).names.get(node.name, [])
        return [part for part in parts if not part.is_import]


def _changes_only(node: ast.AST, own: Collection[str]) -> bool:
    """Tell whether `node` itself changes nothing, or what these names stand for."""
    match node:
        case ast.Attribute(value=value, ctx=ast.Store() | ast.Del()):
            return isinstance(value, ast.Name) and value.id in own
        case ast.Subscript(value=value, ctx=ast.Store() | ast.Del()):
            return isinstance(value, ast.Name) and value.id in own
    return not isinstance(node, _LEAVES_MORE)


def _words(node: ast.AST) -> set[str]:
    """Return the names that a class defines or gives values by."""
    names = ("name", "id", "arg")
    inside = list(ast.walk(node))
    return {getattr(each, name, None) or "" for each in inside for name in names}
