"""The pytest plugin: exercise notebooks are collected, graded and added up.

``pytest exercises`` grades every notebook of the folder, ``pytest NOTEBOOK::test_name``
one test of one notebook, ``pytest exercises --notebooks FOLDER`` other notebooks.
"""

import inspect
import zlib
from collections.abc import Callable, Generator, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lrcourse.grading.answers import Answers
from lrcourse.grading.course import Exercise, Mistake, exercise_of
from lrcourse.grading.interpreter import Pool
from lrcourse.grading.naming import name_mistake
from lrcourse.grading.notebook import Cell, NotebookUnreadable, read_cells
from lrcourse.grading.report import outcome_of, points_table
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
    config.pluginmanager.register(Grading(config), "lrcourse-grading")


class ExerciseNode(pytest.Module):
    """The checks of one exercise, applied to one notebook."""

    exercise: Exercise
    notebook: Path
    cells: list[Cell] | None = None  # set by the checking process; else the notebook's
    before_close: Callable[[Answers], None] | None = None

    def _getobj(self) -> Any:
        """Import the check file as pytest imports any test file, asserts rewritten."""
        checks = pytest.Module.from_parent(self.parent, path=self.exercise.check_file)
        return checks.obj

    def collect(self) -> Any:
        """Offer a fixture for every answer, then collect the tests."""
        pytest.register_fixture(
            name="answers", func=_answers, node=self, scope="module"
        )
        pytest.register_fixture(name="rng", func=_rng, node=self)
        for name in self.answer_names:
            fixture = _answer_fixture(name)
            pytest.register_fixture(name=name, func=fixture, node=self, scope="module")
        return super().collect()

    @property
    def answer_names(self) -> list[str]:
        """The exercise's answers: whatever it has hints for."""
        return list(getattr(self.obj, "HINTS", {}))

    def submission(self, pool: Pool) -> Answers:
        """Return the answers of the notebook, or of the cells it was given."""
        cells, unreadable = self.cells, ""
        if cells is None:
            try:
                cells = read_cells(self.notebook)
            except NotebookUnreadable as error:
                cells, unreadable = [], str(error)
        forbidden = getattr(self.obj, "FORBIDDEN", ())
        return Answers(cells, forbidden, pool.take, unreadable)


def _answers(request: pytest.FixtureRequest) -> Iterator[Answers]:
    """Hand over the submission's answers; end their interpreter afterwards."""
    grading: Any = request.config.pluginmanager.get_plugin("lrcourse-grading")
    answers = request.node.submission(grading.pool)
    grading.answers[request.node.nodeid] = answers
    yield answers
    if request.node.before_close is not None:
        request.node.before_close(answers)
    answers.close()


def _rng(request: pytest.FixtureRequest) -> np.random.Generator:
    """Draw the same random settings for everybody, other ones for every test."""
    return np.random.default_rng(zlib.crc32(request.node.name.encode()))


def _answer_fixture(name: str) -> Any:
    def answer(answers: Answers) -> Any:
        return getattr(answers, name)

    return answer


def _node(
    parent: pytest.Collector, path: Path, exercise: Exercise, notebook: Path
) -> ExerciseNode:
    node: ExerciseNode = ExerciseNode.from_parent(parent, path=path)
    node.exercise = exercise
    node.notebook = notebook
    return node


