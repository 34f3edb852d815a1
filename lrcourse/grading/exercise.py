"""Where an exercise's files are, and what its check file and known mistakes hold.

An exercise is one notebook ``NN_slug.ipynb`` with ``checks/test_NN_slug.py`` and
``checks/mistakes_NN_slug.py``. Only the trusted side reads the checks.
"""

import ast
import functools
import importlib.util
import inspect
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from lrcourse.grading.notebook import MODULE, read_cells

if TYPE_CHECKING:
    from lrcourse.grading.mistakes.mutants import Answer, Mutant

_DEFINES = (ast.FunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom, ast.Assign)


@dataclass(frozen=True)
class Mistake:
    """A wrong twin of `answer`, and the sentence that names what is wrong with it."""

    answer: str
    function: Callable[..., Any]
    sentence: str
    chapter: str
    heading: str

    def as_dict(self) -> dict[str, str]:
        """Return what a reader needs: the sentence, and where the book explains it."""
        name = self.function.__name__
        return {
            "name": name,
            "sentence": self.sentence,
            "chapter": self.chapter,
            "heading": self.heading,
        }


@dataclass(frozen=True)
class Reference:
    """The solution's function or class `name`, with all that its notebook defines."""

    name: str
    tree: "Answer"
    names: dict[str, Any]

    @property
    def function(self) -> Any:
        """The right answer."""
        return self.names[self.name]

    @functools.cached_property
    def mutants(self) -> "list[Mutant]":
        """What one small slip would have made of it, the likeliest first."""
        from lrcourse.grading.mistakes.mutants import mutants  # here: few ask for them

        return list(mutants(self.tree))

    @functools.cached_property
    def slips(self) -> list[Mistake]:
        """The mutants as mistakes that can be named; no chapter explains them."""
        return [
            Mistake(self.name, mutant.function(self.names), mutant.sentence, "", "")
            for mutant in self.mutants
        ]


@dataclass(frozen=True)
class Curve:
    """What is drawn for an answer: its curve against the expected one.

    `call` takes the answer and one of the `x`; `expected` takes that x alone.
    """

    x: Sequence[float]
    call: Callable[[Any, Any], float]
    expected: Callable[[Any], float]
    xlabel: str = "step"
    ylabel: str = "learning rate"


@dataclass(frozen=True)
class Exercise:
    """One exercise by its slug, with the folder that holds its checks."""

    slug: str
    checks: Path

    @property
    def check_file(self) -> Path:
        """The pytest file whose tests grade the notebook."""
        return self.checks / f"test_{self.slug}.py"

    @property
    def solution(self) -> Path:
        """The notebook with the reference answers, which may not be there."""
        return self.checks.parent.parent / "solutions" / f"{self.slug}.ipynb"

    def mistakes(self) -> list[Mistake]:
        """Return the known mistakes in file order; none where there is no file."""
        return [
            _mistake(name, function)
            for name, function in self._mistakes_file().items()
            if "__" in name.strip("_") and callable(function)
        ]

    def equivalent_mutants(self) -> dict[str, str]:
        """Return the mutants that no check can see, each with the reason."""
        found: dict[str, str] = self._mistakes_file().get("EQUIVALENT", {})
        return found

    def _mistakes_file(self) -> dict[str, Any]:
        path = self.checks / f"mistakes_{self.slug}.py"
        return vars(load(path)) if path.is_file() else {}

    def references(self) -> dict[str, Reference]:
        """Return the solution's answers by name; nothing where there is none."""
        names: dict[str, Any] = {"__name__": MODULE}
        found: dict[str, Reference] = {}
        for cell in read_cells(self.solution) if self.solution.is_file() else []:
            tree = ast.parse(cell.source)
            tree.body = [node for node in tree.body if isinstance(node, _DEFINES)]
            exec(compile(tree, f"<{self.slug}, {cell.title}>", "exec"), names)
            written = (ast.FunctionDef, ast.ClassDef)
            answers = (node for node in tree.body if isinstance(node, written))
            found |= {node.name: Reference(node.name, node, names) for node in answers}
        return found


def checks_folder(folder: Path) -> Path | None:
    """Return the checks for the notebooks in `folder`, or None where there are none.

    Those beside the notebooks come first, then those of the course they lie in, then
    those of the course this package was installed from.
    """
    course = Path(__file__).parents[2]
    for place in (folder, folder.parent / "exercises", course / "exercises"):
        if (place / "checks").is_dir():
            return place / "checks"
    return None


def exercise_of(notebook: Path) -> Exercise | None:
    """Return the exercise that a notebook's name stands for, or None."""
    checks = checks_folder(notebook.parent)
    found = Exercise(notebook.stem, checks) if checks else None
    return found if found and found.check_file.is_file() else None


def _mistake(name: str, function: Callable[..., Any]) -> Mistake:
    text = inspect.getdoc(function) or name.split("__")[1].replace("_", " ")
    sentence, _, rest = text.partition("\n\n")
    see = re.search(r"^See (\w+): (.+)$", rest, re.MULTILINE)
    chapter, heading = see.groups() if see else ("", "")
    return Mistake(
        name.split("__")[0], function, " ".join(sentence.split()), chapter, heading
    )


def load(path: Path) -> ModuleType:
    """Run the file at `path` as a module of its own, under a name nobody imports.

    Registered, so that the source of its classes can be found too.
    """
    spec = importlib.util.spec_from_file_location(f"<{path}>", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[module.__name__] = module
    spec.loader.exec_module(module)
    return module
