"""The interpreter in which a learner's code runs: nothing of the course is in it.

Started as a process of its own with ``python -I -m lrcourse.grading.worker``. It
reads requests on its standard input and answers on its standard output; what the
learner prints goes nowhere. It never holds a check, a reference or an expected value.
"""

import ast
import builtins
import contextlib
import importlib.abc
import importlib.util
import inspect
import linecache
import os
import sys
import types
from collections.abc import Callable, Sequence
from importlib.machinery import ModuleSpec
from typing import Any, BinaryIO

from lrcourse.grading.notebook import defined_names, python_source
from lrcourse.grading.wire import Codec, read_frame, write_frame

CPU_SECONDS = 300  # a worker that its parent lost dies by itself
MODULE = "answers"  # the name a learner's functions and classes are defined under
_DEFINES = (
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.Import,
    ast.ImportFrom,
    ast.Assign,
    ast.AnnAssign,
    ast.AugAssign,
    ast.If,
    ast.Try,
)


class Worker(Codec):
    """The names a notebook defines, and the requests that reach them."""

    def __init__(self, requests: BinaryIO, replies: BinaryIO) -> None:
        self.requests = requests
        self.replies = replies
        self.names: dict[str, Any] = {"__name__": MODULE, "__builtins__": builtins}
        self.objects: list[Any] = []
        self.broken: dict[str, dict[str, Any]] = {}
        self.titles: dict[str, str] = {}
        self.statements: list[tuple[str, ast.stmt]] = []
        self.skip: set[str] = set()
        self.ran_everything = False

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

    # Loading -----------------------------------------------------------------

    def load(
        self, cells: list[list[str]], forbidden: list[str], skip: list[str]
    ) -> dict[str, Any]:
        """Run the definitions of `cells`, each statement on its own."""
        self.skip = set(skip)
        sys.meta_path.insert(0, Forbidden(forbidden))
        for title, source in cells:
            self._parse(title, source)
        for title, statement in self.statements:
            if isinstance(statement, _DEFINES):
                self._run(title, statement)
        return {"loaded": True}

    def _parse(self, title: str, source: str) -> None:
        filename = f"<{title}>"
        self.titles[filename] = title
        # so that an error can quote the learner's own line
        linecache.cache[filename] = (
            len(source),
            None,
            source.splitlines(True),
            filename,
        )
        try:
            tree = _parsed(source, filename)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            line = getattr(error, "lineno", None)
            message = getattr(error, "msg", None) or str(error)
            problem = _problem(title, "SyntaxError", message, line)
            self.broken |= dict.fromkeys(defined_names(source), problem)
            return
        self.statements += [(title, statement) for statement in tree.body]

    def _run(self, title: str, statement: ast.stmt) -> None:
        names = _bound_names(statement)
        if title in self.skip:
            message = "the cell ran for too long, or ended Python, and was left out"
            problem = _problem(title, "TimedOut", message, None)
            self.broken |= dict.fromkeys(names - self.names.keys(), problem)
            return
        write_frame(self.replies, {"running": title})  # the parent's clock is per cell
        code = compile(ast.Module([statement], []), f"<{title}>", "exec")
        try:
            exec(code, self.names)
        except BaseException as error:  # whatever it is, it costs this statement only
            self.broken |= dict.fromkeys(names, self.describe(error))
        else:
            for name in names:
                self.broken.pop(name, None)

    def _run_everything(self) -> None:
        """Run whole cells, for an answer that needs more than the definitions."""
        self.ran_everything = True
        for title, statement in self.statements:
            self._run(title, statement)

    # Calling -----------------------------------------------------------------

    def call(self, target: Any, args: Any, kwargs: Any) -> dict[str, Any]:
        """Call an answer (by name) or an object (by number)."""
        if (
            isinstance(target, str)
            and target not in self.names
            and target not in self.broken
        ):
            self._run_everything()
        reply = self._call(target, args, kwargs)
        unknown = reply.get("unknown_name")
        if unknown and unknown not in self.names and not self.ran_everything:
            self._run_everything()
            reply = self._call(target, args, kwargs)
        if unknown in self.broken and "unknown_name" in reply:
            reply["because"] = self.broken[unknown]
        return reply

    def _call(self, target: Any, args: Any, kwargs: Any) -> dict[str, Any]:
        if isinstance(target, str):
            if target in self.broken:
                return {"broken": self.broken[target]}
            if target not in self.names:
                return {"missing": target}
        function = (
            self.names[target] if isinstance(target, str) else self.objects[target]
        )
        values, named = self.decode(args), self.decode(kwargs)
        mismatch = _mismatch(function, values, named)
        if mismatch:
            return {"signature": mismatch}
        try:
            result = function(*values, **named)
        except (
            BaseException
        ) as error:  # SystemExit and KeyboardInterrupt are answers too
            return self.describe(error)
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
            return self.describe(error)

    def describe(self, error: BaseException) -> dict[str, Any]:
        """Return an exception as plain data: type, message, place in the notebook."""
        title, line = None, None
        trace = error.__traceback__
        while trace is not None:
            filename = trace.tb_frame.f_code.co_filename
            if filename in self.titles:
                title, line = self.titles[filename], trace.tb_lineno
            trace = trace.tb_next
        try:
            message = str(error)[:2000]
        except Exception:
            message = "its message could not be read"
        problem = _problem(title, type(error).__name__, message, line)
        if isinstance(error, NameError) and isinstance(error.name, str):
            problem["unknown_name"] = error.name
        return problem

    # References --------------------------------------------------------------

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
            return self.names[reference["name"]]
        return self.objects[reference["object"]]


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


class Forbidden(importlib.abc.MetaPathFinder):
    """Refuses to import what the exercise asks the learner to write."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = names

    def find_spec(
        self, fullname: str, path: Any = None, target: Any = None
    ) -> ModuleSpec | None:
        """Raise ImportError for a forbidden module; leave the others to Python."""
        for name in self.names:
            if fullname == name or fullname.startswith(name + "."):
                raise ImportError(
                    f"{fullname} may not be used here: this exercise asks you to write "
                    "what it holds"
                )
        return None


def _parsed(source: str, filename: str) -> ast.Module:
    try:
        return ast.parse(source, filename)
    except SyntaxError:  # only then: a line may begin with % inside an expression
        return ast.parse(python_source(source), filename)


def _bound_names(statement: ast.stmt) -> set[str]:
    """Return the names that `statement` gives a value, roughly."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {statement.name}
    names = set()
    for node in ast.walk(statement):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif isinstance(node, ast.alias):
            names.add((node.asname or node.name).split(".")[0])
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
    return names


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


def _problem(
    title: str | None, kind: str, message: str, line: int | None
) -> dict[str, Any]:
    return {"raised": kind, "message": message, "cell": title, "line": line}


def _private_pipes() -> tuple[BinaryIO, BinaryIO]:
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
