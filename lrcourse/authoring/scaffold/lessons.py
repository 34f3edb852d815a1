"""A new chapter, a new exercise, a new answer."""

import ast
import json
import re
from pathlib import Path
from typing import Any

from lrcourse.authoring import exercises
from lrcourse.authoring.scaffold.course import (
    Course,
    filled,
    require_file,
    require_new_name,
    tidy,
)
from lrcourse.grading.exercise import Exercise
from lrcourse.grading.notebook import read_cells

# kinds of answers, each with the name of its templates
KINDS = {"function": "answer", "cases": "cases", "claims": "claims"}
_CELL = re.compile(r"^%% (markdown|code)(.*)\n", re.MULTILINE)


def new_chapter(root: Path, slug: str, part: str = "") -> list[str]:
    """Add a chapter ``NN_slug`` to the book; return what was touched.

    It goes into the part named `part`, or into that of the chapter before it. Every
    chapter has an exercise: see `new_exercise`.

    Raises:
        ValueError: `slug` is not ``NN_slug`` or is taken, or there is no such part.
    """
    course = Course(root)
    number, _ = _numbered(slug)
    names = {"number": number, "numeral": str(int(number)), "slug": slug}
    return [
        course.change("_toc.yml", lambda text: _in_the_contents(text, slug, part)),
        course.add(f"book/{slug}.ipynb", _notebook("chapter.txt", **names)),
    ]


def new_exercise(root: Path, slug: str, first_answer: str) -> list[str]:
    """Add the exercise of chapter `slug` with one answer; return what was touched.

    Raises:
        ValueError: `slug` is not ``NN_slug``, or it or the answer is taken.
    """
    course = Course(root)
    number, _ = _numbered(slug)
    _require_new_answer(course, first_answer)
    checks = filled("exercise.py.txt", number=str(int(number)))
    recall = filled("recall.py.txt", number=number)
    touched = [
        course.add(
            f"solutions/{slug}.ipynb",
            _notebook("exercise.txt", number=number, slug=slug),
        ),
        course.add(f"exercises/checks/{slug}/exercise.py", checks),
        course.add(f"exercises/checks/{slug}/recall.py", recall),
    ]
    return list(dict.fromkeys(touched + new_answer(root, first_answer, slug)))


def new_answer(root: Path, name: str, slug: str, kind: str = "function") -> list[str]:
    """Add the answer `name` to the exercise `slug`; return what was touched.

    Of the `kind` "cases" it stands before the last function that has none, and tells
    that apart from its known mistakes; of the others it stands last.

    Raises:
        ValueError: there is no such exercise or kind, `name` is no name or is taken, or
            there is no function to be told apart.
    """
    course = Course(root)
    solution = f"solutions/{slug}.ipynb"
    require_file(course, solution, "exercise")
    _require_new_answer(course, name)
    if kind not in KINDS:
        raise ValueError(f"no kind {kind}: there are {', '.join(KINDS)}")
    values = {"name": name, "number": slug[:2]}
    of = _to_tell_apart(course, slug) if kind == "cases" else None
    if of:
        values |= {"of": of.name, "form": _form(of)}
    cells = _cells(filled(f"{KINDS[kind]}.txt", **values))
    place = f"exercises/checks/{slug}/test_{name}.py"
    checks = filled(f"{KINDS[kind]}.py.txt", **values)
    before = of.name if of else ""
    touched = [
        course.change(solution, lambda text: _with_cells(text, cells, before)),
        course.add(place, checks),
    ]
    tidy(course, touched)
    exercises.generate(course.root / "solutions", course.root / "exercises")
    return [*touched, f"exercises/{slug}.ipynb"]


def _to_tell_apart(course: Course, slug: str) -> ast.FunctionDef:
    """Return the last function of an exercise that no cases are asked for yet."""
    exercise = Exercise(slug, course.root / "exercises" / "checks")
    recalls = [each.name for each in exercise.asked]
    own = [each for each in exercise.answers if each not in recalls]
    files = [exercise.check_file(each) for each in own]
    asked = "\n".join(path.read_text(encoding="utf-8") for path in files)
    found = [
        node
        for cell in read_cells(exercise.solution)
        for node in ast.parse(cell.source).body
        if isinstance(node, ast.FunctionDef) and exercise.check_file(node.name) in files
        if "MISTAKES" in exercise.check_file(node.name).read_text(encoding="utf-8")
        and f'tells_apart("{node.name}"' not in asked.replace("(\n    ", "(")
    ]
    if not found:
        raise ValueError(f"{slug} has no function that cases could tell apart")
    return found[-1]


