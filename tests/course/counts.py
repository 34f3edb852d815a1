"""Counts in texts, "eight short functions", and whether they are true."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from lrcourse.authoring.readme import answers, chapters

ONES = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
).split()
TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
WORDS = {word: number for number, word in enumerate(ONES, start=1)}
WORDS |= {ten: 10 * number for number, ten in enumerate(TENS, start=2)}
WORDS |= {f"{ten}-{one}": WORDS[ten] + WORDS[one] for ten in TENS for one in ONES[:9]}
THINGS = {
    "answer": "answers",
    "function": "functions",
    "class": "classes",
    "exercise": "exercises",
    "chapter": "chapters",
    "schedule": "schedules",
}
NUMBER = "|".join([r"\d+", *sorted(WORDS, key=len, reverse=True)])
COUNT = re.compile(
    rf"(?<!to )\b({NUMBER}) (?:(?!(?:of|for|in|and|or|per|a|the) )[a-z]+ )?"
    rf"({'|'.join(THINGS)})(?:e?s)?\b",
    re.IGNORECASE,
)
TEXTS = ("README.md", "exercises/README.md", "CONTRIBUTING.md")


class Passage(NamedTuple):
    """A paragraph, where it stands, and the exercise that it is about, if it is one."""

    place: str
    text: str
    slug: str


def wrong_counts(root: Path) -> list[str]:
    """Return a sentence for every count that is not that of the course."""
    truth = true_counts(root)
    found = []
    for place, text, slug in passages(root):
        for said in COUNT.finditer(text):
            number, thing = said.groups()
            if not slug and number.lower() == "one":  # "one function for each figure"
                continue
            counted = truth[slug][THINGS[thing.lower()]]
            if WORDS.get(number.lower(), number) not in (counted, str(counted)):
                about = f"of {slug}" if slug else "of the course"
                found.append(
                    f"{place} says {said[0]!r}, and the {THINGS[thing.lower()]} "
                    f"{about} are {counted}: write that"
                )
    return found


def true_counts(root: Path) -> dict[str, Counter[str]]:
    """Return what can be counted, by exercise, and under "" for the whole course."""
    counts = {}
    for _, slug in chapters(root):
        solution = root / "solutions" / f"{slug}.ipynb"
        solved = answers(solution) if solution.is_file() else []
        made = Counter(type(node).__name__ for node in solved)
        by_step = [node for node in solved if _first_argument(node) == "step"]
        counts[slug] = Counter(
            answers=len(solved),
            functions=made["FunctionDef"],
            classes=made["ClassDef"],
            schedules=len(by_step),
        )
    whole = sum(counts.values(), Counter())
    whole |= Counter(chapters=len(counts), exercises=len(counts))
    return {**counts, "": whole}


def passages(root: Path) -> Iterator[Passage]:
    """Yield the paragraphs that count what the course holds.

    Those are all of the texts for whoever comes first and of the pages without a
    number, the first of every solution, and those of a chapter that speak of an
    exercise.
    """
    pages = sorted(path.relative_to(root) for path in (root / "book").glob("*.md"))
    for place in (*TEXTS, *(page.as_posix() for page in pages)):
        for paragraph in _paragraphs((root / place).read_text("utf-8")):
            yield Passage(place, paragraph, _slug_in(paragraph))
    for solution in sorted((root / "solutions").glob("*.ipynb")):
        slug, first = solution.stem, _markdown(solution)[0]
        place = f"solutions/{slug}.ipynb"
        yield from (Passage(place, each, slug) for each in _paragraphs(first))
    for chapter in sorted((root / "book").glob("*.ipynb")):
        for paragraph in _paragraphs("\n\n".join(_markdown(chapter))):
            if "exercises/" in paragraph or not chapter.stem[0].isdigit():
                place = f"book/{chapter.name}"
                yield Passage(place, paragraph, _slug_in(paragraph))


def _markdown(notebook: Path) -> list[str]:
    cells = json.loads(notebook.read_text("utf-8"))["cells"]
    return ["".join(c["source"]) for c in cells if c["cell_type"] == "markdown"]


def _paragraphs(text: str) -> Iterator[str]:
    """Yield paragraphs as one line each, and every row of a table by itself."""
    for paragraph in re.split(r"\n\s*\n", text):
        rows = paragraph.strip().splitlines()
        table = bool(rows) and rows[0].startswith("|")
        yield from rows if table else [" ".join(paragraph.split())]


def _slug_in(paragraph: str) -> str:
    named = r"exercises/(\d\d_\w+)\.ipynb|:link: (\d\d_\w+)"
    slugs = {"".join(each) for each in re.findall(named, paragraph)}
    return slugs.pop() if len(slugs) == 1 else ""


def _first_argument(node) -> str:
    arguments = getattr(node, "args", None)
    return arguments.args[0].arg if arguments and arguments.args else ""
