"""The one loop, and the record of what it did."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from lrcourse.optimizers import Rule

Array = NDArray[np.float64]
TOO_FAR = 1e12  # times the first loss: the run is lost, and overflow would follow


class Problem(Protocol):
    """What the loop needs of a problem."""

    def loss(self, w: Array) -> float:
        """Return the loss at `w`."""

    def grad(self, w: Array) -> Array:
        """Return the gradient at `w`, of its shape."""


@dataclass(frozen=True)
class Run:
    """What a run saw: `weights` (steps + 1, n), `losses` (steps + 1,), `lrs` (steps,).

    A run that diverged is shorter: it ends where its loss passed all bounds.
    """

    weights: Array
    losses: Array
    lrs: Array
    diverged: bool


def descend(
    problem: Problem,
    rule: Rule,
    schedule: Callable[[int], float],
    w: Array,
    steps: int,
) -> Run:
    """Take `steps` updates on `problem`, from `w`, and keep all that was seen."""
    w = np.asarray(w, dtype=np.float64)
    state = rule.init(w)
    weights, losses, lrs = [w], [problem.loss(w)], []
    bound = TOO_FAR * max(1.0, abs(losses[0]))
    with np.errstate(over="ignore", invalid="ignore"):  # a lost run says so itself
        for step in range(steps):
            lr = schedule(step)
            w, state = rule.step(w, problem.grad(w), state, lr)
            weights.append(w)
            losses.append(problem.loss(w))
            lrs.append(lr)
            if not abs(losses[-1]) <= bound:
                break
    lost = not abs(losses[-1]) <= bound or losses[-1] > 10 * abs(losses[0])
    return Run(np.array(weights), np.array(losses), np.array(lrs), lost)
