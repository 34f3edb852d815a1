"""The grid of a sweep, cut into chunks that fit a bound on memory."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Any

import torch
from torch import Tensor
from torch.autograd.graph import saved_tensors_hooks

from lrcourse.optimizers import NetworkRule, Rule, Seen, on_network
from lrcourse.sweep.examples import TRAIN, Examples
from lrcourse.sweep.folds import Group
from lrcourse.sweep.looks import Look, Sets
from lrcourse.sweep.measures import Columns, Needs, needs
from lrcourse.sweep.models import Model, Tensors, first_params
from lrcourse.sweep.rates import Column, updates
from lrcourse.sweep.watched import is_watched


@dataclass(frozen=True)
class Plan:
    """What all members of a sweep with one batch size have in common."""

    model: Model
    examples: Mapping[str, Examples]
    loss: str
    epochs: int
    every_epoch: bool
    at: tuple[int, ...]  # updates after which there is a look, too
    columns: Columns
    metric: str | None  # the column that feedback rules look at
    batch_size: int = 1
    place: int = 0  # of the batch size in the grid


@dataclass(frozen=True)
class Chunk:
    """Members that are trained as one program: every group with every column."""

    plan: Plan
    rule_place: int
    rule_name: Any
    rule: Rule | NetworkRule
    groups: Sequence[Group]
    columns: Sequence[Column]
    kept: int  # bytes of one member at one look

    @property
    def members(self) -> int:
        """How many trainings it is."""
        return len(self.groups) * len(self.columns)

    @property
    def sets(self) -> Sets:
        """The examples of its groups."""
        return Sets(self.plan.examples, self.groups)

    @property
    def reacts(self) -> bool:
        """Whether a metric makes its rates: those of all its columns, or of none."""
        return self.columns[0].feedback is not None

    @property
    def epoch_ends(self) -> range:
        """The numbers of updates after which an epoch ends."""
        per_epoch = updates(self.sets.size(TRAIN), self.plan.batch_size)
        return range(per_epoch, self.plan.epochs * per_epoch + 1, per_epoch)

    @property
    def looks(self) -> frozenset[int]:
        """The numbers of updates after which there is a row for each member."""
        if self.plan.every_epoch:
            return frozenset((*self.epoch_ends, *self.plan.at))
        return frozenset(self.plan.at or self.epoch_ends[-1:])

    @property
    def kept_bytes(self) -> int:
        """How much is kept of all its members, of all looks together."""
        return self.kept * self.members * len(self.looks)


def of_one_size(groups: Sequence[Group]) -> list[list[Group]]:
    """Return `groups` by the sizes of their folds: their batches end together."""

    def sizes(group: Group) -> list[int]:
        rows = [part.rows for part in group.fold.values()]
        return [0 if some is None else len(some) for some in rows]

    return [list(alike) for _, alike in groupby(sorted(groups, key=sizes), key=sizes)]


def of_one_kind(columns: Sequence[Column]) -> list[list[Column]]:
    """Return `columns` by whether a metric makes their rates: looking at it costs."""
    kinds = [
        [column for column in columns if (column.feedback is not None) == reacts]
        for reacts in (False, True)
    ]
    return [kind for kind in kinds if kind]


def cut(
    plan: Plan,
    rules: Mapping[Any, Rule | NetworkRule],
    groups: Sequence[Group],
    columns: Sequence[Column],
    chunk_bytes: int,
) -> list[Chunk]:
    """Return the chunks of a grid, each of about equal size and within `chunk_bytes`.

    How it is cut does not depend on who works on it, so neither do the results.
    """
    chunks, kinds = [], {is_watched(rule) for rule in rules.values()}
    looks = {kind: _first_look(plan, groups[0], kind) for kind in kinds}
    needed = {kind: needs(look, plan.columns) for kind, look in looks.items()}
    for place, (name, rule) in enumerate(rules.items()):
        need = needed[is_watched(rule)]
        limit = chunk_bytes // member_bytes(plan, rule, need, chunk_bytes)
        # all columns of a group side by side, where there is room: they share batches
        for few in _parts(columns, limit):
            for some in _parts(groups, limit // len(few)):
                chunks.append(Chunk(plan, place, name, rule, some, few, need.kept))
    return chunks


def member_bytes(
    plan: Plan, rule: Rule | NetworkRule, need: Needs, chunk_bytes: int
) -> int:
    """Estimate what one member takes: parameters, gradients, state and activations.

    An update holds the old and the new parameters and state, and two arrays on the
    way; a backward pass at most as much as the forward pass kept; a look what it
    `need`s.

    Raises:
        ValueError: It is more than `chunk_bytes`.
    """
    inputs = plan.examples[TRAIN].inputs
    params = first_params(plan.model, [0], 1, inputs)
    kept = 2 * _kept_bytes(plan.model, params, inputs[None, : plan.batch_size])
    state = _tensors(on_network(rule).init(params))
    needed = kept + sum(5 * w.nbytes for w in params.values()) + need.work
    needed += sum(2 * array.nbytes for array in state)
    if needed > chunk_bytes:
        raise ValueError(
            "chunk_bytes must leave room for one member, which takes about "
            f"{needed} bytes, got {chunk_bytes}: raise it, or lower batch_size"
        )
    return needed


@torch.inference_mode()
def _first_look(plan: Plan, group: Group, watched: bool) -> Look:
    """Return a look at two members, alike, before their first update.

    What was seen of an update, if that is `watched`, is nan.
    """
    sets, like = Sets(plan.examples, [group]), plan.examples[TRAIN].inputs
    params = first_params(plan.model, [group.seed], 2, like)
    no_losses = like.new_full((2,), math.nan)
    lengths = dict.fromkeys(params, no_losses)
    last = Seen(no_losses, lengths, lengths, lengths) if watched else None
    setting = plan.model, plan.loss, params, 0, no_losses, sets
    return Look(*setting, plan.batch_size, last)


def _parts(whole: Sequence[Any], limit: int) -> Iterator[Sequence[Any]]:
    """Yield `whole` in equal parts of at most `limit`: 1, 2, 4, 8 or more of them.

    A power of two, so that two or four workers are done at the same time.
    """
    count = 2 ** math.ceil(math.log2(len(whole) / min(limit, len(whole))))
    marks = [len(whole) * part // count for part in range(count + 1)]
    yield from (whole[start:stop] for start, stop in pairwise(marks) if start < stop)


def _kept_bytes(model: Model, params: Tensors, batch: Tensor) -> int:
    """Return how much a forward pass keeps for the backward pass."""
    kept = []

    def count(tensor: Tensor) -> Tensor:
        kept.append(tensor.nbytes)
        return tensor

    leaves = {name: w.detach().requires_grad_() for name, w in params.items()}
    with saved_tensors_hooks(count, lambda tensor: tensor):
        outputs = model.outputs(leaves, batch)
    return outputs.nbytes + sum(kept)


def _tensors(state: Any) -> Iterator[Tensor]:
    """Yield the tensors in the state of a rule."""
    if isinstance(state, Tensor):
        yield state
    elif isinstance(state, Mapping):
        for value in state.values():
            yield from _tensors(value)
    elif isinstance(state, tuple | list):
        for value in state:
            yield from _tensors(value)
