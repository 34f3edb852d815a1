"""Momentum on a bowl: its limit, its best setting, and what a cut of the rate does.

All but `step_after_cut` is about heavy ball in the form of `lrcourse.optimizers.SGD`
and PyTorch: ``velocity = momentum * velocity + grad``, ``w = w - lr * velocity``.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lrcourse._settings import (
    plain_numbers,
    require_memory,
    require_nonnegative,
    require_positive,
)
from lrcourse.theory.checks import curvatures, require_each


@plain_numbers
def max_stable_lr_momentum(
    hessian: ArrayLike, momentum: float, nesterov: bool = False
) -> float:
    """Return the learning rate below which heavy ball converges on a bowl.

    It is ``2 * (1 + momentum) / sharpness``, at momentum 0.9 almost twice the limit of
    plain gradient descent. `nesterov` momentum divides that by ``1 + 2 * momentum``: at
    0.9 it has two thirds of the plain limit. `hessian` as for `max_stable_lr`;
    ValueError unless `momentum` is in [0, 1). Polyak, Introduction to Optimization,
    1987.

    >>> max_stable_lr_momentum([[1.0, 0.0], [0.0, 4.0]], momentum=0.5)
    0.75
    >>> max_stable_lr_momentum([[1.0, 0.0], [0.0, 4.0]], momentum=0.5, nesterov=True)
    0.375
    """
    require_memory(momentum=momentum)
    shrunk = 1 + 2 * momentum if nesterov else 1.0
    return 2 * (1 + momentum) / shrunk / float(curvatures(hessian)[-1])


class HeavyBall(NamedTuple):
    """A setting of heavy ball, and the `factor` by which it shrinks the distance."""

    lr: float
    momentum: float
    factor: float


@plain_numbers
def heavy_ball_optimum(hessian: ArrayLike) -> HeavyBall:
    """Return the constant rate and momentum that shrink the worst direction fastest.

    With m and L the smallest and the largest curvature, ``4 / (sqrt(L) + sqrt(m))**2``
    and the square of ``(sqrt(L) - sqrt(m)) / (sqrt(L) + sqrt(m))``, which itself is
    the factor per step: what `best_constant_factor` would be on a bowl with the square
    root of this one's condition number. It is the factor of the long run: for the
    first steps the distance may grow. `hessian` as for `max_stable_lr`. Polyak, Some
    Methods of Speeding Up the Convergence of Iteration Methods, 1964.

    >>> heavy_ball_optimum([[1.0, 0.0], [0.0, 9.0]])
    HeavyBall(lr=0.25, momentum=0.25, factor=0.5)
    """
    values = curvatures(hessian)
    flat, steep = math.sqrt(values[0]), math.sqrt(values[-1])
    factor = (steep - flat) / (steep + flat)
    return HeavyBall(4 / (steep + flat) ** 2, factor**2, factor)


@plain_numbers
def heavy_ball_factor(
    hessian: ArrayLike, lr: ArrayLike, momentum: float
) -> NDArray[np.float64]:
    """Return what heavy ball leaves per update of the worst direction, for each `lr`.

    The larger size of the roots of ``z**2 - (1 + momentum - lr * h) z + momentum``,
    for the curvature h where it is largest; ``sqrt(momentum)`` where the roots are
    complex. It is the factor of the long run, of the shape of `lr`. `hessian` as for
    `max_stable_lr`; ValueError unless `momentum` is in [0, 1) and `lr` not negative.
    Polyak, Introduction to Optimization, 1987.

    >>> heavy_ball_factor([[1.0, 0.0], [0.0, 9.0]], [0.0, 0.25], momentum=0.25)
    array([1. , 0.5])
    """
    require_memory(momentum=momentum)
    require_each(require_nonnegative, lr=lr)
    steps = np.multiply.outer(np.asarray(lr, dtype=float), curvatures(hessian))
    middle = 1 + momentum - steps
    apart = np.sqrt(np.maximum(middle**2 - 4 * momentum, 0))
    sizes = np.maximum((np.abs(middle) + apart) / 2, math.sqrt(momentum))
    return np.asarray(sizes.max(axis=-1))


@plain_numbers
def effective_lr(lr: float, momentum: float) -> float:
    """Return the rate without momentum that moves the weights as far in the long run.

    ``lr / (1 - momentum)``: under a steady gradient the velocity grows to
    ``grad / (1 - momentum)``. Where gradients change within ``1 / (1 - momentum)``
    steps, the two runs differ. ValueError unless `lr` is positive and `momentum` in
    [0, 1).

    >>> effective_lr(0.5, momentum=0.75)
    2.0
    """
    require_positive(lr=lr)
    require_memory(momentum=momentum)
    return lr / (1 - momentum)


class AfterCut(NamedTuple):
    """The first step after a cut of the rate, as a share of the last one before it."""

    pytorch: float
    keras: float


@plain_numbers
def step_after_cut(factor: float, momentum: float) -> AfterCut:
    """Return how the two forms of momentum react when the rate is cut to `factor`.

    PyTorch and Optax sum gradients and multiply by the rate afterwards: the cut acts at
    once. Keras sums updates, ``velocity = momentum * velocity - lr * grad``: the old
    rate coasts on in the velocity. The two are one and the same while the rate stays.
    For a steady gradient that has lasted. ValueError unless `factor` is positive and
    `momentum` in [0, 1).

    >>> step_after_cut(0.25, momentum=0.5)
    AfterCut(pytorch=0.25, keras=0.625)
    """
    require_positive(factor=factor)
    require_memory(momentum=momentum)
    return AfterCut(factor, momentum + (1 - momentum) * factor)
