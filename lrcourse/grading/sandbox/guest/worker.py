"""The interpreter in which a learner's code runs: nothing of the course is in it.

Forked from the warm interpreter where that is possible, else started by itself with
``python -m lrcourse.grading.sandbox.guest.worker LEVEL BOX``. It reads
requests on descriptor 0 and answers on 1; what the learner prints goes to 2. It never
holds a check, a reference or an expected value, and nothing in it is believed: the
grader looks at every reply.
"""

import contextlib
import inspect
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from lrcourse.grading.sandbox.guest.definitions import MODULE, Definitions
from lrcourse.grading.sandbox.guest.environment import (
    flush,
    hide_the_course,
    private_pipes,
    seed,
)
from lrcourse.grading.sandbox.guest.forbidden import Forbidden, hide_attributes
from lrcourse.grading.sandbox.jail import Level, limits
from lrcourse.grading.sandbox.jail.confine import Jail
from lrcourse.grading.sandbox.jail.proof import unstopped
from lrcourse.grading.sandbox.jail.view import CLOSED_ROOMS, of_this_python
from lrcourse.grading.sandbox.wire import (
    Codec,
    WireError,
    read_frame,
    type_name,
    write_frame,
)


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
        operations: dict[str, Callable[..., Any]] = {
            "load": self.load,
            "call": self.call,
            "attribute": self.attribute,
        }
        while True:
            request = read_frame(self.requests)
            self.nonce = request.pop("nonce")
            reply = operations[request.pop("op")](**request)
            flush()
            try:
                self.say(reply)
            except WireError as error:
                self.say({"value": {"not_plain": str(error)}})

    def say(self, reply: dict[str, Any]) -> None:
        """Answer, by the number of the request, so that no reply fits another one."""
        write_frame(self.replies, reply | {"nonce": self.nonce})

    def load(
        self, cells: list[list[str]], forbidden: list[str], skip: list[str]
    ) -> dict[str, Any]:
        """Run the definitions of `cells`, each statement on its own."""
        self.jail.hide(forbidden)
        hide_attributes(forbidden)
        sys.meta_path.insert(0, Forbidden([*forbidden, *CLOSED_ROOMS]))
        seed()
        self.defined.load(cells, skip)
        return {"loaded": True}

    def call(self, target: Any, args: Any, kwargs: Any) -> dict[str, Any]:
        """Call an answer (by name) or an object (by number)."""
        defined = self.defined
        if isinstance(target, str) and not (
            target in defined.names or target in defined.broken
        ):
            defined.run_everything()
        reply = self._call(target, args, kwargs)
        unknown = reply.get("unknown_name")
        if unknown and unknown not in defined.names and not defined.ran_everything:
            defined.run_everything()
            reply = self._call(target, args, kwargs)
        if unknown in defined.broken and "unknown_name" in reply:
            reply["because"] = defined.broken[unknown]
        return reply

    def _call(self, target: Any, args: Any, kwargs: Any) -> dict[str, Any]:
        if isinstance(target, str):
            if target in self.defined.broken:
                return {"broken": self.defined.broken[target]}
            if target not in self.defined.names:
                return {"missing": target}
            function = self.defined.names[target]
        else:
            function = self.objects[target]
        values, named = self.decode(args), self.decode(kwargs)
        mismatch = _mismatch(function, values, named)
        if mismatch:
            return {"signature": mismatch}
        try:
            result = function(*values, **named)
        except BaseException as error:  # SystemExit is an outcome too
            return self.defined.describe(error)
        return {
            "value": self.encode(result),
            "args": self.encode(values),
            "kwargs": self.encode(named),
        }

    def encode(self, value: Any) -> Any:
        """Return JSON-able data; a value that does its worst is not plain."""
        try:
            return super().encode(value)
        except BaseException:  # a type of the learner's may raise anything anywhere
            return {"not_plain": type_name(value)}

    def attribute(self, target: int, name: str) -> dict[str, Any]:
        """Return an attribute of an object that an answer returned."""
        try:
            return {"value": self.encode(getattr(self.objects[target], name))}
        except BaseException as error:
            return self.defined.describe(error)

    def export(self, value: Any) -> dict[str, Any] | None:
        """Number a function or an object of the learner's, so that it can be called."""
        if isinstance(value, Oracle):
            return {"oracle": value.number}
        own = getattr(type(value), "__module__", None) == MODULE
        if not (own or inspect.isroutine(value) or inspect.isclass(value)):
            return None
        self.objects.append(value)
        return {"object": len(self.objects) - 1, "kind": type_name(value)}

    def adopt(self, reference: dict[str, Any]) -> Any:
        """Return the object behind a number or name, or a stand-in for the parent's."""
        if "oracle" in reference:
            return Oracle(self, reference["oracle"])
        if "name" in reference:
            return self.defined.names[reference["name"]]
        return self.objects[reference["object"]]

    def _running(self, title: str) -> None:
        self.say({"running": title})  # the grader's clock is per cell


class Oracle:
    """A function that stays with the checks: calling it asks the parent."""

    def __init__(self, worker: Worker, number: int) -> None:
        self.worker = worker
        self.number = number

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        worker = self.worker
        request = {
            "oracle": self.number,
            "args": worker.encode(list(args)),
            "kwargs": worker.encode(kwargs),
        }
        worker.say(request)
        reply = read_frame(worker.requests)
        if "raised" in reply:
            raise RuntimeError(reply["raised"])
        return worker.decode(reply["value"])


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
    requests, replies = private_pipes()
    sys.argv = ["notebook"]
    jail.confine()
    write_frame(replies, {"ready": int(jail.level), "open": unstopped(jail.level)})
    with contextlib.suppress(EOFError, BrokenPipeError):
        Worker(requests, replies, jail).serve()
    os._exit(0)  # no learner's atexit, no thread left behind


def main() -> None:
    """Serve as a process that was started for one submission."""
    level, box = Level(int(sys.argv[1])), Path(sys.argv[2])
    hide_the_course()
    serve(Jail(level, of_this_python(), limits.bytes_of_addresses(), box))


if __name__ == "__main__":
    main()
