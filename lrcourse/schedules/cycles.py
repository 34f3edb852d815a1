"""Rates that climb and fall: triangles, warm restarts, one cycle."""

from lrcourse._settings import (
    plain_numbers,
    require_counts,
    require_divisors,
    require_fractions,
    require_nonnegative,
)
from lrcourse.schedules.schedule import (
    Schedule,
    checked,
    half_cosine,
    require_lr_range,
)


@plain_numbers
def triangular(min_lr: float, max_lr: float, half_period: int) -> Schedule:
    """Climb from `min_lr` to `max_lr` in `half_period` steps, fall back, repeat.

    PyTorch's ``CyclicLR(step_size_up=half_period)``, which also switches the
    optimizer's momentum on unless it is told ``cycle_momentum=False``.

    >>> [triangular(1.0, 5.0, half_period=2)(step) for step in range(6)]
    [1.0, 3.0, 5.0, 3.0, 1.0, 3.0]
    """
    require_lr_range(min_lr, max_lr)
    require_counts(half_period=half_period)
    return checked(
        lambda step: min_lr + (max_lr - min_lr) * _triangle(step, half_period)
    )


@plain_numbers
def triangular2(min_lr: float, max_lr: float, half_period: int) -> Schedule:
    """Climb and fall as `triangular` does, each peak half as high above `min_lr`.

    PyTorch's ``CyclicLR(mode="triangular2")``.

    >>> [triangular2(1.0, 5.0, half_period=2)(step) for step in range(7)]
    [1.0, 3.0, 5.0, 3.0, 1.0, 2.0, 3.0]
    """
    require_lr_range(min_lr, max_lr)
    require_counts(half_period=half_period)

    @checked
    def schedule(step: int) -> float:
        height = (max_lr - min_lr) * 0.5 ** (step // (2 * half_period))
        return min_lr + height * _triangle(step, half_period)

    return schedule


@plain_numbers
def exp_range(min_lr: float, max_lr: float, half_period: int, gamma: float) -> Schedule:
    """Climb and fall as `triangular` does, the height times `gamma` at every step.

    PyTorch's ``CyclicLR(mode="exp_range")``. `gamma` counts steps, not cycles.

    >>> [exp_range(1.0, 5.0, half_period=1, gamma=0.5)(step) for step in range(4)]
    [1.0, 3.0, 1.0, 1.5]
    """
    require_lr_range(min_lr, max_lr)
    require_counts(half_period=half_period)
    require_fractions(gamma=gamma)

    @checked
    def schedule(step: int) -> float:
        height = (max_lr - min_lr) * gamma**step
        return min_lr + height * _triangle(step, half_period)

    return schedule


@plain_numbers
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
    require_lr_range(min_lr, max_lr)
    require_counts(first_period=first_period, period_mult=period_mult)

    @checked
    def schedule(step: int) -> float:
        if period_mult == 1:
            return half_cosine(max_lr, min_lr, step % first_period / first_period)
        # counted in integers: a logarithm misses some restarts by a rounding error
        start, period = 0, first_period
        while step >= start + period:
            start, period = start + period, period * period_mult
        return half_cosine(max_lr, min_lr, (step - start) / period)

    return schedule


@plain_numbers
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

    Raises:
        ValueError: a setting does not fit, or climb or fall would have no steps.

    >>> schedule = one_cycle(8.0, 5, warmup_share=0.5, start_div=4, end_div=2)
    >>> [round(schedule(step), 3) for step in range(7)]
    [2.0, 5.0, 8.0, 6.25, 2.75, 1.0, 1.0]
    """
    require_nonnegative(max_lr=max_lr)
    require_counts(total_steps=total_steps)
    require_divisors(start_div=start_div, end_div=end_div)
    require_fractions(warmup_share=warmup_share)
    peak = _peak(total_steps, warmup_share)
    start_lr = max_lr / start_div
    end_lr = start_lr / end_div

    @checked
    def schedule(step: int) -> float:
        if step <= peak:
            return half_cosine(start_lr, max_lr, step / peak)
        progress = (min(step, total_steps) - peak) / (total_steps - peak)
        return half_cosine(max_lr, end_lr, progress)

    return schedule


def _peak(total_steps: int, warmup_share: float) -> float:
    """Return the step of the peak of `one_cycle`, with steps on both sides of it."""
    peak = warmup_share * (total_steps + 1) - 1
    if not 0 < peak < total_steps:
        raise ValueError(
            f"warmup_share must lie above 1 / (total_steps + 1) and below 1, so that "
            f"climb and fall both have steps; got {warmup_share!r} with "
            f"total_steps={total_steps}, where the peak is at step {peak:g}"
        )
    return peak


def _triangle(step: int, half_period: int) -> float:
    """Climb from 0 to 1 in `half_period` steps, fall back, repeat."""
    return 1 - abs(step % (2 * half_period) / half_period - 1)
