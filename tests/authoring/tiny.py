"""Small packages, in which every way to reach a definition is tried."""

import re
from pathlib import Path

from lrcourse.authoring.reach import Package
from lrcourse.authoring.seal import digest

# what a case must reach holds a 41, what it must leave alone a 7
A = """
def f():
    return 41
"""
OTHER = """
def g():
    return 7
"""
EMPTY_PACKAGES = {"__init__.py": "", "deep/__init__.py": ""}


def cases(name: str, first: str = "cell") -> dict[str, dict[str, str]]:
    """Return the cases of a file by name: the chapter's cell, and rooms of `tiny`.

    ``## name`` begins a case, ``# room.py`` another file of it; `first` is the one that
    stands without a heading.
    """
    text = (Path(__file__).parent / f"cases/{name}.txt").read_text(encoding="utf-8")
    _, *parts = re.split(r"^## (.+)\n", text, flags=re.MULTILINE)
    found = {}
    for title, body in zip(parts[::2], parts[1::2], strict=True):
        alone, *others = re.split(r"^# (\S+\.py)\n", body, flags=re.MULTILINE)
        files = dict(zip(others[::2], others[1::2], strict=True))
        found[title] = {first: alone} | files
    return found


def seals(
    folder: Path,
    files: dict[str, str],
    old: str = "41",
    new: str = "42",
    cell: str = "from tiny.b import f\nf()",
) -> list[str]:
    """Return the digests of `cell`: as it is, with `old` changed, and with 7 changed.

    A cell among the `files` stands for `cell`.
    """
    rooms = EMPTY_PACKAGES | {"a.py": A, **files}
    cell = rooms.pop("cell", cell)
    rooms = {name: text + OTHER for name, text in rooms.items()}
    found = []
    for before, after in ("", ""), (old, new), ("7", "8"):
        edited = {name: text.replace(before, after) for name, text in rooms.items()}
        package = write(folder, edited if before else rooms)
        found.append(digest([cell], Package(package)))
    return found


def write(folder: Path, files: dict[str, str]) -> Path:
    """Write the package `tiny` into `folder` and return its place."""
    for name, text in files.items():
        file = folder / "tiny" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, newline="\n")
    return folder / "tiny"
