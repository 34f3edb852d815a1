"""The links of the backward pass, each the chain rule for one kind of step.

`MLP.backward` is a chain of these and computes nothing else. So a pass with one link
wrong needs no loop of its own:
``replace(net, links=RIGHT_LINKS._replace(bias=lambda grad: 0 * bias_link(grad)))``.

Operators only, and the last two axes: the same text serves arrays, tensors, and a batch
of members.
"""

from collections.abc import Callable
from typing import NamedTuple

from lrcourse._arrays import AnyArray


def outputs_link(grad: AnyArray) -> AnyArray:
    """Return the gradient for the outputs: the loss's own, a mean over examples."""
    return grad


def weight_link(a: AnyArray, grad: AnyArray) -> AnyArray:
    """Return the gradient for W, from that for the sums ``a @ W``."""
    return a.mT @ grad


def bias_link(grad: AnyArray) -> AnyArray:
    """Return the gradient for b, from that for the sums: b is added to every example.

    Shape (1, units).
    """
    return grad.sum(axis=-2, keepdims=True)


def inputs_link(grad: AnyArray, w: AnyArray) -> AnyArray:
    """Return the gradient for a, from that for the sums ``a @ W``."""
    return grad @ w.mT


def activation_link(grad: AnyArray, slope: AnyArray) -> AnyArray:
    """Return the gradient for the sums z, from that for the activations ``f(z)``.

    `slope` is f's slope at z.
    """
    return grad * slope


class Links(NamedTuple):
    """One function for each kind of step, named by what its result is for.

    Arrays have the examples as rows; `grad` is the gradient of the loss for what the
    step gave.
    """

    outputs: Callable[[AnyArray], AnyArray] = outputs_link
    weight: Callable[[AnyArray, AnyArray], AnyArray] = weight_link
    bias: Callable[[AnyArray], AnyArray] = bias_link
    inputs: Callable[[AnyArray, AnyArray], AnyArray] = inputs_link
    activation: Callable[[AnyArray, AnyArray], AnyArray] = activation_link


RIGHT_LINKS = Links()
