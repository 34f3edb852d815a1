"""Cases that tell an answer from its known mistakes, asked for before it is written.

The check file holds one line, ``TESTS = tells_apart("cosine_lr", cases=4)``. A learner
returns a list of cases, the answer's arguments in their order and then the value:
``[((50, 0.1, 100, 0.02), 0.06)]``. Whether a value is right the solution says; which
mistakes a case catches, the `MISTAKES` of the answer's own check file.
"""

import functools
import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

from lrcourse.grading.checking.faults import (
    escapes,
    is_one_case,
    not_its_value,
    standing,
)
from lrcourse.grading.checking.given import (
    CaseFault,
    GivenCase,
    as_arguments,
    as_pair,
    outcome,
)
from lrcourse.grading.checking.report import NO_RETURN
from lrcourse.grading.comparison import close
from lrcourse.grading.exercise import Exercise
from lrcourse.grading.mistakes.references import Mistake, Reference, references
from lrcourse.grading.verdict import PartlyRight

VALUES, APART = 1, 3  # points: cases that hold, and what they catch

Domain = Mapping[str, Callable[..., bool]]
Words = tuple[str, ...]


@dataclass(frozen=True)
class TellsApart:
    """The tests of a list of at most `cases` cases of `answer`.

    `domain` says in sentences what arguments must be, each with a function of them that
    holds where they are; `words` are texts that may be some.
    """

    answer: str
    cases: int = 4
    domain: Domain = field(default_factory=dict)
    words: Words = ()
    kind: str = "cases"

    def tests(self, exercise: Exercise, answer: str) -> dict[str, Callable[..., None]]:
        """Return the two tests of the learner's list."""
        judge = Judge(exercise, self)

        @pytest.mark.points(VALUES)
        def every_case_holds(answer: Any) -> None:
            judge.require_right(answer())

        @pytest.mark.points(APART)
        def every_mistake_is_caught(answer: Any) -> None:
            judge.require_apart(answer())

        names = {
            f"test_every_case_of_{self.answer}_holds": every_case_holds,
            f"test_every_mistake_in_{self.answer}_is_caught": every_mistake_is_caught,
        }
        for name, test in names.items():
            test.__name__ = name
        return {**names}


def tells_apart(
    answer: str, *, cases: int = 4, domain: Domain | None = None, words: Words = ()
) -> TellsApart:
    """Make the tests of a list of cases that tell `answer` from its known mistakes."""
    return TellsApart(answer, cases, domain or {}, words)


