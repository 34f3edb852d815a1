"""A view as the page reads it: plain numbers, how far its axes reach, its name."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from lrcourse.figure.controls import Choice, Stops
from lrcourse.figure.recorded.about import about
from lrcourse.figure.recorded.lattice import Lattice, Values
from lrcourse.figure.recorded.spans import around, span
from lrcourse.figure.recorded.views import Across, Curves, Histogram, Map, Points, View


def told(
    view: View, recorded: Lattice, controls: Sequence[Stops | Choice]
) -> dict[str, Any]:
    """Return `view` as the page reads it."""
    labels = {control.key: control.label for control in controls}
    words = {"kind": view.kind, **asdict(view), "range": span(view, recorded)}
    if isinstance(view, Curves | Across):
        words["lines"] = list(view.lines.items())
    if isinstance(view, Curves | Histogram):
        words |= _along(view, recorded, controls)
    if isinstance(view, Histogram):
        words["over"] = _written(view.over)
    if isinstance(view, Points):
        words["across"] = around(view.title, [recorded.numbers[view.x]], view.logx)
    if isinstance(view, Map):
        words["lost_any"] = not np.isfinite(recorded.numbers[view.of]).all()
    words["about"] = about(view, words, labels)
    return {key: word for key, word in words.items() if word}


def places(view: Curves | Histogram, controls: Sequence[Stops | Choice]) -> Any:
    """Return the numbers along `view`, or the name of the result that holds them.

    Those of a control that walks along it are its values.
    """
    if isinstance(view, Curves) and view.at and not len(view.x):
        return next(each.values for each in controls if each.key == view.at)
    return view.x


def _along(
    view: Curves | Histogram, recorded: Lattice, controls: Sequence[Stops | Choice]
) -> dict[str, Any]:
    x = places(view, controls)
    name = x if isinstance(x, str) else ""
    xs = recorded.series[name] if name else np.asarray(x, float)
    if isinstance(view, Curves) and view.at:
        name = next(each.label for each in controls if each.key == view.at)
    return {
        "x": x if isinstance(x, str) else _written(x),
        "across": _reach(view, xs),
        "xlabel": view.xlabel or name,
    }


def _reach(view: Curves | Histogram, xs: Values) -> tuple[float, float]:
    if isinstance(view, Curves):
        return view.reach or (float(xs.min()), float(xs.max()))
    half = float(np.diff(xs.ravel())[0]) / 2
    return float(xs.min()) - half, float(xs.max()) + half


def _written(numbers: ArrayLike) -> list[float]:
    """Return numbers with the digits that can be drawn."""
    return [float(f"{number:.6g}") for number in np.asarray(numbers, float)]
