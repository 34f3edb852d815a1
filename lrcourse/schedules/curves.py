"""Decays: curves that fall once, and the conversions between their units."""

import math
from collections.abc import Sequence

from lrcourse._settings import (
    plain_numbers,
    require_counts,
    require_fractions,
    require_nonnegative,
    require_positive,
)
from lrcourse.schedules.schedule import (
    Schedule,
    checked,
    half_cosine,
    require_lr_range,
    rising,
)


@plain_numbers
def constant(base_lr: float) -> Schedule:
    """Stay at `base_lr`.

    Not PyTorch's ``ConstantLR``, which starts at a third of the rate for five steps.

    >>> constant(0.1)(1000)
    0.1
    """
    require_nonnegative(base_lr=base_lr)
    return checked(lambda step: base_lr)


@plain_numbers
def step_decay(base_lr: float, gamma: float, period: int) -> Schedule:
    """Multiply by `gamma` at every `period`-th step, stay level in between.

    PyTorch's ``StepLR(step_size=period)``; in Keras and Optax the ``staircase``
    option of exponential decay.

    >>> [step_decay(8.0, gamma=0.5, period=2)(step) for step in range(5)]
    [8.0, 8.0, 4.0, 4.0, 2.0]
    """
    require_nonnegative(base_lr=base_lr)
    require_fractions(gamma=gamma)
    require_counts(period=period)
    return checked(lambda step: base_lr * gamma ** (step // period))


@plain_numbers
def multi_step(base_lr: float, gamma: float, milestones: Sequence[int]) -> Schedule:
    """Multiply by `gamma` at each of the `milestones`.

    PyTorch's ``MultiStepLR`` and Optax' ``piecewise_constant_schedule``; Keras'
    ``PiecewiseConstantDecay`` changes one step later, so it needs ``milestone - 1``.

    >>> [multi_step(8.0, gamma=0.5, milestones=[1, 3])(step) for step in range(5)]
    [8.0, 4.0, 4.0, 2.0, 2.0]
    """
    require_nonnegative(base_lr=base_lr)
    require_fractions(gamma=gamma)
    steps = rising("milestones", milestones)
    return checked(lambda step: base_lr * gamma ** sum(step >= mark for mark in steps))


@plain_numbers
def exponential(base_lr: float, gamma: float) -> Schedule:
    """Multiply by `gamma` at every step.

    PyTorch's ``ExponentialLR``, stepped after every update. Keras and Optax take a
    rate over ``decay_steps`` instead: see `gamma_from_rate`.

    >>> [exponential(8.0, gamma=0.5)(step) for step in range(4)]
    [8.0, 4.0, 2.0, 1.0]
    """
    require_nonnegative(base_lr=base_lr)
    require_fractions(gamma=gamma)
    return checked(lambda step: base_lr * gamma**step)


@plain_numbers
def gamma_from_rate(rate: float, decay_steps: float) -> float:
    """Return the `gamma` that multiplies by `rate` in `decay_steps` steps.

    >>> gamma_from_rate(rate=0.25, decay_steps=2)
    0.5
    """
    require_fractions(rate=rate)
    require_positive(decay_steps=decay_steps)
    return float(rate ** (1 / decay_steps))


@plain_numbers
def gamma_from_k(k: float) -> float:
    """Return the `gamma` of the decay written ``base_lr * exp(-k * step)``.

    >>> round(gamma_from_k(math.log(2)), 12)
    0.5
    """
    require_nonnegative(k=k)
    return math.exp(-k)


@plain_numbers
def gamma_from_half_life(half_life: float) -> float:
    """Return the `gamma` that halves the learning rate in `half_life` steps.

    >>> gamma_from_half_life(1)
    0.5
    """
    require_positive(half_life=half_life)
    return float(0.5 ** (1 / half_life))


@plain_numbers
def inverse_time(base_lr: float, k: float) -> Schedule:
    """Fall as ``1 / (1 + k * step)``: fast at first, then ever more slowly.

    Keras' ``InverseTimeDecay(base_lr, decay_steps, k * decay_steps)``; PyTorch and
    Optax have none.

    >>> [inverse_time(6.0, k=1.0)(step) for step in range(3)]
    [6.0, 3.0, 2.0]
    """
    require_nonnegative(base_lr=base_lr, k=k)
    return checked(lambda step: base_lr / (1 + k * step))


@plain_numbers
def inverse_power(base_lr: float, k: float, power: float) -> Schedule:
    """Fall as ``(1 + k * step) ** -power``, without an end.

    Some texts call it polynomial decay; unlike `polynomial` it never reaches zero.

    >>> [inverse_power(36.0, k=1.0, power=2)(step) for step in range(3)]
    [36.0, 9.0, 4.0]
    """
    require_nonnegative(base_lr=base_lr, k=k)
    require_positive(power=power)
    return checked(lambda step: float(base_lr * (1 + k * step) ** -power))


@plain_numbers
def polynomial(
    max_lr: float, total_steps: int, power: float, min_lr: float = 0.0
) -> Schedule:
    """Fall from `max_lr` to `min_lr` as ``(1 - progress) ** power``, then stay there.

    Keras' ``PolynomialDecay`` (whose floor is 1e-4 unless you say otherwise) and
    Optax' ``polynomial_schedule``; PyTorch's ``PolynomialLR`` always ends at zero.

    >>> [polynomial(16.0, total_steps=4, power=2)(step) for step in range(6)]
    [16.0, 9.0, 4.0, 1.0, 0.0, 0.0]
    """
    require_lr_range(min_lr, max_lr)
    require_counts(total_steps=total_steps)
    require_positive(power=power)

    @checked
    def schedule(step: int) -> float:
        progress = min(step, total_steps) / total_steps
        return float(min_lr + (max_lr - min_lr) * (1 - progress) ** power)

    return schedule


@plain_numbers
def linear(max_lr: float, total_steps: int, min_lr: float = 0.0) -> Schedule:
    """Fall from `max_lr` to `min_lr` in a straight line, then stay there.

    PyTorch's ``LinearLR(1.0, min_lr / max_lr, total_steps)``, which takes factors
    where this takes learning rates.

    >>> [linear(6.0, total_steps=3)(step) for step in range(5)]
    [6.0, 4.0, 2.0, 0.0, 0.0]
    """
    return polynomial(max_lr, total_steps, power=1, min_lr=min_lr)


@plain_numbers
def cosine(max_lr: float, total_steps: int, min_lr: float = 0.0) -> Schedule:
    """Fall from `max_lr` to `min_lr` along half a cosine, then stay there.

    Same curve as PyTorch's ``CosineAnnealingLR(T_max=total_steps, eta_min=min_lr)``
    up to ``total_steps``; after it, PyTorch climbs back up and this one does not.

    >>> schedule = cosine(max_lr=1.0, total_steps=3)
    >>> [round(schedule(step), 3) for step in range(5)]
    [1.0, 0.75, 0.25, 0.0, 0.0]
    """
    require_lr_range(min_lr, max_lr)
    require_counts(total_steps=total_steps)

    @checked
    def schedule(step: int) -> float:
        progress = min(step, total_steps) / total_steps
        return half_cosine(max_lr, min_lr, progress)

    return schedule


@plain_numbers
def temperature(base_lr: float, start: float, end: float, total_steps: int) -> Schedule:
    """Use `base_lr` times a temperature that cools from `start` to `end`, then stay.

    Each step divides the temperature by the same factor, so this is `exponential`
    with an end, where ``gamma = (end / start) ** (1 / total_steps)``.

    Raises:
        ValueError: a setting does not fit, or `end` is above `start`: it cools.

    >>> schedule = temperature(0.5, start=4.0, end=1.0, total_steps=2)
    >>> [schedule(step) for step in range(4)]
    [2.0, 1.0, 0.5, 0.5]
    """
    require_nonnegative(base_lr=base_lr)
    require_positive(start=start, end=end)
    require_counts(total_steps=total_steps)
    if end > start:
        raise ValueError(f"end must be at most start={start}, got {end}: it cools")

    @checked
    def schedule(step: int) -> float:
        progress = min(step, total_steps) / total_steps
        return float(base_lr * (start ** (1 - progress) * end**progress))

    return schedule


@plain_numbers
def inverse_sqrt(max_lr: float, warmup_steps: int) -> Schedule:
    """Climb in a straight line for `warmup_steps`, then fall as ``1 / sqrt(step + 1)``.

    The Transformer's schedule (Vaswani et al., 2017, equation 3), written with its
    peak: `max_lr`, at the last step of the climb. The paper counts steps from one.

    >>> [inverse_sqrt(4.0, warmup_steps=2)(step) for step in (0, 1, 7, 31)]
    [2.0, 4.0, 2.0, 1.0]
    """
    require_nonnegative(max_lr=max_lr)
    require_counts(warmup_steps=warmup_steps)

    @checked
    def schedule(step: int) -> float:
        ratio = (step + 1) / warmup_steps
        return max_lr * min(ratio, 1 / math.sqrt(ratio))

    return schedule
