"""Small edits of an expression: what could stand in its place, and what to ask then.

Each function takes a node of the reference and yields its wrong twins. A sentence
names what the learner was given (the parameters) and the sign that is meant, and asks.
"""

import ast
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple


class Mutation(NamedTuple):
    """A node's wrong twin: its kind in a word or two, and what its author reads."""

    kind: str
    node: ast.AST
    sentence: str


@dataclass(frozen=True)
class Vocabulary:
    """What an exercise says about its names; the operators know no others.

    `counts` count updates, the first one being 0; `lengths` are so many updates long;
    names of one of the `roles` are easily taken for each other.
    """

    counts: Collection[str] = ()
    lengths: Collection[str] = ()
    roles: Collection[Collection[str]] = ()

    def alike(self, name: str, others: Sequence[str]) -> list[str]:
        """Return those of `others` that share a word or a role with `name`."""
        return [
            other
            for other in dict.fromkeys(others)
            if other != name
            and (
                _words(name) & _words(other)
                or any(name in role and other in role for role in self.roles)
            )
        ]


@dataclass(frozen=True)
class Scope:
    """The names at hand in a function: its parameters, and what it assigns.

    `shares` are the parameters of which it takes the rest, as in ``1 - rho``.
    """

    vocabulary: Vocabulary
    parameters: Sequence[str] = ()
    assigned: Sequence[str] = ()
    shares: Sequence[str] = ()

    def near(self, *nodes: ast.AST) -> str:
        """Return `` beside `lr` `` for the first parameter in `nodes`, if any."""
        found = self.first_parameter(*nodes)
        return f" beside `{found}`" if found else ""

    def first_parameter(self, *nodes: ast.AST) -> str:
        """Return the first parameter that stands in `nodes`, or the empty string."""
        names = (name for node in nodes for name in _names(node))
        return next((name for name in names if name in self.parameters), "")


_SIGNS: dict[type[ast.AST], str] = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.Pow: "**",
    ast.MatMult: "@",
}
_BOUNDARY = "what happens exactly at the boundary?"
_SIDE = "which of the two sides is meant?"
_COMPARISONS: dict[type[ast.cmpop], Sequence[tuple[type[ast.cmpop], str]]] = {
    ast.Lt: [(ast.LtE, _BOUNDARY), (ast.Gt, _SIDE)],
    ast.LtE: [(ast.Lt, _BOUNDARY), (ast.GtE, _SIDE)],
    ast.Gt: [(ast.GtE, _BOUNDARY), (ast.Lt, _SIDE)],
    ast.GtE: [(ast.Gt, _BOUNDARY), (ast.LtE, _SIDE)],
    ast.Eq: [(ast.NotEq, "which of the cases is this one?")],
    ast.NotEq: [(ast.Eq, "which of the cases is this one?")],
}
_WAY = "which way does it act?"
_ARITHMETIC: dict[type[ast.operator], Sequence[tuple[type[ast.operator], str]]] = {
    ast.Add: [(ast.Sub, _WAY)],
    ast.Sub: [(ast.Add, _WAY)],
    ast.Mult: [(ast.Div, "should the result grow with it, or shrink?")],
    ast.Div: [
        (ast.Mult, "should the result grow with it, or shrink?"),
        (ast.FloorDiv, "// throws the fraction away; is it needed here?"),
    ],
    ast.FloorDiv: [(ast.Div, "is a fraction wanted here, or whole ones only?")],
    ast.Mod: [(ast.FloorDiv, "is what is left over wanted, or how often it fits?")],
    ast.Pow: [(ast.Mult, "is it multiplied again and again?")],
    ast.MatMult: [(ast.Mult, "is each number multiplied by its own, or summed over?")],
}
_MISSING = {
    ast.Add: "A term seems to be missing{near}: what has to be added?",
    ast.Sub: "A term seems to be missing{near}: what has to be taken away?",
    ast.Mult: "A factor seems to be missing{near}: what has to be multiplied?",
    ast.MatMult: "A product seems to be missing{near}: what has to be multiplied?",
    ast.Div: "A division seems to be missing{near}: by what should it be measured?",
    ast.Mod: "Nothing seems to start again{near}: what is left after whole rounds?",
    ast.FloorDiv: "Nothing seems to be counted in whole ones{near}: how often does "
    "it fit?",
    ast.Pow: "A power or a root seems to be missing{near}: which one?",
}


def comparisons(node: ast.AST, scope: Scope) -> Iterator[Mutation]:
    """Yield the comparison with its boundary, or its side, the other way."""
    if not isinstance(node, ast.Compare) or len(node.ops) != 1:
        return
    right = type(node.ops[0])
    for wrong, question in _COMPARISONS.get(right, ()):
        twin = ast.Compare(node.left, [wrong()], node.comparators)
        yield Mutation("comparison", twin, _stands(wrong, right, "", question))


