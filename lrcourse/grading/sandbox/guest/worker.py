"""The interpreter in which a learner's code runs: nothing of the course is in it.

Forked from a fork server where that is possible, else started by itself with
``python -m lrcourse.grading.sandbox.guest.worker LEVEL SCRATCH``. It reads
requests on descriptor 0 and answers on 1; what the learner prints goes to 2. It never
holds a check, a reference or an expected value, and nothing in it is believed: the
grader looks at every reply.
"""

import contextlib
import inspect
import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

from lrcourse.grading.notebook import MODULE
from lrcourse.grading.sandbox.codec import (
    AnswerLink,
    CallbackLink,
    Codec,
    Link,
    ObjectLink,
    link_data,
    not_plain,
    type_name,
)
from lrcourse.grading.sandbox.guest.definitions import Definitions
from lrcourse.grading.sandbox.guest.environment import (
    flush,
    hide_the_course,
    move_pipes_away,
    seed,
)
from lrcourse.grading.sandbox.guest.forbidden import ForbiddenFinder, hide_attributes
from lrcourse.grading.sandbox.jail import Level, limits
from lrcourse.grading.sandbox.jail.confine import Jail
from lrcourse.grading.sandbox.jail.proof import try_what_is_stopped
from lrcourse.grading.sandbox.jail.view import CLOSED_ROOMS, of_this_python
from lrcourse.grading.sandbox.messages import (
    Attribute,
    Broken,
    Call,
    CallbackCall,
    CallbackReply,
    Load,
    Loaded,
    Missing,
    Raised,
    Reply,
    Running,
    Said,
    Value,
    WrongSignature,
    read_callback,
    read_request,
    ready_data,
    said_data,
)
from lrcourse.grading.sandbox.wire import Data, WireError, read_frame, write_frame


class Worker(Codec):
    """Answers the parent's requests: load these cells, call that answer."""

    def __init__(self, requests: IO[bytes], replies: IO[bytes], jail: Jail) -> None:
        self.requests = requests
        self.replies = replies
        self.jail = jail
        self.nonce = ""
        self.objects: list[Any] = []
        self.defined = Definitions(self._running)

    def serve(self) -> None:
        """Answer requests until the parent closes the pipe."""
        operations: dict[type, Callable[[Any], Reply]] = {
            Load: self.load,
            Call: self.call,
            Attribute: self.attribute,
        }
        while True:
            request, self.nonce = read_request(read_frame(self.requests))
            reply = operations[type(request)](request)
            flush()
            try:
                self.say(reply)
            except WireError as error:
                self.say(Value(not_plain(str(error))))

    def say(self, said: Said) -> None:
        """Answer, by the nonce of the request, so that no reply fits another one."""
        write_frame(self.replies, said_data(said, self.nonce))

    def load(self, request: Load) -> Reply:
        """Run the definitions of the cells, each statement on its own."""
        self.jail.hide(request.forbidden)
        hide_attributes(request.forbidden)
        finder = ForbiddenFinder([*request.forbidden, *CLOSED_ROOMS])
        sys.meta_path.insert(0, finder)
        seed()
        self.defined.load(request.cells, request.skip)
        return Loaded()

    def call(self, request: Call) -> Reply:
        """Call an answer or an object, once more if whole cells help it to a name."""
        defined, target = self.defined, request.target
        if isinstance(target, str) and not (
            target in defined.names or target in defined.broken
        ):
            defined.run_everything()
        reply = self._call(request)
        unknown = _unknown_name(reply)
        if unknown and unknown not in defined.names and not defined.ran_everything:
            defined.run_everything()
            reply = self._call(request)
        if isinstance(reply, Raised) and _unknown_name(reply):
            if unknown in defined.broken:
                because = defined.broken[unknown]
                reply = Raised(replace(reply.problem, because=because))
        return reply

    def _call(self, request: Call) -> Reply:
        target = request.target
        if isinstance(target, str):
            if target in self.defined.broken:
                return Broken(self.defined.broken[target])
            if target not in self.defined.names:
                return Missing(target)
            function = self.defined.names[target]
        else:
            function = self.objects[target]
        values, named = self.decode(request.args), self.decode(request.kwargs)
        mismatch = _mismatch(function, values, named)
        if mismatch:
            return WrongSignature(mismatch)
        try:
            result = function(*values, **named)
        except BaseException as error:  # SystemExit is an outcome too
            return Raised(self.defined.describe(error))
        kept = link_data(self._number(result)) if request.held else self.encode(result)
        return Value(kept, self.encode(values), self.encode(named))

    def encode(self, value: Any) -> Data:
        """Return JSON-able data; a value that does its worst is not plain."""
        try:
            return super().encode(value)
        except BaseException:  # a type of the learner's may raise anything anywhere
            return not_plain(type_name(value))

    def attribute(self, request: Attribute) -> Reply:
        """Return an attribute of an object that an answer returned, or the object."""
        try:
            found = self.objects[request.target]
            found = getattr(found, request.name) if request.name else found
            return Value(self.encode(found))
        except BaseException as error:
            return Raised(self.defined.describe(error))

    def export(self, value: Any) -> Link | None:
        """Number a function or an object of the learner's, so that it can be called."""
        if isinstance(value, CallbackStub):
            return CallbackLink(value.number)
        own = getattr(type(value), "__module__", None) == MODULE
        if not (own or inspect.isroutine(value) or inspect.isclass(value)):
            return None
        return self._number(value)

    def _number(self, value: Any) -> ObjectLink:
        self.objects.append(value)
        return ObjectLink(len(self.objects) - 1, type_name(value))

    def adopt(self, link: Link) -> Any:
        """Return the learner's object or name, or a stub for the parent's function."""
        match link:
            case CallbackLink(number):
                return CallbackStub(self, number)
            case AnswerLink(name):
                return self.defined.names[name]
            case ObjectLink(number):
                return self.objects[number]

    def call_back(self, call: CallbackCall) -> CallbackReply:
        """Let the parent call a function that stays there."""
        self.say(call)
        return read_callback(read_frame(self.requests))

    def _running(self, title: str) -> None:
        self.say(Running(title))  # the grader's clock is per cell


