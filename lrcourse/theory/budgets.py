"""What a schedule spends: the sum of its learning rates, and how far that carries."""

import math

import numpy as np

from lrcourse._settings import (
    plain_numbers,
    require_counts,
    require_counts_or_zero,
    require_nonnegative,
    require_positive,
    require_shares,
)
from lrcourse.schedules import Schedule, table


@plain_numbers
def budget(schedule: Schedule, steps: int) -> float:
    """Return the sum of the learning rates of the first `steps` updates.

    ValueError unless `steps` is an integer, zero or more.

    >>> budget(lambda step: 8 - step, steps=2)
    15.0
    """
    require_counts_or_zero(steps=steps)
    return math.fsum(table(schedule, steps))


@plain_numbers
def exponential_budget(base_lr: float, gamma: float) -> float:
    """Return the sum of all rates of an endless exponential decay.

    Where gradients do not grow, no run travels further than this times the first one.
    ValueError unless `base_lr` is zero or more and `gamma` above 0 and below 1.

    >>> exponential_budget(0.5, gamma=0.5)
    1.0
    """
    require_nonnegative(base_lr=base_lr)
    require_shares(gamma=gamma)
    return base_lr / (1 - gamma)


@plain_numbers
def cosine_budget(
    max_lr: float, total_steps: int, min_lr: float = 0.0, periods: int = 1
) -> float:
    """Return the sum of the rates of `total_steps` updates under a cosine.

    Exact, and the same for every curve whose values at `step` and at ``total_steps -
    step`` add up to ``max_lr + min_lr``: the straight line spends as much. Warm
    restarts that fill the steps with whole `periods`, of whatever lengths, spend
    ``(max_lr - min_lr) / 2`` more for each restart, because each starts at `max_lr`
    and none reaches `min_lr`.

    Raises:
        ValueError: not ``0 <= min_lr <= max_lr``, or not ``1 <= periods <=
            total_steps``.

    >>> cosine_budget(1.0, total_steps=700)
    350.5
    >>> cosine_budget(1.0, total_steps=700, periods=3)  # 100, 200 and 400 steps
    351.5
    """
    require_nonnegative(max_lr=max_lr, min_lr=min_lr)
    require_counts(total_steps=total_steps, periods=periods)
    if min_lr > max_lr:
        raise ValueError(f"min_lr must be at most max_lr={max_lr}, got {min_lr}")
    if periods > total_steps:
        raise ValueError(f"periods must be at most {total_steps}, got {periods}")
    return ((total_steps + periods) * max_lr + (total_steps - periods) * min_lr) / 2


@plain_numbers
def distance_left(schedule: Schedule, curvature: float, steps: int) -> float:
    """Return the share of its distance from the minimum that a run still has to go.

    Gradient descent on ``0.5 * curvature * w**2`` after `steps` updates: the product
    of ``1 - lr * curvature``, negative where the run stands on the other side. While
    no factor is negative it is at most ``exp(-curvature * budget)``, and not much
    less when the rates are small: a schedule whose budget is finite stops on the way.
    Weight decay is such a curvature, around zero: with ``curvature=weight_decay``
    this is the share of the weights that decoupled decay (Loshchilov & Hutter,
    Decoupled Weight Decay Regularization, 2019) has left. ValueError unless
    `curvature` is positive and `steps` an integer, zero or more.

    >>> distance_left(lambda step: 0.5, curvature=1.0, steps=3)
    0.125
    """
    require_positive(curvature=curvature)
    require_counts_or_zero(steps=steps)
    return float(np.prod(1 - table(schedule, steps) * curvature))
