"""``lrcourse reset``: an answer or an exercise as the course has it.

What the learner had is kept beside, and said where.
"""

from pathlib import Path
from typing import Any

from lrcourse._course import course_folder
from lrcourse.grading.notebook import NotebookUnreadable, defined_names
from lrcourse.learner.folder import Folder, read_notebook, write_notebook
from lrcourse.learner.merge import stamped


class CannotReset(Exception):
    """There is nothing to go back to; the message says why."""


def reset_exercise(folder: Folder, notebook: Path) -> Path | None:
    """Write the course's version of an exercise; return where the learner's is kept.

    Raises:
        CannotReset: the course has no notebook of that name.
        OSError: the folder cannot be written to.
    """
    ours = stamped(_ours(notebook))
    kept = folder.keep(notebook) if notebook.exists() else None
    write_notebook(notebook, ours)
    return kept


def reset_answer(folder: Folder, notebook: Path, answer: str) -> Path:
    """Write the course's cell of one answer; return where the notebook is kept.

    Every cell of the learner's that defines `answer` is taken out; the course's stands
    where the first of them did, or at the end.

    Raises:
        CannotReset: the notebook cannot be read, or the course asks for no such answer.
        OSError: the folder cannot be written to.
    """
    try:
        theirs = read_notebook(notebook)
    except NotebookUnreadable as error:
        raise CannotReset(f"{error}; `lrcourse reset {notebook.stem}`") from error
    blank = next((c for c in _ours(notebook)["cells"] if _has(c, answer)), None)
    if blank is None:
        raise CannotReset(f"{notebook.name} of the course asks for no {answer}")
    kept = folder.keep(notebook)
    places = [n for n, cell in enumerate(theirs["cells"]) if _has(cell, answer)]
    others = [cell for cell in theirs["cells"] if not _has(cell, answer)]
    place = places[0] if places else len(others)
    theirs["cells"] = [*others[:place], blank, *others[place:]]
    write_notebook(notebook, theirs)
    return kept


def _has(cell: dict[str, Any], answer: str) -> bool:
    source = "".join(cell["source"])
    return cell["cell_type"] == "code" and answer in defined_names(source)


def _ours(notebook: Path) -> dict[str, Any]:
    ours = Folder(course_folder()).exercises / notebook.name
    try:
        return read_notebook(ours)
    except NotebookUnreadable as error:
        raise CannotReset(f"the course has no exercise {notebook.stem}") from error
