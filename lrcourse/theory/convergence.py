"""How close a decay comes: endless ones in the limit, those with an end at the end."""

import math

import numpy as np

from lrcourse._settings import (
    plain_numbers,
    require_counts,
    require_nonnegative,
    require_positive,
)
from lrcourse.schedules import Schedule, linear, table
from lrcourse.theory.checks import require_each


@plain_numbers
def satisfies_robbins_monro(power: float) -> bool:
    """Tell whether rates that fall as ``step ** -power`` travel far and still settle.

    Far: their sum is infinite, so that no start is out of reach; that takes a `power`
    of at most 1. Settle: the sum of their squares is finite, and with it all the noise
    ever let in; that takes a `power` above 1/2. ValueError unless `power` is zero or
    more. Robbins & Monro, A Stochastic Approximation Method, 1951.

    >>> [satisfies_robbins_monro(power) for power in (0, 0.5, 0.51, 1, 1.01)]
    [False, False, True, True, False]
    """
    require_nonnegative(power=power)
    return 0.5 < power <= 1


@plain_numbers
def inverse_time_exponent(base_lr: float, k: float, curvature: float) -> float:
    """Return with which power of the step ``inverse_time(base_lr, k)`` lowers the loss.

    The rates are about ``(base_lr / k) / step``, the expected loss on a noisy bowl
    falls as ``step ** -exponent``: as ``1 / step`` where ``base_lr / k`` is above
    ``1 / (2 * curvature)``, and more slowly below, because the start is not forgotten
    faster than that. At that value itself a factor ``log(step)`` remains. ValueError
    unless all three are positive. Chung, On a Stochastic Approximation Method, 1954.

    >>> inverse_time_exponent(base_lr=0.5, k=1.0, curvature=0.5)
    0.5
    """
    require_positive(base_lr=base_lr, k=k, curvature=curvature)
    return min(1.0, 2 * base_lr / k * curvature)


@plain_numbers
def loss_exponent(base_lr: float, power: float, curvature: float) -> float:
    """Return with which power of the step ``base_lr * step**-power`` lowers the loss.

    In the long run, on a noisy bowl, where the expected loss falls as ``step **
    -exponent``. Rates that fall more slowly than ``1 / step`` are followed by the floor
    of the moment, so the loss falls as they do. At ``1 / step`` see
    `inverse_time_exponent`. Faster, and the run stops short: 0. ValueError unless
    `base_lr` and `curvature` are positive and `power` is zero or more. Chung, On a
    Stochastic Approximation Method, 1954.

    >>> [loss_exponent(0.25, power, curvature=1.0) for power in (0, 0.75, 1, 1.5)]
    [0.0, 0.75, 0.5, 0.0]
    """
    require_positive(base_lr=base_lr, curvature=curvature)
    require_nonnegative(power=power)
    if power == 1:
        return inverse_time_exponent(base_lr, 1.0, curvature)
    return float(power) if power < 1 else 0.0


@plain_numbers
def inverse_time_loss(
    base_lr: float, k: float, curvature: float, noise: float, step: int
) -> float:
    """Return the expected loss late in a run with ``inverse_time(base_lr, k)``.

    On ``0.5 * curvature * w**2`` with gradient noise of standard deviation `noise`;
    up to terms that fall faster than ``1 / step``. Lowest where ``base_lr / k`` is
    ``1 / curvature``. Chung, On a Stochastic Approximation Method, 1954.

    Raises:
        ValueError: an argument is not positive, or ``base_lr / k`` not above
            ``1 / (2 * curvature)``: there see `inverse_time_exponent`.

    >>> inverse_time_loss(base_lr=1.0, k=1.0, curvature=1.0, noise=4.0, step=100)
    0.08
    """
    require_positive(base_lr=base_lr, k=k, curvature=curvature, noise=noise)
    require_counts(step=step)
    scale = base_lr / k
    if 2 * scale * curvature <= 1:
        raise ValueError(
            f"base_lr / k must be above 1 / (2 * curvature) = {1 / (2 * curvature)}, "
            f"got {scale}"
        )
    return curvature * (scale * noise) ** 2 / (2 * (2 * scale * curvature - 1) * step)


