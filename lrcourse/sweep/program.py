"""The training of one chunk: all its members take their steps together."""

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from lrcourse.data import batches
from lrcourse.sweep.chunks import Chunk
from lrcourse.sweep.fused import fused
from lrcourse.sweep.losses import LOSSES, hits
from lrcourse.sweep.models import Tensors, first_params

torch.set_num_threads(1)  # chunks run side by side; the same digits on 1, 2 and 8 cores


class Seen(NamedTuple):
    """What was seen after an epoch, each of shape (members,).

    A training loss is the mean over the epoch's batches, each before its update.
    """

    epoch: int
    train_losses: Tensor
    test_losses: Tensor
    accuracies: Tensor
    failed_steps: Tensor  # updates made when it was no longer finite; -1: it still is


@torch.inference_mode()
def train(chunk: Chunk) -> list[Seen]:
    """Train all members of `chunk`; return what the last epoch saw, or every one.

    Member ``i`` has the group ``i // columns`` and the column ``i % columns``.
    """
    plan, rule = chunk.plan, fused(chunk.rule)
    loss = LOSSES[plan.loss]
    rates = _rates(chunk)
    losses = torch.empty_like(rates)  # whole, since small pieces would break up memory
    seeds = [group.seed for group in chunk.groups]
    inputs = plan.examples.inputs
    params = first_params(plan.model, seeds, len(chunk.columns), inputs)
    state = rule.init(params)
    seen = []
    per_epoch = len(rates) // plan.epochs
    for step, rows in enumerate(_batches(chunk)):
        inputs, targets = _examples(chunk, rows)
        losses[step], grads = plan.model.losses_and_grads(params, inputs, targets, loss)
        params, state = rule.step(params, grads, state, rates[step], losses[step])
        epoch, rest = divmod(step + 1, per_epoch)
        if not rest and (plan.every_epoch or epoch == plan.epochs):
            seen.append(_look(chunk, epoch, params, losses[: step + 1]))
    return seen


def _rates(chunk: Chunk) -> Tensor:
    """Return the table of rates, (updates, members)."""
    table = np.stack([column.rates for column in chunk.columns], axis=1)
    by_group = torch.from_numpy(table).repeat(1, len(chunk.groups))
    return by_group.to(chunk.plan.examples.inputs)


def _batches(chunk: Chunk) -> Iterator[Tensor]:
    """Yield which examples the groups train on, (groups, examples), batch by batch."""
    plan = chunk.plan
    orders = [
        batches(g.fold.train, g.fold.train, plan.batch_size, plan.epochs, g.seed)
        for g in chunk.groups
    ]
    for together in zip(*orders, strict=True):
        yield torch.from_numpy(np.stack([rows for rows, _ in together]))


def _examples(chunk: Chunk, rows: Tensor) -> tuple[Tensor, Tensor]:
    """Return inputs and targets, (groups, examples, ...), targets columns first."""
    inputs, targets = chunk.plan.examples
    rows = rows.to(inputs.device)
    return inputs[rows], targets[rows].mT.contiguous().mT


def _look(chunk: Chunk, epoch: int, params: Tensors, losses: Tensor) -> Seen:
    """Return what is seen after `epoch`, given the losses (updates, members) so far."""
    test_losses, accuracies = _test(chunk, params)
    sound = [w.flatten(1).isfinite().all(1) for w in params.values()]
    if len(chunk.groups[0].fold.held_out):
        sound.append(test_losses.isfinite())
    finite = torch.vstack([losses.isfinite(), torch.stack(sound).all(0)])
    failed = (~finite).int().argmax(0).where(~finite.all(0), -1)
    means = losses[-(len(losses) // epoch) :].mean(0)
    return Seen(epoch, means, test_losses, accuracies, failed)


def _test(chunk: Chunk, params: Tensors) -> tuple[Tensor, Tensor]:
    """Return losses and accuracies on what is held out, nan where there are none."""
    plan, nothing = chunk.plan, torch.full((chunk.members,), math.nan)
    held_out = torch.from_numpy(np.stack([g.fold.held_out for g in chunk.groups]))
    count = held_out.shape[1]
    if not count:
        return nothing, nothing
    losses, right = [], []
    for rows in held_out.split(plan.batch_size, dim=1):
        inputs, targets = _examples(chunk, rows)
        outputs = plan.model.outputs(params, inputs)
        losses.append(LOSSES[plan.loss](outputs, targets)[0] * rows.shape[1])
        right.append(hits(outputs, targets))
    accuracies = torch.stack(right).sum(0).cpu().double() / count
    labelled = plan.loss == "cross_entropy"
    return torch.stack(losses).sum(0) / count, accuracies if labelled else nothing
