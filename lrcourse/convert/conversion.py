"""What a conversion says: the curve, its unit, its numbers, and the calls like it."""

from __future__ import annotations

from dataclasses import dataclass

from lrcourse.convert.halving import half_life
from lrcourse.convert.plan import Plan
from lrcourse.convert.words import number, three
from lrcourse.schedules import Schedule
from lrcourse.theory import budget

SAME = 1e-9  # of the highest rate: nearer than this, two calls do the same


@dataclass(frozen=True)
class Equivalent:
    """A call of `library`, and how far it is the same.

    PyTorch's has the `lr` of its optimizer and is `stepped` once an update or an epoch.
    `parts_at` is the first update at which it has another rate, `gap` the largest
    difference within the run, at `gap_at`, and `past` the largest up to twice its
    length; None and 0 where all those rates are the same. In a run of more than 10 000
    updates not each is looked at.
    """

    library: str
    call: str
    plan: Plan
    word: str = ""
    lr: float | None = None
    stepped: str = ""
    parts_at: int | None = None
    gap: float = 0.0
    gap_at: int = 0
    past: float = 0.0

    @property
    def difference(self) -> str:
        """Say where it differs, "" where it does not."""
        if self.parts_at is None:
            return ""
        if not self.gap:
            since = f"other rates from update {self.parts_at} on"
            return f"past the end: {since}, by up to {three(self.past)}"
        most = f"most at {self.gap_at}, by {three(self.gap)}"
        return f"near, not the same: other rates from update {self.parts_at} on, {most}"

    @property
    def manner(self) -> str:
        """Say with which optimizer's rate, and how often it is stepped, if it is."""
        if self.lr is None:
            return ""
        return f"lr={number(self.lr)}, stepped once an {self.stepped}"

    @property
    def text(self) -> str:
        """Write the call with what belongs to it."""
        return f"{self.call}, {self.manner}" if self.manner else self.call


@dataclass(frozen=True)
class Conversion:
    """A call, the schedule that it is, and the same in every library.

    One tick is a `unit`, and an epoch lasts `updates_per_tick` updates. `half_life` is
    in units, from the highest rate on, None where it never halves;
    `budget` is the sum of the rates of `steps` updates. `end` is the update at which
    the last rate is reached, None without one.
    """

    call: str
    library: str
    plan: Plan
    unit: str
    steps: int
    equivalents: tuple[Equivalent, ...]

    @property
    def written(self) -> list[list[str]]:
        """The updates of `values` and their rates, as they are printed."""
        return [[str(at), three(rate)] for at, rate in self.values.items()]

    @property
    def spent(self) -> str:
        """The budget, as it is printed."""
        return three(self.budget)

    @property
    def schedule(self) -> Schedule:
        """Return the schedule, update -> rate, as the call itself has it."""
        return self.plan.schedule

    @property
    def updates_per_tick(self) -> int:
        """Return how many updates one tick lasts."""
        return self.plan.every if self.unit == "epoch" else 1

    @property
    def end(self) -> int | None:
        """Return the update at which the last rate is reached."""
        return None if self.plan.end is None else self.plan.end * self.plan.every

    @property
    def half_life(self) -> float | None:
        """Return after how many units half of the highest rate is left."""
        found = half_life(self.plan, self.steps)
        in_units = self.plan.every // self.updates_per_tick
        return None if found is None else found * in_units

    @property
    def budget(self) -> float:
        """Return the sum of the rates of the first `steps` updates."""
        return budget(self.schedule, self.steps)

    @property
    def values(self) -> dict[int, float]:
        """Return the rates at 0, T/2, T and T + 1: T is the end, or else `steps`."""
        last = self.end or self.steps
        return {at: self.schedule(at) for at in (0, last // 2, last, last + 1)}

    @property
    def halving(self) -> str:
        """Say the half-life, in epochs as well where they are the unit."""
        found = self.half_life
        if found is None:
            return "never at half"
        if self.unit == "update":
            return f"{three(found)} updates"
        updates = three(found * self.plan.every)
        return f"{three(found)} epochs, {updates} updates"

    def __str__(self) -> str:
        """Write all of it, a line each."""
        ticks = f" of {self.plan.every} updates" if self.unit == "epoch" else ""
        end = "no end of its own" if self.end is None else f"ends at update {self.end}"
        at, rates = ([*each] for each in zip(*self.values.items(), strict=True))
        columns = [
            max(len(str(a)), len(three(r))) + 2 for a, r in zip(at, rates, strict=True)
        ]
        rows = [
            "".join(
                f"{text:>{width}}" for text, width in zip(row, columns, strict=True)
            )
            for row in (map(str, at), map(three, rates))
        ]
        return "\n".join(
            [
                f"{self.call}, {self.library}",
                f"  unit        one tick is one {self.unit}{ticks}; {end}",
                f"  half-life   {self.halving}",
                f"  budget      {self.spent} in {self.steps} updates",
                f"  update    {rows[0]}",
                f"  rate      {rows[1]}",
                *(line for each in self.equivalents for line in _lines(each)),
            ]
        )


def _lines(each: Equivalent) -> list[str]:
    notes = [note for note in (each.difference, each.word) if note]
    return [
        f"  {each.library:<11} {each.text}",
        *(f"{'':14}({note})" for note in notes),
    ]
