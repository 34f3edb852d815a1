"""What rates show beside the plan they were to follow."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from lrcourse._arrays import Array
from lrcourse.audit.alone import FLOOR_MISSED
from lrcourse.audit.findings import Finding
from lrcourse.audit.naming import block, name
from lrcourse.audit.tolerance import Tolerance, tolerances
from lrcourse.schedules import Schedule, table

MOST_STEPS = 64  # steps of a scheduler in one update, tried


def follows(rates: Array, plan: Schedule) -> bool:
    """Say whether `rates` are those of `plan`, as nearly as they were written."""
    return any(each.follows(rates, plan) for each in tolerances(rates))


def explained(
    rates: Array, plan: Schedule, updates_per_epoch: int | None
) -> Finding | None:
    """Return the one mistake that turns `plan` into all of `rates`, if there is one."""
    meant = table(plan, len(rates))
    for tolerance in tolerances(rates):
        at = _first_difference(rates, meant, tolerance)
        if at is None:
            return None
        for slug, sentence, schedule in _slips(rates, plan, updates_per_epoch):
            if tolerance.follows(rates, schedule):
                return Finding(slug, sentence, at)
        if tolerance.all_agree(meant[:-1], rates[1:]):
            return _late(rates, meant, tolerance)
    return None


def _first_difference(rates: Array, meant: Array, tolerance: Tolerance) -> int | None:
    differ = ~tolerance.agree(meant, rates)
    return int(differ.argmax()) if differ.any() else None


def _late(rates: Array, meant: Array, tolerance: Tolerance) -> Finding:
    at = _first_difference(rates, meant, tolerance) or 0
    return Finding(
        "one_step_late",
        "every rate comes one update late: the rate is set after the step",
        at,
    )


Slip = tuple[str, str, Schedule]  # its name, its sentence, the rates it leads to


def _slips(rates: Array, plan: Schedule, per_epoch: int | None) -> Iterator[Slip]:
    """Yield what a mistake makes of `plan`."""
    yield (
        "one_step_early",
        "every rate comes one update early, the first is never used: the scheduler "
        "steps before the optimizer",
        lambda step: plan(step + 1),
    )
    yield from _slow(rates, plan, per_epoch)
    yield from _fast(plan, per_epoch)
    yield from _without_warmup(plan, len(rates))
    yield from _scaled(rates, plan)


def _slow(rates: Array, plan: Schedule, per_epoch: int | None) -> Iterator[Slip]:
    seen = block(rates, tolerances(rates)[0])
    for every in dict.fromkeys(filter(None, (per_epoch, seen))):
        if every > 1:
            whole = per_epoch in (every, None)
            yield (
                "stepped_per_epoch" if whole else "stepped_too_seldom",
                f"the schedule takes one step in {every} updates, where one in each "
                "is meant",
                partial(_slowed, plan, every),
            )


def _fast(plan: Schedule, per_epoch: int | None) -> Iterator[Slip]:
    for times in dict.fromkeys([per_epoch or 2, *range(2, MOST_STEPS)]):
        if times > 1:
            yield (
                "stepped_per_update" if times == per_epoch else "stepped_too_often",
                f"the schedule takes {times} steps in each update, as if one update "
                f"were {times}",
                partial(_hurried, plan, times),
            )


def _slowed(plan: Schedule, every: int, step: int) -> float:
    return plan(step // every)


def _hurried(plan: Schedule, times: int, step: int) -> float:
    return plan(step * times)


def _without_warmup(plan: Schedule, updates: int) -> Iterator[Slip]:
    climb = _climb(table(plan, updates))
    if not climb:
        return
    sentence = f"the run starts at the top: the warmup of {climb} updates is skipped"
    yield "warmup_skipped", sentence, lambda step: plan(step + climb)
    yield "warmup_skipped", sentence, lambda step: plan(step + climb + 1)
    yield "warmup_skipped", sentence, lambda step: plan(max(step, climb))


def _scaled(rates: Array, plan: Schedule) -> Iterator[Slip]:
    meant = table(plan, len(rates))
    top = int(meant.argmax())
    if meant[top] > 0 and rates[top] > 0:
        factor = float(rates[top] / meant[top])
        yield (
            "scaled",
            f"every rate is {factor:.6g} times the one meant: a rate used as a factor, "
            "or another base",
            lambda step: factor * plan(step),
        )


def beside(rates: Array, plan: Schedule) -> Iterator[Finding]:
    """Yield in what `rates` differ from `plan`, where no single slip explains it."""
    meant = table(plan, len(rates))
    tolerance = tolerances(rates)[-1]
    at = _first_difference(rates, meant, tolerance)
    if at is None:
        return
    found = [
        *_other_peak(rates, meant, tolerance),
        *_no_warmup(rates, meant),
        *_other_horizon(rates, meant),
        *_missed_floor(rates, meant),
        *_restarts(rates, meant),
    ]
    yield from found
    if not found:
        yield Finding(
            "departs_from_plan",
            f"the rate is {rates[at]:.6g} where {meant[at]:.6g} is meant",
            at,
        )


def _climb(meant: Array) -> int:
    """Return the update of the first highest rate of a plan that climbs to it."""
    top = int(meant.argmax())
    return top if (np.diff(meant[: top + 1]) >= 0).all() else 0


def _other_peak(rates: Array, meant: Array, tolerance: Tolerance) -> Iterator[Finding]:
    """Yield a highest rate before or after all highest ones of the plan."""
    if np.ptp(meant) == 0 or np.ptp(rates) == 0:
        return
    tops = np.flatnonzero(meant >= meant.max() * (1 - 2 * tolerance.relative))
    ours = np.flatnonzero(rates >= rates.max() * (1 - 2 * tolerance.relative))
    if _climb(meant) and rates[0] >= rates.max() * 0.99:
        return  # no warmup at all, which has a name of its own
    for slug, at, apart in (
        ("peak_late", int(ours[0]), ours[0] > tops[-1]),
        ("peak_early", int(ours[0]), ours[-1] < tops[0]),
    ):
        if apart:
            yield Finding(
                slug, f"the rate peaks at update {at}, not at {int(tops[0])}", at
            )


def _no_warmup(rates: Array, meant: Array) -> Iterator[Finding]:
    climb = _climb(meant)
    if climb and meant[0] < 0.9 * meant.max() <= rates[0]:
        sentence = f"the warmup of {climb} updates is skipped"
        yield Finding("warmup_skipped", sentence, 0)


def _other_horizon(rates: Array, meant: Array) -> Iterator[Finding]:
    """Yield an end that is not the plan's, where both have one and are known."""
    ours, theirs = name(rates), name(meant)
    if not (ours.certain and theirs.certain):
        return
    ends = ours.recipe.end, theirs.recipe.end
    same = ours.recipe.family == theirs.recipe.family
    if same and None not in ends and ends[0] != ends[1]:
        differ = np.abs(rates - meant) > 1e-6 * meant.max()
        yield Finding(
            "wrong_horizon",
            f"the schedule ends at update {ends[0]}, the plan at {ends[1]}",
            int(differ.argmax()),
        )


def _missed_floor(rates: Array, meant: Array) -> Iterator[Finding]:
    at = int(meant.argmin())
    low = float(meant[at])
    if at > len(meant) // 2 and rates.min() > FLOOR_MISSED * low + 1e-9 * meant.max():
        yield Finding(
            "floor_never_reached",
            f"the plan falls to {low:.6g}, the run only to {rates.min():.6g}",
            at,
        )


def _restarts(rates: Array, meant: Array) -> Iterator[Finding]:
    """Yield jumps up that the plan has not, after its climb."""
    rises = np.diff(rates) > 0.05 * meant.max()
    asked = np.diff(meant) > 0
    jumps = np.flatnonzero(rises & ~asked) + 1
    jumps = jumps[jumps > _climb(meant) + 1]
    if len(jumps):
        yield Finding(
            "restarts",
            f"the rate jumps up where the plan does not, at {len(jumps)} updates",
            int(jumps[0]),
        )
