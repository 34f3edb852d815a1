"""Which schedule gave these rates? The simplest that gives every one of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from lrcourse._arrays import Array
from lrcourse.audit import cycles, decays
from lrcourse.audit.fitting import least_squares
from lrcourse.audit.recipe import Recipe
from lrcourse.audit.tolerance import Tolerance, roughly, tolerances
from lrcourse.schedules import cosine, table

Candidates = Callable[[Array, Tolerance], Iterator[Recipe]]
FAMILIES: tuple[Candidates, ...] = (  # the simplest first: the first that agrees is it
    decays.constant,
    decays.exponential,
    decays.steps,
    decays.inverse_time,
    decays.linear,
    decays.cosine,
    cycles.wsd,
    decays.polynomial,
    decays.inverse_sqrt,
    cycles.triangles,
    cycles.warm_restarts,
    cycles.one_cycle,
)
WITH_OWN_CLIMB: tuple[Candidates, ...] = (
    decays.inverse_sqrt,
    cycles.triangles,
    cycles.one_cycle,
)
FEWEST = 4  # updates of a fall that turns back
CLEARLY = 1.5  # times as large an error tells one family from another
TELLING = 8  # updates that a part must have: five settings fit any five of them


@dataclass(frozen=True)
class Named:
    """What was found: a recipe, how nearly it agrees, on how many of the rates.

    With `agreed` less than all of them, the recipe is only the nearest, and `agreed` is
    the first update where the rates depart from it.
    """

    recipe: Recipe
    tolerance: Tolerance
    agreed: int
    updates: int

    @property
    def certain(self) -> bool:
        """Say whether the recipe gives every rate."""
        return self.agreed == self.updates


def name(rates: Array) -> Named:
    """Return the simplest recipe that gives all `rates`, of shape (updates,).

    If there is none, the one that gives most of the first ones.
    """
    for tolerance in tolerances(rates):
        recipe = whole(rates, tolerance)
        if recipe:
            short = recipe.shortened(rates, tolerance)
            return Named(short, tolerance, len(rates), len(rates))
    return nearest(rates)


def whole(rates: Array, tolerance: Tolerance) -> Recipe | None:
    """Return the simplest recipe that gives all `rates` at `tolerance`, if one does.

    Where few digits are kept, several families agree: the simplest of those whose
    error is not clearly larger than that of the nearest.
    """
    all_candidates = _all_candidates(rates, tolerance)
    agreeing = (each for each in all_candidates if each.follows(rates, tolerance))
    if tolerance.exact:
        return next(agreeing, None)
    errors = [(each.error(rates, tolerance), each) for each in agreeing]
    least = min((error for error, _ in errors), default=0.0)
    near = (each for error, each in errors if error <= CLEARLY * least)
    return next(near, None)


def nearest(rates: Array) -> Named:
    """Return what gives most of the first rates, found on parts of them."""
    best: Named | None = None
    for tolerance in tolerances(rates)[:2]:
        for part in _parts(rates):
            recipe = whole(rates[:part], tolerance)
            if recipe:
                recipe = recipe.shortened(rates[:part], tolerance)
                agreed = recipe.agreed(rates, tolerance)
                if best is None or agreed > best.agreed:
                    best = Named(recipe, tolerance, agreed, len(rates))
    return best if best and best.agreed >= TELLING else _roughly_nearest(rates)


def _roughly_nearest(rates: Array) -> Named:
    """Return what lies near all rates, though it gives few of them."""
    flat = Recipe("constant", {"base_lr": float(rates[0])})
    recipe = whole(rates, roughly(rates)) or flat
    tolerance = tolerances(rates)[1]
    return Named(recipe, tolerance, recipe.agreed(rates, tolerance), len(rates))


def _parts(rates: Array) -> list[int]:
    """Return how many of the first rates to look at: up to where something breaks."""
    rises = np.flatnonzero(np.diff(rates) > 0) + 1
    peak = int(rates.argmax())
    after = rises[rises > peak]
    jumps = np.abs(np.diff(rates, 2)) if len(rates) > 2 else np.zeros(1)
    breaks = [int(after[0])] if len(after) else []
    breaks += [int(at) + 2 for at in np.argsort(-jumps, kind="stable")[:3]]
    breaks += [int(at) + 1 for at in np.argsort(-jumps, kind="stable")[:3]]
    breaks += [len(rates) * part // 4 for part in (3, 2, 1)]
    kept = {at for at in breaks if TELLING <= at < len(rates)}
    return sorted(kept, reverse=True)


def _all_candidates(rates: Array, tolerance: Tolerance) -> Iterator[Recipe]:
    yield from _families(rates, tolerance)
    yield from _after_a_climb(rates, tolerance)
    yield from _mirrored(rates, tolerance)
    yield from _in_blocks(rates, tolerance)


def _families(rates: Array, tolerance: Tolerance) -> Iterator[Recipe]:
    if rates.max() <= 0:
        yield from decays.constant(rates, tolerance)
        return
    for candidates in FAMILIES:
        yield from candidates(rates, tolerance)


def _after_a_climb(rates: Array, tolerance: Tolerance) -> Iterator[Recipe]:
    """Yield what follows a straight climb at the front."""
    for ramp in _ramps(rates, tolerance):
        rest = rates[ramp["warmup_steps"] :]
        for candidates in FAMILIES:
            if candidates not in WITH_OWN_CLIMB and len(rest) > 1:
                for recipe in candidates(rest, tolerance):
                    yield replace(recipe, **ramp)
    yield from _beneath(rates, tolerance)


def _ramps(rates: Array, tolerance: Tolerance) -> list[dict[str, Any]]:
    """Return the warmups that may stand at the front, the likely one first.

    The top of a climb is its last rung if it starts one rung up, else the first rate
    after it; there both are tried.
    """
    rungs = _climb(rates, tolerance)
    if not 0 < rungs < len(rates) - 1:
        return []
    one_up = rates[0] > 0.5 * (rates[1] - rates[0])
    return [
        {"warmup_steps": steps, "first_lr": float(rates[0]), "full_rung": full_rung}
        for full_rung in ((True, False) if one_up else (False, True))
        if (steps := rungs + full_rung) > 1
    ]


def _beneath(rates: Array, tolerance: Tolerance) -> Iterator[Recipe]:
    """Yield cosines that ran on beneath the warmup: their own top is never used."""
    steps, first_lr = _climb(rates, tolerance) + 1, float(rates[0])
    for end in (len(rates) - 1, len(rates), len(rates) - steps):
        if not 2 < steps < end:
            continue
        unit = table(cosine(1.0, end), len(rates))[steps:]
        columns = np.stack([unit, 1 - unit], axis=1)
        high, low = least_squares(columns, rates[steps:], tolerance)
        if high > low > -1e-6 * high:
            settings = {"max_lr": high, "total_steps": end, "min_lr": max(low, 0.0)}
            yield Recipe("cosine", settings, steps, first_lr, spliced=True)


def _climb(rates: Array, tolerance: Tolerance) -> int:
    """Return how many equal rungs the rates climb at first."""
    rungs = np.diff(rates)
    if not len(rungs) or rungs[0] <= 0:
        return 0
    falls = np.flatnonzero(rungs <= 0)
    top = int(falls[0]) if len(falls) else len(rungs)
    while top > 1:
        line = np.linspace(rates[0], rates[top], top + 1)
        agree = tolerance.agree(line, rates[: top + 1])
        if agree.all():
            return top
        top = min(top - 1, _bend(rates[: top + 1]))
    return top


def _bend(rates: Array) -> int:
    """Return where rates that climb bend most."""
    return int(np.abs(np.diff(rates, 2)).argmax()) + 1 if len(rates) > 2 else 1


def _mirrored(rates: Array, tolerance: Tolerance) -> Iterator[Recipe]:
    """Yield cosines, plain and of a cycle, that turn back at their lowest rate."""
    peak = int((rates >= rates.max() * (1 - tolerance.relative)).argmax())
    rises = np.flatnonzero(np.diff(rates[peak:]) > 0)
    end = peak + int(rises[0]) if len(rises) else 0
    for part in (end + 1, end):
        if FEWEST <= part < len(rates):
            for recipe in _ending(rates[:part], tolerance):
                yield replace(recipe, mirrored=True)


def _ending(rates: Array, tolerance: Tolerance) -> Iterator[Recipe]:
    yield from decays.cosine(rates, tolerance)
    yield from cycles.one_cycle(rates, tolerance)
    for ramp in _ramps(rates, tolerance):
        rest = rates[ramp["warmup_steps"] :]
        for recipe in decays.cosine(rest, tolerance) if len(rest) > 2 else ():
            yield replace(recipe, **ramp)


def _in_blocks(rates: Array, tolerance: Tolerance) -> Iterator[Recipe]:
    """Yield what gives one value for every so many updates."""
    every = block(rates, tolerance)
    if every > 1:
        values = rates[::every]
        for inner in (_families, _after_a_climb, _mirrored):
            for recipe in inner(values, tolerance):
                yield replace(recipe, every=every)


def block(rates: Array, tolerance: Tolerance) -> int:
    """Return how many updates use one value, 1 if no value stays."""
    drops = decays.drops_of(rates, tolerance)
    if len(drops) < 2:
        return 1
    every = int(np.gcd.reduce(drops))
    return every if len(drops) >= (len(rates) - 1) // every // 2 else 1
