"""The gradients of a network, checked by finite differences."""

from collections.abc import Callable

import numpy as np

from lrcourse._arrays import Array, Params


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
