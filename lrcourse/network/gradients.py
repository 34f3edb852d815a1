"""What is done to the gradients of a network: measured, clipped, checked."""

import math
from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Params = Mapping[str, Array]


def global_norm(grads: Params) -> float:
    """Return the length of all gradients taken as one vector.

    >>> global_norm({"W1": np.array([[3.0]]), "b1": np.array([[4.0]])})
    5.0
    """
    return math.sqrt(sum(float((grad**2).sum()) for grad in grads.values()))


def clip_by_global_norm(grads: Params, max_norm: float) -> dict[str, Array]:
    """Shrink all gradients by one factor where their length is above `max_norm`.

    Their direction stays. As in PyTorch's ``clip_grad_norm_``, 1e-6 is added to the
    length, so the result ends shorter than `max_norm` by that share. Pascanu et al.,
    2013, algorithm 1.

    >>> clip_by_global_norm({"W1": np.array([3.0, 4.0])}, max_norm=10)["W1"].tolist()
    [3.0, 4.0]
    """
    if not max_norm > 0:
        raise ValueError(f"max_norm must be positive, got {max_norm}")
    factor = np.minimum(1, max_norm / (global_norm(grads) + 1e-6))
    return {name: factor * grad for name, grad in grads.items()}


def numerical_grads(
    loss: Callable[[Params], float], params: Params, h: float = 1e-6
) -> dict[str, Array]:
    """Return the slope of `loss` along every parameter, by central differences.

    Two losses for each number: for checking `backward`, never for training.

    >>> loss = lambda params: float(params["w"] ** 2)
    >>> round(float(numerical_grads(loss, {"w": np.array(3.0)})["w"]), 6)
    6.0
    """
    grads = {}
    for name, w in params.items():
        slopes = np.zeros_like(w)
        for index in np.ndindex(w.shape):
            nudge = np.zeros_like(w)
            nudge[index] = h
            up, down = (
                loss({**params, name: w + nudge}),
                loss({**params, name: w - nudge}),
            )
            slopes[index] = (up - down) / (2 * h)
        grads[name] = slopes
    return grads
