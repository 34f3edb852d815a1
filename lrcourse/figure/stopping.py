"""Trainings stopped early: a line to move, and who is ahead where it stands."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from lrcourse._arrays import Array
from lrcourse.figure.controls import Choice, Stops
from lrcourse.figure.element import Figure
from lrcourse.figure.grid import grid_figure
from lrcourse.figure.recorded.views import Curves, View
from lrcourse.measure import paired_difference
from lrcourse.schedules import Schedule

SAYS = (
    "Stopped after {stop} updates: {rival} at {theirs}, %s at {ours}. The difference "
    "is {lead}, its 95 %% interval from {low} to {high}."
)
DRAWN = 300  # places at which a schedule is drawn


def stopping_figure(
    scores: Mapping[str, ArrayLike],
    schedules: Mapping[str, Schedule],
    *,
    against: str,
    stops: Sequence[int],
    start: Mapping[str, Any],
    measured: str = "test accuracy, %",
    marks: Mapping[str, Mapping[str, Any]] | None = None,
    name: str = "",
    question: str = "",
) -> Figure:
    """Show one plan beside a rival: scores, rates, and the difference at a stop.

    `scores` and `schedules` have an entry for each plan, of which `against` is shown
    with one of the others, the ``rival`` of a state. Its ``stop`` is one of `stops`,
    numbers of updates that climb. Scores have shape (seeds, stops) and are paired: the
    difference is Student's mean and 95 % interval, rival minus `against`.

    Raises:
        ValueError: plans without a schedule, `against` that is no plan or has no rival,
            scores of another shape or with failed runs, or a state that is not there.
    """
    table = _table(scores, schedules, against, len(stops))
    rivals = tuple(plan for plan in table if plan != against)
    controls = (Choice("rival", "rival", rivals), Stops("stop", "stop", tuple(stops)))
    steps = range(0, stops[-1] + 1, max(1, stops[-1] // DRAWN))
    return grid_figure(
        {
            (rival,): found
            for rival, found in _results(table, schedules, against, steps)
        },
        controls,
        _views(against, stops, steps, measured),
        start=start,
        says=SAYS % against,
        marks=marks,
        title="trainings that are stopped on the way",
        name=name,
        question=question,
    )


def _table(
    scores: Mapping[str, ArrayLike],
    schedules: Mapping[str, Schedule],
    against: str,
    n: int,
) -> dict[str, Array]:
    if missing := [plan for plan in scores if plan not in schedules]:
        raise ValueError(f"schedules must have one for {missing[0]!r}")
    if against not in scores or len(scores) < 2:
        raise ValueError(f"against must be one of several plans, got {against!r}")
    table = {plan: np.asarray(of, dtype=np.float64) for plan, of in scores.items()}
    seeds = max(of.shape[0] if of.ndim else 0 for of in table.values())
    for plan, of in table.items():
        if of.shape != (seeds, n) or seeds < 2:
            raise ValueError(
                f"scores must have shape (seeds, {n}), as many seeds in all and two at "
                f"least, got {of.shape} for {plan!r}"
            )
        if not np.isfinite(of).all():
            raise ValueError(f"scores must be finite, those of {plan!r} are not")
    return table


def _results(
    table: Mapping[str, Array],
    schedules: Mapping[str, Schedule],
    against: str,
    steps: range,
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield what is shown of each rival."""
    ours = table[against]
    for rival in (plan for plan in table if plan != against):
        theirs = table[rival]
        found = [
            paired_difference(*pair) for pair in zip(theirs.T, ours.T, strict=True)
        ]
        yield (
            rival,
            {
                "ours": ours.mean(axis=0),
                "theirs": theirs.mean(axis=0),
                "lead": [each.mean for each in found],
                "low": [each.interval.low for each in found],
                "high": [each.interval.high for each in found],
                "our lrs": [schedules[against](step) for step in steps],
                "their lrs": [schedules[rival](step) for step in steps],
            },
        )


def _views(
    against: str, stops: Sequence[int], steps: range, measured: str
) -> tuple[View, ...]:
    means = {"rival": "theirs", against: "ours"}
    ends = {"difference": "lead", "95 % from": "low", "to": "high"}
    rates = {"rival": "their lrs", against: "our lrs"}
    return (
        Curves(measured, means, xlabel="updates", at="stop"),
        Curves(f"rival minus {against}", ends, at="stop"),
        Curves("learning rate", rates, x=steps, xlabel="updates"),
    )
