"""Momentum and rate as a plane: the stable region of heavy ball, and a run in it."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from lrcourse import theory
from lrcourse.figure.controls import Slider
from lrcourse.figure.descent import ground
from lrcourse.figure.element import Figure
from lrcourse.figure.numbers import short
from lrcourse.optimizers import SGD
from lrcourse.problems import Quadratic
from lrcourse.schedules import constant
from lrcourse.training import descend

TITLE = "momentum and learning rate, where a run is stable and how it goes"
TOLERANCE = 1e-3  # a thousandth of the distance, as in the chapters' counts
MOST_MOMENTUM = 0.99


def momentum_figure(
    bowl: Quadratic,
    first: Sequence[float],
    steps: int,
    *,
    start: Mapping[str, Any],
    marks: Mapping[str, Mapping[str, Any]] | None = None,
    name: str = "",
    question: str = "",
) -> Figure:
    """Run heavy ball on a `bowl` of two weights, at a point of momentum and rate.

    A state has a ``momentum`` and a rate ``lr``. The stable region is the theorem,
    below ``2 * (1 + momentum) / sharpness``. `marks` can be clicked in it.

    Raises:
        ValueError: not two weights, or a state that the figure does not have.
    """
    data = ground(bowl, first, steps)
    ends = [_limit(bowl, momentum) for momentum in (0.0, MOST_MOMENTUM)]
    highest = float(f"{1.1 * ends[1]:.2g}")
    push = 10.0 ** math.floor(math.log10(highest)) / 20
    controls = (
        Slider("momentum", "momentum", 0, MOST_MOMENTUM, 0.01),
        Slider("lr", "learning rate", push, highest, push),
    )
    data |= {"limits": ends, "tolerance": TOLERANCE}

    def says(state: Mapping[str, Any]) -> str:
        momentum, lr = state["momentum"], state["lr"]
        limit = _limit(bowl, momentum)
        rule = SGD(momentum=momentum)
        run = descend(bowl, rule, constant(lr), np.array(first), steps)
        distances = np.linalg.norm(run.weights, axis=1)
        return (
            f"Momentum {short(momentum)}, rate {short(lr)}: {_where(lr, limit)} the "
            f"limit of {short(limit)}. {_arrival(distances / distances[0])}"
        )

    return Figure(
        "momentum", controls, data, start, says, marks or {}, name, question, TITLE
    )


def _limit(bowl: Quadratic, momentum: float) -> float:
    return theory.max_stable_lr_momentum(bowl.hessian, momentum)


def _where(lr: float, limit: float) -> str:
    if math.isclose(lr, limit, rel_tol=1e-9):
        return "at"
    return "above" if lr > limit else "below"


def _arrival(shares: Any) -> str:
    """Say from which update on the distance stays within a thousandth of its start."""
    outside = np.flatnonzero(~(shares <= TOLERANCE))
    updates = int(outside[-1]) + 1 if len(outside) else 0
    if updates < len(shares):
        return f"A thousandth of the distance is left after {updates} updates."
    last, taken = short(shares[-1]), len(shares) - 1
    if shares[-1] > 1:
        return f"After {taken} updates the distance is {last} times what it was."
    return f"{last} of the distance is left after {taken} updates."
