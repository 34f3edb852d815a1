"""Mutants: an answer's reference with one small edit in it, and the sentence for it.

They name mistakes that nobody has written down, and they try the checks: one that
every check lets through is a mistake that would be paid for.
"""

import ast
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from types import CodeType
from typing import Any

from lrcourse.grading.mistakes.budget import bounded_range, exponent
from lrcourse.grading.mistakes.operators import calls, expressions, formulas
from lrcourse.grading.mistakes.operators.expressions import Mutation, Scope, Vocabulary

Definition = ast.FunctionDef | ast.ClassDef
_NONE = Vocabulary()

# the likeliest first: of mutants that do the same, the first one is named
_OPERATORS: Sequence[Callable[[ast.AST, Scope], Iterator[Mutation]]] = (
    calls.openings,
    calls.calls,
    calls.arguments,
    formulas.angles,
    formulas.epsilons,
    expressions.comparisons,
    expressions.operators,
    expressions.missing_parts,
    formulas.brackets,
    formulas.shares,
    formulas.powers,
    formulas.roundings,
    expressions.names,
    calls.ranges,
    calls.keys,
    calls.statements,
    calls.sums,
    expressions.conditions,
    expressions.numbers,
    calls.results,
)


@dataclass(frozen=True)
class Mutant:
    """One mutation: its kind, its sentence, and the line before and after.

    `taken` is the piece of the reference that `put` stands for.
    """

    answer: str
    kind: str
    sentence: str
    before: str
    after: str
    code: CodeType
    taken: ast.AST
    put: ast.AST

    @property
    def slug(self) -> str:
        """The kind as a name, for reports, which count mistakes by name."""
        return self.kind.replace(" ", "_")

    @property
    def change(self) -> str:
        """Name the mutant by the line that its mutation has made, or has left out."""
        left_out = f"without {self.before.partition('(f')[0]}"
        return left_out if self.after == "pass" else self.after

    def function(self, names: dict[str, Any]) -> Any:
        """Return the mutant as a function or class that finds `names` around it."""
        around = {**names, "range": bounded_range, "_exponent": exponent}
        exec(self.code, around)
        return around[self.answer]


def mutants(tree: Definition, vocabulary: Vocabulary = _NONE) -> Iterator[Mutant]:
    """Yield every mutant of a function or class, the likeliest mutations first."""
    places = list(_places(tree, Scope(vocabulary)))
    seen = set()
    for operator in _OPERATORS:
        for place in places:
            for mutation in operator(place.node, place.scope):
                mutant = _mutant(tree, place, mutation)
                line = place.holder, mutant.after
                if line not in seen:  # two mutations may write the same line
                    seen.add(line)
                    yield mutant


@dataclass(frozen=True, eq=False)
class _Place:
    """Where a node stands in its parent, and in which statement and scope."""

    parent: ast.AST
    field: str
    index: int | None
    node: ast.AST
    statement: "_Place | None"
    scope: Scope

    def put(self, node: ast.AST) -> None:
        if self.index is None:
            setattr(self.parent, self.field, node)
        else:
            getattr(self.parent, self.field)[self.index] = node

    @property
    def holder(self) -> "_Place":
        """The innermost statement around this place, or the place itself."""
        return self if isinstance(self.node, ast.stmt) else self.statement or self

    def line(self) -> str:
        """Return the statement as it reads now, in its first line; no docstring."""
        holder = self.holder
        there = getattr(holder.parent, holder.field)
        node = there if holder.index is None else there[holder.index]
        return "" if isinstance(node, ast.Expr) else ast.unparse(node).splitlines()[0]


def _places(
    node: ast.AST, scope: Scope, statement: _Place | None = None
) -> Iterator[_Place]:
    """Walk through what a learner writes: bodies, but no signatures and no messages."""
    if isinstance(node, ast.FunctionDef):
        scope = _scope(node, scope.vocabulary)
    for field, value in ast.iter_fields(node):
        if field in ("args", "decorator_list", "returns") and isinstance(
            node, ast.FunctionDef
        ):
            continue
        for index, child in enumerate(value if isinstance(value, list) else [value]):
            if not isinstance(child, ast.AST):
                continue
            where = index if isinstance(value, list) else None
            place = _Place(node, field, where, child, statement, scope)
            yield place
            holder = place if isinstance(child, ast.stmt) else statement
            if not isinstance(child, ast.Raise):  # its words are nobody's formula
                yield from _places(child, scope, holder)


def _scope(node: ast.FunctionDef, vocabulary: Vocabulary) -> Scope:
    parameters = [arg.arg for arg in node.args.args if arg.arg != "self"]
    assigned, shares = dict[str, None](), dict[str, None]()
    for each in ast.walk(node):
        match each:
            case ast.Name(id=name, ctx=ast.Store()):
                assigned[name] = None
            case ast.BinOp(ast.Constant(1), ast.Sub(), ast.Name(id=name)):
                shares[name] = None
    rest = [name for name in parameters if name in shares]
    return Scope(vocabulary, parameters, list(assigned), rest)


def _mutant(tree: Definition, place: _Place, mutation: Mutation) -> Mutant:
    before = place.line()
    ast.fix_missing_locations(ast.copy_location(mutation.node, place.node))
    place.put(mutation.node)
    try:
        after, code = place.line(), _compiled(tree)
    finally:
        place.put(place.node)
    kind, sentence = mutation.kind, mutation.sentence
    nodes = place.node, mutation.node
    return Mutant(tree.name, kind, sentence, before, after, code, *nodes)


def _compiled(tree: Definition) -> CodeType:
    """Compile with each exponent asked for its size: powers can fill a machine."""
    calculations = (node for node in ast.walk(tree) if isinstance(node, ast.BinOp))
    powers = [node for node in calculations if isinstance(node.op, ast.Pow)]
    exponents = [power.right for power in powers]
    for power in powers:
        asked = ast.Call(ast.Name("_exponent", ast.Load()), [power.right], [])
        power.right = ast.fix_missing_locations(ast.copy_location(asked, power))
    try:
        return compile(ast.Module([tree], []), f"<mutant of {tree.name}>", "exec")
    finally:
        for power, exponent in zip(powers, exponents, strict=True):
            power.right = exponent
