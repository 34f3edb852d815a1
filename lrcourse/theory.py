"""Closed forms that the chapters check their runs against."""

import math

import numpy as np

from lrcourse.problems import Array
from lrcourse.schedules import Schedule


def half_life_exponential(gamma: float) -> float:
    """Return after how many steps ``gamma**step`` is one half.

    >>> half_life_exponential(0.25)
    0.5
    """
    return math.log(2) / -math.log(gamma)


def half_life_inverse_power(k: float, power: float) -> float:
    """Return after how many steps ``(1 + k * step) ** -power`` is one half.

    >>> half_life_inverse_power(k=0.1, power=1)
    10.0
    """
    return (2 ** (1 / power) - 1) / k


def half_life_polynomial(total_steps: int, power: float) -> float:
    """Return after how many steps ``(1 - step / total_steps) ** power`` is one half.

    >>> half_life_polynomial(total_steps=10, power=1)
    5.0
    """
    return total_steps * (1 - 2 ** (-1 / power))


def halving_steps(schedule: Schedule, count: int, last_step: int) -> list[int]:
    """Return the first steps at which `schedule` is at 1/2, 1/4, ... of its start.

    At most `count` of them, and none beyond `last_step`.

    >>> halving_steps(lambda step: 8 - step, count=3, last_step=8)
    [4, 6, 7]
    """
    first_lr = schedule(0)
    shares = [schedule(step) / first_lr for step in range(last_step + 1)]
    halvings = (
        next((step for step, share in enumerate(shares) if share <= goal), None)
        for goal in (2.0**-n * (1 + 1e-12) for n in range(1, count + 1))
    )
    return [step for step in halvings if step is not None]


def budget(schedule: Schedule, steps: int) -> float:
    """Return the sum of the learning rates of the first `steps` updates.

    >>> budget(lambda step: 8 - step, steps=2)
    15.0
    """
    return math.fsum(schedule(step) for step in range(steps))


def exponential_budget(base_lr: float, gamma: float) -> float:
    """Return the sum of all rates of an endless exponential decay.

    Where gradients do not grow, no run travels further than this times the first one.

    >>> exponential_budget(0.5, gamma=0.5)
    1.0
    """
    return base_lr / (1 - gamma)


def max_stable_lr(hessian: Array) -> float:
    """Return the learning rate below which gradient descent converges on a bowl.

    It is ``2 / sharpness``: there the steepest direction is thrown to the other side,
    just as far out. `hessian` has shape (n, n), is symmetric, and all its eigenvalues
    are positive, else ValueError. LeCun et al., Efficient BackProp, 1998.

    >>> max_stable_lr(np.diag([1.0, 4.0]))
    0.5
    """
    return 2 / float(_curvatures(hessian)[-1])


def best_constant_lr(hessian: Array) -> float:
    """Return the constant rate with which the worst direction shrinks fastest.

    There the flattest and the steepest direction shrink equally fast. `hessian` as
    for `max_stable_lr`. Polyak, Introduction to Optimization, 1987.

    >>> best_constant_lr(np.diag([1.0, 4.0]))
    0.4
    """
    curvatures = _curvatures(hessian)
    return 2 / float(curvatures[0] + curvatures[-1])


def steps_to_tolerance(
    lr: float, curvature: float, start: float, tolerance: float
) -> int:
    """Return after how many steps on ``0.5 * curvature * w**2`` ``|w| <= tolerance``.

    Gradient descent from `start`; zero if it is there already. ValueError unless
    ``0 < lr < 1 / curvature`` and `tolerance` is positive.

    >>> steps_to_tolerance(lr=0.5, curvature=1.0, start=8.0, tolerance=1.0)
    3
    """
    if not (0 < lr < math.inf and 0 < curvature < math.inf and lr * curvature < 1):
        raise ValueError(
            "lr and curvature must be positive with lr * curvature below 1, "
            f"got {lr} and {curvature}"
        )
    if not (0 < tolerance < math.inf and math.isfinite(start)):
        raise ValueError(
            "tolerance must be positive, start finite, "
            f"got tolerance={tolerance} and start={start}"
        )
    if abs(start) <= tolerance:
        return 0
    # log1p: below 1e-16 the factor itself rounds to 1
    return math.ceil(math.log(tolerance / abs(start)) / math.log1p(-lr * curvature))


def _curvatures(hessian: Array) -> Array:
    """Return the eigenvalues of `hessian`, the smallest first."""
    matrix = np.asarray(hessian, dtype=float)
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or not matrix.size:
        raise ValueError(f"hessian must be a square matrix, got shape {matrix.shape}")
    if not (np.isfinite(matrix).all() and np.allclose(matrix, matrix.T)):
        raise ValueError("hessian must be finite and symmetric")
    curvatures: Array = np.linalg.eigvalsh(matrix)
    if curvatures[0] <= 0:
        raise ValueError(f"all eigenvalues must be positive, got {curvatures}")
    return curvatures
