"""An exercise's checks run in this process, on functions that are ours.

As a learner's answers are: through the wire and the same asserts. Only the second
process is left out, so that a mutant costs a millisecond.
"""

import inspect
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import numpy as np

from lrcourse.grading.answers.submitted import Answers
from lrcourse.grading.exercise import Exercise
from lrcourse.grading.kept import kept
from lrcourse.grading.mistakes.budget import call_within
from lrcourse.grading.sandbox.codec import Link, ObjectLink
from lrcourse.grading.sandbox.guest.definitions import Definitions
from lrcourse.grading.sandbox.guest.worker import Worker
from lrcourse.grading.sandbox.messages import (
    AnswerCallback,
    Attribute,
    Call,
    CallbackCall,
    CallbackReply,
    Load,
    Loaded,
    Reply,
    Request,
)
from lrcourse.grading.seeds import generator

_SECRET = b"no class's: the mutation run's own"
_LIBRARIES = ("builtins", "numpy")

Check = Callable[..., None]


class InProcess(Worker):
    """Answers requests as the learner's interpreter does, with names it is given."""

    def __init__(self, names: dict[str, Any]) -> None:
        # no pipes and no jail: what runs here is ours
        self.objects: list[Any] = []
        self.defined = Definitions(lambda title: None)
        self.defined.names.update(names)
        self._callback: AnswerCallback | None = None
        self.seconds_left = self.bytes_left = math.inf

    def ask(self, request: Request, callback: AnswerCallback | None = None) -> Reply:
        """Return the reply to one request; there is nothing to load."""
        self._callback = callback
        match request:
            case Call():
                reply: Reply = call_within(self.call, request)
            case Attribute():
                reply = call_within(self.attribute, request)
            case Load():
                reply = Loaded()
        return reply

    def printed(self) -> str:
        """Return nothing: a reference prints nothing."""
        return ""

    def cpu_seconds(self) -> float:
        """Return 0: nobody waits for a reference."""
        return 0.0

    def kill(self) -> None:
        """Do nothing: there is no process to end."""

    def export(self, value: Any) -> Link | None:
        """Number the objects of a known mistake's class too: its module is another."""
        link = super().export(value)
        if link is None and type(value).__module__ not in _LIBRARIES:
            self.objects.append(value)
            link = ObjectLink(len(self.objects) - 1)
        return link

    def call_back(self, call: CallbackCall) -> CallbackReply:
        """Call a check's own function directly."""
        assert self._callback is not None
        return self._callback(call)


def in_process(names: dict[str, Any]) -> Answers:
    """Return answers that are found in `names` and run in this process."""
    worker = InProcess(names)
    return Answers([], (), lambda: worker)


@dataclass(frozen=True)
class Checks:
    """One answer's check functions."""

    exercise: str
    answer: str
    public: Sequence[Check]
    hidden: Sequence[Check]
    modules: Sequence[ModuleType] = ()  # which hold what the checks call with

    @property
    def all(self) -> Sequence[Check]:
        """Both kinds, the public ones first."""
        return [*self.public, *self.hidden]

    def failing(
        self, some: Sequence[Check], answers: Answers, seed: int = 0
    ) -> Iterator[tuple[str, Exception]]:
        """Yield those of `some` that `answers` fails, with what they raised.

        `seed` 0 draws the learner's own settings, every other one a student's.
        """
        for check in some:
            try:
                # as in the learner's interpreter, where nobody reads warnings
                with np.errstate(all="ignore"), kept(*self.modules):
                    check(**self._arguments(check, answers, seed))
            except Exception as error:  # whatever ends a check earns no point
                yield check.__name__, error

    def _arguments(self, check: Check, answers: Answers, seed: int) -> dict[str, Any]:
        given: dict[str, Any] = {}
        for name in inspect.signature(check).parameters:
            if name == "answers":
                given[name] = answers
            elif name == "rng":
                student = (f"{seed}", _SECRET) if seed else ()
                given[name] = generator(check.__name__, self.exercise, *student)
            else:
                given[name] = getattr(
                    answers, self.answer if name == "answer" else name
                )
        return given


def checks_of(exercise: Exercise) -> dict[str, Checks]:
    """Return each answer's checks; those that take `rng` are the hidden ones."""
    found = {}
    for answer, tests in exercise.tests().items():
        hidden = [t for t in tests.values() if "rng" in inspect.signature(t).parameters]
        public = [test for test in tests.values() if test not in hidden]
        modules = exercise.check(answer), exercise.shared
        found[answer] = Checks(exercise.slug, answer, public, hidden, modules)
    return found
