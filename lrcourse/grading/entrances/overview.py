"""What `check()` shows: how every answer of the exercise stands, and what is next."""

from collections.abc import Sequence
from html import escape

from lrcourse.grading.entrances.card import MARKS, Card
from lrcourse.grading.entrances.look import TONES, framed, worded
from lrcourse.grading.entrances.way import Way


class Overview:
    """The cards of an exercise's answers, a line each; above them, the whole course.

    `course` is its progress in sentences, where it is known.
    """

    def __init__(
        self, exercise: str, cards: Sequence[Card], way: Way, course: Sequence[str] = ()
    ) -> None:
        self.exercise = exercise
        self.cards = cards
        self.way = way
        self.course = course

    def __repr__(self) -> str:
        width = max(len(card.result.answer) for card in self.cards)
        lines = [
            f"  {MARKS[card.result.outcome]} {card.result.answer:<{width}}  "
            f"{_points(card):<7}  {_standing(card)}".rstrip()
            for card in self.cards
        ]
        known = [f"  {self.way.known.text}"] if self.way.known else []
        head = f"{self.exercise}: {self.way.text}{self._sum()}"
        course = (
            [f"The course, as last checked: {' '.join(self.course)}"]
            if self.course
            else []
        )
        return "\n".join([*course, head, *lines, *known])

    def _repr_html_(self) -> str:
        rows = "".join(_row(card) for card in self.cards)
        tone = "passed" if self.way.done == self.way.total else "idle"
        known = self.way.known.html if self.way.known else ""
        head = f"<div><b>{escape(self.exercise)}</b>{self._sum()}</div>"
        onward = "" if self.way.done == self.way.total else self.way.onward
        return framed(
            tone,
            f"{self._course()}{head}{self.way.html}{onward}<table>{rows}</table>{known}",
        )

    def _course(self) -> str:
        said = escape(f"The course, as last checked: {' '.join(self.course)}")
        return f'<div class="soft"><small>{said}</small></div>' * bool(self.course)

    def _sum(self) -> str:
        earned = sum(card.result.points for card in self.cards)
        possible = sum(card.result.possible for card in self.cards)
        return f" · {earned:g} of {possible:g} points"


def _row(card: Card) -> str:
    outcome = card.result.outcome
    return (
        f'<tr><td><span class="{TONES[outcome]}">{MARKS[outcome]}</span> '
        f"<code>{escape(card.result.answer)}</code></td>"
        f"<td>{_points(card)}</td><td>{worded(_standing(card))}</td></tr>"
    )


def _points(card: Card) -> str:
    return f"{card.result.points:g}/{card.result.possible:g}"


def _standing(card: Card) -> str:
    result = card.result
    if card.standing:
        return card.standing
    if result.outcome == "not started":
        return "not started"
    if result.mistake is not None:
        return result.mistake["sentence"]
    return result.failed[0].sentence if result.failed else ""
