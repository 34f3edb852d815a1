"""What a schedule is, and what several of them need."""

import math
import operator
import reprlib
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import wraps
from itertools import pairwise
from numbers import Integral, Real
from typing import Any, TypeAlias

from lrcourse._settings import is_integer, require_nonnegative

Schedule: TypeAlias = Callable[[int], float]


def checked(formula: Callable[[Any], float]) -> Schedule:
    """Return `formula` as a schedule, which refuses what is no step.

    Every schedule of this package is made by it, so that a step is one thing in all of
    them. NumPy's numbers arrive in `formula` as Python's.

    Raises:
        ValueError: from the schedule, where it is asked for something else.
    """

    @wraps(formula)
    def schedule(step: int) -> float:
        if type(step) is int and step >= 0:  # the common case costs no further call
            return formula(step)
        return formula(_as_step(step))

    return schedule


def _as_step(step: object) -> float:
    """Return `step` as an int, or between two updates as a float.

    Raises:
        ValueError: it is negative, no number, or more than one: say -1, nan, True, an
            array of steps, or a value that a compiler traces.
    """
    number: float = -1
    if isinstance(step, Real) and not isinstance(step, Integral):
        number = float(step)
    elif not isinstance(step, bool):
        with suppress(TypeError):
            number = operator.index(step)  # type: ignore[arg-type]
    if 0 <= number < math.inf:
        return number
    raise ValueError(
        "a step is one number, zero or more, of the updates done so far, got "
        f"{reprlib.repr(step)}; for many steps at once, and for compiled code, make a "
        "table: lrcourse.schedules.table(schedule, steps)"
    )


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
    """Return `values` as a tuple: a caller may change a list that a schedule keeps.

    Raises:
        ValueError: they are no positive integers in rising order.
    """
    steps = tuple(values) if isinstance(values, Iterable) else (values,)
    integers = isinstance(values, Iterable) and all(map(is_integer, steps))
    if not (integers and all(a < b for a, b in pairwise((0, *steps)))):
        raise ValueError(
            f"{name} must be positive integers in rising order, got {values!r}"
        )
    return steps
