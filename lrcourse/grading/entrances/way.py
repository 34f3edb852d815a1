"""The way through the course: how far an exercise is, and what comes after it."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from lrcourse.grading.entrances.known import Known, known_of
from lrcourse.grading.entrances.landing import Landing
from lrcourse.grading.exercise import Exercise, exercises_in
from lrcourse.grading.notebook import NotebookUnreadable, read_document


@dataclass(frozen=True)
class Way:
    """How many of an exercise's answers hold; the `next` one; at the end, `links`.

    A link is what it leads to, its title, and its address beside the exercise. `known`
    says what is missing before the chapter counts as known.
    """

    done: int
    total: int
    next: str = ""
    links: tuple[tuple[str, str, str], ...] = ()
    known: Known | None = None

    @property
    def text(self) -> str:
        """The way as a line of text."""
        if self.done == self.total:
            whither = [f"{kind}: {title}" for kind, title, _ in self.links]
            return "; ".join([f"All {self.total} answers hold", *whither])
        follows = f"; next: {self.next}" if self.next else ""
        return f"{self.done} of {self.total} answers hold{follows}"

    @property
    def html(self) -> str:
        """The way as a bar and a line; at the end, as a small celebration."""
        if self.done < self.total:
            follows = f" · next: <code>{escape(self.next)}</code>" if self.next else ""
            line = f"{self.done} of {self.total} answers hold{follows}"
            return f'<div class="way">{self._steps}<span>{line}</span></div>'
        links = " · ".join(
            f'{kind}: <a href="{escape(place)}">{escape(title)}</a>'
            for kind, title, place in self.links
        )
        return (
            f'<div class="way done">{self._steps}<span><b>All {self.total} answers '
            f"hold: this exercise is done. Well worked.</b></span></div><p>{links}</p>"
        )

    @property
    def _steps(self) -> str:
        steps = ["<i class=full></i>"] * self.done
        steps += ["<i></i>"] * (self.total - self.done)
        return f'<span class="steps" aria-hidden="true">{"".join(steps)}</span>'


def way_of(exercise: Exercise, name: str, holds: Callable[[str], bool]) -> Way:
    """Return how far `exercise` is; the next answer is looked for after `name`."""
    answers = exercise.answers
    start = answers.index(name) + 1 if name in answers else 0
    open_ = [each for each in answers[start:] + answers[:start] if not holds(each)]
    done = len(answers) - len(open_)
    if open_:
        known = known_of(exercise, holds)
        return Way(done, len(answers), open_[0], known=known)
    return Way(done, len(answers), links=tuple(_links(exercise)))


def chapter_link(checks: Path, chapter: str, heading: str) -> Landing:
    """Return where a chapter's `heading` stands, seen from the exercises.

    While the lab is still opening a chapter it finds no heading, and a text that it
    goes to is opened for editing. So it is led to the code cell before the heading.
    """
    place = f"../book/{chapter}.ipynb"
    try:
        cells = read_document(checks.parent / place)["cells"]
    except NotebookUnreadable:  # a course without its book
        return Landing(place)
    line = re.compile(rf"^#+ {re.escape(heading)}\s*$", re.MULTILINE)
    before = ""
    for number, cell in enumerate(cells):
        if cell["cell_type"] == "code":
            before = f"#cell-id={cell['id']}"
        elif line.search("".join(cell["source"])):
            return Landing(place + before, heading, number)
    return Landing(place)


def _links(exercise: Exercise) -> list[tuple[str, str, str]]:
    """Return links to the next chapter and the next exercise, where there are any."""
    course = exercise.checks.parent.parent
    toc = course / "_toc.yml"
    text = toc.read_text(encoding="utf-8") if toc.is_file() else ""
    chapters = re.findall(r"file:\s*book/(\d\w+)", text)
    exercises = [each.slug for each in exercises_in(exercise.checks)]
    links = []
    if slug := _after(exercise.slug, chapters):
        place = f"../book/{slug}.ipynb"
        links.append(("Next chapter", _title(course / "book" / f"{slug}.ipynb"), place))
    if slug := _after(exercise.slug, exercises):
        place = f"{slug}.ipynb"
        links.append(("Next exercise", _title(exercise.checks.parent / place), place))
    return links


def _after(slug: str, slugs: Sequence[str]) -> str:
    later = [each for each in slugs if each > slug]
    return min(later, default="")


def _title(notebook: Path) -> str:
    """Return a notebook's first heading, or its name."""
    try:
        cells = read_document(notebook)["cells"]
    except NotebookUnreadable:
        return notebook.stem
    text = "\n".join("".join(cell["source"]) for cell in cells[:1])
    heading = re.search(r"^# (.+)$", text, re.MULTILINE)
    return heading[1] if heading else notebook.stem
