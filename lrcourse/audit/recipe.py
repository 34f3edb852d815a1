"""A recipe: a schedule of this package with its settings, and what stands before it."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from lrcourse import schedules
from lrcourse._arrays import Array
from lrcourse.audit.tolerance import Tolerance
from lrcourse.schedules import Schedule, table
from lrcourse.schedules.makers import MAKERS

Settings = Mapping[str, Any]
ENDING = ("linear", "polynomial", "cosine", "one_cycle", "wsd")
DIGITS = (3, 5, 7, 9, 12)


@dataclass(frozen=True)
class Recipe:
    """Which schedule gave the rates; `schedule` makes it.

    `family` is a function of `lrcourse.schedules` and `settings` are its arguments. A
    warmup of `warmup_steps` climbs in a straight line from `first_lr`, to the top at
    its last step (`full_rung`, as `schedules.warmup` does) or one step later. `spliced`
    says that the decay ran on beneath the warmup, `mirrored` that it turns back at its
    end, and `every` how many updates use one value.
    """

    family: str
    settings: Settings = field(default_factory=dict)
    warmup_steps: int = 0
    first_lr: float = 0.0
    full_rung: bool = False
    spliced: bool = False
    mirrored: bool = False
    every: int = 1

    @property
    def schedule(self) -> Schedule:
        """Return the schedule, step -> rate."""
        decay: Schedule = MAKERS[self.family](**self.settings)
        if self.mirrored:
            decay = _mirrored(decay, self.settings["total_steps"])
        whole = self._warmed(decay)
        every = self.every
        return (lambda step: whole(step // every)) if every > 1 else whole

    @property
    def end(self) -> int | None:
        """Return the update at which the schedule reaches its end, None if it has none.

        In updates, whatever one value lasts.
        """
        if self.family not in ENDING:
            return None
        before = 0 if self.spliced else self.warmup_steps
        return self.every * (before + int(self.settings["total_steps"]))

    def shortened(self, rates: Array, tolerance: Tolerance) -> Recipe:
        """Return the same recipe with its settings in as few digits as still agree."""
        floors = [{"min_lr": 0.0}, {}] if "min_lr" in self.settings else [{}]
        for digits, floor in itertools.product(DIGITS, floors):
            rounded = {k: _rounded(v, digits) for k, v in self.settings.items()} | floor
            first_lr = _rounded(self.first_lr, digits)
            shorter = replace(self, settings=rounded, first_lr=first_lr)
            if shorter.agreed(rates, tolerance) == len(rates):
                return shorter
        return self

    def agreed(self, rates: Array, tolerance: Tolerance) -> int:
        """Return how many of `rates` the schedule gives before it first fails."""
        try:
            return tolerance.agreed(rates, self.schedule)
        except (ValueError, OverflowError):  # settings that no schedule can have
            return 0

    def follows(self, rates: Array, tolerance: Tolerance) -> bool:
        """Say whether the schedule gives every one of `rates`."""
        try:
            return tolerance.follows(rates, self.schedule)
        except (ValueError, OverflowError):
            return False

    def error(self, rates: Array, tolerance: Tolerance) -> float:
        """Return the root mean square of what is off, in shares of what is allowed."""
        off = np.abs(table(self.schedule, len(rates)) - rates)
        return float(np.sqrt(np.mean((off / tolerance.allowed(rates)) ** 2)))

    def __str__(self) -> str:
        """Write the recipe as the call that makes it, and in words what is odd."""
        settings = ", ".join(f"{k}={_text(v)}" for k, v in self.settings.items())
        text = f"{self.family}({settings})"
        if self.warmup_steps:
            text += f" after a warmup of {self.warmup_steps} updates"
            text += f" from {_text(self.first_lr)}"
        text += ", running already beneath it" if self.spliced else ""
        text += ", turning back at its end" if self.mirrored else ""
        if self.every > 1:
            text += f", one value for every {self.every} updates"
        return text

    def _warmed(self, decay: Schedule) -> Schedule:
        steps = self.warmup_steps
        if not steps:
            return decay
        rungs = steps - 1 if self.full_rung else steps
        ramp = schedules.triangular(self.first_lr, decay(0), rungs)
        if self.spliced:
            return lambda step: ramp(step) if step < steps else decay(step)
        return schedules.join([ramp, decay], [steps])


def _mirrored(decay: Schedule, end: int) -> Schedule:
    """Return `decay` that walks back to its start after `end`, and so on."""
    return lambda step: decay(abs((step + end) % (2 * end) - end))


def _rounded(value: Any, digits: int) -> Any:
    return float(f"{value:.{digits}g}") if isinstance(value, float) else value


def _text(value: Any) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)
