"""Parameter groups of an `nn.Module`, and a schedule for each of them."""

import lrcourse._torch  # noqa: F401  # isort: skip
from collections.abc import Iterable
from typing import Any

from torch import nn

from lrcourse._settings import require_counts, require_nonnegative
from lrcourse.schedules import Schedule, scale


def decay_groups(model: nn.Module, weight_decay: float) -> list[dict[str, Any]]:
    """Return two parameter groups: matrices decay, biases and norm scales do not.

    What has two dimensions or more decays. A tied weight comes once, and what is
    frozen now is left out.
    """
    require_nonnegative(weight_decay=weight_decay)  # PyTorch does not look at these
    trained = [w for w in model.parameters() if w.requires_grad]
    return [
        {"params": [w for w in trained if w.ndim >= 2], "weight_decay": weight_decay},
        {"params": [w for w in trained if w.ndim < 2], "weight_decay": 0.0},
    ]


def layer_groups(model: nn.Module, layers: Iterable[nn.Module]) -> list[dict[str, Any]]:
    """Return one parameter group for each of `layers`, in their order.

    A tied weight belongs to the first layer that has it, and what is frozen now is
    left out.

    Raises:
        ValueError: a parameter of `model` lies in none of the layers.
    """
    waiting = {id(w): name for name, w in model.named_parameters() if w.requires_grad}
    groups = [
        {"params": [w for w in layer.parameters() if waiting.pop(id(w), None)]}
        for layer in layers
    ]
    if waiting:
        raise ValueError(
            "layers must hold every parameter that trains, "
            f"missing {sorted(waiting.values())}"
        )
    return groups


def layer_schedules(
    schedule: Schedule, layers: int, factor: float = 1 / 2.6
) -> list[Schedule]:
    """Return a schedule per layer: the last plays `schedule`, each earlier one less.

    Each layer's rate is `factor` times that of the layer after it: the discriminative
    fine-tuning of Howard & Ruder (2018), who divide by 2.6.

    >>> from lrcourse.schedules import constant
    >>> [lr(0) for lr in layer_schedules(constant(4.0), layers=3, factor=0.5)]
    [1.0, 2.0, 4.0]
    """
    require_counts(layers=layers)
    require_nonnegative(factor=factor)
    return [scale(schedule, factor**above) for above in reversed(range(layers))]
