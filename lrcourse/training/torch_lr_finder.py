"""The learning-rate range test of an `nn.Module`, which leaves no trace in it."""

import lrcourse._torch  # noqa: F401  # isort: skip
import copy
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import TypeAlias

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy
from torch.optim import Optimizer

from lrcourse.training.lr_finder import (
    RangeTest,
    divergence_index,
    range_test_schedule,
    smooth,
)
from lrcourse.training.torch_loop import fit


def range_test(
    model: nn.Module,
    optimizer: Optimizer,
    batches: Iterable[tuple[Tensor, Tensor]],
    min_lr: float,
    max_lr: float,
    steps: int,
    loss_of: Callable[[Tensor, Tensor], Tensor] = cross_entropy,
) -> RangeTest:
    """Train `model` while the learning rate climbs, then undo the training.

    Every parameter group gets the same rate. The test stops where the smoothed loss has
    diverged. Afterwards all is as before, see `unchanged`, also if the test fails: a
    training that follows is bit for bit the one without a test. Only the batches are
    used up.

    Raises:
        ValueError: a bad range, a negative loss, or `batches` that end before `steps`.
    """
    schedule = range_test_schedule(min_lr, max_lr, steps)
    losses: list[float] = []

    def watched_loss(outputs: Tensor, labels: Tensor) -> Tensor:
        loss = loss_of(outputs, labels)
        losses.append(loss.item())
        return loss

    with unchanged(model, optimizer):
        served = _until_diverged(batches, losses, steps)
        fit(model, optimizer, schedule, served, watched_loss)
    lrs = [schedule(step) for step in range(len(losses))]
    return RangeTest(np.array(lrs), np.array(losses))


@contextmanager
def unchanged(model: nn.Module, optimizer: Optimizer) -> Iterator[None]:
    """Put back, at the end, all that training changes in `model` and `optimizer`.

    That is weights, buffers (also those a state dict leaves out), gradients and modes,
    the optimizer's memory and rates, and torch's random numbers. Values are copied into
    the tensors they came from: a loss that looks at the weights sees them restored. So
    are the gradients of weights that the optimizer does not have, which add up.
    """
    kept = [(w.detach().clone(), _kept(w.grad)) for w in _tensors(model, optimizer)]
    modes = [(module, module.training) for module in model.modules()]
    memory = copy.deepcopy(optimizer.state_dict())
    with torch.random.fork_rng():
        try:
            yield
        finally:
            _restore(_tensors(model, optimizer), kept)
            for module, training in modes:
                module.training = training
            optimizer.load_state_dict(memory)


def _tensors(model: nn.Module, optimizer: Optimizer) -> list[Tensor]:
    moved = (w for group in optimizer.param_groups for w in group["params"])
    return [*model.parameters(), *model.buffers(), *moved]


Gradient: TypeAlias = tuple[Tensor, Tensor] | None  # itself, and its values then


def _kept(grad: Tensor | None) -> Gradient:
    return None if grad is None else (grad, grad.detach().clone())


@torch.no_grad()
def _restore(
    tensors: Iterable[Tensor], kept: Iterable[tuple[Tensor, Gradient]]
) -> None:
    for w, (value, gradient) in zip(tensors, kept, strict=True):
        w.copy_(value)
        w.grad = None if gradient is None else gradient[0].copy_(gradient[1])


def _until_diverged(
    batches: Iterable[tuple[Tensor, Tensor]], losses: Sequence[float], steps: int
) -> Iterator[tuple[Tensor, Tensor]]:
    """Pass on `steps` batches, or fewer if the losses that they leave diverge."""
    for batch in islice(batches, steps):
        yield batch
        if divergence_index(smooth(losses)) is not None:
            return
    if len(losses) < steps:
        raise ValueError(
            f"range_test needs {steps} batches, one for each of its steps, "
            f"got {len(losses)}: give it more epochs, or take fewer steps"
        )
