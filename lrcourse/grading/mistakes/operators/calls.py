"""Small edits of calls, slices and whole statements, and what to ask then.

The counterpart of `expressions`: same shape, larger pieces.
"""

import ast
from collections.abc import Iterator

from lrcourse.grading.mistakes.operators.expressions import Mutation, Scope

_TWINS = {
    "min": ("max", "Should the smaller one be taken here, or the larger?"),
    "max": ("min", "Should the larger one be taken here, or the smaller?"),
    "any": ("all", "Should one of them be enough, or all?"),
    "all": ("any", "Should all of them hold, or is one enough?"),
    "ceil": ("floor", "You seem to round down: what is a part of a whole worth here?"),
    "floor": ("ceil", "You seem to round up: what is a part of a whole worth here?"),
    "cos": ("sin", "You seem to take the sine: where does a cosine begin?"),
    "sin": ("cos", "You seem to take the cosine: where does a sine begin?"),
    "mean": ("sum", "You seem to take the sum: is its share of all wanted?"),
    "sum": ("mean", "You seem to take the mean: is the whole sum wanted?"),
    "log": ("log10", "Two kinds of logarithm seem to be mixed: which base is it?"),
    "log1p": ("log", "`log1p(x)` is the logarithm of 1 + x: is the 1 still there?"),
}
_CLAMPS = ("min", "max", "minimum", "maximum", "clip")
_WITHOUT = {
    "abs": "An absolute value seems to be missing: is it the distance that counts?",
    "sqrt": "A root seems to be missing.",
    "ceil": "Nothing seems to be rounded: is a part of a whole one allowed here?",
    "floor": "Nothing seems to be rounded: is a part of a whole one allowed here?",
}
_SIZES = (
    (2, "twice as large as it should be"),
    (0.5, "half as large as it should be"),
    (-1, "of the wrong sign"),
)


def calls(node: ast.AST, scope: Scope) -> Iterator[Mutation]:
    """Yield a call of a function's twin: `max` for `min`, `round` for `ceil`."""
    if not isinstance(node, ast.Call):
        return
    name = _called(node)
    if name in _TWINS:
        twin, sentence = _TWINS[name]
        yield Mutation(f"{twin} for {name}", _renamed(node, twin), sentence)
    if name in ("ceil", "floor"):
        sentence = "You seem to round to the nearest: which way should it be rounded?"
        nearest = ast.Call(ast.Name("round", ast.Load()), node.args, [])
        yield Mutation("rounding", nearest, sentence)


def arguments(node: ast.AST, scope: Scope) -> Iterator[Mutation]:
    """Yield an argument without its call, and a call with two of them exchanged."""
    if not isinstance(node, ast.Call):
        return
    name = _called(node)
    if name in _CLAMPS and len(node.args) > 1:
        near = scope.near(node.args[0])
        sentence = f"Nothing seems to stop it{near}: what happens beyond the end?"
        yield Mutation("no clamp", node.args[0], sentence)
    elif len(node.args) == 1 and name not in ("range", "len"):
        sentence = _WITHOUT.get(
            name, "A function seems to be missing: is each number what you need of it?"
        )
        yield Mutation("no call", node.args[0], sentence)
    elif len(node.args) > 1:
        first, second, *rest = node.args
        swapped = ast.Call(node.func, [second, first, *rest], node.keywords)
        sentence = "Two arguments of a call seem to be exchanged: which comes first?"
        yield Mutation("arguments exchanged", swapped, sentence)


def ranges(node: ast.AST, scope: Scope) -> Iterator[Mutation]:
    """Yield a slice or a range that ends one place off, or does not end."""
    off = "A stretch seems to be one place too {size}: what does its end leave out?"
    if isinstance(node, ast.Slice) and node.upper is not None:
        for change, size in ((1, "long"), (-1, "short")):
            upper = ast.BinOp(node.upper, ast.Add(), ast.Constant(change))
            twin = ast.Slice(node.lower, upper, node.step)
            yield Mutation("one off", twin, off.format(size=size))
        sentence = "A stretch seems to go on to the end: where should it stop?"
        yield Mutation("no end", ast.Slice(node.lower, None, node.step), sentence)
    if isinstance(node, ast.Call) and _called(node) == "range":
        for change, size in ((1, "long"), (-1, "short")):
            last = ast.BinOp(node.args[-1], ast.Add(), ast.Constant(change))
            longer = ast.Call(node.func, [*node.args[:-1], last], [])
            yield Mutation("one off", longer, off.format(size=size))
    if isinstance(node, ast.comprehension) and node.ifs:
        everything = ast.comprehension(node.target, node.iter, [], node.is_async)
        sentence = "All seem to be taken: which of them should be left out?"
        yield Mutation("no filter", everything, sentence)


