"""A submission's answers, as the checks meet them: callable, recorded, and elsewhere.

The learner's code runs in an interpreter of its own; here are only stand-ins that
send arguments there and bring results back.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from lrcourse.grading.answers.arguments import left_in, shown
from lrcourse.grading.answers.errors import (
    AnswerRaised,
    NotStarted,
    raise_if_failed,
    stopped,
)
from lrcourse.grading.notebook import Cell
from lrcourse.grading.sandbox.host.interpreter import SUBMISSION_SECONDS, Asked, Stopped
from lrcourse.grading.sandbox.wire import Codec, WireError

MAX_STOPS = 2  # an answer that had to be stopped twice is not tried a third time


@dataclass
class Call:
    """One recorded call, complete enough to be played again on another function.

    `target` is an answer's name or the number of the call that returned the object;
    with an `attribute`, it was looked up and not called. `args` and `kwargs` are
    encoded as they were before; `outcome` is what came back: the value and the
    arguments as they were left, or the type of the exception. `printed` is what the
    learner's code wrote meanwhile.
    """

    answer: str
    target: str | int
    attribute: str | None
    args: Any
    kwargs: Any
    outcome: "Returned | str | None" = None
    text: str = ""
    printed: str = ""


@dataclass(frozen=True)
class Returned:
    """A call's value, and its arguments as the call left them."""

    value: Any
    args: list[Any]
    kwargs: dict[str, Any]


class Answer:
    """Stands for a learner's function, class or object: calling it calls that one."""

    def __init__(
        self, answers: "Answers", owner: str, place: str | int, source: str | int
    ) -> None:
        self._answers = answers
        self._owner = owner
        self._place = place
        self._source = source
        self.__name__ = owner if isinstance(place, str) else f"{owner}(…)"

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        __tracebackhide__ = True
        return self._answers._call(self, args, kwargs)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or isinstance(self._place, str):
            raise AttributeError(name)
        return self._answers._attribute(self, name)

    def __repr__(self) -> str:
        return self.__name__


