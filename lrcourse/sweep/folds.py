"""Which examples a training sees: parts of the sets, by the numbers of examples."""

from collections.abc import Iterable, Mapping
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from lrcourse._arrays import Integers
from lrcourse.sweep.examples import TEST, TRAIN, GivenData

HELD_OUT = "held_out"


class Part(NamedTuple):
    """Examples of the set `of`, (examples,); `rows` is None where they are all."""

    of: str
    rows: Integers | None


class Group(NamedTuple):
    """What members share: first parameters, batches, and the parts of a fold."""

    place: int
    seed: int
    fold_number: int
    fold: Mapping[str, Part]


GivenFold = tuple[ArrayLike, ArrayLike] | Mapping[str, ArrayLike]


class Folds(NamedTuple):
    """The parts of every fold, by name; `named` says whether a caller named them."""

    folds: list[dict[str, Part]]
    named: bool


def data_folds(
    data: GivenData, sizes: Mapping[str, int], folds: Iterable[GivenFold] | None
) -> Folds:
    """Return the folds of `data`, whose sets have these `sizes`.

    What a tuple holds to test on is left alone where there are `folds`.
    """
    given = None if folds is None else list(folds)
    if isinstance(data, Mapping):
        return Folds(cut_folds(given, sizes, HELD_OUT), named=True)
    if given is not None:
        sizes = {TRAIN: sizes[TRAIN]}
    named = given is not None and any(isinstance(fold, Mapping) for fold in given)
    return Folds(cut_folds(given, sizes, TEST), named)


def cut_folds(
    folds: Iterable[GivenFold] | None, sizes: Mapping[str, int], held_out: str
) -> list[dict[str, Part]]:
    """Return the parts of every fold, "train" among them, each with its name.

    `sizes` counts the examples of each set. Without `folds` there is one, of all sets
    whole. With them the set "train" is cut, and the others stay whole beside it; of a
    pair the second part gets the name `held_out`.

    Raises:
        ValueError: `folds` is not as `sweep` says.
    """
    if folds is None:
        return [{name: Part(name, None) for name in sizes}]
    others = {name: Part(name, None) for name in sizes if name != TRAIN}
    found = [_parts(fold, sizes[TRAIN], held_out) for fold in folds]
    if not found:
        raise ValueError("folds must have at least one (train, held out) pair")
    for parts in found:
        _require_names(parts, found[0], others)
        _require_disjoint(parts)
    return [
        {name: Part(TRAIN, rows) for name, rows in parts.items()} | others
        for parts in found
    ]


def _parts(fold: Any, examples: int, held_out: str) -> dict[str, Integers]:
    """Return the numbers of examples in each part of one fold."""
    if not isinstance(fold, Mapping):
        fold = dict(zip((TRAIN, held_out), fold, strict=True))
    parts = {name: np.asarray(rows) for name, rows in fold.items()}
    for part in parts.values():
        whole = part.ndim == 1 and len(part) and part.dtype.kind in "iu"
        if not whole or part.min() < 0 or part.max() >= examples:
            raise ValueError(
                "folds must be pairs of rows of example numbers, or such rows by "
                f"name, each from 0 to {examples - 1} and none empty, got {part!r}"
            )
    return parts


def _require_names(
    parts: Mapping[str, Any], first: Mapping[str, Any], others: Mapping[str, Any]
) -> None:
    if TRAIN not in parts or list(parts) != list(first):
        raise ValueError(
            f"folds must all have the same parts, {TRAIN!r} among them, "
            f"got {list(first)} and {list(parts)}"
        )
    for name in parts:
        if name in others:
            raise ValueError(
                f"folds must not name a part {name!r}, which is a set in data: "
                "rename one of them"
            )


def _require_disjoint(parts: Mapping[str, Integers]) -> None:
    for one, other in combinations(parts, 2):
        if not np.intersect1d(parts[one], parts[other]).size:
            continue
        if TRAIN in (one, other):
            raise ValueError("folds must not train on an example that they hold out")
        raise ValueError(
            f"folds must not have an example in both {one!r} and {other!r}: what "
            "chooses must not report"
        )
