"""Record the rates of any PyTorch loop, without changing what it does."""

from __future__ import annotations

import lrcourse._torch  # noqa: F401  # isort: skip
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from torch.optim import Optimizer

from lrcourse._arrays import Array


@dataclass
class Record:
    """The rates and momenta that updates used, group by group."""

    _lrs: list[list[float]] = field(default_factory=list)
    _momenta: list[list[float]] = field(default_factory=list)

    @property
    def rates(self) -> Array:
        """Return the rates, shape (updates, groups), nan before a group joined."""
        return _square(self._lrs)

    @property
    def momenta(self) -> Array:
        """Return momentum or beta1, shape as `rates`, nan where there is none."""
        return _square(self._momenta)

    def _add(self, groups: list[dict[str, Any]]) -> None:
        self._lrs.append([float(group["lr"]) for group in groups])
        self._momenta.append([_momentum(group) for group in groups])


@contextmanager
def record_rates(optimizer: Optimizer) -> Iterator[Record]:
    """Record the rate of every ``optimizer.step()`` inside the block.

    It is read before the step, as the update uses it. A step that mixed precision
    leaves out is no update, and is not recorded.

    >>> import torch
    >>> from lrcourse.audit.recorder import record_rates
    >>> optimizer = torch.optim.SGD([torch.zeros(1)], lr=0.5)
    >>> with record_rates(optimizer) as record:
    ...     optimizer.step()
    >>> record.rates
    array([[0.5]])
    """
    record = Record()
    hook = optimizer.register_step_pre_hook(
        lambda stepping, args, kwargs: record._add(stepping.param_groups)
    )
    try:
        yield record
    finally:
        hook.remove()


def _momentum(group: dict[str, Any]) -> float:
    """Return what `group` remembers gradients with: momentum, else beta1, else nan."""
    if "betas" in group:
        return float(group["betas"][0])
    return float(group.get("momentum", np.nan))


def _square(rows: list[list[float]]) -> Array:
    """Return rows that grow as an array, nan where a row was shorter."""
    width = max(map(len, rows), default=0)
    array = np.full((len(rows), width), np.nan)
    for row, values in zip(array, rows, strict=True):
        row[: len(values)] = values
    return array
