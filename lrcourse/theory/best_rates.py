"""The best schedule on a noisy bowl: for the end, and step by step.

The bowl is that of room `noise`: curvatures, noises and starts by direction. One rate
serves all directions, which is why the two schedules differ.
"""

import math
from collections.abc import Sequence

from numpy.typing import ArrayLike

from lrcourse._arrays import Array
from lrcourse._settings import plain_numbers, require, require_counts, require_positive
from lrcourse.schedules import Schedule
from lrcourse.schedules.schedule import checked
from lrcourse.theory.checks import directions

SWEEPS, LITTLE = (
    1000,
    1e-13,
)  # at most so many, as long as the loss falls by such a share


@plain_numbers
def greedy_schedule(
    curvature: ArrayLike,
    noise: ArrayLike,
    start: ArrayLike,
    steps: int,
    max_lr: float = math.inf,
) -> Schedule:
    """Return the schedule whose rates each make the loss after their update smallest.

    With v the mean of ``w**2``, h the curvature and s the noise by direction, the rate
    is ``sum(h**2 * v) / sum(h * (h**2 * v + s**2))``, at most `max_lr`. In a single
    direction nothing is better: ``1 / lr`` grows by h at each step, and the loss left
    is half of ``s**2`` times the last rate. In several the steep ones rule: the rate
    falls before the flat ones have gone far. Past the end the last rate holds.
    Arguments as for `expected_loss`; ValueError also unless `steps` is a positive
    integer and `max_lr` positive. Wu et al., Understanding Short-Horizon Bias in
    Stochastic Meta-Optimization, 2018, section 2.

    >>> schedule = greedy_schedule(1.0, noise=2.0, start=2.0, steps=3)
    >>> [round(1 / schedule(step), 12) for step in range(3)]
    [2.0, 3.0, 4.0]
    """
    bowl = directions(curvature, noise, start)
    require_counts(steps=steps)
    require("positive", lambda value: value > 0, max_lr=max_lr)
    return _holding(_greedy(bowl, steps, max_lr))


@plain_numbers
def best_schedule(
    curvature: ArrayLike, noise: ArrayLike, start: ArrayLike, steps: int, max_lr: float
) -> Schedule:
    """Return the schedule with the smallest expected loss after `steps` updates.

    No rate is above `max_lr`. The loss is a parabola in each rate; rate by rate, over
    and over, each is put at the lowest point of its own, until nothing is gained: no
    single rate can be bettered then. The search starts from `max_lr` throughout and
    from `greedy_schedule`, and the better end counts. Past the end the last rate
    holds. Arguments as for `greedy_schedule`; ValueError also unless `max_lr` is
    finite. The model is that of Zhang et al., Which Algorithmic Choices Matter at
    Which Batch Sizes?, 2019.

    >>> schedule = best_schedule([1.0, 0.01], [1.0, 0.1], [1.0, 10.0], 50, max_lr=1.5)
    >>> [round(schedule(step), 2) for step in (0, 30, 45, 49)]
    [1.5, 1.5, 0.13, 0.09]
    """
    bowl = directions(curvature, noise, start)
    require_counts(steps=steps)
    require_positive(max_lr=max_lr)
    starts = ([max_lr] * steps, _greedy(bowl, steps, max_lr))
    ends = [_by_turns(bowl, rates, max_lr) for rates in starts]
    return _holding(min(ends, key=lambda rates: _loss_left(bowl, rates)))


Bowl = tuple[Array, Array, Array]


def _by_turns(bowl: Bowl, rates: Sequence[float], max_lr: float) -> list[float]:
    """Better each rate in turn, given all others, until the loss stays."""
    rates, loss = list(rates), _loss_left(bowl, rates)
    for _ in range(SWEEPS):
        weights = _later_weights(bowl, rates)
        square = bowl[2] ** 2
        for step, weight in enumerate(weights):
            rates[step] = _best_rate(bowl, square, weight, max_lr)
            square = _after(bowl, square, rates[step])
        before, loss = loss, _loss_left(bowl, rates)
        if not before - loss > LITTLE * before:
            break
    return rates


def _greedy(bowl: Bowl, steps: int, max_lr: float) -> list[float]:
    square, rates = bowl[2] ** 2, []
    for _ in range(steps):
        rates.append(_best_rate(bowl, square, bowl[0], max_lr))
        square = _after(bowl, square, rates[-1])
    return rates


def _best_rate(bowl: Bowl, square: Array, weight: Array, max_lr: float) -> float:
    """Return the rate after whose update ``weight @ square`` is smallest."""
    curvature, noise, _ = bowl
    bend = float(weight @ (curvature**2 * square + noise**2))
    slope = float((weight * curvature) @ square)
    return min(slope / bend, max_lr) if bend > 0 else 0.0


def _later_weights(bowl: Bowl, rates: Sequence[float]) -> list[Array]:
    """Return what the square after each update counts in the end, up to a factor."""
    weight, weights = bowl[0], []
    for lr in reversed(rates):
        weights.append(weight)
        weight = weight * (1 - lr * bowl[0]) ** 2
        weight = weight / (weight.max() or 1.0)  # or it would vanish in a long run
    return weights[::-1]


def _after(bowl: Bowl, square: Array, lr: float) -> Array:
    curvature, noise, _ = bowl
    left: Array = (1 - lr * curvature) ** 2 * square + (lr * noise) ** 2
    return left


def _loss_left(bowl: Bowl, rates: Sequence[float]) -> float:
    square = bowl[2] ** 2
    for lr in rates:
        square = _after(bowl, square, lr)
    return float(bowl[0] @ square) / 2


def _holding(rates: Sequence[float]) -> Schedule:
    return checked(lambda step: rates[min(step, len(rates) - 1)])
