"""The end of an exercise: questions from earlier chapters, written by rule.

``python -m lrcourse.authoring.exercises`` puts them into the solution notebooks.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lrcourse.authoring.notebook import document_text
from lrcourse.authoring.readme import title
from lrcourse.grading.checking.recalled import Recalled
from lrcourse.grading.entrances.way import chapter_link
from lrcourse.grading.exercise import Exercise
from lrcourse.grading.recalls import PREFIX

SECTION = "recalls-"
_INTRODUCTION = """## From earlier chapters

{count}. Run the cell that asks: the numbers are drawn, and when you come back and run
it again, it asks with others. Paper or a line of code will do. Return the question's
number, which says what was drawn for you, and the value: `return 417, 0.06`.

The cell below brings `ask`: run it first."""
_ANSWER = '''def {name}():
    """Return the number of the question that you answer, and the value asked for."""
    ### BEGIN SOLUTION
    return 1, {value}
    ### END SOLUTION'''
_DISCUSSION = """**Why.** Question 1 was: {question} It is what `{answer}` of
[chapter {chapter}'s solution]({source}.ipynb) gives: {value}."""


def solution_text(solution: Path, checks: Path) -> str:
    """Return a solution notebook's text, its questions from earlier chapters anew."""
    text = solution.read_text(encoding="utf-8")
    notebook = json.loads(text)
    own = [cell for cell in notebook["cells"] if not _is_ours(cell)]
    made = list(_cells(Exercise(solution.stem, checks)))
    if own + made == notebook["cells"]:
        return text
    notebook["cells"] = own + made
    return document_text(notebook)


def _is_ours(cell: dict[str, Any]) -> bool:
    return str(cell.get("id", "")).startswith((SECTION, PREFIX))


def _cells(exercise: Exercise) -> Iterator[dict[str, Any]]:
    """Yield the cells of all questions; none where there are none."""
    asked = exercise.asked
    if not asked:
        return
    count = (
        "A short question, one point",
        "Two short questions, one point each",
        "Three short questions, one point each",
    )
    yield _text(f"{SECTION}question", _INTRODUCTION.format(count=count[len(asked) - 1]))
    yield _code(f"{SECTION}imports", "from lrcourse.grading import ask, check")
    for place in asked:
        kind = exercise.kind(place.name)
        assert isinstance(kind, Recalled)
        yield from _question(place.name, kind, exercise.checks)


def _question(name: str, kind: Recalled, checks: Path) -> Iterator[dict[str, Any]]:
    source = kind.source.slug
    chapter = checks.parent.parent / "book" / f"{source}.ipynb"
    link = chapter_link(checks, source, kind.heading).address
    asked = kind.question(1)
    value = asked.value
    if isinstance(value, float):
        value = float(f"{value:.{kind.recall.digits}g}")
    about = title(chapter) if chapter.is_file() else source
    yield _text(
        f"{name}-question",
        f"### From chapter {int(source[:2])}\n\n{about}: [{kind.heading}]({link})",
    )
    yield _code(f"{name}-ask", f'ask("{name}")')
    yield _code(f"{name}-answer", _ANSWER.format(name=name, value=repr(value)))
    yield _code(f"{name}-check", f'check("{name}")')
    discussion = _DISCUSSION.format(
        question=asked.text,
        answer=kind.recall.answer,
        chapter=int(source[:2]),
        source=source,
        value=value,
    )
    yield _text(f"{name}-discussion", discussion, {"tags": ["solution"]})


def _text(
    name: str, source: str, metadata: dict[str, Any] | None = None
) -> dict[str, Any]:
    return {
        "cell_type": "markdown",
        "id": name,
        "metadata": metadata or {},
        "source": source.splitlines(keepends=True),
    }


def _code(name: str, source: str) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": name,
        "metadata": {},
        "outputs": [],
        "source": source.splitlines(keepends=True),
    }
