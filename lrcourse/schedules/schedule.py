"""What a schedule is, and what several of them need."""

import math
from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import TypeAlias

from lrcourse._settings import is_integer, require_nonnegative

Schedule: TypeAlias = Callable[[int], float]


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
