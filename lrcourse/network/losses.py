"""Losses: functions ``(outputs, targets) -> (loss, gradient)``, and the accuracy.

Examples are rows; the loss is a mean over them, and the gradient is the one for the
outputs, of their shape.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from lrcourse._arrays import Array
from lrcourse.network.layers import sigmoid


def cross_entropy(outputs: Array, labels: ArrayLike) -> tuple[float, Array]:
    """Return the mean of ``-log softmax(outputs)[label]``, and its gradient.

    `outputs` has shape (examples, classes), `labels` are integers of shape
    (examples,), from 0 to classes - 1. In nats: two equal outputs cost log 2 = 0.693.

    Raises:
        ValueError: `labels` are something else, or there are none.

    >>> loss, grad = cross_entropy(np.array([[0.0, 0.0]]), [1])
    >>> round(loss, 3), grad.tolist()
    (0.693, [[0.5, -0.5]])
    """
    labels = np.asarray(labels)
    examples, classes = outputs.shape
    if labels.shape != (examples,) or labels.dtype.kind not in "iu" or not examples:
        raise ValueError(
            f"labels must be {examples} integers, at least one, one for each row of "
            f"outputs, got shape {labels.shape} of {labels.dtype}"
        )
    if labels.min() < 0 or labels.max() >= classes:
        raise ValueError(
            f"labels must be from 0 to {classes - 1} for {classes} outputs, "
            f"got {labels.min()} to {labels.max()}"
        )
    one_hot = np.eye(classes)[labels]
    log_p = log_softmax(outputs)
    loss = -(one_hot * log_p).sum() / examples
    return float(loss), (np.exp(log_p) - one_hot) / examples


def log_softmax(outputs: Array) -> Array:
    """Return the logarithms of the probabilities that each row of outputs stands for.

    The largest output is subtracted first, so that no exponential overflows.
    """
    shifted = outputs - outputs.max(axis=1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True)))


def binary_cross_entropy(outputs: Array, targets: ArrayLike) -> tuple[float, Array]:
    """Return the mean over all outputs of the loss of a yes or no, and its gradient.

    `outputs` are logits: the sigmoid is part of the loss. `targets` are of their shape
    and from 0 to 1. The loss ``-y log p - (1 - y) log(1 - p)`` is rewritten for ``z``
    so that neither logarithm ever meets a zero.

    Raises:
        ValueError: `targets` are something else, or there are none.

    >>> loss, grad = binary_cross_entropy(np.array([[-1000.0]]), [[1.0]])
    >>> loss, grad.tolist()
    (1000.0, [[-1.0]])
    """
    z, y = outputs, _targets_like(outputs, targets)
    if y.min() < 0 or y.max() > 1:
        raise ValueError(f"targets must be from 0 to 1, got {y.min()} to {y.max()}")
    loss = np.maximum(z, 0) - z * y + np.log1p(np.exp(-np.abs(z)))
    return float(loss.mean()), (sigmoid(z) - y) / z.size


def mean_squared_error(outputs: Array, targets: ArrayLike) -> tuple[float, Array]:
    """Return the mean over all outputs of all examples of the squared error.

    PyTorch's mean, without the one half of the textbooks; and its gradient. `targets`
    are finite and of the shape of `outputs`.

    Raises:
        ValueError: `targets` are something else, or there are none.

    >>> loss, grad = mean_squared_error(np.array([[1.0, 3.0]]), [[1.0, 1.0]])
    >>> loss, grad.tolist()
    (2.0, [[0.0, 2.0]])
    """
    error = outputs - _targets_like(outputs, targets)
    return float((error**2).mean()), 2 * error / error.size


def accuracy(outputs: Array, labels: ArrayLike) -> float:
    """Return the share of rows whose largest output is their label.

    A single output is a logit: above zero it says 1, else 0. `labels` are integers
    of shape (examples,).

    Raises:
        ValueError: `labels` have another shape.

    >>> accuracy(np.array([[0.1, 0.9], [0.8, 0.2]]), [1, 1])
    0.5
    """
    labels = np.asarray(labels)
    if labels.shape != outputs.shape[:1]:
        raise ValueError(
            f"labels must have shape {outputs.shape[:1]}, got {labels.shape}"
        )
    said = outputs.argmax(axis=1) if outputs.shape[1] > 1 else outputs[:, 0] > 0
    return float((said == labels).mean())


def _targets_like(outputs: Array, targets: ArrayLike) -> Array:
    targets = np.asarray(targets, dtype=np.float64)
    if targets.shape != outputs.shape or not targets.size:
        raise ValueError(
            f"targets must have the shape of the outputs, {outputs.shape}, and not be "
            f"empty, got shape {targets.shape}"
        )
    if not np.isfinite(targets).all():
        raise ValueError("targets must be finite")
    return targets


LOSSES: dict[str, Callable[[Array, ArrayLike], tuple[float, Array]]] = {
    "cross_entropy": cross_entropy,
    "binary_cross_entropy": binary_cross_entropy,
    "mean_squared_error": mean_squared_error,
}
