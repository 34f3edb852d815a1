"""What is looked at when something is wrong, or tuned: rates, checks, symptoms."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator
from numpy.typing import ArrayLike

from lrcourse._arrays import Array
from lrcourse.plotting.style import (
    legend_above,
    legend_over,
    log_scale,
    new_axes,
    new_panels,
    numbers,
    plain,
    style_of,
)

WIDE = 20  # a measurement that spans more than that stands on a log scale
Scores = Mapping[float, Sequence[float]]  # rate -> one score a seed


def plot_tuning(
    scores: Mapping[str, Scores],
    ylabel: str,
    *,
    best: Literal["max", "min"] = "max",
) -> None:
    """Draw what each rival scored at each rate: means, the seeds' range, the best.

    A ring marks the best mean of each rival, on its own rates; a ring around an arrow
    says that it stands at the edge of them, where one should go on. A rate at which a
    seed was lost (nan) has no mean, and a cross at the bad end of the axis.

    Raises:
        ValueError: a rival without rates, with rates that are not positive, or with
            nothing finite.
    """
    ax = new_axes()
    found = {rival: _means(rival, of_rates) for rival, of_rates in scores.items()}
    for number, (rival, (lrs, seeds, means)) in enumerate(found.items()):
        style = style_of(number)
        ax.plot(lrs, means, marker="o", markersize=3, label=rival, **style)
        low, high = ([float(f(each)) for each in seeds] for f in (np.min, np.max))
        ax.fill_between(lrs, low, high, color=style["color"], alpha=0.15, linewidth=0)
        _ring(ax, lrs, means, best, style["color"])
        lost = lrs[~np.isfinite(means)]
        bad_end = np.full(len(lost), 0.02 if best == "max" else 0.98)
        across = ax.get_xaxis_transform()
        ax.plot(lost, bad_end, "x", color=style["color"], transform=across)
    if any(not np.isfinite(means).all() for _, _, means in found.values()):
        ax.plot([], [], "x", color="0.4", label="lost")
    log_scale(ax, "x")
    ax.set(xlabel="learning rate", ylabel=ylabel)
    legend_above(ax, columns=min(4, len(scores) + 1))


def _means(rival: str, of_rates: Scores) -> tuple[Array, list[Array], Array]:
    """Return the rates, the seeds' scores and their mean at each."""
    lrs = numbers(f"scores[{rival!r}]", sorted(of_rates))
    if lrs[0] <= 0:
        raise ValueError(f"scores[{rival!r}] needs rates above 0, got {lrs[0]}")
    seeds = [np.asarray(of_rates[lr], dtype=float) for lr in sorted(of_rates)]
    means = np.array([float(np.mean(each)) for each in seeds])
    if not np.isfinite(means).any():
        raise ValueError(f"scores[{rival!r}] must be finite at some rate")
    return lrs, seeds, means


def plot_gradient_check(
    errors: Mapping[str, Mapping[float, float]],
    *,
    xlabel: str = "h",
    ylabel: str = "relative error of the check",
) -> None:
    """Draw what finite differences are off by, against their step `h`: a V.

    `errors` hold, by the name of a difference, its error at each h. Where the error is
    exactly zero nothing stands; a ring marks the best h.

    Raises:
        ValueError: an h or an error that is negative or not finite, or none positive.
    """
    ax = new_axes()
    for number, (name, of_steps) in enumerate(errors.items()):
        steps = numbers(f"errors[{name!r}]", sorted(of_steps))
        found = np.array([float(of_steps[h]) for h in sorted(of_steps)])
        fits = np.isfinite(found).all() and (found >= 0).all() and (found > 0).any()
        if steps[0] <= 0 or not fits:
            raise ValueError(
                f"errors[{name!r}] must map positive steps to errors, zero or more and "
                f"finite, got {dict(of_steps)}"
            )
        shown, heights = steps[found > 0], found[found > 0]
        style = style_of(number)
        ax.plot(shown, heights, marker="o", markersize=3, label=name, **style)
        _ring(ax, shown, heights, "min", style["color"], flag=False)
    log_scale(ax, "x")
    log_scale(ax, "y")
    ax.set(xlabel=xlabel, ylabel=ylabel)
    legend_above(ax, columns=min(3, len(errors)))


def plot_symptoms(
    cases: Mapping[str, Mapping[str, ArrayLike]],
    *,
    every: int = 1,
    levels: Mapping[str, Mapping[str, float]] | None = None,
) -> None:
    """Draw the measurements of several runs below each other: loss, gradient, update.

    `cases` hold, by the name of a run, series of shape (points,) by the name of what
    was measured, the same names in all; a point stands for `every` updates. What spans
    more than a factor of 20, and is positive, stands on a log scale. `levels` are named
    lines of a measurement, such as the loss of chance.

    Raises:
        ValueError: runs with other measurements, or none.
    """
    names = [list(measured) for measured in cases.values()]
    if not names or not names[0] or any(each != names[0] for each in names):
        raise ValueError(f"cases must have the same measurements, got {names}")
    figure, axes = new_panels(len(names[0]), 1, 0.6 + 1.5 * len(names[0]), sharex=True)
    for ax, name in zip(axes, names[0], strict=True):
        drawn = [numbers(f"{case}, {name}", cases[case][name]) for case in cases]
        for number, (case, series) in enumerate(zip(cases, drawn, strict=True)):
            updates = every * np.arange(len(series))
            ax.plot(updates, series, linewidth=1.4, label=case, **style_of(number))
        _fit(ax, np.concatenate(drawn))
        _name_levels(ax, (levels or {}).get(name, {}))
        ax.set_ylabel(name)
    axes[-1].set_xlabel("update")
    figure.align_ylabels()
    legend_over(figure, axes[0], columns=min(3, len(cases)))


def _ring(
    ax: Axes, x: Array, y: Array, best: str, color: Any, *, flag: bool = True
) -> None:
    """Ring the best point; where it is the first or last, point to what lies beyond."""
    place = int(np.nanargmax(y) if best == "max" else np.nanargmin(y))
    look = {"color": color, "markerfacecolor": "none", "markeredgewidth": 1.5}
    ax.plot(x[place], y[place], "o", markersize=11, **look)
    if flag and place in (0, len(x) - 1):
        ax.annotate(
            "edge: go on",
            (x[place], y[place]),
            xytext=(10 if place == 0 else -10, -16),
            textcoords="offset points",
            ha="left" if place == 0 else "right",
            va="top",
            color=color,
            arrowprops={"arrowstyle": "<-", "color": color},
        )


def _fit(ax: Axes, values: Array) -> None:
    finite = values[np.isfinite(values)]
    if finite.size and finite.min() > 0 and finite.max() / finite.min() > WIDE:
        log_scale(ax, "y", most=4)
    else:
        ax.yaxis.set_major_locator(MaxNLocator(4))
        ax.yaxis.set_major_formatter(lambda value, _: plain(round(value, 10)))


def _name_levels(ax: Axes, levels: Mapping[str, float]) -> None:
    for name, height in levels.items():
        ax.axhline(height, color="0.4", linewidth=0.8, linestyle="--", zorder=0)
        ax.annotate(
            name,
            (1, height),
            xycoords=ax.get_yaxis_transform(),
            xytext=(-2, 2),
            textcoords="offset points",
            ha="right",
            va="bottom",
            color="0.4",
        )
