"""A small convolutional network and a small recurrent one, of many members."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from lrcourse._settings import require_counts
from lrcourse.network import he_sd
from lrcourse.sweep.models import Model, Tensors, dense


@dataclass(frozen=True)
class ConvNet(Model):
    """Convolutions over a curve, each with a ReLU, the mean over it, a dense layer.

    Inputs are curves of one channel, (examples, points). ``channels=(8, 16)`` are two
    convolutions of `kernel` points, moved by `stride` and not padded. ``W1`` has shape
    (channels before * kernel, channels), in the order of PyTorch's ``Conv1d.weight``.
    """

    channels: tuple[int, ...]
    classes: int
    kernel: int = 5
    stride: int = 2

    def __post_init__(self) -> None:
        if not self.channels:
            raise ValueError("channels must be at least one convolution, got ()")
        for channels in self.channels:
            require_counts(channels=channels)
        require_counts(classes=self.classes, kernel=self.kernel, stride=self.stride)

    def init(self, seed: int) -> dict[str, NDArray[Any]]:
        rng = np.random.default_rng(seed)
        sizes = [1, *self.channels, self.classes]
        params = {}
        for layer, (before, outputs) in enumerate(pairwise(sizes), start=1):
            convolves = layer <= len(self.channels)
            inputs = before * self.kernel if convolves else before
            weights = rng.standard_normal((inputs, outputs))
            params[f"W{layer}"] = he_sd(inputs, outputs) * weights
            params[f"b{layer}"] = np.zeros((1, outputs))
        return params

    def outputs(self, params: Tensors, inputs: Tensor) -> Tensor:
        a = inputs[..., None]
        for layer, _ in enumerate(self.channels, start=1):
            a = self._convolve(a, params[f"W{layer}"], params[f"b{layer}"]).relu()
        last = len(self.channels) + 1
        return dense(a.mean(2), params[f"W{last}"], params[f"b{last}"])

    def _convolve(self, a: Tensor, w: Tensor, b: Tensor) -> Tensor:
        """Apply a dense layer to all windows of (_, examples, points, channels)."""
        windows = a.unfold(2, self.kernel, self.stride).flatten(3)
        sums = dense(windows.flatten(1, 2), w, b)
        return sums.reshape(len(w), *windows.shape[1:3], -1)


@dataclass(frozen=True)
class GRU(Model):
    """A gated recurrent unit (PyTorch's form) and a dense layer on its last state.

    Inputs have shape (examples, times) or (examples, times, features). ``Wx, bx`` act
    on the inputs and ``Wh, bh`` on the state; both hold reset, update and new gate side
    by side, as the rows of PyTorch's ``weight_ih_l0`` do. First weights are uniform up
    to ``1 / sqrt(hidden)``, as PyTorch's.
    """

    hidden: int
    classes: int
    features: int = 1

    def __post_init__(self) -> None:
        require_counts(hidden=self.hidden, classes=self.classes, features=self.features)

    def init(self, seed: int) -> dict[str, NDArray[Any]]:
        rng = np.random.default_rng(seed)
        bound = 1 / math.sqrt(self.hidden)
        gates = 3 * self.hidden
        shapes = {
            "Wx": (self.features, gates),
            "bx": (1, gates),
            "Wh": (self.hidden, gates),
            "bh": (1, gates),
            "W": (self.hidden, self.classes),
            "b": (1, self.classes),
        }
        return {name: rng.uniform(-bound, bound, shapes[name]) for name in shapes}

    def outputs(self, params: Tensors, inputs: Tensor) -> Tensor:
        state = inputs.new_zeros(len(params["Wh"]), inputs.shape[1], self.hidden)
        for of_inputs in self._through_time(params, inputs):
            of_state = dense(state, params["Wh"], params["bh"])
            reset_x, update_x, new_x = of_inputs.chunk(3, dim=2)
            reset_h, update_h, new_h = of_state.chunk(3, dim=2)
            reset = (reset_x + reset_h).sigmoid()
            update = (update_x + update_h).sigmoid()
            new = (new_x + reset * new_h).tanh()
            state = (1 - update) * new + update * state
        return dense(state, params["W"], params["b"])

    def _through_time(self, params: Tensors, inputs: Tensor) -> Iterator[Tensor]:
        """Yield what the inputs of each time add to the gates."""
        x = inputs.reshape(*inputs.shape[:3], self.features)
        times, examples = x.shape[2], x.shape[1]
        rows = x.transpose(1, 2).flatten(1, 2)
        gates = dense(rows, params["Wx"], params["bx"])
        yield from gates.unflatten(1, (times, examples)).unbind(1)
