"""The pytest plugin: exercise notebooks are collected, graded and added up.

``pytest exercises`` grades every notebook of the folder, ``pytest NOTEBOOK::test_name``
one test of one notebook, ``pytest exercises --notebooks FOLDER`` other notebooks.
"""

import sys
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lrcourse.grading.answers.submitted import Answers
from lrcourse.grading.checking.collection import (
    Collecting,
    ExerciseNode,
    is_hidden,
    points_of,
)
from lrcourse.grading.checking.outside import (
    pytest_load_initial_conftests,  # noqa: F401 (one of the plugin's hooks)
)
from lrcourse.grading.checking.report import in_part, outcome_of, printed_in
from lrcourse.grading.checking.withheld import without_settings
from lrcourse.grading.exercise import Exercise
from lrcourse.grading.kept import kept
from lrcourse.grading.mistakes.diagnosis import Diagnosis
from lrcourse.grading.mistakes.references import Reference, references
from lrcourse.grading.points import points_table
from lrcourse.grading.sandbox.host.pool import Pool
from lrcourse.grading.sandbox.host.process import CannotStart
from lrcourse.grading.verdict import Verdict, by_answer

_PROPERTY = "lrcourse"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--notebooks``."""
    parser.addoption(
        "--notebooks",
        type=Path,
        help="grade the notebooks in this folder, or this one, instead",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Register the mark for points and the state of this run."""
    config.addinivalue_line(
        "markers", "points(n): what a check is worth, 1 unless marked"
    )
    config.pluginmanager.register(Collecting(config), "lrcourse-collecting")
    config.pluginmanager.register(Grading(config), "lrcourse-grading")


