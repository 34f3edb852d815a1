"""What belongs to an answer: its checks, hints and known mistakes, read as text.

An answer is a function or a class that a solution notebook solves; its file is
``exercises/checks/NN_slug/test_<answer>.py``. A file that says ``TESTS =
tells_apart(…)`` or ``claims(…)`` asks something else, and needs its checks and nothing
more. What later exercises ask again stands in ``recall.py``, and what proves that a
chapter is known in ``exercise.py``.
"""

import ast
import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from lrcourse.authoring.readme import answers, chapters
from lrcourse.grading.exercise import Exercise
from lrcourse.grading.recalls import offered

MAKERS = {"tells_apart": "cases", "claims": "claims"}
SMALL_KINDS = {*MAKERS.values()}
MISTAKES, RECALLS, PROOF = 3, 2, 2


class Checks(NamedTuple):
    """What the file of an answer holds."""

    kind: str
    hints: int
    mistakes: int
    public: list[str]  # names of tests
    hidden: list[str]


def incomplete(root: Path) -> list[str]:
    """Return a sentence for each thing that an answer of a listed chapter lacks."""
    found = []
    for _, slug in chapters(root):
        solution, folder = solution_of(root, slug), folder_of(root, slug)
        solved = [a.name for a in answers(solution)] if solution.is_file() else []
        asked = check_cells(solution) if solution.is_file() else set()
        if not (folder / "exercise.py").is_file():
            found.append(
                f"{slug}: exercises/checks/{slug}/exercise.py is missing: it says what "
                "the exercise forbids to import"
            )
        for name in solved:
            found += [f"{slug}: {name} {lack}" for lack in _lacks(folder, name, asked)]
        found += _of_no_answer(folder, solved)
    return found


def unproved(root: Path) -> list[str]:
    """Return a sentence for what a chapter lacks to be asked again, or to be known."""
    found = []
    for _, slug in chapters(root):
        solution = solution_of(root, slug)
        solved = [a.name for a in answers(solution)] if solution.is_file() else []
        exercise = Exercise(slug, folder_of(root, slug).parent)
        found += _of_the_chapter(exercise, solved)
    return found


def solution_of(root: Path, slug: str) -> Path:
    return root / "solutions" / f"{slug}.ipynb"


def folder_of(root: Path, slug: str) -> Path:
    return root / "exercises" / "checks" / slug


def _lacks(folder: Path, name: str, asked: set[str]) -> Iterator[str]:
    place = f"exercises/checks/{folder.name}/test_{name}.py"
    if name not in asked:
        yield (
            f'has no check cell: add a cell check("{name}") below its own in '
            f"solutions/{folder.name}.ipynb, then make exercises"
        )
    path = folder / f"test_{name}.py"
    if not path.is_file():
        yield f"has no checks: write {place}"
        return
    checks = checks_in(path)
    if not checks.public and checks.kind not in MAKERS.values():
        yield f"has no public check: add a test without rng to {place}"
    if checks.kind in SMALL_KINDS:
        return
    if not checks.hidden:
        yield f"has no hidden check: add a test that takes rng to {place}"
    if checks.hints < 1:
        yield f"has no hints: add HINTS, from gentle to plain, to {place}"
    if checks.mistakes < MISTAKES:
        yield (
            f"has {checks.mistakes} known mistakes, and needs {MISTAKES}: add an Edit "
            f"to MISTAKES, or a function under @MISTAKES.written_out, in {place}"
        )


def _of_no_answer(folder: Path, solved: list[str]) -> Iterator[str]:
    for path in sorted(folder.glob("test_*.py")):
        name = path.stem.removeprefix("test_")
        if name not in solved and checks_in(path).kind not in SMALL_KINDS:
            yield (
                f"{folder.name}: {path.name} checks {name}, and the solution solves no "
                f"{name}: write it between BEGIN SOLUTION and END SOLUTION"
            )


def _of_the_chapter(exercise: Exercise, solved: list[str]) -> Iterator[str]:
    slug, folder = exercise.slug, exercise.folder
    asked = offered(folder)
    usual = [each for each in solved if _is_usual(folder / f"test_{each}.py")]
    if len(asked) < RECALLS:
        yield (
            f"{slug} offers {len(asked)} recalls, and should offer {RECALLS} or more: "
            f"add a Recall to RECALLS in exercises/checks/{slug}/recall.py"
        )
    for name in asked:
        if name not in usual:
            yield f"{slug}: recall.py asks {name}, and the solution solves no {name}"
    proof = exercise.proof if (folder / "exercise.py").is_file() else []
    if len(proof) != PROOF:
        yield (
            f"{slug} marks {len(proof)} answers as its hardest, and should mark "
            f"{PROOF}: PROOF in exercises/checks/{slug}/exercise.py"
        )
    for name in proof:
        if name not in usual:
            yield f"{slug}: PROOF names {name}, and the solution solves no {name}"


def _is_usual(path: Path) -> bool:
    return path.is_file() and checks_in(path).kind not in SMALL_KINDS


def checks_in(path: Path) -> Checks:
    """Read the file of an answer, without running it."""
    body = ast.parse(path.read_text("utf-8")).body
    tests = [n for n in body if isinstance(n, ast.FunctionDef)]
    tests = [node for node in tests if node.name.startswith("test_")]
    hidden = [n.name for n in tests if "rng" in {a.arg for a in n.args.args}]
    values = {
        ast.unparse(target): node.value
        for node in body
        if isinstance(node, ast.Assign)
        for target in node.targets
    }
    maker = ast.unparse(getattr(values.get("TESTS"), "func", ast.Constant("")))
    return Checks(
        kind=MAKERS.get(maker, ""),
        hints=len(getattr(values.get("HINTS"), "elts", [])),
        mistakes=_edits(values.get("MISTAKES")) + sum(map(_is_written_out, body)),
        public=[node.name for node in tests if node.name not in hidden],
        hidden=hidden,
    )


def _edits(value: ast.AST | None) -> int:
    keywords = value.keywords if isinstance(value, ast.Call) else []
    return sum(
        isinstance(each.value, ast.Call) and ast.unparse(each.value.func) == "Edit"
        for each in keywords
    )


def _is_written_out(node: ast.AST) -> bool:
    decorators = getattr(node, "decorator_list", [])
    return any("MISTAKES.written_out" in ast.unparse(each) for each in decorators)


def check_cells(solution: Path) -> set[str]:
    """Return the names for which a cell of a notebook asks ``check("name")``."""
    cells = json.loads(solution.read_text("utf-8"))["cells"]
    sources = ["".join(c["source"]) for c in cells if c["cell_type"] == "code"]
    return {
        str(argument.value)
        for source in sources
        if "check(" in source
        for call in ast.walk(ast.parse(source))
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "check"
        for argument in call.args
        if isinstance(argument, ast.Constant)
    }
