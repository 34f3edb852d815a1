"""Whether a learner's code holds what a sentence about an edit says of it.

A mutant that did what an answer did need not be what its author wrote: `/` where `*`
belongs is nothing to say to somebody who has typed neither. So pieces of code are
compared by what stands in them: the sign, and the parameters that reach each side.
"""

import ast
import functools
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

Reach: TypeAlias = Mapping[str, frozenset[str]]
Piece: TypeAlias = tuple[object, ...]

_MIRRORED = {ast.Lt: ast.Gt, ast.LtE: ast.GtE}
_SAME_NAME = {"maximum": "max", "minimum": "min", "pow": "power"}
_ASSIGNS = (ast.Assign, ast.AugAssign, ast.AnnAssign, ast.NamedExpr, ast.For)
# what nobody writes by hand, and takes long to compare: so many characters, or nodes
# that lie so deep in all, as a sum of hundreds of terms does
_TOO_LONG, _TOO_DEEP = 50_000, 50_000


@dataclass(frozen=True)
class Code:
    """Function or class definitions, and the parameters that their sentences name."""

    trees: tuple[ast.AST, ...]
    parameters: frozenset[str]
    exchanged: tuple[str, ...] = ()

    @functools.cached_property
    def reach(self) -> Reach:
        """Which parameters reach each name, through what is assigned to it."""
        other = dict(zip(self.exchanged, self.exchanged[::-1], strict=True))
        reached = {n: frozenset([other.get(n, n)]) for n in self.parameters}
        for _ in range(3):  # names are assigned from names that are assigned
            for node in self._nodes():
                if isinstance(node, _ASSIGNS):
                    value = node.iter if isinstance(node, ast.For) else node.value
                    came = _reaching(value, reached) if value else frozenset()
                    for name in _targets(node):
                        reached[name] = reached.get(name, frozenset()) | came
        return reached

    @functools.cached_property
    def pieces(self) -> Counter[Piece]:
        """How often each piece of code stands in it."""
        return pieces_in(self.trees, self.reach)

    def with_exchanged(self, exchange: str) -> "Code":
        """Return the code after a line such as ``a, b = b, a``."""
        names = exchange.partition(" = ")[0].split(", ")
        known = tuple(name for name in names if name in self.parameters)
        return Code(self.trees, self.parameters, known)

    def _nodes(self) -> Iterator[ast.AST]:
        for tree in self.trees:
            yield from ast.walk(tree)


def code_of(sources: Collection[str], name: str, parameters: frozenset[str]) -> Code:
    """Return the definitions of the last source that defines `name`; else none."""
    for source in reversed([*sources]):
        try:
            tree = ast.parse(source) if len(source) <= _TOO_LONG else ast.Module([], [])
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        kinds = ast.FunctionDef, ast.ClassDef
        body = [] if _is_too_deep(tree) else tree.body
        defined = [node for node in body if isinstance(node, kinds)]
        if any(node.name == name for node in defined):
            return Code(tuple(defined), parameters)
    return Code((), parameters)


def _is_too_deep(tree: ast.AST) -> bool:
    """Say whether the depths of all nodes add up to more than `_TOO_DEEP`."""
    waiting, left = [(tree, 1)], _TOO_DEEP
    while waiting and left > 0:
        node, depth = waiting.pop()
        left -= depth
        waiting += [(each, depth + 1) for each in ast.iter_child_nodes(node)]
    return left <= 0


def pieces_in(trees: Iterable[ast.AST], reach: Reach) -> Counter[Piece]:
    """Return how often each piece of code stands in `trees`."""
    nodes = (node for tree in trees for node in ast.walk(tree))
    found = (_piece(node, reach) for node in nodes)
    return Counter(each for each in found if each is not None)


def _piece(node: ast.AST, reach: Reach) -> Piece | None:
    """Return a calculation, comparison, call or constant as what can be compared."""
    match node:
        case ast.BinOp(left, op, right) | ast.AugAssign(left, op, right):
            if not isinstance(op, ast.Add | ast.Mult):
                return type(op), *(_reaching(side, reach) for side in (left, right))
            parts = [*_parts(left, type(op)), *_parts(right, type(op))]
            sides = [_reaching(part, reach) for part in parts]
            return type(op), *sorted(sides, key=sorted)
        case ast.Compare(left, [op], [right]):
            kind, sides = type(op), [_reaching(left, reach), _reaching(right, reach)]
            if kind in _MIRRORED:
                kind, sides = _MIRRORED[kind], sides[::-1]
            return kind, *sides
        case ast.Call(func, args):
            return _called(func), *(_reaching(each, reach) for each in args)
        case ast.Constant(value) if isinstance(value, str | int | float):
            return "constant", value
    return None


def _parts(node: ast.expr, op: type[ast.operator]) -> list[ast.expr]:
    """Return the terms of a sum, or the factors of a product."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, op):
        return [*_parts(node.left, op), *_parts(node.right, op)]
    return [node]


def _reaching(node: ast.AST, reach: Reach) -> frozenset[str]:
    names = (each.id for each in ast.walk(node) if isinstance(each, ast.Name))
    none: frozenset[str] = frozenset()
    return none.union(*(reach.get(name, none) for name in names))


def _targets(node: ast.AST) -> Iterator[str]:
    for each in ast.walk(node):
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store):
            yield each.id


def _called(func: ast.expr) -> str:
    name = getattr(func, "id", getattr(func, "attr", ""))
    return _SAME_NAME.get(name, name)
