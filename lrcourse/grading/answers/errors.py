"""Why an answer did not return, as the sentence that a learner reads."""

from collections.abc import Sequence

from lrcourse.grading.sandbox.host.clock import WALL_FACTOR
from lrcourse.grading.sandbox.host.interpreter import (
    CALL_SECONDS,
    SUBMISSION_BYTES,
    SUBMISSION_SECONDS,
    OutOfTime,
    SaidTooMuch,
    Stopped,
)
from lrcourse.grading.sandbox.messages import (
    Broken,
    Problem,
    Raised,
    Reply,
    Value,
    WrongSignature,
)

# outcomes that say something about the notebook, and nothing about an answer's formula
NOT_THE_ANSWER = {
    "Missing",
    "WrongSignature",
    "TimedOut",
    "Died",
    "TooMuch",
    "Unreadable",
}
# with exceptions that name what is wrong: a name, an import, a bracket
CLEAR_BY_THEMSELVES = NOT_THE_ANSWER | {"NameError", "ImportError", "SyntaxError"}


class NotStarted(Exception):
    """The answer is still the stub it was given as."""


class AnswerRaised(Exception):
    """An answer that did not return. `type` and `message` say what, `cell` where.

    Besides the learner's exceptions, `type` may be one of `NOT_THE_ANSWER`. `bases` are
    the types that an exception is derived from; `reason` is what it said itself.
    """

    def __init__(
        self,
        type: str,
        message: str,
        cell: str | None = None,
        reason: str = "",
        bases: Sequence[str] = (),
    ) -> None:
        super().__init__(message)
        self.type = type
        self.message = message
        self.cell = cell
        self.reason = reason
        self.bases = bases

    @property
    def is_clear(self) -> bool:
        """Whether it says itself what is wrong, whatever an answer was asked for."""
        return not CLEAR_BY_THEMSELVES.isdisjoint([self.type, *self.bases])


def stopped(call: str, stop: Stopped) -> AnswerRaised:
    """Return the refusal of a call whose interpreter is gone."""
    if isinstance(stop, SaidTooMuch):
        mebibytes = f"{SUBMISSION_BYTES >> 20} MiB"
        sentence = (
            f"{call} returned too much: all calls together may return {mebibytes}"
        )
        return AnswerRaised("TooMuch", sentence)
    if not isinstance(stop, OutOfTime):
        return AnswerRaised("Died", f"Python itself ended during {call}")
    sentence = {
        "processor": f"{call} computed for {CALL_SECONDS:g} seconds without returning: "
        "is there a loop that never ends?",
        "wall": f"{call} had not returned after {WALL_FACTOR * CALL_SECONDS:g} seconds:"
        " does it wait for something, or is there a loop that never ends?",
        "submission": f"the notebook as a whole had run for {SUBMISSION_SECONDS:g} "
        f"seconds during {call}",
    }[stop.limit]
    return AnswerRaised("TimedOut", sentence)


def given_up(answer: str, stop: Stopped) -> AnswerRaised:
    """Return the refusal to call an answer again, which `stop` ended last time."""
    if isinstance(stop, OutOfTime):
        sentence = "it did not return in an earlier check"
        return AnswerRaised("TimedOut", f"{answer} is not tried again: {sentence}")
    sentence = "Python itself ended during it in earlier checks"
    return AnswerRaised("Died", f"{answer} is not tried again: {sentence}")


def not_loaded(stop: Stopped) -> tuple[str, str]:
    """Return type and sentence of a loading that ended, and no cell is to blame."""
    if isinstance(stop, OutOfTime):
        sentence = "the notebook was not loaded in time, and none of its cells ran"
        return "TimedOut", sentence
    sentence = "Python itself ended while it loaded the notebook, before any cell ran: "
    return "Died", f"{sentence}is there more data pasted into it than memory holds?"


def value_in(reply: Reply, name: str, call: str) -> Value:
    """Return what came back from `name`, called as `call` shows.

    Raises:
        NotStarted: it is still a stub.
        AnswerRaised: nothing came back, for the reason that the learner reads.
    """
    __tracebackhide__ = True
    match reply:
        case Value():
            return reply
        case Broken(problem):
            sentence = f"{name} is not defined: {_place(problem)} stopped with "
            sentence, bases = sentence + _exception(problem), problem.bases.split()
            raise AnswerRaised(problem.type, sentence, problem.cell, bases=bases)
        case WrongSignature(reason):
            sentence = f"{call} is not possible: {reason}. Restore the first line of "
            raise AnswerRaised("WrongSignature", f"{sentence}{name} as it was given")
        case Raised(Problem("NotImplementedError")):
            raise NotStarted(name)
        case Raised(problem):
            raise AnswerRaised(
                problem.type,
                _said(call, problem),
                problem.cell,
                problem.message,
                problem.bases.split(),
            )
        case _:
            sentence = f"the notebook defines no {name}: bring back its cell, or its "
            raise AnswerRaised("Missing", sentence + "first line")


def _said(call: str, problem: Problem) -> str:
    where = f" ({_place(problem)})" if problem.cell else ""
    sentence = f"{call} raised {_exception(problem)}{where}"
    cause = problem.because
    if cause is not None:
        sentence += f"; {_place(cause)} had stopped with {_exception(cause)}"
    return sentence


def _exception(problem: Problem) -> str:
    """Return an exception as Python prints it: its type alone where it says nothing."""
    said = problem.message.strip()
    return f"{problem.type}: {said}" if said and said != "''" else problem.type


def _place(problem: Problem) -> str:
    line = f", line {problem.line}" if problem.line else ""
    return f"{problem.cell}{line}"
