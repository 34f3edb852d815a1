"""The way through the course: how far an exercise is, and what comes after it."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from lrcourse.grading.entrances.landing import Landing
from lrcourse.grading.entrances.place import Whereabouts
from lrcourse.grading.exercise import Exercise, exercises_in
from lrcourse.grading.known import Known, known_of
from lrcourse.grading.notebook import NotebookUnreadable, read_document

_CHAPTER = "Chapter"


@dataclass(frozen=True)
class Way:
    """How many of an exercise's answers hold; the `next` one; `links` from there.

    A link is what it leads to, its title, and its address. `known` says what is missing
    before the chapter counts as known.
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
            onward = [each for each in self.links if each[0] != _CHAPTER]
            whither = [f"{kind}: {title}" for kind, title, _ in onward]
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
        return (
            f'<div class="way done">{self._steps}<span><b>All {self.total} answers '
            f"hold: this exercise is done. Well worked.</b></span></div>"
            f"{self.onward}"
        )

    @property
    def onward(self) -> str:
        """The links as a line."""
        links = " · ".join(
            f"{kind}: {Landing(place).link(title)}" for kind, title, place in self.links
        )
        return f"<p>{links}</p>" if links else ""

    @property
    def _steps(self) -> str:
        steps = ["<i class=full></i>"] * self.done
        steps += ["<i></i>"] * (self.total - self.done)
        return f'<span class="steps" aria-hidden="true">{"".join(steps)}</span>'


def way_of(
    exercise: Exercise, name: str, holds: Callable[[str], bool], place: Whereabouts
) -> Way:
    """Return how far `exercise` is; the next answer is looked for after `name`.

    `place` is the notebook's, which the links begin at.
    """
    answers = exercise.answers
    start = answers.index(name) + 1 if name in answers else 0
    open_ = [each for each in answers[start:] + answers[:start] if not holds(each)]
    done = len(answers) - len(open_)
    links = tuple(_links(exercise, place, done=not open_))
    known = known_of(exercise, holds) if open_ else None
    return Way(done, len(answers), next(iter(open_), ""), links, known)


def chapter_link(checks: Path, chapter: str, heading: str, up: str = "../") -> Landing:
    """Return where a chapter's `heading` stands; from a notebook one goes `up` to it.

    While the lab is still opening a chapter it finds no heading, and a text that it
    goes to is opened for editing. So it is led to the code cell before the heading.
    """
    place = f"{up}book/{chapter}.ipynb"
    try:
        cells = read_document(checks.parent / f"../book/{chapter}.ipynb")["cells"]
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


def _links(
    exercise: Exercise, place: Whereabouts, done: bool
) -> Iterator[tuple[str, str, str]]:
    """Yield links to the chapter, to the next one if `done`, to the next exercise."""
    course = exercise.checks.parent.parent
    toc = course / "_toc.yml"
    text = toc.read_text(encoding="utf-8") if toc.is_file() else ""
    chapters = re.findall(r"file:\s*book/(\d\w+)", text)
    exercises = [each.slug for each in exercises_in(exercise.checks)]
    wanted = [
        (_CHAPTER, "book", exercise.slug),
        ("Next chapter", "book", _after(exercise.slug, chapters) if done else ""),
        ("Next exercise", "exercises", _after(exercise.slug, exercises)),
    ]
    for kind, folder, slug in wanted:
        path = f"{folder}/{slug}.ipynb"
        if link := place.to(path) if slug else "":
            yield kind, _title(course / path), link


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
