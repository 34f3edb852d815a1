"""What rates show by themselves, whatever was planned."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from lrcourse._arrays import Array
from lrcourse.audit.findings import Finding
from lrcourse.audit.naming import FEWEST, TELLING, Named, name
from lrcourse.audit.tolerance import tolerances

_LENGTHS = ("total_steps", "first_period", "half_period")

FLOOR_MISSED = 1.1  # times the floor: so far above it the last rate is not the floor


def not_rates(rates: Array) -> Finding | None:
    """Return the first rate that is none: nan, infinite or negative."""
    bad = ~(np.isfinite(rates) & (rates >= 0))
    if not bad.any():
        return None
    at = int(bad.argmax())
    what = "negative" if rates[at] < 0 else "no number"
    return Finding(
        "no_rate",
        f"the rate is {rates[at]:g}, {what}; from here on nothing is looked at",
        at,
    )


def first_zero(rates: Array) -> Iterator[Finding]:
    """Yield a first update that moves nothing, where later ones do."""
    if rates[0] == 0 and rates.max() > 0:
        yield Finding(
            "first_update_zero",
            "the first update has the rate 0 and moves nothing: what climbs from 0, as "
            "step / W does, wastes it; (step + 1) / W moves at once",
            0,
        )


def alone(
    rates: Array, named: Named, updates_per_epoch: int | None
) -> Iterator[Finding]:
    """Yield what is wrong with `rates`, of shape (updates,), known as `named`."""
    yield from first_zero(rates)
    if named.certain:
        found = list(_wrong_unit(named, updates_per_epoch))
        yield from found or _wrong_end(rates, named)
        if named.recipe.mirrored:
            yield _rebound(rates, named)
        if named.recipe.spliced:
            yield _spliced(rates, named)
    else:
        yield from departures(rates, named)


def _span(named: Named) -> Any:
    """Return how many steps a schedule spans, its warmup included; None: no end."""
    settings = named.recipe.settings
    lengths = [settings[key] for key in _LENGTHS if key in settings]
    return lengths[0] + named.recipe.warmup_steps if lengths else None


def _wrong_unit(named: Named, updates_per_epoch: int | None) -> Iterator[Finding]:
    """Yield a horizon counted in updates that is walked in epochs, or the reverse."""
    recipe, updates, span = named.recipe, named.updates, _span(named)
    if span is None:
        return
    if recipe.every > 1 and abs(span - updates) <= 1:
        yield Finding(
            "stepped_per_epoch",
            f"the rate changes every {recipe.every} updates, and its schedule has "
            f"{span} steps, as many as the run has updates: it is stepped per epoch "
            "and means updates",
            recipe.every,
        )
    elif updates_per_epoch and recipe.every == 1 < updates_per_epoch:
        epochs = updates / updates_per_epoch
        other = recipe.mirrored or abs(span - updates_per_epoch) > 1
        other = other and span < updates - 1
        if epochs > 1 and abs(span - epochs) <= 1 and other:
            yield Finding(
                "stepped_per_update",
                f"the schedule spans {span} updates, and the run has {epochs:g} "
                "epochs: it is stepped per update and means epochs",
                min(span + 1, updates - 1),
            )


def _wrong_end(rates: Array, named: Named) -> Iterator[Finding]:
    """Yield an end that is not the run's, or a floor that no update uses."""
    end, updates, every = named.recipe.end, named.updates, named.recipe.every
    if end is None or named.recipe.mirrored:
        return
    if end > updates + every - 1:
        yield Finding(
            "wrong_horizon",
            f"the schedule ends at update {end}, after the run's {updates}: the last "
            f"rate is still {rates[-1]:.6g}",
            updates - 1,
        )
    elif end < updates - every:
        yield Finding(
            "wrong_horizon",
            f"the schedule ends at update {end}, before the run's {updates}: the rate "
            f"stays at {rates[-1]:.6g}",
            end,
        )
    else:
        yield from _missed_floor(rates, named)


def _missed_floor(rates: Array, named: Named) -> Iterator[Finding]:
    floor = named.recipe.settings.get("min_lr", 0.0)
    if floor > 0 and rates[-1] > FLOOR_MISSED * floor:
        yield Finding(
            "floor_never_reached",
            f"the floor {floor:.6g} is never used, the last update uses "
            f"{rates[-1]:.6g}: one total step less reaches it",
            len(rates) - 1,
        )


def _rebound(rates: Array, named: Named) -> Finding:
    end = named.recipe.end or 0
    at = min(end + named.recipe.every, len(rates) - 1)
    return Finding(
        "rebound",
        f"the schedule ends at update {end} and the rate climbs again after it",
        at,
    )


def _spliced(rates: Array, named: Named) -> Finding:
    steps = named.recipe.warmup_steps
    return Finding(
        "warmup_spliced",
        f"the decay ran on beneath the warmup: after it the rate goes on at "
        f"{rates[steps]:.6g}, not at the top {named.recipe.settings['max_lr']:.6g}",
        steps,
    )


def departures(rates: Array, named: Named) -> Iterator[Finding]:
    """Yield what happened where the rates leave the recipe that they began with."""
    for found in (_from_scratch(rates), _late(rates), _off_by_one(rates, named)):
        if found:
            yield found
            return
    if TELLING <= named.agreed:
        at = named.agreed
        meant = named.recipe.schedule(at)
        yield Finding(
            "departs",
            f"the rates leave {named.recipe}: {rates[at]:.6g} for {meant:.6g}",
            at,
        )


def _from_scratch(rates: Array) -> Finding | None:
    """Return the update from which the rates repeat those from the first on."""
    updates, tolerance = len(rates), tolerances(rates)[-1]
    first = tolerance.agree(np.full_like(rates, rates[0]), rates)
    for at in np.flatnonzero(first[1:] & ~first[:-1]) + 1:
        again = min(int(at), updates - int(at))
        same = tolerance.all_agree(rates[:again], rates[at : at + again])
        if again >= FEWEST and np.ptp(rates[:again]) > 0 and same:
            return Finding(
                "resumed_from_scratch",
                "the rates start again from the first one: resumed without the state "
                "of the scheduler",
                int(at),
            )
    return None


def _late(rates: Array) -> Finding | None:
    """Return an update before a schedule's first one."""
    if len(rates) <= FEWEST:
        return None
    rest = name_whole(rates[1:])
    if rest is None or rest.recipe.family == "constant":
        return None
    same = abs(rates[0] - rates[1]) <= rest.tolerance.allowed(rates[:1])[0]
    why = "its first rate is used twice" if same else "update 0 used another one"
    return Finding(
        "one_step_late",
        f"{rest.recipe} starts at update 1, {why}: the rate is set after the step",
        0 if not same else 1,
    )


def name_whole(rates: Array) -> Named | None:
    """Return what gives all `rates`, None if nothing known does."""
    named = name(rates)
    return named if named.certain else None


def _off_by_one(rates: Array, named: Named) -> Finding | None:
    """Return the update from which the rates are those of the update before or after.

    So goes a run that is resumed one step off.
    """
    at, schedule = named.agreed, named.recipe.schedule
    if at < FEWEST or len(rates) - at < 2:
        return None
    for shift, word in ((-1, "one update late"), (1, "one update early")):
        shifted = np.array([schedule(step + shift) for step in range(at, len(rates))])
        if named.tolerance.all_agree(shifted, rates[at:]):
            return Finding(
                "resumed_one_off",
                f"from here on the rates come {word}: resumed with a last step that "
                "is one off",
                at,
            )
    return None
