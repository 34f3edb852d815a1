"""Which notebooks pytest grades, with which checks, and the fixtures they are given."""

import functools
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from lrcourse.grading.answers.submitted import Answers
from lrcourse.grading.exercise import Exercise, exercise_of
from lrcourse.grading.notebook import (
    Cell,
    NotebookUnreadable,
    defined_names,
    read_cells,
)
from lrcourse.grading.sandbox.host.pool import Pool
from lrcourse.grading.sandbox.preload import imported_names
from lrcourse.grading.sandbox.twins import with_twins
from lrcourse.grading.seeds import generator


class ExerciseNode(pytest.Module):
    """The checks of one exercise, or of one of its answers, applied to one notebook.

    Its path is the notebook's, or that of the check folder or file it was asked for by.
    """

    exercise: Exercise
    notebook: Path
    only: str = ""  # the one answer whose check file was asked for
    cells: list[Cell] | None = None  # set by the checking process; else the notebook's
    before_close: Callable[[Answers], None] | None = None
    student: str = ""

    @functools.cached_property
    def tests(self) -> dict[str, dict[str, Callable[..., Any]]]:
        """The tests of each answer by their names, answers in the solution's order."""
        # so that asserts of what is shared say what they compared, as others do
        pytest.register_assert_rewrite(f"{self.exercise.package}.exercise")
        try:
            found = self.exercise.tests()
        except ValueError as error:
            raise self.CollectError(str(error)) from error
        return {self.only: found[self.only]} if self.only else found

    @property
    def answer_names(self) -> list[str]:
        """The exercise's answers."""
        return list(self.tests)

    def _getobj(self) -> Any:
        """Return the tests of all answers as one module, with the shared fixtures."""
        together = ModuleType(self.exercise.slug)
        shared = vars(self.exercise.shared).items()
        vars(together).update(pair for pair in shared if pair[0][:5] != "test_")
        for tests in self.tests.values():
            vars(together).update(tests)
        return together

    def collect(self) -> Any:
        """Offer a fixture for every answer, then collect the tests."""
        if not hasattr(pytest, "register_fixture"):
            raise self.CollectError(
                "exercises need pytest 9.1 or newer, and this is "
                f'{pytest.__version__}: run pip install --upgrade "pytest>=9.1"'
            )
        pytest.register_fixture(
            name="answers", func=_answers, node=self, scope="module"
        )
        pytest.register_fixture(name="rng", func=_rng, node=self)
        pytest.register_fixture(name="answer", func=_answer, node=self)
        for name in self.answer_names:
            fixture = _answer_fixture(name)
            pytest.register_fixture(name=name, func=fixture, node=self, scope="module")
        return super().collect()

    def answer_of(self, item: pytest.Item) -> str:
        """Return the answer that a test of this exercise belongs to."""
        name = getattr(item, "originalname", item.name)
        return next(answer for answer, tests in self.tests.items() if name in tests)

    def submission(self, pool: Pool) -> Answers:
        """Return the answers of the notebook, or of the cells it was given."""
        cells, unreadable = self.cells, ""
        if cells is None:
            try:
                cells = read_cells(self.notebook)
            except NotebookUnreadable as error:
                cells, unreadable = [], str(error)
        forbidden = with_twins(self.exercise.shared.FORBIDDEN)
        imports = imported_names(cell.source for cell in cells)
        take = partial(pool.take, imports, forbidden)
        return Answers(cells, forbidden, take, unreadable)


def recognised(notebook: Path, nodes: Mapping[str, ExerciseNode]) -> str:
    """Return the exercise most of whose answers a renamed notebook defines, or ""."""
    defined = {
        name for cell in read_cells(notebook) for name in defined_names(cell.source)
    }
    answered = {
        slug: len(defined & set(node.answer_names)) for slug, node in nodes.items()
    }
    best = max(answered, key=answered.__getitem__, default="")
    return best if best and answered[best] else ""


def is_hidden(item: pytest.Item) -> bool:
    """Say whether a check draws random settings."""
    return "rng" in getattr(item, "fixturenames", ())


