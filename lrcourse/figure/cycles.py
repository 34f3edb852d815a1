"""Bounds and length of cycles, with the losses that trainings with them gave."""

import math
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lrcourse._settings import require_counts
from lrcourse.figure.controls import Stops
from lrcourse.figure.element import Figure
from lrcourse.figure.numbers import exact, off_log_scale, on_log_scale, short
from lrcourse.schedules import triangular

Losses = NDArray[np.float64]


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
    stored, kept = _stored(losses, (len(shares), len(half_periods), len(max_lrs)))
    # a multiple of this step is at every corner
    every = math.gcd(total_steps, *half_periods)
    steps = range(0, total_steps + 1, every)
    data = {
        "losses": stored,
        "measurements": kept.shape[3],
        "shapes": exact(_shapes(shares, half_periods, steps)),
        "every": every,
        "steps": total_steps,
    }
    controls = (
        Stops("max_lr", "upper bound", tuple(max_lrs)),
        Stops("share", "lower, as a share", tuple(shares)),
        Stops("half_period", "half period", tuple(half_periods)),
    )

    says = partial(_says, kept[..., -1], shares, half_periods, max_lrs)
    return Figure("cycles", controls, data, start, says, marks or {}, name, question)


def _says(
    ends: Losses,
    shares: Sequence[float],
    half_periods: Sequence[int],
    max_lrs: Sequence[float],
    state: Mapping[str, Any],
) -> str:
    """Say where a state ends; `ends` has shape (shares, half_periods, max_lrs)."""
    share, half, peak = (state[key] for key in ("share", "half_period", "max_lr"))
    of_peaks = ends[list(shares).index(share), list(half_periods).index(half)]
    best = max_lrs[int(of_peaks.argmin())]
    return (
        f"From {short(share * peak)} to {short(peak)}, half period {half}: the "
        f"loss ends at {short(of_peaks[list(max_lrs).index(peak)])}. With this shape "
        f"the best upper bound is {short(best)}, with {short(of_peaks.min())}."
    )


def _stored(losses: ArrayLike, expected: tuple[int, int, int]) -> tuple[Any, Losses]:
    """Return the losses as a page stores them, and as it reads them again."""
    table = np.asarray(losses, dtype=np.float64)
    if table.ndim != 4 or table.shape[:3] != expected:
        raise ValueError(
            f"losses must have shape {expected} and measurements, got {table.shape}"
        )
    stored = on_log_scale(table)
    return stored, off_log_scale(stored).reshape(table.shape)


def _shapes(
    shares: Sequence[float], half_periods: Sequence[int], steps: Iterable[int]
) -> list[list[list[float]]]:
    """Return the cycles' rates as shares of the upper bound."""
    return [
        [
            [triangular(share, 1.0, half)(step) for step in steps]
            for half in half_periods
        ]
        for share in shares
    ]
