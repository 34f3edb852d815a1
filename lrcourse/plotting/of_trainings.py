"""Trainings of networks: their losses, and what they scored."""

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np

from lrcourse.plotting.style import log_scale, new_axes


class Record(Protocol):
    """What a training leaves behind for `plot_losses_by_distance`."""

    @property
    def losses(self) -> Sequence[float]:
        """The loss at each update."""

    @property
    def lrs(self) -> Sequence[Sequence[float]]:
        """The rate of every parameter group at each update."""


def plot_losses_by_distance(fits: Mapping[str, Record], parts: int = 50) -> None:
    """Draw losses against the sum of the rates so far, each run averaged in `parts`.

    A loss is measured before its update, so it stands at the sum of those before.
    """
    ax = new_axes()
    for label, fit in fits.items():
        spent = np.cumsum([0.0, *(rates[0] for rates in fit.lrs[:-1])])
        slices = np.array_split(np.arange(len(spent)), parts)
        losses = np.array(fit.losses)
        ax.plot(
            [spent[part].mean() for part in slices],
            [losses[part].mean() for part in slices],
            label=label,
        )
    ax.set(xlabel="learning rate, summed over the updates so far", ylabel="loss")
    ax.legend()


def _with_gaps(
    lrs: Sequence[float], means: Sequence[float], chance: float
) -> tuple[list[float], list[float]]:
    """Return the points of a line, nan between what learns and what is at chance."""
    x, y = [lrs[0]], [means[0]]
    for lr, mean, before in zip(lrs[1:], means[1:], means[:-1], strict=True):
        if (mean > 1.5 * chance) != (before > 1.5 * chance):
            x.append((x[-1] * lr) ** 0.5)
            y.append(float("nan"))
        x.append(lr)
        y.append(mean)
    return x, y


def plot_scores(
    scores: Mapping[float, Sequence[float]], chance: float, ylabel: str = "accuracy"
) -> None:
    """Draw one dot per learning rate and seed, a line through means, and chance.

    The line has a gap where it would fall to chance: where between two rates that
    happens, nobody tried.
    """
    ax = new_axes()
    lrs = list(scores)
    ax.plot(*_with_gaps(lrs, [float(np.mean(scores[lr])) for lr in lrs], chance))
    ax.lines[0].set_label("mean")
    dots = [(lr, score) for lr, of_seeds in scores.items() for score in of_seeds]
    ax.plot(*zip(*dots, strict=True), "o", color="C1", alpha=0.6, label="one seed")
    ax.axhline(chance, color="0.4", linewidth=0.8, linestyle="--", label="chance")
    log_scale(ax, "x")
    ax.set(xlabel="learning rate", ylabel=ylabel, ylim=(0, 1))
    ax.legend()
