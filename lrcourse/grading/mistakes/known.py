"""Known mistakes as a check file declares them: edits of the reference, or written out.

``MISTAKES = Mistakes(see=heading, slug=Edit(sentence, {what stands: what instead}))``.
"""

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

_Twin = TypeVar("_Twin", bound=Callable[..., Any])
_Documented = ast.FunctionDef | ast.ClassDef


class OutOfDate(ValueError):
    """The reference has no such piece, or more than one."""


@dataclass(frozen=True)
class Edit:
    """A mistake: what its author reads, and what they wrote `instead` of what stands.

    Each key of `instead` stands exactly once in the reference, docstrings and the line
    that begins a function not counted. `see` is the heading to read, where it is not
    that of the others.
    """

    sentence: str
    instead: Mapping[str, str]
    see: str = ""


@dataclass(frozen=True)
class WrittenOut:
    """A mistake that is another idea altogether: a whole function or class."""

    sentence: str
    twin: Callable[..., Any]
    see: str = ""


class Mistakes:
    """An answer's known mistakes by their slugs, which reports count them by.

    `see` is the chapter's heading that explains them.
    """

    def __init__(self, see: str, **edits: Edit) -> None:
        self.see = see
        self.by_slug: dict[str, Edit | WrittenOut] = dict(edits)

    def written_out(self, see: str = "") -> Callable[[_Twin], _Twin]:
        """Add a function or class: its name is the slug, its docstring the sentence.

        Raises:
            TypeError: `see` is the function itself: its brackets were forgotten.
            ValueError: there is a mistake of that name already, or no docstring.
        """
        if not isinstance(see, str):
            raise TypeError("write @MISTAKES.written_out(), with its brackets")

        def add(twin: _Twin) -> _Twin:
            slug, sentence = twin.__name__, " ".join((twin.__doc__ or "").split())
            if slug in self.by_slug:
                raise ValueError(f"there are two mistakes called {slug}: rename one")
            if not sentence:
                raise ValueError(f"{slug} needs a docstring: what a learner reads")
            self.by_slug[slug] = WrittenOut(sentence, twin, see)
            return twin

        return add


def edited(source: str, instead: Mapping[str, str], name: str) -> str:
    """Return the definition `source` with every edit made, docstrings left out.

    `name` is what the mistake is called in an error.

    Raises:
        OutOfDate: a piece does not stand there exactly once.
    """
    head, body = _parts(source)
    for right in instead:
        if (times := body.count(right)) != 1:
            raise OutOfDate(
                f"{name} is out of date: {right!r} stands {times} times in the "
                "solution's body, and should stand there once"
            )
    # from the end, so that the places before stay right
    for right in sorted(instead, key=body.index, reverse=True):
        place = body.index(right)
        body = body[:place] + instead[right] + body[place + len(right) :]
    return head + body


def _parts(source: str) -> tuple[str, str]:
    """Return the lines that begin a definition, and its body without docstrings."""
    lines = source.splitlines(keepends=True)
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, _Documented) and ast.get_docstring(node) is not None:
            docstring = node.body[0]
            assert docstring.end_lineno is not None
            place = slice(docstring.lineno - 1, docstring.end_lineno)
            lines[place] = [""] * (docstring.end_lineno - docstring.lineno + 1)
    definition = tree.body[0]
    assert isinstance(definition, _Documented)
    documented = ast.get_docstring(definition) is not None
    first = definition.body[1 if documented else 0]
    line = lines[first.lineno - 1].encode()[: first.col_offset].decode()
    start = len("".join(lines[: first.lineno - 1])) + len(line)
    text = "".join(lines)
    return text[:start], text[start:]
