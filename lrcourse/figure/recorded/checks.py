"""What views ask for, held against what there is: a sentence for all that is not."""

from collections.abc import Sequence

import numpy as np

from lrcourse.figure.controls import Choice, Stops
from lrcourse.figure.recorded.lattice import Lattice, Values
from lrcourse.figure.recorded.told import places
from lrcourse.figure.recorded.views import Across, Curves, Histogram, Rows, View

MOST_VIEWS = 4


def require_known(controls: Sequence[Stops | Choice], views: Sequence[View]) -> None:
    """Refuse views that name a control which is not there, or none or too many views.

    A control that walks along curves is no axis of another view.
    """
    if not 1 <= len(views) <= MOST_VIEWS:
        raise ValueError(f"views must be one to {MOST_VIEWS}, got {len(views)}")
    keys = [control.key for control in controls]
    walking = [view.at for view in views if isinstance(view, Curves) and view.at]
    for view in views:
        named = [*view.axes, *_behind(view)]
        for key in named:
            if key not in keys:
                known = ", ".join(keys)
                raise ValueError(f"{view.title!r} must use one of {known}, got {key!r}")
        if taken := set(walking) & set(named) - {getattr(view, "at", "")}:
            raise ValueError(
                f"{view.title!r} cannot use {min(taken)!r}, which walks along curves"
            )


def require_fitting(
    views: Sequence[View], recorded: Lattice, controls: Sequence[Stops | Choice]
) -> None:
    """Refuse lists that do not have one number a name, and series without their x."""
    lengths = {1}
    for view in views:
        if isinstance(view, Curves | Histogram):
            lengths.add(_require_x(view, recorded, controls))
        if isinstance(view, Rows):
            for name in view.wanted.lists:
                _require_length(view, name, recorded.numbers[name], len(view.names))
    for name, length in recorded.lengths.items():
        if length not in lengths:
            raise ValueError(
                f"{name!r} must be one number at every state, got {length}: average "
                "over what no control sets, such as seeds"
            )


def require_alive(views: Sequence[View], recorded: Lattice) -> None:
    """Refuse a control that changes nothing."""
    axes = {key for view in views for key in view.axes}
    for control in recorded.controls:
        if control.key not in axes and not recorded.changed_by(control.key):
            raise ValueError(
                f"control {control.key!r} must change something that a view or the "
                "sentence shows, or be left out"
            )


def _behind(view: View) -> list[str]:
    return [view.behind] if isinstance(view, Curves | Across) and view.behind else []


def _require_x(
    view: Curves | Histogram, recorded: Lattice, controls: Sequence[Stops | Choice]
) -> int:
    """Return how many places `view` has along its x, which climbs."""
    along = places(view, controls)
    x = recorded.series[along] if isinstance(along, str) else np.asarray(along, float)
    points = int(x.shape[-1])
    if not (points and (np.diff(x, axis=-1) > 0).all()):
        raise ValueError(
            f"{view.title!r} needs an x that climbs at every state: average over what "
            "no control sets, such as seeds"
        )
    for name in view.wanted.series:
        _require_length(view, name, recorded.series[name], points)
    return points


def _require_length(view: View, name: str, found: Values, points: int) -> None:
    if (got := found.shape[-1]) != points:
        raise ValueError(
            f"{name!r} must have {points} values, as {view.title!r} draws, got {got}"
        )
