"""The multilayer perceptron in NumPy, and its parts.

- `mlp`: forward, loss and backward, written out
- `layers`: activations, first weights, batch normalisation
- `losses`: each with its gradient, and the accuracy
- `gradients`: checked by finite differences
"""

from lrcourse.network.gradients import numerical_grads
from lrcourse.network.layers import (
    batch_norm,
    batch_norm_backward,
    he_sd,
    running_moments,
    xavier_sd,
)
from lrcourse.network.losses import (
    accuracy,
    binary_cross_entropy,
    cross_entropy,
    log_softmax,
    mean_squared_error,
)
from lrcourse.network.mlp import MLP

__all__ = [
    "MLP",
    "accuracy",
    "batch_norm",
    "batch_norm_backward",
    "binary_cross_entropy",
    "cross_entropy",
    "he_sd",
    "log_softmax",
    "mean_squared_error",
    "numerical_grads",
    "running_moments",
    "xavier_sd",
]
