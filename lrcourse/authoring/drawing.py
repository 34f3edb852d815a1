"""A drawing of the package's rooms, from their imports.

``python -m lrcourse.authoring.drawing`` writes it for the book's appendix; with
``--check`` it says whether the drawing is that of the code.
"""

import argparse
import ast
import sys
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from pathlib import Path

PACKAGE = Path(__file__).parents[1]
DRAWING = Path("book/images/rooms.svg")
_WIDTH, _ROW, _BOX, _GAP = 1000, 118, 62, 14
_STYLE = """
text { font: 14px system-ui, sans-serif; fill: #1f2933; }
.rooms { font-size: 10px; fill: #52606d; }
rect { fill: #f5f7fa; stroke: #7b8794; rx: 6px; }
path { fill: none; stroke: #7b8794; stroke-opacity: .45; }
"""


def imports(package: Path = PACKAGE) -> dict[str, set[str]]:
    """Return which packages each package of `package` imports, at any place."""
    found: dict[str, set[str]] = {}
    for path in sorted(package.rglob("*.py")):
        room = path.relative_to(package).with_suffix("").parts[0]
        found.setdefault(room, set())
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            found[room] |= set(_ours(node, package.name)) - {room}
    found.pop("__init__")
    return found


def levels(graph: Mapping[str, Iterable[str]]) -> list[list[str]]:
    """Return the rooms level by level: each imports from lower levels only.

    Raises:
        ValueError: rooms import each other in a circle.
    """
    below: list[list[str]] = []
    placed: set[str] = set()
    while placed != set(graph):
        level = [
            room for room in graph if room not in placed and set(graph[room]) <= placed
        ]
        if not level:
            circle = ", ".join(sorted(set(graph) - placed))
            raise ValueError(f"these rooms import each other in a circle: {circle}")
        below.append(level)
        placed |= set(level)
    return below


def drawing(package: Path = PACKAGE) -> str:
    """Return the rooms as an SVG: what a room imports stands below it."""
    graph = imports(package)
    rows = levels(graph)[::-1]
    places = _places(rows)
    height = 20 + _BOX + (len(rows) - 1) * _ROW
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}">',
        "<title>The rooms of lrcourse; what a room imports stands below it</title>",
        f"<style>{_STYLE}</style>",
        *(
            _arrow(places[room], places[lower])
            for room, lowers in graph.items()
            for lower in sorted(lowers)
        ),
        *(
            _box(room, places[room], _WIDTH / len(row) - _GAP, package)
            for row in rows
            for room in row
        ),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _places(rows: Sequence[Sequence[str]]) -> dict[str, tuple[float, float]]:
    """Return where the middle of each room's upper edge lies."""
    return {
        room: (_WIDTH * (column + 0.5) / len(row), 10 + number * _ROW)
        for number, row in enumerate(rows)
        for column, room in enumerate(row)
    }


def _ours(node: ast.AST, package: str) -> Iterable[str]:
    names: list[str] = []
    if isinstance(node, ast.Import):
        names = [alias.name for alias in node.names]
    elif isinstance(node, ast.ImportFrom) and node.module == package:
        names = [f"{package}.{alias.name}" for alias in node.names]
    elif isinstance(node, ast.ImportFrom) and node.module:
        names = [node.module]
    for name in names:
        first, _, rest = name.partition(".")
        if first == package and rest:
            yield rest.partition(".")[0]


def _arrow(upper: tuple[float, float], lower: tuple[float, float]) -> str:
    (x1, y1), (x2, y2) = upper, lower
    y1 += _BOX
    bend = (y2 - y1) / 2
    curve = f"C{x1:.0f} {y1 + bend:.0f} {x2:.0f} {y2 - bend:.0f} {x2:.0f} {y2:.0f}"
    return f'<path d="M{x1:.0f} {y1:.0f}{curve}"/>'


def _box(room: str, place: tuple[float, float], width: float, package: Path) -> str:
    x, y = place
    width = min(width, 190)
    left = x - width / 2
    inside = sorted(each.stem for each in (package / room).glob("*.py"))
    inside += sorted(
        each.parent.name for each in (package / room).glob("*/__init__.py")
    )
    names = _wrapped([each for each in inside if each != "__init__"], int(width / 5.8))
    text = "".join(
        f'<text class="rooms" x="{left + 8:.0f}" y="{y + 32 + 12 * number:.0f}">'
        f"{escape(line)}</text>"
        for number, line in enumerate(names)
    )
    return (
        f'<rect x="{left:.0f}" y="{y:.0f}" width="{width:.0f}" height="{_BOX}"/>'
        f'<text x="{left + 8:.0f}" y="{y + 18:.0f}">{escape(room)}</text>{text}'
    )


def _wrapped(names: Iterable[str], letters: int) -> list[str]:
    """Return `names` in at most three lines, the last one cut with an ellipsis."""
    lines = [""]
    for name in names:
        if lines[-1] and len(lines[-1]) + 1 + len(name) > letters:
            lines.append("")
        lines[-1] = f"{lines[-1]} {name}".strip()
    return [*lines[:2], f"{lines[2][: letters - 2]} …"] if len(lines) > 3 else lines


def main(arguments: list[str] | None = None) -> int:
    """Write the drawing, or with ``--check`` compare it."""
    parser = argparse.ArgumentParser(prog="python -m lrcourse.authoring.drawing")
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    chosen = parser.parse_args(arguments)
    text = drawing()
    if not chosen.check:
        DRAWING.write_text(text, encoding="utf-8", newline="\n")
        return 0
    if DRAWING.read_text(encoding="utf-8") == text:
        return 0
    print(
        f"{DRAWING} is not that of the code: run python -m lrcourse.authoring.drawing"
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
