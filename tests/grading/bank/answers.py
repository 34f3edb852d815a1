"""A bank of learners' answers, written by people who had not seen the checks.

Each entry holds an `answer`'s name, its `kind` (wrong, right or arguable, then with a
`reason`), the `cause` it was written for and its `source`. Of a wrong one, `named` says
how well the mistake that is named fits the cause, as somebody judged who read both:
rightly, half, wrongly or none; `says` are the slugs that may be named.
"""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lrcourse.grading.entrances.client import Checker
from lrcourse.grading.notebook import Cell, read_cells
from tests import ROOT

FOLDER = Path(__file__).parent
SLUGS = sorted(path.stem for path in FOLDER.glob("*.json"))
FACT = "by_its_values"  # what follows from the values names no mistake


@dataclass(frozen=True)
class Graded:
    """An entry, and what a learner read about it."""

    entry: dict
    failed: list[dict]
    mistake: dict | None

    @property
    def slug(self):
        """The mistake that was named, without its answer; empty for none."""
        return self.mistake["name"].partition("__")[2] if self.mistake else ""

    @property
    def headline(self):
        """The first sentence of the card."""
        return self.failed[0]["sentence"] if self.failed else ""


def entries(slug):
    """Return the entries of an exercise; those of its cases and claims lie apart."""
    return json.loads((FOLDER / f"{slug}.json").read_text(encoding="utf-8"))


def graded(slug, folder="") -> Iterator[Graded]:
    """Grade every entry in the checking process, one after another."""
    cells = read_cells(ROOT / "solutions" / f"{slug}.ipynb")
    imports = next(cell.source for cell in cells if "import" in cell.source)
    checker = Checker(ROOT / "exercises")
    try:
        for entry in entries(f"{folder}{slug}"):
            submission = [Cell("cell 1", imports), Cell("cell 2", entry["source"])]
            verdicts = checker.check(entry["answer"], submission)["verdicts"]
            failed = [each for each in verdicts if each["outcome"] == "failed"]
            yield Graded(entry, failed, verdicts[-1]["mistake"])
    finally:
        checker.close()


def row(some):
    """Return what became of graded entries, counted."""
    counts = Counter()
    for each in some:
        kind = each.entry["kind"]
        counts[kind] += 1
        counts["caught" if kind == "wrong" else "refused"] += bool(each.failed)
        if kind == "wrong":
            counts[each.entry["named"]] += 1
    return counts


def main():
    """Print the table."""
    columns = "wrong caught rightly half wrongly none unhelpful right refused".split()
    print(f"{'':<20}" + "".join(f"{column:>11}" for column in columns))
    for slug in SLUGS:
        counts = row(each for each in graded(slug) if each.entry["kind"] != "arguable")
        print(f"{slug:<20}" + "".join(f"{counts[column]:>11}" for column in columns))


if __name__ == "__main__":
    main()