@plain_numbers
def last_iterate_bound(
    schedule: Schedule, steps: int, distance: float, gradient_bound: float
) -> float:
    """Return what the loss after `steps` updates is at most above the minimum.

    For (sub)gradient descent on any convex loss, from a start at most `distance` away
    from the minimum, with gradients no longer than `gradient_bound`; with noisy
    gradients, in expectation. A sum of ``distance**2 / (2 * sum(rates))``, which
    shrinks as the rates grow, and a term that grows with them and that only decay
    keeps free of a logarithm. The theorem weighs the last point by one rate that no
    update uses: here the last one again. ValueError unless `steps` is a positive
    integer, no rate negative, and the last one, `distance` and `gradient_bound`
    positive. Defazio et al., Optimal Linear Decay Learning Rate Schedules and Further
    Refinements, 2023, theorem 10; Schaipp et al., The Surprising Agreement Between
    Convex Optimization Theory and Learning-Rate Scheduling for Large Model Training,
    2025, theorem 1.

    >>> last_iterate_bound(lambda step: 0.5, 1, distance=1.0, gradient_bound=1.0)
    1.0
    """
    travel, wobble = _bound_terms(schedule, steps, distance, gradient_bound)
    return travel + wobble


@plain_numbers
def best_base_lr(
    shape: Schedule, steps: int, distance: float, gradient_bound: float
) -> float:
    """Return the factor for `shape` that makes its `last_iterate_bound` smallest.

    For a schedule that is 1 at its peak this is the best peak; it falls about as ``1 /
    sqrt(steps)``. Arguments and source as for `last_iterate_bound`.

    >>> best_base_lr(lambda step: 1.0, 1, distance=1.0, gradient_bound=1.0)
    0.5
    """
    travel, wobble = _bound_terms(shape, steps, distance, gradient_bound)
    return math.sqrt(travel / wobble)


@plain_numbers
def optimal_linear_decay(
    steps: int, distance: float, gradient_bound: float
) -> Schedule:
    """Return the schedule with the best worst case of all: a straight line to zero.

    Arguments as for `last_iterate_bound`; its loss after `steps` updates is at most
    `optimal_bound` above the minimum. Defazio et al., Optimal Linear Decay Learning
    Rate Schedules and Further Refinements, 2023.

    >>> optimal_linear_decay(3, distance=8.0, gradient_bound=1.0)(0)
    3.0
    """
    max_lr = optimal_bound(steps, distance, gradient_bound) / gradient_bound**2
    return linear(max_lr * steps / (steps + 1), steps)


@plain_numbers
def optimal_bound(steps: int, distance: float, gradient_bound: float) -> float:
    """Return the gap to the minimum that `steps` updates can promise and no less.

    ``distance * gradient_bound / sqrt(steps + 1)``: some convex loss keeps every
    schedule from doing better, and `optimal_linear_decay` never does worse.
    `last_iterate_bound` holds for all schedules and gives the line about twice this.
    Arguments as there. Defazio et al., Optimal Linear Decay Learning Rate Schedules
    and Further Refinements, 2023.

    >>> optimal_bound(3, distance=8.0, gradient_bound=1.0)
    4.0
    """
    require_counts(steps=steps)
    require_positive(distance=distance, gradient_bound=gradient_bound)
    return distance * gradient_bound / math.sqrt(steps + 1)


def _bound_terms(
    schedule: Schedule, steps: int, distance: float, gradient_bound: float
) -> tuple[float, float]:
    """Return the part of the bound that falls with the rates, and the one that grows.

    With r the rates and one more, sums from an index to the end:
    ``distance**2 / (2 * sum(r))``, and ``gradient_bound**2 / 2`` times
    ``sum(r**2) / sum(r)`` of all plus, for each update, its rate over the sum of the
    later ones times ``sum(r**2) / sum(r)`` from it on.
    """
    require_counts(steps=steps)
    require_positive(distance=distance, gradient_bound=gradient_bound)
    lrs = table(schedule, steps)
    require_each(require_nonnegative, rates=lrs)
    require_positive(last_rate=lrs[-1])
    rates = np.append(lrs, lrs[-1])
    sums, squares = np.cumsum(rates[::-1])[::-1], np.cumsum(rates[::-1] ** 2)[::-1]
    means = squares / sums
    wobble = means[0] + np.sum(rates[:-1] / sums[1:] * means[:-1])
    return distance**2 / (2 * float(sums[0])), gradient_bound**2 * float(wobble) / 2
