"""The multilayer perceptron in NumPy, and its parts.

- `mlp`: forward, loss and backward, written out
- `layers`: activations, first weights, batch normalisation
- `losses`: each with its gradient, and the accuracy
- `gradients`: checked by finite differences; `lengths`: theirs, from layer to layer
- `links`: the steps of the backward pass; `broken`: passes with one of them wrong;
  `columns`: a network that does not fit together, and its repairs

A ``ValueError`` names a setting that does not fit.
"""

from lrcourse.network.broken import broken
from lrcourse.network.columns import (
    REPAIRS,
    Mended,
    column_loss,
    column_params,
    mended,
)
from lrcourse.network.gradients import (
    gradient_error,
    numerical_grads,
    relative_error,
)
from lrcourse.network.layers import (
    batch_norm,
    batch_norm_backward,
    he_sd,
    running_moments,
    sigmoid,
    xavier_sd,
)
from lrcourse.network.lengths import gradient_ratio, layer_norms
from lrcourse.network.links import RIGHT_LINKS, Links
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
    "REPAIRS",
    "RIGHT_LINKS",
    "Links",
    "Mended",
    "accuracy",
    "batch_norm",
    "batch_norm_backward",
    "binary_cross_entropy",
    "broken",
    "column_loss",
    "column_params",
    "cross_entropy",
    "gradient_error",
    "gradient_ratio",
    "he_sd",
    "layer_norms",
    "log_softmax",
    "mean_squared_error",
    "mended",
    "numerical_grads",
    "relative_error",
    "running_moments",
    "sigmoid",
    "xavier_sd",
]
