"""Runs on a problem: losses, distances, weights, paths."""

from collections.abc import Mapping

import numpy as np

from lrcourse.plotting.style import legend_above, log_scale, new_axes
from lrcourse.problems import Quadratic
from lrcourse.training import Run


def plot_losses(runs: Mapping[str, Run]) -> None:
    """Draw the loss of each run on a logarithmic axis."""
    ax = new_axes()
    for label, run in runs.items():
        ax.plot(run.losses, label=label)
    log_scale(ax, "y")
    ax.set(xlabel="step", ylabel="loss")
    ax.legend()


def plot_distances(runs: Mapping[str, Run]) -> None:
    """Draw how far each run is from the minimum at zero, on a logarithmic axis."""
    ax = new_axes()
    for label, run in runs.items():
        ax.plot(np.linalg.norm(run.weights, axis=1), label=label)
    log_scale(ax, "y")
    ax.set(xlabel="step", ylabel="distance from the minimum")
    ax.legend()


def plot_positions(
    runs: Mapping[str, Run], marks: Mapping[str, float] | None = None
) -> None:
    """Draw the first weight of each run, and `marks` as named horizontal lines."""
    ax = new_axes()
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
    legend_above(ax, columns=len(runs))


def plot_paths(problem: Quadratic, runs: Mapping[str, Run]) -> None:
    """Draw the paths of runs through a bowl of two weights, over its contours."""
    ax = new_axes()
    for label, run in runs.items():
        ax.plot(*run.weights.T, marker="o", markersize=3, linewidth=1, label=label)
    spans = [np.linspace(*limits, 61) for limits in (ax.get_xlim(), ax.get_ylim())]
    first, second = np.meshgrid(*spans)
    heights = problem.eigenvalues[0] * first**2 + problem.eigenvalues[1] * second**2
    levels = heights.max() * np.linspace(0.05, 1, 8) ** 2
    ax.contour(first, second, heights, levels, colors="0.8", linewidths=0.8)
    ax.grid(visible=False)
    ax.set(xlabel="first weight", ylabel="second weight")
    legend_above(ax, columns=len(runs))


def plot_shrink_factors(problem: Quadratic) -> None:
    """Draw what one update leaves of each weight of a bowl, against the rate."""
    ax = new_axes()
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
