"""Networks of many members: one call computes them all.

A *member* is one training. ``params[name]`` has shape (members, ...), one network for
each. Inputs have shape (groups, examples, ...): the members of a group stand side by
side and share theirs. Outputs have shape (members, examples, outputs).

In memory the examples come last: matrix products with a short last axis (ten classes)
take three times as long, so a product is computed as the transpose of its transpose.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from lrcourse import network
from lrcourse.sweep.losses import Loss

Tensors = dict[str, Tensor]


class Model(ABC):
    """What a sweep needs of a network; one of your own needs `init` and `outputs`."""

    @abstractmethod
    def init(self, seed: int) -> dict[str, NDArray[Any]]:
        """Return the first parameters of one member, without the axis of members."""

    @abstractmethod
    def outputs(self, params: Tensors, inputs: Tensor) -> Tensor:
        """Return what all members make of their inputs."""

    def losses_and_grads(
        self, params: Tensors, inputs: Tensor, targets: Tensor, loss: Loss
    ) -> tuple[Tensor, Tensors]:
        """Return the losses, (members,), and their gradients, by automatic derivation.

        No member's loss depends on another's parameters, so one backward pass from
        the slopes at all outputs gives every member its own gradient.
        """
        with torch.inference_mode(False), torch.enable_grad():
            leaves = {name: w.clone().requires_grad_() for name, w in params.items()}
            outputs = self.outputs(leaves, inputs.clone())
            losses, slopes = loss(outputs.detach(), targets)
            grads = torch.autograd.grad(outputs, list(leaves.values()), slopes)
        return losses, dict(zip(leaves, grads, strict=True))


def first_params(
    model: Model, seeds: Sequence[int], copies: int, like: Tensor
) -> Tensors:
    """Return first parameters, (seeds * copies, ...), of the kind of `like`.

    Matrices are stored by columns, as `dense` wants them.
    """
    each = [model.init(seed) for seed in seeds]
    params = {}
    for name in each[0]:
        stacked = torch.from_numpy(np.stack([init[name] for init in each]))
        w = stacked.to(like).repeat_interleave(copies, 0)
        params[name] = w.mT.contiguous().mT if w.ndim > 2 else w
    return params


def dense(inputs: Tensor, w: Tensor, b: Tensor) -> Tensor:
    """Return ``inputs @ w + b`` for all members, those of a group in one product.

    `inputs` (groups, examples, inputs), `w` (members, inputs, outputs), `b`
    (members, 1, outputs).
    """
    members, features, outputs = w.shape
    stacked = w.mT.reshape(inputs.shape[0], -1, features)
    return torch.bmm(stacked, inputs.mT).view(members, outputs, -1).add_(b.mT).mT


def dense_grads(inputs: Tensor, grad: Tensor) -> tuple[Tensor, Tensor]:
    """Return the gradients for `w` and `b` of `dense`, given that for its result."""
    members, examples, outputs = grad.shape
    stacked = grad.mT.reshape(inputs.shape[0], -1, examples)
    w = torch.bmm(stacked, inputs).view(members, outputs, -1).mT
    return w, grad.sum(1, keepdim=True)


@dataclass(frozen=True)
class MLP(Model):
    """The multilayer perceptron of room `network`: its names, shapes, first weights.

    `activation` is relu, tanh or sigmoid; `scheme` is "he", "xavier" or the standard
    deviation of the first weights. Its backward pass is written out, as there: that is
    a third faster than automatic derivation.
    """

    sizes: tuple[int, ...]
    activation: str = "relu"
    scheme: str | float = "he"

    def __post_init__(self) -> None:
        self.init(0)  # refuses what it does not know

    def init(self, seed: int) -> dict[str, NDArray[Any]]:
        return dict(network.MLP(self.sizes, self.activation).init(seed, self.scheme))

    def outputs(self, params: Tensors, inputs: Tensor) -> Tensor:
        return self._forward(params, inputs)[-1]

    def losses_and_grads(
        self, params: Tensors, inputs: Tensor, targets: Tensor, loss: Loss
    ) -> tuple[Tensor, Tensors]:
        *values, outputs = self._forward(params, inputs)
        losses, grad = loss(outputs, targets)
        grads = {}
        for layer in reversed(range(1, len(self.sizes))):
            w, b, a = f"W{layer}", f"b{layer}", values[layer - 1]
            grads[w], grads[b] = dense_grads(a, grad)
            if layer > 1:
                slope = ACTIVATIONS[self.activation][1](a)
                grad = torch.bmm(params[w], grad.mT).mul_(slope.mT).mT
        return losses, grads

    def _forward(self, params: Tensors, inputs: Tensor) -> list[Tensor]:
        """Return the inputs of every layer, and the outputs of the last."""
        values = [inputs]
        last = len(self.sizes) - 1
        for layer, _ in enumerate(pairwise(self.sizes), start=1):
            z = dense(values[-1], params[f"W{layer}"], params[f"b{layer}"])
            values.append(z if layer == last else ACTIVATIONS[self.activation][0](z))
        return values


# each in place, on sums that nobody else needs; the slope is told from the value
ACTIVATIONS: dict[str, tuple[Callable[[Tensor], Tensor], Callable[[Tensor], Tensor]]]
ACTIVATIONS = {
    "relu": (torch.relu_, torch.sign),
    "sigmoid": (torch.sigmoid_, lambda a: a * (1 - a)),
    "tanh": (torch.tanh_, lambda a: 1 - a**2),
}
