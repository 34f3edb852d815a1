"""The perceptron of many members, its backward pass made of the links of a `network`.

So a pass with a wrong link is trained at many rates and from many seeds at once.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from numpy.typing import NDArray
from torch import Tensor

from lrcourse import network
from lrcourse.sweep.losses import Loss
from lrcourse.sweep.models import Model, Tensors, dense


@dataclass(frozen=True)
class Linked(Model):
    """The network `net`, member by member, with the links that it has, right or wrong.

    `scheme` is that of its first weights. Of its settings `loss` is the sweep's affair,
    and batch normalisation is not among the links.

    Raises:
        ValueError: `net` has batch normalisation, or `scheme` is none.
    """

    net: network.MLP
    scheme: str | float = "he"

    def __post_init__(self) -> None:
        if self.net.batch_norm:
            raise ValueError("net must have no batch_norm: no link is broken there")
        self.init(0)  # refuses a scheme it does not know

    def init(self, seed: int) -> dict[str, NDArray[Any]]:
        return self.net.init(seed, self.scheme)

    def outputs(self, params: Tensors, inputs: Tensor) -> Tensor:
        return self._forward(params, inputs)[-1]

    def losses_and_grads(
        self, params: Tensors, inputs: Tensor, targets: Tensor, loss: Loss
    ) -> tuple[Tensor, Tensors]:
        """Return the losses, (members,), and the gradients that the links make."""
        *values, outputs = self._forward(params, inputs)
        losses, slopes = loss(outputs, targets)
        links, slope = self.net.links, ACTIVATIONS[self.net.activation][1]
        grad, grads = links.outputs(slopes), {}
        for layer in reversed(range(1, len(self.net.sizes))):
            a, w = values[layer - 1], params[f"W{layer}"]
            grads[f"b{layer}"] = links.bias(grad)
            grads[f"W{layer}"] = links.weight(a, grad)
            if layer > 1:
                grad = links.activation(links.inputs(grad, w), slope(a))
        return losses, grads

    def _forward(self, params: Tensors, inputs: Tensor) -> list[Tensor]:
        """Return the inputs of every layer, (members, ...), and the outputs."""
        members = params["W1"].shape[0]
        values, last = [inputs], len(self.net.sizes) - 1
        for layer in range(1, last + 1):
            z = dense(values[-1], params[f"W{layer}"], params[f"b{layer}"])
            values.append(
                z if layer == last else ACTIVATIONS[self.net.activation][0](z)
            )
        values[0] = inputs.repeat_interleave(members // inputs.shape[0], 0)
        return values


ACTIVATIONS: dict[str, tuple[Callable[[Tensor], Tensor], Callable[[Tensor], Tensor]]]
ACTIVATIONS = {  # and the slope, from the activation's own value
    "relu": (torch.relu, lambda a: (a > 0).to(a)),
    "sigmoid": (torch.sigmoid, lambda a: a * (1 - a)),
    "tanh": (torch.tanh, lambda a: 1 - a**2),
}
