"""How nearly a formula must meet recorded rates: as exactly as they were written."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lrcourse._arrays import Array
from lrcourse.schedules import Schedule, table

PROBES = 24  # rates compared first: most formulas fail there, and cost no more
MOST_DECIMALS = 8


@dataclass(frozen=True)
class Tolerance:
    """Largest difference allowed: a share of each rate, and an amount for all.

    It is `exact` where no two families agree with the same rates.
    """

    relative: float
    absolute: float
    reason: str
    exact: bool = False

    def allowed(self, rates: Array) -> Array:
        """Return what each of `rates` may be off by, of their shape."""
        return self.relative * np.abs(rates) + self.absolute

    def agree(self, ours: Array, rates: Array) -> NDArray[np.bool_]:
        """Say of each rate whether `ours` meets it; booleans of their shape."""
        return np.abs(ours - rates) <= self.allowed(rates)

    def all_agree(self, ours: Array, rates: Array) -> bool:
        """Say whether `ours` meets every one of `rates`."""
        return bool(self.agree(ours, rates).all())

    def follows(self, rates: Array, schedule: Schedule) -> bool:
        """Say whether `schedule` gives every one of `rates`, from step 0 on."""
        probes = np.unique(np.linspace(0, len(rates) - 1, PROBES).astype(int))
        ours = np.array([schedule(int(step)) for step in probes])
        if not self.all_agree(ours, rates[probes]):
            return False
        return self.all_agree(table(schedule, len(rates)), rates)

    def agreed(self, rates: Array, schedule: Schedule) -> int:
        """Return how many of `rates` `schedule` gives before it first fails."""
        agree = self.agree(table(schedule, len(rates)), rates)
        return len(rates) if agree.all() else int(agree.argmin())


def tolerances(rates: Array) -> list[Tolerance]:
    """Return what to try on `rates`, of shape (updates,), the strictest first."""
    peak = float(np.abs(rates).max())
    found = [
        Tolerance(1e-6, 1e-12 * peak, "every rate agrees to 1e-6", exact=True),
        Tolerance(
            1e-3,
            3e-7 * peak,
            "rates agree to 1e-3 only, as in float32 or with four digits",
        ),
    ]
    decimals = _decimals(rates)
    if decimals is not None and 10.0**-decimals < peak / 50:
        unit = 10.0**-decimals
        reason = f"rates agree to half of {unit:g}: they are rounded to {decimals}"
        found.append(Tolerance(1e-6, 0.501 * unit, f"{reason} decimals"))
    return found


def roughly(rates: Array) -> Tolerance:
    """Return what is near enough to call a formula the nearest one."""
    return Tolerance(0.05, 2e-3 * float(np.abs(rates).max()), "rates agree roughly")


def _decimals(rates: Array) -> int | None:
    """Return after how many decimals all `rates` end, None if after too many."""
    for decimals in range(1, MOST_DECIMALS + 1):
        if np.array_equal(np.round(rates, decimals), rates):
            return decimals
    return None
