"""The checking process: pytest, started once, its run loop waiting for requests.

``python -m lrcourse.grading.checking.server CHECKS`` reads frames on standard input.
The first holds the secret that draws hidden parameters, ``{"secret": hex}``; it is
answered with ``{"level": "L3"}``.
Then a kernel asks about cells, ``{"answers": [name, ...], "cells": [[title, source],
...]}``, and is told ``{"results": [...]}`` (see `Result`) or ``{"unknown": [...],
"known": [...]}``; a grader asks about a notebook, ``{"notebook": path, "exercise": slug
or "", "student": name, "show_hidden": bool}``, and is told ``{"exercise": slug,
"verdicts": [...]}`` or ``{"refused": why}``. A kernel also wants a question drawn,
``{"recall": name, "number": n}`` (see `drawn_question`). All may be told
``{"broken": why}``: the checks are, or nothing of a learner's can be run here. Each
question has a ``"nonce"``, which its reply repeats.
"""

import contextlib
import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from lrcourse.grading.answers.submitted import Answers
from lrcourse.grading.checking.collection import ExerciseNode, is_hidden, recognised
from lrcourse.grading.checking.drawing import drawn
from lrcourse.grading.checking.plugin import Grading
from lrcourse.grading.checking.recalled import drawn_question
from lrcourse.grading.checking.unusable import Unusable
from lrcourse.grading.mistakes.blank import step_of
from lrcourse.grading.mistakes.known import Mistakes
from lrcourse.grading.notebook import (
    Cell,
    NotebookUnreadable,
)
from lrcourse.grading.sandbox.wire import read_frame, write_frame
from lrcourse.grading.solution import solution_of


@dataclass
class Result:
    """One answer's: verdicts as plain data, hints, its curve and the expected one.

    `stopped`: a call or a cell had to be, so that it is no use to try all again.
    `solution` is what `solution_of` says, once every check holds. Before, it is the
    step after the last hint, and holds the source with one line "blank" too; an answer
    without hints has none.
    """

    answer: str
    exercise: str
    verdicts: list[dict[str, Any]] = field(default_factory=list)
    hints: list[str] = field(default_factory=list)
    curve: dict[str, Any] | None = None
    stopped: bool = False
    solution: dict[str, str] = field(default_factory=dict)