class Answers(Codec):
    """One submission's functions and classes, by attribute: `answers.cosine_lr`."""

    def __init__(
        self,
        cells: Sequence[Cell],
        forbidden: Sequence[str],
        new_interpreter: Callable[[], Asked],
        unreadable: str = "",
    ) -> None:
        self.unreadable = unreadable
        self.calls: list[Call] = []
        self.suspects: dict[str, Any] = {}  # what naming has found out so far
        self._cells = [[cell.title, cell.source] for cell in cells]
        self._forbidden = list(forbidden)
        self._new_interpreter = new_interpreter
        self._interpreter: Asked | None = None
        self._seconds_left: float | None = None
        self._skipped: list[str] = []
        self._stops: Counter[str] = Counter()
        self._oracles: list[Callable[..., Any]] = []
        self._oracle_error: Exception | None = None
        self._origins: dict[int, int] = {}

    def __getattr__(self, name: str) -> Answer:
        if name.startswith("_"):
            raise AttributeError(name)
        return Answer(self, name, name, name)

    def oracle(self, number: int) -> Callable[..., Any]:
        """Return the check's function that was sent under this number."""
        return self._oracles[number]

    def origin(self, place: int) -> int:
        """Return the number of the call that returned this object."""
        return self._origins[place]

    def close(self) -> None:
        """End the interpreter; nothing of the learner's runs on."""
        if self._interpreter is not None:
            self._interpreter.kill()
            self._interpreter = None

    def _call(
        self, answer: Answer, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        __tracebackhide__ = True
        text = f"{answer!r}({shown(args, kwargs)})"
        sent = self.encode(list(args)), self.encode(kwargs)
        call = Call(answer._owner, answer._source, None, *sent, text=text)
        request = {"target": answer._place, "args": sent[0], "kwargs": sent[1]}
        returned = self._record(call, {"op": "call"} | request)
        left_in(list(args), returned.args)
        left_in(kwargs, returned.kwargs)
        return returned.value

    def _attribute(self, answer: Answer, name: str) -> Any:
        __tracebackhide__ = True
        call = Call(answer._owner, answer._source, name, None, None)
        call.text = f"{answer!r}.{name}"
        request = {"op": "attribute", "target": answer._place, "name": name}
        return self._record(call, request).value

    def _record(self, call: Call, request: dict[str, Any]) -> Returned:
        __tracebackhide__ = True
        self.calls.append(call)
        try:
            reply = self._ask(call, request)
            raise_if_failed(reply, call.answer, call.text)
        except NotStarted:
            self.calls.pop()
            raise
        except AnswerRaised as error:
            call.outcome = error.type
            raise
        finally:
            self._raise_oracle_error()
        call.outcome = self._returned(reply)
        # decoded anew: a check may hand it to an answer that writes into it
        return self._returned(reply)

    def _returned(self, reply: dict[str, Any]) -> Returned:
        return Returned(
            self.decode(reply["value"]),
            self.decode(reply.get("args", [])),
            self.decode(reply.get("kwargs", {"dict": []})),
        )

    def _ask(self, call: Call, request: dict[str, Any]) -> Any:
        __tracebackhide__ = True
        if self.unreadable:
            raise AnswerRaised("Unreadable", self.unreadable)
        if self._stops[call.answer] >= MAX_STOPS:
            raise AnswerRaised(
                "TimedOut",
                f"{call.answer} was stopped {MAX_STOPS} times and is not tried again",
            )
        if self._seconds_left is not None and self._seconds_left <= 0:
            raise AnswerRaised(
                "TimedOut",
                f"the notebook as a whole ran for {SUBMISSION_SECONDS:g} seconds, and "
                f"{call.answer} is no longer tried",
            )
        interpreter = self._running()
        try:
            return interpreter.ask(request, self._oracle)
        except Stopped as stop:
            self._interpreter = None
            if stop.cell:  # a cell that ran only now, on demand
                self._skipped.append(stop.cell)
                return self._ask(call, request)
            self._stops[call.answer] += 1
            raise stopped(call.text, stop) from None
        finally:
            self._seconds_left = interpreter.seconds_left
            call.printed = interpreter.printed()

    def _running(self) -> Asked:
        """Return the interpreter with the submission loaded, less cells that hang."""
        while self._interpreter is None:
            interpreter = self._new_interpreter()
            if self._seconds_left is not None:
                interpreter.seconds_left = self._seconds_left
            request = {
                "op": "load",
                "cells": self._cells,
                "forbidden": self._forbidden,
                "skip": self._skipped,
            }
            try:
                interpreter.ask(request)
                self._interpreter = interpreter
            except Stopped as stop:
                self._seconds_left = interpreter.seconds_left
                if not stop.cell:
                    raise
                self._skipped.append(stop.cell)
        return self._interpreter

    def _oracle(self, request: dict[str, Any]) -> dict[str, Any]:
        """Call a check's own function for the worker, which only sees its result."""
        args, kwargs = self.decode(request["args"]), self.decode(request["kwargs"])
        if request["oracle"] >= len(self._oracles):
            raise WireError("a call of a function that was never sent")
        try:
            value = self._oracles[request["oracle"]](*args, **kwargs)
        except (
            Exception
        ) as error:  # it belongs to the check: raised there, after the call
            self._oracle_error = error
            return {"raised": f"{type(error).__name__}: {error}"}
        return {"value": self.encode(value)}

    def _raise_oracle_error(self) -> None:
        error, self._oracle_error = self._oracle_error, None
        if error is not None:
            raise error

    def export(self, value: Any) -> dict[str, Any] | None:
        """Send a check's function as an oracle, a learner's object by its number."""
        if isinstance(value, Answer):
            key = "name" if isinstance(value._place, str) else "object"
            return {key: value._place}
        if not callable(value):
            return None
        self._oracles.append(value)
        return {"oracle": len(self._oracles) - 1}

    def adopt(self, reference: dict[str, Any]) -> Any:
        """Return the stand-in for a function or object that an answer returned."""
        if "oracle" in reference:
            return self._oracles[reference["oracle"]]
        place, source = reference["object"], len(self.calls) - 1
        self._origins[place] = source
        return Answer(self, self.calls[source].answer, place, source)
