"""The cards of chapters on the first page: what each holds, counted.

``python -m lrcourse.authoring.cards`` writes titles and counts into the cards of
``book/intro.ipynb``, and how long a chapter takes; with ``--check`` it says whether
they are those of the course. The sentence between title and counts is the author's.
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

from lrcourse.authoring import predictions
from lrcourse.authoring.generated import write_or_check
from lrcourse.authoring.notebook import code_cells, write_document
from lrcourse.authoring.readme import answers, chapters, heading

INTRO = "book/intro.ipynb"
WORDS_A_MINUTE = 200
_CARD = re.compile(
    r"(?P<open>::::\{grid-item-card\} ).*\n"
    r"(?P<link>:link: (?P<slug>\d\d_\w+)\n(?:.*\n)*?:::\{card-footer\}\n).*\n"
    r"(?P<close>:::\n)"
)
_RANGE = re.compile(r"takes (?:\S+ to|about) \S+ minutes")
_CODE = re.compile(r"^(```|~~~)(?!\{).*?^\1", re.MULTILINE | re.DOTALL)
_PREDICTION = re.compile(r"\{admonition\} Before you|\*\*Before you")


def counts(chapter: Path) -> dict[str, int]:
    """Return the minutes, predictions and interactive figures of an executed chapter.

    Minutes are those of the prose at `WORDS_A_MINUTE`, rounded up to five.
    """
    cells = json.loads(chapter.read_text(encoding="utf-8"))["cells"]
    texts = ["".join(c["source"]) for c in cells if c["cell_type"] == "markdown"]
    code = code_cells({"cells": cells})
    asked, words = predictions.count(code), predictions.words(code)
    words += sum(len(_CODE.sub("", text).split()) for text in texts)
    return {
        "minutes": 5 * -(-words // (5 * WORDS_A_MINUTE)),
        "predictions": asked + sum(len(_PREDICTION.findall(text)) for text in texts),
        "figures": sum(_is_interactive(cell) for cell in cells),
    }


def updated(text: str, root: Path) -> str:
    """Return the first page's `text` with titles and counts of its cards written anew.

    Raises:
        ValueError: a chapter of the contents has no card, or a card no chapter.
    """
    parts = {slug: part for part, slug in chapters(root)}
    carded = [found["slug"] for found in _CARD.finditer(text)]
    if sorted(carded) != sorted(parts):
        raise ValueError(f"{INTRO} must have one card each for {sorted(parts)}")
    return _CARD.sub(lambda found: _card(found, parts[found["slug"]], root), text)


def shortest_to_longest(root: Path) -> str:
    """Return the minutes of the shortest and of the longest chapter, in words."""
    pages = [root / "book" / f"{slug}.ipynb" for _, slug in chapters(root)]
    minutes = [counts(page)["minutes"] for page in pages]
    shortest, longest = min(minutes), max(minutes)
    return f"about {longest}" if shortest == longest else f"{shortest} to {longest}"


def problems(root: Path) -> list[str]:
    """Return a sentence if the cards are not those of the course."""
    notebook = json.loads((root / INTRO).read_text(encoding="utf-8"))
    try:
        stale = _refreshed(notebook, root) != notebook
    except ValueError as error:
        return [str(error)]
    if not stale:
        return []
    return [f"{INTRO}: a card is out of date: run python -m lrcourse.authoring.cards"]


def main(arguments: list[str] | None = None) -> int:
    """Write the cards, or with ``--check`` compare them."""
    fine = "the cards are those of the course"
    return write_or_check("cards", problems, _write, fine, arguments)


def _write(root: Path) -> None:
    path = root / INTRO
    made = _refreshed(json.loads(path.read_text(encoding="utf-8")), root)
    write_document(path, made)


def _card(found: re.Match[str], part: str, root: Path) -> str:
    slug = found["slug"]
    page = root / "book" / f"{slug}.ipynb"
    number = counts(page) | {"answers": len(answers(root / f"solutions/{slug}.ipynb"))}
    said = ", ".join(
        _some(number[name], thing)
        for name, thing in (
            ("predictions", "prediction"),
            ("figures", "figure that moves"),
            ("answers", "answer to write"),
        )
        if number[name]
    )
    footer = f"{part} · about {number['minutes']} minutes · {said}"
    return f"{found['open']}{heading(page)}\n{found['link']}{footer}\n{found['close']}"


def _some(count: int, thing: str) -> str:
    if count == 1:
        return f"1 {thing}"
    first, *rest = thing.replace("moves", "move").split(" ", 1)
    return " ".join([f"{count} {first}s", *rest])


def _refreshed(notebook: dict[str, Any], root: Path) -> dict[str, Any]:
    """Return `notebook` with its cell of cards written anew."""
    cells = []
    for cell in notebook["cells"]:
        text = "".join(cell["source"])
        made = text
        if "{grid-item-card}" in text:
            made = updated(f"{text}\n", root).removesuffix("\n")
        elif cell["cell_type"] == "markdown" and _RANGE.search(text):
            made = _RANGE.sub(f"takes {shortest_to_longest(root)} minutes", text)
        if made != text:
            cell = cell | {"source": made.splitlines(keepends=True)}
        cells.append(cell)
    return notebook | {"cells": cells}


def _is_interactive(cell: dict[str, Any]) -> bool:
    html = [o.get("data", {}).get("text/html", "") for o in cell.get("outputs", [])]
    return any("<lr-figure" in "".join(text) for text in html)


if __name__ == "__main__":
    sys.exit(main())
