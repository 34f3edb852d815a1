"""Cyclical learning rates: cycles beside what they do, bounds, peaks, ends."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike

from lrcourse.plotting.of_checks import Scores
from lrcourse.plotting.of_schedules import plot_schedules
from lrcourse.plotting.style import (
    legend_above,
    log_scale,
    new_axes,
    new_panels,
    thinned,
)
from lrcourse.schedules import Schedule


def plot_waves(schedules: Mapping[str, Schedule], total_steps: int) -> None:
    """Draw schedules that fill the whole axes; their names stand above it."""
    ax = new_axes()
    plot_schedules(schedules, total_steps, ax)
    legend_above(ax, columns=len(schedules))


def plot_cycles(
    schedule: Schedule,
    measured: Mapping[str, ArrayLike],
    cycle: int,
    per_epoch: int,
    ylabel: str,
) -> None:
    """Draw a cyclical schedule above what was measured after each of its epochs.

    Lines mark the ends of cycles of `cycle` steps, dots what was measured there.
    """
    figure, (above, below) = new_panels(
        2, 1, height=4.2, sharex=True, height_ratios=(1, 2)
    )
    for number, (label, values) in enumerate(measured.items()):
        heights = np.asarray(values)
        steps = per_epoch * np.arange(1, len(heights) + 1)
        ends = steps % cycle == 0
        (line,) = below.plot(steps, heights, label=label, zorder=3 - 0.1 * number)
        below.plot(steps[ends], heights[ends], "o", color=line.get_color(), zorder=4)
    last_step = int(steps[-1])
    above.plot([schedule(step) for step in range(last_step + 1)], color="0.3")
    for ax in (above, below):
        for end in range(cycle, last_step + 1, cycle):
            ax.axvline(end, color="0.6", linewidth=0.8, linestyle=":", zorder=0)
    above.set(ylabel="learning rate")
    below.set(xlabel="step", ylabel=ylabel)
    legend_above(below, columns=len(measured))
    figure.align_ylabels()


def plot_range_test(
    lrs: ArrayLike, losses: ArrayLike, smoothed: ArrayLike, bounds: Mapping[str, float]
) -> None:
    """Draw the losses of a range test, their average, and named bounds on it."""
    ax = new_axes()
    ax.plot(lrs, losses, color="0.75", linewidth=0.8, label="loss of a batch")
    ax.plot(lrs, smoothed, label="smoothed")
    for name, lr in bounds.items():
        ax.axvline(lr, color="0.4", linewidth=0.8, linestyle="--")
        ax.annotate(
            name,
            (lr, 1),
            xycoords=ax.get_xaxis_transform(),
            xytext=(-4, -3),
            textcoords="offset points",
            ha="right",
            va="top",
            color="0.4",
        )
    log_scale(ax, "x")
    first, lowest = np.asarray(smoothed)[0], np.min(smoothed)
    ax.set(xlabel="learning rate", ylabel="loss")
    ax.set_ylim(lowest - 0.25 * (first - lowest), first + 0.5 * (first - lowest))
    ax.legend(loc="lower left")


def plot_peaks(
    scores: Mapping[str, Scores],
    ylabel: str,
    best: str = "max",
    height: float | None = None,
) -> None:
    """Draw what each schedule scored at each peak rate; rings mark its best mean.

    `best` is "max" or "min"; faint dots are the seeds. `height` is in inches.
    """
    ax = new_axes(height)
    for label, of_peaks in scores.items():
        lrs = list(of_peaks)
        means = [float(np.mean(of_peaks[lr])) for lr in lrs]
        (line,) = ax.semilogx(lrs, means, label=label)
        dots = [(lr, score) for lr in lrs for score in of_peaks[lr]]
        color = line.get_color()
        ax.plot(*zip(*dots, strict=True), "o", color=color, markersize=3, alpha=0.4)
        place = means.index({"max": max, "min": min}[best](means))
        (ring,) = ax.plot(lrs[place], means[place], "o", color=color)
        ring.set(markersize=11, markerfacecolor="none", markeredgewidth=1.5)
    tried = sorted({lr for of_peaks in scores.values() for lr in of_peaks})
    ax.set_xticks(tried, thinned(ax, [f"{lr:g}" for lr in tried]))
    ax.minorticks_off()
    ax.set(xlabel="peak learning rate", ylabel=ylabel)
    ax.legend()


def plot_ends(ends: Mapping[str, Sequence[float]], xlabel: str) -> None:
    """Draw how each plan ended: a dot for every seed, a bar at the mean."""
    ax = new_axes()
    for row, values in enumerate(ends.values()):
        ax.plot(values, [row] * len(values), "o", color="C0", alpha=0.5)
        ax.plot([np.mean(values)] * 2, [row - 0.3, row + 0.3], color="C1")
    ax.set_yticks(range(len(ends)), list(ends))
    ax.invert_yaxis()
    ax.set(xlabel=xlabel)
