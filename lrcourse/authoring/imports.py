"""What an import binds, and which modules it loads."""

import ast
from collections.abc import Iterator
from typing import NamedTuple, TypeAlias


class Use(NamedTuple):
    """A name that is read, and the attributes taken of it: ``y.f`` is ``("y", "f")``.

    The first is a name of `module`, or without one of the room that holds the code. An
    empty `path` stands for the module itself.
    """

    module: str | None
    path: tuple[str, ...]


Import: TypeAlias = ast.Import | ast.ImportFrom
Bindings: TypeAlias = dict[str, list[Use]]  # names, each with the imports that bind it


def imported(node: Import, package: str) -> Iterator[tuple[str, Use]]:
    """Yield each name that an import binds, and to what; behind a star it is ``*``.

    `package` is where a relative import starts.
    """
    for each in node.names:
        if isinstance(node, ast.ImportFrom):
            use = Use(origin(node, package), (each.name,))
            yield each.asname or each.name, use
        elif each.asname:
            yield each.asname, Use(each.name, ())
        else:  # ``import a.b`` binds a
            root = each.name.split(".")[0]
            yield root, Use(root, ())


def loaded(node: Import, package: str) -> Iterator[str]:
    """Yield the modules that an import may load: what it names can be one too."""
    if isinstance(node, ast.Import):
        yield from (each.name for each in node.names)
    else:
        module = origin(node, package)
        yield module
        yield from (f"{module}.{each.name}" for each in node.names)


def origin(node: ast.ImportFrom, package: str) -> str:
    """Return the full name of the module that ``from ... import`` names."""
    if not node.level:
        return node.module or ""
    parts = package.split(".")
    above = parts[: len(parts) + 1 - node.level]
    return ".".join([*above, node.module] if node.module else above)
