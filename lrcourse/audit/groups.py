"""What parameter groups show beside each other, and momentum beside itself."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from lrcourse._arrays import Array, Integers
from lrcourse.audit.findings import Finding
from lrcourse.audit.tolerance import tolerances


def joined_at(rates: Array) -> Integers:
    """Return the update at which each group of `rates` joins, of shape (groups,).

    Before it the group has no rate: nan. A group without any joins after the end.
    """
    known = np.isfinite(rates)
    return np.where(known.any(axis=0), known.argmax(axis=0), len(rates))


def unscheduled(rates: Array, joined: Integers) -> Iterator[Finding]:
    """Yield groups whose rate never changes while that of another one does."""
    moves = [np.ptp(rates[at:, group]) > 0 for group, at in enumerate(joined)]
    for group, at in enumerate(joined):
        others = [other for other, moving in enumerate(moves) if moving]
        if at < len(rates) - 1 and not moves[group] and others:
            changes = np.diff(rates[at:, others[0]]) != 0
            yield Finding(
                "group_never_scheduled",
                f"the rate of group {group} stays at {rates[at, group]:.6g} while "
                f"group {others[0]}'s changes",
                int(at) + int(changes.argmax()) + 1,
                group,
            )


def late_joiners(rates: Array, joined: Integers) -> Iterator[Finding]:
    """Yield groups that join after the first update, and where their rate goes."""
    for group, at in enumerate(joined):
        if 0 < at < len(rates):
            own = rates[at:, group]
            climbs = own.max() > own[0] * (1 + 1e-6)
            more = f" and climbs to {own.max():.6g}, above it" if climbs else ""
            yield Finding(
                "group_added_late",
                f"group {group} joins here with the rate {own[0]:.6g}{more}",
                int(at),
                group,
            )


def is_multiple(rates: Array, other: Array) -> bool:
    """Say whether `rates` are those of another group times a factor."""
    at = int(other.argmax())
    if not (other[at] > 0 and rates[at] > 0):
        return False
    tolerance = tolerances(rates)[1]
    return tolerance.all_agree(other * (rates[at] / other[at]), rates)


def moved_momenta(momenta: Array) -> Iterator[Finding]:
    """Yield groups whose momentum, of shape (updates, groups), changes in the run."""
    for group, column in enumerate(momenta.T):
        known = np.flatnonzero(np.isfinite(column))
        changed = known[column[known] != column[known[0]]] if len(known) else known
        if len(changed):
            low, high = np.nanmin(column), np.nanmax(column)
            yield Finding(
                "momentum_moved",
                f"momentum (or beta1) moves along, between {low:.6g} and {high:.6g}: "
                "CyclicLR and OneCycleLR do so unless cycle_momentum=False",
                int(changed[0]),
                group,
            )
