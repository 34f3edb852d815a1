"""What is seen of a chunk while it trains, and what follows for its rates."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import torch
from torch import Tensor

from lrcourse import optimizers
from lrcourse.sweep.chunks import Chunk
from lrcourse.sweep.examples import TRAIN
from lrcourse.sweep.looks import Look
from lrcourse.sweep.measures import Held
from lrcourse.sweep.models import Tensors
from lrcourse.sweep.reactions import Reactions


class Seen(NamedTuple):
    """What was seen after `step` updates: columns of shape (members, ...) by name.

    `last_lrs` are the rates of the last update; `failed_steps` counts the updates made
    when a member was no longer finite, -1 where it still is.
    """

    step: int
    last_lrs: Tensor
    numbers: Mapping[str, Tensor]
    failed_steps: Tensor
    kept: Mapping[str, Held]


class Record:
    """The looks at a chunk, in the order of its updates.

    `rates` and `losses`, (updates, members), are those of the loop: it fills the
    losses, and here the rates are filled in that follow from a metric.
    """

    def __init__(self, chunk: Chunk, rates: Tensor, losses: Tensor) -> None:
        self.seen: list[Seen] = []
        self._chunk, self._rates, self._losses = chunk, rates, losses
        self._sets, self._looks = chunk.sets, chunk.looks
        self._ends = frozenset(chunk.epoch_ends) if chunk.reacts else frozenset()
        self._reactions = Reactions(chunk.groups, chunk.columns)
        self.stops = self._looks | self._ends

    def look(
        self,
        step: int,
        params: Tensors,
        judged: Tensors,
        last: optimizers.Seen | None,
    ) -> None:
        """Look at the `judged` weights after `step` updates, and set the rates.

        `last` is what was seen of the last update, if the rule was watched.
        """
        plan = self._chunk.plan
        since = max(step - self._chunk.epoch_ends.step, 0)
        means = self._losses[since:step].mean(0)
        setting = plan.model, plan.loss, judged, step, means, self._sets
        look = Look(*setting, plan.batch_size, last)
        if step in self._looks:
            self.seen.append(self._seen(look, params))
        if step in self._ends and plan.metric is not None:
            metrics = plan.columns.numbers[plan.metric](look)
            rates = self._rates.new_tensor(self._reactions.react(metrics))
            self._rates[step : step + self._chunk.epoch_ends.step] = rates

    def _seen(self, look: Look, params: Tensors) -> Seen:
        columns = self._chunk.plan.columns
        numbers = {name: number(look) for name, number in columns.numbers.items()}
        kept = {name: _copied(keeper(look)) for name, keeper in columns.kept.items()}
        rates, failed = self._rates[look.step - 1].clone(), self._failed(look, params)
        return Seen(look.step, rates, numbers, failed, kept)

    def _failed(self, look: Look, params: Tensors) -> Tensor:
        """Return after how many updates each member was no longer finite, or -1."""
        sound = [w.flatten(1).isfinite().all(1) for w in params.values()]
        measured = self._chunk.groups[0].fold.keys() - {TRAIN}
        sound += [look.losses(name).isfinite() for name in sorted(measured)]
        losses = self._losses[: look.step].isfinite()
        finite = torch.vstack([losses, torch.stack(sound).all(0)])
        return (~finite).int().argmax(0).where(~finite.all(0), -1)


def _copied(kept: Held) -> Held:
    """Return a copy, since the weights go on."""
    if isinstance(kept, Tensor):
        return kept.clone()
    if isinstance(kept, optimizers.Seen):
        parts: list[Any] = [_copied(part) for part in kept]
        return optimizers.Seen(*parts)
    return {name: array.clone() for name, array in kept.items()}
