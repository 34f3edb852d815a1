"""Where a search goes on: the rates to try after those that were."""

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike


class NextRates(NamedTuple):
    """The two learning rates to try next, the lower one first."""

    low: float
    high: float


def next_grid(lrs: ArrayLike, scores: ArrayLike) -> NextRates:
    """Return two rates to try next, where a larger score is better.

    If the best rate is the lowest or the highest tried, they lie beyond it, one and two
    of the last gaps away. Else they halve the gaps on both sides of it. Gaps are
    factors: half of the gap from 0.1 to 0.4 is at 0.2. Equally good: the lowest.

    Args:
        lrs: positive and different, at least two, in any order, of shape (n,).
        scores: of shape (n,), nan for a training that failed, which is never the best.

    Raises:
        ValueError: they are something else, or every training failed.

    >>> next_grid([0.01, 0.1, 1.0], [0.3, 0.5, 0.9])
    NextRates(low=10.0, high=100.0)
    >>> next_grid([0.1, 0.4, 1.6], [0.3, 0.9, 0.5])
    NextRates(low=0.2, high=0.8)
    """
    rates, heights = _sorted(lrs, scores)
    best = int(np.nanargmax(heights))
    if best == 0:
        low, high = rates[:2]
        return NextRates(low * (low / high) ** 2, low * (low / high))
    if best == len(rates) - 1:
        low, high = rates[-2:]
        return NextRates(high * (high / low), high * (high / low) ** 2)
    halves = [(a * b) ** 0.5 for a, b in pairwise(rates[best - 1 : best + 2])]
    return NextRates(*halves)


def _sorted(lrs: ArrayLike, scores: ArrayLike) -> tuple[list[float], list[float]]:
    """Return the rates as they rise, and their scores."""
    rates, heights = (np.asarray(v, dtype=np.float64) for v in (lrs, scores))
    if rates.shape != heights.shape or rates.ndim != 1 or len(rates) < 2:
        raise ValueError(
            "next_grid needs one score per learning rate, two rates or more, got "
            f"shapes {rates.shape} and {heights.shape}"
        )
    if not (np.isfinite(rates).all() and rates.min() > 0):
        raise ValueError(f"lrs must be positive and finite, got {rates}")
    if len(np.unique(rates)) < len(rates):
        raise ValueError(f"lrs must differ, got {rates}: average the scores of one")
    if np.isnan(heights).all():
        raise ValueError("scores must have a number: every training failed")
    order = rates.argsort()
    return rates[order].tolist(), heights[order].tolist()