class Grading:
    """One run's state: warm interpreters, recorded answers, verdicts."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.answers: dict[str, Answers] = {}
        self.verdicts: list[Verdict] = []
        self._pool: Pool | None = None
        self._failing: set[tuple[str, str]] = set()
        self._known: dict[Exercise, tuple[list[Mistake], dict[str, Any]]] = {}

    @property
    def pool(self) -> Pool:
        """The interpreters, started when the first one is needed."""
        self.warm()
        assert self._pool is not None
        return self._pool

    def warm(self, spares: int = 1) -> None:
        """Start interpreters ahead of the first answer."""
        if self._pool is None:
            self._pool = Pool(spares)

    def forget(self) -> None:
        """Begin a new submission."""
        self.verdicts.clear()
        self._failing.clear()

    def answer_of(self, item: pytest.Item, node: ExerciseNode) -> str:
        """Return the answer that earns this check's points, or the empty string."""
        if (
            not isinstance(item, pytest.Function)
            or item.getparent(ExerciseNode) != node
        ):
            return ""
        wanted = inspect.signature(item.function).parameters
        return next((name for name in wanted if name in node.answer_names), "")

    def pytest_ignore_collect(self, collection_path: Path) -> bool | None:
        """Leave a check file to its notebook, and notebooks to ``--notebooks``."""
        if collection_path in self._asked_for():
            return None
        slug = collection_path.stem.removeprefix("test_")
        is_check = collection_path.parent.name == "checks"
        chosen = self.config.getoption("notebooks")
        if chosen is None:
            mate = collection_path.parent.parent / f"{slug}.ipynb"
            return True if is_check and mate.is_file() else None
        if chosen.is_file() and is_check and slug != chosen.stem:
            return True
        return True if collection_path.suffix == ".ipynb" else None

    def pytest_collect_file(
        self, file_path: Path, parent: pytest.Collector
    ) -> pytest.Collector | None:
        """Collect a notebook that has checks."""
        if file_path.suffix != ".ipynb":
            return None
        exercise = exercise_of(file_path)
        if exercise is None:
            return None
        beside = exercise.checks.parent == file_path.parent
        if not (beside or file_path in self._asked_for()):
            return None  # a chapter may bear its exercise's name
        return _node(parent, file_path, exercise, file_path)

    def pytest_pycollect_makemodule(
        self, module_path: Path, parent: pytest.Collector
    ) -> pytest.Module | None:
        """Collect a check file that is asked for, or whose notebook is missing."""
        if module_path.parent.name != "checks" or isinstance(parent, ExerciseNode):
            return None
        exercise = Exercise(module_path.stem.removeprefix("test_"), module_path.parent)
        folder = self.config.getoption("notebooks") or module_path.parent.parent
        notebook = folder if folder.is_file() else folder / f"{exercise.slug}.ipynb"
        return _node(parent, module_path, exercise, notebook)

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
        verdict = self._judge(item, node, call.excinfo.value if call.excinfo else None)
        # on the item too: that is where JUnit's report looks at the end
        item.user_properties[:] = [(_PROPERTY, verdict.as_dict())]
        report.user_properties.append((_PROPERTY, verdict.as_dict()))
        if verdict.outcome == "not started":
            report.outcome = "skipped"
            report.longrepr = (str(node.path), 0, "not started")
        elif verdict.outcome == "failed" and self.config.option.tbstyle == "auto":
            lines = [verdict.sentence, verdict.call, verdict.detail]
            report.longrepr = "\n    ".join(line for line in lines if line)
        return report

    def _judge(
        self, item: pytest.Function, node: ExerciseNode, error: BaseException | None
    ) -> Verdict:
        answers = self.answers.get(node.nodeid)
        owner = self.answer_of(item, node)
        outcome, sentence, detail, call = outcome_of(error, answers, owner)
        marker = item.get_closest_marker("points")
        verdict = Verdict(
            exercise=node.exercise.slug,
            answer=owner,
            test=item.name,
            points=marker.args[0] if marker else 1,
            outcome=outcome,
            sentence=sentence,
            detail=detail,
            call=call,
            hidden="rng" in item.fixturenames,
        )
        return replace(verdict, mistake=self._named(node, verdict, answers))

    def _named(
        self, node: ExerciseNode, verdict: Verdict, answers: Answers | None
    ) -> dict[str, str] | None:
        """Return the known mistake behind this answer's failures so far, if any."""
        key = node.nodeid, verdict.answer
        if verdict.outcome == "failed":
            self._failing.add(key)
        if answers is None or key not in self._failing:
            return None
        if node.exercise not in self._known:
            self._known[node.exercise] = (
                node.exercise.mistakes(),
                node.exercise.references(),
            )
        mistakes, references = self._known[node.exercise]
        reference = references.get(verdict.answer)
        mistake = name_mistake(answers, verdict.answer, mistakes, reference)
        return mistake.as_dict() if mistake else None

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
            for line in points_table(by_answer(self.verdicts)):
                terminalreporter.write_line(line)

    def pytest_unconfigure(self) -> None:
        """End the warm interpreter."""
        if self._pool is not None:
            self._pool.close()

    def _asked_for(self) -> set[Path]:
        here = self.config.invocation_params.dir
        return {(here / arg.split("::")[0]).resolve() for arg in self.config.args}
