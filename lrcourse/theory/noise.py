"""Noisy gradients on a bowl: the floor of the loss, and the way down to it.

The gradient of ``0.5 * curvature * w**2`` comes with independent noise of mean zero
and standard deviation `noise`; the mean over a batch has ``noise / sqrt(batch_size)``.
Floors are losses, what a loss curve shows; the variance of w is ``2 * floor /
curvature``. In several directions the floors add up. The model is that of Zhang et
al., Which Algorithmic Choices Matter at Which Batch Sizes?, 2019.
"""

import math
from bisect import bisect_left

import numpy as np
from numpy.typing import ArrayLike

from lrcourse._arrays import Array
from lrcourse._settings import (
    plain_numbers,
    require_counts_or_zero,
    require_memory,
    require_nonnegative,
    require_positive,
)
from lrcourse.schedules import Schedule
from lrcourse.theory.checks import directions

MOST_STEPS = 2**60  # no run is as long


@plain_numbers
def noise_floor(lr: float, curvature: float, noise: float) -> float:
    """Return the expected loss at which gradient descent with a constant rate stays.

    ``lr * noise**2 / (2 * (2 - lr * curvature))``: about ``lr * noise**2 / 4`` at small
    rates, four times that where ``lr * curvature`` is 1.5. Exact: w is an
    autoregressive process of order one (Box & Jenkins, Time Series Analysis, 1970).

    Raises:
        ValueError: `lr` and `curvature` are not positive with a product below 2, or
            `noise` is below zero.

    >>> noise_floor(lr=0.5, curvature=2.0, noise=4.0)
    4.0
    """
    _require_floor(lr, 0.0, curvature, noise)
    return lr * noise**2 / (2 * (2 - lr * curvature))


@plain_numbers
def momentum_noise_floor(
    lr: float, momentum: float, curvature: float, noise: float
) -> float:
    """Return the expected loss at which heavy ball with a constant rate stays.

    For small rates that of `noise_floor` at ``effective_lr(lr, momentum)``: momentum
    by itself lowers no floor. Exact: w is an autoregressive process of order two (Box
    & Jenkins, Time Series Analysis, 1970).

    Raises:
        ValueError: `momentum` is not in [0, 1), or ``lr * curvature`` not below ``2 *
            (1 + momentum)``; the rest as for `noise_floor`.

    >>> momentum_noise_floor(lr=0.5, momentum=0.5, curvature=2.0, noise=4.0)
    6.0
    """
    _require_floor(lr, momentum, curvature, noise)
    room = 2 * (1 + momentum) - lr * curvature
    return lr * noise**2 * (1 + momentum) / (2 * (1 - momentum) * room)


@plain_numbers
def lr_for_noise_floor(floor: float, curvature: float, noise: float) -> float:
    """Return the constant rate whose `noise_floor` is `floor`.

    ValueError unless all three are positive.

    >>> lr_for_noise_floor(4.0, curvature=2.0, noise=4.0)
    0.5
    """
    require_positive(floor=floor, curvature=curvature, noise=noise)
    return 4 * floor / (noise**2 + 2 * floor * curvature)


@plain_numbers
def expected_loss(
    schedule: Schedule,
    curvature: ArrayLike,
    noise: ArrayLike,
    start: ArrayLike,
    steps: int,
) -> Array:
    """Return the expected loss before each of `steps` updates and after the last.

    Shape (steps + 1,), exact for every schedule: each update multiplies the mean of
    ``w**2`` by ``(1 - lr * curvature)**2``, which forgets `start`, and adds ``(lr *
    noise)**2``, which a smaller rate keeps small. `curvature`, `noise` and `start` are
    numbers, or have shape (n,) for n directions. ValueError unless curvatures are
    positive, noises zero or more, starts finite and `steps` is an integer, zero or
    more.

    >>> expected_loss(lambda step: 0.5, 1.0, noise=2.0, start=4.0, steps=2).tolist()
    [8.0, 2.5, 1.125]
    """
    require_counts_or_zero(steps=steps)
    steepness, spread, distance = directions(curvature, noise, start)
    square = distance**2
    losses = [steepness @ square / 2]
    for step in range(steps):
        lr = schedule(step)
        square = (1 - lr * steepness) ** 2 * square + (lr * spread) ** 2
        losses.append(steepness @ square / 2)
    return np.array(losses)


