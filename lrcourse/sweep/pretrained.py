"""A network that starts from weights that have been trained before."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from lrcourse._arrays import Params
from lrcourse.sweep.losses import Loss
from lrcourse.sweep.models import Model, Tensors


@dataclass(frozen=True, eq=False)
class Pretrained(Model):
    """`model`, started from `params`, but for those named in `fresh`.

    `params` are arrays or tensors of one network by their names, without an axis of
    members: of a training, with the running moments of batch normalisation if `model`
    has it. The `fresh` ones, usually a new head ``("W3", "b3")``, are drawn for every
    seed as ``model.init(seed)`` draws them, and may be missing in `params` or have
    another shape there. All are trained: `LayerRates` with a factor of 0 freezes.

    Raises:
        ValueError: A name in `params` or `fresh` is not one of the model's, one of the
            model's is in neither, or an array has another shape or is not finite.
    """

    model: Model
    params: Params
    fresh: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        known = self.model.init(0)
        for argument, names in (("params", self.params), ("fresh", self.fresh)):
            for name in names:
                if name not in known:
                    raise ValueError(
                        f"{argument} must name parameters of the model, one of "
                        f"{', '.join(known)}, got {name!r}"
                    )
        for name, like in known.items():
            if name not in self.fresh:
                _require_like(name, self.params.get(name), like)

    def init(self, seed: int) -> dict[str, NDArray[Any]]:
        drawn = self.model.init(seed)
        return {
            name: w if name in self.fresh else _numpy(self.params[name])
            for name, w in drawn.items()
        }

    def outputs(self, params: Tensors, inputs: Tensor) -> Tensor:
        return self.model.outputs(params, inputs)

    def losses_and_grads(
        self, params: Tensors, inputs: Tensor, targets: Tensor, loss: Loss
    ) -> tuple[Tensor, Tensors]:
        return self.model.losses_and_grads(params, inputs, targets, loss)


def _require_like(name: str, w: Any, like: NDArray[Any]) -> None:
    if w is None:
        raise ValueError(f"params must hold {name!r}, or fresh must name it; got none")
    array = _numpy(w)
    if array.shape != like.shape:
        raise ValueError(
            f"params[{name!r}] must have shape {like.shape}, got {array.shape}: name "
            "it in fresh if the model has another one"
        )
    if not np.isfinite(array).all():
        raise ValueError(f"params[{name!r}] must be finite")


def _numpy(w: Any) -> NDArray[Any]:
    return w.numpy(force=True) if isinstance(w, Tensor) else np.asarray(w)
