"""The tidy table of a sweep: one row a member, or one a member and epoch."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from lrcourse.sweep.chunks import Chunk
from lrcourse.sweep.program import Seen

MEASURES = ["train_loss", "test_loss", "accuracy"]


def tidy(chunks: Iterable[Chunk], results: Iterable[list[Seen]]) -> pd.DataFrame:
    """Return the rows of all chunks, in the order in which the grid was given.

    ``failed_step`` is <NA> for members that are still finite; what a failed one
    measured is nan.
    """
    frames = [
        _frame(chunk, seen)
        for chunk, looks in zip(chunks, results, strict=True)
        for seen in looks
    ]
    table = pd.concat(frames).sort_index(kind="stable").reset_index(drop=True)
    table["failed"] = table["failed_step"] >= 0
    table.loc[table["failed"], MEASURES] = np.nan
    table["failed_step"] = table["failed_step"].astype("Int64").where(table["failed"])
    return table[[*table.columns.drop("failed_step"), "failed_step"]]


def _frame(chunk: Chunk, seen: Seen) -> pd.DataFrame:
    """Return the rows of one chunk after one epoch, indexed by place in the grid."""
    members = [
        ((chunk.rule_place, column.place, group.place), column, group)
        for group in chunk.groups
        for column in chunk.columns
    ]
    return pd.DataFrame(
        {
            "rule": [chunk.rule_name] * len(members),
            "schedule": [column.schedule for _, column, _ in members],
            "lr": [column.lr for _, column, _ in members],
            "seed": [group.seed for _, _, group in members],
            "fold": [group.fold_number for _, _, group in members],
            "epoch": seen.epoch,
            "train_loss": seen.train_losses.numpy(force=True).astype(np.float64),
            "test_loss": seen.test_losses.numpy(force=True).astype(np.float64),
            "accuracy": seen.accuracies.numpy(force=True).astype(np.float64),
            "failed_step": seen.failed_steps.numpy(force=True),
        },
        index=pd.MultiIndex.from_tuples([place for place, _, _ in members]),
    )
