"""Skip by proof: a chapter counts as known when its hardest two answers hold.

With them, the questions from earlier chapters that its exercise asks.
"""

from collections.abc import Callable
from dataclasses import dataclass
from html import escape

from lrcourse.grading.exercise import Exercise
from lrcourse.grading.recalls import PREFIX


@dataclass(frozen=True)
class Known:
    """What is `missing` before the chapter of number `chapter` counts as known."""

    chapter: int
    missing: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether nothing is missing."""
        return not self.missing

    @property
    def text(self) -> str:
        """How it stands, as a sentence."""
        return self._said("{}")

    @property
    def html(self) -> str:
        """How it stands, as a line of a card."""
        mark = '<span class="passed">✓</span> ' if self.holds else ""
        said = self._said("<code>{}</code>")
        return f"<p>{mark}{said}</p>"

    def _said(self, code: str) -> str:
        if self.holds:
            return (
                f"Chapter {self.chapter} is known: its hardest answers hold. What is "
                "left here is for practice."
            )
        recalls = sum(each.startswith(PREFIX) for each in self.missing)
        parts = [
            code.format(escape(each))
            for each in self.missing
            if not each.startswith(PREFIX)
        ]
        parts += {0: [], 1: ["the recall"]}.get(recalls, [f"the {recalls} recalls"])
        listed = " and ".join([", ".join(parts[:-1])] * (len(parts) > 1) + parts[-1:])
        return f"To have chapter {self.chapter} marked as known, solve {listed}."


def known_of(exercise: Exercise, holds: Callable[[str], bool]) -> Known | None:
    """Return how far the chapter is known; None where no answers are marked."""
    proof = exercise.proof
    if not proof:
        return None
    wanted = [*proof, *(place.name for place in exercise.asked)]
    missing = tuple(name for name in wanted if not holds(name))
    return Known(int(exercise.slug[:2]), missing)
