"""A checkout in which templates are written, and how text gets into its files.

A ``ValueError`` says which name or file does not fit.
"""

import ast
import keyword
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Template

_TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class Course:
    """A checkout of the course, in which files are written."""

    root: Path

    def __post_init__(self) -> None:
        if not (self.root / "_toc.yml").is_file():
            raise ValueError(
                f"{self.root} is not the course's top folder: run this beside _toc.yml"
            )

    def add(self, place: str, text: str) -> str:
        """Write a new file; return its place.

        Raises:
            ValueError: it is there already.
        """
        path = self.root / place
        if path.exists():
            raise ValueError(f"{place} is already there: choose another name")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
        return place

    def change(self, place: str, change: Callable[[str], str]) -> str:
        """Write what `change` makes of a file's text; return its place."""
        path = self.root / place
        text = change(path.read_text(encoding="utf-8"))
        path.write_text(text, encoding="utf-8", newline="\n")
        return place


def filled(template: str, **values: str) -> str:
    """Return a template's text with its ``${names}`` filled in."""
    text = (_TEMPLATES / template).read_text(encoding="utf-8")
    return Template(text).substitute(values)


def into(opening: str, entry: str) -> Callable[[str], str]:
    """Return a change that puts `entry` last into the table that begins so."""

    def change(text: str) -> str:
        start = text.index(f"\n{opening}\n")
        end = text.index("\n}\n", start)
        return f"{text[: end + 1]}{entry}{text[end + 1 :]}"

    return change


def exported(course: Course, place: str, room: str, name: str) -> str:
    """Let a package's ``__init__`` hand on `name` of its `room`."""
    package = ".".join(Path(place).parent.parts)

    def change(text: str) -> str:
        text = imported(text, f"{package}.{room}", name)
        return text.replace("__all__ = [\n", f'__all__ = [\n    "{name}",\n', 1)

    return course.change(place, change)


def imported(text: str, module: str, name: str) -> str:
    """Add an import before the text's first one of ours: `tidy` brings it in order."""
    at = text.index("\nfrom lrcourse") + 1
    return f"{text[:at]}from {module} import {name}\n{text[at:]}"


def tidy(course: Course, places: Sequence[str]) -> None:
    """Sort and format Python files that text was put into, as ``make lint`` does."""
    files = [place for place in places if place.endswith(".py")]
    for task in (["check", "--fix", "--silent", "--exit-zero"], ["format", "--silent"]):
        command = [sys.executable, "-m", "ruff", *task, *files]
        subprocess.run(command, cwd=course.root, check=True)


def require_new_name(name: str, course: Course, package: str) -> None:
    """Refuse what is no name in Python, or one that `package` has already."""
    if not name.isidentifier() or keyword.iskeyword(name) or name.startswith("_"):
        raise ValueError(f"{name!r} is no name for Python: letters, digits and _")
    taken = [
        node.name
        for path in (course.root / package).glob("*.py")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
    ]
    if name in taken:
        raise ValueError(f"{package} has a {name} already: choose another name")


def require_file(course: Course, place: str, what: str) -> None:
    """Refuse a file that is not there; the message names those that are."""
    path = course.root / place
    if not path.is_file():
        there = sorted(each.stem for each in path.parent.glob(f"*{path.suffix}"))
        known = ", ".join(each for each in there if not each.startswith("_"))
        raise ValueError(f"no {what} {path.stem}: there are {known}")
