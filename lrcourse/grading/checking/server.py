"""The checking process: pytest, started once, its run loop waiting for requests.

``python -m lrcourse.grading.checking.server CHECKS`` reads frames on standard input.
The first holds the secret that draws hidden parameters, ``{"secret": hex}``; it is
answered with ``{"ready": True, "level": "L3"}``.
Then a kernel asks about cells, ``{"answers": [name, ...], "cells": [[title, source],
...]}``, and is told ``{"results": [...]}`` (see `Result`) or ``{"unknown": [...],
"known": [...]}``; a grader asks about a notebook, ``{"notebook": path, "exercise": slug
or "", "student": name}``, and is told ``{"exercise": slug, "verdicts": [...]}`` or
``{"refused": why}``.
"""

import contextlib
import os
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from lrcourse.grading.answers.errors import AnswerRaised, NotStarted
from lrcourse.grading.answers.submitted import Answers
from lrcourse.grading.checking.check_files import Curve
from lrcourse.grading.checking.collection import ExerciseNode
from lrcourse.grading.checking.plugin import Grading
from lrcourse.grading.exercise import exercises_in
from lrcourse.grading.notebook import (
    Cell,
    NotebookUnreadable,
    defined_names,
    read_cells,
)
from lrcourse.grading.sandbox.wire import read_frame, write_frame

DRAWING_SECONDS = 1.0  # a learner waits for the card, not for a slow answer's curve


@dataclass
class Result:
    """One answer's: verdicts as plain data, hints, its curve and the expected one."""

    answer: str
    exercise: str
    verdicts: list[dict[str, Any]] = field(default_factory=list)
    hints: list[str] = field(default_factory=list)
    curve: dict[str, Any] | None = None


