"""A learner's folder: what lies where in it, and how it is written to.

It is laid out as the course is, so that a notebook's links hold in both::

    START.ipynb       begin here
    exercises/        the notebooks to work in
    book/             the chapters
    kept/             what a command has replaced: the learner's, with the time
    progress.json     what the checks said last; deleting it loses nothing
"""

import json
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lrcourse.grading.notebook import NotebookUnreadable, read_document
from lrcourse.grading.standing import FILE

START = "START.ipynb"


@dataclass(frozen=True)
class Folder:
    """A folder of the course's layout: a learner's own, or a checkout."""

    path: Path

    @property
    def start(self) -> Path:
        """The notebook to begin with."""
        return self.path / START

    @property
    def exercises(self) -> Path:
        """The folder of the notebooks to work in."""
        return self.path / "exercises"

    @property
    def chapters(self) -> Path:
        """The folder of the book's chapters."""
        return self.path / "book"

    @property
    def results(self) -> Path:
        """The file of what the checks said last."""
        return self.path / FILE

    def keep(self, file: Path) -> Path:
        """Copy a file of the learner's to where a command finds it again.

        Returns:
            The copy, named after the file and the time, never over another.

        Raises:
            OSError: the folder cannot be written to.
        """
        moment = time.strftime("%Y-%m-%d-%H%M%S")
        number, kept = 1, self.path / "kept" / f"{file.stem}-{moment}{file.suffix}"
        while kept.exists():
            number += 1
            kept = kept.with_name(f"{file.stem}-{moment}-{number}{file.suffix}")
        kept.parent.mkdir(exist_ok=True)
        write_whole(kept, file.read_bytes())
        return kept


def folder_around(place: Path) -> Folder | None:
    """Return the folder of the course's layout that `place` is or lies in."""
    for path in (place.resolve(), *place.resolve().parents):
        folder = Folder(path)
        if folder.exercises.is_dir() and (
            folder.start.is_file() or (folder.exercises / "checks").is_dir()
        ):
            return folder
    return None


def read_notebook(path: Path) -> dict[str, Any]:
    """Return a notebook's document.

    Raises:
        NotebookUnreadable: it is not there, or no notebook.
    """
    document = read_document(path)
    if not (isinstance(document, dict) and isinstance(document.get("cells"), list)):
        raise NotebookUnreadable(
            f"{path.name} is not a notebook of format 4: save it again from JupyterLab"
        )
    return document


def write_notebook(path: Path, document: Mapping[str, Any]) -> None:
    """Write a notebook as JupyterLab does: all of it, or nothing.

    Raises:
        OSError: the folder cannot be written to.
    """
    text = json.dumps(document, indent=1, ensure_ascii=False) + "\n"
    write_whole(path, text.encode("utf-8", "surrogatepass"))


def write_whole(path: Path, data: bytes) -> None:
    """Write `data` so that whoever reads finds all of it, or what was there before.

    Raises:
        OSError: the folder cannot be written to.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        beside.write_bytes(data)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
