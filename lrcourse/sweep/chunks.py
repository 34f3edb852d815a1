"""The grid of a sweep, cut into chunks that fit a bound on memory."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Any, NamedTuple

from torch import Tensor
from torch.autograd.graph import saved_tensors_hooks

from lrcourse.optimizers import NetworkRule, Rule, on_network
from lrcourse.sweep.examples import Examples, Fold
from lrcourse.sweep.models import Model, Tensors, first_params
from lrcourse.sweep.rates import Column


class Group(NamedTuple):
    """What members share: first parameters, batches, and what is held out."""

    place: int
    seed: int
    fold_number: int
    fold: Fold


@dataclass(frozen=True)
class Plan:
    """What all members of a sweep have in common."""

    model: Model
    examples: Examples
    loss: str
    epochs: int
    batch_size: int
    every_epoch: bool


@dataclass(frozen=True)
class Chunk:
    """Members that are trained as one program: every group with every column."""

    plan: Plan
    rule_place: int
    rule_name: Any
    rule: Rule | NetworkRule
    groups: Sequence[Group]
    columns: Sequence[Column]

    @property
    def members(self) -> int:
        """How many trainings it is."""
        return len(self.groups) * len(self.columns)


def of_one_size(groups: Sequence[Group]) -> list[list[Group]]:
    """Return `groups` by the sizes of their folds: their batches end together."""

    def sizes(group: Group) -> tuple[int, int]:
        return len(group.fold.train), len(group.fold.held_out)

    return [list(alike) for _, alike in groupby(sorted(groups, key=sizes), key=sizes)]


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
    chunks = []
    for place, (name, rule) in enumerate(rules.items()):
        limit = chunk_bytes // member_bytes(plan, rule, chunk_bytes)
        for some in _parts(groups, limit):
            for few in _parts(columns, limit // len(some)):
                chunks.append(Chunk(plan, place, name, rule, some, few))
    return chunks


def member_bytes(plan: Plan, rule: Rule | NetworkRule, chunk_bytes: int) -> int:
    """Estimate what one member takes: parameters, gradients, state and activations.

    An update holds the old and the new parameters and state, and two arrays on the
    way; a backward pass at most as much as the forward pass kept. ValueError if it is
    more than `chunk_bytes`.
    """
    params = first_params(plan.model, [0], 1, plan.examples.inputs)
    batch = plan.examples.inputs[None, : plan.batch_size]
    kept = 2 * _kept_bytes(plan.model, params, batch)
    state = _tensors(on_network(rule).init(params))
    needed = kept + sum(5 * w.nbytes for w in params.values())
    needed += sum(2 * array.nbytes for array in state)
    if needed > chunk_bytes:
        raise ValueError(
            "chunk_bytes must leave room for one member, which takes about "
            f"{needed} bytes, got {chunk_bytes}: raise it, or lower batch_size"
        )
    return needed


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
