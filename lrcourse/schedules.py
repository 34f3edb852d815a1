"""Learning-rate schedules. A schedule is a plain function ``step -> lr``.

``step`` counts finished updates, so ``schedule(0)`` is the learning rate of the
first update. Schedules keep no state: asking twice gives the same answer twice.
A schedule with an end reaches its last value at ``step == total_steps`` and holds it.
In PyTorch, hand one to ``LambdaLR`` with an optimizer whose own ``lr`` is 1.0.

Settings are checked when a schedule is made; a ``ValueError`` names the one that is
wrong. A learning rate is zero or more, a count of steps is a positive integer, and
``gamma`` lies above 0 and at most at 1.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import TypeAlias

from lrcourse.settings import (
    is_integer,
    require,
    require_counts,
    require_counts_or_zero,
    require_nonnegative,
    require_positive,
)

Schedule: TypeAlias = Callable[[int], float]


def constant(base_lr: float) -> Schedule:
    """Stay at `base_lr`.

    Not PyTorch's ``ConstantLR``, which starts at a third of the rate for five steps.

    >>> constant(0.1)(1000)
    0.1
    """
    require_nonnegative(base_lr=base_lr)
    return lambda step: base_lr


def step_decay(base_lr: float, gamma: float, period: int) -> Schedule:
    """Multiply by `gamma` at every `period`-th step, stay level in between.

    PyTorch's ``StepLR(step_size=period)``; in Keras and Optax the ``staircase``
    option of exponential decay.

    >>> [step_decay(8.0, gamma=0.5, period=2)(step) for step in range(5)]
    [8.0, 8.0, 4.0, 4.0, 2.0]
    """
    require_nonnegative(base_lr=base_lr)
    _require_fractions(gamma=gamma)
    require_counts(period=period)
    return lambda step: base_lr * gamma ** (step // period)


def multi_step(base_lr: float, gamma: float, milestones: Sequence[int]) -> Schedule:
    """Multiply by `gamma` at each of the `milestones`.

    PyTorch's ``MultiStepLR`` and Optax' ``piecewise_constant_schedule``; Keras'
    ``PiecewiseConstantDecay`` changes one step later, so it needs ``milestone - 1``.

    >>> [multi_step(8.0, gamma=0.5, milestones=[1, 3])(step) for step in range(5)]
    [8.0, 4.0, 4.0, 2.0, 2.0]
    """
    require_nonnegative(base_lr=base_lr)
    _require_fractions(gamma=gamma)
    steps = _rising("milestones", milestones)
    return lambda step: base_lr * gamma ** sum(step >= mark for mark in steps)


def exponential(base_lr: float, gamma: float) -> Schedule:
    """Multiply by `gamma` at every step.

    PyTorch's ``ExponentialLR``, stepped after every update. Keras and Optax take a
    rate over ``decay_steps`` instead: see `gamma_from_rate`.

    >>> [exponential(8.0, gamma=0.5)(step) for step in range(4)]
    [8.0, 4.0, 2.0, 1.0]
    """
    require_nonnegative(base_lr=base_lr)
    _require_fractions(gamma=gamma)
    return lambda step: base_lr * gamma**step


def gamma_from_rate(rate: float, decay_steps: float) -> float:
    """Return the `gamma` that multiplies by `rate` in `decay_steps` steps.

    >>> gamma_from_rate(rate=0.25, decay_steps=2)
    0.5
    """
    _require_fractions(rate=rate)
    require_positive(decay_steps=decay_steps)
    return float(rate ** (1 / decay_steps))


def gamma_from_k(k: float) -> float:
    """Return the `gamma` of the decay written ``base_lr * exp(-k * step)``.

    >>> round(gamma_from_k(math.log(2)), 12)
    0.5
    """
    require_nonnegative(k=k)
    return math.exp(-k)


def gamma_from_half_life(half_life: float) -> float:
    """Return the `gamma` that halves the learning rate in `half_life` steps.

    >>> gamma_from_half_life(1)
    0.5
    """
    require_positive(half_life=half_life)
    return float(0.5 ** (1 / half_life))


def inverse_time(base_lr: float, k: float) -> Schedule:
    """Fall as ``1 / (1 + k * step)``: fast at first, then ever more slowly.

    Keras' ``InverseTimeDecay(base_lr, decay_steps, k * decay_steps)``; PyTorch and
    Optax have none.

    >>> [inverse_time(6.0, k=1.0)(step) for step in range(3)]
    [6.0, 3.0, 2.0]
    """
    require_nonnegative(base_lr=base_lr, k=k)
    return lambda step: base_lr / (1 + k * step)


def inverse_power(base_lr: float, k: float, power: float) -> Schedule:
    """Fall as ``(1 + k * step) ** -power``, without an end.

    Some texts call it polynomial decay; unlike `polynomial` it never reaches zero.

    >>> [inverse_power(36.0, k=1.0, power=2)(step) for step in range(3)]
    [36.0, 9.0, 4.0]
    """
    require_nonnegative(base_lr=base_lr, k=k)
    require_positive(power=power)
    return lambda step: float(base_lr * (1 + k * step) ** -power)


def polynomial(
    max_lr: float, total_steps: int, power: float, min_lr: float = 0.0
) -> Schedule:
    """Fall from `max_lr` to `min_lr` as ``(1 - progress) ** power``, then stay there.

    Keras' ``PolynomialDecay`` (whose floor is 1e-4 unless you say otherwise) and
    Optax' ``polynomial_schedule``; PyTorch's ``PolynomialLR`` always ends at zero.

    >>> [polynomial(16.0, total_steps=4, power=2)(step) for step in range(6)]
    [16.0, 9.0, 4.0, 1.0, 0.0, 0.0]
    """
    _require_range(min_lr, max_lr)
    require_counts(total_steps=total_steps)
    require_positive(power=power)

    def schedule(step: int) -> float:
        progress = min(step, total_steps) / total_steps
        return float(min_lr + (max_lr - min_lr) * (1 - progress) ** power)

    return schedule


def linear(max_lr: float, total_steps: int, min_lr: float = 0.0) -> Schedule:
    """Fall from `max_lr` to `min_lr` in a straight line, then stay there.

    PyTorch's ``LinearLR(1.0, min_lr / max_lr, total_steps)``, which takes factors
    where this takes learning rates.

    >>> [linear(6.0, total_steps=3)(step) for step in range(5)]
    [6.0, 4.0, 2.0, 0.0, 0.0]
    """
    return polynomial(max_lr, total_steps, power=1, min_lr=min_lr)


def cosine(max_lr: float, total_steps: int, min_lr: float = 0.0) -> Schedule:
    """Fall from `max_lr` to `min_lr` along half a cosine, then stay there.

    Same curve as PyTorch's ``CosineAnnealingLR(T_max=total_steps, eta_min=min_lr)``
    up to ``total_steps``; after it, PyTorch climbs back up and this one does not.

    >>> schedule = cosine(max_lr=1.0, total_steps=3)
    >>> [round(schedule(step), 3) for step in range(5)]
    [1.0, 0.75, 0.25, 0.0, 0.0]
    """
    _require_range(min_lr, max_lr)
    require_counts(total_steps=total_steps)

    def schedule(step: int) -> float:
        progress = min(step, total_steps) / total_steps
        return _half_cosine(max_lr, min_lr, progress)

    return schedule


def temperature(base_lr: float, start: float, end: float, total_steps: int) -> Schedule:
    """Use `base_lr` times a temperature that cools from `start` to `end`, then stay.

    Each step divides the temperature by the same factor, so this is `exponential`
    with an end, where ``gamma = (end / start) ** (1 / total_steps)``.

    >>> schedule = temperature(0.5, start=4.0, end=1.0, total_steps=2)
    >>> [schedule(step) for step in range(4)]
    [2.0, 1.0, 0.5, 0.5]
    """
    require_nonnegative(base_lr=base_lr)
    require_positive(start=start, end=end)
    require_counts(total_steps=total_steps)
    if end > start:
        raise ValueError(f"end must be at most start={start}, got {end}: it cools")

    def schedule(step: int) -> float:
        progress = min(step, total_steps) / total_steps
        return float(base_lr * (start ** (1 - progress) * end**progress))

    return schedule


def triangular(min_lr: float, max_lr: float, half_period: int) -> Schedule:
    """Climb from `min_lr` to `max_lr` in `half_period` steps, fall back, repeat.

    PyTorch's ``CyclicLR(step_size_up=half_period)``, which also switches the
    optimizer's momentum on unless it is told ``cycle_momentum=False``.

    >>> [triangular(1.0, 5.0, half_period=2)(step) for step in range(6)]
    [1.0, 3.0, 5.0, 3.0, 1.0, 3.0]
    """
    _require_range(min_lr, max_lr)
    require_counts(half_period=half_period)
    return lambda step: min_lr + (max_lr - min_lr) * _triangle(step, half_period)


def triangular2(min_lr: float, max_lr: float, half_period: int) -> Schedule:
    """Climb and fall as `triangular` does, each peak half as high above `min_lr`.

    PyTorch's ``CyclicLR(mode="triangular2")``.

    >>> [triangular2(1.0, 5.0, half_period=2)(step) for step in range(7)]
    [1.0, 3.0, 5.0, 3.0, 1.0, 2.0, 3.0]
    """
    _require_range(min_lr, max_lr)
    require_counts(half_period=half_period)

    def schedule(step: int) -> float:
        height = (max_lr - min_lr) * 0.5 ** (step // (2 * half_period))
        return min_lr + height * _triangle(step, half_period)

    return schedule


def exp_range(min_lr: float, max_lr: float, half_period: int, gamma: float) -> Schedule:
    """Climb and fall as `triangular` does, the height times `gamma` at every step.

    PyTorch's ``CyclicLR(mode="exp_range")``. `gamma` counts steps, not cycles.

    >>> [exp_range(1.0, 5.0, half_period=1, gamma=0.5)(step) for step in range(4)]
    [1.0, 3.0, 1.0, 1.5]
    """
    _require_range(min_lr, max_lr)
    require_counts(half_period=half_period)
    _require_fractions(gamma=gamma)

    def schedule(step: int) -> float:
        height = (max_lr - min_lr) * gamma**step
        return min_lr + height * _triangle(step, half_period)

    return schedule


def warm_restarts(
    max_lr: float, first_period: int, period_mult: int = 1, min_lr: float = 0.0
) -> Schedule:
    """Fall along half a cosine, jump back to `max_lr`, repeat.

    Each period is `period_mult` times as long as the one before. PyTorch's
    ``CosineAnnealingWarmRestarts(T_0=first_period, T_mult=period_mult)``; Keras'
    ``CosineDecayRestarts`` doubles its periods unless you say otherwise. Loshchilov
    & Hutter, 2017. `min_lr` itself is never used: there the next period starts.

    >>> schedule = warm_restarts(1.0, first_period=1, period_mult=2)
    >>> [round(schedule(step), 3) for step in range(5)]
    [1.0, 1.0, 0.5, 1.0, 0.854]
    """
    _require_range(min_lr, max_lr)
    require_counts(first_period=first_period, period_mult=period_mult)

    def schedule(step: int) -> float:
        if period_mult == 1:
            return _half_cosine(max_lr, min_lr, step % first_period / first_period)
        # counted in integers: a logarithm misses some restarts by a rounding error
        start, period = 0, first_period
        while step >= start + period:
            start, period = start + period, period * period_mult
        return _half_cosine(max_lr, min_lr, (step - start) / period)

    return schedule


def one_cycle(
    max_lr: float,
    total_steps: int,
    warmup_share: float = 0.3,
    start_div: float = 25.0,
    end_div: float = 1e4,
) -> Schedule:
    """Climb to `max_lr` along half a cosine, fall far below the start along another.

    Starts at ``max_lr / start_div``, ends at ``max_lr / start_div / end_div``.
    PyTorch's ``OneCycleLR(total_steps=total_steps + 1)``: its number counts values,
    this one is the step of the last. The peak falls where PyTorch puts it, at
    ``warmup_share * (total_steps + 1) - 1``, which may lie between two steps.

    >>> schedule = one_cycle(8.0, 5, warmup_share=0.5, start_div=4, end_div=2)
    >>> [round(schedule(step), 3) for step in range(7)]
    [2.0, 5.0, 8.0, 6.25, 2.75, 1.0, 1.0]
    """
    require_nonnegative(max_lr=max_lr)
    require_counts(total_steps=total_steps)
    _require_divisors(start_div=start_div, end_div=end_div)
    _require_fractions(warmup_share=warmup_share)
    peak = warmup_share * (total_steps + 1) - 1
    if not 0 < peak < total_steps:
        raise ValueError(
            f"warmup_share must lie above 1 / (total_steps + 1) and below 1, so that "
            f"climb and fall both have steps; got {warmup_share!r} with "
            f"total_steps={total_steps}, where the peak is at step {peak:g}"
        )
    start_lr = max_lr / start_div
    end_lr = start_lr / end_div

    def schedule(step: int) -> float:
        if step <= peak:
            return _half_cosine(start_lr, max_lr, step / peak)
        progress = (min(step, total_steps) - peak) / (total_steps - peak)
        return _half_cosine(max_lr, end_lr, progress)

    return schedule


def wsd(
    max_lr: float,
    total_steps: int,
    warmup_steps: int,
    cooldown_steps: int,
    min_lr: float = 0.0,
) -> Schedule:
    """Warm up, stay at `max_lr`, cool down to `min_lr` in a straight line, stay there.

    Warmup-stable-decay: the cooldown takes the last `cooldown_steps` of `total_steps`,
    so a longer training changes the middle only. The warmup is that of `warmup`.

    >>> schedule = wsd(6.0, total_steps=7, warmup_steps=2, cooldown_steps=3)
    >>> [schedule(step) for step in range(9)]
    [3.0, 6.0, 6.0, 6.0, 6.0, 4.0, 2.0, 0.0, 0.0]
    """
    require_counts(total_steps=total_steps)
    require_counts(warmup_steps=warmup_steps, cooldown_steps=cooldown_steps)
    stable_steps = total_steps - warmup_steps - cooldown_steps
    if stable_steps < 0:
        raise ValueError(
            f"warmup_steps + cooldown_steps must be at most total_steps={total_steps}, "
            f"got {warmup_steps} + {cooldown_steps}"
        )
    cooldown = linear(max_lr, cooldown_steps, min_lr)
    return warmup(lambda step: cooldown(max(step - stable_steps, 0)), warmup_steps)


def inverse_sqrt(max_lr: float, warmup_steps: int) -> Schedule:
    """Climb in a straight line for `warmup_steps`, then fall as ``1 / sqrt(step + 1)``.

    The Transformer's schedule (Vaswani et al., 2017, equation 3), written with its
    peak: `max_lr`, at the last step of the climb. The paper counts steps from one.

    >>> [inverse_sqrt(4.0, warmup_steps=2)(step) for step in (0, 1, 7, 31)]
    [2.0, 4.0, 2.0, 1.0]
    """
    require_nonnegative(max_lr=max_lr)
    require_counts(warmup_steps=warmup_steps)

    def schedule(step: int) -> float:
        ratio = (step + 1) / warmup_steps
        return max_lr * min(ratio, 1 / math.sqrt(ratio))

    return schedule


def join(schedules: Sequence[Schedule], boundaries: Sequence[int]) -> Schedule:
    """Play `schedules` one after another, each counting its own steps from zero.

    At a boundary the next one plays its step 0. PyTorch's ``SequentialLR``, Optax'
    ``join_schedules``.

    >>> schedule = join([constant(1.0), linear(8.0, total_steps=2)], [2])
    >>> [schedule(step) for step in range(5)]
    [1.0, 1.0, 8.0, 4.0, 0.0]
    """
    if not isinstance(schedules, Iterable):
        raise ValueError(f"schedules must be a list of schedules, got {schedules!r}")
    parts, starts = tuple(schedules), (0, *_rising("boundaries", boundaries))
    for part in parts:
        _require_schedule("each of schedules", part)
    if len(parts) != len(starts):
        raise ValueError(
            "join needs one boundary fewer than schedules, "
            f"got {len(parts)} schedules and {len(starts) - 1} boundaries"
        )

    def schedule(step: int) -> float:
        active = sum(step >= start for start in starts[1:])
        return parts[active](step - starts[active])

    return schedule


def warmup(schedule: Schedule, warmup_steps: int) -> Schedule:
    """Climb in a straight line to where `schedule` starts, then follow it.

    The warmup comes in front: `schedule` plays its step 0 at step `warmup_steps`, as
    in Keras' ``CosineDecay``; Optax counts the warmup into its ``decay_steps``. The
    first update already moves: its learning rate is one rung up, not zero.

    >>> [warmup(constant(3.0), warmup_steps=3)(step) for step in range(5)]
    [1.0, 2.0, 3.0, 3.0, 3.0]
    """
    _require_schedule("schedule", schedule)
    require_counts(warmup_steps=warmup_steps)
    peak_lr = schedule(0)

    def ramp(step: int) -> float:
        return peak_lr * ((step + 1) / warmup_steps)

    return join([ramp, schedule], [warmup_steps])


def hold(schedule: Schedule, start: int, stop: int) -> Schedule:
    """Pause `schedule` from step `start` to step `stop`, at the rate of `start`.

    Afterwards it continues where it stopped, as if the time in between had not
    passed: its end comes ``stop - start`` steps later and nothing jumps.

    >>> schedule = hold(linear(3.0, total_steps=3), start=1, stop=3)
    >>> [schedule(step) for step in range(7)]
    [3.0, 2.0, 2.0, 2.0, 1.0, 0.0, 0.0]
    """
    _require_schedule("schedule", schedule)
    require_counts_or_zero(start=start)
    require_counts(stop=stop)
    if stop <= start:
        raise ValueError(f"stop must be after start={start}, got {stop}")
    return lambda step: schedule(min(step, max(start, step - (stop - start))))


def scale(schedule: Schedule, factor: float) -> Schedule:
    """Multiply every learning rate of `schedule` by `factor`.

    One schedule for all layers, a smaller one for the early ones: PyTorch's
    ``LambdaLR`` with the schedule as its function and `factor` as the group's ``lr``.

    >>> [scale(linear(3.0, total_steps=3), 0.5)(step) for step in range(4)]
    [1.5, 1.0, 0.5, 0.0]
    """
    _require_schedule("schedule", schedule)
    require_nonnegative(factor=factor)
    return lambda step: factor * schedule(step)


def _half_cosine(first: float, last: float, progress: float) -> float:
    """Go from `first` at progress 0 to `last` at progress 1 along half a cosine."""
    return last + (first - last) * (1 + math.cos(math.pi * progress)) / 2


def _triangle(step: int, half_period: int) -> float:
    """Climb from 0 to 1 in `half_period` steps, fall back, repeat."""
    return 1 - abs(step % (2 * half_period) / half_period - 1)


def _require_divisors(**values: float) -> None:
    require("at least 1 and finite", lambda value: 1 <= value < math.inf, **values)


def _require_fractions(**values: float) -> None:
    require("above 0 and at most 1", lambda value: 0 < value <= 1, **values)


def _require_range(min_lr: float, max_lr: float) -> None:
    require_nonnegative(max_lr=max_lr, min_lr=min_lr)
    if min_lr > max_lr:
        raise ValueError(f"min_lr must be at most max_lr={max_lr}, got {min_lr}")


def _require_schedule(name: str, schedule: object) -> None:
    if not callable(schedule):
        raise ValueError(
            f"{name} must be a function from step to learning rate, got {schedule!r}"
        )


def _rising(name: str, values: Iterable[int]) -> tuple[int, ...]:
    """Return `values` as a tuple: a caller may change a list that a schedule keeps."""
    steps = tuple(values) if isinstance(values, Iterable) else (values,)
    integers = isinstance(values, Iterable) and all(map(is_integer, steps))
    if not (integers and all(a < b for a, b in pairwise((0, *steps)))):
        raise ValueError(
            f"{name} must be positive integers in rising order, got {values!r}"
        )
    return steps
