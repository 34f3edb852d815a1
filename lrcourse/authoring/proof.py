"""Chapters run while every call is recorded: is all that ran within their seals?

``python -m lrcourse.authoring.proof`` answers for all chapters, or for some by name.
It stores nothing, and takes up to twice as long as an execution.
"""

import argparse
import asyncio
import inspect
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from lrcourse.authoring import toc
from lrcourse.authoring.execution import run
from lrcourse.authoring.notebook import code_cells, source_of
from lrcourse.authoring.reach import Package, Reach

PACKAGE = Path(__file__).parents[1]
Call: TypeAlias = tuple[str, int, str, int]  # file, line, qualified name, flags
_RECORD = """
def _record():
    import sys, threading
    calls = threading.lrcourse_calls = {}
    def note(frame, event, argument):
        if event == "call":
            calls[id(frame.f_code)] = frame.f_code  # kept, so that its id stays its own
    threading.setprofile(note)
    sys.setprofile(note)
_record()
"""
_STORE = """
def _store(file):
    import json, sys, threading
    sys.setprofile(None)
    threading.setprofile(None)
    calls = [
        (code.co_filename, code.co_firstlineno, code.co_qualname, code.co_flags)
        for code in threading.lrcourse_calls.values()
    ]
    with open(file, "w") as stored:
        json.dump(calls, stored)
_store({file!r})
"""


@dataclass(frozen=True)
class Proof:
    """The functions of the package that a chapter ran, and those its seal misses.

    Each as ``file:line name``, in the order of the files.
    """

    ran: list[str]
    missed: list[str]


async def prove(chapter: Path, folder: Path) -> Proof:
    """Run `chapter`, and compare what ran of the package in `folder` with its reach.

    Raises:
        RuntimeError: the chapter failed; the error says where.
    """
    notebook = nbformat.read(chapter, as_version=4)
    cells = [source_of(cell) for cell in code_cells(notebook)]
    covered = _lines(Package(folder).reach(cells), folder)
    ran = sorted(_functions(await _calls(notebook, chapter), folder))
    return Proof(
        [f"{file}:{line} {name}" for file, line, name in ran],
        [
            f"{file}:{line} {name}"
            for file, line, name in ran
            if line not in covered.get(file, ())
        ],
    )


async def _calls(notebook: NotebookNode, chapter: Path) -> list[Call]:
    """Return every function that a notebook calls."""
    with tempfile.TemporaryDirectory() as place:
        calls = Path(place) / "calls.json"
        notebook.cells.insert(0, new_code_cell(_RECORD))
        notebook.cells.append(new_code_cell(_STORE.format(file=str(calls))))
        wrong = await run(notebook, chapter.parent)
        if wrong:
            raise RuntimeError(f"{chapter}, counted from a first cell 2: {wrong}")
        found: list[Call] = json.loads(calls.read_text(encoding="utf-8"))
        return found


def _functions(calls: Sequence[Call], folder: Path) -> set[tuple[str, int, str]]:
    """Return file, line and name of the functions of a package among recorded calls.

    Rooms and classes are no functions, though they run when they are loaded; nor are
    comprehensions, which run with whatever holds them.
    """
    return {
        (Path(file).relative_to(folder).as_posix(), line, name)
        for file, line, name, flags in calls
        if Path(file).is_relative_to(folder) and flags & inspect.CO_OPTIMIZED
        if not name.endswith(("comp>", "<genexpr>"))
    }


def _lines(reach: Reach, folder: Path) -> dict[str, set[int]]:
    """Return by file the lines that a reach covers."""
    found: dict[str, set[int]] = {}
    for module, parts in reach.parts.items():
        place = folder.parent.joinpath(*module.split("."))
        file = place / "__init__.py" if place.is_dir() else place.with_suffix(".py")
        lines = {line for part in parts for line in part.lines}
        found[file.relative_to(folder).as_posix()] = lines
    return found


def main(arguments: list[str] | None = None) -> int:
    """Prove the seals of chapters, one after another; print what they miss."""
    parser = argparse.ArgumentParser(prog="python -m lrcourse.authoring.proof")
    parser.add_argument("chapters", nargs="*", metavar="CHAPTER", help="default: all")
    chosen = parser.parse_args(arguments)
    try:
        book = toc.chapters()
        chapters = [toc.named(name, book) for name in chosen.chapters] or book
    except ValueError as error:
        parser.error(str(error))
    missed = False
    for chapter in chapters:
        proof = asyncio.run(prove(chapter, PACKAGE))
        ran, unsealed = len(proof.ran), len(proof.missed)
        print(
            f"{chapter}: {ran} functions ran, {unsealed} of them unsealed", flush=True
        )
        print("".join(f"  {line}\n" for line in proof.missed), end="")
        missed = missed or bool(proof.missed)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
