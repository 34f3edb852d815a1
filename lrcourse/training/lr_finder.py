"""The learning-rate range test: its rates, its curve, and what to read off the curve.

A range test trains once while the rate climbs (Smith, Cyclical Learning Rates for
Training Neural Networks, 2017). ``losses[i]`` is measured just before the update that
uses ``lrs[i]``. The functions here take plain arrays, so they read a recorded curve, or
a sweep with a run per rate, as well; room `torch_range_test` trains an `nn.Module`.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from lrcourse._arrays import Array
from lrcourse._settings import (
    plain_numbers,
    require_memory,
    require_positive,
    require_two_or_more,
)
from lrcourse.schedules import Schedule
from lrcourse.schedules.schedule import checked

DIVERGED = 4  # times the best loss so far, as in fastai and Lightning


@plain_numbers
def range_test_schedule(min_lr: float, max_lr: float, steps: int) -> Schedule:
    """Rise from `min_lr` to `max_lr` in `steps` updates, by the same factor each time.

    Update 0 uses `min_lr`, update ``steps - 1`` uses `max_lr`, as in torch-lr-finder.
    fastai's last rate stays one factor below `max_lr`; Lightning leaves out the second
    rate.

    Raises:
        ValueError: `min_lr` is not positive or not below `max_lr`, or `steps` is no
            integer of 2 or more.

    >>> [range_test_schedule(1.0, 16.0, steps=3)(step) for step in range(4)]
    [1.0, 4.0, 16.0, 16.0]
    """
    require_positive(min_lr=min_lr, max_lr=max_lr)
    require_two_or_more(steps=steps)
    if not min_lr < max_lr:
        raise ValueError(
            f"min_lr must be below max_lr={max_lr}, got {min_lr}: the rate climbs"
        )

    @checked
    def schedule(step: int) -> float:
        progress = min(step, steps - 1) / (steps - 1)
        return float(min_lr * (max_lr / min_lr) ** progress)

    return schedule


def smooth(losses: ArrayLike, beta: float = 0.98) -> Array:
    """Average each loss with those before it, whose weight falls by `beta` a step.

    Dividing by the sum of the weights so far, as fastai does, takes out the pull of a
    start at zero. torch-lr-finder starts at the first loss instead, so that this one
    batch weighs ``beta**step``. From a loss that is not finite on, no average is.

    Raises:
        ValueError: `losses` are no row of numbers, or `beta` is not in [0, 1).

    >>> smooth([6.0, 3.0, 0.0], beta=0.5).tolist()  # 6, (6 + 2 * 3) / 3, 12 / 7
    [6.0, 4.0, 1.7142857142857142]
    """
    require_memory(beta=beta)
    total, smoothed = 0.0, []
    for count, loss in enumerate(_curve("losses", losses).tolist(), start=1):
        total = beta * total + (1 - beta) * loss
        smoothed.append(total / (1 - beta**count))
    return np.array(smoothed)


def divergence_index(losses: ArrayLike) -> int | None:
    """Return where `losses` first pass 4 times their best so far, or are not finite.

    None if they never do.

    Raises:
        ValueError: `losses` are no row of numbers, or one is negative: multiples mean
            nothing below zero.

    >>> divergence_index([2.0, 1.0, 4.0, 4.5])
    3
    """
    losses = _curve("losses", losses)
    if np.any(losses < 0):
        raise ValueError(
            f"losses must not be negative, got {np.nanmin(losses)}: divergence is "
            "measured in multiples of the best loss (add a constant to all)"
        )
    too_far = losses > DIVERGED * np.minimum.accumulate(losses)
    lost = too_far | ~np.isfinite(losses)
    return int(lost.argmax()) if lost.any() else None


@dataclass(frozen=True)
class RangeTest:
    """What a range test saw: `lrs` and raw `losses`, both of shape (updates,).

    A test that diverged is shorter: it ends with the loss that was too much.
    """

    lrs: Array
    losses: Array

    @property
    def smoothed(self) -> Array:
        """The curve that stops the test, and to read a suggestion from."""
        return smooth(self.losses)

    @property
    def diverged(self) -> bool:
        """Whether the smoothed loss passed 4 times its best, or was not finite."""
        return divergence_index(self.smoothed) is not None


def suggest_lr(lrs: ArrayLike, losses: ArrayLike, rule: str) -> float:
    """Return the learning rate that `rule` reads off the curve of `losses` over `lrs`.

    - ``"valley"`` (fastai): half way down the longest valley, see `_valley`.
    - ``"min/10"`` (fastai): a tenth of the rate of the lowest loss.
    - ``"steepest"`` (torch-lr-finder): where the loss falls fastest per step of the
      test, that is per factor between rates.
    - ``"steepest_linear"`` (Lightning): where it falls fastest per unit of the rate.
      Kept as a warning: that is the slope per factor divided by the rate, so low rates
      win, often the lowest of the test.
    - ``"divergence/10"``: a tenth of the rate whose loss passes 4 times the best.

    A loss that is not finite has diverged; it ends the curve that the others read.

    Args:
        lrs: positive and rising, of shape (n,).
        losses: of shape (n,): smoothed ones of a range test, or raw ones of a sweep.
        rule: one of the names above.

    Raises:
        ValueError: another rule, curves of another shape, a loss that never falls below
            its first value, or one that never diverges under ``"divergence/10"``.
    """
    if rule not in RULES:
        raise ValueError(f"rule must be one of {', '.join(RULES)}, got {rule!r}")
    lrs, losses = _curve("lrs", lrs), _curve("losses", losses)
    if len(lrs) != len(losses):
        raise ValueError(
            "suggest_lr needs one loss per learning rate, "
            f"got {len(lrs)} lrs and {len(losses)} losses"
        )
    if not (np.isfinite(lrs).all() and lrs[0] > 0 and np.all(np.diff(lrs) > 0)):
        raise ValueError(f"lrs must be positive, finite and rising, got {lrs}")
    return float(RULES[rule](lrs, losses))


def _valley(lrs: Array, losses: Array) -> float:
    """Return the rate half way between the valley's start and its end.

    The valley is the longest falling subsequence: it ends where that does, and starts
    as many steps before as it has losses. (fastai's text says two thirds of the way,
    its code one third and half of one.)
    """
    losses = _falling(losses)
    lengths = np.ones(len(losses), dtype=int)
    for i in range(1, len(losses)):
        longer = lengths[:i][losses[:i] > losses[i]]
        lengths[i] = 1 + longer.max(initial=0)
    length, end = lengths.max(), lengths.argmax()
    index = end - length + length // 3 + length // 6
    return float(lrs[max(index, 0)])  # a valley of two at the start begins at -1


def _tenth_of_minimum(lrs: Array, losses: Array) -> float:
    return float(lrs[_falling(losses).argmin()] / 10)


def _steepest(lrs: Array, losses: Array) -> float:
    losses = _falling(losses)
    slopes = np.gradient(losses, np.log(lrs[: len(losses)]))
    return float(lrs[slopes.argmin()])


def _steepest_linear(lrs: Array, losses: Array) -> float:
    losses = _falling(losses)
    slopes = np.gradient(losses, lrs[: len(losses)])
    return float(lrs[slopes.argmin()])


def _tenth_of_divergence(lrs: Array, losses: Array) -> float:
    index = divergence_index(losses)
    if index is None:
        raise ValueError(
            f"the losses never pass {DIVERGED} times their best: test up to a higher "
            f"max_lr than {lrs[-1]}"
        )
    return float(lrs[index] / 10)


RULES: dict[str, Callable[[Array, Array], float]] = {
    "valley": _valley,
    "min/10": _tenth_of_minimum,
    "steepest": _steepest,
    "steepest_linear": _steepest_linear,
    "divergence/10": _tenth_of_divergence,
}


def _curve(name: str, values: ArrayLike) -> Array:
    curve = np.asarray(values, dtype=np.float64)
    if curve.ndim != 1 or not curve.size:
        raise ValueError(f"{name} must have shape (n,) and n > 0, got {curve.shape}")
    return curve


def _falling(losses: Array) -> Array:
    """Return the losses before the first that is not finite, which fall somewhere."""
    finite = np.isfinite(losses)
    losses = losses if finite.all() else losses[: finite.argmin()]
    if not losses.size or losses.min() == losses[0]:
        raise ValueError(
            f"the losses never fall below their first value, got {losses} before any "
            "that is not finite: no rate here trains, test from a lower min_lr"
        )
    return losses
