"""One function from a notebook's file to points, whatever grades it behind."""

import atexit
import functools
from collections.abc import Iterable
from pathlib import Path

from lrcourse.grading.entrances.client import Checker
from lrcourse.grading.entrances.submission import grade_submission
from lrcourse.grading.exercise import Exercise
from lrcourse.grading.notebook import read_cells
from tests import ROOT

CHECKS = ROOT / "exercises" / "checks"


def grade(notebook: Path, answers: Iterable[str]) -> dict[str, float]:
    """Return the points of those `answers` that the notebook's own exercise asks for.

    The exercise is found by the file's name; another name grades nothing.
    """
    exercise = Exercise(notebook.stem, CHECKS)
    if not exercise.is_there:
        return {}
    cells = read_cells(notebook)
    results = [_checker().check(name, cells) for name in answers]
    return {
        result["answer"]: sum(
            verdict["points"]
            for verdict in result["verdicts"]
            if verdict["outcome"] == "passed"
        )
        for result in results
        if result["exercise"] == exercise.slug
    }


def grade_file(notebook: Path) -> dict[str, float]:
    """Return the points of every answer, graded from the file as a class's are."""
    graded = grade_submission(notebook, trust_students=True)
    return {result.answer: result.points for result in graded.answers}


@functools.cache
def _checker() -> Checker:
    checker = Checker(CHECKS.parent)
    atexit.register(checker.close)
    return checker