class Serving:
    """Replaces pytest's run loop by one that waits for requests."""

    def __init__(self, requests: BinaryIO, replies: BinaryIO) -> None:
        self.requests = requests
        self.replies = replies

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Serve until the client closes the pipe."""
        grading = session.config.pluginmanager.get_plugin("lrcourse-grading")
        assert isinstance(grading, Grading)
        for node in _nodes(session.items)[:1]:
            # one check runs twice: as in the kernel, and alone
            grading.pool(node.exercise, spares=2)
        with contextlib.suppress(EOFError):
            grading.secret = bytes.fromhex(read_frame(self.requests)["secret"])
            write_frame(self.replies, {"ready": True, "level": grading.level})
            while True:
                request = read_frame(self.requests)
                answer = self.notebook if "notebook" in request else self.cells
                write_frame(self.replies, answer(session, grading, **request))
        return True

    def cells(
        self,
        session: pytest.Session,
        grading: Grading,
        answers: Sequence[str],
        cells: Sequence[Sequence[str]],
    ) -> dict[str, Any]:
        """Run the checks of `answers` on `cells`."""
        nodes = _nodes(session.items)
        known = {name: node for node in nodes for name in node.answer_names}
        unknown = [name for name in answers if name not in known]
        if unknown:
            return {"unknown": unknown, "known": list(known)}
        submission = [Cell(title, source) for title, source in cells]
        results = [
            self._result(session, grading, known[name], name, submission)
            for name in answers
        ]
        return {"results": [asdict(result) for result in results]}

    def notebook(
        self,
        session: pytest.Session,
        grading: Grading,
        notebook: str,
        exercise: str,
        student: str,
    ) -> dict[str, Any]:
        """Run all checks of an exercise on a notebook."""
        nodes = {node.exercise.slug: node for node in _nodes(session.items)}
        path = Path(notebook)
        try:
            slug = exercise or path.stem
            slug = slug if exercise or slug in nodes else _recognised(path, nodes)
        except NotebookUnreadable as error:
            return {"refused": f"{path.name} is named after no exercise, and {error}"}
        if slug not in nodes:
            return {
                "refused": f"{path.name} answers none of the exercises here, "
                f"{', '.join(nodes)}: name it after one of them"
            }
        node = nodes[slug]
        node.notebook, node.cells, node.before_close = path, None, None
        node.student = student
        verdicts = _verdicts(grading, _items(session, node))
        return {"exercise": slug, "verdicts": verdicts}

    def _result(
        self,
        session: pytest.Session,
        grading: Grading,
        node: ExerciseNode,
        name: str,
        cells: list[Cell],
    ) -> Result:
        check = node.exercise.check(name)
        hints = list(getattr(check, "HINTS", ()))
        result = Result(name, node.exercise.slug, hints=hints)
        curve = getattr(check, "CURVE", None)

        def draw(answers: Answers) -> None:
            result.curve = _drawn(curve, getattr(answers, name)) if curve else None

        node.cells, node.before_close, node.student = cells, draw, ""
        items = [item for item in _items(session, node) if node.answer_of(item) == name]
        result.verdicts = _verdicts(grading, items)
        return result


def _verdicts(grading: Grading, items: Sequence[pytest.Item]) -> list[dict[str, Any]]:
    """Run `items` as one submission."""
    grading.forget()
    for item, following in zip(items, [*items[1:], None], strict=True):
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
    return [verdict.as_dict() for verdict in grading.verdicts]


def _recognised(notebook: Path, nodes: Mapping[str, ExerciseNode]) -> str:
    """Return the exercise most of whose answers a renamed notebook defines, or ""."""
    defined = {
        name for cell in read_cells(notebook) for name in defined_names(cell.source)
    }
    answered = {
        slug: len(defined & set(node.answer_names)) for slug, node in nodes.items()
    }
    best = max(answered, key=answered.__getitem__, default="")
    return best if best and answered[best] else ""


def _items(session: pytest.Session, node: ExerciseNode) -> list[pytest.Item]:
    return [item for item in session.items if item.getparent(ExerciseNode) == node]


def _nodes(items: Iterable[pytest.Item]) -> list[ExerciseNode]:
    parents = (item.getparent(ExerciseNode) for item in items)
    return list(dict.fromkeys(node for node in parents if node is not None))


def _drawn(curve: Curve, answer: Any) -> dict[str, Any] | None:
    """Return both curves as numbers; None in place of what is none, or is late."""
    end = time.monotonic() + DRAWING_SECONDS
    try:
        mine = [
            _number(curve, answer, x) if time.monotonic() < end else None
            for x in curve.x
        ]
    except NotStarted:
        return None
    return {
        "x": [float(x) for x in curve.x],
        "expected": [float(curve.expected(x)) for x in curve.x],
        "yours": mine,
        "xlabel": curve.xlabel,
        "ylabel": curve.ylabel,
    }


def _number(curve: Curve, answer: Any, x: float) -> float | None:
    try:
        value = curve.call(answer, x)
    except (AnswerRaised, TypeError):  # what it raised stands in the verdicts
        return None
    try:
        return float(value) if type(value) in (int, float) else None
    except OverflowError:  # an integer beyond all floats cannot be drawn
        return None


def main() -> int:
    """Serve the kernel that started this process; return pytest's exit status."""
    checks = Path(sys.argv[1])
    requests, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_RDWR), 0)
    os.dup2(2, 1)  # what pytest or a check prints must not enter the pipe
    options = ["-q", "--capture=no", "--noconftest", "-p", "no:cacheprovider"]
    options += ["-c", os.devnull, "--rootdir", str(checks.parent)]
    options += [
        "-p",
        "lrcourse.grading.checking.plugin",
        "--continue-on-collection-errors",
    ]
    folders = [str(exercise.folder) for exercise in exercises_in(checks)]
    if not folders:  # pytest would look for tests elsewhere
        print(f"{checks} holds no exercise", file=sys.stderr)
        return int(pytest.ExitCode.NO_TESTS_COLLECTED)
    return int(pytest.main([*options, *folders], plugins=[Serving(requests, replies)]))


if __name__ == "__main__":
    sys.exit(main())
