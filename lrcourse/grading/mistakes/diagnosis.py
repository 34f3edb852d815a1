"""Which mistake is it? Play the recorded calls again and see which one agrees.

The known mistakes are asked first, then what one small edit makes of the reference.
"""

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from lrcourse.grading.answers.recorder import RecordedCall, Returned
from lrcourse.grading.answers.stand_in import StandIn
from lrcourse.grading.answers.submitted import Answers
from lrcourse.grading.comparison import close
from lrcourse.grading.mistakes.budget import Overrun, call_within
from lrcourse.grading.mistakes.references import Mistake, Reference
from lrcourse.grading.sandbox.codec import (
    AnswerLink,
    CallbackLink,
    Codec,
    Link,
    NotPlain,
    ObjectLink,
)

# outcomes that say something about the notebook, and nothing about the formula
_NOT_THE_FORMULA = {
    "Missing",
    "WrongSignature",
    "TimedOut",
    "Died",
    "Unreadable",
    "SyntaxError",
}


class Diagnosis:
    """Which mistakes made a submission's calls: asked again, it plays new calls only.

    `references` are those of the submission's exercise.
    """

    def __init__(self, answers: Answers, references: Mapping[str, Reference]) -> None:
        self.answers = answers
        self.references = references
        self._candidates: dict[str, Candidates] = {}

    def mistake(self, answer: str) -> Mistake | None:
        """Return the first mistake that did on every call what `answer` did.

        It must also differ from the reference on one of them. Without a reference, or
        without a call, none is named.
        """
        reference = self.references.get(answer)
        calls = [
            (number, call)
            for number, call in enumerate(self.answers.calls)
            if call.answer == answer
        ]
        outcomes = [call.outcome for _, call in calls if isinstance(call.outcome, str)]
        if not calls or not _NOT_THE_FORMULA.isdisjoint(outcomes):
            return None
        if reference is None:
            return None
        if answer not in self._candidates:
            self._candidates[answer] = Candidates(self.answers, reference)
        with np.errstate(all="ignore"):  # nobody read warnings where it ran
            return self._candidates[answer].first(calls)


class Candidates:
    """All that may have made an answer's calls: known mistakes, then mutants."""

    def __init__(self, answers: Answers, reference: Reference) -> None:
        self.answers = answers
        self.reference = reference
        self.right = Candidate(answers, reference.function)
        self.known = self._of(reference.known)

    @functools.cached_property
    def mutated(self) -> "list[tuple[Mistake, Candidate]]":
        """The mutants, which are not made before they are needed."""
        return self._of(self.reference.mutated)

    def first(self, calls: Sequence[tuple[int, RecordedCall]]) -> Mistake | None:
        """Return the first one that agrees with all of `calls`."""
        if self.right.agrees(calls):
            return None
        for mistake, candidate in self.known:
            if candidate.agrees(calls):
                return mistake
        for mistake, candidate in self.mutated:
            if candidate.agrees(calls):
                return mistake
        return None

    def _of(self, mistakes: Sequence[Mistake]) -> "list[tuple[Mistake, Candidate]]":
        return [(each, Candidate(self.answers, each.function)) for each in mistakes]


class Candidate:
    """One function, and how far it has agreed with the record."""

    def __init__(self, answers: Answers, function: Callable[..., Any]) -> None:
        self._replay = Replay(answers, function)
        self._played = 0
        self._agrees = True

    def agrees(self, calls: Sequence[tuple[int, RecordedCall]]) -> bool:
        """Play the calls that were not played yet, up to the first that differs."""
        while self._agrees and self._played < len(calls):
            number, call = calls[self._played]
            self._played += 1
            self._agrees = _same(call.outcome, self._replay.play(number, call))
        return self._agrees


class Replay(Codec):
    """The recorded calls once more, on another function, in this process."""

    def __init__(self, answers: Answers, function: Callable[..., Any]) -> None:
        self.answers = answers
        self.function = function
        self.results: dict[int, Any] = {}

    def play(self, number: int, call: RecordedCall) -> Returned | str:
        """Make one call again; return what came of it."""
        args, kwargs = self.decode(call.args), self.decode(call.kwargs)
        try:
            target = self._target(call.target)
            if call.attribute is not None:
                value, args, kwargs = getattr(target, call.attribute), [], {}
            else:
                value = call_within(target, *args, **kwargs)
        except (Exception, Overrun) as error:  # a mistake may raise: an outcome too
            return type(error).__name__
        self.results[number] = value
        return Returned(self.decode(self.encode(value)), args, kwargs)

    def adopt(self, link: Link) -> Any:
        """Return the check's own function, or the object that this replay made."""
        match link:
            case CallbackLink(number):
                return self.answers.recorder.callback(number)
            case ObjectLink(number):
                return self.results.get(self.answers.recorder.origin(number))
            case AnswerLink():
                return self.function

    def _target(self, target: str | int) -> Any:
        return self.function if isinstance(target, str) else self.results.get(target)


def _same(mine: Any, theirs: Any) -> bool:
    if isinstance(mine, Returned) and isinstance(theirs, Returned):
        pairs = [(mine.value, theirs.value), (mine.args, theirs.args)]
        return all(_equal(*pair) for pair in [*pairs, (mine.kwargs, theirs.kwargs)])
    return type(mine) is type(theirs) and mine == theirs


def _equal(mine: Any, theirs: Any) -> bool:
    """Compare as `close` does, but by the text where that refuses: nan is like nan."""
    if isinstance(mine, list | tuple) and type(mine) is type(theirs):
        pairs = zip(mine, theirs, strict=False)
        return len(mine) == len(theirs) and all(_equal(*pair) for pair in pairs)
    if isinstance(mine, dict) and isinstance(theirs, dict):
        shared = mine.keys() == theirs.keys()
        return shared and all(_equal(mine[key], theirs[key]) for key in mine)
    if isinstance(mine, NotPlain) and isinstance(theirs, NotPlain):
        return mine.kind == theirs.kind
    if isinstance(mine, StandIn) or callable(mine):
        # a returned function or object: its own calls follow in the record
        return isinstance(theirs, NotPlain) or callable(theirs)
    if type(mine) is float and type(theirs) is int:
        theirs = float(theirs)
    try:
        return bool(close(mine, theirs))
    except ValueError:
        return repr(mine) == repr(theirs)
