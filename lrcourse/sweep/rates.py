"""From schedules to learning rates: one column for each schedule at each peak."""

import inspect
import math
from collections.abc import Callable, Mapping, Sequence
from itertools import product
from numbers import Real
from typing import Any, NamedTuple

import numpy as np

from lrcourse._arrays import Array
from lrcourse._settings import require_counts, require_counts_or_zero
from lrcourse.schedules import Schedule
from lrcourse.schedules.feedback import FeedbackRule

# a function of the step, the rates themselves, or a rule that looks at a metric
GivenRates = Schedule | Sequence[float] | FeedbackRule[Any]
Schedules = Mapping[Any, GivenRates | Callable[..., GivenRates]]
Peaks = Sequence[float] | Mapping[int, Sequence[float]]


class Column(NamedTuple):
    """The rates of one schedule at one peak, (updates,), and its place in the grid.

    Where a `feedback` rule makes the rates while it trains, these are its first one.
    """

    place: int
    schedule: Any
    lr: float
    rates: Array
    feedback: FeedbackRule[Any] | None = None


def updates(examples: int, batch_size: int, epochs: int = 1) -> int:
    """Return how many updates `epochs` passes over `examples` take.

    >>> updates(examples=1198, batch_size=64, epochs=30)
    570

    Raises:
        ValueError: One of them is no count.
    """
    require_counts(examples=examples, batch_size=batch_size)
    require_counts_or_zero(epochs=epochs)
    return epochs * math.ceil(examples / batch_size)


def columns(
    schedules: Schedules, lrs: Sequence[float] | None, steps: int
) -> list[Column]:
    """Return the rates of `steps` updates for every schedule, at each of its `lrs`.

    Raises:
        ValueError: `lrs` is no row of rates, a schedule is none, or it has not one
            finite rate of zero or more for each update.
    """
    if not schedules:
        raise ValueError("schedules must name at least one schedule, got none")
    if lrs is None:
        return [
            _column(place, name, None, given, steps)
            for place, (name, given) in enumerate(schedules.items())
        ]
    pairs = product(schedules.items(), _checked_lrs(lrs))
    return [
        _column(place, name, lr, _made(name, make, lr, steps), steps)
        for place, ((name, make), lr) in enumerate(pairs)
    ]


def peaks(lrs: Peaks | None, batch_sizes: Sequence[int], size: int) -> Any:
    """Return the row of `lrs` for batches of `size`, which may have one of their own.

    Raises:
        ValueError: `lrs` has rows, but not one for each of `batch_sizes`.
    """
    if not isinstance(lrs, Mapping):
        return lrs
    if set(lrs) != set(batch_sizes):
        raise ValueError(
            f"lrs must have a row for each batch_size in {list(batch_sizes)}, or one "
            f"for all, got rows for {list(lrs)}"
        )
    return lrs[size]


def require_rate(name: Any, lr: Any, when: str) -> None:
    """Refuse what is no finite rate of zero or more; `when` says where it stands.

    Raises:
        ValueError: It is refused.
    """
    if not (math.isfinite(lr) and lr >= 0):
        raise ValueError(
            f"schedules[{name!r}] must be finite and not negative, got {lr} {when}"
        )


def _column(place: int, name: Any, lr: float | None, shape: Any, steps: int) -> Column:
    if _looks_at_a_metric(shape):
        first = _first_rate(name, shape)
        rates = np.full(steps, first)
        return Column(place, name, first if lr is None else lr, rates, shape)
    rates = _rates(name, shape, steps)
    return Column(place, name, float(rates.max()) if lr is None else lr, rates)


def _checked_lrs(lrs: Sequence[float]) -> list[float]:
    row = np.asarray(lrs, dtype=np.float64)
    if row.ndim != 1 or not len(row) or not (np.isfinite(row) & (row > 0)).all():
        raise ValueError(
            "lrs must be a row of at least one learning rate, each positive and "
            f"finite, got {lrs!r}"
        )
    return [float(lr) for lr in row]


def _made(name: Any, make: Any, lr: float, steps: int) -> Any:
    made = None
    if callable(make):
        made = make(lr, total_steps=steps) if _takes_steps(make) else make(lr)
    if made is None or isinstance(made, Real):
        raise ValueError(
            f"schedules[{name!r}] must be a function that takes a peak rate and "
            f"returns a schedule, because lrs is given; got {make!r}"
        )
    return made


def _takes_steps(make: Callable[..., Any]) -> bool:
    """Say whether `make` needs to know how many updates there are."""
    try:
        parameters = inspect.signature(make).parameters
    except ValueError:  # some functions written in C have none
        return False
    given = parameters.get("total_steps")
    return given is not None and given.default is given.empty


def _looks_at_a_metric(shape: Any) -> bool:
    made = not isinstance(shape, type)
    return made and hasattr(shape, "init") and hasattr(shape, "step")


def _first_rate(name: Any, rule: FeedbackRule[Any]) -> float:
    try:
        lr = float(rule.init().lr)
    except (TypeError, AttributeError) as error:
        raise ValueError(
            f"schedules[{name!r}] must be a schedule, its rates, or a rule that looks "
            f"at a metric, such as ReduceOnPlateau, got {rule!r}"
        ) from error
    require_rate(name, lr, "at the start")
    return lr


def _rates(name: Any, shape: Any, steps: int) -> Array:
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
        require_rate(name, rates[wrong], f"at step {wrong}")
    return rates
