"""The multilayer perceptron of many members, its backward pass written out."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from numpy.typing import NDArray
from torch import Tensor

from lrcourse import network
from lrcourse.sweep.losses import Loss
from lrcourse.sweep.models import Model, Tensors, dense, product, product_grads
from lrcourse.sweep.normalised import Normed, batch_norm, batch_norm_grads, normalised


@dataclass(frozen=True)
class MLP(Model):
    """The multilayer perceptron of room `network`: its names, shapes, first weights.

    `activation` is relu, tanh or sigmoid; `scheme` is "he", "xavier" or the standard
    deviation of the first weights, and `gain` multiplies it in every layer.

    `batch_norm` stands between a hidden layer's sums and its activation, with ``scale``
    and ``shift`` in place of ``b``. The running moments stand among the parameters, as
    ``running_mean1, running_var1, ...``: `losses_and_grads` brings them up to date,
    `outputs` normalises by them. A batch of one example is a ValueError.

    The backward pass is written out: that is a third faster than automatic derivation.
    """

    sizes: tuple[int, ...]
    activation: str = "relu"
    scheme: str | float = "he"
    gain: float = 1.0
    batch_norm: bool = False

    def __post_init__(self) -> None:
        self.init(0)  # refuses what it does not know

    def init(self, seed: int) -> dict[str, NDArray[Any]]:
        net = network.MLP(
            self.sizes, self.activation, batch_norm=self.batch_norm, gain=self.gain
        )
        return {**net.init(seed, self.scheme), **net.init_statistics()}

    def outputs(self, params: Tensors, inputs: Tensor) -> Tensor:
        return self._forward(params, inputs, None)[-1]

    def losses_and_grads(
        self, params: Tensors, inputs: Tensor, targets: Tensor, loss: Loss
    ) -> tuple[Tensor, Tensors]:
        normed: list[Normed] = []
        *values, outputs = self._forward(params, inputs, normed)
        losses, grad = loss(outputs, targets)
        columns, grads = grad.mT, {}
        for layer in reversed(range(1, len(self.sizes))):
            a, w = values[layer - 1], f"W{layer}"
            if self._is_normed(layer):
                scale, shift = f"scale{layer}", f"shift{layer}"
                columns, for_scale, for_shift = batch_norm_grads(
                    columns, normed[layer - 1], params[scale].mT
                )
                grads[scale], grads[shift] = for_scale.mT, for_shift.mT
            else:
                grads[f"b{layer}"] = columns.sum(2, keepdim=True).mT
            grads[w] = product_grads(a, columns.mT)
            if layer > 1:
                back = torch.bmm(params[w], columns)
                columns = ACTIVATIONS[self.activation][1](back, a.mT)
        return losses, grads

    def _forward(
        self, params: Tensors, inputs: Tensor, normed: list[Normed] | None
    ) -> list[Tensor]:
        """Return the inputs of every layer, and the outputs of the last.

        In training `normed` takes what batch normalisation keeps; in evaluation it is
        None.
        """
        values = [inputs]
        last = len(self.sizes) - 1
        for layer in range(1, last + 1):
            w = params[f"W{layer}"]
            if self._is_normed(layer):
                z = _normed(params, layer, product(values[-1], w).mT, normed).mT
            else:
                z = dense(values[-1], w, params[f"b{layer}"])
            values.append(z if layer == last else ACTIVATIONS[self.activation][0](z))
        return values

    def _is_normed(self, layer: int) -> bool:
        return self.batch_norm and layer < len(self.sizes) - 1


def _normed(
    params: Tensors, layer: int, z: Tensor, normed: list[Normed] | None
) -> Tensor:
    """Return `z`, (members, units, examples), normalised, scaled and shifted."""
    names = ("scale", "shift", "running_mean", "running_var")
    scale, shift, *running = (params[f"{name}{layer}"].mT for name in names)
    moments = running[0], running[1]
    if normed is None:
        return normalised(z, scale, shift, moments)
    result, kept = batch_norm(z, scale, shift, moments)
    normed.append(kept)
    return result


# The first is in place, on sums that nobody else needs. The second takes the gradient
# for its values, and these, to that for the sums; PyTorch's own kernels, in one pass.
ACTIVATIONS: dict[
    str, tuple[Callable[[Tensor], Tensor], Callable[[Tensor, Tensor], Tensor]]
]
ACTIVATIONS = {
    "relu": (
        torch.relu_,
        lambda grad, a: torch.ops.aten.threshold_backward(grad, a, 0),
    ),
    "sigmoid": (torch.sigmoid_, torch.ops.aten.sigmoid_backward),
    "tanh": (torch.tanh_, torch.ops.aten.tanh_backward),
}
