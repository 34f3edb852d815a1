"""What loading a room does besides binding names: that counts wherever it is loaded."""

import ast
from collections.abc import Iterable

from lrcourse.authoring.definitions import Part, Room, changed
from lrcourse.authoring.imports import Use
from lrcourse.authoring.meaning import WHOLE, Meaning, Rooms
from lrcourse.authoring.scopes import chain

# what can be called, decorate or be a base and leaves nothing behind but a value
_LEAVES_NOTHING = {
    "abc": "ABC ABCMeta abstractmethod",
    "builtins": "bool classmethod dict float frozenset int len list property range set "
    "slice staticmethod str tuple zip",
    "collections": "Counter OrderedDict defaultdict deque namedtuple",
    "contextlib": "contextmanager suppress",
    "dataclasses": "dataclass field",
    "enum": "Enum IntEnum StrEnum auto",
    "functools": "cache cached_property lru_cache total_ordering wraps",
    "math": "log sqrt",
    "pathlib": "Path",
    "re": "compile",
    "torch": "enable_grad inference_mode no_grad",
    "torch.nn": "Module",
    "typing": "Generic NamedTuple NewType Protocol TypeVar TypedDict final overload "
    "runtime_checkable",
}
_HARMLESS = {
    f"{module}.{name}"
    for module, names in _LEAVES_NOTHING.items()
    for name in names.split()
}
_HOOKS = {"__init_subclass__", "__class_getitem__", "__mro_entries__"}
_OF_A_PROPERTY = {"setter", "getter", "deleter"}


class Loading:
    """What happens when rooms of a package are loaded."""

    def __init__(self, rooms: Rooms) -> None:
        self.rooms = rooms
        self._runs: dict[str, list[Part]] = {}
        self._tame: dict[ast.ClassDef, bool] = {}

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

    def _only_binds(self, part: Part, room: Room) -> bool:
        for node in part.at_import:
            if not _leaves_alone(node, room):
                return False
            if not all(self._may_run(each, room) for each in _called(node)):
                return False
            if isinstance(node, ast.ClassDef) and not self._is_tame(node, room):
                return False
        return True

    def _may_run(self, called: ast.expr, room: Room) -> bool:
        """Tell whether to call `called` leaves nothing behind but a value."""
        meaning = self._meaning(called, room)
        ours = self._ours(meaning)
        if ours and not meaning.foreign:
            return all(_only_wraps(part.node) for part, _ in ours)
        known = bool(meaning.foreign) and meaning.foreign <= _HARMLESS
        return _is_own_method(called, room) or (known and not ours)

    def _is_tame(self, node: ast.ClassDef, room: Room) -> bool:
        """Tell whether inheriting from the bases of `node` runs none of our code."""
        if node not in self._tame:
            self._tame[node] = True  # for a name that is bound to its own subclass
            self._tame[node] = all(
                isinstance(base, ast.Call) or self._may_be_base(base, room)
                for base in node.bases
            )
        return self._tame[node]

    def _may_be_base(self, base: ast.expr, room: Room) -> bool:
        meaning = self._meaning(base, room)
        ours = self._ours(meaning)
        known = all(
            name in _HARMLESS or name.startswith("builtins.")
            for name in meaning.foreign
        )
        return (
            bool(ours or meaning.foreign)
            and known
            and all(
                isinstance(part.node, ast.ClassDef)
                and not _has_hooks(part.node)
                and all(self._may_run(each, where) for each in _metaclass(part.node))
                and self._is_tame(part.node, where)
                for part, where in ours
            )
        )

    def _meaning(self, expression: ast.expr, room: Room) -> Meaning:
        """Return what is called or inherited from: a name, and attributes of it."""
        while isinstance(expression, ast.Subscript):  # Generic[T]
            expression = expression.value
        root, path = chain(expression)
        if not isinstance(root, ast.Name):
            return Meaning()
        return self.rooms.meaning(Use(None, (root.id, *path)), room)

    def _ours(self, meaning: Meaning) -> list[tuple[Part, Room]]:
        """Return the definitions of the package in `meaning`; imports are none."""
        rooms = [(node, self.rooms.room(node.module)) for node in meaning.nodes]
        return [
            (part, room)
            for node, room in rooms
            for part in (room.parts if node.name == WHOLE else room.names[node.name])
            if not part.is_import
        ]


def _only_wraps(node: ast.AST) -> bool:
    """Tell whether a function defines another one, returns it and does nothing else."""
    match node:
        case (
            ast.FunctionDef(
                body=[
                    ast.Expr(),
                    ast.FunctionDef(name=inner),
                    ast.Return(ast.Name(id=name)),
                ]
            )
            | ast.FunctionDef(
                body=[ast.FunctionDef(name=inner), ast.Return(ast.Name(name))]
            )
        ):
            return inner == name
    return False


def _called(node: ast.AST) -> Iterable[ast.expr]:
    """Return what runs when `node` is evaluated: functions, decorators, a metaclass."""
    found: list[ast.expr] = []
    match node:
        case ast.Call():
            return [node.func]
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            found = node.decorator_list
        case ast.ClassDef():
            found = [*node.decorator_list, *_metaclass(node)]
        case ast.With() | ast.AsyncWith():
            found = [each.context_expr for each in node.items]
    return [each for each in found if not isinstance(each, ast.Call)]  # met by itself


def _metaclass(node: ast.ClassDef) -> list[ast.expr]:
    return [each.value for each in node.keywords if each.arg == "metaclass"]


def _has_hooks(node: ast.ClassDef) -> bool:
    """Tell whether a class runs code of its own when it is inherited from."""
    names = {getattr(each, "name", getattr(each, "id", "")) for each in ast.walk(node)}
    return not names.isdisjoint(_HOOKS)


def _leaves_alone(node: ast.AST, room: Room) -> bool:
    """Tell whether `node` changes nothing itself, or what belongs to the room alone."""
    match node:
        case ast.Expr(value=value):  # a call is judged by what it calls
            return isinstance(value, ast.Constant | ast.Call)
        case ast.Attribute(ctx=ast.Load()) | ast.Subscript(ctx=ast.Load()) | ast.Call():
            return True
        case ast.Attribute() | ast.Subscript() | ast.AugAssign():
            return changed(node) in room.fresh
    return not isinstance(node, ast.Assert | ast.Raise)


def _is_own_method(function: ast.expr, room: Room) -> bool:
    """Tell a method of a container that the room alone has made, or of a property."""
    match function:
        case ast.Attribute(value=ast.Name(id=name), attr=attr):
            return room.fresh.get(name, False) or attr in _OF_A_PROPERTY
    return False
