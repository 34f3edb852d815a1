"""Every question of a chapter is answered after it, and every answer was asked before.

Read from the outputs: what the page shows is what has to fit together.
"""

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lrcourse.authoring.notebook import source_of

_SHOWN = re.compile(r'<lr-predict data-(asks|settles)="([^"]*)"')
_READ = re.compile(  # a question with its options, or a reason
    r'<p class="predict-question">.*?</ul>|<span class="predict-why">.*?</span></li>'
)
_TAG = re.compile(r"<[^>]*>")
_CALLS = {"predict": "asks", "settle": "settles"}


def unsettled(code: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return what keeps an executed chapter's predictions from being settled.

    `code` are its code cells. Refused are a question without its answer, an answer
    without its question or before it, a name that is used twice, and a call whose cell
    shows something else.
    """
    found = list(_unseen(code))
    first: dict[tuple[str, str], int] = {}
    for number, what, name in _shown(code):
        if (what, name) in first:
            found.append(
                f"code cell {number} {what} {name!r}, as code cell "
                f"{first[what, name]} does: choose another name"
            )
        elif what == "settles" and ("asks", name) not in first:
            found.append(
                f"code cell {number} settles {name!r}, which no cell before it asks: "
                f"put predict({name!r}, …) before the cell that answers it"
            )
        first.setdefault((what, name), number)
    return found + [
        f"code cell {number} asks {name!r}, which no cell settles: put "
        f"settle({name!r}, …) after the cell that answers it"
        for (what, name), number in first.items()
        if what == "asks" and ("settles", name) not in first
    ]


def count(code: Sequence[Mapping[str, Any]]) -> int:
    """Return how many questions code cells show."""
    return sum(what == "asks" for _, what, _ in _shown(code))


def words(code: Sequence[Mapping[str, Any]]) -> int:
    """Return how many words code cells ask and answer with."""
    texts = [text for cell in code for text in _READ.findall(_html(cell))]
    return sum(len(_TAG.sub(" ", text).split()) for text in texts)


def _shown(code: Sequence[Mapping[str, Any]]) -> Iterator[tuple[int, str, str]]:
    """Yield what cells show: their number, "asks" or "settles", and the name."""
    for number, cell in enumerate(code, start=1):
        for what, name in _SHOWN.findall(_html(cell)):
            yield number, what, name


def _html(cell: Mapping[str, Any]) -> str:
    """Return the HTML that a cell shows, which a file may hold as lists of lines."""
    shown = [output.get("data", {}).get("text/html", "") for output in cell["outputs"]]
    return "".join("".join(html) for html in shown)


def _unseen(code: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Name the calls whose question or answer is not shown."""
    trees = [ast.parse(source_of(cell)) for cell in code]
    ours = {name for tree in trees for name in _imported(tree)}
    for number, (cell, tree) in enumerate(zip(code, trees, strict=True), start=1):
        shown = [what for what, _ in _SHOWN.findall(_html(cell))]
        for call in sorted(ours & {*_CALLS}):
            called = sum(
                isinstance(node, ast.Call) and ast.unparse(node.func) == call
                for node in ast.walk(tree)
            )
            if called > shown.count(_CALLS[call]):
                yield (
                    f"code cell {number} calls {call} and does not show it: let it be "
                    "the only call of its cell, on the last line"
                )


def _imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "lrcourse.prediction":
            yield from (alias.name for alias in node.names)
