"""Small edits of a formula: brackets, shares, roots, roundings, and what to ask then.

The counterpart of `expressions` for what several signs say together.
"""

import ast
from collections.abc import Iterator

from lrcourse.grading.mistakes.operators.expressions import Mutation, Scope


def epsilons(node: ast.AST, scope: Scope) -> Iterator[Mutation]:
    """Yield ``(x + eps) ** 0.5`` in the place of ``x ** 0.5 + eps``."""
    match node:
        case ast.BinOp(
            left=ast.BinOp(left=under, op=ast.Pow(), right=ast.Constant(value=0.5)),
            op=ast.Add(),
            right=added,
        ):
            name = scope.first_parameter(added) or "what is added"
            twin = ast.BinOp(
                ast.BinOp(under, ast.Add(), added), ast.Pow(), ast.Constant(0.5)
            )
            sentence = f"`{name}` seems to stand inside the root: it belongs beside it."
            yield Mutation("inside the root", twin, sentence)


def brackets(node: ast.AST, scope: Scope) -> Iterator[Mutation]:
    """Yield ``(a + b) * c`` in the place of ``a + b * c``, and the reverse.

    Not where brackets make no difference, as in ``a * (b / c)``.
    """
    if not isinstance(node, ast.BinOp):
        return
    left, right = node.left, node.right
    near = scope.near(right, left)
    sentence = f"Brackets{near} seem to stand in the wrong place: what is done first?"
    if isinstance(right, ast.BinOp) and not _associate(node.op, right.op):
        twin = ast.BinOp(ast.BinOp(left, node.op, right.left), right.op, right.right)
        yield Mutation("brackets", twin, sentence)
    if isinstance(left, ast.BinOp) and not _associate(left.op, node.op):
        twin = ast.BinOp(left.left, left.op, ast.BinOp(left.right, node.op, right))
        yield Mutation("brackets", twin, sentence)


def shares(node: ast.AST, scope: Scope) -> Iterator[Mutation]:
    """Yield the mean ``a * x + (1 - a) * y`` in the place of the sum ``a * x + y``."""
    match node:
        case ast.BinOp(
            left=ast.BinOp(left=share, op=ast.Mult()) as old, op=ast.Add(), right=new
        ) if not isinstance(new, ast.BinOp):
            rest = ast.BinOp(ast.Constant(1), ast.Sub(), share)
            twin = ast.BinOp(old, ast.Add(), ast.BinOp(rest, ast.Mult(), new))
            sentence = (
                f"You seem to average{scope.near(share)}: should the new one come in "
                "with a share only, or in full?"
            )
            yield Mutation("mean for sum", twin, sentence)


def powers(node: ast.AST, scope: Scope) -> Iterator[Mutation]:
    """Yield a power one higher or one lower, and a root that nobody asked for."""
    if not isinstance(node, ast.BinOp):
        return
    near = scope.near(node.right, node.left)
    if isinstance(node.op, ast.Pow) and not isinstance(node.right, ast.Constant):
        for sign, size in ((ast.Add(), "too many"), (ast.Sub(), "too few")):
            exponent = ast.BinOp(node.right, sign, ast.Constant(1))
            twin = ast.BinOp(node.left, ast.Pow(), exponent)
            sentence = f"You seem to multiply once {size}{near}: how often at first?"
            yield Mutation("power one off", twin, sentence)
    if isinstance(node.op, ast.Div):
        root = ast.BinOp(node.right, ast.Pow(), ast.Constant(0.5))
        sentence = f"You seem to divide by a root{near}: is one wanted?"
        yield Mutation("a root", ast.BinOp(node.left, ast.Div(), root), sentence)


def roundings(node: ast.AST, scope: Scope) -> Iterator[Mutation]:
    """Yield ``//`` rounded up, or to the nearest."""
    if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.FloorDiv):
        return
    near = scope.near(node.right)
    quotient = ast.BinOp(node.left, ast.Div(), node.right)
    nearest = ast.Call(ast.Name("round", ast.Load()), [quotient], [])
    sentence = f"You seem to round to the nearest whole one{near}: when is it complete?"
    yield Mutation("rounds to the nearest", nearest, sentence)
    minus = ast.UnaryOp(ast.USub(), node.left)
    up = ast.UnaryOp(ast.USub(), ast.BinOp(minus, ast.FloorDiv(), node.right))
    sentence = f"You seem to round up{near}: when is a whole one complete?"
    yield Mutation("rounds up", up, sentence)


def angles(node: ast.AST, scope: Scope) -> Iterator[Mutation]:
    """Yield degrees, a whole turn and a quarter in the place of pi."""
    if not isinstance(node, ast.Attribute) or node.attr != "pi":
        return
    sentence = "Your angle seems to be in degrees: cosines take radians, half a turn is"
    yield Mutation("degrees", ast.Constant(180), f"{sentence} pi.")
    for factor, turn in ((2, "a whole turn"), (0.5, "a quarter turn")):
        twin = ast.BinOp(ast.Constant(factor), ast.Mult(), node)
        sentence = f"Your angle seems to make {turn}: how far should it go?"
        yield Mutation("angle", twin, sentence)


def _associate(first: ast.operator, second: ast.operator) -> bool:
    sums = isinstance(first, ast.Add) and isinstance(second, ast.Add | ast.Sub)
    return sums or (
        isinstance(first, ast.Mult) and isinstance(second, ast.Mult | ast.Div)
    )
