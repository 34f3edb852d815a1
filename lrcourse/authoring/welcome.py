"""The table of chapters in START.ipynb: what each takes, asks for and needs.

``python -m lrcourse.authoring.welcome`` writes it; with ``--check`` it says whether the
table is that of the course.
"""

import json
import sys
from pathlib import Path
from typing import Any

from lrcourse.authoring.cards import counts
from lrcourse.authoring.generated import write_or_check
from lrcourse.authoring.notebook import needs_torch, write_document
from lrcourse.authoring.readme import answers, chapters, title
from lrcourse.learner.folder import START

CELL = "chapters"


def table(root: Path) -> str:
    """Return the table, a row for each chapter in the order of the contents."""
    rows = [
        "| chapter | reading | exercise | the chapter's cells need |",
        "|:--|:--|:--|:--|",
    ]
    for _, slug in chapters(root):
        page, solution = root / f"book/{slug}.ipynb", root / f"solutions/{slug}.ipynb"
        name = title(page).replace("|", r"\|")
        count = len(answers(solution))
        needs = "PyTorch" if needs_torch(page) else "NumPy, SciPy"
        some = f"{count} answer{'s' * (count != 1)}"
        rows.append(
            f"| [{slug[:2]} {name}](book/{slug}.ipynb) | {counts(page)['minutes']} min "
            f"| [{some}](exercises/{slug}.ipynb) | {needs} |"
        )
    return "\n".join(rows)


def problems(root: Path) -> list[str]:
    """Return a sentence if the table is not that of the course."""
    notebook = json.loads((root / START).read_text(encoding="utf-8"))
    if _with_table(notebook, root) == notebook:
        return []
    return [
        f"{START}: the table of chapters is not that of the course: "
        "run python -m lrcourse.authoring.welcome"
    ]


def main(arguments: list[str] | None = None) -> int:
    """Write the table, or with ``--check`` compare it."""
    fine = f"the table of {START} is that of the course"
    return write_or_check("welcome", problems, _write, fine, arguments)


def _write(root: Path) -> None:
    path = root / START
    made = _with_table(json.loads(path.read_text(encoding="utf-8")), root)
    write_document(path, made)


def _with_table(notebook: dict[str, Any], root: Path) -> dict[str, Any]:
    """Return `notebook` with the table in its cell of that name, below its heading."""
    cells = []
    for cell in notebook["cells"]:
        if cell["id"] == CELL:
            head, _, _ = "".join(cell["source"]).partition("\n| chapter")
            text = f"{head}\n{table(root)}"
            cell = cell | {"source": text.splitlines(keepends=True)}
        cells.append(cell)
    return notebook | {"cells": cells}


if __name__ == "__main__":
    sys.exit(main())
