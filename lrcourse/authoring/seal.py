"""The seal of a chapter: a digest over all that its outputs hang on in this repository.

That is its code cells, the definitions of the package that they reach (room `reach`),
the figures' style, and the files that lie beside a room of which something is reached:
the scripts of a chapter that shows a figure. Comments, docstrings and layout count for
nothing, unless the chapter shows source.

The versions of Python and of other libraries are in no seal: those are held by
``requirements.lock``, and a chapter that hangs on them is found by running it. Nor is
what a chapter reads from files outside the package.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from lrcourse.authoring.reach import Package, Reach

STYLE = "plotting/book.mplstyle"


def digest(cells: Sequence[str], package: Package) -> str:
    """Return a sha256 over code cells and what they reach of `package`, as hex digits.

    Raises:
        SyntaxError: a cell or a room is not Python; the error names it.
    """
    reach = package.reach(cells)
    counted = [
        *(["cell", cell] for cell in cells),
        *(["loads", module] for module in reach.loads),
        *(["part", *part] for part in _texts(reach)),
        *(["file", *file] for file in _files(package.folder, reach)),
    ]
    return hashlib.sha256(json.dumps(counted).encode()).hexdigest()


def _texts(reach: Reach) -> Iterator[tuple[str, str]]:
    """Yield each statement that counts, as it counts, and its room's name before it."""
    for module, parts in reach.parts.items():
        for part in parts:
            text = part.source if reach.shows else part.code
            if text:
                yield module, text


def _files(folder: Path, reach: Reach) -> Iterator[tuple[str, str]]:
    """Yield name and content of the style, and of what lies beside reached rooms."""
    places = {folder.parent.joinpath(*module.split(".")) for module in reach.parts}
    beside = {place if place.is_dir() else place.parent for place in places}
    found = {file for place in beside for file in _data_in(place)}
    for file in sorted(found | {folder / STYLE}):
        text = file.read_bytes().replace(b"\r\n", b"\n") if file.is_file() else b""
        yield file.relative_to(folder).as_posix(), hashlib.sha256(text).hexdigest()


def _data_in(folder: Path) -> Iterator[Path]:
    """Yield the files below a package that are no rooms, down to packages in it."""
    for path in folder.iterdir():
        if path.name.startswith((".", "__pycache__")) or path.suffix in (".py", ".pyc"):
            continue
        if path.is_file():
            yield path
        elif not (path / "__init__.py").is_file():
            yield from _data_in(path)
