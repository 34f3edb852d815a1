"""Chapters are run in a kernel of their own, all side by side, and stored with outputs.

A failure is a sentence with the cell, its line and what was said.
"""

import asyncio
import os
import re
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient, exceptions

from lrcourse.authoring.notebook import code_cells, is_blank, not_python, source_of
from lrcourse.authoring.predictions import unsettled
from lrcourse.authoring.reach import Package
from lrcourse.authoring.seal import digest

CELL_SECONDS = 120
# one thread, one hash seed: the same digits on every machine
_STEADY = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
}
# no more, so that a chapter's bytes do not depend on the Python that ran it
_METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
_COLOUR = re.compile(r"\x1b\[[\d;]*m")


async def execute_all(
    chapters: Sequence[Path], package: Package
) -> dict[Path, str | None]:
    """Execute chapters side by side, print how long each took; return what failed."""
    free = asyncio.Semaphore(os.cpu_count() or 1)

    async def timed(chapter: Path) -> str | None:
        async with free:
            begun = time.perf_counter()
            failure = await execute(chapter, package)
            print(f"{chapter}: {time.perf_counter() - begun:.1f} s", flush=True)
            return failure

    failures = await asyncio.gather(*map(timed, chapters))
    return dict(zip(chapters, failures, strict=True))


async def execute(chapter: Path, package: Package) -> str | None:
    """Run `chapter` and store it with its outputs; return what went wrong, or None.

    A chapter that fails, writes to stderr or leaves a prediction open is left on disk
    as it was. A cell whose tag allows its error is no exception.
    """
    try:
        notebook = nbformat.read(chapter, as_version=4)
        code = code_cells(notebook)
        seal = digest([source_of(cell) for cell in code], package)
    except SyntaxError as error:
        return f"{chapter}, {not_python(error)}"
    except (nbformat.ValidationError, OSError, ValueError, AttributeError) as error:
        return f"{chapter} cannot be read as a notebook: {error}"
    wrong = await run(notebook, chapter.parent) or _error(code) or _complaint(code)
    if wrong := wrong or "; ".join(unsettled(code)):
        return f"{chapter}, {wrong}"
    notebook.metadata = _METADATA | {"lrcourse": {"digest": seal}}
    text = nbformat.writes(notebook).rstrip("\n") + "\n"
    chapter.write_text(text, encoding="utf-8", newline="\n")
    return None


async def run(
    notebook: Any, folder: Path, settings: Mapping[str, str] | None = None
) -> str | None:
    """Run all cells in a fresh kernel in `folder`; return what failed, or None.

    `settings` are environment variables of the kernel.
    """
    client = NotebookClient(
        notebook,
        timeout=CELL_SECONDS,
        kernel_name="python3",
        record_timing=False,
        coalesce_streams=True,
        extra_arguments=["--log-level=ERROR"],  # each kernel warns of its own socket
        resources={"metadata": {"path": str(folder)}},
    )
    code = code_cells(notebook)
    for cell in code:
        cell.update(outputs=[], execution_count=None)
        cell.metadata.pop("execution", None)  # other tools leave their times here
    try:
        await client.async_execute(env=os.environ | _STEADY | dict(settings or {}))
    except exceptions.CellExecutionError as error:
        return _error(code) or f"a code cell failed: {error.ename}: {error.evalue}"
    except (exceptions.CellTimeoutError, exceptions.DeadKernelError) as error:
        said = str(error).partition("\n")[0]
        return f"code cell {_stopped_cell(code)} failed: {said}"
    return None


def _stopped_cell(code: Sequence[Any]) -> int:
    """Return the number of the first cell that did not end: it has no count.

    A cell that ran out of time or killed its kernel stored no error.
    """
    for number, cell in enumerate(code, start=1):
        if cell.execution_count is None and not is_blank(cell):
            return number
    return len(code)


def _error(code: Sequence[Any]) -> str | None:
    """Return which cell holds an error, at which line and what it is, or None."""
    for number, cell in enumerate(code, start=1):
        for output in cell.outputs:
            if output.output_type == "error":
                said = output.evalue.partition("\n")[0]
                where = f"code cell {number}{_line(cell, output.traceback)}"
                return f"{where} failed: {output.ename}: {said}"
    return None


def _complaint(code: Sequence[Any]) -> str | None:
    """Return which cell wrote to stderr, and its first line, or None."""
    for number, cell in enumerate(code, start=1):
        for output in cell.outputs:
            if output.get("name") == "stderr":
                said = output.text.strip().partition("\n")[0]
                return f"code cell {number} wrote to stderr: {said}"
    return None


def _line(cell: Any, traceback: Sequence[str]) -> str:
    """Return the line of `cell` at which an error passed, or nothing if none is known.

    A traceback's outermost frame comes first: it is the cell's own, by its count.
    """
    text = _COLOUR.sub("", "\n".join(traceback))
    place = re.search(rf"Cell In\[{cell.execution_count}\], line (\d+)", text)
    if not place:
        return ""
    number = int(place[1])
    return f", line {number}, `{cell.source.splitlines()[number - 1].strip()}`,"