def _form(function: ast.FunctionDef) -> str:
    names = [each.arg for each in function.args.args]
    return ", ".join(names) + ("," if len(names) == 1 else "")


def _numbered(slug: str) -> tuple[str, str]:
    found = re.fullmatch(r"(\d\d)_([a-z][a-z0-9_]*)", slug)
    if not found:
        raise ValueError(
            f"{slug!r} is no chapter: write its number and a word, as 07_why_decay"
        )
    return found[1], found[2]


def _require_new_answer(course: Course, name: str) -> None:
    """Refuse an answer's name that stands anywhere in the course: they are unique."""
    require_new_name(name, course, "exercises/checks")
    places = sorted(course.root.glob(f"exercises/checks/*/test_{name}.py"))
    if places:
        raise ValueError(
            f"{places[0].parent.name} has an answer {name} already: names of answers "
            "are unique over the course"
        )


def _in_the_contents(text: str, slug: str, part: str) -> str:
    """Put a chapter behind the one with the next lower number, or into `part`."""
    entry = f"      - file: book/{slug}\n"
    if entry in text:
        raise ValueError(f"{slug} is in _toc.yml already")
    if part and f"  - caption: {part}\n" not in text:
        before = text.index("  - caption: Appendi")
        head = f"  - caption: {part}\n    chapters:\n"
        return text[:before] + head + entry + text[before:]
    listed = re.finditer(r"^      - file: book/(\d\d)_\w+\n", text, re.MULTILINE)
    start = text.index(f"  - caption: {part}\n") if part else 0
    earlier = [each for each in listed if each[1] < slug[:2] and each.start() >= start]
    at = earlier[-1].end() if earlier else text.index("    chapters:\n", start) + 14
    return text[:at] + entry + text[at:]


def _cells(text: str) -> list[dict[str, Any]]:
    """Return the cells of a text in which each begins with ``%% kind {metadata}``."""
    _, *parts = _CELL.split(text)
    return [
        _cell(kind, body.strip("\n"), json.loads(metadata or "{}"))
        for kind, metadata, body in zip(
            parts[::3], parts[1::3], parts[2::3], strict=True
        )
    ]


def _cell(kind: str, source: str, settings: dict[str, Any]) -> dict[str, Any]:
    """Return a cell; an "id" among the `settings` is its own, the rest its metadata."""
    # here, because only who writes the course needs it
    from nbformat import v4

    make: Any = v4.new_code_cell if kind == "code" else v4.new_markdown_cell
    own = {"id": settings.pop("id")} if "id" in settings else {}
    cell: dict[str, Any] = make(source=source, metadata=settings, **own)
    return cell


def _opens(cell: Any) -> bool:
    """Say whether a cell begins a question."""
    return cell.cell_type == "markdown" and bool(re.match("#+ ", cell.source))


def _notebook(template: str, **values: str) -> str:
    import nbformat

    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook = nbformat.v4.new_notebook(
        cells=_cells(filled(template, **values)),
        metadata={"kernelspec": kernel, "language_info": {"name": "python"}},
    )
    text: str = nbformat.writes(notebook)
    return text.rstrip("\n") + "\n"


def _with_cells(text: str, cells: list[dict[str, Any]], before: str = "") -> str:
    """Put `cells` last, or above the question of the answer `before`."""
    import nbformat

    notebook = nbformat.reads(text, as_version=4)
    start = re.compile(rf"^def {before}\(", re.MULTILINE)
    at = next(
        (n for n, cell in enumerate(notebook.cells) if start.search(cell.source)),
        len(notebook.cells),
    )
    while 0 < at < len(notebook.cells) and not _opens(notebook.cells[at]):
        at -= 1
    notebook.cells[at:at] = cells
    written: str = nbformat.writes(notebook)
    return written.rstrip("\n") + "\n"
