"""Searches: many settings over one number, and what searches of one size find."""

import math
from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import ListedColormap, LogNorm
from numpy.typing import ArrayLike

from lrcourse._arrays import Array
from lrcourse.plotting.style import (
    legend_above,
    log_scale,
    new_axes,
    new_panels,
    numbers,
    plain,
)

# even steps of lightness, without the lightest: dots on white
RATES = ListedColormap(colormaps["viridis_r"](np.linspace(0.12, 1, 256)))


def plot_settings(
    panels: Mapping[str, tuple[ArrayLike, ArrayLike, ArrayLike]],
    xlabel: str,
    ylabel: str,
) -> None:
    """Draw a dot for every setting, coloured by its learning rate; side by side.

    A panel has by its name the numbers that lie along x, on a log scale, the scores,
    and the learning rates, of shape (settings,) each.

    Raises:
        ValueError: rows of different lengths, or what lies along x is not positive.
    """
    found = {name: _rows(name, rows) for name, rows in panels.items()}
    all_lrs = np.concatenate([lrs for _, _, lrs in found.values()])
    low, high = float(all_lrs.min()), float(all_lrs.max())
    norm = LogNorm(low, high)
    scale = ScalarMappable(norm, RATES)
    figure, axes = new_panels(1, len(found), sharey=True)
    for ax, (name, (x, y, lrs)) in zip(axes, found.items(), strict=True):
        ax.scatter(x, y, s=26, c=scale.to_rgba(lrs), edgecolors="0.3", linewidths=0.3)
        log_scale(ax, "x", most=4 if len(found) > 1 else 6)
        ax.set(xlabel=xlabel, title=name)
    axes[0].set_ylabel(ylabel)
    bar = figure.colorbar(scale, ax=axes, label="learning rate", pad=0.02)
    first, last = math.ceil(math.log10(low)), math.floor(math.log10(high) + 1e-9)
    powers = [10.0**power for power in range(first, last + 1)]
    bar.set_ticks(powers, labels=[plain(power) for power in powers])
    bar.ax.minorticks_off()


def _rows(name: str, rows: Sequence[ArrayLike]) -> tuple[Array, Array, Array]:
    x, y, lrs = (numbers(name, row) for row in rows)
    if not len(x) == len(y) == len(lrs) or x.min() <= 0 or lrs.min() <= 0:
        raise ValueError(
            f"{name!r} needs a number above 0, a score and a rate for each setting"
        )
    return x, y, lrs


def plot_searches(found: Mapping[str, ArrayLike], xlabel: str) -> None:
    """Draw, for each kind of search, which share of them found at most so much.

    `found` has the scores of many searches by the name of their kind. The lower a
    curve, the better the kind.
    """
    ax = new_axes()
    for name, scores in found.items():
        ordered = np.sort(numbers(name, scores))
        ax.step(ordered, np.linspace(0, 1, len(ordered)), where="post", label=name)
    ax.set(xlabel=xlabel, ylabel="share of searches", ylim=(-0.02, 1.02))
    legend_above(ax, columns=len(found))


def plot_readings(
    lrs: ArrayLike, losses: ArrayLike, smoothed: ArrayLike, read: Mapping[str, float]
) -> None:
    """Draw a range test, and the rates that rules read off it, one below the other.

    `read` has a rate by the name of its rule; a nan, for a rule that found none, is
    left out. The axes end where the smoothed losses would leave the picture.
    """
    ax = new_axes()
    curve, averaged = numbers("losses", losses), numbers("smoothed", smoothed)
    ax.plot(lrs, curve, color="0.75", linewidth=0.8, label="loss of a batch")
    ax.plot(lrs, averaged, label="smoothed")
    log_scale(ax, "x")
    finite = averaged[np.isfinite(averaged)]
    height = finite[0] - finite.min()
    ax.set_ylim(finite.min() - 0.2 * height, finite[0] + 0.9 * height)
    _name_rates(ax, read)
    ax.set(xlabel="learning rate", ylabel="loss")
    ax.legend(loc="lower left")


def _name_rates(ax: Axes, read: Mapping[str, float]) -> None:
    """Draw a line at each rate, its name below those of the lower ones."""
    middle = math.sqrt(math.prod(ax.get_xlim()))
    found = {name: lr for name, lr in read.items() if math.isfinite(lr)}
    for row, (name, lr) in enumerate(sorted(found.items(), key=lambda each: each[1])):
        ax.axvline(lr, color="0.4", linewidth=0.8, linestyle="--", zorder=0)
        side = 1 if lr < middle else -1
        ax.annotate(
            name,
            (lr, 1),
            xycoords=ax.get_xaxis_transform(),
            xytext=(4 * side, -3 - 14 * row),
            textcoords="offset points",
            ha="left" if side == 1 else "right",
            va="top",
            bbox={"facecolor": ax.get_facecolor(), "edgecolor": "none", "pad": 0.5},
        )
