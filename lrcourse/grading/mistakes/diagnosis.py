"""Which mistake is it? Play the recorded calls again and see which one agrees.

The known mistakes are asked first, then what one small edit makes of the reference, if
the learner's own code bears it out. Where none agrees, what the values say is said.
"""

import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from lrcourse.grading.answers.recorder import Ended, RecordedCall, Returned
from lrcourse.grading.answers.submitted import Answers
from lrcourse.grading.mistakes.alike import Played, same_outcome
from lrcourse.grading.mistakes.budget import Overrun, call_within
from lrcourse.grading.mistakes.evidence import bears_out
from lrcourse.grading.mistakes.learners_code import code_of
from lrcourse.grading.mistakes.references import OR, Mistake, Reference
from lrcourse.grading.mistakes.values import Case, case, said_of
from lrcourse.grading.sandbox.codec import (
    AnswerLink,
    CallbackLink,
    Codec,
    Link,
    NotPlain,
    ObjectLink,
    type_name,
)

BY_VALUES = "by_its_values"  # the slug of what has no twin

Calls = Sequence[tuple[int, RecordedCall]]


class Diagnosis:
    """Which mistakes made a submission's calls: asked again, it plays new calls only.

    `references` are those of the submission's exercise.
    """

    def __init__(self, answers: Answers, references: Mapping[str, Reference]) -> None:
        self.answers = answers
        self.references = references
        self._candidates: dict[str, Candidates] = {}

    def mistake(self, answer: str) -> Mistake | None:
        """Return the mistake that did on every call what `answer` did.

        It must also differ from the reference on one of them. Known ones that are alike
        are named together. None is named where a call says itself what is wrong.
        """
        reference = self.references.get(answer)
        calls = [
            (number, call)
            for number, call in enumerate(self.answers.calls)
            if call.answer == answer
        ]
        if not calls or reference is None:
            return None
        if any(isinstance(c.outcome, Ended) and c.outcome.is_clear for _, c in calls):
            return None
        if answer not in self._candidates:
            self._candidates[answer] = Candidates(self.answers, reference)
        with np.errstate(all="ignore"):  # nobody read warnings where it ran
            return self._candidates[answer].best(calls)


class Candidates:
    """All that may have made an answer's calls: known mistakes, then mutants."""

    def __init__(self, answers: Answers, reference: Reference) -> None:
        self.answers = answers
        self.reference = reference
        self.right = Right(answers, reference.function)
        self.known = self._of(reference.known)
        parameters = reference.code.parameters
        self.code = code_of(answers.sources, reference.name, parameters)

    @functools.cached_property
    def mutated(self) -> "list[tuple[Mistake, Candidate]]":
        """The mutants, which are not made before they are needed."""
        return self._of(self.reference.mutated)

    def best(self, calls: Calls) -> Mistake | None:
        """Return what is known of a mistake that agrees with all of `calls`."""
        rights = self.right.outcomes(calls)
        mine = [call.outcome for _, call in calls]
        differs = [
            not same_outcome(*pair, pair[1]) for pair in zip(mine, rights, strict=True)
        ]
        if not any(differs):
            return None
        pairs = zip(mine, differs, strict=True)
        shown = [isinstance(outcome, Returned) for outcome, far in pairs if far]
        agreeing = [m for m, candidate in self.known if candidate.agrees(calls, rights)]
        if agreeing:
            return together(agreeing)
        if any(shown):  # an exception alone says nothing of the formula
            for mistake, candidate in self.mutated:
                if candidate.agrees(calls, rights) and self._is_borne_out(mistake):
                    return mistake
        return self._by_values(calls, rights)

    def _is_borne_out(self, mistake: Mistake) -> bool:
        assert mistake.mutant is not None
        return bears_out(mistake.mutant, self.code, self.reference.code)

    def _by_values(self, calls: Calls, rights: Sequence[Played]) -> Mistake | None:
        """Return what the values say, as a mistake without a twin."""
        found = list(self._cases(calls, rights))
        if len(found) < len(calls):
            return None
        name, said = self.reference.name, said_of(found, self.reference.vocabulary)
        if said is None:
            return None
        return Mistake(name, BY_VALUES, self.reference.function, said)

    def _cases(self, calls: Calls, rights: Sequence[Played]) -> Iterator[Case]:
        names = list(self.reference.parameters)
        for (_, call), right in zip(calls, rights, strict=True):
            mine = call.outcome
            if isinstance(mine, Returned) and isinstance(right, Returned):
                settings = dict(zip(names, mine.args, strict=False)) | mine.kwargs
                found = case(settings, mine.value, right.value)
                if found is not None:
                    yield found

    def _of(self, mistakes: Sequence[Mistake]) -> "list[tuple[Mistake, Candidate]]":
        return [(each, Candidate(self.answers, each.function)) for each in mistakes]


def together(mistakes: Sequence[Mistake]) -> Mistake:
    """Return the mistakes as one, its sentence offering the first two of them."""
    first, *others = mistakes
    if not others:
        return first
    either, other = first.sentence, others[0].sentence
    return replace(
        first,
        slug=f"{first.slug}{OR}{others[0].slug}",
        sentence=f"Either: {either} Or: {other}",
    )


class Right:
    """The reference, and what it gives for each recorded call."""

    def __init__(self, answers: Answers, function: Callable[..., Any]) -> None:
        self._replay = Replay(answers, function)
        self._outcomes: list[Played] = []

    def outcomes(self, calls: Calls) -> Sequence[Played]:
        """Play the calls that were not played yet; return the outcomes of all."""
        for number, call in calls[len(self._outcomes) :]:
            self._outcomes.append(self._replay.play(number, call))
        return self._outcomes


class Candidate:
    """One function, and how far it has agreed with the record."""

    def __init__(self, answers: Answers, function: Callable[..., Any]) -> None:
        self._replay = Replay(answers, function)
        self._played = 0
        self._agrees = True

    def agrees(self, calls: Calls, rights: Sequence[Played]) -> bool:
        """Play the calls that were not played yet, up to the first that differs."""
        while self._agrees and self._played < len(calls):
            number, call = calls[self._played]
            right = rights[self._played]
            self._played += 1
            self._agrees = same_outcome(
                call.outcome, self._replay.play(number, call), right
            )
        return self._agrees


class Replay(Codec):
    """The recorded calls once more, on another function, in this process."""

    def __init__(self, answers: Answers, function: Callable[..., Any]) -> None:
        self.answers = answers
        self.function = function
        self.results: dict[int, Any] = {}

    def play(self, number: int, call: RecordedCall) -> Returned | Ended:
        """Make one call again; return what came of it."""
        args, kwargs = self.decode(call.args), self.decode(call.kwargs)
        try:
            target = self._target(call.target)
            if call.attribute is not None:
                value, args, kwargs = _part(target, call.attribute), [], {}
            else:
                value = call_within(target, *args, **kwargs)
        except (Exception, Overrun) as error:  # a mistake may raise: an outcome too
            return Ended(type(error).__name__, str(error))
        self.results[number] = value
        if call.held:
            return Returned(NotPlain(type_name(value)), args, kwargs)
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


def _part(whole: Any, attribute: str) -> Any:
    return getattr(whole, attribute) if attribute else whole
