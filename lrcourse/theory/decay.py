"""How long a decay takes to halve."""

import math

from lrcourse._settings import (
    plain_numbers,
    require_counts,
    require_counts_or_zero,
    require_positive,
    require_shares,
)
from lrcourse.schedules import Schedule, table


@plain_numbers
def half_life_exponential(gamma: float) -> float:
    """Return after how many steps ``gamma**step`` is one half.

    ValueError unless `gamma` is above 0 and below 1.

    >>> half_life_exponential(0.25)
    0.5
    """
    require_shares(gamma=gamma)
    return math.log(2) / -math.log(gamma)


@plain_numbers
def half_life_inverse_power(k: float, power: float) -> float:
    """Return after how many steps ``(1 + k * step) ** -power`` is one half.

    ValueError unless `k` and `power` are positive.

    >>> half_life_inverse_power(k=0.1, power=1)
    10.0
    """
    require_positive(k=k, power=power)
    return (2 ** (1 / power) - 1) / k


@plain_numbers
def half_life_polynomial(total_steps: int, power: float) -> float:
    """Return after how many steps ``(1 - step / total_steps) ** power`` is one half.

    ValueError unless `total_steps` is a positive integer and `power` positive.

    >>> half_life_polynomial(total_steps=10, power=1)
    5.0
    """
    require_counts(total_steps=total_steps)
    require_positive(power=power)
    return total_steps * (1 - 2 ** (-1 / power))


@plain_numbers
def halving_steps(schedule: Schedule, count: int, last_step: int) -> list[int]:
    """Return the first steps at which `schedule` is at 1/2, 1/4, ... of its start.

    At most `count` of them, and none beyond `last_step`. ValueError unless `schedule`
    starts above zero, `count` is a positive integer and `last_step` zero or more.

    >>> halving_steps(lambda step: 8 - step, count=3, last_step=8)
    [4, 6, 7]
    """
    require_counts(count=count)
    require_counts_or_zero(last_step=last_step)
    rates = table(schedule, last_step + 1)
    require_positive(first_lr=rates[0])
    shares = (rates / rates[0]).tolist()
    halvings = (
        next((step for step, share in enumerate(shares) if share <= goal), None)
        for goal in (2.0**-n * (1 + 1e-12) for n in range(1, count + 1))
    )
    return [step for step in halvings if step is not None]
