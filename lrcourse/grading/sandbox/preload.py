"""What a fork server imports ahead, and which preload a notebook's cells need.

What cells import is told from their text without parsing it: in the trusted process a
learner's text is never parsed, it may be made to exhaust it.
"""

import functools
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

# what is imported before the door is shut: some packages import their parts late.
# Each preload has all that the ones before it have
PRELOADS: dict[str, tuple[str, ...]] = {
    "numpy": ("numpy", "numpy.random", "numpy.linalg", "numpy.fft", "numpy.testing"),
    "plots": ("matplotlib.pyplot",),
    "science": ("pandas", "scipy", "sklearn"),
    "torch": ("torch", "torch._dynamo", "torch.optim.lr_scheduler"),
}
_COURSE = Path(__file__).parents[3]
_IMPORT = re.compile(r"^[ \t]*(?:import|from)[ \t]+([\w., \t]+)", re.MULTILINE)
_OURS = re.compile(
    r"^[ \t]*(?:import|from)[ \t]+(lrcourse[\w.]*)"
    r"(?:[ \t]+import[ \t]+([^(\n]+|\([^)]*))?",
    re.MULTILINE,
)
_MENTIONED = re.compile(r"\blrcourse(?:\.\w+)+")


def preload_for(imports: Iterable[str]) -> str:
    """Return the smallest preload that has these top-level names."""
    wanted = set(imports)
    for preload in reversed(PRELOADS):
        if wanted & {name.split(".")[0] for name in PRELOADS[preload]}:
            return preload
    return "numpy"


def modules_of(preload: str) -> list[str]:
    """Return the modules that a fork server with this preload imports."""
    preloads = list(PRELOADS)
    wanted = preloads[: preloads.index(preload) + 1]
    return [module for each in wanted for module in PRELOADS[each]]


def imported_names(sources: Iterable[str]) -> frozenset[str]:
    """Return the top-level names of what `sources` import, through our rooms too."""
    texts = list(sources)
    mentioned = _MENTIONED.findall("\n".join(texts))
    found = [_imports(text) for text in (*texts, *(f"import {m}" for m in mentioned))]
    names = {name for own, _ in found for name in own}
    waiting = [room for _, rooms in found for room in rooms]
    seen: set[Path] = set()
    while waiting:
        room = waiting.pop()
        if room not in seen:
            seen.add(room)
            own, rooms = _imports_of(room, room.stat().st_mtime_ns)
            names |= own
            waiting += rooms
    return frozenset(names - {""})


@functools.cache
def _imports_of(room: Path, changed: int) -> tuple[set[str], list[Path]]:
    """Return what a file of ours imports: read again when it has `changed`."""
    return _imports(room.read_text(encoding="utf-8"))


def _imports(source: str) -> tuple[set[str], list[Path]]:
    """Return the top-level names that a source imports, and the files that are ours."""
    names: set[str] = set()
    for found in _IMPORT.findall(source):
        modules = found.split(" import ")[0].split(",")
        names |= {re.split(r"[. \t]", each.strip())[0] for each in modules}
    return names, list(_rooms(source))


def _rooms(source: str) -> Iterator[Path]:
    """Yield the files of ours that importing like `source` loads, but the grader's."""
    for module, parts in _OURS.findall(source):
        names = [name.split(" as ")[0].strip() for name in parts.strip("(").split(",")]
        for dotted in [module, *(f"{module}.{name}" for name in names if name)]:
            words = dotted.split(".")
            if words[1:2] == ["grading"]:
                continue
            for depth in range(1, len(words) + 1):
                place = _COURSE.joinpath(*words[:depth])
                paths = (place.with_suffix(".py"), place / "__init__.py")
                yield from (path for path in paths if path.is_file())
