"""The gradients of a network, checked by finite differences."""

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import ArrayLike

from lrcourse._arrays import Array, Params
from lrcourse._settings import require_choice, require_positive
from lrcourse.network.mlp import MLP


def numerical_grads(
    loss: Callable[[Params], float],
    params: Params,
    h: float = 1e-6,
    difference: str = "central",
) -> dict[str, Array]:
    """Return the slope of `loss` along every parameter, by finite differences.

    Two losses for each number: for checking `backward`, never for training. A "central"
    difference, ``(loss(w + h) - loss(w - h)) / 2h``, is off by ``h**2 / 6`` times the
    third derivative, a "forward" one, ``(loss(w + h) - loss(w)) / h``, by ``h / 2``
    times the second; both by about 1e-16 times the loss over h, from rounding.

    >>> loss = lambda params: float(params["w"] ** 2)
    >>> round(float(numerical_grads(loss, {"w": np.array(3.0)})["w"]), 6)
    6.0
    """
    require_positive(h=h)
    require_choice("difference", difference, ("central", "forward"))
    back = h if difference == "central" else 0.0
    grads = {}
    for name, w in params.items():
        slopes = np.zeros_like(w)
        for index in np.ndindex(w.shape):
            nudge = np.zeros_like(w)
            nudge[index] = 1.0
            up = loss({**params, name: w + h * nudge})
            down = loss({**params, name: w - back * nudge})
            slopes[index] = (up - down) / (h + back)
        grads[name] = slopes
    return grads


def gradient_error(
    network: MLP,
    params: Params,
    inputs: ArrayLike,
    targets: ArrayLike,
    h: float = 1e-5,
    difference: str = "central",
) -> dict[str, float]:
    """Return how far the gradient of each parameter is from its finite differences.

    Each a `relative_error`: 1e-7 and less is right, above 1e-2 wrong, between them
    often a kink, such as ReLU's, within `h` (Karpathy, CS231n, Gradient checks). By
    parameter, because one wrong bias hides among thousands of right weights. Eight
    examples are plenty.
    """
    _, grads = network.loss_and_grads(params, inputs, targets)
    slopes = numerical_grads(
        lambda moved: network.loss_and_grads(moved, inputs, targets)[0],
        params,
        h,
        difference,
    )
    return {name: relative_error(grads[name], slopes[name]) for name in grads}


def relative_error(a: Array | Params, b: Array | Params) -> float:
    """Return ``|a - b| / (|a| + |b|)``: 0 for equals, 1 for a zero or an opposite.

    The lengths are those of arrays, or of all arrays of a network as one vector; two
    zeros are equal. A gradient that is c times another is ``|c - 1| / (c + 1)`` off.

    >>> relative_error(np.array([3.0, 0.0]), np.array([1.0, 0.0]))
    0.5
    """
    a, b = _flat(a), _flat(b)
    length = float(np.linalg.norm(a) + np.linalg.norm(b))
    return float(np.linalg.norm(a - b)) / length if length else 0.0


def _flat(arrays: Array | Params) -> Array:
    """Return one vector, with the arrays of a network in the order of their names."""
    if isinstance(arrays, Mapping):
        return np.concatenate([np.ravel(arrays[name]) for name in sorted(arrays)])
    return np.ravel(arrays)
