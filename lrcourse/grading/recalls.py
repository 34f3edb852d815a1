"""Short questions from earlier chapters: which exercise asks which.

A chapter's ``checks/NN_slug/recall.py`` holds ``RECALLS``, a few `Recall`. By rule each
later exercise asks one from one, three and six chapters back: nothing else is written.
"""

import re
from dataclasses import dataclass
from pathlib import Path

BACK = (1, 3, 6)  # chapters
LAST = 999  # number of a question: what is asked is drawn from it
PREFIX = "recall_"
_ANSWER = re.compile(r"""\bRecall\(\s*["'](\w+)["']""")


@dataclass(frozen=True)
class Place:
    """An exercise's question `name`: number `index` of those that `source` offers."""

    name: str
    source: str
    index: int


def offered(folder: Path) -> list[str]:
    """Return the answers that the recalls of a check folder are about, in order."""
    file = folder / "recall.py"
    return _ANSWER.findall(file.read_text(encoding="utf-8")) if file.is_file() else []


def places(checks: Path, slug: str) -> list[Place]:
    """Return which questions from earlier chapters the exercise `slug` asks, in order.

    From one, three and six chapters back: each time from the nearest chapter at that
    distance or farther which offers any and is not asked already. Whoever asks a
    chapter first gets its first question, and so on; where there are no more, the first
    is asked again.
    """
    offers = {path.name: offered(path) for path in sorted(checks.glob("[0-9][0-9]_*"))}
    sources = [each for each, some in offers.items() if some]
    turns = dict.fromkeys(sources, 0)
    for asking in offers:
        found = []
        for source in _sources(asking, sources):
            turn, some = turns[source], offers[source]
            again = "_again" * (turn // len(some))
            name = f"{PREFIX}{some[turn % len(some)]}{again}"
            found.append(Place(name, source, turn % len(some)))
            turns[source] += 1
        if asking == slug:
            return found
    return []


def _sources(asking: str, sources: list[str]) -> list[str]:
    """Return the chapters that one asks from."""
    found: list[str] = []
    for back in BACK:
        latest = int(asking[:2]) - back
        far = [s for s in sources if int(s[:2]) <= latest and s not in found]
        found += far[-1:]
    return found
