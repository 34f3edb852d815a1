"""Networks of many members: one call computes them all.

A *member* is one training. ``params[name]`` has shape (members, ...), one network for
each. Inputs have shape (groups, examples, ...): the members of a group stand side by
side and share theirs. Outputs have shape (members, examples, outputs).

In memory the examples come last: matrix products with a short last axis (ten classes)
take three times as long, so a product is computed as the transpose of its transpose.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from lrcourse.sweep.losses import Loss

Tensors = dict[str, Tensor]


class Model(ABC):
    """What a sweep needs of a network; one of your own needs `init` and `outputs`.

    `outputs` are those of evaluation. A model that does something else in training, or
    keeps numbers that no gradient moves, writes `losses_and_grads` itself: that may
    change such numbers in `params`, in place, and returns no gradients for them.
    """

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


def product(inputs: Tensor, w: Tensor) -> Tensor:
    """Return ``inputs @ w`` for all members, those of a group in one product.

    `inputs` (groups, examples, inputs), `w` (members, inputs, outputs).
    """
    members, features, outputs = w.shape
    stacked = w.mT.reshape(inputs.shape[0], -1, features)
    return torch.bmm(stacked, inputs.mT).view(members, outputs, -1).mT


def product_grads(inputs: Tensor, grad: Tensor) -> Tensor:
    """Return the gradients for `w` of `product`, given those for its result."""
    members, examples, outputs = grad.shape
    stacked = grad.mT.reshape(inputs.shape[0], -1, examples)
    return torch.bmm(stacked, inputs).view(members, outputs, -1).mT


def dense(inputs: Tensor, w: Tensor, b: Tensor) -> Tensor:
    """Return ``inputs @ w + b`` for all members, `b` of shape (members, 1, outputs)."""
    return product(inputs, w).add_(b)
