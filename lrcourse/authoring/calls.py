"""What a piece of syntax calls when it is evaluated."""

import ast
from enum import Enum


class How(Enum):
    """In which way something is called."""

    CALLED = "is called"
    DECORATES = "is called with what it decorates, which nobody else has yet"
    MAKES_A_DECORATOR = "returns what is then called"


def calls(node: ast.AST) -> list[tuple[ast.expr, How]]:
    """Return what `node` itself calls: a function, decorators, a metaclass."""
    match node:
        case ast.Call():
            return [(node.func, How.CALLED)]
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            return [_decoration(each) for each in node.decorator_list]
        case ast.ClassDef():
            types = [each.value for each in node.keywords if each.arg == "metaclass"]
            decorations = [_decoration(each) for each in node.decorator_list]
            return [*decorations, *((each, How.CALLED) for each in types)]
        case ast.With() | ast.AsyncWith():
            given = [each.context_expr for each in node.items]
            return [(e, How.CALLED) for e in given if not isinstance(e, ast.Call)]
    return []


def calls_nothing(path: tuple[str, ...]) -> bool:
    """Tell a method of a container that calls nothing it is given: ``sort`` does."""
    return len(path) == 1 and path != ("sort",)


def _decoration(decorator: ast.expr) -> tuple[ast.expr, How]:
    if isinstance(decorator, ast.Call):
        return decorator.func, How.MAKES_A_DECORATOR
    return decorator, How.DECORATES
