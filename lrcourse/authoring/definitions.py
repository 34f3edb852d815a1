"""What a room binds, statement by statement, and what of it counts."""

import ast
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from lrcourse.authoring.imports import Bindings, Import, loaded
from lrcourse.authoring.scopes import Function, Reading, bindings, outside, reading

STAR = "*"  # the name of what stands behind ``from x import *``
_NO_CODE = {"ctx", "kind", "type_comment"}  # fields of syntax that change nothing


@dataclass(eq=False)
class Part:
    """A statement at the top of a room; of an import of several names, one of them."""

    node: ast.stmt
    package: str
    text: Sequence[str]  # the lines of the room

    @cached_property
    def lines(self) -> range:
        """The numbers of its lines, from its first decorator on."""
        decorators = getattr(self.node, "decorator_list", [])
        first = min(each.lineno for each in (self.node, *decorators))
        return range(first, (self.node.end_lineno or first) + 1)

    @cached_property
    def source(self) -> str:
        """The statement as it is written; an import as if it stood alone."""
        if self.is_import:
            return ast.unparse(self.node)
        return "\n".join(self.text[line - 1] for line in self.lines)

    @cached_property
    def names(self) -> Bindings:
        """The names that it binds, or that a function in it binds by ``global``."""
        bound = bindings([self.node], self.package).bound
        inner = (each for each in self.all if isinstance(each, ast.Global))
        return {name: [] for each in inner for name in each.names} | bound

    @cached_property
    def all(self) -> list[ast.AST]:
        """All that it is made of, the insides of functions too."""
        return list(ast.walk(self.node))

    @cached_property
    def at_import(self) -> list[ast.AST]:
        """What is evaluated when the room is loaded: all but the insides of functions.

        In the order of the text.
        """
        return list(evaluated(self.node))

    @cached_property
    def inner(self) -> set[str]:
        """The names that a class or a comprehension in it binds, for itself alone."""
        return inner_names(self.at_import, self.package)

    @cached_property
    def loads(self) -> list[str]:
        """The modules that it may load together with the room."""
        return _loads(self.at_import, self.package)

    @cached_property
    def loads_later(self) -> list[str]:
        """The modules that it may load when it is called."""
        return _loads(self.all, self.package)

    @cached_property
    def is_import(self) -> bool:
        """Whether it binds names of other rooms, and nothing else."""
        return isinstance(self.node, Import)

    @cached_property
    def changes(self) -> set[str]:
        """The names whose content it changes in place, when the room is loaded."""
        return {name for node in self.at_import if (name := changed(node))}

    @cached_property
    def code(self) -> str:
        """The statement as the computer sees it, without comments and docstrings."""
        return "" if _is_text(self.node) else canonical(self.node)

    @cached_property
    def read(self) -> Reading:
        """What it reads."""
        return reading(self.node, self.package)

    @cached_property
    def read_with_hints(self) -> Reading:
        """What it reads, in the type hints of functions too."""
        return reading(self.node, self.package, hints=True)


class Room:
    """A module of the package, or the cells of a chapter, as parts and their names."""

    def __init__(self, module: str, parts: Sequence[Part]) -> None:
        self.module, self.parts = module, parts
        self.fresh = _fresh(parts)
        self.names: dict[str, list[Part]] = {}
        for part in parts:
            for name in {*part.names, *(part.changes & self.fresh.keys())}:
                self.names.setdefault(name, []).append(part)


def parts_of(text: str, package: str, title: str) -> list[Part]:
    """Return the parts of a room of `package`; `title` names it in a syntax error."""
    lines = text.split("\n")  # as Python counts them: no form feed ends a line
    return [
        Part(each, package, lines)
        for node in ast.parse(text, title).body
        for each in (_one_by_one(node) if isinstance(node, Import) else [node])
    ]


def canonical(node: object) -> str:
    """Return syntax as text that neither layout nor the version of Python changes."""
    if isinstance(node, ast.AST):
        fields = [
            f"{name}={canonical(value)}"
            for name, value in ast.iter_fields(node)
            if not (name in _NO_CODE or value is None or value == [])
        ]
        return f"{type(node).__name__}({', '.join(fields)})"
    if isinstance(node, list):
        inner = [canonical(each) for each in node if not _is_text(each)]
        return f"[{', '.join(inner)}]"
    return repr(node)


