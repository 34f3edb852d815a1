"""Bounds and length of cycles, with the losses that trainings with them gave."""

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from lrcourse._arrays import Array
from lrcourse._settings import require_counts
from lrcourse.figure.controls import Stops
from lrcourse.figure.element import Figure
from lrcourse.figure.grid import grid_figure
from lrcourse.figure.numbers import short
from lrcourse.figure.recorded.views import Across, Curves, View
from lrcourse.schedules import triangular

SAYS = (
    "{setting}: the loss ends at {loss}. With this shape the best upper bound is "
    "{best max_lr}, with {best loss}."
)
HIGHEST = 2.5  # times the lowest loss: what is drawn of lost runs leaves the axes


def cycle_figure(
    losses: ArrayLike,
    *,
    shares: Sequence[float],
    half_periods: Sequence[int],
    max_lrs: Sequence[float],
    total_steps: int,
    start: Mapping[str, Any],
    marks: Mapping[str, Mapping[str, Any]] | None = None,
    name: str = "",
    question: str = "",
) -> Figure:
    """Show trainings with triangular cycles: rates, losses, and ends over the peaks.

    A state has the upper bound, ``max_lr``, the lower one as its ``share`` of that, and
    a ``half_period`` in steps. A share of 1 is a constant rate. `losses` has shape
    (shares, half_periods, max_lrs, measurements); the measurements lie evenly over
    `total_steps`, the last one at its end. A loss that is not finite was lost.

    Raises:
        ValueError: losses of another shape or not positive, or a state that the figure
            does not have.
    """
    require_counts(total_steps=total_steps)
    table = _table(losses, (len(shares), len(half_periods), len(max_lrs)))
    controls = (
        Stops("max_lr", "upper bound", tuple(max_lrs)),
        Stops("share", "lower, as a share", tuple(shares)),
        Stops("half_period", "half period", tuple(half_periods)),
    )
    # a multiple of this step is at every corner
    steps = range(0, total_steps + 1, math.gcd(total_steps, *half_periods))
    results = dict(_results(table, shares, half_periods, max_lrs, steps))
    return grid_figure(
        results,
        controls,
        _views(table, steps),
        start=start,
        says=SAYS,
        marks=marks,
        title="trainings with cyclical rates",
        name=name,
        question=question,
    )


def _table(losses: ArrayLike, expected: tuple[int, int, int]) -> Array:
    table = np.asarray(losses, dtype=np.float64)
    if table.ndim != 4 or table.shape[:3] != expected:
        raise ValueError(
            f"losses must have shape {expected} and measurements, got {table.shape}"
        )
    finite = table[np.isfinite(table)]
    if not finite.size or finite.min() <= 0:
        raise ValueError(f"losses must be positive, and some finite, got {table}")
    return table


def _views(table: Array, steps: range) -> tuple[View, ...]:
    finite = table[np.isfinite(table)]
    low = float(finite.min())
    drawn = (0.9 * low, min(float(finite.max()), HIGHEST * low))
    total_steps, measurements = steps[-1], table.shape[3]
    measured = [(i + 1) * total_steps / measurements for i in range(measurements)]
    return (
        Across("loss at the end", "loss", along="max_lr", best="min", range=drawn),
        Curves("learning rate", "lrs", x=steps, color=2),
        Curves(
            "loss on the way",
            "losses",
            x=measured,
            xlabel="step",
            dots="at the ends of cycles",
            range=drawn,
            reach=(0, total_steps),
        ),
    )


def _results(
    table: Array,
    shares: Sequence[float],
    half_periods: Sequence[int],
    max_lrs: Sequence[float],
    steps: range,
) -> Iterator[tuple[tuple[float, float, float], dict[str, Any]]]:
    """Yield what is shown at each state, in the order of the controls."""
    places = product(enumerate(shares), enumerate(half_periods), enumerate(max_lrs))
    for (i, share), (j, half), (k, max_lr) in places:
        losses, low = table[i, j, k], share * max_lr
        ends = (steps[-1] / len(losses) * np.arange(1, len(losses) + 1)) % (
            2 * half
        ) == 0
        setting = f"From {short(low)} to {short(max_lr)}, half period {half}"
        yield (
            (max_lr, share, half),
            {
                "loss": losses[-1],
                "losses": losses,
                "lrs": [triangular(low, max_lr, half)(step) for step in steps],
                "at the ends of cycles": np.where(ends & (share < 1), losses, np.nan),
                "setting": f"Constant at {short(max_lr)}" if share == 1 else setting,
            },
        )
