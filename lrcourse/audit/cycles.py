"""What the settings of a cycle would be, if these rates were one: candidates.

As in `decays`: rates of shape (updates,) in, recipes out, none of them checked.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from lrcourse._arrays import Array
from lrcourse.audit.decays import horizons, to_zero_first
from lrcourse.audit.fitting import between, half_wave, least_squares, level_from, line
from lrcourse.audit.recipe import Recipe
from lrcourse.audit.tolerance import Tolerance
from lrcourse.schedules import table, triangular
from lrcourse.schedules.schedule import half_cosine

SHARES = (0.05, 0.1, 0.2, 0.25, 0.3, 0.4, 0.5)  # of a run, that a climb usually takes


def triangles(rates: Array, tolerance: Tolerance) -> Iterator[Recipe]:
    """Yield triangles, plain, halved and shrunk, that peak where the rates do."""
    for half_period in _half_periods(rates, tolerance):
        shape = {"half_period": half_period}
        for family in ("triangular", "triangular2"):
            found = between(family, shape, rates, tolerance)
            if found:
                yield found
        gamma = _shrinking(rates, half_period)
        if gamma:
            found = between("exp_range", shape | {"gamma": gamma}, rates, tolerance)
            if found:
                yield found


def _half_periods(rates: Array, tolerance: Tolerance) -> list[int]:
    """Return where the first peak may be: half way to the floor, or at the top."""
    floor = tolerance.agree(np.full_like(rates, rates[0]), rates)
    back = np.flatnonzero(floor[1:]) + 1
    found = [int(back[0]) // 2] if len(back) else []
    bend = np.diff(rates, 2)
    found += [_first_fall(rates) - 1]
    found += [int(bend.argmin()) + 1] if len(bend) else []
    return [half for half in dict.fromkeys(found) if half > 0]


def _first_fall(rates: Array) -> int:
    falls = np.flatnonzero(np.diff(rates) < 0)
    return int(falls[0]) + 1 if len(falls) else len(rates)


def _shrinking(rates: Array, half_period: int) -> float | None:
    """Return the factor a step by which triangles of that period shrink."""
    unit = table(triangular(0.0, 1.0, half_period), len(rates))
    heights = rates - rates[0]
    seen = (unit > 0) & (heights > 1e-3 * heights.max())
    if seen.sum() < 2:
        return None
    logs = np.log(heights[seen] / unit[seen])
    return math.exp(line(np.flatnonzero(seen).astype(float), logs)[0])


def warm_restarts(rates: Array, tolerance: Tolerance) -> Iterator[Recipe]:
    """Yield cosines that restart where the rates jump to the top again."""
    top = tolerance.agree(np.full_like(rates, rates[0]), rates)
    jumps = np.flatnonzero(top[1:] & (np.diff(rates) > 0)) + 1
    if not len(jumps):
        return
    first = int(jumps[0])
    mults = [round((jumps[1] - first) / first)] if len(jumps) > 1 else [1, 2, 3, 4]
    for period_mult in mults:
        shape = {"first_period": first, "period_mult": int(period_mult)}
        found = between("warm_restarts", shape, rates, tolerance)
        if found:
            yield found


def wsd(rates: Array, tolerance: Tolerance) -> Iterator[Recipe]:
    """Yield a level and a cooldown, straight or as a root."""
    level = tolerance.agree(np.full_like(rates, rates[0]), rates)
    if level.all():
        return
    stable_steps = max(0, int(level.argmin()) - 1)
    for shape in ("linear", "1-sqrt"):
        found = (
            _cooled(rates, end, stable_steps, shape, tolerance)
            for end in horizons(rates, tolerance)
        )
        yield from to_zero_first(found, tolerance)


def _cooled(
    rates: Array, end: int, stable_steps: int, shape: str, tolerance: Tolerance
) -> Recipe | None:
    """Return the level and cooldown that fit best, None if none do."""
    settings = {"total_steps": end, "warmup_steps": 0}
    cooldown = {"cooldown_steps": end - stable_steps, "shape": shape}
    return between("wsd", settings | cooldown, rates, tolerance)


def one_cycle(rates: Array, tolerance: Tolerance) -> Iterator[Recipe]:
    """Yield cycles whose peak lies where the climb says, on a step or between two."""
    fall = _first_fall(rates)
    if fall < 2 or fall >= len(rates):
        return
    # the last rate before a fall may stand just beyond a peak between two updates
    estimates = [half_wave(rates[:fall]), half_wave(rates[: fall - 1])]
    for peak in [float(fall - 1), *filter(None, estimates)]:
        ends = [level_from(rates, tolerance), len(rates) - 1, len(rates)]
        ends += [round((peak + 1) / share) - 1 for share in SHARES]
        for end in dict.fromkeys(ends):
            found = _cycle(rates, peak, end, tolerance) if end > peak > 0 else None
            if found:
                yield found


def _cycle(rates: Array, peak: float, end: int, tolerance: Tolerance) -> Recipe | None:
    """Return the cycle of that peak and end that fits best, None if none does."""
    up = [half_cosine(0, 1, step / peak) for step in range(int(peak) + 1)]
    after = range(int(peak) + 1, len(rates))
    down = [half_cosine(0, 1, (min(at, end) - peak) / (end - peak)) for at in after]
    columns = np.zeros((len(rates), 3))  # of the start, the peak and the end
    columns[: len(up), 1] = up
    columns[len(up) :, 2] = down
    columns[: len(up), 0] = 1 - columns[: len(up), 1]
    columns[len(up) :, 1] = 1 - columns[len(up) :, 2]
    start, top, last = least_squares(columns, rates, tolerance)
    if not top > start > 0 or not start >= last > 0:
        return None
    settings = {"max_lr": top, "total_steps": end, "warmup_share": (peak + 1)}
    settings["warmup_share"] /= end + 1
    return Recipe(
        "one_cycle", settings | {"start_div": top / start, "end_div": start / last}
    )