class Judge:
    """Judges lists of cases by the solution's answer and its known mistakes.

    A `PartlyRight` says in its reasons what is wrong with which of them, or that there
    is no solution.
    """

    def __init__(self, exercise: Exercise, asked: TellsApart) -> None:
        self.exercise = exercise
        self.asked = asked

    @functools.cached_property
    def reference(self) -> Reference:
        """The right answer, which is read when it is first asked for.

        Raises:
            PartlyRight: the exercise has no solution of it.
        """
        found = references(self.exercise)
        if self.asked.answer not in found:
            raise PartlyRight(
                f"{self.exercise.solution.name} holds no solution of "
                f"{self.asked.answer}: without it no case can be judged"
            )
        return found[self.asked.answer]

    def require_right(self, given: Any) -> None:
        """Look whether every case has the value that the reference gives.

        Raises:
            PartlyRight: one has not, or is no case.
        """
        right, faults = self.read(given)
        if faults:
            said = standing(len(given), len(right), self.asked.cases)
            raise PartlyRight(said, faults)

    def require_apart(self, given: Any) -> None:
        """Look whether each known mistake gives another value in some right case.

        Raises:
            PartlyRight: one does not, or no case is right.
        """
        right, _ = self.read(given)
        if not right:
            raise PartlyRight("no case holds yet, and only one that does can catch")
        known = self.reference.known
        left = [each for each in known if not self.caught(each, right)]
        if left:
            verb = "gets" if len(left) == 1 else "get"
            raise PartlyRight(
                f"{len(left)} of {len(known)} known mistakes {verb} away: where would "
                "they give another value?",
                [escapes(each, self.reference, right) for each in left],
                1 - len(left) / len(known),
            )

    def read(self, given: Any) -> tuple[list[GivenCase], list[str]]:
        """Return the cases that are right, and a sentence about each other one.

        Raises:
            PartlyRight: `given` is no list of cases at all.
        """
        form = f"a list of cases, each {self.form}"
        if given is None:
            raise PartlyRight(f"it {NO_RETURN} It should return {form}")
        if not isinstance(given, list | tuple):
            kind = getattr(given, "_kind", type(given).__name__)
            raise PartlyRight(f"return {form}, not a value of type {kind}")
        if not given:
            raise PartlyRight(f"the list is empty: give a case, {self.form}")
        if len(given) == 2 and is_one_case(given):
            raise PartlyRight(f"that is one case, and no list: write `[{self.bare}]`")
        right: list[GivenCase] = []
        faults, seen = [], dict[str, int]()
        for number, each in enumerate(given[: self.asked.cases], start=1):
            try:
                right.append(self.case(number, each, seen))
            except CaseFault as fault:
                faults.append(f"case {number}: {fault}")
        if len(given) > self.asked.cases:
            faults.append(
                f"{len(given)} cases are more than {self.asked.cases}: those after "
                f"case {self.asked.cases} are not looked at"
            )
        return right, faults

    def case(self, number: int, given: Any, seen: dict[str, int]) -> GivenCase:
        """Return a right case; `seen` gets its arguments.

        Raises:
            CaseFault: it is not right, or it is no case.
        """
        args, value = as_pair(given, self.form)
        args = as_arguments(args, self._form_of_arguments, self.asked.words)
        self._require_settings(args)
        twin = seen.setdefault(repr(args), number)
        if twin != number:
            raise CaseFault(f"it has the arguments of case {twin}")
        expected = self._expected(args)
        if isinstance(value, float) and not np.isfinite(value):
            raise CaseFault(f"its value is {value}, and should be finite")
        if not close(value, expected):
            raise CaseFault(
                not_its_value(value, expected, args, self.reference, self.form)
            )
        return GivenCase(number, args, expected)

    @property
    def form(self) -> str:
        """How a case is written."""
        return f"`{self.bare}`"

    @property
    def bare(self) -> str:
        """How a case is written, without the marks of code."""
        names = ", ".join(self.reference.parameters)
        comma = "," if len(self.reference.parameters) == 1 else ""
        return f"(({names}{comma}), value)"

    @property
    def _form_of_arguments(self) -> str:
        only = len(self.reference.parameters) == 1
        return f"{self.form}, whose inner comma makes the tuple" if only else self.form

    def caught(self, mistake: Mistake, right: Sequence[GivenCase]) -> bool:
        """Say whether in some case the mistake gives something else, or nothing."""
        for case in right:
            ended, value = outcome(mistake.function, case.args)
            if ended or not close(value, case.value):
                return True
        return False

    def _require_settings(self, args: Sequence[Any]) -> None:
        name, function = self.asked.answer, self.reference.function
        try:
            bound = inspect.signature(function).bind(*args)
        except TypeError as error:
            raise CaseFault(f"`{name}` cannot take these arguments: {error}") from None
        bound.apply_defaults()
        settings = bound.arguments
        for count in self.reference.vocabulary.counts:
            value = settings.get(count, 0)
            if type(value) is not int or value < 0:
                raise CaseFault(f"`{count}` counts: it is 0, 1, 2, …")
        for length in self.reference.vocabulary.lengths:
            if not settings.get(length, 1) > 0:
                raise CaseFault(f"`{length}` is larger than 0")
        for sentence, holds in self.asked.domain.items():
            ended, held = outcome(holds, list(settings.values()))
            if ended or held is not True:
                raise CaseFault(f"its arguments are not allowed: {sentence}")

    def _expected(self, args: Sequence[Any]) -> Any:
        ended, value = outcome(self.reference.function, args)
        try:
            if not ended and close(value, value):
                return value
        except ValueError:  # not finite
            ended = "the value would not be finite"
        raise CaseFault(f"`{self.asked.answer}` refuses these arguments ({ended})")
