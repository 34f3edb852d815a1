"""How long gradients are from layer to layer."""

import numpy as np

from lrcourse._arrays import Array, Params


def layer_norms(grads: Params) -> Array:
    """Return the length of the gradient of each layer's weights, (layers,).

    From the first layer to the last, `grads` having ``W1, ..., WL`` in any order; other
    arrays, such as biases, do not count. A length is the root of the sum of squares.

    Raises:
        ValueError: one of ``W1, ..., WL`` is missing, or there are none.

    >>> grads = {"W2": np.array([[6.0], [8.0]]), "W1": np.array([[3.0, 4.0]])}
    >>> layer_norms(grads).tolist()
    [5.0, 10.0]
    """
    count = sum(name.startswith("W") for name in grads)
    names = [f"W{layer}" for layer in range(1, count + 1)]
    if not names or any(name not in grads for name in names):
        raise ValueError(f"grads must have W1, W2 and so on, got {', '.join(grads)}")
    return np.array([np.linalg.norm(grads[name]) for name in names])


def gradient_ratio(grads: Params) -> float:
    """Return the length of the first weights' gradient over the last hidden ones'.

    Below 1 gradients vanish on their way from the outputs to the inputs, above 1 they
    explode. The output layer, the last of `grads`, is left out: no activation follows
    it.

    Raises:
        ValueError: there are fewer than three layers, or as for `layer_norms`.

    >>> gradient_ratio({"W1": np.ones((2, 2)), "W2": np.ones(1), "W3": np.zeros(1)})
    2.0
    """
    lengths = layer_norms(grads)
    if len(lengths) < 3:
        raise ValueError(
            f"grads must be of two hidden layers or more, got {len(lengths)} layers"
        )
    return float(lengths[0] / lengths[-2])
