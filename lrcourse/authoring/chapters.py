"""Chapters are committed executed, and sealed.

``python -m lrcourse.authoring.chapters`` executes them.

Each chapter keeps in its metadata a digest over its own code and every room of the
package it leans on. ``--check`` compares digests, and so finds a forgotten re-run
within a second, without running anything.
"""

import argparse
import ast
import asyncio
import hashlib
import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).parents[1]
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


def digest(sources: Sequence[str], package: Path = PACKAGE) -> str:
    """Return a sha256 over code cells, the rooms they use, and the figures' style.

    A room brings the scripts that lie beside it.
    """
    seal = hashlib.sha256()
    used: set[str] = set()
    for source in sources:
        seal.update(source.encode() + b"\0")
        used |= _rooms_of(source, package)
    rooms = _with_their_rooms(used, package)
    scripts = {
        path.relative_to(package).as_posix()
        for folder in {(package / room).parent for room in rooms} - {package}
        for path in folder.rglob("*.js")
    }
    for file in sorted(rooms | scripts):
        seal.update(file.encode() + b"\0" + _text(package / file) + b"\0")
    seal.update(_text(package / "plotting/book.mplstyle"))
    return seal.hexdigest()


def problems(chapter: Path, package: Path = PACKAGE) -> list[str]:
    """Return a sentence for each thing that keeps `chapter` out of the book."""
    try:
        document = json.loads(chapter.read_text(encoding="utf-8"))
        code = [cell for cell in document["cells"] if cell["cell_type"] == "code"]
        found = _unfinished(code)
        sealed = document["metadata"].get("lrcourse", {}).get("digest")
        now = digest(["".join(cell["source"]) for cell in code], package)
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        return [f"{chapter} cannot be read as a notebook: {error}"]
    except SyntaxError as error:
        return [f"{chapter} holds code that is not Python: {error.msg}"]
    if not found and sealed != now:
        found = ["is older than its code or the rooms it uses"]
    return [f"{chapter} {what}: run make execute" for what in found]


async def execute(chapter: Path, package: Path = PACKAGE) -> str | None:
    """Run `chapter` and store it with its outputs; return what went wrong, or None.

    A chapter that fails, or that writes to stderr, is left on disk as it was. A cell
    whose tag allows its error is no exception.
    """
    # here, because the check must run where only the book's tools are installed
    import nbformat

    try:
        notebook = nbformat.read(chapter, as_version=4)
        code = [cell for cell in notebook.cells if cell.cell_type == "code"]
        seal = digest([cell.source for cell in code], package)
    except SyntaxError as error:
        return f"{chapter} holds code that is not Python: {error.msg}"
    except (OSError, ValueError, AttributeError) as error:
        return f"{chapter} cannot be read as a notebook: {error}"
    wrong = await _run(notebook, code, chapter.parent) or _refused(code)
    if wrong:
        return f"{chapter}, {wrong}"
    notebook.metadata = _METADATA | {"lrcourse": {"digest": seal}}
    text = nbformat.writes(notebook).rstrip("\n") + "\n"
    chapter.write_text(text, encoding="utf-8", newline="\n")
    return None


async def _run(notebook: Any, code: list[Any], folder: Path) -> str | None:
    """Run all cells in a fresh kernel; return which one failed and how, or None."""
    from nbclient import NotebookClient, exceptions

    client = NotebookClient(
        notebook,
        timeout=CELL_SECONDS,
        kernel_name="python3",
        record_timing=False,
        coalesce_streams=True,
        extra_arguments=["--log-level=ERROR"],  # each kernel warns of its own socket
        resources={"metadata": {"path": str(folder)}},
    )
    for cell in code:
        cell.update(outputs=[], execution_count=None)
        cell.metadata.pop("execution", None)  # other tools leave their times here
    try:
        await client.async_execute(env=os.environ | _STEADY)
    except exceptions.CellExecutionError as error:
        said = error.evalue.partition("\n")[0]
        return f"code cell {_failed_cell(code)} failed: {error.ename}: {said}"
    except (exceptions.CellTimeoutError, exceptions.DeadKernelError) as error:
        said = str(error).partition("\n")[0]
        return f"code cell {_failed_cell(code)} failed: {said}"
    return None


