"""Adam's first steps, and how long AdamW remembers."""

import math

import numpy as np
from numpy.typing import ArrayLike

from lrcourse._arrays import Array
from lrcourse._settings import (
    plain_numbers,
    require_counts,
    require_memory,
    require_nonnegative,
    require_positive,
)


@plain_numbers
def adam_first_step(grad: ArrayLike, lr: float, eps: float = 1e-8) -> Array:
    """Return what Adam's first update subtracts: `lr` with the sign of the gradient.

    Far above `eps`, every weight moves by `lr`, whatever its gradient and both betas;
    where the gradient is zero, by nothing.
    So does L2 decay inside Adam: with ``grad = weight_decay * w`` the weights move by
    `lr` towards zero whatever the `weight_decay`, while AdamW takes ``lr *
    weight_decay * w`` (Loshchilov & Hutter, Decoupled Weight Decay Regularization,
    2019). Same shape as `grad`; ValueError unless `lr` is positive and `eps` zero or
    more. Kingma & Ba, Adam, 2015, section 2.1.

    >>> adam_first_step([1e-3, -500.0], lr=0.5, eps=0.0).tolist()
    [0.5, -0.5]
    """
    require_positive(lr=lr)
    require_nonnegative(eps=eps)
    gradient = np.asarray(grad, dtype=float)
    size = abs(gradient) + eps
    step: Array = lr * np.divide(gradient, size, out=0 * size, where=size > 0)
    return step


@plain_numbers
def uncorrected_adam_step(
    updates: int, beta1: float = 0.9, beta2: float = 0.999
) -> float:
    """Return how long update number `updates` is without bias correction, in rates.

    The first has number 1. Under a steady gradient far above eps, where the corrected
    one is 1 throughout: ``(1 - beta1**updates) / sqrt(1 - beta2**updates)``. With the
    usual betas 3.2 at first, most at the twelfth, 6.6, and still 1.3 after a thousand.
    ValueError unless `updates` is a positive integer and both betas are in [0, 1).
    Kingma & Ba, Adam, 2015, section 3.

    >>> uncorrected_adam_step(1, beta1=0.5, beta2=0.75)
    1.0
    """
    require_counts(updates=updates)
    require_memory(beta1=beta1, beta2=beta2)
    return (1 - beta1**updates) / math.sqrt(1 - beta2**updates)


@plain_numbers
def decay_memory(lr: float, weight_decay: float) -> float:
    """Return in how many steps AdamW's decay leaves about 1 / e of an update.

    ``1 / (lr * weight_decay)``: the weights are a moving average of the updates over
    so many steps, and halving the rate doubles it. Steps, not epochs. ValueError
    unless both are positive. Wang & Aitchison, How to set AdamW's weight decay as you
    scale model and dataset size, 2024.

    >>> decay_memory(lr=0.25, weight_decay=0.5)
    8.0
    """
    require_positive(lr=lr, weight_decay=weight_decay)
    return 1 / (lr * weight_decay)
