"""The one loop for an `nn.Module`: same order, same record of rates.

Around it: parts that do not train. Parameter groups are made in room `groups`.
"""

import lrcourse._torch  # noqa: F401  # isort: skip
from collections.abc import Callable, Iterable, Iterator, Sequence, Sized
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from numbers import Real
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler

from lrcourse._settings import (
    require_counts_or_zero,
    require_nonnegative,
)
from lrcourse.optimizers import Seen
from lrcourse.schedules import Schedule
from lrcourse.training.torch_watch import watched_step

torch.set_num_threads(1)  # the same digits on 1, 2 and 8 cores; small nets lose nothing


@dataclass(frozen=True)
class Fit:
    """What a training saw at each update: its loss, and the rate of every group.

    `seen` holds lengths of gradients, weights and steps, if they were to be watched.
    """

    losses: list[float]
    lrs: list[list[float]]
    seen: list[Seen] = field(default_factory=list)


def fit(
    model: nn.Module,
    optimizer: Optimizer,
    schedule: Schedule | Sequence[Schedule],
    batches: Iterable[tuple[Tensor, Tensor]],
    loss_of: Callable[[Tensor, Tensor], Tensor] = cross_entropy,
    first_step: int = 0,
    watch: bool = False,
) -> Fit:
    """Train `model` on `batches`, one update each; the optimizer's own rate is unused.

    `schedule` is one for every parameter group, or a list with one per group. What is
    frozen does not move. To resume, give as `first_step` the number of updates done,
    and the batches of the whole run, made again from their seed: those of the updates
    done are skipped.

    To `watch` is to keep in ``seen`` what `optimizers.Watched` sees, for each parameter
    by its name in `model`: gradients as they come to the optimizer, before its hooks.

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
        record.seen.extend(_update(model, optimizer, loss, watch))
        record.losses.append(loss.item())
        record.lrs.append([group["lr"] for group in groups])
    _require_batches(len(record.losses), first_step)
    return record


def _update(
    model: nn.Module, optimizer: Optimizer, loss: Tensor, watch: bool
) -> list[Seen]:
    """Make one update, and return what it did, if that is to be watched."""
    optimizer.zero_grad()
    loss.backward()
    if watch:
        return [watched_step(model, optimizer, loss)]
    optimizer.step()
    return []


def accuracy(model: nn.Module, inputs: Tensor, labels: Tensor) -> float:
    """Return the share of `inputs` whose largest output is their label.

    Measured in evaluation mode; afterwards each part has the mode it had.
    """
    with evaluating(model), torch.no_grad():
        right = model(inputs).argmax(dim=1) == labels
    return float(right.double().mean())


def scheduler_lrs(
    make_scheduler: Callable[[Optimizer], LRScheduler], base_lr: float, steps: int
) -> list[float]:
    """Return the learning rate that each of `steps` updates uses under a scheduler."""
    require_nonnegative(base_lr=base_lr)
    require_counts_or_zero(steps=steps)
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=base_lr)
    scheduler = make_scheduler(optimizer)
    lrs = []
    for _ in range(steps):
        lrs.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return lrs


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


def _require_batches(updates: int, first_step: int) -> None:
    if not updates:
        raise ValueError(
            f"fit needs at least one batch, got none from step {first_step} on"
        )


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
def evaluating(model: nn.Module) -> Iterator[None]:
    """Put `model` in evaluation mode, then every part back in the mode it had."""
    modes = [(module, module.training) for module in model.modules()]
    model.eval()
    try:
        yield
    finally:
        for module, training in modes:
            module.training = training
