"""What a decay's settings would be, if these rates were one: candidates, to be tried.

Each function takes rates of shape (updates,) and yields recipes, none of them checked:
that all rates agree is for who asks.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

import numpy as np

from lrcourse._arrays import Array, Integers
from lrcourse.audit.fitting import between, half_wave, level_from, line, lowest, root
from lrcourse.audit.recipe import Recipe
from lrcourse.audit.tolerance import Tolerance

NEAR = 3  # horizons tried on each side of an estimate
POWERS = math.log(0.1), math.log(10.0)
CUT = 20.0  # horizons looked for go up to that many times the recording


def constant(rates: Array, tolerance: Tolerance) -> Iterator[Recipe]:
    """Yield the constant in the middle of all rates."""
    yield Recipe("constant", {"base_lr": float(np.median(rates))})


def exponential(rates: Array, tolerance: Tolerance) -> Iterator[Recipe]:
    """Yield the straight line through the logarithms."""
    if (rates > 0).all():
        slope, start = line(np.arange(float(len(rates))), np.log(rates))
        settings = {"base_lr": math.exp(start), "gamma": math.exp(slope)}
        yield Recipe("exponential", settings)


def steps(rates: Array, tolerance: Tolerance) -> Iterator[Recipe]:
    """Yield the drops, at even distances and where they are."""
    drops = drops_of(rates, tolerance)
    if not 0 < len(drops) <= max(1, len(rates) // 3) or not (rates > 0).all():
        return
    updates, period = np.arange(len(rates)), int(drops[0])
    even = _by_level(updates // period, rates, tolerance)
    yield Recipe("step_decay", even | {"period": period})
    uneven = _by_level(np.searchsorted(drops, updates, "right"), rates, tolerance)
    yield Recipe("multi_step", uneven | {"milestones": tuple(map(int, drops))})


def _by_level(levels: Integers, rates: Array, tolerance: Tolerance) -> dict[str, float]:
    """Return the first rate and the factor of a level; the best known rates count."""
    known = (rates / np.maximum(tolerance.allowed(rates), 1e-300)) ** 2
    slope, start = line(levels.astype(float), np.log(rates), known)
    return {"base_lr": math.exp(start), "gamma": math.exp(slope)}


def drops_of(rates: Array, tolerance: Tolerance) -> Integers:
    """Return the updates whose rate is not that of the update before."""
    changes = np.abs(np.diff(rates)) > 2 * tolerance.allowed(rates[1:])
    return np.flatnonzero(changes).astype(np.int64) + 1


def inverse_time(rates: Array, tolerance: Tolerance) -> Iterator[Recipe]:
    """Yield the straight line through one over the rates, and others from two ends."""
    if (rates > 0).all() and len(rates) > 1:
        start = float(rates[0])
        k = (start / float(rates[-1]) - 1) / (len(rates) - 1)
        yield Recipe("inverse_time", {"base_lr": start, "k": k})
        slope, height = line(np.arange(float(len(rates))), 1 / rates)
        if height > 0:
            yield Recipe("inverse_time", {"base_lr": 1 / height, "k": slope / height})


def inverse_sqrt(rates: Array, tolerance: Tolerance) -> Iterator[Recipe]:
    """Yield the one whose warmup ends at the highest rate."""
    peak = int(rates.argmax())
    settings = {"max_lr": float(rates[peak]), "warmup_steps": peak + 1}
    yield Recipe("inverse_sqrt", settings)


def linear(rates: Array, tolerance: Tolerance) -> Iterator[Recipe]:
    """Yield lines that end at the last rates, or after the last update."""
    found = (
        between("linear", {"total_steps": end}, rates, tolerance)
        for end in horizons(rates, tolerance)
    )
    yield from to_zero_first(found, tolerance)


def cosine(rates: Array, tolerance: Tolerance) -> Iterator[Recipe]:
    """Yield half cosines: likely ends first, then what the curvature says."""
    ends = horizons(rates, tolerance)
    estimate = half_wave(rates[: ends[0] + 1])
    if estimate and estimate < CUT * len(rates):
        reach = NEAR if tolerance.relative < 1e-5 else NEAR + int(estimate / 20)
        nearest = round(estimate)
        around = range(max(1, nearest - reach), nearest + reach + 1)
        ends += sorted(set(around) - set(ends), key=lambda end: abs(end - nearest))
    for total_steps in ends:
        found = between("cosine", {"total_steps": total_steps}, rates, tolerance)
        if found:
            yield found


def polynomial(rates: Array, tolerance: Tolerance) -> Iterator[Recipe]:
    """Yield powers: those that end where the rates do, at a floor or at zero."""
    updates, top, last = len(rates), float(rates[0]), float(rates[-1])
    if updates < 4 or not top > last >= 0:
        return
    held = level_from(rates, tolerance)
    ends = [(updates - 1, last), (updates, 0.0)]
    if held < updates - 1:  # the last rungs before the floor may be too small to see
        ends += [(end, last) for end in range(held, held + NEAR + held // 8)]
    floor = _floor_after(rates, updates)
    ends += [(updates, floor)] if floor is not None else []
    cut = _cut(rates)
    ends += [(round(cut), 0.0)] if cut is not None else []
    for total_steps, min_lr in ends:
        power = _power(rates, total_steps, min_lr, tolerance)
        if power:
            shape = {"total_steps": total_steps, "power": power}
            found = between("polynomial", shape, rates, tolerance)
            if found:
                yield found
    if not tolerance.exact:  # too few digits to read a floor off two rates
        for total_steps in (updates - 1, updates):
            yield from _nearest_power(rates, total_steps, tolerance)


def horizons(rates: Array, tolerance: Tolerance) -> list[int]:
    """Return where a decay may end: where it turns level, at the last update or after.

    At the update where a level begins; one earlier, where its last rung is too small
    to be seen.
    """
    held, updates = level_from(rates, tolerance), len(rates)
    ends = [held, updates - 1, updates]
    if held < updates - 1:
        ends += [held + 1, held + 2]
    return [end for end in dict.fromkeys(ends) if end > 0]


def to_zero_first(found: Iterable[Recipe | None], tolerance: Tolerance) -> list[Recipe]:
    """Return the recipes in order, those that end at zero before the others.

    What falls in a straight line and is cut off ends wherever one likes: at zero is
    likely.
    """
    recipes = [each for each in found if each]
    share = tolerance.relative
    return sorted(
        recipes,
        key=lambda each: each.settings["min_lr"] > share * each.settings["max_lr"],
    )


def _power(rates: Array, end: int, min_lr: float, tolerance: Tolerance) -> float | None:
    """Return the power of the fall to `min_lr` at `end`, None if there is none."""
    steps = np.arange(1, min(end, len(rates)))
    share = (rates[steps] - min_lr) / (rates[0] - min_lr)
    seen = share > 1e-9
    far = np.log1p(-steps[seen] / end)
    if not len(far) or not (share[seen] < 1).all():
        return None
    weights = 1 / tolerance.allowed(rates[steps[seen]] - min_lr) ** 2
    weights = weights * (share[seen] * (rates[0] - min_lr)) ** 2
    return float((weights * far * np.log(share[seen])).sum() / (weights * far**2).sum())


def _nearest_power(rates: Array, end: int, tolerance: Tolerance) -> Iterator[Recipe]:
    """Yield the power that, with the best top and floor for it, errs least."""

    def fitted(log_power: float) -> Recipe | None:
        shape = {"total_steps": end, "power": math.exp(log_power)}
        return between("polynomial", shape, rates, tolerance)

    def error(log_power: float) -> float:
        found = fitted(log_power)
        return found.error(rates, tolerance) if found else math.inf

    best = fitted(lowest(error, *POWERS))
    if best:
        yield best


def _floor_after(rates: Array, end: int) -> float | None:
    """Return the floor that a power would reach at `end`, after the last rate."""
    early, late = len(rates) // 3, len(rates) - 1
    powers = math.log1p(-early / end), math.log1p(-late / end)

    def off(min_lr: float) -> float:
        top = rates[0] - min_lr
        falls = [math.log((rates[at] - min_lr) / top) for at in (early, late)]
        return falls[0] * powers[1] - falls[1] * powers[0]

    if not rates[0] > rates[early] > rates[late] > 0:
        return None
    return root(off, 0.0, float(rates[late]) * (1 - 1e-12))


def _cut(rates: Array) -> float | None:
    """Return where a power would reach zero, long after the last rate."""
    early, late = len(rates) // 3, len(rates) - 1
    if not rates[0] > rates[early] > rates[late] > 0:
        return None
    falls = [math.log(rates[at] / rates[0]) for at in (early, late)]

    def off(end: float) -> float:
        return falls[0] * math.log1p(-late / end) - falls[1] * math.log1p(-early / end)

    return root(off, len(rates) * (1 + 1e-9), CUT * len(rates))
