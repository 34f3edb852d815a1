"""Where something begins to hold, by halving."""

from collections.abc import Callable

HALVINGS = 200  # of an interval: as many as a float has room for, and more


def begins(holds: Callable[[float], bool], low: float, high: float) -> float:
    """Return from where on `holds` is true, if it is true at `high` and changes once.

    The next smaller float is where it is false, or `low`. It may jump: no slope is
    asked for, and a root finder, which stops on either side of a jump, would not do.

    >>> begins(lambda x: x * x >= 2, 0.0, 2.0)
    1.4142135623730951
    """
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        if not low < middle < high:
            break
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high
