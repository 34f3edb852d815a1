"""What a schedule is, and what several of them need."""

import math
import operator
import reprlib
from collections.abc import Callable, Iterable
from functools import wraps
from itertools import pairwise
from typing import TypeAlias

from lrcourse._settings import is_integer, require_nonnegative

Schedule: TypeAlias = Callable[[int], float]


def checked(formula: Schedule) -> Schedule:
    """Return `formula` as a schedule, which refuses what is no step.

    Every schedule of this package is made by it, so that a step is one thing in all of
    them. NumPy's integers arrive in `formula` as Python's.
    """

    @wraps(formula)
    def schedule(step: int) -> float:
        if type(step) is not int or step < 0:  # the common case costs no call
            step = _as_step(step)
        return formula(step)

    return schedule


def _as_step(step: object) -> int:
    """Return `step` as an int.

    Raises:
        ValueError: it is no integer, or negative: say -1, 0.5, True, an array of steps,
            or a value that a compiler traces.
    """
    try:
        number = -1 if isinstance(step, bool) else operator.index(step)  # type: ignore[arg-type]
    except TypeError:
        number = -1
    if number < 0:
        raise ValueError(
            "a step is the number of updates done, an integer, zero or more, "
            f"got {reprlib.repr(step)}; for many steps at once, and for compiled code, "
            "make a table: lrcourse.schedules.table(schedule, steps)"
        )
    return number


def half_cosine(first: float, last: float, progress: float) -> float:
    """Go from `first` at progress 0 to `last` at progress 1 along half a cosine."""
    return last + (first - last) * (1 + math.cos(math.pi * progress)) / 2


def require_lr_range(min_lr: float, max_lr: float) -> None:
    """Refuse what is no learning rate, and a floor above its ceiling."""
    require_nonnegative(max_lr=max_lr, min_lr=min_lr)
    if min_lr > max_lr:
        raise ValueError(f"min_lr must be at most max_lr={max_lr}, got {min_lr}")


def require_schedule(name: str, schedule: object) -> None:
    """Refuse what cannot be asked for the rate of a step."""
    if not callable(schedule):
        raise ValueError(
            f"{name} must be a function from step to learning rate, got {schedule!r}"
        )


def rising(name: str, values: Iterable[int]) -> tuple[int, ...]:
    """Return `values` as a tuple: a caller may change a list that a schedule keeps."""
    steps = tuple(values) if isinstance(values, Iterable) else (values,)
    integers = isinstance(values, Iterable) and all(map(is_integer, steps))
    if not (integers and all(a < b for a, b in pairwise((0, *steps)))):
        raise ValueError(
            f"{name} must be positive integers in rising order, got {values!r}"
        )
    return steps