def main(arguments: list[str] | None = None) -> int:
    """Execute chapters side by side, or with ``--check`` only compare."""
    parser = argparse.ArgumentParser(prog="python -m lrcourse.authoring.chapters")
    parser.add_argument(
        "chapters", nargs="*", type=Path, help="files or folders; default: book"
    )
    parser.add_argument("--check", action="store_true", help="compare, run nothing")
    chosen = parser.parse_args(arguments)
    places = chosen.chapters or sorted(Path("book").glob("*.ipynb"))
    chapters = [chapter for place in places for chapter in _chapters_of(place)]
    if not chapters:
        parser.error("no chapters found: run it from the course's top folder")
    if chosen.check:
        found = [sentence for chapter in chapters for sentence in problems(chapter)]
    else:
        found = asyncio.run(_execute_all(chapters))
    for sentence in found:
        print(sentence, file=sys.stderr)
    return 1 if found else 0


def _chapters_of(place: Path) -> list[Path]:
    return sorted(place.glob("*.ipynb")) if place.is_dir() else [place]


def _unfinished(code: list[dict[str, Any]]) -> list[str]:
    found = []
    never = []
    for number, cell in enumerate(code, start=1):
        if any(output["output_type"] == "error" for output in cell["outputs"]):
            found.append(f"holds an error in code cell {number}")
        elif cell["execution_count"] is None and not _is_blank(cell):
            never.append(str(number))
    if never:
        found.append(f"has code cells never executed: {', '.join(never)}")
    return found


async def _execute_all(chapters: list[Path]) -> list[str]:
    free = asyncio.Semaphore(os.cpu_count() or 1)

    async def timed(chapter: Path) -> str | None:
        async with free:
            begun = time.perf_counter()
            failure = await execute(chapter)
            print(f"{chapter}: {time.perf_counter() - begun:.1f} s", flush=True)
            return failure

    failures = await asyncio.gather(*map(timed, chapters))
    return [failure for failure in failures if failure]


def _with_their_rooms(rooms: set[str], package: Path) -> set[str]:
    """Return `rooms` and all rooms they import, directly or not."""
    known: set[str] = set()
    waiting = set(rooms)
    while waiting:
        room = waiting.pop()
        known.add(room)
        text = _text(package / room).decode()
        waiting |= _rooms_of(text, package) - known
    return known


def _rooms_of(source: str, package: Path) -> set[str]:
    """Return the package's files that importing `source` loads, inside `package`."""
    found = set()
    for name in _imported_names(source, package.name):
        # importing a.b.c also loads a and a.b
        parts = name.split(".")[1:]
        for depth in range(len(parts) + 1):
            place = package.joinpath(*parts[:depth])
            for path in (place / "__init__.py", place.with_suffix(".py")):
                if path.is_file() and path.is_relative_to(package):
                    found.add(path.relative_to(package).as_posix())
    return found


def _imported_names(source: str, package: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [
                node.module,
                *(f"{node.module}.{each.name}" for each in node.names),
            ]
        else:
            continue
        yield from (name for name in names if name.split(".")[0] == package)


def _text(path: Path) -> bytes:
    """Return a file's content with LF ends, whatever the checkout made of them."""
    return path.read_bytes().replace(b"\r\n", b"\n") if path.is_file() else b""


def _failed_cell(code: list[Any]) -> int:
    """Return the number of the first cell with an error, or the first without a count.

    A cell that ran out of time or killed its kernel stored no error.
    """
    for number, cell in enumerate(code, start=1):
        stopped = cell.execution_count is None and not _is_blank(cell)
        if stopped or any(each.output_type == "error" for each in cell.outputs):
            return number
    return len(code)


def _is_blank(cell: dict[str, Any]) -> bool:
    """Tell whether a cell has nothing to run: kernels never count such a cell."""
    return not "".join(cell["source"]).strip()


def _refused(code: list[Any]) -> str | None:
    """Return which output may not stand in the book, or None."""
    for number, cell in enumerate(code, start=1):
        for output in cell.outputs:
            if output.output_type == "error":
                return f"code cell {number} failed: {output.ename}: {output.evalue}"
            if output.get("name") == "stderr":
                said = output.text.strip().partition("\n")[0]
                return f"code cell {number} wrote to stderr: {said}"
    return None


if __name__ == "__main__":
    sys.exit(main())
