"""How far a learner is: how each answer stands, by exercise, and over the course.

What the checks said last is kept in one file of the learner's folder. Here it is read
and summed up, and nothing is run; `lrcourse.learner.progress` writes it.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lrcourse.grading.exercise import Exercise, exercise_of
from lrcourse.grading.known import known_of
from lrcourse.grading.verdict import AnswerResult, Outcome

FILE = "progress.json"
FORM = 1  # of the file; one of another form counts as none


@dataclass(frozen=True)
class Standing:
    """How one answer stands. Of one that was never run, `possible` is 0."""

    answer: str
    outcome: Outcome = "not started"
    points: float = 0
    possible: float = 0
    why: str = ""

    @classmethod
    def of(cls, result: AnswerResult) -> "Standing":
        """Return what the checks found."""
        mistake: Mapping[str, str] = result.mistake or {}
        first = result.failed[0].sentence if result.failed else ""
        why = mistake.get("sentence", first)
        return cls(result.answer, result.outcome, result.points, result.possible, why)


@dataclass(frozen=True)
class Progress:
    """How an exercise stands; `problem` says why nothing could be found out.

    `known`: the hardest answers hold, so that the rest may be left.
    """

    slug: str
    standings: tuple[Standing, ...]
    problem: str = ""
    known: bool = False

    @classmethod
    def of(cls, exercise: Exercise, standings: Iterable[Standing]) -> "Progress":
        """Return how `exercise` stands with its answers' `standings`."""
        standings = tuple(standings)
        passed = {each.answer for each in standings if each.outcome == "passed"}
        known = known_of(exercise, passed.__contains__)
        return cls(exercise.slug, standings, known=bool(known and known.holds))

    @property
    def solved(self) -> int:
        """How many answers hold."""
        return sum(each.outcome == "passed" for each in self.standings)

    @property
    def points(self) -> float:
        """Points earned."""
        return sum(each.points for each in self.standings)

    @property
    def next(self) -> str:
        """The first answer that does not hold yet, or ""."""
        open_ = (s.answer for s in self.standings if s.outcome != "passed")
        return next(open_, "")


def summary(found: Sequence[Progress]) -> list[str]:
    """Return the progress over the whole course as sentences."""
    solved = sum(each.solved for each in found)
    asked = sum(len(each.standings) for each in found)
    points = sum(each.points for each in found)
    said = [f"{solved} of {asked} answers hold, {points:g} points."]
    open_ = [each for each in found if each.next and not each.known]
    begun = [each for each in open_ if each.solved]
    known = [each.slug for each in found if each.known and each.next]
    if known:
        said.append(f"Known by proof, the rest left out: {', '.join(known)}.")
    if at := next(iter(begun or open_), None):
        said.append(f"Next: {at.next} in {at.slug}.")
    elif asked:
        said.append("All of the course is done. Well worked.")
    return said


def kept_in(file: Path) -> dict[str, Any]:
    """Return what a learner's file holds; nothing, if it is broken or missing."""
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
        if kept.pop("form") == FORM:
            return dict(kept)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        pass  # it can all be found out again
    return {}


def last_seen(folder: Path, now: Progress) -> list[Progress]:
    """Return how each exercise in the learner's `folder` stood when it was last run.

    In place of one of them comes how it stands `now`. Without the file, nothing.
    """
    results = kept_in(folder / FILE).get("results")
    if not isinstance(results, dict):
        return []
    found = []
    for path in sorted((folder / "exercises").glob("*.ipynb")):
        if exercise := exercise_of(path):
            is_now = exercise.slug == now.slug
            found.append(now if is_now else _last(exercise, results.get(path.name)))
    return found


def _last(exercise: Exercise, kept: object) -> Progress:
    try:
        standings = [Standing(**each) for each in kept["standings"]]  # type: ignore[index]
    except (TypeError, KeyError):  # never run, or written over by hand
        standings = [Standing(answer) for answer in exercise.answers]
    return Progress.of(exercise, standings)
