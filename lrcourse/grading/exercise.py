"""Where an exercise's files are, and how they are loaded.

An exercise is one notebook ``NN_slug.ipynb`` and one folder ``checks/NN_slug``, with

- ``exercise.py``: `FORBIDDEN`, what its answers may not import, and what several of
  its check files share;
- ``test_<answer>.py``, one for each answer: its hints, tests and known mistakes;
- ``recall.py``: what later exercises ask again from this chapter, see `recalls`.

They are loaded as one package, whatever the folder is called and wherever it is, so
that a check file writes ``from .exercise import ...``. Only the trusted side does that.
"""

import ast
import importlib
import re
import sys
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol

from lrcourse._course import course_folder
from lrcourse.grading.notebook import read_cells
from lrcourse.grading.recalls import Place, places

_PREFIX = "test_"


class Kind(Protocol):
    """What a check file of a kind of its own calls `TESTS`: it makes the tests.

    Such an answer needs no hints, known mistakes or hidden checks.
    """

    kind: str

    def tests(
        self, exercise: "Exercise", answer: str
    ) -> dict[str, Callable[..., None]]:
        """Return the tests of `answer` by their names, which no other answer has."""


@dataclass(frozen=True)
class Exercise:
    """One exercise by its slug, with the folder that holds all checks."""

    slug: str
    checks: Path

    @property
    def folder(self) -> Path:
        """The folder with this exercise's check files."""
        return self.checks / self.slug

    @property
    def solution(self) -> Path:
        """The notebook with the reference answers, which may not be there."""
        return self.checks.parent.parent / "solutions" / f"{self.slug}.ipynb"

    @property
    def is_there(self) -> bool:
        """Whether the folder is an exercise's: its `exercise.py` says what it forbids.

        Other folders may have a file of that name, so it is looked into.
        """
        try:
            text = (self.folder / "exercise.py").read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):  # none, or in somebody else's folder
            return False
        return re.search(r"^FORBIDDEN\b", text, re.MULTILINE) is not None

    @property
    def answers(self) -> list[str]:
        """The answers that have a check file, and the recalls, in the solution's order.

        Those that the solution does not define follow by name.
        """
        cells = read_cells(self.solution) if self.solution.is_file() else []
        text = "\n".join(cell.source for cell in cells)

        def place(answer: str) -> int:
            defined = re.search(rf"^(def|class) {answer}\b", text, re.MULTILINE)
            return defined.start() if defined else len(text)

        paths = sorted(self.folder.glob(f"{_PREFIX}*.py"))
        names = [path.stem.removeprefix(_PREFIX) for path in paths]
        names += [each.name for each in self.asked]
        return sorted(names, key=place)

    def check_file(self, answer: str) -> Path:
        """Return the file with the checks of `answer`."""
        return self.folder / f"{_PREFIX}{answer}.py"

    @property
    def asked(self) -> list[Place]:
        """The questions from earlier chapters that end this exercise."""
        return places(self.checks, self.slug)

    def recall(self, index: int) -> Kind:
        """Return number `index` of the questions that this chapter offers."""
        found: Kind = self._load("recall").RECALLS[index].of(self, index)
        return found

    @property
    def proof(self) -> list[str]:
        """The answers that prove, with the recalls, that somebody knows the chapter.

        They are read as text, so that a kernel need not load what checks share.
        """
        text = (self.folder / "exercise.py").read_text(encoding="utf-8")
        for node in ast.parse(text).body:
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "PROOF":
                return list(ast.literal_eval(node.value))
        return []

    @property
    def package(self) -> str:
        """The name that the folder is imported under, which no other folder has."""
        place = zlib.crc32(str(self.folder.resolve()).encode())
        return f"{re.sub(r'[^0-9A-Za-z_]', '_', self.slug)}_{place:08x}"

    @property
    def shared(self) -> ModuleType:
        """What `exercise.py` holds."""
        return self._load("exercise")

    def check(self, answer: str) -> ModuleType:
        """Return what the check file of `answer` holds; nothing for a recall."""
        if any(answer == each.name for each in self.asked):
            return ModuleType(answer)
        return self._load(f"{_PREFIX}{answer}")

    def kind(self, answer: str) -> "Kind | None":
        """Return what makes the checks of `answer`, where they are not written out."""
        for place in self.asked:
            if place.name == answer:
                return Exercise(place.source, self.checks).recall(place.index)
        found: Kind | None = getattr(self.check(answer), "TESTS", None)
        return found

    def tests(self) -> dict[str, dict[str, Callable[..., Any]]]:
        """Return the tests of each answer by their names.

        Raises:
            ValueError: two files have a test of the same name.
        """
        found: dict[str, dict[str, Callable[..., Any]]] = {}
        owner: dict[str, str] = {}
        for answer in self.answers:
            names = vars(self.check(answer))
            found[answer] = {
                name: test for name, test in names.items() if name.startswith(_PREFIX)
            }
            if kind := self.kind(answer):
                found[answer] |= kind.tests(self, answer)
            for name in found[answer]:
                if name in owner:
                    raise ValueError(
                        f"{name} stands in {self.check_file(owner[name]).name} and in "
                        f"{self.check_file(answer).name} of {self.slug}: rename one "
                        "of them, an exercise's tests are told apart by their names"
                    )
                owner[name] = answer
        return found

    def _load(self, module: str) -> ModuleType:
        if self.package not in sys.modules:
            package = ModuleType(self.package)
            package.__path__ = [str(self.folder)]
            sys.modules[self.package] = package
        return importlib.import_module(f"{self.package}.{module}")


def exercises_in(checks: Path) -> list[Exercise]:
    """Return the exercises that have a folder in `checks`, by their slugs."""
    found = [Exercise(path.name, checks) for path in sorted(checks.iterdir())]
    return [exercise for exercise in found if exercise.is_there]


def checks_folder(folder: Path) -> Path | None:
    """Return the checks for the notebooks in `folder`, or None where there are none.

    Those beside the notebooks come first, then those of the course they lie in, then
    those of the course that this package lies in or carries.
    """
    ours = course_folder() / "exercises"
    for place in (folder, folder.parent / "exercises", ours):
        if (place / "checks").is_dir():
            return place / "checks"
    return None


def exercise_of(notebook: Path) -> Exercise | None:
    """Return the exercise that a notebook's name stands for, or None."""
    checks = checks_folder(notebook.parent)
    found = Exercise(notebook.stem, checks) if checks else None
    return found if found and found.is_there else None
