"""A new version of a notebook under a learner's work: cell by cell, nothing lost.

A notebook that goes to a learner is `stamped` with a digest of each cell. With it a
later version tells a cell that the learner has changed from one that the course has,
without a copy of what it was: `merge` takes the course's where the learner has not
touched a cell, and the learner's where the course has not. Where both have, the
learner's cell stays, the course's follows it as text, and it is named.
"""

import copy
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from lrcourse.grading.notebook import defined_names

_TOP = ""  # what a cell stands behind that comes first


@dataclass(frozen=True)
class Merged:
    """The notebook, and the ids of the course's cells that could not be merged."""

    notebook: dict[str, Any]
    unmerged: tuple[str, ...] = ()


def stamped(notebook: Mapping[str, Any]) -> dict[str, Any]:
    """Return `notebook` with a digest of each cell in its metadata."""
    made = copy.deepcopy(dict(notebook))
    notes = made.setdefault("metadata", {}).setdefault("lrcourse", {})
    notes["cells"] = {cell["id"]: _digest(cell) for cell in made["cells"]}
    return made


def is_edited(notebook: Mapping[str, Any]) -> bool:
    """Say whether a stamped notebook's cells are other than they were.

    One without a stamp counts as a learner's.
    """
    return [*_stamp(notebook).values()] != [_digest(c) for c in notebook["cells"]]


def merge(theirs: Mapping[str, Any], ours: Mapping[str, Any]) -> Merged:
    """Return the course's new version `ours` with a learner's work `theirs` in it.

    Cells that the learner added, and changed ones that the course no longer has, stand
    behind the cell that they stood behind. A cell that the learner deleted stays away
    until the course changes it. `theirs` may lack the ids of its cells, as files of old
    programs do: then they are told by their text and place.
    """
    new = stamped(ours)
    if not is_edited(theirs):
        return Merged(new)
    stamp, known = _stamp(theirs), _known(theirs)
    added = _added(theirs, known, {cell["id"] for cell in new["cells"]})
    own = _defined(cell for cells in added.values() for cell in cells)
    cells, unmerged = added.pop(_TOP, []), []
    for cell in new["cells"]:
        name = cell["id"]
        kept = theirs["cells"][known[name]] if name in known else None
        settled = _settled(cell, kept, stamp.get(name, ""), own)
        if settled is None:
            unmerged.append(name)
            settled = [*([kept] if kept else []), _as_text(cell)]
        cells += [*settled, *added.pop(name, [])]
    return Merged({**new, "cells": _with_ids(cells)}, tuple(unmerged))


def _settled(
    cell: dict[str, Any], kept: dict[str, Any] | None, was: str, own: set[str]
) -> list[dict[str, Any]] | None:
    """Return what becomes of one of our cells, or None where both have changed it.

    `kept` is what the learner has made of it, `was` its digest when they got it. A new
    stub must not stand behind an answer of theirs that they wrote in a cell of its own.
    """
    now = _digest(cell)
    if kept is None:
        if now == was:
            return []
        return None if own & _defined([cell]) else [cell]
    if now == was:
        is_ours = _digest(kept) == was and cell.get("outputs")
        return [cell if is_ours else {**kept, "id": cell["id"]}]
    return [cell] if _digest(kept) in (was, now) else None


def _known(theirs: Mapping[str, Any]) -> dict[str, int]:
    """Return the places of the cells that the learner got, by their ids."""
    stamp, cells = _stamp(theirs), theirs["cells"]
    found: dict[str, int] = {}
    if all("id" in cell for cell in cells):
        for place, cell in enumerate(cells):
            if cell["id"] in stamp:
                found.setdefault(cell["id"], place)
        return found
    here = [_digest(cell) for cell in cells]
    blocks = SequenceMatcher(None, [*stamp.values()], here, autojunk=False)
    for _, first, last, start, end in blocks.get_opcodes():
        if last - first == end - start:
            found |= zip([*stamp][first:last], range(start, end), strict=True)
    return found


def _added(
    theirs: Mapping[str, Any], known: Mapping[str, int], ours: set[str]
) -> dict[str, list[dict[str, Any]]]:
    """Return the learner's own cells, by the id of the cell of ours before them."""
    stamp, names = _stamp(theirs), {place: name for name, place in known.items()}
    added: dict[str, list[dict[str, Any]]] = {}
    behind = _TOP
    for place, cell in enumerate(theirs["cells"]):
        name = names.get(place, "")
        if name in ours:
            behind = name
        elif name == "" or _digest(cell) != stamp[name]:
            added.setdefault(behind, []).append(cell)
    return added


def _as_text(cell: dict[str, Any]) -> dict[str, Any]:
    """Return a cell of ours as text, to be read beside the learner's own."""
    source = _source(cell)
    if cell["cell_type"] == "code":
        source = f"```python\n{source}\n```"
    head = "**The course has changed this cell since you wrote yours. It reads now:**"
    return {"cell_type": "markdown", "metadata": {}, "source": f"{head}\n\n{source}"}


def _with_ids(cells: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return `cells`, each with an id of its own: the first to come keeps it."""
    made: list[dict[str, Any]] = []
    taken: set[str] = set()
    for number, cell in enumerate(copy.deepcopy([*cells])):
        if cell.get("id", "") in ("", *taken):
            cell["id"] = f"own-{number}-{_digest(cell)[:8]}"
        taken.add(cell["id"])
        made.append(cell)
    return made


def _defined(cells: Iterable[dict[str, Any]]) -> set[str]:
    code = (_source(cell) for cell in cells if cell["cell_type"] == "code")
    return {name for source in code for name in defined_names(source)}


def _stamp(notebook: Mapping[str, Any]) -> dict[str, str]:
    found: dict[str, str] = (
        notebook.get("metadata", {}).get("lrcourse", {}).get("cells", {})
    )
    return found


def _source(cell: Mapping[str, Any]) -> str:
    return "".join(cell["source"])


def _digest(cell: Mapping[str, Any]) -> str:
    text = f"{cell['cell_type']}\n{_source(cell)}"
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
