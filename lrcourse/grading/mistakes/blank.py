"""A solution with one line left to the learner: the one that most mistakes change.

A line is a statement here, however many lines it fills, or the head of one that holds
others, up to its colon. Two are the same if their syntax trees are.
"""

import ast
import contextlib
import inspect
import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from lrcourse.grading.mistakes.known import (
    Edit,
    Mistakes,
    OutOfDate,
    WrittenOut,
    edited,
)
from lrcourse.grading.solution import solution_of

BLANK, SAID = "____", "# left to you"
_Definition = ast.FunctionDef | ast.ClassDef
_Asking = ast.If | ast.While | ast.For
_Valued = ast.Return | ast.Assign | ast.AnnAssign | ast.AugAssign


def step_of(notebook: Path, answer: str, mistakes: Mistakes) -> dict[str, str]:
    """Return what `solution_of` does, and its source with a line "blank".

    Where that is not to be had, the result is empty, whatever it is that stands there.
    """
    try:
        solution = solution_of(notebook, answer)
        if solution:
            solution["blank"] = blanked(solution["source"], answer, mistakes)
    except Exception:  # no card depends on it
        return {}
    return solution


def blanked(source: str, answer: str, mistakes: Mistakes) -> str:
    """Return `source`, which defines `answer`, with one of its lines blank.

    Where a line hands something on, that is what is blank: ``return ____``. Never
    blank are the beginnings of definitions and docstrings; the return of a mere name
    is only where there is nothing else.

    Raises:
        ValueError: `source` does not define `answer`, or nothing stands in it.
    """
    definition = _definition(source, answer)
    text = ast.get_source_segment(source, definition) or ""
    changed: Counter[str] = Counter()
    lines = [*_lines(definition)]
    for mistake in mistakes.by_slug.values():
        with contextlib.suppress(OutOfDate):  # `Reference.known` is who says so
            twin = {_said(line) for line in _lines(_twin(text, answer, mistake))}
            changed.update({_said(line) for line in lines} - twin)
    choice = [line for line in lines if not _returns_a_name(line)] or lines
    if not choice:
        raise ValueError(f"nothing stands in {answer} that could be blank")
    # of several that are changed as often, `max` takes the first
    return _without(source, max(choice, key=lambda line: changed[_said(line)]))


def _definition(source: str, name: str) -> _Definition:
    for node in ast.parse(source).body:
        if isinstance(node, _Definition) and node.name == name:
            return node
    raise ValueError(f"the source does not define {name}")


def _twin(text: str, answer: str, mistake: Edit | WrittenOut) -> _Definition:
    """Return the definition as whoever makes the mistake writes it."""
    if isinstance(mistake, Edit):
        return _definition(edited(text, mistake.instead, answer), answer)
    written = textwrap.dedent(inspect.getsource(mistake.twin))
    return _definition(written, mistake.twin.__name__)


def _lines(definition: _Definition) -> Iterator[ast.stmt]:
    """Yield the statements that may be blank, in order."""
    for node in _statements(definition.body):
        begins = isinstance(node, _Definition | ast.Try | ast.With | ast.Match)
        text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if not begins and not text:
            yield node


def _statements(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield statements, each before those that it holds."""
    for node in body:
        yield node
        for part in ("body", "handlers", "orelse", "finalbody"):
            for inner in getattr(node, part, ()):
                held = inner.body if isinstance(inner, ast.ExceptHandler) else [inner]
                yield from _statements(held)


def _said(line: ast.stmt) -> str:
    """Return what a line says, without what it holds."""
    return ast.unparse(line).partition("\n")[0]


def _returns_a_name(line: ast.stmt) -> bool:
    return isinstance(line, ast.Return) and isinstance(line.value, ast.Name | None)


def _asked(line: ast.stmt) -> ast.expr | ast.stmt:
    """Return the part of a line that is to be found: what it hands on, or asks."""
    if isinstance(line, ast.If | ast.While):
        return line.test
    if isinstance(line, ast.For):
        return line.iter
    return (line.value if isinstance(line, _Valued) else None) or line


def _without(source: str, line: ast.stmt) -> str:
    """Return `source` with what is to be found on a line blank, and said to be."""
    starts = [0]
    for each in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(each))

    def place(row: int | None, column: int | None) -> int:
        start = starts[(row or 1) - 1]
        return start + len(source[start:].encode()[:column].decode())

    asked = _asked(line)
    last = asked if isinstance(line, _Asking) else line
    before = source[: place(asked.lineno, asked.col_offset)]
    after = source[place(last.end_lineno, last.end_col_offset) :]
    if asked is not line:  # parentheses around it are its own
        before = before.rstrip(" \n(") + " "
    if last is not line:
        after = after.lstrip(" \n)")
    rest, *others = after.split("\n", 1)
    code = rest.partition("#")[0].rstrip()  # a comment there would tell
    return "\n".join([f"{before}{BLANK}{code}  {SAID}", *others])