def statements(node: ast.AST, scope: Scope) -> Iterator[Mutation]:
    """Yield a statement left out, turned round, or starting anew each time."""
    if isinstance(node, ast.If):
        sentence = "A special case seems to be missing: which ones does the text name?"
        yield Mutation("no special case", ast.Pass(), sentence)
        twin = ast.If(ast.UnaryOp(ast.Not(), node.test), node.body, node.orelse)
        sentence = "A question seems to be answered the wrong way round: which one?"
        yield Mutation("case turned", twin, sentence)
    if isinstance(node, ast.Raise):
        sentence = "An error seems to be missing: what should be refused, and how?"
        yield Mutation("no error", ast.Pass(), sentence)
    if isinstance(node, ast.Assign | ast.AugAssign):
        yield Mutation("no assignment", ast.Pass(), _never_set(node, scope))


def sums(node: ast.AST, scope: Scope) -> Iterator[Mutation]:
    """Yield a running sum that starts anew each time, or runs backwards."""
    if not isinstance(node, ast.AugAssign):
        return
    sentence = "A sum seems to start anew each time: what should be kept?"
    yield Mutation("starts anew", ast.Assign([node.target], node.value), sentence)
    if isinstance(node.op, ast.Add):
        backwards = ast.AugAssign(node.target, ast.Sub(), node.value)
        sentence = "A count or a sum seems to run backwards: which way does it go?"
        yield Mutation("runs backwards", backwards, sentence)


def keys(node: ast.AST, scope: Scope) -> Iterator[Mutation]:
    """Yield a look-up that takes what is missing for zero."""
    match node:
        case ast.Subscript(slice=ast.Name(), ctx=ast.Load()):
            get = ast.Attribute(node.value, "get", ast.Load())
            twin = ast.Call(get, [node.slice, ast.Constant(0.0)], [])
            sentence = (
                f"What is missing{scope.near(node.value)} seems to count as zero: "
                "should somebody be told?"
            )
            yield Mutation("missing is zero", twin, sentence)


def results(node: ast.AST, scope: Scope) -> Iterator[Mutation]:
    """Yield what is returned in another order, or of another sign or size."""
    if not isinstance(node, ast.Return) or node.value is None:
        return
    value = node.value
    if isinstance(value, ast.Tuple):
        twin = ast.Tuple(value.elts[::-1], ast.Load())
        sentence = "What you return seems to be in another order: which comes first?"
        yield Mutation("order", ast.Return(twin), sentence)
    if isinstance(value, ast.BinOp | ast.Call):
        for factor, size in _SIZES:
            wrong = ast.BinOp(ast.Constant(factor), ast.Mult(), value)
            sentence = f"Your result seems to be {size}: work out one case by hand."
            yield Mutation(size, ast.Return(wrong), sentence)


def openings(node: ast.AST, scope: Scope) -> Iterator[Mutation]:
    """Yield, in the docstring's place, a parameter changed for the whole function."""
    match node:
        case ast.Expr(value=ast.Constant(value=str())):
            yield from _off_by_one(scope)
            yield from _exchanged(scope)


def _off_by_one(scope: Scope) -> Iterator[Mutation]:
    for name in scope.parameters:
        if name in scope.vocabulary.counts:
            sentence = f"You seem to be one {name} {{}}: the first update is {name} 0."
            ahead = f"{name} = {name} + 1"
            yield Mutation("one ahead", _parsed(ahead), sentence.format("ahead"))
            behind = f"{name} = max({name} - 1, 0)"
            yield Mutation("one behind", _parsed(behind), sentence.format("behind"))
        if name in scope.vocabulary.lengths:
            sentence = f"`{name}` seems to be one {{}}: which update is its last?"
            short, long = f"{name} = {name} - 1", f"{name} = {name} + 1"
            yield Mutation("one short", _parsed(short), sentence.format("too short"))
            yield Mutation("one long", _parsed(long), sentence.format("too long"))


def _exchanged(scope: Scope) -> Iterator[Mutation]:
    for place, one in enumerate(scope.parameters):
        for other in scope.vocabulary.alike(one, scope.parameters[place + 1 :]):
            sentence = f"`{one}` and `{other}` seem to be exchanged: what is each for?"
            exchange = _parsed(f"{one}, {other} = {other}, {one}")
            yield Mutation("names exchanged", exchange, sentence)
    for share in scope.shares:
        sentence = f"`{share}` and 1 - {share} seem to be exchanged: whose share is it?"
        yield Mutation("rest for share", _parsed(f"{share} = 1 - {share}"), sentence)


def _called(node: ast.Call) -> str:
    if isinstance(node.func, ast.Name):
        return node.func.id
    return node.func.attr if isinstance(node.func, ast.Attribute) else ""


def _renamed(node: ast.Call, name: str) -> ast.Call:
    if isinstance(node.func, ast.Attribute):
        function: ast.expr = ast.Attribute(node.func.value, name, ast.Load())
    else:
        function = ast.Name(name, ast.Load())
    return ast.Call(function, node.args, node.keywords)


def _never_set(node: ast.Assign | ast.AugAssign, scope: Scope) -> str:
    target = node.target if isinstance(node, ast.AugAssign) else node.targets[0]
    if isinstance(target, ast.Name) and target.id in scope.parameters:
        return f"The old `{target.id}` seems to be used on: where is the new one?"
    return "A line of the calculation seems to be missing: is everything updated?"


def _parsed(statement: str) -> ast.stmt:
    return ast.parse(statement).body[0]
