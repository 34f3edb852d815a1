"""A question from an earlier chapter, judged by that chapter's answer and its mistakes.

A question has a number, from which what is asked is drawn; a learner returns the number
and the value, ``(417, 0.06)``. So a notebook says by itself what it answers.
"""

import copy
import functools
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from lrcourse.grading.checking.given import outcome
from lrcourse.grading.checking.report import NO_RETURN
from lrcourse.grading.comparison import short
from lrcourse.grading.exercise import Exercise
from lrcourse.grading.mistakes.diagnosis import together
from lrcourse.grading.mistakes.references import Mistake, Reference, references
from lrcourse.grading.recalls import LAST
from lrcourse.grading.verdict import PartlyRight

DRAWS = 12  # tried for one question: the one in which most mistakes show is asked
_FORM = "`return number, value`, as in `return 12, 0.06`"
_NEAR = 0.02  # a value that is only rounded too early is seldom further off


@dataclass(frozen=True)
class Recall:
    """A question whose right value is what the chapter's `answer` gives.

    `question` names what is drawn, ``"falls from {max_lr} in {total_steps} updates"``;
    `draw` returns the answer's arguments by their names. `part` takes what is asked for
    out of what the answer returns. A number is asked for to `digits` digits.
    """

    answer: str
    question: str
    draw: Callable[[np.random.Generator], Mapping[str, Any]]
    part: Callable[[Any], Any] = lambda value: value
    digits: int = 3

    def of(self, chapter: Exercise, index: int) -> "Recalled":
        """Make the test of this question, number `index` of those of `chapter`."""
        return Recalled(chapter, index, self)


@dataclass(frozen=True)
class Question:
    """One drawn question: its arguments, the right value and each mistake's."""

    text: str
    arguments: Mapping[str, Any]
    value: Any
    mistaken: Sequence[tuple[Mistake, Any]]
    digits: int = 3

    @property
    def form(self) -> str:
        """How the value is to be written."""
        if isinstance(self.value, str):
            return "a text in quotes"
        if isinstance(self.value, int):
            return "a whole number"
        return f"to {self.digits} digits"

    def is_right(self, given: Any) -> bool:
        """Say whether `given` is the value, to the digits that are asked for."""
        return alike(given, self.value, self.digits)

    def mistakes(self, given: Any) -> list[Mistake]:
        """Return the known mistakes that give what was given."""
        return [m for m, value in self.mistaken if alike(given, value, self.digits)]


def alike(given: Any, value: Any, digits: int) -> bool:
    """Say whether two values agree: numbers to within one of the last digit.

    So a value may be rounded or cut off.
    """
    if isinstance(value, str) or not _is_number(value):
        return type(given) is type(value) and bool(given == value)
    if not _is_number(given):
        return False
    if isinstance(value, int) or not value:
        return bool(abs(given - value) <= 1e-9)
    unit = 10.0 ** (np.floor(np.log10(abs(value))) - digits + 1)
    return bool(abs(given - value) <= unit * (1 + 1e-9))


