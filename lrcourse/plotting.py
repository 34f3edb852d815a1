"""Figures of the book: one function per kind of figure.

Each takes things that exist and draws them; it trains nothing and returns nothing.
Importing this room sets the book's style, and in a notebook figures become SVG.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol

import matplotlib.pyplot as plt
import numpy as np
from IPython import get_ipython
from matplotlib.axes import Axes
from matplotlib_inline.backend_inline import set_matplotlib_formats

from lrcourse.problems import Quadratic
from lrcourse.schedules import Schedule
from lrcourse.training import Run

plt.style.use("lrcourse.book")
if get_ipython():  # outside a notebook there is no display to set
    no_date = {"Date": None, "Creator": None}
    set_matplotlib_formats("svg", metadata=no_date)  # type: ignore[no-untyped-call]


class Record(Protocol):
    """What a training leaves behind for `plot_losses_by_distance`."""

    @property
    def losses(self) -> Sequence[float]:
        """The loss at each update."""

    @property
    def lrs(self) -> Sequence[Sequence[float]]:
        """The rate of every parameter group at each update."""


def plot_schedules(
    schedules: Mapping[str, Schedule], total_steps: int, ax: Axes | None = None
) -> None:
    """Draw each named schedule over `total_steps` steps."""
    ax = ax or _new_axes()
    steps = range(total_steps + 1)
    for label, schedule in schedules.items():
        ax.plot(steps, [schedule(step) for step in steps], label=label)
    ax.set(xlabel="step", ylabel="learning rate")
    ax.legend()


def plot_panels(panels: Mapping[str, Mapping[str, Schedule]], total_steps: int) -> None:
    """Draw groups of schedules side by side, with beads on every curve.

    The beads of one curve fall between those of the next, so that curves which
    coincide show as one string of many colours.
    """
    axes = plt.subplots(
        1, len(panels), figsize=(6.5, 3.4), sharey=True, layout="constrained"
    )[1]
    steps = range(total_steps + 1)
    for ax, (title, schedules) in zip(axes, panels.items(), strict=True):
        for number, (label, schedule) in enumerate(schedules.items()):
            ax.plot(
                steps,
                [schedule(step) for step in steps],
                linewidth=0.8,
                marker="o",
                markersize=5,
                markevery=(2 * number, 2 * len(schedules)),
                label=label,
            )
        ax.set_xlabel("step")
        ax.legend(title=title)
    axes[0].set_ylabel("learning rate")


def plot_past_the_end(
    schedules: Mapping[str, Schedule], total_steps: int, last_step: int
) -> None:
    """Draw schedules beyond their horizon `total_steps`, that part shaded.

    The first one is drawn broad, so that it shows where another covers it.
    """
    ax = _new_axes()
    ax.axvspan(total_steps, last_step, color="0.5", alpha=0.15, linewidth=0)
    ax.axhline(0, color="0.5", linewidth=0.8)
    plot_schedules(schedules, last_step, ax)
    ax.lines[1].set(linewidth=5, alpha=0.5)
    ax.set_xlim(0, last_step)
    ax.annotate(
        "past the end",
        (total_steps, 1),
        xycoords=ax.get_xaxis_transform(),
        xytext=(6, -6),
        textcoords="offset points",
        va="top",
        color="0.4",
    )
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=len(schedules))


def plot_halvings(schedules: Mapping[str, Schedule], total_steps: int) -> None:
    """Draw schedules on a logarithmic axis, with a dot wherever one has halved."""
    ax = _new_axes()
    steps = np.arange(total_steps + 1)
    for label, schedule in schedules.items():
        shares = np.array([schedule(int(step)) for step in steps]) / schedule(0)
        shown = shares >= 1 / 20
        (line,) = ax.plot(steps[shown], shares[shown], label=label)
        halved = [np.flatnonzero(shares <= 2.0**-n * (1 + 1e-12)) for n in range(5)]
        at = [first[0] for first in halved if first.size]
        ax.plot(at, shares[at], "o", color=line.get_color())
    ax.set(xlabel="step", ylabel="share of the first rate", ylim=(1 / 20, 1.1))
    ax.set_yscale("log", base=2)
    ax.yaxis.set_major_formatter(
        lambda share, _: "1" if share == 1 else f"1/{1 / share:.0f}"
    )
    ax.legend()


def plot_distances(runs: Mapping[str, Run]) -> None:
    """Draw how far each run is from the minimum at zero, on a logarithmic axis."""
    ax = _new_axes()
    for label, run in runs.items():
        ax.semilogy(np.linalg.norm(run.weights, axis=1), label=label)
    ax.set(xlabel="step", ylabel="distance from the minimum")
    ax.legend()


def plot_losses(runs: Mapping[str, Run]) -> None:
    """Draw the loss of each run on a logarithmic axis."""
    ax = _new_axes()
    for label, run in runs.items():
        ax.semilogy(run.losses, label=label)
    ax.set(xlabel="step", ylabel="loss")
    ax.legend()


def plot_positions(
    runs: Mapping[str, Run], marks: Mapping[str, float] | None = None
) -> None:
    """Draw the first weight of each run, and `marks` as named horizontal lines."""
    ax = _new_axes()
    for label, run in runs.items():
        ax.plot(run.weights[:, 0], marker="o", markersize=3, linewidth=1, label=label)
    for name, position in (marks or {}).items():
        ax.axhline(position, color="0.4", linewidth=0.8, linestyle="--")
        ax.annotate(
            name,
            (1, position),
            xycoords=ax.get_yaxis_transform(),
            xytext=(4, 0),
            textcoords="offset points",
            va="center",
            color="0.4",
        )
    ax.set(xlabel="step", ylabel="weight")
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=len(runs))


def plot_paths(problem: Quadratic, runs: Mapping[str, Run]) -> None:
    """Draw the paths of runs through a bowl of two weights, over its contours."""
    ax = _new_axes()
    for label, run in runs.items():
        ax.plot(*run.weights.T, marker="o", markersize=3, linewidth=1, label=label)
    spans = [np.linspace(*limits, 61) for limits in (ax.get_xlim(), ax.get_ylim())]
    first, second = np.meshgrid(*spans)
    heights = problem.eigenvalues[0] * first**2 + problem.eigenvalues[1] * second**2
    levels = heights.max() * np.linspace(0.05, 1, 8) ** 2
    ax.contour(first, second, heights, levels, colors="0.8", linewidths=0.8)
    ax.grid(visible=False)
    ax.set(xlabel="first weight", ylabel="second weight")
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=len(runs))


def plot_shrink_factors(problem: Quadratic) -> None:
    """Draw what one update leaves of each weight of a bowl, against the rate."""
    ax = _new_axes()
    lrs = np.linspace(0, 2.3 / problem.sharpness, 200)
    for curvature in problem.eigenvalues:
        ax.plot(lrs, np.abs(1 - lrs * curvature), label=f"curvature {curvature:g}")
    best = 2 / (problem.sharpness + problem.eigenvalues.min())
    limit = 2 / problem.sharpness
    for name, lr in {"1/L": limit / 2, "2/(L + \u03bc)": best, "2/L": limit}.items():
        ax.axvline(lr, color="0.4", linewidth=0.8, linestyle="--")
        ax.annotate(
            name,
            (lr, 1),
            xycoords=ax.get_xaxis_transform(),
            xytext=(3 if lr == limit else -3, -3),
            textcoords="offset points",
            ha="left" if lr == limit else "right",
            va="top",
            color="0.4",
        )
    ax.set(xlabel="learning rate", ylabel="share left after one update", ylim=(0, 1.4))
    ax.legend(loc="lower left")


def plot_losses_by_distance(fits: Mapping[str, Record], parts: int = 50) -> None:
    """Draw losses against the sum of the rates so far, each run averaged in `parts`."""
    ax = _new_axes()
    for label, fit in fits.items():
        spent = np.cumsum([rates[0] for rates in fit.lrs])
        slices = np.array_split(np.arange(len(spent)), parts)
        losses = np.array(fit.losses)
        ax.plot(
            [spent[part].mean() for part in slices],
            [losses[part].mean() for part in slices],
            label=label,
        )
    ax.set(xlabel="learning rate, summed over the updates so far", ylabel="loss")
    ax.legend()


def plot_scores(
    scores: Mapping[float, Sequence[float]], chance: float, ylabel: str = "accuracy"
) -> None:
    """Draw one dot per learning rate and seed, a line through means, and chance."""
    ax = _new_axes()
    lrs = list(scores)
    ax.semilogx(lrs, [np.mean(scores[lr]) for lr in lrs], label="mean")
    dots = [(lr, score) for lr, of_seeds in scores.items() for score in of_seeds]
    ax.plot(*zip(*dots, strict=True), "o", color="C1", alpha=0.6, label="one seed")
    ax.axhline(chance, color="0.4", linewidth=0.8, linestyle="--", label="chance")
    ax.set(xlabel="learning rate", ylabel=ylabel, ylim=(0, 1))
    ax.legend()


def _new_axes() -> Axes:
    return plt.subplots(layout="constrained")[1]
