"""The README's table of chapters, from the contents, the chapters and the solutions.

``python -m lrcourse.authoring.readme`` writes it; with ``--check`` it says whether the
table is that of the course.
"""

import ast
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from lrcourse.authoring.generated import write_or_check
from lrcourse.grading.recalls import PREFIX

README, CONTENTS = "README.md", "_toc.yml"
BEGIN = "<!-- chapters: written by python -m lrcourse.authoring.readme -->"
END = "<!-- end of chapters -->"
_ENTRY = re.compile(r"^\s*- (caption|file): (.+?)\s*$", re.MULTILINE)
_SOLVED = "### BEGIN SOLUTION"


class Chapter(NamedTuple):
    """A chapter as the contents list it: the part it stands in, and its ``NN_slug``."""

    part: str
    slug: str


def chapters(root: Path) -> list[Chapter]:
    """Return the numbered chapters of ``_toc.yml``, in their order."""
    part, found = "", []
    for kind, value in _ENTRY.findall((root / CONTENTS).read_text(encoding="utf-8")):
        if kind == "caption":
            part = value
        elif re.match(r"book/\d\d_", value):
            found.append(Chapter(part, value.removeprefix("book/")))
    return found


def answers(solution: Path) -> list[ast.FunctionDef | ast.ClassDef]:
    """Return the functions and classes that a solution notebook solves, in order.

    Questions from earlier chapters come on top of these.
    """
    return [
        node
        for source in _cells(solution, "code")
        if _SOLVED in source
        for node in ast.parse(source).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and _SOLVED in (ast.get_source_segment(source, node) or "")
        and not node.name.startswith(PREFIX)
    ]


def heading(chapter: Path) -> str:
    """Return the first heading of a notebook, with its number if it has one.

    Raises:
        ValueError: it has none.
    """
    for source in _cells(chapter, "markdown"):
        if found := re.search(r"^# (.+)$", source, re.MULTILINE):
            return found[1]
    raise ValueError(f"{chapter} must have a heading of the first level, '# …'")


def title(chapter: Path) -> str:
    """Return the first heading of a notebook, without the number of ``# 6 · …``.

    Raises:
        ValueError: it has none.
    """
    return re.sub(r"^\d+ · ", "", heading(chapter))


def table(root: Path) -> str:
    """Return the table of chapters, a row for each in the order of the contents."""
    rows = ["| part | chapter | exercise |", "|:--|:--|:--|"]
    for part, slug in chapters(root):
        name = title(root / "book" / f"{slug}.ipynb").replace("|", r"\|")
        solution = root / "solutions" / f"{slug}.ipynb"
        some = _some(len(answers(solution)), "answer")
        if recalls := _recalls(solution):
            some += f", {_some(recalls, 'recall')}"
        rows.append(
            f"| {part} | [{slug[:2]} {name}](book/{slug}.ipynb) "
            f"| [{some}](exercises/{slug}.ipynb) |"
        )
    return "\n".join(rows)


def _some(count: int, thing: str) -> str:
    return f"{count} {thing}{'s' * (count != 1)}"


def _recalls(solution: Path) -> int:
    """Return how many questions from earlier chapters a solution notebook answers."""
    sources = "\n".join(_cells(solution, "code"))
    return len(re.findall(rf"^def {PREFIX}", sources, re.MULTILINE))


def updated(text: str, rows: str) -> str:
    """Return a README's `text` with `rows` between its two marks.

    Raises:
        ValueError: a mark is missing, or they stand the other way round.
    """
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"{README} must have the lines {BEGIN} and {END}")
    return f"{before}{BEGIN}\n\n{rows}\n\n{END}{after}"


def problems(root: Path) -> list[str]:
    """Return a sentence if the README's table is not that of the course."""
    text = (root / README).read_text(encoding="utf-8")
    if text == updated(text, table(root)):
        return []
    return [
        f"{README}: the table of chapters is not that of the course: "
        "run python -m lrcourse.authoring.readme"
    ]


def main(arguments: list[str] | None = None) -> int:
    """Write the table, or with ``--check`` compare it."""
    fine = "the README's table is that of the course"
    return write_or_check("readme", problems, _write, fine, arguments)


def _write(root: Path) -> None:
    path = root / README
    text = updated(path.read_text(encoding="utf-8"), table(root))
    path.write_text(text, encoding="utf-8", newline="\n")


def _cells(notebook: Path, kind: str) -> Iterator[str]:
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == kind:
            yield "".join(cell["source"])


if __name__ == "__main__":
    sys.exit(main())
