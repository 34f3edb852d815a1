"""Formulas of a few numbers, over their whole range, against fifty digits."""

import mpmath
import numpy as np
import pytest
from hypothesis import strategies as st
from mpmath import mpf

from tests.theory.fifty_digits import (
    COUNTS,
    MANY,
    MEMORY,
    POSITIVE,
    SHARES,
    ZERO_OR_MORE,
    assert_right,
    exact,
    kinds,
)

# the arguments, and the formula once more from numbers of fifty digits
SCALARS = {
    "batch_noise": (
        (ZERO_OR_MORE, COUNTS),
        lambda noise, size: noise / mpmath.sqrt(size),
    ),
    "best_constant_factor": (
        (kinds(st.floats(1, 1e15)),),
        lambda k: 1 - 2 / (k + 1),
    ),
    "cosine_budget": (
        (POSITIVE, st.integers(1, 60)),
        lambda peak, steps: (
            peak
            * sum(
                (1 + mpmath.cos(mpmath.pi * t / steps)) / 2 for t in range(int(steps))
            )
        ),
    ),
    "decay_memory": ((POSITIVE, POSITIVE), lambda lr, decay: 1 / (lr * decay)),
    "effective_lr": (
        (POSITIVE, MEMORY),
        lambda lr, momentum: lr / (1 - momentum),
    ),
    "exponential_budget": (
        (ZERO_OR_MORE, SHARES),
        lambda lr, gamma: (
            lr * mpmath.nsum(lambda t: gamma**t, [0, mpmath.inf])
            if 0.01 < gamma < 0.9
            else lr / (1 - gamma)
        ),
    ),
    "half_life_exponential": ((SHARES,), lambda gamma: mpmath.log("0.5", gamma)),
    "half_life_inverse_power": (
        (POSITIVE, kinds(st.floats(1e-2, 1e6))),
        lambda k, power: (
            (mpmath.root(2, power) - 1) / k
            if power == int(power)
            else (mpf(2) ** (1 / power) - 1) / k
        ),
    ),
    "half_life_polynomial": (
        (MANY, kinds(st.floats(1e-2, 1e6))),
        lambda total, power: total * (1 - mpf("0.5") ** (1 / power)),
    ),
    "inverse_time_exponent": (
        (POSITIVE, POSITIVE, POSITIVE),
        lambda lr, k, h: min(mpf(1), 2 * lr * h / k),
    ),
    "loss_exponent": (
        (POSITIVE, kinds(st.floats(0, 3) | st.sampled_from([0.0, 1.0])), POSITIVE),
        lambda lr, power, h: (
            min(mpf(1), 2 * lr * h) if power == 1 else power if power < 1 else mpf(0)
        ),
    ),
    "lr_for_noise_floor": (
        (POSITIVE, POSITIVE, POSITIVE),
        lambda floor, h, s: 4 * floor / (s**2 + 2 * floor * h),
    ),
    "lr_for_scaled_features": ((POSITIVE, POSITIVE), lambda lr, c: lr / c**2),
    "lr_for_scaled_loss": ((POSITIVE, POSITIVE), lambda lr, c: lr / c),
    "optimal_bound": (
        (MANY, POSITIVE, POSITIVE),
        lambda steps, d, g: d * g / mpmath.sqrt(steps + 1),
    ),
    "optimal_lr_for_batch": (
        (POSITIVE, POSITIVE, POSITIVE),
        lambda size, lr, scale: lr * size / (size + scale),
    ),
    "polyak_lr": (
        (POSITIVE, st.just(0.0), st.just([3.0, 4.0])),
        lambda loss, *_: loss / 25,
    ),
    "scale_invariant_lr": ((POSITIVE, POSITIVE), lambda lr, norm: lr / norm**2),
    "scaled_lr": ((POSITIVE, MANY, MANY), lambda lr, size, new: lr * new / size),
    "uncorrected_adam_step": (
        (MANY, MEMORY, MEMORY),
        lambda n, b1, b2: (1 - b1**n) / mpmath.sqrt(1 - b2**n),
    ),
}


@pytest.mark.parametrize("name", SCALARS)
def test_a_formula_of_numbers_is_right_over_their_whole_range(name):
    strategies, formula = SCALARS[name]

    def in_fifty_digits(*arguments):
        return formula(*(exact(a) if np.ndim(a) == 0 else a for a in arguments))

    assert_right(name, strategies, lambda f, *arguments: f(*arguments), in_fifty_digits)
