"""A schedule to draw: handles, straight lines between them, and a run on it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from lrcourse import theory
from lrcourse._arrays import Array
from lrcourse._settings import require_counts, require_positive
from lrcourse.figure.controls import Choice, Handles
from lrcourse.figure.element import Figure
from lrcourse.figure.numbers import exact, short
from lrcourse.figure.recorded.codes import on_scale
from lrcourse.schedules import Schedule

YOURS, BEST = "yours", "best possible"
ByProblem = Mapping[str, Mapping[str, Sequence[float]]]  # problem, name -> rates


@dataclass(frozen=True)
class ExpectedLoss:
    """Noisy gradient descent on a bowl, as `theory.expected_loss` follows it.

    `curvature`, `noise` and `start` have a number for each direction. The loss is shown
    in two parts: what is left of the start, and the noise let in; or, with the names of
    two `directions`, in what each of them adds.
    """

    curvature: Sequence[float]
    noise: Sequence[float]
    start: Sequence[float]
    directions: Sequence[str] = ()
    kind: ClassVar[str] = "expected loss"

    def __post_init__(self) -> None:
        lengths = {len(each) for each in (self.curvature, self.noise, self.start)}
        if len(lengths) > 1 or (self.directions and lengths != {2}):
            raise ValueError(
                "curvature, noise and start must have a number for each direction, two "
                f"where directions are named, got {self}"
            )

    @property
    def parts(self) -> list[str]:
        """What the two parts of the loss are called."""
        return list(self.directions) or ["start not forgotten", "noise let in"]

    def course(self, rates: Sequence[float] | Array) -> Array:
        """Return both parts of the loss before each update and after the last.

        Shape (2, updates + 1).
        """
        h, s, w = map(np.asarray, (self.curvature, self.noise, self.start))
        if self.directions:
            return np.array([_loss(h[i], s[i], w[i], rates) for i in (0, 1)])
        return np.array([_loss(h, 0 * s, w, rates), _loss(h, s, 0 * w, rates)])

    def told(self) -> dict[str, Any]:
        """Return the problem as the page reads it."""
        given = {"curvature": self.curvature, "noise": self.noise, "start": self.start}
        return {
            **{name: [float(value) for value in each] for name, each in given.items()},
            "kind": self.kind,
            "parts": self.parts,
            "directions": bool(self.directions),
            "limit": 2 / float(max(self.curvature)),
            "first": float(self.course([]).sum()),
        }


def draw_figure(
    problems: Mapping[str, ExpectedLoss],
    steps: int,
    *,
    max_lr: float,
    handles: int = 10,
    rivals: Mapping[str, Mapping[str, Schedule]] | None = None,
    best: Mapping[str, Schedule] | None = None,
    start: Mapping[str, Any],
    marks: Mapping[str, Mapping[str, Any]] | None = None,
    name: str = "",
    question: str = "",
) -> Figure:
    """Draw a schedule of `steps` updates by its `handles`, and see what loss it leaves.

    A state has a ``problem``, one of `problems`, and ``rates``, a height from 0 to
    `max_lr` for each handle, or a schedule that is asked for them. They stand evenly
    from the first update to the last. Beside what is drawn stand, for each problem, the
    losses of its `rivals`, of the same names in all, and of the `best` schedule there
    is, such as `theory.best_schedule` finds; that is drawn, too.

    Raises:
        ValueError: handles other than 2 to `steps`, rivals or a best schedule of other
            problems or names, or a state that the figure does not have.
    """
    require_counts(steps=steps, handles=handles)
    require_positive(max_lr=max_lr)
    if not 2 <= handles <= steps:
        raise ValueError(f"handles must be 2 to steps={steps}, got {handles}")
    at = [round(i * (steps - 1) / (handles - 1)) for i in range(handles)]
    others = _others(problems, steps, rivals or {}, best or {})
    drawing = _Drawing(problems, steps, at, others)
    controls = (
        Choice("problem", "problem", tuple(problems)),
        Handles("rates", "learning rate", max_lr, at),
    )
    return Figure(
        "handles",
        controls,
        drawing.told(),
        _sampled(start, at),
        drawing.says,
        {label: _sampled(state, at) for label, state in (marks or {}).items()},
        name,
        question,
        "a schedule to draw, and the loss that it leaves",
    )


@dataclass(frozen=True)
class _Drawing:
    """Problems, the updates at which handles stand, and the rates of the rivals."""

    problems: Mapping[str, ExpectedLoss]
    steps: int
    at: Sequence[int]
    others: ByProblem

    def says(self, state: Mapping[str, Any]) -> str:
        """Say what loss is left, of which parts, and what the best possible is."""
        which = state["problem"]
        problem = self.problems[which]
        rates = np.interp(np.arange(self.steps), self.at, state["rates"])
        ends = [float(end) for end in problem.course(rates)[:, -1]]
        parts = zip(map(short, ends), problem.parts, strict=True)
        of, end = ", ".join(map(" ".join, parts)), short(ends[0] + ends[1])
        least = self.left(which).get(BEST)
        best = "" if least is None else f" The best possible is {short(least)}."
        after = f"after {self.steps} updates the expected loss is {end}"
        return f"{which}: {after}: {of}.{best}"

    def left(self, which: str) -> dict[str, float]:
        """Return the loss that each rival leaves on a problem."""
        return {
            name: float(self.problems[which].course(rates)[:, -1].sum())
            for name, rates in self.others[which].items()
        }

    def told(self) -> dict[str, Any]:
        """Return all that the page needs."""
        problems = {which: problem.told() for which, problem in self.problems.items()}
        for which, rates in self.others.items():
            problems[which]["others"] = exact(list(self.left(which).values()))
            if BEST in rates:
                problems[which]["best"] = on_scale(rates[BEST])
        rows = [YOURS, *next(iter(self.others.values()))]
        return {"problems": problems, "steps": self.steps, "best": BEST, "rows": rows}


def _loss(h: Any, noise: Any, start: Any, rates: Sequence[float] | Array) -> Array:
    with np.errstate(over="ignore", invalid="ignore"):  # a drawn rate may be any
        return theory.expected_loss(
            lambda step: float(rates[step]), h, noise, start, len(rates)
        )


def _others(
    problems: Mapping[str, ExpectedLoss],
    steps: int,
    rivals: Mapping[str, Mapping[str, Schedule]],
    best: Mapping[str, Schedule],
) -> dict[str, dict[str, list[float]]]:
    """Return the rates of each rival on each problem, and the best there are."""
    for argument, given in {"rivals": rivals, "best": best}.items():
        if given and given.keys() != problems.keys():
            known, got = ", ".join(problems), ", ".join(given)
            raise ValueError(f"{argument} must be given for {known}, got {got}")
    if len({tuple(each) for each in rivals.values()}) > 1:
        raise ValueError(f"rivals must have the same names everywhere, got {rivals}")
    schedules = {
        which: {**rivals.get(which, {}), **({BEST: best[which]} if best else {})}
        for which in problems
    }
    return {
        which: {name: [f(step) for step in range(steps)] for name, f in each.items()}
        for which, each in schedules.items()
    }


def _sampled(state: Mapping[str, Any], at: Sequence[int]) -> dict[str, Any]:
    """Return a state whose rates are numbers, of three digits each."""
    if "rates" not in state:
        return dict(state)
    given = state["rates"]
    rates = [given(step) for step in at] if callable(given) else list(given)
    return {**state, "rates": [float(f"{rate:.3g}") for rate in rates]}
