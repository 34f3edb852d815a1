"""Decay as averaging: schedules whose last point is a mean of an undecayed run's.

Exact where the gradients are the same along both runs: on a linear loss, whatever the
noise. Sandler et al., Training trajectories, mini-batch losses and the curious role of
the learning rate, 2023.
"""

import numpy as np
from numpy.typing import ArrayLike

from lrcourse._arrays import Array
from lrcourse._settings import (
    plain_numbers,
    require_counts,
    require_nonnegative,
    require_positive,
    require_shares,
)
from lrcourse.schedules import Schedule, table
from lrcourse.schedules.schedule import checked
from lrcourse.theory.checks import finite_vector


@plain_numbers
def averaging_weights(schedule: Schedule, steps: int) -> Array:
    """Return the weights with which the last point of `schedule` is an average.

    Shape (steps,), summing to one: they average the points after update 1, 2, ... of a
    run that stays at the rate ``schedule(0)``. Each is the fall of the rate at the
    following step, in shares of the first rate, with a fall to zero after the last:
    the line of `linear` averages all points equally, a cooldown averages those from
    its start on, a warmup has negative weights. ValueError unless ``schedule(0)`` is
    positive and `steps` a positive integer.

    >>> averaging_weights(lambda step: 1 - step / 4, steps=4).tolist()
    [0.25, 0.25, 0.25, 0.25]
    """
    require_counts(steps=steps)
    rates = np.append(table(schedule, steps), 0.0)
    require_positive(first_lr=rates[0])
    weights: Array = -np.diff(rates) / rates[0]
    return weights


@plain_numbers
def schedule_of_average(base_lr: float, weights: ArrayLike) -> Schedule:
    """Return the schedule whose last point is the average of a run at `base_lr`.

    `weights` has shape (steps,): those of the points after update 1, 2, ...; what is
    missing to a sum of one is the weight of the start. A gradient enters all points
    after it, so its rate is `base_lr` times the sum of their weights; after the last,
    zero. ValueError unless `base_lr` is zero or more and `weights` are finite.

    >>> schedule = schedule_of_average(8.0, weights=[0.0, 0.5, 0.5])
    >>> [schedule(step) for step in range(4)]
    [8.0, 8.0, 4.0, 0.0]
    """
    require_nonnegative(base_lr=base_lr)
    later = np.append(np.cumsum(finite_vector("weights", weights)[::-1])[::-1], 0.0)
    return checked(lambda step: base_lr * float(later[min(step, len(later) - 1)]))


@plain_numbers
def ema_schedule(base_lr: float, decay: float, total_steps: int) -> Schedule:
    """Return the schedule whose last point is the moving average of a run at `base_lr`.

    ``base_lr * (1 - decay ** (total_steps - step))``, then zero. The average begins at
    the start of the run and after each update is ``decay * average + (1 - decay) *
    w``. ValueError unless `base_lr` is zero or more, `decay` above 0 and below 1 and
    `total_steps` a positive integer.

    >>> schedule = ema_schedule(8.0, decay=0.5, total_steps=3)
    >>> [schedule(step) for step in range(5)]
    [7.0, 6.0, 4.0, 0.0, 0.0]
    """
    require_nonnegative(base_lr=base_lr)
    require_shares(decay=decay)
    require_counts(total_steps=total_steps)
    return checked(
        lambda step: float(base_lr * (1 - decay ** max(total_steps - step, 0)))
    )
