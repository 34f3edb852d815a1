"""The training of one chunk: all its members take their steps together."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor

from lrcourse.data import batches
from lrcourse.optimizers import NetworkRule, Rule
from lrcourse.sweep.averages import Averaged
from lrcourse.sweep.chunks import Chunk
from lrcourse.sweep.examples import TRAIN
from lrcourse.sweep.fused import fused
from lrcourse.sweep.losses import LOSSES
from lrcourse.sweep.models import first_params
from lrcourse.sweep.record import Record, Seen
from lrcourse.sweep.watched import last_seen

torch.set_num_threads(1)  # chunks run side by side; the same digits on 1, 2 and 8 cores


@torch.inference_mode()
def train(chunk: Chunk) -> list[Seen]:
    """Train all members of `chunk`; return what was seen at each of its looks.

    Member ``i`` has the group ``i // columns`` and the column ``i % columns``.
    """
    model, loss, sets = chunk.plan.model, LOSSES[chunk.plan.loss], chunk.sets
    rule, rates = _fast(chunk.rule), _rates(chunk)
    losses = torch.empty_like(rates)  # whole, since small pieces would break up memory
    record = Record(chunk, rates, losses)
    seeds = [group.seed for group in chunk.groups]
    params = first_params(model, seeds, len(chunk.columns), rates)
    state = rule.init(params)
    for step, rows in enumerate(_batches(chunk)):
        inputs, targets = sets.take(TRAIN, rows)
        losses[step], grads = model.losses_and_grads(params, inputs, targets, loss)
        params, state = rule.step(params, grads, state, rates[step], losses[step])
        if step + 1 in record.stops:
            judged = dict(rule.judged(params, state))
            record.look(step + 1, params, judged, last_seen(state))
    return record.seen


def _fast(rule: Rule | NetworkRule) -> NetworkRule:
    """Return `rule` for networks, by its faster twin where it has one."""
    if isinstance(rule, Averaged):
        return replace(rule, rule=fused(rule.rule))
    return fused(rule)


def _rates(chunk: Chunk) -> Tensor:
    """Return the table of rates, (updates, members)."""
    table = np.stack([column.rates for column in chunk.columns], axis=1)
    by_group = torch.from_numpy(table).repeat(1, len(chunk.groups))
    return by_group.to(chunk.plan.examples[TRAIN].inputs)


def _batches(chunk: Chunk) -> Iterator[Tensor]:
    """Yield which examples the groups train on, (groups, examples), batch by batch."""
    plan, sets, orders = chunk.plan, chunk.sets, []
    for group in chunk.groups:
        rows = sets.rows(group, TRAIN)  # whole passes, to be cut for all groups at once
        orders.append(batches(rows, rows, len(rows), plan.epochs, group.seed))
    for passes in zip(*orders, strict=True):
        together = torch.from_numpy(np.stack([rows for rows, _ in passes]))
        yield from together.split(plan.batch_size, dim=1)
