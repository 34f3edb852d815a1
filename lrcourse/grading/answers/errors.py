"""Why an answer did not return, as the sentence that a learner reads."""

from lrcourse.grading.sandbox.host.interpreter import CALL_SECONDS, OutOfTime, Stopped
from lrcourse.grading.sandbox.messages import (
    Broken,
    Problem,
    Raised,
    Reply,
    Value,
    WrongSignature,
)


class NotStarted(Exception):
    """The answer is still the stub it was given as."""


class AnswerRaised(Exception):
    """An answer that did not return. `type` and `message` say what, `cell` where.

    Besides the learner's exceptions, `type` may be Missing, WrongSignature, TimedOut
    or Died.
    """

    def __init__(self, type: str, message: str, cell: str | None = None) -> None:
        super().__init__(message)
        self.type = type
        self.message = message
        self.cell = cell


def stopped(call: str, stop: Stopped) -> AnswerRaised:
    """Return the refusal of a call whose interpreter is gone."""
    if isinstance(stop, OutOfTime):
        sentence = (
            f"{call} computed for {CALL_SECONDS:g} seconds without returning: "
            "is there a loop that never ends?"
        )
        return AnswerRaised("TimedOut", sentence)
    return AnswerRaised("Died", f"Python itself ended during {call}")


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
            sentence += f"{problem.type}: {problem.message}"
            raise AnswerRaised(problem.type, sentence, problem.cell)
        case WrongSignature(reason):
            sentence = f"{call} is not possible: {reason}. Restore the first line of "
            raise AnswerRaised("WrongSignature", f"{sentence}{name} as it was given")
        case Raised(Problem("NotImplementedError")):
            raise NotStarted(name)
        case Raised(problem):
            raise AnswerRaised(problem.type, _said(call, problem), problem.cell)
        case _:
            sentence = f"the notebook defines no {name}: bring back its cell, or its "
            raise AnswerRaised("Missing", sentence + "first line")


def _said(call: str, problem: Problem) -> str:
    where = f" ({_place(problem)})" if problem.cell else ""
    sentence = f"{call} raised {problem.type}: {problem.message}{where}"
    cause = problem.because
    if cause is not None:
        sentence += f"; {_place(cause)} had stopped with {cause.type}: {cause.message}"
    return sentence


def _place(problem: Problem) -> str:
    line = f", line {problem.line}" if problem.line else ""
    return f"{problem.cell}{line}"
