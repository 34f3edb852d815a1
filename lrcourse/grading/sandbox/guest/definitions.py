"""What a notebook defines: its statements run one by one, each at its own risk.

Definitions, imports and assignments come first; plots, loops and experiments run only
when an answer turns out to need what they leave behind. This is run by the worker.
"""

import __future__

import ast
import builtins
import difflib
import functools
import inspect
import linecache
import operator
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from lrcourse.grading.notebook import MODULE, defined_names, python_source
from lrcourse.grading.sandbox.codec import type_name
from lrcourse.grading.sandbox.guest.forbidden import Nothing
from lrcourse.grading.sandbox.messages import Problem

_NEAR = 0.75  # how alike two names are of which one may be meant for the other
_FUTURE = functools.reduce(
    operator.or_,
    (getattr(__future__, name).compiler_flag for name in __future__.all_feature_names),
)
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


_ASSIGNED = re.compile(r"^(\w+)\s*(?::[^=\n]+)?=(?!=)", re.MULTILINE)


@dataclass(frozen=True)
class Unreadable:
    """A cell that is not Python, or is left out: it stands for its statements.

    What an earlier cell defined is hidden by one that is not Python, and kept by one
    that `is_left_out`.
    """

    names: set[str]
    problem: Problem
    is_left_out: bool = False


class Definitions:
    """The names that a notebook's cells define, and why others are missing.

    `running` is told the title of each cell before it is read and before a statement
    of it runs, and "" when all have run.
    """

    def __init__(self, running: Callable[[str], None]) -> None:
        self.names: dict[str, Any] = {
            "__name__": MODULE,
            "__builtins__": builtins,
            "get_ipython": Nothing,
            "display": lambda *values, **options: None,
        }
        self.broken: dict[str, Problem] = {}
        self.ran_everything = False
        self._running = running
        self._titles: dict[str, str] = {}
        self._statements: list[tuple[str, ast.stmt | Unreadable]] = []
        self._future = 0

    def load(self, cells: Sequence[Sequence[str]], skip: Sequence[str]) -> None:
        """Run the definitions of `cells`, leaving out those titled in `skip`."""
        for title, source in cells:
            if title in skip:
                self._statements.append((title, _left_out(title, source)))
            else:
                self._parse(title, source)
        for title, statement in self._statements:
            if isinstance(statement, Unreadable) or self._defines(statement):
                self._run(title, statement)

    def _defines(self, statement: ast.stmt) -> bool:
        """Say whether later statements may lean on this one."""
        if isinstance(statement, _DEFINES):
            return True
        if isinstance(statement, ast.For | ast.While | ast.With):
            return bool(_bound_names(statement) & self.names.keys())
        return isinstance(statement, ast.Expr) and _is_setting(statement.value)

    def run_everything(self) -> None:
        """Run whole cells, for an answer that needs more than the definitions."""
        self.ran_everything = True
        for title, statement in self._statements:
            self._run(title, statement)
        self._running("")

    def describe(self, error: BaseException) -> Problem:
        """Return what is known of an exception: type, message, place, unknown name."""
        title, line = None, None
        trace = error.__traceback__
        while trace is not None:
            filename = trace.tb_frame.f_code.co_filename
            if filename in self._titles:
                title, line = self._titles[filename], trace.tb_lineno
            trace = trace.tb_next
        try:
            message = _message(error)[:2000]
        except BaseException:  # a learner's own __str__ may raise whatever it likes
            message = "its message could not be read"
        unknown = None
        if isinstance(error, NameError) and isinstance(error.name, str):
            unknown = error.name[:200]
        kind, bases = type_name(error), _bases(error)
        return Problem(kind, message, title, line, unknown, bases=bases)

    def _parse(self, title: str, source: str) -> None:
        self._running(title)  # data pasted into a cell can take long to read
        filename = f"<{title}>"
        self._titles[filename] = title
        lines = source.splitlines(True)
        # so that an error can quote the learner's own line
        linecache.cache[filename] = (len(source), None, lines, filename)
        try:
            tree = _parsed(source, filename)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            unreadable = Unreadable(defined_names(source), _not_read(title, error))
            self._statements.append((title, unreadable))
        else:
            body = [part for statement in tree.body for part in _as_main(statement)]
            self._statements += [(title, statement) for statement in body]

    def _run(self, title: str, statement: ast.stmt | Unreadable) -> None:
        if isinstance(statement, Unreadable):
            kept = self.names.keys() if statement.is_left_out else set[str]()
            self.broken |= dict.fromkeys(statement.names - kept, statement.problem)
            return
        names = _bound_names(statement)
        self._running(title)
        module = ast.Module([statement], [])
        try:
            # with the __future__ that an earlier statement asked for
            flags = self._future | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
            code = compile(module, f"<{title}>", "exec", flags, True)
            self._future |= code.co_flags & _FUTURE
            _finish(eval(code, self.names))
        except BaseException as error:  # whatever it is, it costs this statement only
            self.broken |= dict.fromkeys(names, self.describe(error))
        else:
            for name in names:
                self.broken.pop(name, None)


