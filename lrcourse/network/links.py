"""The links of the backward pass, each the chain rule for one kind of step.

`MLP.backward` is a chain of these and computes nothing else. So a pass with one link
wrong needs no loop of its own:
``replace(net, links=RIGHT_LINKS._replace(bias=lambda grad: 0 * bias_link(grad)))``.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from lrcourse._arrays import Array


def outputs_link(grad: Array) -> Array:
    """Return the gradient for the outputs: the loss's own, a mean over examples."""
    return grad


def weight_link(a: Array, grad: Array) -> Array:
    """Return the gradient for W, from that for the sums ``a @ W``."""
    return a.T @ grad


def bias_link(grad: Array) -> Array:
    """Return the gradient for b, from that for the sums: b is added to every example.

    Shape (1, units).
    """
    return np.asarray(grad.sum(axis=0, keepdims=True))


def inputs_link(grad: Array, w: Array) -> Array:
    """Return the gradient for a, from that for the sums ``a @ W``."""
    return grad @ w.T


def activation_link(grad: Array, slope: Array) -> Array:
    """Return the gradient for the sums z, from that for the activations ``f(z)``.

    `slope` is f's slope at z.
    """
    return grad * slope


class Links(NamedTuple):
    """One function for each kind of step, named by what its result is for.

    Arrays have the examples as rows; `grad` is the gradient of the loss for what the
    step gave.
    """

    outputs: Callable[[Array], Array] = outputs_link
    weight: Callable[[Array, Array], Array] = weight_link
    bias: Callable[[Array], Array] = bias_link
    inputs: Callable[[Array, Array], Array] = inputs_link
    activation: Callable[[Array, Array], Array] = activation_link


RIGHT_LINKS = Links()
