"""The best of what was recorded, and where it stands, as results of their own."""

import itertools
import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from lrcourse.figure.controls import shown
from lrcourse.figure.recorded.lattice import Listed
from lrcourse.figure.recorded.records import Key, Records
from lrcourse.figure.recorded.views import Across, Map, View

NOWHERE = "nowhere"  # where all was lost


def with_best(
    found: Records, controls: Sequence[Listed], views: Iterable[View]
) -> Records:
    """Return records that hold, for each view with a `best`, its number and place too.

    Of the result ``loss`` along ``lr`` these are ``best loss`` and ``best lr``, at all
    values of ``lr`` the same.
    """
    rows = {key: dict(row) for key, row in found.rows.items()}
    for view in views:
        if isinstance(view, Across | Map) and view.best:
            for key, best in _bests(found, controls, view).items():
                rows[key] |= best
    return Records(found.keys, rows)


def names_of_best(view: View) -> list[str]:
    """Return what `with_best` calls the number and the places of a view."""
    if not (isinstance(view, Across | Map) and view.best):
        return []
    return [f"best {name}" for name in (_result(view), *view.axes)]


def _bests(
    found: Records, controls: Sequence[Listed], view: Across | Map
) -> dict[Key, dict[str, Any]]:
    axes = [found.keys.index(key) for key in view.axes]
    states = list(itertools.product(*(control.values for control in controls)))
    found.require(states, [_result(view)])
    groups: dict[Key, list[Key]] = {}
    for state in states:
        others = tuple(v for axis, v in enumerate(state) if axis not in axes)
        groups.setdefault(others, []).append(state)
    return {
        state: _best(found, group, view, axes)
        for group in groups.values()
        for state in group
    }


def _best(
    found: Records, group: Sequence[Key], view: Across | Map, axes: Sequence[int]
) -> dict[str, Any]:
    sign = 1 if view.best == "max" else -1
    name = _result(view)
    numbers = {state: float(np.ravel(found.at(state, name))[-1]) for state in group}
    finite = [state for state in group if math.isfinite(numbers[state])]
    if not finite:
        return dict.fromkeys(names_of_best(view), NOWHERE) | {f"best {name}": math.nan}
    best = max(finite, key=lambda state: sign * numbers[state])
    places = [shown(best[axis]) for axis in axes]
    return dict(zip(names_of_best(view), [numbers[best], *places], strict=True))


def _result(view: Across | Map) -> str:
    return view.of if isinstance(view, Map) else next(iter(view.lines.values()))