class Grading:
    """One run's state: interpreters, recorded answers, verdicts.

    `withhold` keeps the settings of hidden checks out of their verdicts. `fault` says
    why nothing could be run, which no verdict is about. `unnamed` says of an answer why
    looking for its mistake broke.
    """

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.answers: dict[str, Answers] = {}
        self.verdicts: list[Verdict] = []
        self.secret = b""
        self.withhold = False
        self.fault = ""
        self.unnamed: dict[str, str] = {}
        self._pool: Pool | None = None
        self._failing: set[tuple[str, str]] = set()
        self._references: dict[Exercise, dict[str, Reference]] = {}
        self._diagnoses: dict[str, Diagnosis] = {}
        self._calls: dict[str, int] = {}

    @property
    def level(self) -> str:
        """The level at which a learner's code is confined here, once one has run."""
        return self._pool.level.name if self._pool else ""

    def pool(self, exercise: Exercise, spares: int = 1) -> Pool:
        """Return the interpreters, started when they are first asked for.

        Neither checks nor solutions may lie where a learner's code can read.
        """
        if self._pool is None:
            secret = (exercise.checks, exercise.solution.parent)
            self._pool = Pool(
                spares, secrets=[path for path in secret if path.exists()]
            )
        return self._pool

    def forget(self) -> None:
        """Begin a new run: of what was found so far, nothing counts."""
        self.verdicts.clear()
        self._failing.clear()
        self.fault = ""

    def begin(self, node: ExerciseNode, answers: Answers) -> None:
        """Begin a new submission: whose mistakes the old calls show is past."""
        self.answers[node.nodeid] = answers
        self._diagnoses.pop(node.nodeid, None)
        self._calls.pop(node.nodeid, None)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, None, None]:
        """Run a check on data of its own: an answer may write into what it is given."""
        node = item.getparent(ExerciseNode)
        if node is None:
            return (yield)
        assert isinstance(item, pytest.Function)
        exercise = node.exercise
        with kept(exercise.check(node.answer_of(item)), exercise.shared):
            return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Turn the outcome of a check into a verdict, and its report into sentences."""
        report = yield
        node = item.getparent(ExerciseNode)
        if node is None or (call.when != "call" and call.excinfo is None):
            return report
        assert isinstance(item, pytest.Function)
        error = call.excinfo.value if call.excinfo else None
        verdict = self._judge(item, node, error)
        if isinstance(error, CannotStart):
            self.fault = str(error)
        if verdict.hidden and self.withhold:
            verdict = without_settings(verdict, error)
        # on the item too: that is where JUnit's report looks at the end
        item.user_properties[:] = [(_PROPERTY, verdict.as_dict())]
        report.user_properties.append((_PROPERTY, verdict.as_dict()))
        if verdict.outcome == "not started":
            report.outcome = "skipped"
            report.longrepr = (str(node.path), 0, "not started")
        elif verdict.outcome == "failed" and self.config.option.tbstyle == "auto":
            report.longrepr = "\n    ".join(verdict.lines)
        return report

    def _judge(
        self, item: pytest.Function, node: ExerciseNode, error: BaseException | None
    ) -> Verdict:
        answers = self.answers.get(node.nodeid)
        owner = node.answer_of(item)
        first = self._calls.get(node.nodeid, 0)
        outcome, sentence, detail, call = outcome_of(error, answers, owner, first)
        self._calls[node.nodeid] = len(answers.calls) if answers else 0
        hidden = is_hidden(item)
        verdict = Verdict(
            exercise=node.exercise.slug,
            answer=owner,
            test=item.name,
            points=points_of(item),
            outcome=outcome,
            sentence=sentence,
            detail=detail,
            call=call,
            printed="" if hidden or outcome != "failed" else printed_in(answers),
            hidden=hidden,
            level=self.level,
            **in_part(error),
        )
        told = getattr(error, "mistake", None)
        return replace(verdict, mistake=told or self._diagnosed(node, verdict))

    def _diagnosed(self, node: ExerciseNode, verdict: Verdict) -> dict[str, str] | None:
        """Return the mistake behind this answer's failures so far, if any is known."""
        key = node.nodeid, verdict.answer
        if verdict.outcome == "failed":
            self._failing.add(key)
        if node.nodeid not in self.answers or key not in self._failing:
            return None
        try:
            mistake = self._diagnosis(node).mistake(verdict.answer)
        except Exception as error:  # the verdict stands without a name
            self.unnamed[verdict.answer] = f"{type(error).__name__}: {error}"
            return None
        return mistake.as_dict() if mistake else None

    def _diagnosis(self, node: ExerciseNode) -> Diagnosis:
        if node.exercise not in self._references:
            self._references[node.exercise] = references(node.exercise)
        if node.nodeid not in self._diagnoses:
            self._diagnoses[node.nodeid] = Diagnosis(
                self.answers[node.nodeid], self._references[node.exercise]
            )
        return self._diagnoses[node.nodeid]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep the verdict of every check; under xdist the reports bring them here."""
        found = dict(report.user_properties).get(_PROPERTY)
        own = report.when == "call" or (report.when == "setup" and report.failed)
        if found and own:
            self.verdicts.append(Verdict(**found))  # type: ignore[arg-type]

    def pytest_report_teststatus(
        self, report: pytest.TestReport | pytest.CollectReport
    ) -> Any:
        """Call an unfinished answer what it is: yellow, and no failure."""
        # a file that skips itself reports its collection, which has no properties
        properties = dict(getattr(report, "user_properties", ()))
        if report.skipped and _PROPERTY in properties:
            return "not started", "n", ("NOT STARTED", {"yellow": True})
        return None

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Close with a table of points."""
        if self.verdicts:
            terminalreporter.section("points")
            encoding = sys.stdout.encoding or "utf-8"
            for line in points_table(by_answer(self.verdicts), encoding=encoding):
                terminalreporter.write_line(line)
            levels = sorted({each.level for each in self.verdicts if each.level})
            for answer, why in self.unnamed.items():
                terminalreporter.write_line(f"{answer}: no mistake is named: {why}")
            if levels:
                terminalreporter.write_line(f"The code ran at {' and '.join(levels)}.")

    def pytest_unconfigure(self) -> None:
        """End the interpreters."""
        if self._pool is not None:
            self._pool.close()