def evaluated(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what runs with `node`, in order: all but the insides of functions in it."""
    yield node
    match node:
        case ast.If(test=ast.Name(id="TYPE_CHECKING")):  # false in every run
            inside: Iterable[ast.AST] = node.orelse
        case _ if isinstance(node, Function):
            inside = outside(node)
        case _:
            inside = ast.iter_child_nodes(node)
    for each in inside:
        yield from evaluated(each)


def inner_names(nodes: Iterable[ast.AST], package: str) -> set[str]:
    """Return the names that classes and comprehensions among `nodes` bind in there."""
    found: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.ClassDef):
            found |= bindings(node.body, package).bound.keys()
        elif isinstance(node, ast.comprehension):
            found |= bindings([node.target], package).bound.keys()
    return found


def changed(node: ast.AST) -> str | None:
    """Return the name whose content `node` may change in place: ``TABLE["x"] = f``."""
    match node:
        case (
            ast.Attribute(value=ast.Name(id=name), ctx=ast.Store() | ast.Del())
            | ast.Subscript(value=ast.Name(id=name), ctx=ast.Store() | ast.Del())
            | ast.AugAssign(target=ast.Name(id=name))
            | ast.Call(func=ast.Attribute(value=ast.Name(id=name)))
        ):
            return name
    return None


def _fresh(parts: Sequence[Part]) -> dict[str, bool]:
    """Return the names that a room alone has made, and whether each is a container.

    What changes the content of such a name belongs to it: every other way to the same
    content leads through the name.
    """
    found: dict[str, bool] = {}
    shared: set[str] = set()
    for part in parts:
        shared |= part.inner  # there the name is another's
        for name in part.names:
            kind = _kind(part.node, name, found.get(name))
            if kind is None:
                shared.add(name)
            else:
                found[name] = kind
    return {name: kind for name, kind in found.items() if name not in shared}


def _kind(node: ast.stmt, name: str, before: bool | None) -> bool | None:
    """Return whether `node` makes `name` a new container, or None: maybe an alias."""
    match node:
        case ast.AugAssign() | ast.AnnAssign(value=None):
            return before
        case (
            ast.Assign(targets=[ast.Name(id=own)], value=value)
            | ast.AnnAssign(target=ast.Name(id=own), value=value)
        ):
            return kind_of_value(value) if own == name else None
        case (
            ast.FunctionDef(name=own, decorator_list=[])
            | ast.AsyncFunctionDef(name=own, decorator_list=[])
            | ast.ClassDef(name=own, decorator_list=[], bases=[], keywords=[])
        ):
            return False if own == name else None
    return None


def kind_of_value(value: ast.expr | None) -> bool | None:
    """Return whether a value is a new container, or None: it may be an alias."""
    match value:
        case ast.Dict() | ast.List() | ast.Set():
            return True
        case ast.DictComp() | ast.ListComp() | ast.SetComp():
            return True
        case ast.Call(func=ast.Name(id="dict" | "list" | "set")):
            return True
        case ast.Constant() | ast.JoinedStr() | ast.Tuple():
            return False
    return None


def _loads(nodes: Iterable[ast.AST], package: str) -> list[str]:
    imports = (node for node in nodes if isinstance(node, Import))
    return [module for node in imports for module in loaded(node, package)]


def _one_by_one(node: Import) -> list[Import]:
    """Return an import of several names as imports of one each."""
    if isinstance(node, ast.Import):
        return [ast.copy_location(ast.Import([each]), node) for each in node.names]
    module, level = node.module, node.level
    return [
        ast.copy_location(ast.ImportFrom(module, [each], level), node)
        for each in node.names
    ]


def _is_text(node: object) -> bool:
    """Tell a docstring, or another text that stands for itself: it does nothing."""
    match node:
        case ast.Expr(value=ast.Constant(value=str())):
            return True
    return False
