"""After how many ticks half of the highest rate is left."""

from __future__ import annotations

from collections.abc import Callable

from lrcourse._halving import begins
from lrcourse.convert.plan import Plan

FALLING = (
    *("constant", "step_decay", "multi_step", "exponential", "inverse_time"),
    *("inverse_power", "polynomial", "linear", "cosine", "temperature"),
)
MOST = 100_000  # ticks that are looked at one by one
FAR = 2**60  # ticks: what has not halved by then never will


def half_life(plan: Plan, steps: int) -> float | None:
    """Return after how many ticks from its peak `plan` is at half of it, None if never.

    Between two ticks, where the curve has values there. Curves that climb again are
    looked at for `steps` updates, or to their end.
    """
    rate: Callable[[float], float] = plan.per_tick  # type: ignore[assignment]
    start, stop = _around(plan, steps)
    enough = rate(start) / 2 * (1 + 1e-12)
    if rate(start) == 0 or stop is None or rate(stop) > enough:
        return None
    found = begins(lambda tick: rate(tick) <= enough, float(start), float(stop)) - start
    return float(round(found)) if abs(found - round(found)) < 1e-6 else found


def _around(plan: Plan, steps: int) -> tuple[int, int | None]:
    """Return the tick of the highest rate, and one at which it has halved."""
    rate = plan.per_tick
    last = min(max(plan.end or 0, -(-steps // plan.every)), MOST)
    if plan.family in FALLING:
        start = plan.warmup_steps if plan.first_lr < plan.peak_lr else 0
        return start, plan.end or FAR
    rates = [rate(tick) for tick in range(last + 1)]
    start = rates.index(max(rates))
    after = range(start, last + 1)
    return start, next((t for t in after if rates[t] <= rates[start] / 2), None)
