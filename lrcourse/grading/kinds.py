"""Kinds of warm interpreter, and which of them a notebook's cells need.

What cells import is told from their text without parsing it: in the trusted process a
learner's text is never parsed, it may be made to exhaust it.
"""

import re
from collections.abc import Iterable
from pathlib import Path

# what is imported before the door is shut: some packages import their parts late.
# Each kind has all that the ones before it have
KINDS: dict[str, tuple[str, ...]] = {
    "numpy": ("numpy", "numpy.random", "numpy.linalg", "numpy.fft", "numpy.testing"),
    "plots": ("matplotlib.pyplot",),
    "science": ("pandas", "scipy", "sklearn"),
    "torch": ("torch", "torch._dynamo", "torch.optim.lr_scheduler"),
}
_COURSE = Path(__file__).parents[1]
_IMPORT = re.compile(r"^[ \t]*(?:import|from)[ \t]+([\w., \t]+)", re.MULTILINE)
_ROOM = re.compile(r"\blrcourse(?:\.|[ \t]+import[ \t]+)(\w+)")


def kind_for(imports: Iterable[str]) -> str:
    """Return the smallest kind of warm interpreter that has these top-level names."""
    wanted = set(imports)
    for kind in reversed(KINDS):
        if wanted & {name.split(".")[0] for name in KINDS[kind]}:
            return kind
    return "numpy"


def modules_of(kind: str) -> list[str]:
    """Return the modules that a warm interpreter of this kind imports."""
    kinds = list(KINDS)
    wanted = kinds[: kinds.index(kind) + 1]
    return [module for each in wanted for module in KINDS[each]]


def imported_names(sources: Iterable[str]) -> frozenset[str]:
    """Return the top-level names of what `sources` import, through our rooms too."""
    names: set[str] = set()
    rooms: set[str] = set()
    waiting = list(sources)
    while waiting:
        source = waiting.pop()
        for found in _IMPORT.findall(source):
            modules = found.split(" import ")[0].split(",")
            names |= {re.split(r"[. \t]", each.strip())[0] for each in modules}
        for room in set(_ROOM.findall(source)) - rooms - {"grading"}:
            rooms.add(room)
            waiting += _sources(room)
    return frozenset(names - {""})


def _sources(room: str) -> list[str]:
    """Return the texts of one of the course's rooms, whether a file or a folder."""
    paths = [_COURSE / f"{room}.py", *(_COURSE / room).glob("*.py")]
    return [path.read_text(encoding="utf-8") for path in paths if path.is_file()]
