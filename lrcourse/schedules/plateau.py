"""Reduce on plateau: one state machine, and how three libraries count for it.

The rule is one of room `feedback`: ``state = rule.step(state, metric)``, and
``state.lr`` is the learning rate of the epoch that follows.
"""

import math
from dataclasses import dataclass
from typing import Literal, NamedTuple

from lrcourse._settings import (
    require,
    require_choice,
    require_counts_or_zero,
    require_nonnegative,
    require_shares,
)


class PlateauState(NamedTuple):
    """The rate, the best metric, bad epochs in a row, epochs of cooldown to come."""

    lr: float
    best: float
    bad_epochs: int
    cooldown: int


@dataclass(frozen=True)
class ReduceOnPlateau:
    """Multiply by `factor` after more than `patience` epochs without improvement.

    PyTorch's ``ReduceLROnPlateau``: an epoch is bad unless its metric beats the best
    so far by more than `threshold`, a share of the best (``"rel"``) or an absolute
    amount (``"abs"``); nan is bad. Bad epochs do not count in the `cooldown` after a
    cut, and a cut of `eps` or less is not made, silently. Optax'
    ``reduce_on_plateau(patience=n)`` is ``patience=n - 1, eps=0``; for Keras see
    `keras_plateau`.

    ``"rel"`` is made for positive metrics: at a best of -1 the bound is -0.9999, above
    the best, and slow worsening counts as improvement for ever. ``"magnitude"`` takes
    its share of ``abs(best)`` instead; on positive metrics the two are the same.

    >>> from lrcourse.schedules.feedback import rates
    >>> rates(ReduceOnPlateau(8.0, factor=0.5, patience=1), [3.0, 3.0, 3.0, 1.0])
    [8.0, 8.0, 8.0, 4.0, 4.0]
    """

    base_lr: float
    factor: float = 0.1
    patience: int = 10
    threshold: float = 1e-4
    threshold_mode: Literal["rel", "abs", "magnitude"] = "rel"
    mode: Literal["min", "max"] = "min"
    cooldown: int = 0
    min_lr: float = 0.0
    eps: float = 1e-8

    def __post_init__(self) -> None:
        require_nonnegative(
            base_lr=self.base_lr, threshold=self.threshold, eps=self.eps
        )
        require_counts_or_zero(patience=self.patience, cooldown=self.cooldown)
        require_shares(factor=self.factor)
        up_to_base = f"between 0 and base_lr={self.base_lr}"
        require(up_to_base, lambda x: 0 <= x <= self.base_lr, min_lr=self.min_lr)
        require_choice("mode", self.mode, ("min", "max"))
        modes = ("rel", "abs", "magnitude")
        require_choice("threshold_mode", self.threshold_mode, modes)
        if self.threshold_mode != "abs":
            share = f"below 1 when threshold_mode is {self.threshold_mode!r}"
            require(share, lambda x: x < 1, threshold=self.threshold)

    def init(self) -> PlateauState:
        worst = math.inf if self.mode == "min" else -math.inf
        return PlateauState(self.base_lr, worst, bad_epochs=0, cooldown=0)

    def step(self, state: PlateauState, metric: float) -> PlateauState:
        metric = float(metric)
        improved = self._improves(metric, state.best)
        best = metric if improved else state.best
        bad_epochs = 0 if improved or state.cooldown else state.bad_epochs + 1
        if bad_epochs > self.patience:
            return PlateauState(self._cut(state.lr), best, 0, self.cooldown)
        return PlateauState(state.lr, best, bad_epochs, max(state.cooldown - 1, 0))

    def _improves(self, metric: float, best: float) -> bool:
        sign = 1.0 if self.mode == "min" else -1.0
        margin = sign * self.threshold
        if self.threshold_mode == "abs":
            bound = best - margin
        elif self.threshold_mode == "rel":
            bound = best * (1 - margin)
        else:
            bound = best * (1 - math.copysign(1, best) * margin)
        return sign * metric < sign * bound

    def _cut(self, lr: float) -> float:
        reduced = max(lr * self.factor, self.min_lr)
        return reduced if lr - reduced > self.eps else lr


def keras_plateau(
    base_lr: float,
    factor: float = 0.1,
    patience: int = 10,
    threshold: float = 1e-4,
    mode: Literal["min", "max"] = "min",
    cooldown: int = 0,
    min_lr: float = 0.0,
) -> ReduceOnPlateau:
    """Return the rule that Keras' ``ReduceLROnPlateau`` with these settings follows.

    Keras cuts *at* the `patience`-th bad epoch and counts from the last epoch of the
    cooldown on: one less of each in PyTorch's words, and 0 is the same as 1. Its
    `threshold` (``min_delta``) is absolute, and no cut is too small. One thing is not
    copied: Keras takes the first metric for the best whatever it is, also a nan, which
    nothing beats later.

    >>> from lrcourse.schedules.feedback import rates
    >>> rates(keras_plateau(8.0, factor=0.5, patience=1), [3.0, 3.0, 3.0])
    [8.0, 8.0, 4.0, 2.0]
    """
    require_counts_or_zero(patience=patience, cooldown=cooldown)
    bad_epochs, ignored = max(patience - 1, 0), max(cooldown - 1, 0)
    return ReduceOnPlateau(
        base_lr, factor, bad_epochs, threshold, "abs", mode, ignored, min_lr, eps=0.0
    )
