"""The one loop for an `nn.Module`: same order, same record of rates.

Around it: parameter groups, with a schedule each, and parts that do not train.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence, Sized
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from numbers import Real
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler

from lrcourse._settings import require_counts_or_zero
from lrcourse.schedules import Schedule, scale

torch.set_num_threads(1)  # the same digits on 1, 2 and 8 cores; small nets lose nothing


@dataclass(frozen=True)
class Fit:
    """What a training saw at each update: its loss, and the rate of every group."""

    losses: list[float]
    lrs: list[list[float]]


def fit(
    model: nn.Module,
    optimizer: Optimizer,
    schedule: Schedule | Sequence[Schedule],
    batches: Iterable[tuple[Tensor, Tensor]],
    loss_of: Callable[[Tensor, Tensor], Tensor] = cross_entropy,
    first_step: int = 0,
) -> Fit:
    """Train `model` on `batches`, one update each; the optimizer's own rate is unused.

    `schedule` is one for every parameter group, or a list with one per group. What is
    frozen does not move. To resume, give as `first_step` the number of updates done,
    and the batches of the whole run, made again from their seed: those of the updates
    done are skipped.

    Raises:
        ValueError: `schedule` is none, or a list that does not match the groups; a
            batch is no pair, or no batches are left.
    """
    groups = optimizer.param_groups
    schedules = _one_per_group(schedule, len(groups))
    require_counts_or_zero(first_step=first_step)
    record = Fit([], [])
    train_mode(model)
    remaining = islice(_pairs(batches), first_step, None)
    for step, (inputs, labels) in enumerate(remaining, start=first_step):
        for group, group_schedule in zip(groups, schedules, strict=True):
            group["lr"] = group_schedule(step)
        loss = loss_of(model(inputs), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        record.losses.append(loss.item())
        record.lrs.append([group["lr"] for group in groups])
    if not record.losses:
        raise ValueError(
            f"fit needs at least one batch, got none from step {first_step} on"
        )
    return record


def accuracy(model: nn.Module, inputs: Tensor, labels: Tensor) -> float:
    """Return the share of `inputs` whose largest output is their label.

    Measured in evaluation mode; afterwards each part has the mode it had.
    """
    with _evaluating(model), torch.no_grad():
        right = model(inputs).argmax(dim=1) == labels
    return float(right.double().mean())


def scheduler_lrs(
    make_scheduler: Callable[[Optimizer], LRScheduler], base_lr: float, steps: int
) -> list[float]:
    """Return the learning rate that each of `steps` updates uses under a scheduler."""
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=base_lr)
    scheduler = make_scheduler(optimizer)
    lrs = []
    for _ in range(steps):
        lrs.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return lrs


def decay_groups(model: nn.Module, weight_decay: float) -> list[dict[str, Any]]:
    """Return two parameter groups: matrices decay, biases and norm scales do not.

    What has two dimensions or more decays. A tied weight comes once, and what is
    frozen now is left out.
    """
    if not weight_decay >= 0:  # PyTorch does not look at a group's own
        raise ValueError(f"weight_decay must be zero or more, got {weight_decay}")
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
    if layers < 1:
        raise ValueError(f"layers must be at least 1, got {layers}")
    return [scale(schedule, factor**above) for above in reversed(range(layers))]


_FROZEN = "_lrcourse_frozen"  # on a module: `freeze` was called


def freeze(module: nn.Module) -> None:
    """Let nothing of `module` move: neither weights nor the averages of BatchNorm.

    Those averages follow the inputs whether weights train or not, so the module goes
    into evaluation mode; ``model.train()`` would undo that, `train_mode` does not, also
    where there are averages and no weights. Momentum and weight decay move a weight
    whose gradient is zero, so the gradients go: an optimizer passes over a weight that
    has none.
    """
    module.requires_grad_(False)
    module.zero_grad(set_to_none=True)
    module.eval()
    for part in module.modules():
        setattr(part, _FROZEN, True)


def unfreeze(module: nn.Module) -> None:
    """Let `module` train again."""
    module.requires_grad_(True)
    module.train()
    for part in module.modules():
        if hasattr(part, _FROZEN):
            delattr(part, _FROZEN)


def train_mode(model: nn.Module) -> None:
    """Put `model` in training mode, except what is frozen.

    That is a part none of whose weights train, and one without weights on which
    `freeze` was called.
    """
    model.train()
    for module in model.modules():
        weights = list(module.parameters())
        trains = any(w.requires_grad for w in weights)
        if not trains if weights else hasattr(module, _FROZEN):
            module.eval()


def _one_per_group(
    schedule: Schedule | Sequence[Schedule], groups: int
) -> list[Schedule]:
    if callable(schedule):
        return [schedule] * groups
    if not (isinstance(schedule, Sequence) and all(map(callable, schedule))):
        raise ValueError(
            "schedule must be a function from step to learning rate, or a list with "
            f"one for each parameter group, got {schedule!r}: {_instead(schedule)}"
        )
    if len(schedule) != groups:
        raise ValueError(
            "fit needs one schedule, or one per parameter group, "
            f"got {len(schedule)} schedules and {groups} groups"
        )
    return list(schedule)


def _instead(schedule: object) -> str:
    """Say what to hand over instead of what is no schedule."""
    if isinstance(schedule, Real):
        return f"for a steady rate take lrcourse.schedules.constant({schedule})"
    if isinstance(schedule, LRScheduler):
        return "fit sets the rates itself, so take the schedule it stands for"
    return "make one with lrcourse.schedules"


def _pairs(batches: Iterable[Any]) -> Iterator[tuple[Tensor, Tensor]]:
    """Pass on `batches`, each a pair, or say what one is instead."""
    if not isinstance(batches, Iterable):
        raise ValueError(f"batches must yield pairs (inputs, labels), got {batches!r}")
    for batch in batches:
        if not (isinstance(batch, tuple | list) and len(batch) == 2):
            kind = type(batch).__name__
            size = f" of {len(batch)}" if isinstance(batch, Sized) else ""
            raise ValueError(
                f"batches must yield pairs (inputs, labels), got a {kind}{size}: for "
                "other batches, ((b['x'], b['y']) for b in batches) makes pairs"
            )
        yield batch[0], batch[1]


@contextmanager
def _evaluating(model: nn.Module) -> Iterator[None]:
    """Put `model` in evaluation mode, then every part back in the mode it had."""
    modes = [(module, module.training) for module in model.modules()]
    model.eval()
    try:
        yield
    finally:
        for module, training in modes:
            module.training = training
