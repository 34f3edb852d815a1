"""The tidy table of a sweep: one row a member and look."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from torch import Tensor

from lrcourse import optimizers
from lrcourse.sweep.chunks import Chunk
from lrcourse.sweep.measures import Held
from lrcourse.sweep.record import Seen


def tidy(
    chunks: Sequence[Chunk], results: Iterable[list[Seen]], extra: Iterable[str]
) -> pd.DataFrame:
    """Return the rows of all chunks, in the order in which the grid was given.

    ``failed_step`` is <NA> for members that are still finite; what a failed one
    measured is nan. Of the columns batch_size, step and last_lr there are the `extra`.
    """
    frames = [
        _frame(chunk, seen)
        for chunk, looks in zip(chunks, results, strict=True)
        for seen in looks
    ]
    table = pd.concat(frames).sort_index(kind="stable").reset_index(drop=True)
    table["failed"] = table["failed_step"] >= 0
    table.loc[table["failed"], list(chunks[0].plan.columns.numbers)] = np.nan
    table["failed_step"] = table["failed_step"].astype("Int64").where(table["failed"])
    left_out = {"batch_size", "step", "last_lr"}.difference(extra)
    return table[[*table.columns.drop(["failed_step", *left_out]), "failed_step"]]


def _frame(chunk: Chunk, seen: Seen) -> pd.DataFrame:
    """Return the rows of one chunk at one look, indexed by place in the grid."""
    plan = chunk.plan
    members = [
        ((chunk.rule_place, plan.place, column.place, group.place), column, group)
        for group in chunk.groups
        for column in chunk.columns
    ]
    return pd.DataFrame(
        {
            "rule": [chunk.rule_name] * len(members),
            "schedule": [column.schedule for _, column, _ in members],
            "lr": [column.lr for _, column, _ in members],
            "batch_size": plan.batch_size,
            "seed": [group.seed for _, _, group in members],
            "fold": [group.fold_number for _, _, group in members],
            "epoch": seen.step // chunk.epoch_ends.step,
            "step": seen.step,
            "last_lr": _numbers(seen.last_lrs),
            **{name: _numbers(values) for name, values in seen.numbers.items()},
            **{name: _each(kept) for name, kept in seen.kept.items()},
            "failed_step": seen.failed_steps.numpy(force=True),
        },
        index=pd.MultiIndex.from_tuples([place for place, _, _ in members]),
    )


def _numbers(values: Tensor) -> np.ndarray:
    return values.numpy(force=True).astype(np.float64)


def _each(kept: Held) -> list[Any]:
    """Return what is kept of each member: an array, arrays by name, or an update."""
    if isinstance(kept, Tensor):
        return list(kept.numpy(force=True))
    if isinstance(kept, optimizers.Seen):
        parts = zip(*map(_each, kept), strict=True)
        return [optimizers.Seen(*member) for member in parts]
    arrays = {name: _each(array) for name, array in kept.items()}
    members = zip(*arrays.values(), strict=True)
    return [dict(zip(arrays, member, strict=True)) for member in members]
