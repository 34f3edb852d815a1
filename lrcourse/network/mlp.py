"""The multilayer perceptron in NumPy: forward, loss, backward, written out.

Examples are rows. Layer 1 takes the inputs; a network of L layers is the dict of its
parameters ``W1, b1, ..., WL, bL``, float64: `W` of shape (inputs, outputs), `b` of
shape (1, outputs), and ``z = a @ W + b``. With batch normalisation a hidden layer has
``scale`` and ``shift`` instead of `b`, which the mean would take away again.
"""

from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from lrcourse._arrays import Array, Params
from lrcourse._settings import is_integer, require_choice, require_nonnegative
from lrcourse.network.layers import (
    ACTIVATIONS,
    SCHEMES,
    Normed,
    batch_norm,
    batch_norm_backward,
    running_moments,
)
from lrcourse.network.links import RIGHT_LINKS, Links
from lrcourse.network.losses import LOSSES


class Caches(NamedTuple):
    """What the backward pass needs of the forward pass.

    `activations` are the inputs of each layer, the first being the network's own;
    `normed` is what batch normalisation kept in each hidden layer, if there is any.
    """

    activations: list[Array]
    normed: list[Normed]


@dataclass(frozen=True)
class MLP:
    """A multilayer perceptron: ``MLP((64, 32, 10))`` has one hidden layer of 32.

    `activation` is relu, sigmoid or tanh, in all hidden layers; the outputs are plain
    sums. `loss` is cross_entropy, binary_cross_entropy or mean_squared_error.
    `batch_norm` stands between a hidden layer's sums and its activation. `gain`
    multiplies the standard deviation of all first weights, whichever the scheme.

    The running moments of batch normalisation are no parameters but a state:
    `init_statistics` makes it, `track` returns it one batch later, and `predict` takes
    it. Training itself does not: there, each batch is normalised by its own moments.

    `links` are the steps of the backward pass: others than `RIGHT_LINKS` break it.
    """

    sizes: tuple[int, ...]
    activation: str = "relu"
    loss: str = "cross_entropy"
    batch_norm: bool = False
    gain: float = 1.0
    links: Links = field(default=RIGHT_LINKS, repr=False)

    def __post_init__(self) -> None:
        sizes = tuple(self.sizes)
        whole = all(map(is_integer, sizes))
        if len(sizes) < 2 or not whole or min(sizes) < 1:
            raise ValueError(
                f"sizes must be two or more whole numbers above zero, got {sizes}"
            )
        require_choice("activation", self.activation, ACTIVATIONS)
        require_choice("loss", self.loss, LOSSES)
        require_nonnegative(gain=self.gain)

    @property
    def shapes(self) -> dict[str, tuple[int, int]]:
        """The shape of every parameter, by name, from the first layer to the last."""
        shapes = {}
        last = len(self.sizes) - 1
        for layer, (inputs, outputs) in enumerate(pairwise(self.sizes), start=1):
            shapes[f"W{layer}"] = (inputs, outputs)
            normed = self.batch_norm and layer < last
            for name in ("scale", "shift") if normed else ("b",):
                shapes[f"{name}{layer}"] = (1, outputs)
        return shapes

    def init(
        self, seed: int | np.random.Generator, scheme: str | float = "he"
    ) -> dict[str, Array]:
        """Return first parameters: normal weights, biases zero, scales one.

        `scheme` is "he", "xavier", or the standard deviation itself; either is
        multiplied by `gain`.

        Raises:
            ValueError: `scheme` is another name, or a number below zero.
        """
        rng = np.random.default_rng(seed)
        if isinstance(scheme, str):
            require_choice("scheme", scheme, SCHEMES)
        else:
            require_nonnegative(scheme=scheme)
        params = {}
        for name, shape in self.shapes.items():
            if name.startswith("W"):
                sd = SCHEMES[scheme](*shape) if isinstance(scheme, str) else scheme
                params[name] = self.gain * sd * rng.standard_normal(shape)
            else:
                params[name] = np.full(shape, 1.0 if name.startswith("scale") else 0.0)
        return params

    def forward(self, params: Params, inputs: ArrayLike) -> tuple[Array, Caches]:
        """Return the outputs, (examples, outputs), and what `backward` needs.

        Raises:
            ValueError: a parameter has not the shape in `shapes`, or `inputs` are not
                finite or not of shape (examples, sizes[0]).
        """
        return self._forward(params, inputs, None)

    def backward(self, params: Params, caches: Caches, grad: Array) -> dict[str, Array]:
        """Return the gradients for all parameters, given that for the outputs."""
        slope, links = ACTIVATIONS[self.activation].slope, self.links
        grad, grads = links.outputs(grad), {}
        for layer in reversed(range(1, len(self.sizes))):
            a, w = caches.activations[layer - 1], params[f"W{layer}"]
            scale, shift = f"scale{layer}", f"shift{layer}"
            if scale in params:
                grad, grads[scale], grads[shift] = batch_norm_backward(
                    grad, caches.normed[layer - 1], params[scale]
                )
            else:
                grads[f"b{layer}"] = links.bias(grad)
            grads[f"W{layer}"] = links.weight(a, grad)
            if layer > 1:
                grad = links.activation(links.inputs(grad, w), slope(a))
        return {name: grads[name] for name in params}

    def loss_and_grads(
        self, params: Params, inputs: ArrayLike, targets: ArrayLike
    ) -> tuple[float, dict[str, Array]]:
        """Return the loss of a batch, and its gradients for all parameters."""
        outputs, caches = self.forward(params, inputs)
        loss, grad = LOSSES[self.loss](outputs, targets)
        return loss, self.backward(params, caches, grad)

    def init_statistics(self) -> dict[str, Array]:
        """Return the running moments before the first batch: means 0, variances 1."""
        if not self.batch_norm:
            return {}
        return {
            f"{name}{layer}": np.full((1, self.sizes[layer]), start)
            for layer in range(1, len(self.sizes) - 1)
            for name, start in (("running_mean", 0.0), ("running_var", 1.0))
        }

    def track(
        self, statistics: Params, caches: Caches, momentum: float = 0.1
    ) -> dict[str, Array]:
        """Return the running moments after the batch that left `caches` behind.

        `momentum` is the share of this batch: with 1.0 its moments are the result.
        """
        tracked = {}
        for layer, normed in enumerate(caches.normed, start=1):
            mean, var = f"running_mean{layer}", f"running_var{layer}"
            tracked[mean], tracked[var] = running_moments(
                statistics[mean], statistics[var], normed, momentum
            )
        return tracked

    def predict(
        self, params: Params, inputs: ArrayLike, statistics: Params | None = None
    ) -> Array:
        """Return the outputs in evaluation: with the running moments of the training.

        Raises:
            ValueError: the network has `batch_norm` and `statistics` are missing, or
                `params` or `inputs` are not as for `forward`.
        """
        if self.batch_norm and statistics is None:
            raise ValueError(
                "a network with batch_norm predicts with its running moments: "
                "pass statistics, from init_statistics and track"
            )
        return self._forward(params, inputs, statistics)[0]

    def _forward(
        self, params: Params, inputs: ArrayLike, statistics: Params | None
    ) -> tuple[Array, Caches]:
        self._require_shapes(params)
        a, last = self._checked(inputs), len(self.sizes) - 1
        caches = Caches([a], [])
        for layer in range(1, last):
            z = a @ params[f"W{layer}"]
            if self.batch_norm:
                scale, shift = params[f"scale{layer}"], params[f"shift{layer}"]
                z, normed = batch_norm(z, scale, shift, _moments(statistics, layer))
                caches.normed.append(normed)
            else:
                z = z + params[f"b{layer}"]
            a = ACTIVATIONS[self.activation].value(z)
            caches.activations.append(a)
        return a @ params[f"W{last}"] + params[f"b{last}"], caches

    def _require_shapes(self, params: Params) -> None:
        got = {name: np.shape(w) for name, w in params.items()}
        if got != self.shapes:
            raise ValueError(f"params must have the shapes {self.shapes}, got {got}")

    def _checked(self, inputs: ArrayLike) -> Array:
        inputs = np.asarray(inputs, dtype=np.float64)
        if inputs.ndim != 2 or inputs.shape[1] != self.sizes[0] or not len(inputs):
            raise ValueError(
                f"inputs must have shape (examples, {self.sizes[0]}), at least one "
                f"example, got {inputs.shape}"
            )
        if not np.isfinite(inputs).all():
            raise ValueError("inputs must be finite")
        return inputs


def _moments(statistics: Params | None, layer: int) -> tuple[Array, Array] | None:
    if statistics is None:
        return None
    return statistics[f"running_mean{layer}"], statistics[f"running_var{layer}"]
