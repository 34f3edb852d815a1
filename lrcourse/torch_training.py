"""The one loop for an `nn.Module`: same order, same record of rates."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler

from lrcourse.schedules import Schedule

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
) -> Fit:
    """Train `model` on `batches`, one update each; the optimizer's own rate is unused.

    `schedule` is one for every parameter group, or a list with one per group.

    Raises:
        ValueError: the list does not match the groups, or there are no batches.
    """
    groups = optimizer.param_groups
    schedules = [schedule] * len(groups) if callable(schedule) else list(schedule)
    if len(schedules) != len(groups):
        raise ValueError(
            "fit needs one schedule, or one per parameter group, "
            f"got {len(schedules)} schedules and {len(groups)} groups"
        )
    record = Fit([], [])
    for step, (inputs, labels) in enumerate(batches):
        for group, group_schedule in zip(groups, schedules, strict=True):
            group["lr"] = group_schedule(step)
        loss = loss_of(model(inputs), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        record.losses.append(loss.item())
        record.lrs.append([group["lr"] for group in groups])
    if not record.losses:
        raise ValueError("fit needs at least one batch, got none")
    return record


def accuracy(model: nn.Module, inputs: Tensor, labels: Tensor) -> float:
    """Return the share of `inputs` whose largest output is their label."""
    model.eval()
    with torch.no_grad():
        right = model(inputs).argmax(dim=1) == labels
    model.train()
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
