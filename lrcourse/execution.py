"""Chapters are committed executed, and sealed: ``python -m lrcourse.execution``.

Each chapter keeps in its metadata a digest over its own code and every room of the
package it leans on. ``--check`` compares digests, and so finds a forgotten re-run
within a second, without running anything.
"""

import argparse
import ast
import hashlib
import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).parent
CELL_SECONDS = 120
# one thread, one hash seed: the same digits on every machine
_STEADY = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
}


def digest(sources: Sequence[str], package: Path = PACKAGE) -> str:
    """Return a sha256 over code cells, the rooms they use, and the figures' style."""
    seal = hashlib.sha256()
    used: set[str] = set()
    for source in sources:
        seal.update(source.encode() + b"\0")
        used |= _rooms_of(source, package)
    for room in sorted(_with_their_rooms(used, package)):
        seal.update(room.encode() + b"\0" + _text(package / room) + b"\0")
    seal.update(_text(package / "book.mplstyle"))
    return seal.hexdigest()


def problems(chapter: Path, package: Path = PACKAGE) -> list[str]:
    """Return a sentence for each thing that keeps `chapter` out of the book."""
    try:
        document = json.loads(chapter.read_text(encoding="utf-8"))
        code = [cell for cell in document["cells"] if cell["cell_type"] == "code"]
        sources = ["".join(cell["source"]) for cell in code]
    except (OSError, ValueError, KeyError, TypeError) as error:
        return [f"{chapter} cannot be read as a notebook: {error}"]
    found = []
    for number, cell in enumerate(code, start=1):
        if any(output["output_type"] == "error" for output in cell["outputs"]):
            found.append(f"{chapter}, code cell {number} holds an error")
    never = [n for n, cell in enumerate(code, 1) if cell["execution_count"] is None]
    if never:
        numbers = ", ".join(str(number) for number in never)
        found.append(f"{chapter}: code cells never executed: {numbers}")
    sealed = document["metadata"].get("lrcourse", {}).get("digest")
    if not found and sealed != digest(sources, package):
        found.append(f"{chapter} is older than its code or the rooms it uses")
    return [f"{sentence}: run make execute" for sentence in found]


def execute(chapter: Path, package: Path = PACKAGE) -> str | None:
    """Run `chapter` and store it with its outputs; return what went wrong, or None.

    A chapter that fails, or that writes to stderr, is left on disk as it was.
    """
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError

    notebook = nbformat.read(chapter, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=CELL_SECONDS,
        kernel_name="python3",
        record_timing=False,
        coalesce_streams=True,
        resources={"metadata": {"path": str(chapter.parent)}},
    )
    try:
        client.execute(env=os.environ | _STEADY)
    except (CellExecutionError, CellTimeoutError) as error:
        return f"{chapter}, code cell {_failed_cell(notebook)} failed: {_short(error)}"
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for number, cell in enumerate(code, start=1):
        if any(output.get("name") == "stderr" for output in cell.outputs):
            return f"{chapter}, code cell {number} wrote to stderr: {_said(cell)}"
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    seal = {"digest": digest([cell.source for cell in code], package)}
    notebook.metadata = {
        "kernelspec": kernel,
        "language_info": {"name": "python"},
        "lrcourse": seal,
    }
    text = nbformat.writes(notebook) + "\n"
    chapter.write_text(text, encoding="utf-8", newline="\n")
    return None


def main(arguments: list[str] | None = None) -> int:
    """Execute chapters side by side, or with ``--check`` only compare."""
    parser = argparse.ArgumentParser(prog="python -m lrcourse.execution")
    parser.add_argument("chapters", nargs="*", type=Path, help="default: all of book/")
    parser.add_argument("--check", action="store_true", help="compare, run nothing")
    chosen = parser.parse_args(arguments)
    chapters = chosen.chapters or sorted(Path("book").glob("*.ipynb"))
    if chosen.check:
        found = [sentence for chapter in chapters for sentence in problems(chapter)]
    else:
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            found = [failure for failure in pool.map(_timed, chapters) if failure]
    for sentence in found:
        print(sentence, file=sys.stderr)
    return 1 if found else 0


def _timed(chapter: Path) -> str | None:
    begun = time.perf_counter()
    failure = execute(chapter)
    print(f"{chapter}: {time.perf_counter() - begun:.1f} s")
    return failure


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
    """Return the package's files that `source` imports, as paths inside it."""
    found = set()
    for name in _imported_names(source, package.name):
        place = package.joinpath(*name.split(".")[1:])
        for path in (place.with_suffix(".py"), place / "__init__.py"):
            if path.is_file():
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


def _failed_cell(notebook: Any) -> int:
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for number, cell in enumerate(code, start=1):
        if any(output.output_type == "error" for output in cell.outputs):
            return number
    return sum(cell.execution_count is not None for cell in code) + 1


def _short(error: Exception) -> str:
    return str(error).strip().splitlines()[-1]


def _said(cell: Any) -> str:
    texts = [each.text for each in cell.outputs if each.get("name") == "stderr"]
    return "".join(texts).strip().splitlines()[0]


if __name__ == "__main__":
    sys.exit(main())
