"""Named curves over one axis, two of them compared; schedules with what they spend."""

import math
from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Any

from lrcourse._settings import require_counts
from lrcourse.figure.controls import Choice, Slider, Stops
from lrcourse.figure.element import Figure
from lrcourse.figure.numbers import exact, short, with_own
from lrcourse.schedules import Schedule

Curve = Sequence[float | None]  # None leaves a gap


def schedule_figure(
    schedules: Mapping[str, Schedule],
    last_step: int,
    *,
    start: Mapping[str, Any],
    marks: Mapping[str, Mapping[str, Any]] | None = None,
    extra: Mapping[str, Schedule] | None = None,
    name: str = "",
    question: str = "",
) -> Figure:
    """Compare two of `schedules` at a step: rates, their distance, what they spent.

    A state has a schedule that is ``shown``, one that it stands ``against``, and a
    ``place``, the step. What is spent there is the sum of the rates of the updates
    before it. `extra` holds a reader's own schedules, drawn dashed beside the others.

    Raises:
        ValueError: a schedule that raises or returns what is no finite number, or a
            state that the figure does not have.
    """
    require_counts(last_step=last_step)
    steps = range(last_step + 1)
    rates = with_own(schedules, extra or {}, steps)
    controls = (
        Choice("shown", "schedule", tuple(rates)),
        Choice("against", "against", tuple(rates)),
        Slider("place", "step", 0, last_step, 1),
    )
    data = _data(rates, steps, "step", "learning rate")
    data |= {"own": list(extra or {}), "spent": True}
    return Figure(
        "curves",
        controls,
        data,
        start,
        lambda state: _said(rates, steps, "step", state) + _more(rates, state),
        marks or {},
        name,
        question,
        "schedules, two of them compared at a step",
    )


def curves_figure(
    curves: Mapping[str, Curve], x: Sequence[float], xlabel: str, ylabel: str
) -> Figure:
    """Compare the first two of `curves` over `x`, beginning where they part."""
    shown, against = list(curves)[:2]
    pairs = zip(x, curves[shown], curves[against], strict=True)
    apart = [place for place, a, b in pairs if not _same(a, b)]
    pair: dict[str, Any] = {"shown": shown, "against": against}
    return Figure(
        "curves",
        (Stops("place", xlabel, tuple(x)),),
        _data(curves, x, xlabel, ylabel) | {"pair": pair},
        {"place": apart[0] if apart else x[-1]},
        lambda state: _said(curves, x, xlabel, {**pair, **state}),
        title=f"{ylabel} over {xlabel}: {', '.join(curves)}",
    )


def _data(
    curves: Mapping[str, Curve], x: Sequence[float], xlabel: str, ylabel: str
) -> dict[str, Any]:
    numbers = {
        name: exact([math.nan if y is None else y for y in curve])
        for name, curve in curves.items()
    }
    return {"x": exact(x), "series": numbers, "xlabel": xlabel, "ylabel": ylabel}


def _said(
    curves: Mapping[str, Curve],
    x: Sequence[float],
    xlabel: str,
    state: Mapping[str, Any],
) -> str:
    place = list(x).index(state["place"])
    shown, against = (
        f"{state[which]} is {_at(curves[state[which]][place])}"
        for which in ("shown", "against")
    )
    return f"At {xlabel} {short(x[place])}, {shown} and {against}."


def _at(value: float | None) -> str:
    return "no number" if value is None or math.isnan(value) else f"at {short(value)}"


def _more(rates: Mapping[str, Sequence[float]], state: Mapping[str, Any]) -> str:
    """Say how far apart two schedules are, in five digits, and what they have spent.

    In three, two neighbouring steps often say the same. The sums grow update by update,
    as the page's do.
    """
    place, names = state["place"], (state["shown"], state["against"])
    one, other = (rates[name][place] for name in names)
    spent = [short([0.0, *accumulate(rates[name])][place]) for name in names]
    apart = f" They are {short(abs(one - other), digits=5)} apart."
    return f"{apart} Until then they have spent {spent[0]} and {spent[1]}."


def _same(a: float | None, b: float | None) -> bool:
    return a == b if a is None or b is None else math.isclose(a, b, rel_tol=1e-9)
