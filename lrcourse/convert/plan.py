"""A plan: a schedule of this package with its settings, and in which ticks it counts.

Every call of a library is read as a plan, and every call that is written comes with
the plan of what it does, so that two calls are compared by their rates.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

from lrcourse import schedules
from lrcourse.convert.words import number
from lrcourse.schedules import Schedule
from lrcourse.schedules.makers import MAKERS

PIECES = "pieces"  # levels of any height: a join of constants
ENDING = ("linear", "polynomial", "cosine", "temperature", "one_cycle", "wsd")
LASTING = ("period", "milestones", "boundaries")  # settings that count ticks

IN_EPOCHS = (
    *("exponential", "step_decay", "multi_step", PIECES),
    *("linear", "polynomial", "cosine"),
)


@dataclass(frozen=True)
class Plan:
    """Which schedule it is; `schedule` makes it.

    `family` is a function of `lrcourse.schedules` and `settings` are its arguments; or
    it is `PIECES`, with ``boundaries`` and the ``values`` between them. A straight line
    of `warmup_steps` ticks comes before it, from `first_lr` to where it starts.
    `mirrored` says that a cosine climbs back after its end, as PyTorch's does. Each
    tick lasts `every` updates: 1, or those of an epoch.
    """

    family: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    warmup_steps: int = 0
    first_lr: float = 0.0
    mirrored: bool = False
    every: int = 1

    @property
    def per_tick(self) -> Schedule:
        """Return the schedule, tick -> rate, between two ticks as well."""
        decay = self._decay
        steps = self.warmup_steps
        if not steps:
            return decay
        first, last = self.first_lr, decay(0)
        return lambda tick: (
            first + (last - first) * (tick / steps)
            if tick < steps
            else decay(tick - steps)
        )

    @property
    def schedule(self) -> Schedule:
        """Return the schedule, update -> rate."""
        per_tick, every = self.per_tick, self.every
        return per_tick if every == 1 else lambda step: per_tick(step // every)

    @property
    def peak_lr(self) -> float:
        """Return the rate with which the family starts, after its warmup."""
        return float(self._decay(0))

    @property
    def end(self) -> int | None:
        """Return the tick at which it reaches its last rate, None if there is none."""
        if self.family == "constant":
            return self.warmup_steps or None
        if self.family not in ENDING:
            return None
        return self.warmup_steps + int(self.settings["total_steps"])

    @property
    def in_updates(self) -> Plan | None:
        """Return the same rates with a tick for every update, None if none here does.

        Levels last longer then; an exponential becomes the staircase that it is.
        """
        if self.every == 1 or self.warmup_steps:
            return self if self.every == 1 else None
        settings = dict(self.settings)
        if self.family == "exponential":
            base_lr, gamma = settings["base_lr"], settings["gamma"]
            staircase = {"base_lr": base_lr, "gamma": gamma, "period": self.every}
            return Plan("step_decay", staircase)
        if self.family not in ("constant", "step_decay", "multi_step", PIECES):
            return None
        for name in LASTING:
            if name in settings:
                settings[name] = _times(settings[name], self.every)
        return replace(self, settings=settings, every=1)

    @property
    def smooth(self) -> Plan:
        """Return the curve through the first update of each tick, without steps."""
        settings = dict(self.settings)
        for name in ("total_steps", "first_period", "half_period", "warmup_steps"):
            if name in settings:
                settings[name] *= self.every
        if "cooldown_steps" in settings:
            settings["cooldown_steps"] *= self.every
        if "k" in settings:
            settings["k"] /= self.every
        if "gamma" in settings:
            settings["gamma"] **= 1 / self.every
        warmup = self.warmup_steps * self.every
        return replace(self, settings=settings, warmup_steps=warmup, every=1)

    @property
    def holding(self) -> Plan:
        """Return the same with its last rate held past the end."""
        return replace(self, mirrored=False)

    def slowed(self, updates: int) -> Plan:
        """Return the same with as many `updates` to a tick."""
        return replace(self, every=self.every * updates)

    def in_epochs(self, updates: int) -> Plan | None:
        """Return a plan with a tick for every `updates`, the same where a tick begins.

        None where no setting in whole epochs does that.
        """
        settings = dict(self.settings)
        counts = [name for name in (*LASTING, "total_steps") if name in settings]
        marks = [mark for name in counts for mark in _row(settings[name])]
        is_whole = not any(mark % updates for mark in marks)
        if self.every > 1 or self.warmup_steps or not (counts or "gamma" in settings):
            return None
        if not is_whole or self.family not in IN_EPOCHS:
            return None
        for name in counts:
            settings[name] = _times(settings[name], 1 / updates)
        if self.family == "exponential":
            settings["gamma"] **= updates
        return replace(self, settings=settings, every=updates)

    def __str__(self) -> str:
        """Write the plan as the call that makes it here."""
        settings = ", ".join(f"{k}={number(v)}" for k, v in self.settings.items())
        text = f"{self.family}({settings})"
        if self.family == PIECES:
            levels = ", ".join(
                f"constant({number(v)})" for v in self.settings["values"]
            )
            text = f"join([{levels}], {number(self.settings['boundaries'])})"
        if self.warmup_steps:
            peak, first = number(self.peak_lr), number(self.first_lr)
            rise = f"linear({peak}, {self.warmup_steps}, {first})"
            if self.first_lr <= self.peak_lr:
                rise = f"triangular({first}, {peak}, {self.warmup_steps})"
            text = f"join([{rise}, {text}], [{self.warmup_steps}])"
        if self.every > 1:
            text = f"lambda step: {text}(step // {self.every})"
        return text

    @property
    def _decay(self) -> Schedule:
        if self.family == PIECES:
            levels = [schedules.constant(value) for value in self.settings["values"]]
            return schedules.join(levels, self.settings["boundaries"])
        decay: Schedule = MAKERS[self.family](**self.settings)
        if not self.mirrored:
            return decay
        end = self.settings["total_steps"]
        return lambda tick: decay(abs((tick + end) % (2 * end) - end))


def pieces(boundaries: Sequence[int], values: Sequence[float]) -> Plan:
    """Return the plan of levels; one with equal drops is a `multi_step`."""
    drops = [b / a if a else 0.0 for a, b in pairwise(values)]
    alike = bool(drops) and all(abs(drop - drops[0]) < 1e-12 for drop in drops)
    if not boundaries:
        return Plan("constant", {"base_lr": values[0]})
    if alike and 0 < drops[0] <= 1:
        settings = {"base_lr": values[0], "gamma": drops[0]}
        return Plan("multi_step", {**settings, "milestones": list(boundaries)})
    return Plan(PIECES, {"boundaries": list(boundaries), "values": list(values)})


def _times(value: Any, factor: float) -> Any:
    if isinstance(value, list):
        return [round(factor * each) for each in value]
    return round(factor * value)


def _row(value: Any) -> list[int]:
    return value if isinstance(value, list) else [value]
