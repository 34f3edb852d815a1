"""The interpreter in which a learner's code runs: nothing of the course is in it.

Started as a process of its own with ``python -I -m lrcourse.grading.worker``. It
reads requests on its standard input and answers on its standard output; what the
learner prints goes nowhere. It never holds a check, a reference or an expected value.
"""

import contextlib
import inspect
import os
import sys
import types
from collections.abc import Callable
from typing import IO, Any

from lrcourse.grading.definitions import MODULE, Definitions, Forbidden
from lrcourse.grading.wire import Codec, read_frame, write_frame

CPU_SECONDS = 300  # a worker that its parent lost dies by itself


class Worker(Codec):
    """Answers the parent's requests: load these cells, call that answer."""

    def __init__(self, requests: IO[bytes], replies: IO[bytes]) -> None:
        self.requests = requests
        self.replies = replies
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
            write_frame(self.replies, operations[request.pop("op")](**request))

    def load(
        self, cells: list[list[str]], forbidden: list[str], skip: list[str]
    ) -> dict[str, Any]:
        """Run the definitions of `cells`, each statement on its own."""
        sys.meta_path.insert(0, Forbidden(forbidden))
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

    def attribute(self, target: int, name: str) -> dict[str, Any]:
        """Return an attribute of an object that an answer returned."""
        try:
            return {"value": self.encode(getattr(self.objects[target], name))}
        except Exception as error:
            return self.defined.describe(error)

    def export(self, value: Any) -> dict[str, Any] | None:
        """Number a function or an object of the learner's, so that it can be called."""
        if isinstance(value, Oracle):
            return {"oracle": value.number}
        own = getattr(type(value), "__module__", None) == MODULE
        if not (own or inspect.isroutine(value) or inspect.isclass(value)):
            return None
        self.objects.append(value)
        return {"object": len(self.objects) - 1, "kind": type(value).__name__}

    def adopt(self, reference: dict[str, Any]) -> Any:
        """Return the object behind a number or name, or a stand-in for the parent's."""
        if "oracle" in reference:
            return Oracle(self, reference["oracle"])
        if "name" in reference:
            return self.defined.names[reference["name"]]
        return self.objects[reference["object"]]

    def _running(self, title: str) -> None:
        write_frame(self.replies, {"running": title})  # the parent's clock is per cell


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
        write_frame(worker.replies, request)
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


def _private_pipes() -> tuple[IO[bytes], IO[bytes]]:
    """Move the two pipes away from the numbers that a learner's print writes to."""
    requests, replies = os.dup(0), os.dup(1)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nowhere, number)
    return os.fdopen(requests, "rb"), os.fdopen(replies, "wb")


def _hide_the_course() -> None:
    """Leave a notebook's own import of `check` working, with nothing behind it."""
    stand_in = types.ModuleType("lrcourse.grading")
    stand_in.check = lambda *names: None  # type: ignore[attr-defined]
    sys.modules["lrcourse.grading"] = stand_in
    sys.modules[MODULE] = types.ModuleType(MODULE)


def _limit_cpu() -> None:
    with contextlib.suppress(ImportError):  # Windows has no limits to set
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))


def main() -> None:
    """Serve one parent, then end."""
    requests, replies = _private_pipes()
    _limit_cpu()
    _hide_the_course()
    write_frame(replies, {"ready": True})
    with contextlib.suppress(EOFError, BrokenPipeError):
        Worker(requests, replies).serve()
    os._exit(0)  # no learner's atexit, no thread left behind


if __name__ == "__main__":
    main()
