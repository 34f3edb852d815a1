"""How far a learner is: what the checks say of each saved notebook, kept in a file.

Only notebooks that changed since the checks ran are run again. The file is plain JSON
in the learner's folder; without it everything is run once more.
"""

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from lrcourse.grading.exercise import Exercise, exercise_of
from lrcourse.grading.notebook import NotebookUnreadable, read_cells
from lrcourse.grading.standing import FORM, Progress, Standing, kept_in
from lrcourse.grading.verdict import AnswerResult
from lrcourse.learner.folder import Folder, read_notebook, write_whole
from lrcourse.learner.merge import is_edited

Run = Callable[[Path], Iterable[AnswerResult]]


@dataclass
class Memory:
    """What is kept in the file: results by notebook, hints shown, answers given up."""

    results: dict[str, dict[str, Any]] = field(default_factory=dict)
    hints: dict[str, int] = field(default_factory=dict)
    given_up: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, folder: Folder) -> "Memory":
        """Return what the folder's file holds; nothing, if it is broken or missing."""
        try:
            return cls(**kept_in(folder.results))
        except TypeError:  # written over by hand: it can all be found out again
            return cls()

    def save(self, folder: Folder) -> None:
        """Write the file, where the folder can be written to."""
        text = json.dumps({"form": FORM, **asdict(self)}, indent=1) + "\n"
        try:
            write_whole(folder.results, text.encode())
        except OSError:
            return  # a folder to read only: the checks run again the next time


def progress_in(folder: Folder, run: Run | None = None) -> list[Progress]:
    """Return how every exercise in `folder` stands, in the order of the chapters.

    Args:
        folder: Where the notebooks are.
        run: What grades a notebook that has changed; by default `grade_submission`.
    """
    memory = Memory.of(folder)
    found = [
        _progress(folder, path, exercise, memory, run or graded)
        for path in sorted(folder.exercises.glob("*.ipynb"))
        if (exercise := exercise_of(path))
    ]
    Memory.of(folder).save(folder)  # there from the start: the lab's overview reads it
    return found


def graded(notebook: Path) -> list[AnswerResult]:
    """Run the checks of a notebook of one's own.

    Raises:
        RuntimeError: the checks could not be run.
        ValueError: it is no exercise.
    """
    # here: it loads NumPy, and most who ask how they stand need no run
    from lrcourse.grading import grade_submission

    return grade_submission(notebook, trust_students=True).answers


def _progress(
    folder: Folder, path: Path, exercise: Exercise, memory: Memory, run: Run
) -> Progress:
    """Return how an exercise stands, from memory where nothing has changed."""
    try:
        digest = _digest(path, exercise)
        kept = memory.results.get(path.name, {})
        if kept.get("digest") == digest:
            standings = tuple(Standing(**each) for each in kept["standings"])
            return Progress.of(exercise, standings)
        if _is_blank(path):
            blanks = tuple(Standing(answer) for answer in exercise.answers)
            return Progress(exercise.slug, blanks)
        standings = tuple(Standing.of(result) for result in run(path))
    except (NotebookUnreadable, OSError, RuntimeError, ValueError, TypeError) as error:
        return Progress(exercise.slug, (), str(error))
    _keep(folder, path, digest, standings)
    return Progress.of(exercise, standings)


def remember(folder: Folder, path: Path, results: Iterable[AnswerResult]) -> None:
    """Keep what the checks said of a whole notebook in `folder`."""
    exercise = exercise_of(path)
    if exercise is None or path.resolve().parent != folder.exercises.resolve():
        return
    standings = tuple(Standing.of(result) for result in results)
    _keep(folder, path, _digest(path, exercise), standings)


def _keep(
    folder: Folder, path: Path, digest: str, standings: Iterable[Standing]
) -> None:
    """Add to what is kept now: while checks run another lab may keep something, too."""
    memory = Memory.of(folder)
    results = {"digest": digest, "standings": [asdict(each) for each in standings]}
    memory.results[path.name] = results
    memory.save(folder)


def _is_blank(path: Path) -> bool:
    """Say whether nobody has worked in a notebook since `start` wrote it."""
    document = read_notebook(path)
    stamp = document.get("metadata", {}).get("lrcourse", {}).get("cells")
    return bool(stamp) and not is_edited(document)


def _digest(path: Path, exercise: Exercise) -> str:
    """Return what changes when the notebook's code does, or what checks it."""
    made = hashlib.sha256()
    for cell in read_cells(path):
        made.update(f"{cell.source}\0".encode("utf-8", "surrogatepass"))
    checking = [*sorted(exercise.folder.glob("*.*")), exercise.solution]
    for file in checking:
        if file.is_file():
            made.update(file.name.encode() + file.read_bytes())
    return made.hexdigest()[:16]


def answers_of(folder: Folder) -> dict[str, Path]:
    """Return the notebook in `folder` of each answer, by the answer's name."""
    found = {}
    for path in sorted(folder.exercises.glob("*.ipynb")):
        exercise = exercise_of(path)
        for answer in exercise.answers if exercise else ():
            found[answer] = path
    return found