def _left_out(title: str, source: str) -> Unreadable:
    """Stand for a cell that is not read once more: that alone may take for ever."""
    names = defined_names(source) | set(_ASSIGNED.findall(source))
    message = "the cell ran for too long, or ended Python, and was left out"
    return Unreadable(names, Problem("TimedOut", message, title, None), True)


def _not_read(title: str, error: Exception) -> Problem:
    """Say why a cell is no Python that can be run."""
    if isinstance(error, MemoryError | RecursionError):
        message = "the cell is too large to be read: is there data pasted into it?"
        return Problem(type(error).__name__, message, title, None)
    line = getattr(error, "lineno", None)
    message = getattr(error, "msg", None) or str(error)
    return Problem("SyntaxError", message, title, line)


def _message(error: BaseException) -> str:
    """Return what an error says, with the name that may have been meant."""
    near: list[str] = []
    if isinstance(error, NameError) and error.__traceback__ is not None:
        trace = error.__traceback__
        while trace.tb_next is not None:
            trace = trace.tb_next
        names = [*trace.tb_frame.f_locals, *trace.tb_frame.f_globals, *dir(builtins)]
        near = difflib.get_close_matches(error.name or "", names, 1, _NEAR)
    elif isinstance(error, AttributeError) and inspect.ismodule(error.obj):
        names = dir(error.obj)
        near = [name for name in names if name.lower() == str(error.name).lower()]
    return f"{error}; did you mean {near[0]}?" if near else str(error)


def _bases(error: BaseException) -> str:
    """Return the names of the types that an error is derived from."""
    names = (type.__getattribute__(kind, "__name__") for kind in type(error).__mro__)
    return " ".join(str(name)[:100] for name in names)


def _finish(waiting: Any) -> None:
    """Run what a statement with an await at its top left to be run."""
    if inspect.iscoroutine(waiting):
        import asyncio  # here, because few notebooks need it

        asyncio.run(waiting)


def _parsed(source: str, filename: str) -> ast.Module:
    try:
        return ast.parse(source, filename)
    except SyntaxError:  # only then: a line may begin with % inside an expression
        return ast.parse(python_source(source), filename)


def _as_main(statement: ast.stmt) -> list[ast.stmt]:
    """Return what a notebook runs: the body of ``if __name__ == "__main__":``."""
    if isinstance(statement, ast.If) and not statement.orelse:
        if ast.unparse(statement.test) == "__name__ == '__main__'":
            return statement.body
    return [statement]


def _is_setting(value: ast.expr) -> bool:
    """Say whether this is a call like ``np.seterr(all="raise")``: plain arguments."""
    if not (isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute)):
        return False
    given = [*value.args, *(keyword.value for keyword in value.keywords)]
    return all(isinstance(each, ast.Constant | ast.Attribute) for each in given)


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
