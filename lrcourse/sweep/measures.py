"""What a sweep writes into its table: numbers of a look, and what is kept of it."""

from collections.abc import Callable, Collection, Iterable, Mapping
from functools import partial
from typing import Any, NamedTuple

import torch
from torch import Tensor

from lrcourse.optimizers import Seen
from lrcourse.sweep.examples import TRAIN
from lrcourse.sweep.looks import Look
from lrcourse.sweep.models import Tensors

Measure = Callable[[Look], Tensor]  # one number a member, (members,)
Held = Tensor | Tensors | Seen  # arrays with an axis of members in front
Keeper = Callable[[Look], Held]

COORDINATES = ("rule", "schedule", "lr", "batch_size", "seed", "fold", "epoch")
RECORD = ("step", "last_lr", "failed", "failed_step")


class Columns(NamedTuple):
    """The columns of a table that come from looks, each with its function.

    `given` are those of `numbers` that the caller's own functions make.
    """

    numbers: Mapping[str, Measure]
    kept: Mapping[str, Keeper]
    given: frozenset[str] = frozenset()


class Needs(NamedTuple):
    """What one member takes at a look, in bytes: while at work, and kept of it."""

    work: int
    kept: int


def table_columns(
    parts: Iterable[str],
    named: bool,
    labelled: bool,
    measures: Mapping[str, Measure] | None,
    keep: Collection[str],
) -> Columns:
    """Return the columns that the `parts` of a fold, `measures` and `keep` make.

    A part `tuning` has columns tuning_loss and tuning_accuracy. What is not `named`,
    the sets of a tuple, has test_loss and accuracy, nan if there is nothing to test on.
    An accuracy is nan where targets are not `labelled`.

    Raises:
        ValueError: `measures` takes a name of the table or holds no functions, or
            `keep` names nothing that can be kept.
    """
    numbers: dict[str, Measure] = {"train_loss": _train_losses}
    if not named:
        numbers |= {"test_loss": _nothing, "accuracy": _nothing}
    keepers: dict[str, Keeper] = {"weights": _weights, "watched": _watched}
    for name in parts:
        keepers[f"{name}_outputs"] = partial(_outputs, name=name)
        if name != TRAIN:
            numbers[f"{name}_loss"] = partial(_losses, name=name)
            accuracy = f"{name}_accuracy" if named else "accuracy"
            told = partial(_accuracies, name=name)
            numbers[accuracy] = told if labelled else _nothing
    own = _checked(measures or {}, {*COORDINATES, *RECORD, *numbers, *keepers})
    kept = {name: keepers[name] for name in _kept(keep, keepers)}
    return Columns(numbers | own, kept, frozenset(own))


def needs(look: Look, columns: Columns) -> Needs:
    """Return what one member takes, from a `look` at a few, two or more.

    Raises:
        ValueError: A measure does not return one number for each member.
    """
    for name in sorted(columns.given):
        value = columns.numbers[name](look)
        shape = getattr(value, "shape", None)
        if shape != (look.members,):
            raise ValueError(
                f"measures[{name!r}] must return one number for each member, of shape "
                f"({look.members},) for {look.members} of them, got "
                + (f"{value!r}" if shape is None else f"shape {tuple(shape)}")
            )
    kept = [arrays(keeper(look)) for keeper in columns.kept.values()]
    held = sum(array.nbytes for each in kept for array in each)
    return Needs(2 * look.held_bytes // look.members, held // look.members)


def metrics(columns: Columns) -> list[str]:
    """Return the columns that hold a number for a rule to look at."""
    return [name for name, number in columns.numbers.items() if number != _nothing]


def arrays(kept: Held) -> list[Tensor]:
    """Return what a keeper returned as a list of tensors."""
    if isinstance(kept, Tensor):
        return [kept]
    if isinstance(kept, Seen):
        return [array for part in kept for array in arrays(part)]
    return list(kept.values())


def _train_losses(look: Look) -> Tensor:
    return look.train_losses


def _losses(look: Look, name: str) -> Tensor:
    return look.losses(name)


def _accuracies(look: Look, name: str) -> Tensor:
    return look.accuracies(name)


def _nothing(look: Look) -> Tensor:
    return torch.full((look.members,), torch.nan)


def _weights(look: Look) -> Tensors:
    return look.params


def _watched(look: Look) -> Seen:
    return look.watched


def _outputs(look: Look, name: str) -> Tensor:
    return look.outputs(name)


def _checked(measures: Mapping[str, Any], taken: set[str]) -> dict[str, Measure]:
    for name, measure in measures.items():
        if name in taken:
            raise ValueError(
                f"measures must not name {name!r}, which is a column of the table"
            )
        if not callable(measure):
            raise ValueError(
                f"measures[{name!r}] must be a function of a Look that returns one "
                f"number for each member, got {measure!r}"
            )
    return dict(measures)


def _kept(keep: Collection[str], keepers: Mapping[str, Keeper]) -> Collection[str]:
    names = (keep,) if isinstance(keep, str) else keep
    for name in names:
        if name not in keepers:
            raise ValueError(f"keep must name {', '.join(keepers)}, got {name!r}")
    return names