class Serving:
    """Replaces pytest's run loop by one that waits for requests."""

    def __init__(
        self, unusable: Unusable, requests: BinaryIO, replies: BinaryIO
    ) -> None:
        self.unusable = unusable
        self.requests = requests
        self.replies = replies

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Serve until the client closes the pipe."""
        grading = session.config.pluginmanager.get_plugin("lrcourse-grading")
        assert isinstance(grading, Grading)
        nodes = _nodes(session.items)
        for node in nodes:
            self.unusable.reasons.pop(node.exercise.slug)
        for node in nodes[:1]:
            # one check runs twice: as in the kernel, and alone
            grading.pool(node.exercise, spares=2)
        with contextlib.suppress(EOFError):
            grading.secret = bytes.fromhex(read_frame(self.requests)["secret"])
            broken = {} if nodes else {"broken": self.unusable.said()}
            write_frame(self.replies, {"level": grading.level} | broken)
            while True:
                request = read_frame(self.requests)
                nonce = {"nonce": request.pop("nonce")}
                answer = self._answering(request)
                write_frame(self.replies, answer(session, grading, **request) | nonce)
        return True

    def _answering(self, request: Mapping[str, Any]) -> Callable[..., dict[str, Any]]:
        if "recall" in request:
            return self.recall
        return self.notebook if "notebook" in request else self.cells

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
            said = {"known": list(known), "because": self.unusable.said()}
            return {"unknown": unknown} | said
        submission = [Cell(title, source) for title, source in cells]
        grading.withhold = False
        each = (session, grading)
        results = [self._result(*each, known[a], a, submission) for a in answers]
        fault = {"broken": grading.fault} if grading.fault else {}
        return {"results": [asdict(result) for result in results]} | fault

    def recall(
        self, session: pytest.Session, grading: Grading, recall: str, number: int
    ) -> dict[str, Any]:
        """Draw a question from an earlier chapter."""
        asked = {
            place.name: node.exercise
            for node in _nodes(session.items)
            for place in node.exercise.asked
        }
        if recall not in asked:
            return {"unknown": [recall], "known": list(asked), "because": ""}
        return drawn_question(asked[recall].kind(recall), number)

    def notebook(
        self,
        session: pytest.Session,
        grading: Grading,
        notebook: str,
        exercise: str,
        student: str,
        show_hidden: bool,
    ) -> dict[str, Any]:
        """Run all checks of an exercise on a notebook."""
        nodes = {node.exercise.slug: node for node in _nodes(session.items)}
        path = Path(notebook)
        slug, why_not = self._chosen(nodes, path, exercise)
        if why_not:
            return why_not
        node = nodes[slug]
        node.notebook, node.cells, node.before_close = path, None, None
        node.student = student
        grading.withhold = bool(grading.secret) and not show_hidden
        verdicts = _verdicts(grading, _items(session, node))
        fault = {"broken": grading.fault} if grading.fault else {}
        return {"exercise": slug, "verdicts": verdicts} | fault

    def _chosen(
        self, nodes: Mapping[str, ExerciseNode], notebook: Path, exercise: str
    ) -> tuple[str, dict[str, str]]:
        """Return the exercise that a notebook answers, or the reply that refuses it."""
        slug, name = exercise or notebook.stem, notebook.name
        try:
            if not (exercise or slug in nodes or slug in self.unusable.reasons):
                slug = recognised(notebook, nodes)
        except NotebookUnreadable as error:
            return "", {"refused": f"{name} is named after no exercise, and {error}"}
        if slug in nodes:
            return slug, {}
        if self.unusable.reasons:
            return "", {"broken": self.unusable.said(slug)}
        return "", {
            "refused": f"{name} answers none of the exercises here, "
            f"{', '.join(nodes)}: name it after one of them"
        }

    def _result(
        self,
        session: pytest.Session,
        grading: Grading,
        node: ExerciseNode,
        name: str,
        cells: list[Cell],
    ) -> Result:
        check = node.exercise.check(name)
        result = Result(name, node.exercise.slug, hints=[*getattr(check, "HINTS", ())])
        curve = getattr(check, "CURVE", None)

        def draw(answers: Answers) -> None:
            result.curve = drawn(curve, answers, name) if curve else None
            result.stopped = answers.was_stopped

        node.cells, node.before_close, node.student = cells, draw, ""
        items = [item for item in _items(session, node) if node.answer_of(item) == name]
        result.verdicts = _verdicts(grading, items)
        solution, known = node.exercise.solution, getattr(check, "MISTAKES", None)
        if all(verdict["outcome"] == "passed" for verdict in result.verdicts):
            result.solution = solution_of(solution, name)
        elif result.hints:
            result.solution = step_of(solution, name, known or Mistakes(see=""))
        return result


def _verdicts(grading: Grading, items: Sequence[pytest.Item]) -> list[dict[str, Any]]:
    """Run `items` as one submission; return their verdicts in this order.

    Where hidden settings are withheld, public checks run first: code that remembers
    what a hidden one gave it is not called again where it could show it.
    """
    grading.forget()
    place = {item.name: number for number, item in enumerate(items)}
    if grading.withhold:
        items = sorted(items, key=is_hidden)
    for item, following in zip(items, [*items[1:], None], strict=True):
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
    found = sorted(grading.verdicts, key=lambda verdict: place[verdict.test])
    return [verdict.as_dict() for verdict in found]


def _items(session: pytest.Session, node: ExerciseNode) -> list[pytest.Item]:
    return [item for item in session.items if item.getparent(ExerciseNode) == node]


def _nodes(items: Iterable[pytest.Item]) -> list[ExerciseNode]:
    parents = (item.getparent(ExerciseNode) for item in items)
    return list(dict.fromkeys(node for node in parents if node is not None))


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
    unusable = Unusable(checks)
    folders = [str(checks / slug) for slug in unusable.reasons]
    if not folders:  # pytest would look for tests elsewhere
        print(f"{checks} holds no exercise", file=sys.stderr)
        return int(pytest.ExitCode.NO_TESTS_COLLECTED)
    plugins = [unusable, Serving(unusable, requests, replies)]
    return int(pytest.main([*options, *folders], plugins=plugins))


if __name__ == "__main__":
    sys.exit(main())