@plain_numbers
def steps_to_loss(
    loss: float, lr: float, curvature: ArrayLike, noise: ArrayLike, start: ArrayLike
) -> float:
    """Return after how many updates at a constant rate the expected loss is `loss`.

    Or below it, for the first time: an integer, zero if it is at the start, or
    ``math.inf`` if it never is, because the floor is higher. The best of several rates
    gives the updates that a batch needs whose noise is that of `batch_noise`.
    `curvature`, `noise` and `start` as for `expected_loss`; ValueError unless `loss`
    and `lr` are positive and ``lr * curvature`` is below 2 in all directions.

    >>> steps_to_loss(1.125, lr=0.5, curvature=1.0, noise=2.0, start=4.0)
    2
    >>> steps_to_loss(0.6, lr=0.5, curvature=1.0, noise=2.0, start=4.0)
    inf
    """
    require_positive(loss=loss, lr=lr)
    steepness, spread, distance = directions(curvature, noise, start)
    for curve, sd in zip(steepness.tolist(), spread.tolist(), strict=True):
        _require_floor(lr, 0.0, curve, sd)
    share = lr * steepness
    floors = lr * spread**2 / (2 * (2 - share))
    above = steepness * distance**2 / 2 - floors
    with np.errstate(divide="ignore"):  # a factor of zero forgets its start at once
        slow, fast = np.log1p(-np.minimum(share, 1)), np.log(abs(1 - share))
    logs = 2 * np.where(share < 1, slow, fast)
    return _first_below(loss * (1 + 1e-12), float(floors.sum()), above, logs)


def _first_below(goal: float, floor: float, above: Array, logs: Array) -> float:
    """Return the first integer t with ``floor + above @ exp(logs * t) <= goal``.

    What is above the floor falls, what is below it rises. So no later loss is lower
    than the rising part of now with the falling part of then: while that is too high,
    steps can be skipped.
    """
    falling, rising = np.maximum(above, 0), np.maximum(-above, 0)

    def left(part: Array, step: int) -> float:
        return float(part @ np.exp(logs * step)) if step else float(part.sum())

    step = 0
    while floor + left(falling, step) - left(rising, step) > goal:
        room = goal - floor + left(rising, step)
        if room <= 0 or step > MOST_STEPS:
            return math.inf
        low, high = step, step + 1
        while left(falling, high) > room and high <= MOST_STEPS:
            low, high = high, 2 * high
        later = range(low + 1, high + 1)
        enough = bisect_left(later, True, key=lambda t: left(falling, t) <= room)
        step = later[min(enough, len(later) - 1)]
    return step


@plain_numbers
def relaxation_steps(lr: float, curvature: float) -> float:
    """Return in how many steps what the loss has above its floor shrinks by e.

    For small rates ``1 / (2 * lr * curvature)``: a cut to a tenth lowers the floor to a
    tenth and makes the way there ten times as long.

    Raises:
        ValueError: not ``0 < lr < 1 / curvature``.

    >>> round(relaxation_steps(lr=0.001, curvature=5.0), 1)
    99.7
    """
    require_positive(lr=lr, curvature=curvature)
    if lr * curvature >= 1:
        raise ValueError(f"lr must be below 1 / curvature={1 / curvature}, got {lr}")
    return -1 / (2 * math.log1p(-lr * curvature))


def _require_floor(lr: float, momentum: float, curvature: float, noise: float) -> None:
    require_positive(lr=lr, curvature=curvature)
    require_nonnegative(noise=noise)
    require_memory(momentum=momentum)
    if lr * curvature >= 2 * (1 + momentum):
        raise ValueError(
            f"lr * curvature must be below {2 * (1 + momentum):g}, "
            f"got {lr * curvature}: the run diverges and has no floor"
        )
