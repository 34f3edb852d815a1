"""Small cases on which an adaptive method provably goes wrong, from the papers.

`AlternatingSlopes` for Adam (Reddi et al., 2018), `wilson` for all methods that scale
each coordinate (Wilson et al., 2017).
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any

import numpy as np

from lrcourse._arrays import Array
from lrcourse._settings import (
    require,
    require_counts,
    require_counts_or_zero,
    require_positive,
    require_two_or_more,
)
from lrcourse.data import Split
from lrcourse.optimizers import Rule
from lrcourse.problems.quadratic import per_member


@dataclass(frozen=True)
class AlternatingSlopes:
    """A stream of lines on [-1, 1]: one steep rise, then ``period - 1`` gentle falls.

    Loss number t, counted from 0, is ``rise * w`` where `period` divides t, else
    ``-fall * w``. The rise outweighs the falls, so -1 is best; Adam with `beta2` ends
    at +1, because it forgets the one large gradient and scales it down when it comes.
    Reddi et al., 2018, section 3, theorem 1, where the rise is C.
    """

    rise: float = 3.0
    fall: float = 1.0
    period: int = 3

    def __post_init__(self) -> None:
        require_positive(rise=self.rise, fall=self.fall)
        require_two_or_more(period=self.period)
        if not self.mean_slope > 0:
            raise ValueError(
                f"rise must be above fall * (period - 1), got rise={self.rise}, "
                f"fall={self.fall}, period={self.period}"
            )

    @property
    def mean_slope(self) -> float:
        """The slope of the mean loss: positive, so its minimum is at -1."""
        return (self.rise - self.fall * (self.period - 1)) / self.period

    @property
    def beta2(self) -> float:
        """The memory of theorem 1, with beta1 0 and rates that fall as 1 / sqrt(t)."""
        return 1 / (1 + (self.rise / self.fall) ** 2)

    def slope(self, step: int) -> float:
        """Return the slope of loss number `step`."""
        return self.rise if step % self.period == 0 else -self.fall

    def average_regret(self, w: Array) -> Array:
        """Return how much more than at -1 was paid on average, up to each step.

        `w` has shape (steps,): where each loss found the run.

        Raises:
            ValueError: `w` has another shape.
        """
        if w.ndim != 1:
            raise ValueError(f"w must have shape (steps,), got {w.shape}")
        slopes = np.array([self.slope(step) for step in range(len(w))])
        return np.cumsum(slopes * (w + 1)) / np.arange(1, len(w) + 1)

    def replay(self) -> "Replay":
        """Return the stream from its beginning, as a problem for one run."""
        return Replay(self, count())


@dataclass(frozen=True)
class Replay:
    """One run through a stream: each gradient is the next one, the loss is the mean.

    Make one for every run: the next would go on where this one stopped.
    """

    stream: AlternatingSlopes
    steps: Iterator[int]

    def loss(self, w: Array) -> float | Array:
        return per_member(self.stream.mean_slope * np.mean(w, axis=-1))

    def grad(self, w: Array) -> Array:
        return self.stream.slope(next(self.steps)) * np.ones_like(w)


@dataclass(frozen=True)
class Projected:
    """`rule`, with every coordinate moved back into [low, high] after each step."""

    rule: Rule
    low: float = -1.0
    high: float = 1.0

    def __post_init__(self) -> None:
        require("a number", lambda value: not math.isnan(value), high=self.high)
        below = f"below high={self.high}"
        require(below, lambda low: low < self.high, low=self.low)

    def init(self, w: Array) -> Any:
        return self.rule.init(w)

    def step(self, w: Array, grad: Array, state: Any, lr: Any) -> tuple[Array, Any]:
        w, state = self.rule.step(w, grad, state, lr)
        return np.clip(w, self.low, self.high), state


def wilson(
    examples: int = 200,
    test_examples: int = 200,
    positive_share: float = 0.6,
    seed: int = 0,
) -> Split:
    """Return data on which adaptive methods call every new example positive.

    Labels are +1 or -1, +1 with chance `positive_share`. Feature 0 is the label,
    features 1 and 2 are one; then come five features for each example alone, train
    and test: the first is one for a positive example, all five for a negative one.
    From weights zero, gradient descent on `LeastSquares` ends at its `minimum`, and
    labels new examples right; where the update is the sign of the gradient, the fives
    win, and the two ones carry the label. Wilson et al., 2017, section 3.3.

    Raises:
        ValueError: a count that is no positive integer, or a share that is no majority.
    """
    require_counts(examples=examples, test_examples=test_examples)
    majority = "above one half and below 1"
    require(majority, lambda x: 0.5 < x < 1, positive_share=positive_share)
    require_counts_or_zero(seed=seed)
    total = examples + test_examples
    positive = np.random.default_rng(seed).random(total) < positive_share
    labels = np.where(positive, 1, -1)
    inputs = np.zeros((total, 3 + 5 * total))
    inputs[:, 0], inputs[:, 1:3] = labels, 1
    for example, label in enumerate(labels):
        first = 3 + 5 * example
        inputs[example, first : first + (1 if label > 0 else 5)] = 1
    return Split(
        inputs[:examples], labels[:examples], inputs[examples:], labels[examples:]
    )
