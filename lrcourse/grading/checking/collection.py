"""Which notebooks pytest grades, with which checks, and the fixtures they are given."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lrcourse.grading.answers.submitted import Answers
from lrcourse.grading.exercise import Exercise, exercise_of
from lrcourse.grading.notebook import Cell, NotebookUnreadable, read_cells
from lrcourse.grading.sandbox.host.pool import Pool
from lrcourse.grading.sandbox.preload import imported_names
from lrcourse.grading.seeds import generator


class ExerciseNode(pytest.Module):
    """The checks of one exercise, applied to one notebook."""

    exercise: Exercise
    notebook: Path
    cells: list[Cell] | None = None  # set by the checking process; else the notebook's
    before_close: Callable[[Answers], None] | None = None
    student: str = ""

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
        imports = imported_names(cell.source for cell in cells)
        take = partial(pool.take, imports, forbidden)
        return Answers(cells, forbidden, take, unreadable)


def _answers(request: pytest.FixtureRequest) -> Iterator[Answers]:
    """Hand over the submission's answers; end their interpreter afterwards."""
    grading: Any = request.config.pluginmanager.get_plugin("lrcourse-grading")
    answers = request.node.submission(grading.pool(request.node.exercise))
    grading.answers[request.node.nodeid] = answers
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


class Collecting:
    """Pytest's hooks that choose what is collected."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config

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

    def _asked_for(self) -> set[Path]:
        here = self.config.invocation_params.dir
        return {(here / arg.split("::")[0]).resolve() for arg in self.config.args}
