"""``lrcourse start``: the course's notebooks into a learner's folder, or new versions.

Work in a notebook is never written over: see `lrcourse.learner.merge`.
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lrcourse._course import course_folder
from lrcourse.grading.notebook import NotebookUnreadable
from lrcourse.learner.folder import START, Folder, read_notebook, write_notebook
from lrcourse.learner.merge import is_edited, merge, stamped


class CannotStart(Exception):
    """The folder cannot be a learner's; the message says why and what to do."""


@dataclass(frozen=True)
class Written:
    """What became of one notebook, by its path in the folder.

    `how` is "new", "same", "updated", "merged" or "left", `why` says more.
    """

    name: str
    how: str
    why: str = ""


def write_course(folder: Folder) -> list[Written]:
    """Write every notebook of the course into `folder`, and say what became of each.

    What was interrupted is taken up by the next call: each notebook is written whole.

    Raises:
        CannotStart: `folder` is a file, the course's own, or cannot be written to.
    """
    course = course_folder()
    _require_room(folder, course)
    try:
        for path in (folder.exercises, folder.chapters):
            path.mkdir(parents=True, exist_ok=True)
        found = [_write(folder, source, name) for source, name in _sources(course)]
        _copy_what_they_show(course, folder)
    except OSError as error:
        raise CannotStart(
            f"{error.filename or folder.path} cannot be written to "
            f"({error.strerror}): name another folder"
        ) from error
    return found


def _require_room(folder: Folder, course: Path) -> None:
    path = folder.path
    if path.exists() and not path.is_dir():
        raise CannotStart(f"{path} is a file: name a folder, new or your own")
    if path.resolve() == course.resolve():
        raise CannotStart(
            f"{path} is the course's own folder: name another one for your work"
        )


def _sources(course: Path) -> Iterator[tuple[Path, str]]:
    """Yield the course's notebooks, each with its path in a learner's folder."""
    ours = Folder(course)
    yield ours.start, START
    for path in sorted(ours.exercises.glob("[0-9]*.ipynb")):
        yield path, f"exercises/{path.name}"
    for path in sorted(ours.chapters.glob("*.ipynb")):
        yield path, f"book/{path.name}"


def _write(folder: Folder, source: Path, name: str) -> Written:
    ours, target = read_notebook(source), folder.path / name
    if not target.exists():
        write_notebook(target, stamped(ours))
        return Written(name, "new")
    try:
        theirs = read_notebook(target)
    except NotebookUnreadable as error:
        return Written(name, "left", str(error))
    if "lrcourse" not in theirs.get("metadata", {}):
        return Written(
            name, "left", "it is not the course's: move it away, then start again"
        )
    return _update(folder, target, name, _with_stamp(theirs, ours), ours)


def _update(
    folder: Folder,
    target: Path,
    name: str,
    theirs: dict[str, Any],
    ours: dict[str, Any],
) -> Written:
    if theirs["metadata"]["lrcourse"] == stamped(ours)["metadata"]["lrcourse"]:
        return Written(name, "same")
    merged = merge(theirs, ours)
    edited = is_edited(theirs)
    kept = folder.keep(target) if edited else None
    write_notebook(target, merged.notebook)
    if kept is None:
        return Written(name, "updated")
    where = f"as you had it: kept/{kept.name}"
    if merged.unmerged:
        where = (
            f"changed by you and by the course: {', '.join(merged.unmerged)}; yours "
            f"stand, the course's follow as text; {where}"
        )
    return Written(name, "merged", where)


def _with_stamp(theirs: dict[str, Any], ours: dict[str, Any]) -> dict[str, Any]:
    """Return a notebook as it is; one that was copied by hand, stamped as ours is."""
    if "cells" in theirs["metadata"]["lrcourse"]:
        return theirs
    notes = {**theirs["metadata"]["lrcourse"]}
    notes["cells"] = stamped(ours)["metadata"]["lrcourse"]["cells"]
    return {**theirs, "metadata": {**theirs["metadata"], "lrcourse": notes}}


def _copy_what_they_show(course: Path, folder: Folder) -> None:
    """Copy the pages and pictures that the chapters link to."""
    for page in (course / "book").glob("*.md"):
        shutil.copyfile(page, folder.chapters / page.name)
    shutil.copytree(
        course / "book/images", folder.chapters / "images", dirs_exist_ok=True
    )
