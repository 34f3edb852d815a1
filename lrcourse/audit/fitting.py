"""Settings from rates, where a formula is a straight line in them.

A schedule between two rates is ``min_lr + (max_lr - min_lr) * shape``, and `shape` is
the same schedule from 1 to 0: so both rates come from least squares on what our own
schedule says, and no formula stands here a second time.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from lrcourse._arrays import Array
from lrcourse._halving import begins
from lrcourse.audit.recipe import Recipe
from lrcourse.audit.tolerance import Tolerance
from lrcourse.schedules import table
from lrcourse.schedules.makers import MAKERS

SECTIONS = 30  # of an interval, to a millionth of it


def between(
    family: str, shape: dict[str, Any], rates: Array, tolerance: Tolerance
) -> Recipe | None:
    """Return the recipe of `family` with `shape` that fits best, None if none can.

    Its ``max_lr`` and ``min_lr`` are found; the other settings stand in `shape`.
    """
    make = MAKERS[family]
    try:
        unit = table(make(max_lr=1.0, min_lr=0.0, **shape), len(rates))
    except ValueError:  # settings that no schedule can have
        return None
    high, low = least_squares(np.stack([unit, 1 - unit], axis=1), rates, tolerance)
    if not high > low > -max(1e-6, tolerance.relative) * high:
        return None
    return Recipe(family, {"max_lr": high, "min_lr": max(low, 0.0)} | shape)


def least_squares(columns: Array, rates: Array, tolerance: Tolerance) -> list[float]:
    """Return the weights of `columns`, shape (updates, weights), that give `rates`.

    Each rate counts by how exactly it is known.
    """
    known = 1 / np.maximum(tolerance.allowed(rates), 1e-300)
    found = np.linalg.lstsq(columns * known[:, None], rates * known, rcond=None)[0]
    return [float(weight) for weight in found]


def line(
    steps: Array, values: Array, weights: Array | None = None
) -> tuple[float, float]:
    """Return the slope of the straight line nearest to `values`, and where it starts.

    It starts at step 0. Each value counts by its weight, all alike without any.
    """
    middle = float(np.average(steps, weights=weights))
    centre = float(np.average(values, weights=weights))
    spread = float(np.average((steps - middle) ** 2, weights=weights))
    if spread == 0:
        return 0.0, centre
    slope = float(np.average((steps - middle) * values, weights=weights)) / spread
    return slope, centre - slope * middle


def root(falls: Callable[[float], float], low: float, high: float) -> float | None:
    """Return where the function crosses zero between `low` and `high`, None if not."""
    at_low, at_high = falls(low), falls(high)
    if not (math.isfinite(at_low) and math.isfinite(at_high) and at_low * at_high <= 0):
        return None
    return begins(lambda at: falls(at) * at_low <= 0, low, high)


def lowest(error: Callable[[float], float], low: float, high: float) -> float:
    """Return where `error` is least between `low` and `high`, if it has one valley.

    By golden sections.
    """
    share = (math.sqrt(5) - 1) / 2
    inner = [high - share * (high - low), low + share * (high - low)]
    errors = [error(at) for at in inner]
    for _ in range(SECTIONS):
        if errors[0] < errors[1]:
            high, inner[1], errors[1] = inner[1], inner[0], errors[0]
            inner[0] = high - share * (high - low)
            errors[0] = error(inner[0])
        else:
            low, inner[0], errors[0] = inner[0], inner[1], errors[1]
            inner[1] = low + share * (high - low)
            errors[1] = error(inner[1])
    return (low + high) / 2


def level_from(rates: Array, tolerance: Tolerance) -> int:
    """Return the update from which `rates` stay at their last value to the end."""
    level = tolerance.agree(np.full_like(rates, rates[-1]), rates)
    return 0 if level.all() else len(rates) - int(level[::-1].argmin())


def half_wave(rates: Array) -> float | None:
    """Return after how many steps the half cosine that starts with `rates` ends.

    From the rise over k and over 2k steps, whose ratio is ``4 cos(pi k / 2T) ** 2``.
    """
    far = (len(rates) - 1) // 2
    if far < 1:
        return None
    short, long = rates[far] - rates[0], rates[2 * far] - rates[0]
    if short == 0 or not 0 < long / short < 4:
        return None
    angle = 2 * math.acos(math.sqrt(long / short) / 2)
    return math.pi * far / angle
