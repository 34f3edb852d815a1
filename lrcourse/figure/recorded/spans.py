"""How far the axes of a view reach: over all states, so that they can be compared."""

import math
from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike

from lrcourse.figure.recorded.lattice import Lattice
from lrcourse.figure.recorded.views import (
    Across,
    Curves,
    Histogram,
    Map,
    Number,
    Points,
    Range,
    Rows,
    View,
)


def span(view: View, lattice: Lattice) -> Range | None:
    """Return from where to where the numbers of `view` are drawn, whatever is set.

    All that is finite lies within, and its levels; bars and shares begin at zero.
    ValueError if a log scale meets what is not positive.
    """
    if isinstance(view, Number):
        return None
    if view.range is not None:
        return view.range
    if isinstance(view, Curves | Histogram):
        of = view.lines.values() if isinstance(view, Curves) else [view.of]
        found = [lattice.series[name] for name in of]
    elif isinstance(view, Rows):
        lists = (view.of, view.low, view.high)
        found = [lattice.numbers[name] for name in lists if name]
    else:
        names = view.lines.values() if isinstance(view, Across) else [_height(view)]
        found = [lattice.numbers[name] for name in names]
    levels = [] if isinstance(view, Histogram | Map) else view.levels.values()
    log = not isinstance(view, Histogram) and view.log
    from_zero = isinstance(view, Histogram) or (isinstance(view, Rows) and not view.low)
    room = 0.0 if isinstance(view, Map) else 0.05
    return around(view.title, [*found, *levels], log, from_zero, room)


def around(
    title: str,
    values: Iterable[ArrayLike],
    log: bool,
    from_zero: bool = False,
    room: float = 0.05,
) -> Range:
    """Return the span of finite `values`, with a share of `room` at either end.

    Raises:
        ValueError: none is finite, or on a log scale one is not positive.
    """
    whole = np.concatenate([np.ravel(np.asarray(each, float)) for each in values])
    finite = whole[np.isfinite(whole)]
    if not finite.size:
        raise ValueError(f"{title!r} has nothing finite to draw")
    low, high = float(finite.min()), float(finite.max())
    if log:
        if low <= 0:
            raise ValueError(f"{title!r} must be positive on a log scale, got {low:g}")
        factor = (high / low) ** room if high > low else 2.0
        return low / factor, high * factor
    if from_zero:
        low, high = min(low, 0.0), max(high, 0.0)
    more = room * (high - low) or (0.0 if high > low else abs(high) / 10 or 1.0)
    bottom = low if from_zero and math.isclose(low, 0, abs_tol=1e-300) else low - more
    return bottom, high + more


def _height(view: Map | Points) -> str:
    return view.of if isinstance(view, Map) else view.y
