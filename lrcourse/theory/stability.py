"""Which constant rates converge on a bowl, and how fast."""

import math

from numpy.typing import ArrayLike

from lrcourse._settings import (
    plain_numbers,
    require_divisors,
    require_finite,
    require_positive,
)
from lrcourse.theory.checks import curvatures


@plain_numbers
def max_stable_lr(hessian: ArrayLike) -> float:
    """Return the learning rate below which gradient descent converges on a bowl.

    It is ``2 / sharpness``: there the steepest direction is thrown to the other side,
    just as far out. `hessian` has shape (n, n), is symmetric, and all its eigenvalues
    are positive, else ValueError. LeCun et al., Efficient BackProp, 1998.

    >>> max_stable_lr([[1.0, 0.0], [0.0, 4.0]])
    0.5
    """
    return 2 / float(curvatures(hessian)[-1])


@plain_numbers
def best_constant_lr(hessian: ArrayLike) -> float:
    """Return the constant rate with which the worst direction shrinks fastest.

    There the flattest and the steepest direction shrink equally fast. `hessian` as
    for `max_stable_lr`. Polyak, Introduction to Optimization, 1987.

    >>> best_constant_lr([[1.0, 0.0], [0.0, 4.0]])
    0.4
    """
    values = curvatures(hessian)
    return 2 / float(values[0] + values[-1])


@plain_numbers
def best_constant_factor(condition_number: float) -> float:
    """Return the factor per step of the worst direction at `best_constant_lr`.

    It is ``(condition_number - 1) / (condition_number + 1)``; ``1 / sharpness`` as the
    rate gives ``1 - 1 / condition_number``, half as fast on a long bowl. ValueError
    unless `condition_number` is at least 1. Polyak, Introduction to Optimization, 1987.

    >>> best_constant_factor(4.0)
    0.6
    """
    require_divisors(condition_number=condition_number)
    return (condition_number - 1) / (condition_number + 1)


@plain_numbers
def steps_to_tolerance(
    lr: float, curvature: float, start: float, tolerance: float
) -> int:
    """Return after how many steps on ``0.5 * curvature * w**2`` ``|w| <= tolerance``.

    Gradient descent from `start`; zero if it is there already. Landing on `tolerance`
    exactly is close enough.

    Raises:
        ValueError: not ``0 < lr < 1 / curvature``, `tolerance` is not positive, or
            `start` not finite.

    >>> steps_to_tolerance(lr=0.5, curvature=1.0, start=8.0, tolerance=1.0)
    3
    """
    require_positive(lr=lr, curvature=curvature, tolerance=tolerance)
    require_finite(start=start)
    if lr * curvature >= 1:
        raise ValueError(f"lr * curvature must be below 1, got {lr * curvature}")
    if abs(start) <= tolerance:
        return 0
    fall = tolerance / abs(start)
    # log1p: below 1e-16 the factor itself rounds to 1
    factor = math.log1p(-lr * curvature)
    steps = math.log(fall) / factor
    nearest = max(round(steps), 1)
    if abs(steps - nearest) > 1e-15 * (nearest - 1 / factor):
        return math.ceil(steps)
    # the logarithms cannot tell whether the run lands exactly there: the product can
    landed = abs(start) * (1 - lr * curvature) ** nearest <= tolerance
    return nearest if landed else nearest + 1