def conditions(node: ast.AST, scope: Scope) -> Iterator[Mutation]:
    """Yield a condition with `and`, `or`, `not` or its two ways exchanged."""
    if isinstance(node, ast.BoolOp):
        right, wrong = ("and", "or")[:: 1 if isinstance(node.op, ast.And) else -1]
        op = ast.Or() if wrong == "or" else ast.And()
        sentence = f"It looks as if `{wrong}` stood where `{right}` belongs: must both "
        yield Mutation(
            "and-or", ast.BoolOp(op, node.values), f"{sentence}hold, or one?"
        )
        for value in node.values:
            sentence = "One of two conditions seems not to count: which one is missing?"
            yield Mutation("half a condition", value, sentence)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        sentence = "A `not` seems to be missing: which of the cases is this one?"
        yield Mutation("no not", node.operand, sentence)
    if isinstance(node, ast.IfExp):
        sentence = "Two cases seem to be exchanged: which of them is this one?"
        twin = ast.IfExp(node.test, node.orelse, node.body)
        yield Mutation("cases exchanged", twin, sentence)
        sentence = "Two cases seem to be treated alike: what tells them apart?"
        for case in (node.body, node.orelse):
            yield Mutation("cases alike", case, sentence)


def operators(node: ast.AST, scope: Scope) -> Iterator[Mutation]:
    """Yield a calculation with another sign, or its two sides exchanged."""
    if not isinstance(node, ast.BinOp):
        return
    right, near = type(node.op), scope.near(node.right, node.left)
    for wrong, question in _ARITHMETIC.get(right, ()):
        twin = ast.BinOp(node.left, wrong(), node.right)
        yield Mutation("operator", twin, _stands(wrong, right, near, question))
    if right not in (ast.Add, ast.Mult):
        twin = ast.BinOp(node.right, node.op, node.left)
        sign = _SIGNS[right]
        sentence = (
            f"The two sides of `{sign}` seem to be exchanged{near}: which is which?"
        )
        yield Mutation("sides exchanged", twin, sentence)
    if right is ast.Pow:
        twin = ast.BinOp(node.left, node.op, ast.UnaryOp(ast.USub(), node.right))
        sentence = f"A power seems to have the wrong sign{near}: should it shrink?"
        yield Mutation("sign of a power", twin, sentence)


def missing_parts(node: ast.AST, scope: Scope) -> Iterator[Mutation]:
    """Yield a calculation with one of its sides left out."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        near = scope.near(node.operand)
        yield Mutation("sign", node.operand, f"A minus seems to be missing{near}.")
    if not isinstance(node, ast.BinOp):
        return
    for kept, lost in ((node.left, node.right), (node.right, node.left)):
        lone = type(node.op) in (ast.Div, ast.Pow, ast.Mod, ast.FloorDiv)
        if lone and kept is node.right:
            continue
        name = scope.first_parameter(lost)
        if name and not scope.first_parameter(kept):
            sentence = f"`{name}` seems to be missing in one place: where does it act?"
        else:
            sentence = _MISSING[type(node.op)].format(near=scope.near(kept))
        yield Mutation("missing part", kept, sentence)


def numbers(node: ast.AST, scope: Scope) -> Iterator[Mutation]:
    """Yield a number one larger, one smaller; a fraction twice and half as large."""
    if not isinstance(node, ast.Constant) or type(node.value) not in (int, float):
        return
    value = node.value
    assert isinstance(value, int | float)
    one_off = value == int(value)
    for wrong in (value + 1, value - 1) if one_off else (2 * value, value / 2):
        sentence = (
            f"It looks as if {wrong:g} stood where another number belongs: work out "
            "one small case by hand."
        )
        yield Mutation("number", ast.Constant(wrong), sentence)


def names(node: ast.AST, scope: Scope) -> Iterator[Mutation]:
    """Yield a name of the same role: `min_lr` for `max_lr`, `m` for `m_hat`."""
    if not isinstance(node, ast.Name) or not isinstance(node.ctx, ast.Load):
        return
    at_hand = [*scope.parameters, *scope.assigned]
    for other in scope.vocabulary.alike(node.id, at_hand) if node.id in at_hand else ():
        given = {node.id, other} <= {*scope.parameters} - {*scope.assigned}
        sentence = (
            f"`{other}` seems to stand where `{node.id}` belongs: what is each for?"
            if given
            else "One value seems to be taken for another: follow them one by one."
        )
        yield Mutation("another name", ast.Name(other, ast.Load()), sentence)


def _words(name: str) -> set[str]:
    return {word.strip("0123456789").removesuffix("s") for word in name.split("_")}


def _names(node: ast.AST) -> list[str]:
    return [each.id for each in ast.walk(node) if isinstance(each, ast.Name)]


def _stands(
    wrong: type[ast.AST], right: type[ast.AST], near: str, question: str
) -> str:
    signs = f"`{_SIGNS[wrong]}` stood where `{_SIGNS[right]}` belongs"
    return f"It looks as if {signs}{near}: {question}"
