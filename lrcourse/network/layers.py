"""The parts of a network: activations, first weights, batch normalisation.

Examples are rows, features columns.
"""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from lrcourse._arrays import Array
from lrcourse._settings import require_counts, require_fractions

BATCH_NORM_EPS = 1e-5  # PyTorch's


class Activation(NamedTuple):
    """A function of each number, and its slope, told from the function's own value."""

    value: Callable[[Array], Array]
    slope: Callable[[Array], Array]


def sigmoid(z: Array) -> Array:
    """Return 1 / (1 + e^-z) for each number, right to rounding however large it is.

    NumPy has none, and checks of answers do without SciPy's ``expit``.

    >>> sigmoid(np.array([-1000.0, 0.0, 1000.0])).tolist()
    [0.0, 0.5, 1.0]
    """
    small = np.exp(-np.abs(z))
    return np.asarray(np.where(np.asarray(z) >= 0, 1.0, small) / (1 + small))


def he_sd(inputs: int, outputs: int) -> float:
    """Return the standard deviation that keeps a ReLU layer's signal at its size.

    He et al., 2015, equation 10; `outputs` plays no part.

    >>> he_sd(50, 10)
    0.2
    """
    require_counts(inputs=inputs, outputs=outputs)
    return math.sqrt(2 / inputs)


def xavier_sd(inputs: int, outputs: int) -> float:
    """Return the standard deviation between those for forward and backward signals.

    Glorot & Bengio, 2010, equation 12: for tanh, whose slope at zero is one.

    >>> xavier_sd(30, 20)
    0.2
    """
    require_counts(inputs=inputs, outputs=outputs)
    return math.sqrt(2 / (inputs + outputs))


class Normed(NamedTuple):
    """A normalised batch (examples, features), and the moments used, (1, features)."""

    values: Array
    mean: Array
    var: Array


def batch_norm(
    z: Array, scale: Array, shift: Array, moments: tuple[Array, Array] | None = None
) -> tuple[Array, Normed]:
    """Give each column of `z` mean zero and variance one, then `scale` and `shift`.

    In training, without `moments`, with the batch's own mean and variance (the mean
    square, divisor n); in evaluation with the running ones. `scale` and `shift` have
    shape (1, features). Ioffe & Szegedy, 2015, algorithm 1.

    Raises:
        ValueError: `z` is a batch of one, without `moments`: it would come out as
            zeros.
    """
    if moments is None:
        if len(z) < 2:
            raise ValueError(
                f"batch_norm needs at least 2 examples, got {len(z)}: "
                "evaluate with the running mean and variance instead"
            )
        moments = z.mean(axis=0, keepdims=True), z.var(axis=0, keepdims=True)
    mean, var = moments
    values = (z - mean) / np.sqrt(var + BATCH_NORM_EPS)
    return scale * values + shift, Normed(values, mean, var)


def batch_norm_backward(
    grad: Array, normed: Normed, scale: Array
) -> tuple[Array, Array, Array]:
    """Return the gradients for `z`, `scale` and `shift`, from that for the result.

    Each example moves the batch's mean and variance too; that is what the two
    subtracted means are.
    """
    values = normed.values
    grad_values = grad * scale
    grad_z = grad_values - grad_values.mean(axis=0)
    grad_z = grad_z - values * (grad_values * values).mean(axis=0)
    return (
        grad_z / np.sqrt(normed.var + BATCH_NORM_EPS),
        (grad * values).sum(axis=0, keepdims=True),
        grad.sum(axis=0, keepdims=True),
    )


def running_moments(
    mean: Array, var: Array, normed: Normed, momentum: float = 0.1
) -> tuple[Array, Array]:
    """Return the running mean and variance after one more batch.

    PyTorch's convention: `momentum` is the share of the new batch, and the variance
    that is averaged has the divisor n - 1, unlike the one that normalises.

    >>> batch = Normed(np.zeros((2, 1)), np.array([[10.0]]), np.array([[4.0]]))
    >>> mean, var = running_moments(np.zeros((1, 1)), np.ones((1, 1)), batch)
    >>> mean.item(), round(var.item(), 3)  # 0.9 * 1 + 0.1 * 4 * 2 / 1
    (1.0, 1.7)
    """
    require_fractions(momentum=momentum)
    examples = len(normed.values)
    unbiased = normed.var * examples / (examples - 1)
    return (
        (1 - momentum) * mean + momentum * normed.mean,
        (1 - momentum) * var + momentum * unbiased,
    )


ACTIVATIONS = {
    "relu": Activation(lambda z: np.maximum(z, 0), lambda a: (a > 0).astype(float)),
    "sigmoid": Activation(sigmoid, lambda a: a * (1 - a)),
    "tanh": Activation(np.tanh, lambda a: 1 - a**2),
}
SCHEMES = {"he": he_sd, "xavier": xavier_sd}
