"""One notebook's answers examined: which cells are sent, and what is said about them.

What the checks found is left to the card. Here is what only the kernel knows: that a
cell has not run, that an answer stumbles on one which is blank, that it works only
through what the kernel remembers, and how far the exercise is.
"""

import functools
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from lrcourse.grading.entrances.card import Card
from lrcourse.grading.entrances.cells import Cells
from lrcourse.grading.entrances.client import Checker
from lrcourse.grading.entrances.landing import Landing
from lrcourse.grading.entrances.overview import Overview
from lrcourse.grading.entrances.place import Whereabouts
from lrcourse.grading.entrances.question import QuestionCard
from lrcourse.grading.entrances.way import Way, chapter_link, way_of
from lrcourse.grading.exercise import Exercise, exercises_in
from lrcourse.grading.standing import Progress, Standing, last_seen, summary
from lrcourse.grading.verdict import Verdict

_UNKNOWN_FILE = "Checked in this kernel only: where the notebook is saved is not known."
_NOT_RUN = "run its cell first: it has not run in this kernel"
_BLANK = "not started: write it, then run its cell"


class Examiner:
    """Examines the answers among `cells` with the process that checks."""

    def __init__(self, shell: Any, checker: Checker) -> None:
        self.cells = Cells(shell)
        self.checker = checker
        self._folder = Path.cwd()  # now, for a cell may go elsewhere
        self._held: dict[str, str] = {}  # what held, and as which definition

    @property
    def has_checks(self) -> bool:
        """Whether there are any checks here."""
        return self.checker.checks is not None

    @functools.cached_property
    def names(self) -> set[str]:
        """The answers for which there are checks."""
        return set(self.checker.ask_names())

    def examine(self, name: str) -> Card:
        """Check one answer as it ran here; the card has a note if it fails alone.

        Raises:
            ValueError: no exercise asks for an answer of that name.
            RuntimeError: there are no checks, or the checking process has ended.
        """
        if name in self.names and not self._is_there(name):
            return self._not_run(name)
        here = self.checker.check(name, self.cells.here(name))
        self._remember(name, here)
        return Card(
            here,
            self._note(name, here),
            standing=self._stumbling(name, here),
            way=self._way(here),
            chapter=self._chapter(here),
            notebook=self._place.to(f"solutions/{here['exercise']}.ipynb"),
        )

    def overview(self) -> Overview | None:
        """Return how every answer stands; None where no exercise is known."""
        exercise = self._exercise()
        if exercise is None:
            return None
        cards = [self.examine(name) for name in exercise.answers]
        way = way_of(exercise, "", self._holds, self._place)
        now = Progress.of(exercise, (Standing.of(card.result) for card in cards))
        course = summary(seen) if (seen := last_seen(self._place.root, now)) else []
        return Overview(exercise.slug, cards, way, course)

    def question(self, name: str, number: int) -> QuestionCard:
        """Return a question from an earlier chapter.

        Raises:
            ValueError: no exercise asks one of that name, or no solution is here.
            RuntimeError: there are no checks, or the checking process has ended.
        """
        found = self.checker.question(name, number)
        checks = self.checker.checks
        assert checks is not None
        chapter, heading = found["chapter"], found["heading"]
        link = chapter_link(checks, chapter, heading, self._place.up)
        return QuestionCard(number, found, link)

    def _is_there(self, name: str) -> bool:
        """Say whether `name` ran here, or is gone: then its cell is to be restored."""
        gone = self.cells.saved() is not None and self.cells.is_written(name) is None
        return self.cells.has_run(name) or gone

    def _not_run(self, name: str) -> Card:
        """Return the card of an answer whose cell has not run, whatever it holds."""
        result = self.checker.check(name, [])
        verdicts = [
            replace(Verdict(**each), outcome="not started", sentence="", mistake=None)
            for each in result["verdicts"]
        ]
        result |= {"verdicts": [each.as_dict() for each in verdicts], "curve": None}
        written = self.cells.is_written(name) is not False
        return Card(result, standing=_NOT_RUN if written else _BLANK)

    def _stumbling(self, name: str, here: dict[str, Any]) -> str:
        """Say on which blank answer one that is written stumbles."""
        started = any(each["outcome"] != "not started" for each in here["verdicts"])
        text = self.cells.definition(name)
        if started or not text or self.cells.is_blank(name):
            return ""
        words = set(re.findall(r"\w+", text))
        blank = sorted(each for each in self.names & words if self.cells.is_blank(each))
        called = " and ".join(blank) or "something"
        return f"it calls {called}, which is still blank: write that first"

    def _note(self, name: str, here: dict[str, Any]) -> str:
        """Check the saved cells; say what they need that only this kernel still has."""
        alone = self.cells.alone()
        if alone is None:
            return _UNKNOWN_FILE
        if not _earned(here) or here["stopped"]:  # it would only take longer
            return ""
        there = self.checker.check(name, alone)
        if _earned(there) >= _earned(here):
            return ""
        first = next(v for v in there["verdicts"] if v["outcome"] != "passed")
        return (
            "This works only through what the kernel still remembers. With the saved "
            f"notebook's cells alone: {first['sentence'] or first['outcome']}. Save "
            "the notebook; if the note stays, bring back the cell that is gone."
        )

    def _remember(self, name: str, here: dict[str, Any]) -> None:
        self._held.pop(name, None)
        if all(each["outcome"] == "passed" for each in here["verdicts"]):
            self._held[name] = self.cells.definition(name)

    def _holds(self, name: str) -> bool:
        """Say whether `name` held when it was last checked, and is as it was then."""
        return self._held.get(name) == self.cells.definition(name)

    def _way(self, here: dict[str, Any]) -> Way | None:
        checks = self.checker.checks
        if checks is None or not self._holds(here["answer"]):
            return None
        exercise = Exercise(here["exercise"], checks)
        return way_of(exercise, here["answer"], self._holds, self._place)

    def _chapter(self, here: dict[str, Any]) -> Landing | None:
        """Return where to read about the mistake that was found, if one was."""
        mistake, checks = here["verdicts"][-1]["mistake"], self.checker.checks
        if mistake is None or checks is None:
            return None
        chapter, heading = mistake["chapter"], mistake["heading"]
        return chapter_link(checks, chapter, heading, self._place.up)

    @property
    def _place(self) -> Whereabouts:
        """Where the notebook lies, from which its links begin."""
        saved = self.cells.place()
        return Whereabouts.of(saved.absolute().parent if saved else self._folder)

    def _exercise(self) -> Exercise | None:
        """Return the exercise that the notebook is named after, or else answers."""
        checks = self.checker.checks
        exercises = exercises_in(checks) if checks else []
        place, defined = self.cells.place(), self.cells.defined()
        for exercise in exercises:
            if place and exercise.slug == place.stem:
                return exercise
        answered = [each for each in exercises if defined & set(each.answers)]
        return max(
            answered, key=lambda each: len(defined & set(each.answers)), default=None
        )


def _earned(result: dict[str, Any]) -> float:
    verdicts = [Verdict(**verdict) for verdict in result["verdicts"]]
    return sum(each.earned for each in verdicts)
