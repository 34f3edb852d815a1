"""Look at recorded rates: name their schedule, name what is wrong."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from lrcourse._arrays import Array
from lrcourse._settings import require_counts
from lrcourse.audit import against, groups
from lrcourse.audit.alone import alone, first_zero, not_rates
from lrcourse.audit.findings import Audit, Finding
from lrcourse.audit.naming import Named, name
from lrcourse.schedules import Schedule, table

OF_THE_END = ("wrong_horizon", "floor_never_reached")
Plan = Schedule | ArrayLike


def audit(
    rates: ArrayLike,
    plan: Plan | None = None,
    updates_per_epoch: int | None = None,
    momenta: ArrayLike | None = None,
) -> Audit:
    """Return which schedule gave `rates`, and the mistakes that show in them.

    `rates` are those that updates used, of shape (updates,), or (updates, groups) with
    nan where a group is not there yet. `plan` is the schedule meant for group 0, or its
    rates. `momenta`, in the shape of `rates`, are what the optimizer used as momentum
    or beta1. A schedule is named if it gives every rate to 1e-6, else to 1e-3 or to
    the decimals that the rates are rounded to; the simplest that does is named.

    >>> from lrcourse.schedules import cosine
    >>> print(audit([0.1, 0.075, 0.025], plan=cosine(0.1, 3)))
    3 updates, rates from 0.025 to 0.1
    cosine(max_lr=0.1, min_lr=0, total_steps=3) (every rate agrees to 1e-6)
    nothing wrong found

    Raises:
        ValueError: `rates` or `momenta` are no numbers in one of these shapes; `plan`
            is neither a schedule nor as long as the rates; `updates_per_epoch` is no
            positive integer.
    """
    used = _recorded("rates", rates)
    if updates_per_epoch is not None:
        require_counts(updates_per_epoch=updates_per_epoch)
    meant = None if plan is None else _planned(plan, len(used))
    named, findings = _each_group(used, meant, updates_per_epoch)
    if momenta is not None:
        moved = _recorded("momenta", momenta)
        if moved.shape != used.shape:
            raise ValueError(
                f"momenta must have the shape of rates, {used.shape}, got {moved.shape}"
            )
        findings += groups.moved_momenta(moved)
    return Audit(
        used,
        table(meant, len(used)) if meant else None,
        tuple(named),
        tuple(sorted(findings, key=lambda each: (each.update, each.group))),
    )


def _each_group(
    used: Array, meant: Schedule | None, updates_per_epoch: int | None
) -> tuple[list[Named], list[Finding]]:
    """Name the schedule of every group; the faults of group 0 are told once."""
    named, joined = list[Named](), groups.joined_at(used)
    findings = [*groups.unscheduled(used, joined), *groups.late_joiners(used, joined)]
    stuck = {each.group for each in findings}
    for group, at in enumerate(joined):
        if at == len(used) and group:
            continue
        rates = used[at % len(used) :, group]
        bad = not_rates(rates)
        if bad:
            findings.append(_moved(bad, int(at) % len(used), group))
            rates = rates[: bad.update]
        if len(rates):
            named.append(name(rates))
            first = used[at:, 0][: len(rates)]
            if group in stuck or (group and groups.is_multiple(rates, first)):
                continue
            planned = None if group else meant
            found = _faults(rates, named[-1], planned, updates_per_epoch)
            if bad:  # the run did not end where its rates do
                found = [each for each in found if each.slug not in OF_THE_END]
            findings += [_moved(each, int(at), group) for each in found]
    return named, findings


def _faults(
    rates: Array, named: Named, meant: Schedule | None, updates_per_epoch: int | None
) -> list[Finding]:
    """Return what is wrong with the rates of one group."""
    if meant is None:
        return list(alone(rates, named, updates_per_epoch))
    if against.follows(rates, meant):
        return list(first_zero(rates))
    slip = against.explained(rates, meant, updates_per_epoch)
    if slip:
        zero = list(first_zero(rates))
        # a warmup of step / W is that of (step + 1) / W one update late
        return zero if zero and slip.slug == "one_step_late" else [*zero, slip]
    found = list(alone(rates, named, updates_per_epoch))
    known = {each.slug for each in found}
    beside = against.beside(rates, meant)
    return found + [each for each in beside if each.slug not in known]


def _moved(finding: Finding, by: int, group: int) -> Finding:
    return Finding(finding.slug, finding.sentence, finding.update + by, group)


def _recorded(what: str, values: ArrayLike) -> Array:
    """Return `values` as an array of shape (updates, groups)."""
    try:
        array = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{what} must be numbers, one per update: {error}") from error
    if array.ndim not in (1, 2) or not array.size:
        raise ValueError(
            f"{what} must have the shape (updates,) or (updates, groups), and an "
            f"update at least, got {array.shape}"
        )
    return array if array.ndim == 2 else array[:, None]


def _planned(plan: Plan, updates: int) -> Schedule:
    """Return the plan as a schedule; one given by its rates stays at the last."""
    if callable(plan):
        table(plan, updates)  # refuses what is no schedule
        return plan
    meant = _recorded("plan", plan)
    if meant.shape[1] != 1 or len(meant) < updates or not np.isfinite(meant).all():
        raise ValueError(
            "plan must be a schedule, or a rate for each update of group 0, finite, "
            f"of shape ({updates},) at least; got shape {meant.shape}"
        )
    last = len(meant) - 1
    return lambda step: float(meant[min(step, last), 0])
