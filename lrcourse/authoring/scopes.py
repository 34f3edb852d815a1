"""Which names of a room a piece of code reads: arguments and its own names are none."""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from lrcourse.authoring.imports import Bindings, Import, Use, imported

_NAME = re.compile(r"[^\W\d]\w*([.:][^\W\d]\w*)*")

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
Comprehension: TypeAlias = ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp


@dataclass(frozen=True)
class Reading:
    """What a piece of code reads: names of its room, and attributes of anything."""

    uses: frozenset[Use]
    words: frozenset[
        str
    ]  # names, those of attributes, and texts like a name or ``a.b``


@dataclass
class Scope:
    """The names that a function, a class or a room binds, and those it calls global."""

    bound: Bindings = field(default_factory=dict)
    declared: set[str] = field(default_factory=set)
    is_class: bool = False


def reading(node: ast.AST, package: str, hints: bool = False) -> Reading:
    """Return what `node` reads, a statement at the top of a room of `package`.

    Those of a class's fields apart, type hints are read only with `hints`: a program
    that does not look at its own annotations computes the same without them.
    """
    reader = _Reader(package, hints)
    reader.visit(node)
    return Reading(frozenset(reader.uses), frozenset(reader.words))


def bindings(statements: Iterable[ast.AST], package: str) -> Scope:
    """Return what `statements` bind in their own scope, not in functions in them."""
    binder = _Binder(package)
    for statement in statements:
        binder.visit(statement)
    return binder.scope


class _Binder:
    def __init__(self, package: str) -> None:
        self.package, self.scope = package, Scope()

    def visit(self, node: ast.AST) -> None:
        match node:
            case ast.Name(ctx=ast.Store() | ast.Del()):
                self.bind(node.id)
            case ast.Import() | ast.ImportFrom():
                for name, use in imported(node, self.package):
                    self.bind(name, use)
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                self.bind(node.name)
            case ast.ExceptHandler() | ast.MatchAs() | ast.MatchStar():
                self.bind(node.name)
            case ast.MatchMapping():
                self.bind(node.rest)
            case ast.Global():
                self.scope.declared.update(node.names)
        for each in self.within(node):
            self.visit(each)

    def bind(self, name: str | None, *origins: Use) -> None:
        if name:
            self.scope.bound.setdefault(name, []).extend(origins)

    def within(self, node: ast.AST) -> Iterable[ast.AST]:
        """Return the parts of `node` that can bind a name in the scope of `node`."""
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Lambda():
                return outside(node)
            case ast.ClassDef():
                return (*node.decorator_list, *node.bases, *node.keywords)
            case ast.comprehension():  # its target lives in there alone
                return (node.iter, *node.ifs)
        return ast.iter_child_nodes(node)


class _Reader:
    def __init__(self, package: str, hints: bool) -> None:
        self.package, self.hints = package, hints
        self.uses: set[Use] = set()
        self.words: set[str] = set()
        self.scopes: list[Scope] = []

    def visit(self, *nodes: ast.AST | None) -> None:
        for node in nodes:
            match node:
                case ast.Name():
                    self.name(node)
                case ast.Attribute():
                    self.attribute(node)
                case ast.Constant(value=str(text)) if _NAME.fullmatch(text):
                    self.words.add(text)
                case ast.Call():
                    self.call(node)
                case ast.Import() | ast.ImportFrom():
                    self.importing(node)
                case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Lambda():
                    self.function(node)
                case ast.ClassDef():
                    self.class_(node)
                case ast.AnnAssign():
                    self.annotated(node)
                case _ if isinstance(node, Comprehension):
                    self.comprehension(node)
                case ast.AST():
                    self.visit(*ast.iter_child_nodes(node))

    def visit_inside(self, scope: Scope, nodes: Iterable[ast.AST]) -> None:
        self.scopes.append(scope)
        self.visit(*nodes)
        self.scopes.pop()

    def read(self, name: str, path: tuple[str, ...] = ()) -> None:
        self.words.update((name, *path))
        for scope in reversed(self.scopes):
            if name in scope.declared:
                break
            if name in scope.bound and not scope.is_class:
                origins = scope.bound[name]
                self.uses.update(Use(use.module, use.path + path) for use in origins)
                return
        # a name of a class too may be the room's: methods do not see those of the class
        self.uses.add(Use(None, (name, *path)))

    def name(self, node: ast.Name) -> None:
        declared = any(node.id in scope.declared for scope in self.scopes)
        if isinstance(node.ctx, ast.Load) or declared:
            self.read(node.id)

    def attribute(self, node: ast.Attribute) -> None:
        root, path = chain(node)
        if isinstance(root, ast.Name):
            self.read(root.id, path)
        else:
            self.words.update(path)
            self.visit(root)

    def call(self, node: ast.Call) -> None:
        # with an argument they ask about that alone, and it is read by itself
        asks = isinstance(node.func, ast.Name) and node.func.id in ("vars", "dir")
        if not (asks and node.args):
            self.visit(node.func)
        self.visit(*node.args, *node.keywords)

    def importing(self, node: Import) -> None:
        """Read what becomes an attribute of a class, or a name of the room."""
        for name, use in imported(node, self.package):
            scope = self.scopes[-1] if self.scopes else None
            if scope and (scope.is_class or name in scope.declared):
                self.uses.add(use)

    def function(self, node: Function) -> None:
        self.visit(*outside(node, self.hints))
        body = [node.body] if isinstance(node, ast.Lambda) else node.body
        scope = bindings(body, self.package)
        for argument in arguments(node):
            scope.bound.setdefault(argument.arg, [])
        self.visit_inside(scope, body)

    def class_(self, node: ast.ClassDef) -> None:
        self.visit(*node.decorator_list, *node.bases, *node.keywords)
        scope = bindings(node.body, self.package)
        scope.is_class = True
        self.visit_inside(scope, node.body)

    def annotated(self, node: ast.AnnAssign) -> None:
        self.visit(node.target, node.value)
        if self.hints or (self.scopes and self.scopes[-1].is_class):  # a field
            self.visit(node.annotation)

    def comprehension(self, node: Comprehension) -> None:
        self.visit(node.generators[0].iter)  # outside, as Python does
        targets = [each.target for each in node.generators]
        scope = bindings(targets, self.package)
        self.visit_inside(scope, ast.iter_child_nodes(node))


def outside(node: Function, hints: bool = True) -> Iterator[ast.AST]:
    """Yield what of a function is evaluated where it stands, before any call."""
    if not isinstance(node, ast.Lambda):
        yield from node.decorator_list
        if hints and node.returns:
            yield node.returns
    yield from node.args.defaults
    yield from (each for each in node.args.kw_defaults if each)
    if hints:
        yield from (each.annotation for each in arguments(node) if each.annotation)


def arguments(node: Function) -> list[ast.arg]:
    """Return all that a function takes, what its stars take included."""
    of = node.args
    stars = [each for each in (of.vararg, of.kwarg) if each]
    return [*of.posonlyargs, *of.args, *of.kwonlyargs, *stars]


def chain(node: ast.expr) -> tuple[ast.expr, tuple[str, ...]]:
    """Return where a chain of attributes begins, and the attributes."""
    path: list[str] = []
    while isinstance(node, ast.Attribute):
        path.insert(0, node.attr)
        node = node.value
    return node, tuple(path)