def points_of(item: pytest.Item) -> float:
    """Return what a check is worth: 1 unless it is marked."""
    marker = item.get_closest_marker("points")
    return marker.args[0] if marker else 1


def _answers(request: pytest.FixtureRequest) -> Iterator[Answers]:
    """Hand over the submission's answers; end their interpreter afterwards."""
    grading: Any = request.config.pluginmanager.get_plugin("lrcourse-grading")
    answers = request.node.submission(grading.pool(request.node.exercise))
    grading.begin(request.node, answers)
    yield answers
    try:
        if request.node.before_close is not None:
            request.node.before_close(answers)
    finally:
        answers.close()


def _rng(request: pytest.FixtureRequest) -> np.random.Generator:
    """Draw random settings: everybody's, or with a secret, a student's own."""
    grading: Any = request.config.pluginmanager.get_plugin("lrcourse-grading")
    node = request.node.getparent(ExerciseNode)
    who = {"student": node.student, "secret": grading.secret} if grading.secret else {}
    return generator(request.node.name, node.exercise.slug, **who)


def _answer(request: pytest.FixtureRequest, answers: Answers) -> Any:
    """Hand over the answer that the test's own check file is about."""
    node = request.node.getparent(ExerciseNode)
    return getattr(answers, node.answer_of(request.node))


def _answer_fixture(name: str) -> Any:
    def answer(answers: Answers) -> Any:
        return getattr(answers, name)

    return answer


class Collecting:
    """Pytest's hooks that choose what is collected."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config

    def pytest_ignore_collect(self, collection_path: Path) -> bool | None:
        """Leave a check folder to its notebook, and notebooks to ``--notebooks``."""
        if self._asked_for(collection_path):
            return None
        exercise = _exercise(collection_path)
        chosen = self.config.getoption("notebooks")
        if chosen is None:
            mate = exercise and self._notebook(exercise).is_file()
            return True if mate else None
        if chosen.is_file() and exercise and exercise.slug != chosen.stem:
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
        if not (beside or file_path in self._arguments()):
            return None  # a chapter may bear its exercise's name
        return _node(parent, file_path, exercise, file_path)

    def pytest_collect_directory(
        self, path: Path, parent: pytest.Collector
    ) -> pytest.Collector | None:
        """Collect a check folder as one exercise, unless a file in it is asked for."""
        exercise = _exercise(path)
        if exercise is None or any(path in each.parents for each in self._arguments()):
            return None
        return _node(parent, path, exercise, self._notebook(exercise))

    def pytest_pycollect_makemodule(
        self, module_path: Path, parent: pytest.Collector
    ) -> pytest.Module | None:
        """Collect a check file that is asked for."""
        exercise = _exercise(module_path.parent)
        if exercise is None:
            return None
        node = _node(parent, module_path, exercise, self._notebook(exercise))
        node.only = module_path.stem.removeprefix("test_")
        return node

    def _notebook(self, exercise: Exercise) -> Path:
        """Return the notebook that an exercise's checks are applied to."""
        chosen: Path = self.config.getoption("notebooks") or exercise.checks.parent
        return chosen if chosen.is_file() else chosen / f"{exercise.slug}.ipynb"

    def _asked_for(self, path: Path) -> bool:
        """Say whether a path, or something in it, is an argument of pytest's."""
        return any(path in (each, *each.parents) for each in self._arguments())

    def _arguments(self) -> set[Path]:
        here = self.config.invocation_params.dir
        return {(here / arg.split("::")[0]).resolve() for arg in self.config.args}


def _exercise(folder: Path) -> Exercise | None:
    """Return the exercise whose check folder this is, or None."""
    exercise = Exercise(folder.name, folder.parent)
    return exercise if exercise.is_there else None


def _node(
    parent: pytest.Collector, path: Path, exercise: Exercise, notebook: Path
) -> ExerciseNode:
    node: ExerciseNode = ExerciseNode.from_parent(parent, path=path)
    node.exercise = exercise
    node.notebook = notebook
    return node
