"""Backward passes that are wrong on purpose: many train all the same."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from lrcourse._arrays import AnyArray
from lrcourse._settings import require_counts_or_zero
from lrcourse.network.layers import he_sd
from lrcourse.network.links import RIGHT_LINKS, bias_link, inputs_link
from lrcourse.network.mlp import MLP


def broken(net: MLP, seed: int = 0) -> dict[str, MLP]:
    """Return `net` with one link of its backward pass broken, by what is wrong with it.

    Outputs, loss and first parameters are those of `net`. The random matrices, one for
    each shape and fixed by `seed`, are feedback alignment (Lillicrap et al., Random
    synaptic feedback weights support error backpropagation for deep learning, 2016).
    """
    require_counts_or_zero(seed=seed)
    features = net.sizes[0]
    wrong = RIGHT_LINKS._replace
    links = {
        "biases get no gradient": wrong(bias=lambda grad: 0 * bias_link(grad)),
        "divided by features, not examples": wrong(
            outputs=lambda grad: grad * grad.shape[-2] / features
        ),
        "fixed random matrix in place of W": wrong(inputs=_feedback(seed)),
        "slope of the activation left out": wrong(activation=lambda grad, slope: grad),
        "mean taken twice": wrong(outputs=lambda grad: grad / grad.shape[-2]),
        "nothing handed on to the layer before": wrong(
            inputs=lambda grad, w: 0 * inputs_link(grad, w)
        ),
        "sign lost on the way back": wrong(
            inputs=lambda grad, w: -inputs_link(grad, w)
        ),
    }
    return {name: replace(net, links=these) for name, these in links.items()}


def _feedback(seed: int) -> Callable[[AnyArray, AnyArray], AnyArray]:
    """Return a link that hands gradients back through weights nobody trains."""

    def link(grad: AnyArray, w: AnyArray) -> AnyArray:
        inputs, outputs = w.shape[-2:]
        drawn = np.random.default_rng(seed).standard_normal((inputs, outputs))
        fixed = he_sd(inputs, outputs) * drawn
        like_w = getattr(w, "new_tensor", np.asarray)  # a tensor, or an array
        return inputs_link(grad, like_w(fixed))

    return link