class CallbackStub:
    """Stands for a function that stays with the checks: calling it asks the parent."""

    def __init__(self, worker: Worker, number: int) -> None:
        self.worker = worker
        self.number = number

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        encode = self.worker.encode
        call = CallbackCall(self.number, encode(list(args)), encode(kwargs))
        reply = self.worker.call_back(call)
        if reply.raised:
            raise RuntimeError(reply.raised)
        return self.worker.decode(reply.value)


CallbackStub.__name__ = "function"  # what Python's own messages call it


def _unknown_name(reply: Reply) -> str | None:
    return reply.problem.unknown_name if isinstance(reply, Raised) else None


def _mismatch(function: Any, args: list[Any], kwargs: dict[str, Any]) -> str | None:
    """Return why `function` cannot be called like that, or None."""
    if not callable(function):
        return f"it is a {type(function).__name__}, not a function"
    try:
        inspect.signature(function).bind(*args, **kwargs)
    except TypeError as error:
        return str(error)
    except ValueError:  # a builtin without a signature: let the call tell
        return None
    return None


def serve(jail: Jail) -> None:
    """Confine this process, prove it, and serve the grader until it is gone."""
    requests, replies = move_pipes_away()
    sys.argv = ["notebook"]
    jail.confine()
    level = int(jail.level)
    write_frame(replies, ready_data(level, try_what_is_stopped(jail.level)))
    with contextlib.suppress(EOFError, BrokenPipeError):
        Worker(requests, replies, jail).serve()
    os._exit(0)  # no learner's atexit, no thread left behind


def main() -> None:
    """Serve as a process that was started for one submission."""
    level, scratch = Level(int(sys.argv[1])), Path(sys.argv[2])
    hide_the_course()
    serve(Jail(level, of_this_python(), limits.bytes_of_addresses(), scratch))


if __name__ == "__main__":
    main()
