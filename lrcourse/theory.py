"""Closed forms that the chapters check their runs against."""

import math

from lrcourse.schedules import Schedule


def half_life_exponential(gamma: float) -> float:
    """Return after how many steps ``gamma**step`` is one half.

    >>> half_life_exponential(0.25)
    0.5
    """
    return math.log(2) / -math.log(gamma)


def half_life_inverse_power(k: float, power: float) -> float:
    """Return after how many steps ``(1 + k * step) ** -power`` is one half.

    >>> half_life_inverse_power(k=0.1, power=1)
    10.0
    """
    return (2 ** (1 / power) - 1) / k


def half_life_polynomial(total_steps: int, power: float) -> float:
    """Return after how many steps ``(1 - step / total_steps) ** power`` is one half.

    >>> half_life_polynomial(total_steps=10, power=1)
    5.0
    """
    return total_steps * (1 - 2 ** (-1 / power))


def halving_steps(schedule: Schedule, count: int, last_step: int) -> list[int]:
    """Return the first steps at which `schedule` is at 1/2, 1/4, ... of its start.

    At most `count` of them, and none beyond `last_step`.

    >>> halving_steps(lambda step: 8 - step, count=3, last_step=8)
    [4, 6, 7]
    """
    first_lr = schedule(0)
    shares = [schedule(step) / first_lr for step in range(last_step + 1)]
    halvings = (
        next((step for step, share in enumerate(shares) if share <= goal), None)
        for goal in (2.0**-n * (1 + 1e-12) for n in range(1, count + 1))
    )
    return [step for step in halvings if step is not None]


def budget(schedule: Schedule, steps: int) -> float:
    """Return the sum of the learning rates of the first `steps` updates.

    >>> budget(lambda step: 8 - step, steps=2)
    15.0
    """
    return math.fsum(schedule(step) for step in range(steps))


def exponential_budget(base_lr: float, gamma: float) -> float:
    """Return the sum of all rates of an endless exponential decay.

    Where gradients do not grow, no run travels further than this times the first one.

    >>> exponential_budget(0.5, gamma=0.5)
    1.0
    """
    return base_lr / (1 - gamma)
