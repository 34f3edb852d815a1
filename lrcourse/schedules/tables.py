"""A schedule as a table of its rates, for arrays of steps and for compiled code.

A schedule answers for one step at a time. A table has the answers for all updates of a
training: index it with an array of steps, hand it to a sweep, or to another framework
with `schedules.keras.keras_schedule` and `schedules.optax.optax_schedule`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrcourse._settings import require_counts_or_zero
from lrcourse.schedules.schedule import Schedule, require_schedule

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from lrcourse._arrays import Array


def table(schedule: Schedule, steps: int) -> Array:
    """Return the rates of the first `steps` updates, float64 of shape (steps,).

    >>> from lrcourse.schedules import linear
    >>> table(linear(6.0, total_steps=3), steps=5)
    array([6., 4., 2., 0., 0.])

    Raises:
        ValueError: `schedule` is no function of a step, or returns something other than
            real numbers; `steps` is no integer, zero or more.
    """
    import numpy as np  # here, because schedules themselves do without NumPy

    require_schedule("schedule", schedule)
    require_counts_or_zero(steps=steps)
    rates = [schedule(step) for step in range(steps)]
    try:
        return np.array([float(rate) for rate in rates], dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError(
            f"schedule must return one real number for each step, got {rates[:3]} for "
            "the first ones"
        ) from error


def checked_table(rates: ArrayLike) -> Array:
    """Return `rates` as a table: finite, zero or more, of shape (steps,), steps > 0.

    Raises:
        ValueError: they are no such table.
    """
    import numpy as np  # here, as above

    array = np.asarray(rates, dtype=np.float64)
    rates_only = (np.isfinite(array) & (array >= 0)).all()
    if array.ndim != 1 or not array.size or not rates_only:
        raise ValueError(
            "table must hold learning rates, finite and not negative, of shape "
            f"(steps,), got {array!r}: make one with lrcourse.schedules.table"
        )
    return array
