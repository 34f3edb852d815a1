"""From schedules to learning rates: one column for each schedule at each peak."""

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import product
from numbers import Real
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lrcourse.schedules import Schedule

Rates = Schedule | Sequence[float]  # a function of the step, or the rates themselves
Schedules = Mapping[Any, Rates | Callable[[float], Rates]]


class Column(NamedTuple):
    """The rates of one schedule at one peak, (updates,), and its place in the grid."""

    place: int
    schedule: Any
    lr: float
    rates: NDArray[np.float64]


def updates(examples: int, batch_size: int, epochs: int = 1) -> int:
    """Return how many updates `epochs` passes over `examples` take.

    >>> updates(examples=1198, batch_size=64, epochs=30)
    570
    """
    return epochs * math.ceil(examples / batch_size)


def columns(
    schedules: Schedules, lrs: Sequence[float] | None, steps: int
) -> list[Column]:
    """Return the rates of `steps` updates for every schedule, at each of its `lrs`.

    ValueError if `lrs` is no row of rates, if a schedule is none, or if it has not one
    finite rate of zero or more for each update.
    """
    if not schedules:
        raise ValueError("schedules must name at least one schedule, got none")
    if lrs is None:
        rows = [(name, _rates(name, given, steps)) for name, given in schedules.items()]
        return [Column(i, name, float(r.max()), r) for i, (name, r) in enumerate(rows)]
    pairs = product(schedules.items(), _checked_lrs(lrs))
    return [
        Column(place, name, lr, _rates(name, _made(name, make, lr), steps))
        for place, ((name, make), lr) in enumerate(pairs)
    ]


def _checked_lrs(lrs: Sequence[float]) -> list[float]:
    row = np.asarray(lrs, dtype=np.float64)
    if row.ndim != 1 or not len(row) or not (np.isfinite(row) & (row > 0)).all():
        raise ValueError(
            "lrs must be a row of at least one learning rate, each positive and "
            f"finite, got {lrs!r}"
        )
    return [float(lr) for lr in row]


def _made(name: Any, make: Any, lr: float) -> Any:
    made = make(lr) if callable(make) else None
    if made is None or isinstance(made, Real):
        raise ValueError(
            f"schedules[{name!r}] must be a function that takes a peak rate and "
            f"returns a schedule, because lrs is given; got {make!r}"
        )
    return made


def _rates(name: Any, shape: Any, steps: int) -> NDArray[np.float64]:
    row = [shape(step) for step in range(steps)] if callable(shape) else shape
    try:
        rates = np.asarray(row, dtype=np.float64)
    except TypeError as error:
        raise ValueError(
            f"schedules[{name!r}] must return a rate for a step, got {row[0]!r}; "
            "if it takes a peak rate, give lrs"
        ) from error
    if rates.shape != (steps,):
        raise ValueError(
            f"schedules[{name!r}] must have one rate for each of {steps} updates, "
            f"got shape {rates.shape}: give a function of the step, or {steps} rates"
        )
    if not (np.isfinite(rates) & (rates >= 0)).all():
        wrong = int(np.argmin(np.isfinite(rates) & (rates >= 0)))
        raise ValueError(
            f"schedules[{name!r}] must be finite and not negative, "
            f"got {rates[wrong]} at step {wrong}"
        )
    return rates
