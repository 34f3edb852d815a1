"""A question from an earlier chapter, judged by that chapter's answer and its mistakes.

A question has a number, from which what is asked is drawn; a learner returns the number
and the value, ``(417, 0.06)``. So a notebook says by itself what it answers.
"""

import copy
import functools
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from lrcourse.grading.checking.given import outcome
from lrcourse.grading.checking.questions import (
    Question,
    apart,
    hint,
    number_and_value,
    shown,
    written,
)
from lrcourse.grading.exercise import Exercise
from lrcourse.grading.mistakes.diagnosis import together
from lrcourse.grading.mistakes.references import Reference, references
from lrcourse.grading.verdict import PartlyRight

DRAWS = 12  # tried for one question: the one in which most mistakes show is asked


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
            PartlyRight: it is not.
            ValueError: it has no form of an answer.
        """
        number, value = number_and_value(given)
        require_its_value(number, self.question(number), value)

    @functools.cached_property
    def _reference(self) -> Reference | None:
        return references(self.source).get(self.recall.answer)

    def _drawn(self, rng: np.random.Generator, reference: Reference) -> Question:
        arguments = dict(self.recall.draw(rng))
        value = self._value(reference.function, arguments)
        text = " ".join(self.recall.question.split())
        words = {name: written(each) for name, each in arguments.items()}
        mistaken = [
            (each, self._value(each.function, arguments)) for each in reference.known
        ]
        digits = self.recall.digits
        return Question(
            text.format(**words),
            arguments,
            value,
            [
                (mistake, wrong)
                for mistake, wrong in mistaken
                if wrong is not None and apart(wrong, value, digits)
            ],
            digits,
            f"chapter {int(self.source.slug[:2])}, {self.heading}",
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


def require_its_value(number: int, question: Question, value: Any) -> None:
    """Look whether `value` answers question `number`.

    Raises:
        PartlyRight: it does not; the mistake that gives this value is named.
    """
    if question.is_right(value):
        return
    said = f"question {number}: {shown(value)} is not its value"
    asked, found = f"Question {number}: {question.text}", question.mistakes(value)
    if not found:
        again = f"Read again: {question.where}."
        raise PartlyRight(f"{said}{hint(value, question)}", [asked, again])
    mistake = together(found).as_dict()
    # one value is weak evidence: it is not said to be this
    mistake["sentence"] = f"{shown(value)} is what comes of this: {mistake['sentence']}"
    raise PartlyRight(said, [asked], mistake=mistake)


def drawn_question(kind: Any, number: int) -> dict[str, str]:
    """Return question `number` of a kind `Recalled` as plain data for a kernel."""
    assert isinstance(kind, Recalled)
    try:
        found = kind.question(number)
    except PartlyRight as error:  # no solution is here
        return {"refused": str(error)}
    place = {"chapter": kind.source.slug, "heading": kind.heading}
    return {"question": found.text, "form": found.form} | place
