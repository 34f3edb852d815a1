"""A look at all members of a chunk, as they are after some updates."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor

from lrcourse._arrays import Integers
from lrcourse.optimizers import Seen
from lrcourse.sweep.examples import TRAIN, Examples
from lrcourse.sweep.folds import Group, Part
from lrcourse.sweep.losses import LOSSES, hits
from lrcourse.sweep.models import Model, Tensors


@dataclass(frozen=True)
class Sets:
    """The examples of some groups: which to train on, and which to measure.

    Raises:
        ValueError: There is no part of the name that is asked for.
    """

    examples: Mapping[str, Examples]
    groups: Sequence[Group]

    def size(self, name: str) -> int:
        """Return how many examples each group has in the part `name`."""
        part = self._part(name)
        whole = len(self.examples[part.of].inputs)
        return whole if part.rows is None else len(part.rows)

    def take(self, of: str, rows: Tensor) -> tuple[Tensor, Tensor]:
        """Return inputs and targets, (groups, examples, ...), targets columns first."""
        inputs, targets = self.examples[of]
        taken = rows.to(inputs.device).flatten()
        some = [
            array.index_select(0, taken).view(*rows.shape, *array.shape[1:])
            for array in (inputs, targets)
        ]
        return some[0], some[1].mT.contiguous().mT

    def pieces(self, name: str, size: int) -> Iterator[tuple[Tensor, Tensor]]:
        """Yield the part `name`, `size` examples at a time.

        Where all members have the same examples they are one group.
        """
        part = self._part(name)
        of_one_fold = len({group.fold_number for group in self.groups}) == 1
        each = self.groups[:1] if part.rows is None or of_one_fold else self.groups
        rows = torch.from_numpy(np.stack([self.rows(group, name) for group in each]))
        for some in rows.split(size, dim=1):
            yield self.take(part.of, some)

    def rows(self, group: Group, name: str) -> Integers:
        """Return the numbers of the examples that `group` has in the part `name`."""
        rows = group.fold[name].rows
        return np.arange(self.size(name)) if rows is None else rows

    def _part(self, name: str) -> Part:
        fold = self.groups[0].fold
        if name not in fold:
            raise ValueError(f"name must be one of {', '.join(fold)}, got {name!r}")
        return fold[name]


@dataclass(frozen=True)
class Look:
    """What a measure is a function of: all members of a chunk after `step` updates.

    ``params[name]`` holds the weights that are judged, (members, ...): read them, and
    copy what you keep. `train_losses` (members,) are means over the last epoch's worth
    of batches, each before its update. What is asked of a set, by its name, is worked
    out once, on all of its examples; with `model` a measure can work out more.

    Raises:
        ValueError: There is no set of the name that is asked for, or a rule is not
            `Watched` whose updates are.
    """

    model: Model
    loss: str
    params: Tensors
    step: int
    train_losses: Tensor
    sets: Sets
    piece: int  # examples at a time
    last: Seen | None = None  # of the updates that `Watched` saw
    _scores: dict[str, tuple[Tensor, Tensor]] = field(default_factory=dict)
    _outputs: dict[str, Tensor] = field(default_factory=dict)

    @property
    def held_bytes(self) -> int:
        """How much the outputs take that were asked for."""
        return sum(outputs.nbytes for outputs in self._outputs.values())

    @property
    def members(self) -> int:
        """How many trainings are looked at."""
        return len(next(iter(self.params.values())))

    @property
    def watched(self) -> Seen:
        """What `Watched` saw of the last update: the lengths of arrays are (members,).

        The update over the weight of a layer is
        ``look.watched.steps["W1"] / look.watched.weights["W1"]``.
        """
        if self.last is None:
            raise ValueError(
                "rules must all be watched, as Watched(SGD()), where measures or keep "
                "ask what an update saw and did"
            )
        return self.last

    def losses(self, name: str) -> Tensor:
        """Return the mean losses on the set `name`, (members,)."""
        return self._scored(name)[0]

    def accuracies(self, name: str) -> Tensor:
        """Return the shares of the set `name` told rightly, (members,), or nan."""
        return self._scored(name)[1]

    def outputs(self, name: str) -> Tensor:
        """Return the model's outputs, (members, examples, outputs)."""
        if name not in self._outputs:
            some = [
                self.model.outputs(self.params, inputs)
                for inputs, _ in self._pieces(name)
            ]
            self._outputs[name] = torch.cat(some, dim=1)
        return self._outputs[name]

    def targets(self, name: str) -> Tensor:
        """Return the targets, (members, examples, outputs), one-hot where labels."""
        targets = torch.cat([some for _, some in self._pieces(name)], dim=1)
        if len(targets) == 1:
            return targets.expand(self.members, -1, -1)
        return targets.repeat_interleave(self.members // len(targets), 0)

    def grads(self, name: str = TRAIN) -> Tensors:
        """Return the gradients of the loss on the set `name`, like `params`.

        They are those of training: batch normalisation uses the moments of its pieces.
        """
        count = self.sets.size(name)
        params = {key: w.clone() for key, w in self.params.items()}
        sums: Tensors = {}
        for inputs, targets in self._pieces(name):
            _, grads = self.model.losses_and_grads(
                params, inputs, targets, LOSSES[self.loss]
            )
            share = inputs.shape[1] / count
            sums = {key: sums.get(key, 0) + share * g for key, g in grads.items()}
        return sums

    def _scored(self, name: str) -> tuple[Tensor, Tensor]:
        if name not in self._scores:
            self._scores[name] = self._score(name)
        return self._scores[name]

    def _score(self, name: str) -> tuple[Tensor, Tensor]:
        count, losses, right = self.sets.size(name), [], []
        for inputs, targets in self._pieces(name):
            outputs = self.model.outputs(self.params, inputs)
            losses.append(LOSSES[self.loss](outputs, targets)[0] * inputs.shape[1])
            right.append(hits(outputs, targets))
        accuracies = torch.stack(right).sum(0).cpu().double() / count
        if self.loss != "cross_entropy":
            accuracies = torch.full_like(accuracies, torch.nan)
        return torch.stack(losses).sum(0) / count, accuracies

    def _pieces(self, name: str) -> Iterator[tuple[Tensor, Tensor]]:
        return self.sets.pieces(name, self.piece)
