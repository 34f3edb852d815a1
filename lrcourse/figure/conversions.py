"""Calls of the libraries: what each does, and how the others write it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from lrcourse._settings import require_counts
from lrcourse.figure.controls import Choice, Slider
from lrcourse.figure.element import Figure
from lrcourse.figure.numbers import exact, short, with_own

if TYPE_CHECKING:  # a page without this figure does not load what converts
    from lrcourse.convert import Conversion, Equivalent

LIBRARIES = ("PyTorch", "Keras", "Optax")


def conversion_figure(
    conversions: Mapping[str, Conversion],
    last_step: int,
    *,
    start: Mapping[str, Any],
    marks: Mapping[str, Mapping[str, Any]] | None = None,
    name: str = "",
    question: str = "",
) -> Figure:
    """Show each of `conversions`: its curve, its numbers, and the calls like it.

    A state has the ``call``, a ``library`` whose own call is drawn beside it, and the
    ``place``, an update.

    Raises:
        ValueError: no conversions, or a state that the figure does not have.
    """
    require_counts(last_step=last_step)
    if not conversions:
        raise ValueError("conversions must hold one at least, got none")
    controls = (
        Choice("call", "call", tuple(conversions)),
        Choice("library", "beside it, in", LIBRARIES),
        Slider("place", "update", 0, last_step, 1),
    )
    steps = range(last_step + 1)
    told = {label: _told(found, steps) for label, found in conversions.items()}
    return Figure(
        "conversions",
        controls,
        {"calls": told, "last": last_step},
        start,
        lambda state: _said(conversions[state["call"]], state),
        marks or {},
        name,
        question,
        "calls of PyTorch, Keras and Optax, and the same call in the others",
    )


def first_of(found: Conversion, library: str) -> Equivalent:
    """Return the first call that `found` has for `library`."""
    return next(each for each in found.equivalents if each.library == library)


def _told(found: Conversion, steps: range) -> dict[str, Any]:
    """Return a conversion as the page reads it, without curves that are the same."""
    curves = {}
    for library in LIBRARIES:
        each = first_of(found, library)
        if each.parts_at is not None:
            schedule = {library: each.plan.schedule}
            curves[library] = exact(with_own(schedule, {}, steps)[library])
    return {
        "own": exact(with_own({"call": found.schedule}, {}, steps)["call"]),
        "curves": curves,
        "facts": _facts(found),
        "values": found.written,
        "calls": [
            [each.library, each.call, each.manner, each.difference, each.word]
            for each in found.equivalents
        ],
        "end": found.end,
        "head": _head(found),
    }


def _facts(found: Conversion) -> list[list[str]]:
    many = f" of {found.updates_per_tick} updates" if found.unit == "epoch" else ""
    end = "none of its own" if found.end is None else f"update {found.end}"
    return [
        ["one tick", f"one {found.unit}{many}"],
        ["end", end],
        ["half-life", found.halving],
        ["budget", f"{found.spent} in {found.steps} updates"],
    ]


def _head(found: Conversion) -> str:
    half = "never at half" if found.half_life is None else f"half-life {found.halving}"
    return f"{found.library}, {half}, budget {found.spent}"


def _said(found: Conversion, state: Mapping[str, Any]) -> str:
    """Say the head of a conversion, and both rates at the place."""
    place, library = state["place"], state["library"]
    twin = first_of(found, library).plan.schedule
    here, there = (short(f(place)) for f in (found.schedule, twin))
    return (
        f"{_head(found)}. At update {place} it is at {here}, in {library} at {there}."
    )