@dataclass(frozen=True)
class Recalled:
    """The test of the question number `index` of those that `source` offers."""

    source: Exercise
    index: int
    recall: Recall
    kind: str = "recall"

    def tests(self, exercise: Exercise, answer: str) -> dict[str, Callable[..., None]]:
        """Return the one test of the learner's number and value."""

        @pytest.mark.points(1)
        def recalls(answer: Any) -> None:
            self.require_right(answer())

        recalls.__name__ = f"test_{answer}_is_right"
        return {recalls.__name__: recalls}

    @property
    def heading(self) -> str:
        """The heading of the chapter that explains it."""
        reference = self._reference
        return reference.declared.see if reference else ""

    def question(self, number: int) -> Question:
        """Return question `number`: the draw in which most known mistakes show.

        Raises:
            PartlyRight: the chapter has no solution of it.
        """
        reference = self._reference
        if reference is None:
            raise PartlyRight(
                f"{self.source.solution.name} holds no solution of "
                f"{self.recall.answer}: without it no answer can be judged"
            )
        seed = f"{self.recall.answer} {self.index} {number}"
        rng = np.random.default_rng(zlib.crc32(seed.encode()))
        return max(
            (self._drawn(rng, reference) for _ in range(DRAWS)),
            key=lambda each: len(each.mistaken),
        )

    def require_right(self, given: Any) -> None:
        """Look whether `given` is the number of a question and its value.

        Raises:
            PartlyRight: it is not; the mistake that gives this value is named.
        """
        number, value = _number_and_value(given)
        question = self.question(number)
        if question.is_right(value):
            return
        said = f"question {number}: {_shown(value)} is not its value"
        found = question.mistakes(value)
        reasons = [f"Question {number}: {question.text}"]
        if not found:
            said = f"{said}{_hint(value, question)}"
        raise PartlyRight(
            said, reasons, mistake=together(found).as_dict() if found else None
        )

    @functools.cached_property
    def _reference(self) -> Reference | None:
        return references(self.source).get(self.recall.answer)

    def _drawn(self, rng: np.random.Generator, reference: Reference) -> Question:
        arguments = dict(self.recall.draw(rng))
        value = self._value(reference.function, arguments)
        text = " ".join(self.recall.question.split())
        shown = {name: _written(each) for name, each in arguments.items()}
        mistaken = [
            (each, self._value(each.function, arguments)) for each in reference.known
        ]
        digits = self.recall.digits
        return Question(
            text.format(**shown),
            arguments,
            value,
            [
                (mistake, wrong)
                for mistake, wrong in mistaken
                if wrong is not None and _apart(wrong, value, digits)
            ],
            digits,
        )

    def _value(self, function: Callable[..., Any], arguments: dict[str, Any]) -> Any:
        """Return what is asked for of what a function gives; None if it gives none."""
        own = copy.deepcopy(arguments)
        ended, value = outcome(functools.partial(function, **own), [])
        if ended:
            return None
        try:
            part = self.recall.part(value)
        except (TypeError, IndexError, KeyError):  # a mistake may give anything
            return None
        return part.item() if isinstance(part, np.ndarray | np.generic) else part


def _number_and_value(given: Any) -> tuple[int, Any]:
    if given is None:
        raise PartlyRight(f"it {NO_RETURN} Write {_FORM}")
    if not isinstance(given, list | tuple) or len(given) != 2:
        raise PartlyRight(
            f"say which question it answers: {_FORM}, where the number is the one that "
            "stands above the question"
        )
    number, value = given
    if type(number) is not int or not 1 <= number <= LAST:
        raise PartlyRight(
            f"{short(number)} is no question's number: {_FORM}, where the number is the "
            "one that stands above the question"
        )
    if not (isinstance(value, str) or _is_number(value)):
        kind = getattr(value, "_kind", type(value).__name__)
        raise PartlyRight(f"the value is a {kind}, and should be a number or a text")
    return number, value


def _is_number(value: Any) -> bool:
    return type(value) in (int, float) and bool(np.isfinite(value))


def _apart(wrong: Any, value: Any, digits: int) -> bool:
    """Say whether a wrong value cannot be taken for the right one."""
    if _is_number(wrong) and _is_number(value) and type(value) is float and value:
        middle = (wrong + value) / 2
        return not (alike(wrong, value, digits) or alike(middle, value, digits))
    return not alike(wrong, value, digits)


def _hint(given: Any, question: Question) -> str:
    """Return what can be said of a value that no known mistake gives."""
    value = question.value
    if type(given) is not type(value) and not (_is_number(given) and _is_number(value)):
        return f". It is asked for as {question.form}"
    if not _is_number(value) or not _is_number(given) or not value:
        return ", and no mistake that is known gives it"
    if abs(given - value) <= _NEAR * abs(value):
        if isinstance(value, int):
            return ", though near: which of its neighbours is it?"
        return f", though near: give it {question.form}, and round at the end only"
    if alike(-given, value, question.digits):
        return ": it has the wrong sign"
    return ", and no mistake that is known gives it"


def _shown(value: Any) -> str:
    return f"{value:.6g}" if type(value) is float else short(value)


def _written(value: Any) -> str:
    """Return a drawn argument as a question shows it."""
    if isinstance(value, np.ndarray):
        return str([[float(f"{x:.6g}") for x in row] for row in value.tolist()])
    return f"{value:.6g}" if isinstance(value, float) else str(value)
