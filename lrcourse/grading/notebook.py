"""Code cells out of a notebook file, and plain Python out of a cell."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MAX_BYTES = 50 * 2**20
MAX_PARTS = 3_000_000  # brackets and commas: each may become an object of its own
MAX_CELLS = 10_000
MODULE = "answers"  # under this name a notebook's functions and classes are defined
_PYTHON_CELL_MAGICS = ("time", "timeit", "capture", "prun")


class NotebookUnreadable(Exception):
    """The file is no notebook; the message says why and what to do about it."""


@dataclass(frozen=True)
class Cell:
    """A code cell: the title messages call it by, its source, its id if any."""

    title: str
    source: str
    id: str | None = None


def read_cells(path: Path) -> list[Cell]:
    """Return the code cells of the notebook at `path`, in order.

    Raises:
        NotebookUnreadable: no such file, over 50 MiB or of too many parts, not JSON,
            or not a notebook.
    """
    document = read_document(path)
    try:
        cells = document["cells"]
        if len(cells) > MAX_CELLS:
            raise NotebookUnreadable(
                f"{path.name} has {len(cells)} cells, and {MAX_CELLS} are allowed: "
                "delete those that nobody needs"
            )
        code = [cell for cell in cells if cell["cell_type"] == "code"]
        return [
            Cell(f"cell {number}", _joined(cell["source"]), cell.get("id"))
            for number, cell in enumerate(code, start=1)
        ]
    except (KeyError, TypeError, AttributeError) as error:
        raise NotebookUnreadable(
            f"{path.name} is not a notebook of format 4: save it again from JupyterLab"
        ) from error


def read_document(path: Path) -> Any:
    """Return what the file of a notebook holds; see `read_cells` for what it raises.

    Raises:
        NotebookUnreadable: no such file, too large, of too many parts, or not JSON.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise NotebookUnreadable(
                f"{path.name} is over 50 MiB: clear its outputs and save it again"
            )
        data = path.read_bytes()
        # before it is read: 50 MiB of {}, would take 1.2 GiB
        if sum(map(data.count, (b",", b"[", b"{"))) > MAX_PARTS:
            raise NotebookUnreadable(
                f"{path.name} is made of more than {MAX_PARTS} parts: clear its "
                "outputs, keep data in a file of its own, and save it again"
            )
        return json.loads(data.decode("utf-8-sig"))
    except OSError as error:
        raise NotebookUnreadable(
            f"{path.name} cannot be read: {error.strerror}"
        ) from error
    except (ValueError, RecursionError) as error:
        raise NotebookUnreadable(
            f"{path.name} is broken and cannot be read as a notebook ({error}): "
            "restore it from a checkpoint or a copy"
        ) from error


def python_source(source: str) -> str:
    """Return `source` with IPython's own lines (`%`, `!`, `?`) made into `pass`.

    A line that times a statement (`%time x = 1`) becomes the statement, and what a `!`
    line goes on in, behind a backslash, goes with it.
    What such a line is assigned to becomes None. A cell that is not Python at all
    (`%%bash`, `%%html`) becomes empty.
    """
    lines = source.splitlines()
    first = next((line for line in lines if line.strip()), "")
    magic = re.match(r"\s*%%\s*(\w+)", first)
    if magic and magic[1] not in _PYTHON_CELL_MAGICS:
        return ""
    return "\n".join(_python_lines(lines))


def defined_names(source: str) -> set[str]:
    """Return the functions and classes that `source` defines, even if broken."""
    found = re.findall(r"^(?:async\s+)?(?:def|class)\s+(\w+)", source, re.MULTILINE)
    return set(found)


def _python_lines(lines: Sequence[str]) -> Iterator[str]:
    """Yield the lines, those that a `!` or `%` line goes on in left out."""
    goes_on = False
    for line in lines:
        is_shell = line.strip().startswith(("!", "%")) and not _timed(line)
        if goes_on:
            yield ""
        else:
            yield _python_line(line)
        goes_on = (goes_on or is_shell) and line.rstrip().endswith("\\")


def _timed(line: str) -> re.Match[str] | None:
    """Find the statement that a line such as ``%time x = 1`` runs."""
    return re.match(r"(\s*)%(?:time|prun|capture)\s+(?!-)(\S.*)", line)


def _python_line(line: str) -> str:
    text = line.strip()
    if timed := _timed(line):
        return f"{timed[1]}{timed[2]}"
    if text.startswith(("%", "!", "?")) or re.fullmatch(r"[\w.]+\?{1,2}", text):
        return line[: len(line) - len(line.lstrip())] + "pass"
    taken = re.match(r"(\s*[\w, ]+=)\s*[!%]", line)  # files = !ls
    return f"{taken[1]} None" if taken else line


def _joined(source: Any) -> str:
    return source if isinstance(source, str) else "".join(source)
