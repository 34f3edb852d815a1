"""Rules that look at a metric, one state for each member of a chunk."""

from collections.abc import Sequence
from typing import Any

from torch import Tensor

from lrcourse.sweep.folds import Group
from lrcourse.sweep.rates import Column, require_rate


class Reactions:
    """The states of all members whose schedule looks at a metric, and their rates."""

    def __init__(self, groups: Sequence[Group], columns: Sequence[Column]) -> None:
        self._columns = [column for _ in groups for column in columns]
        self._states: list[Any] = [
            column.feedback.init() for column in self._columns if column.feedback
        ]

    def react(self, metrics: Tensor) -> list[float]:
        """Return the rates (members,) that follow an epoch with these metrics.

        Raises:
            ValueError: A rule returns what is no learning rate.
        """
        members = zip(self._columns, self._states, metrics.tolist(), strict=True)
        self._states = [
            column.feedback.step(state, metric)
            for column, state, metric in members
            if column.feedback
        ]
        rates = [float(state.lr) for state in self._states]
        for column, lr in zip(self._columns, rates, strict=True):
            require_rate(column.schedule, lr, "after an epoch")
        return rates
