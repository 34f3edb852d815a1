"""Plans that several calls make: a line, a power, a cosine, an exponential."""

from lrcourse import schedules
from lrcourse.convert.plan import Plan


def line(first: float, last: float, steps: int) -> Plan:
    """Return the plan of a straight line that may rise."""
    if not steps:
        return Plan("constant", {"base_lr": last})
    if last >= first:
        return Plan("constant", {"base_lr": last}, steps, first)
    return Plan("linear", {"max_lr": first, "total_steps": steps, "min_lr": last})


def polynomial(first: float, last: float, steps: int, power: float) -> Plan:
    """Return the plan of a power that falls; of power 1, a line."""
    settings = {"max_lr": first, "total_steps": steps, "min_lr": last}
    if power == 1:
        return Plan("linear", settings)
    return Plan("polynomial", {**settings, "power": power})


def cosine(first: float, steps: int, last: float) -> Plan:
    """Return the plan of half a cosine."""
    settings = {"max_lr": first, "total_steps": steps, "min_lr": last}
    return Plan("cosine", settings)


def restarts(first: float, period: int, mult: float, last: float) -> Plan:
    """Return the plan of a cosine that restarts; its periods grow by whole numbers.

    Raises:
        ValueError: they do not.
    """
    if mult != int(mult):
        raise ValueError(f"periods must grow by a whole number, got {mult}")
    settings = {"max_lr": first, "first_period": period, "period_mult": int(mult)}
    return Plan("warm_restarts", {**settings, "min_lr": last})


def exponential(first: float, steps: float, rate: float, staircase: bool) -> Plan:
    """Return the plan of an exponential, or of the staircase on it.

    Raises:
        ValueError: a staircase of other than a whole number of steps.
    """
    if staircase:
        settings = {"base_lr": first, "gamma": rate, "period": whole(steps)}
        return Plan("step_decay", settings)
    gamma = schedules.gamma_from_rate(rate, steps)
    return Plan("exponential", {"base_lr": first, "gamma": gamma})


def whole(steps: float) -> int:
    """Return a number of steps as an integer.

    Raises:
        ValueError: it is none.
    """
    if steps != int(steps):
        raise ValueError(f"a staircase takes a whole number of steps, got {steps}")
    return int(steps)
