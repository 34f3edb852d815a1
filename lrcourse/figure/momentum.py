"""Momentum and rate as a map: how many updates each rule needs on a bowl."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product
from typing import Any

import numpy as np

from lrcourse import theory
from lrcourse._arrays import Array
from lrcourse._settings import require_counts
from lrcourse.figure.controls import Choice, Stops
from lrcourse.figure.element import Figure
from lrcourse.figure.grid import grid_figure
from lrcourse.figure.numbers import short
from lrcourse.figure.recorded.views import Across, Map
from lrcourse.optimizers import SGD, Adagrad, Adam, KerasSGD, RMSprop, Rule
from lrcourse.problems import Problem, Quadratic, rotated
from lrcourse.problems.bowls import rotation_by
from lrcourse.training import descend

TITLE = "updates needed by rate and momentum, for six rules"
TOLERANCE = 1e-3  # a thousandth of the distance, as in the chapters' counts
ANGLE = math.pi / 6  # of the turned bowl
CUT = 10  # the rate falls to a tenth
ALONG, TURNED, UNCUT = "along the axes", "turned", "none"

RULES: dict[str, Callable[[float], Rule]] = {
    "PyTorch's form": lambda momentum: SGD(momentum=momentum),
    "Keras' form": lambda momentum: KerasSGD(momentum=momentum),
    "Nesterov": lambda momentum: SGD(momentum=momentum, nesterov=momentum > 0),
    "Adagrad": lambda _: Adagrad(),
    "RMSprop": lambda _: RMSprop(),
    "Adam": lambda momentum: Adam(beta1=momentum),
}
LINEAR = tuple(RULES)[:3]  # paths turn with the bowl, and a theorem gives the limit


def momentum_figure(
    bowl: Quadratic,
    first: Sequence[float],
    steps: int,
    *,
    lrs: Sequence[float],
    momenta: Sequence[float],
    cut_after: int,
    start: Mapping[str, Any],
    marks: Mapping[str, Mapping[str, Any]] | None = None,
    name: str = "",
    question: str = "",
) -> Figure:
    """Map the updates until a thousandth of the distance is left, at most `steps`.

    A state has a ``rule`` of `RULES`; a ``cut``, "none" or to a tenth of the rate after
    `cut_after` updates; a ``bowl``, "along the axes" or "turned" by 30 degrees with its
    start; a rate ``lr`` of `lrs`; and a ``momentum`` of `momenta`, for Adam its beta1.

    Raises:
        ValueError: a bowl or a start of other than two weights, a number of updates
            that is none, or a state that the figure does not have.
    """
    require_counts(steps=steps, cut_after=cut_after)
    if len(bowl.eigenvalues) != 2 or len(first) != 2:
        raise ValueError(f"bowl and first must have two weights, got {bowl}, {first}")
    cuts = (UNCUT, f"to a tenth after {cut_after}")
    controls = (
        Choice("rule", "rule", tuple(RULES)),
        Choice("cut", "cut of the rate", cuts),
        Choice("bowl", "bowl", (ALONG, TURNED)),
        Stops("lr", "learning rate", lrs),
        Stops("momentum", "momentum (Adam: β₁)", momenta),
    )
    more = f"more than {steps}"
    views = (
        Map("updates needed", "updates", "lr", "momentum", "min", lost=more, log=True),
        Across("updates by rate", "updates", "lr", behind="momentum", log=True),
    )
    runs = dict(_runs(bowl, np.array(first), steps, lrs, momenta, cuts, cut_after))
    return grid_figure(
        runs, controls, views, start=start, says=SAYS, lost=more, marks=marks,
        title=TITLE, name=name, question=question,
    )  # fmt: skip


ENDS = {
    "Below": ".",
    "At": ": the steep direction neither shrinks nor grows.",
    "Above": ": the run is lost.",
}
SAYS = (
    "{rule}, rate {lr}, momentum {momentum}: {updates} updates until a thousandth of "
    "the distance is left. {place} Fewest on this map: {best updates}."
)


def updates_needed(weights: Array) -> Array:
    """Return after how many updates the distance to zero stays within a thousandth.

    `weights` has shape (steps + 1, members, n); infinity where that is not seen.
    """
    distances = np.linalg.norm(weights, axis=-1)
    outside = ~(distances <= TOLERANCE * distances[0])
    last = len(outside) - 1 - np.argmax(outside[::-1], axis=0)
    return np.where(outside[-1], np.inf, last + 1.0)


def _runs(
    bowl: Quadratic,
    first: Array,
    steps: int,
    lrs: Sequence[float],
    momenta: Sequence[float],
    cuts: Sequence[str],
    cut_after: int,
) -> Iterator[tuple[tuple[Any, ...], dict[str, Any]]]:
    """Yield each state and what is recorded there, all rates in one run."""
    turn, column = rotation_by(ANGLE), np.array(lrs, dtype=float)[:, None]
    turned: tuple[Problem, Array] = rotated(bowl, turn), turn @ first
    seen: dict[tuple[Rule, str], tuple[Array, Array]] = {}
    for rule, cut, momentum in product(RULES, cuts, momenta):

        def schedule(step: int, cut: str = cut) -> Any:
            return column if cut == UNCUT or step < cut_after else column / CUT

        made = RULES[rule](momentum)
        if (made, cut) not in seen:
            places = [(bowl, first)] if rule in LINEAR else [(bowl, first), turned]
            of = [_needed(*at, made, schedule, steps, len(lrs)) for at in places]
            seen[made, cut] = of[0], of[-1]
        for place, updates in zip((ALONG, TURNED), seen[made, cut], strict=True):
            for lr, each in zip(lrs, updates, strict=True):
                told = _place(bowl, rule, float(lr), momentum, cut)
                gone = math.isnan(each) and "until" in told
                told += " Too far by then." if gone else ""
                recorded = {"updates": float(each), "place": told}
                yield (rule, cut, place, lr, momentum), recorded


def _needed(
    problem: Problem,
    first: Array,
    rule: Rule,
    schedule: Callable[[int], Any],
    steps: int,
    members: int,
) -> Array:
    """Return the updates needed at each rate, nan where the run is lost."""
    run = descend(problem, rule, schedule, np.tile(first, (members, 1)), steps)
    lost = np.isnan(run.weights[-1]).any(axis=-1)
    if len(run.weights) <= steps:  # it ends where all are lost
        lost[:] = True
    return np.where(lost, np.nan, updates_needed(run.weights))


def _place(bowl: Quadratic, rule: str, lr: float, momentum: float, cut: str) -> str:
    """Say where the rate stands to the limit, where a theorem gives one."""
    if rule not in LINEAR:
        none = "" if rule == "Adam" else " This rule has no momentum."
        return f"No formula gives its limit.{none}"
    nesterov = rule == "Nesterov"
    limit = theory.max_stable_lr_momentum(bowl.hessian, momentum, nesterov=nesterov)
    before, after = _side(lr, limit), _side(lr if cut == UNCUT else lr / CUT, limit)
    said = f"{before} the limit of {short(limit)}"
    return f"{said} until the cut." if before != after else said + ENDS[before]


def _side(lr: float, limit: float) -> str:
    if math.isclose(lr, limit, rel_tol=1e-9):
        return "At"
    return "Above" if lr > limit else "Below"
