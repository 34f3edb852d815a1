"""Why an answer did not return, as the sentence that a learner reads."""

from typing import Any

from lrcourse.grading.sandbox.host.interpreter import CALL_SECONDS, OutOfTime, Stopped


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


def raise_if_failed(reply: dict[str, Any], name: str, call: str) -> None:
    """Turn a worker's refusal into the sentence that the learner reads."""
    __tracebackhide__ = True
    if "missing" in reply:
        raise AnswerRaised(
            "Missing",
            f"the notebook defines no {name}: bring back its cell, or its first line",
        )
    if "broken" in reply:
        problem = reply["broken"]
        where = f"{problem['cell']}{_line(problem)}"
        said = f"{problem['raised']}: {problem['message']}"
        sentence = f"{name} is not defined: {where} stopped with {said}"
        raise AnswerRaised(problem["raised"], sentence, problem["cell"])
    if "signature" in reply:
        raise AnswerRaised(
            "WrongSignature",
            f"{call} is not possible: {reply['signature']}. Restore the first "
            f"line of {name} as it was given",
        )
    if "raised" in reply:
        _raise_exception(reply, name, call)


def _raise_exception(reply: dict[str, Any], name: str, call: str) -> None:
    __tracebackhide__ = True
    if reply["raised"] == "NotImplementedError":
        raise NotStarted(name)
    where = f" ({reply['cell']}{_line(reply)})" if reply["cell"] else ""
    sentence = f"{call} raised {reply['raised']}: {reply['message']}{where}"
    if "because" in reply:
        cause = reply["because"]
        sentence += (
            f"; {cause['cell']}{_line(cause)} had stopped with {cause['raised']}"
        )
        sentence += f": {cause['message']}"
    raise AnswerRaised(reply["raised"], sentence, reply["cell"])


def _line(problem: dict[str, Any]) -> str:
    return f", line {problem['line']}" if problem["line"] else ""
