"""Chapters are committed executed, and sealed.

``python -m lrcourse.authoring.chapters`` executes those that `_toc.yml` names, or the
chapters that it is given: ``06``, ``06_decay_formulas``, a file.

Each chapter keeps its seal in its metadata (room `seal`). ``--check`` compares seals,
and so finds a forgotten re-run within a second or two, without running anything.
"""

import argparse
import asyncio
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from lrcourse.authoring import toc
from lrcourse.authoring.notebook import code_cells, is_blank, not_python, source_of
from lrcourse.authoring.predictions import unsettled
from lrcourse.authoring.reach import Package
from lrcourse.authoring.seal import digest

PACKAGE = Path(__file__).parents[1]


def problems(chapter: Path, package: Package) -> list[str]:
    """Return a sentence for each thing that keeps `chapter` out of the book."""
    if not chapter.is_file():
        return [f"{chapter} is named in _toc.yml, but missing"]
    try:
        document = json.loads(chapter.read_text(encoding="utf-8"))
        code = code_cells(document)
        found = _unfinished(code)
        questions = [] if found else unsettled(code)
        sealed = document["metadata"].get("lrcourse", {}).get("digest")
        now = digest([source_of(cell) for cell in code], package)
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        return [f"{chapter} cannot be read as a notebook: {error}"]
    except SyntaxError as error:
        return [f"{chapter}, {not_python(error)}"]
    if not found and sealed != now:
        found = ["is older than its code or what that reaches in the package"]
    stale = [f"{chapter} {what}: run make execute" for what in found]
    return stale + [f"{chapter}, {what}" for what in questions]


def main(arguments: list[str] | None = None) -> int:
    """Execute chapters side by side and check them; ``--check``: only check."""
    parser = argparse.ArgumentParser(prog="python -m lrcourse.authoring.chapters")
    parser.add_argument(
        "chapters",
        nargs="*",
        metavar="CHAPTER",
        help="06, 06_decay_formulas or a file; default: all that _toc.yml names",
    )
    parser.add_argument("--check", action="store_true", help="compare, run nothing")
    chosen = parser.parse_args(arguments)
    try:
        book = toc.chapters()
        chapters = [toc.named(name, book) for name in chosen.chapters] or book
    except ValueError as error:
        parser.error(str(error))
    failures = {} if chosen.check else _execute(chapters)
    package = Package(PACKAGE)  # read now: a room may have changed under the run
    found = [
        sentence
        for chapter in chapters
        for sentence in failures.get(chapter) or problems(chapter, package)
    ]
    for sentence in found:
        print(sentence, file=sys.stderr)
    return 1 if found else 0


def _execute(chapters: Sequence[Path]) -> dict[Path, list[str]]:
    """Execute `chapters`; return a sentence for each that failed, listed by chapter."""
    # here, because the check must run where only the book's tools are installed
    from lrcourse.authoring.execution import execute_all

    failures = asyncio.run(execute_all(chapters, Package(PACKAGE)))
    return {chapter: [said] for chapter, said in failures.items() if said}


def _unfinished(code: Sequence[Mapping[str, Any]]) -> list[str]:
    found = []
    never = []
    for number, cell in enumerate(code, start=1):
        if any(output["output_type"] == "error" for output in cell["outputs"]):
            found.append(f"holds an error in code cell {number}")
        elif cell["execution_count"] is None and not is_blank(cell):
            never.append(str(number))
    if never:
        found.append(f"has code cells never executed: {', '.join(never)}")
    return found


if __name__ == "__main__":
    sys.exit(main())
