"""The course's own tests, room by room as the package."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]


def name_of(rule: object) -> str:
    """Name a rule for a test: a function inside it has no address in common twice."""
    return re.sub(r"<function \S+ at \w+>", "…", str(rule))
