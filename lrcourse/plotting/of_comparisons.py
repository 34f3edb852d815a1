"""Runs beside each other: curves onto one, branches from a trunk, differences."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from lrcourse._arrays import Array
from lrcourse.plotting.style import (
    legend_above,
    legend_over,
    log_scale,
    new_axes,
    new_panels,
    numbers,
    style_of,
)

Points = tuple[ArrayLike, ArrayLike]  # x and y, each of shape (points,)


def plot_collapse(
    curves: Mapping[str, Points],
    onto: Mapping[str, ArrayLike],
    *,
    xlabels: tuple[str, str],
    ylabel: str,
    log: bool = True,
) -> None:
    """Draw curves over their own x, and beside that over the x that makes them one.

    `curves` hold x and y, each of shape (points,), by label; `onto` the other x of the
    same points. What is not finite was lost, and stands as a cross at the top. `log` is
    for both x.

    Raises:
        ValueError: other labels in `onto`, or another number of points.
    """
    _require_same_labels(curves, onto)
    figure, axes = new_panels(1, 2, sharey=True)
    heights = {label: numbers(label, y) for label, (_, y) in curves.items()}
    finite = np.concatenate([y[np.isfinite(y)] for y in heights.values()])
    own = {label: x for label, (x, _) in curves.items()}
    for ax, xlabel, places in zip(axes, xlabels, (own, onto), strict=True):
        for number, (label, y) in enumerate(heights.items()):
            x, style = _as_long(label, places[label], y), style_of(number)
            ax.plot(x, y, marker="o", markersize=4, label=label, **style)
            _cross_out(ax, x[~np.isfinite(y)], finite.max(initial=0), style["color"])
        if log:
            log_scale(ax, "x", most=4)
        ax.set_xlabel(xlabel)
    if any(not np.isfinite(y).all() for y in heights.values()):
        axes[0].plot([], [], "x", color="0.4", label="lost")
    axes[0].set_ylabel(ylabel)
    legend_over(figure, axes[0], columns=min(4, len(curves) + 1))


def plot_branches(
    x: ArrayLike,
    trunk: ArrayLike,
    branches: Sequence[Points],
    *,
    names: tuple[str, str],
    xlabel: str,
    ylabel: str,
) -> None:
    """Draw a run, the trunk, and the runs that leave it, such as its cooldowns.

    `x` and `trunk` have shape (points,). Each branch is x and y of the measurements
    after it left; it is drawn from the trunk's last point before them, to a dot at its
    end. `names` are what the trunk and the branches are called.

    Raises:
        ValueError: a trunk or branch without a y for each x, or a branch that begins
            before the trunk.
    """
    ax = new_axes()
    heights = numbers("trunk", trunk)
    steps = _as_long("x", x, heights)
    ax.plot(steps, heights, color="C0", label=names[0])
    for number, (places, values) in enumerate(branches):
        branch = numbers(f"branches[{number}]", values)
        along = _as_long(f"branches[{number}]", places, branch)
        root = _root(number, steps, along[0])
        line = np.append(steps[root], along), np.append(heights[root], branch)
        ax.plot(*line, color="C1", label="" if number else names[1])
        ax.plot(*(each[0] for each in line), "o", color="C0", markersize=4)
        ax.plot(*(each[-1] for each in line), "o", color="C1")
    ax.set(xlabel=xlabel, ylabel=ylabel)
    legend_above(ax, columns=2)


def plot_intervals(
    intervals: Mapping[str, tuple[float, float, float]],
    xlabel: str,
    *,
    zero: float = 0.0,
) -> None:
    """Draw named estimates with the ends of their intervals, and a line at `zero`.

    Each is ``(estimate, low, high)``. One whose interval holds zero is hollow: it
    cannot be told from it.

    Raises:
        ValueError: numbers that are not finite, or not in the order low, estimate,
            high.
    """
    if not intervals:
        raise ValueError("intervals must hold one at least, got none")
    ax = new_axes(height=1.4 + 0.36 * len(intervals))
    for row, (name, (estimate, low, high)) in enumerate(intervals.items()):
        _require_in_order(name, estimate, low, high)
        face = "white" if low <= zero <= high else "C0"
        ax.plot([low, high], [row, row], color="C0")
        ax.plot(estimate, row, "o", color="C0", markerfacecolor=face, markersize=8)
    ax.axvline(zero, color="0.4", linewidth=0.8, linestyle="--", zorder=0)
    if any(low <= zero <= high for _, low, high in intervals.values()):
        (hollow,) = ax.plot([], [], "o", color="C0", label=f"not told from {zero:g}")
        hollow.set(markerfacecolor="white", markersize=8)
        legend_above(ax, columns=1)
    ax.set_yticks(range(len(intervals)), list(intervals))
    ax.set_ylim(len(intervals) - 0.5, -0.5)
    ax.grid(visible=False, axis="y")
    ax.set(xlabel=xlabel)


def _require_same_labels(
    curves: Mapping[str, Points], onto: Mapping[str, ArrayLike]
) -> None:
    if curves.keys() != onto.keys():
        raise ValueError(
            f"onto must have the labels of curves, {', '.join(curves)}, "
            f"got {', '.join(onto)}"
        )


def _cross_out(ax: Axes, lost: Array, height: float, color: str) -> None:
    ax.plot(lost, np.full(len(lost), height), "x", color=color)


def _root(number: int, steps: Array, first: float) -> int:
    """Return where on the trunk a branch leaves whose first step is `first`."""
    before = np.flatnonzero(steps <= first)
    if not before.size:
        raise ValueError(
            f"branches[{number}] must begin on the trunk, from {steps[0]:g} on, "
            f"got {first:g}"
        )
    last = int(before[-1])
    return last - int(steps[last] == first and last > 0)


def _require_in_order(name: str, estimate: float, low: float, high: float) -> None:
    if not low <= estimate <= high:
        raise ValueError(
            f"intervals[{name!r}] must be (estimate, low, high) with low <= "
            f"estimate <= high, got {(estimate, low, high)}"
        )


def _as_long(name: str, x: ArrayLike, y: Array) -> Array:
    places = numbers(name, x)
    if len(places) != len(y):
        raise ValueError(
            f"{name!r} must have an x for each y, got {len(places)} and {len(y)}"
        )
    return places
