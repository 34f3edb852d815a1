"""Formulas of schedules, counts and names, against fifty digits."""

import mpmath
import numpy as np
import pytest
from hypothesis import strategies as st
from mpmath import mpf

from tests.theory.fifty_digits import (
    COUNTS,
    NORMAL,
    POSITIVE,
    SHARES,
    STABLE,
    ZERO_OR_MORE,
    assert_right,
    at,
    exact,
    exact_all,
    kinds,
    schedule_of,
)

RATES = st.lists(POSITIVE, min_size=1, max_size=8)

NORMAL_RATES = st.lists(NORMAL, min_size=1, max_size=8)


def bound_of(rates, distance, slope):
    """Return theorem 10 by two nested sums."""
    r = [*map(exact, rates), exact(rates[-1])]
    total, last = sum(r), len(r) - 1
    wobble = sum(x**2 for x in r) / total
    for k in range(last):
        tail = sum(r[k + 1 :])
        wobble += r[k] / tail * sum(x**2 for x in r[k:]) / sum(r[k:])
    return exact(distance) ** 2 / (2 * total) + exact(slope) ** 2 * wobble / 2


def growth_of(activation):
    phi, slope = {
        "relu": (lambda z: max(z, 0), lambda z: mpf(z > 0)),
        "tanh": (mpmath.tanh, lambda z: mpmath.sech(z) ** 2),
        "sigmoid": (
            lambda z: 1 / (1 + mpmath.exp(-z)),
            lambda z: mpmath.sech(z / 2) ** 2 / 4,
        ),
    }[activation]
    with mpmath.workdps(20):
        mean = lambda f: mpmath.quad(lambda z: f(z) * mpmath.npdf(z), [-15, 0, 15])  # noqa: E731
        variance = mean(lambda z: phi(z) ** 2) - mean(phi) ** 2
        return mpmath.sqrt(mean(lambda z: slope(z) ** 2) / variance)


def length_variance_of(widths):
    total = mpf(0)
    for n in widths:
        weights = [(mpmath.binomial(n, k), mpf(k) / 2) for k in range(1, int(n) + 1)]
        whole = sum(w for w, _ in weights)
        mean = sum(w * mpmath.digamma(x) for w, x in weights) / whole
        total += (
            sum(
                w * (mpmath.psi(1, x) + (mpmath.digamma(x) - mean) ** 2)
                for w, x in weights
            )
            / whole
        )
    return total


def uncut_share(epochs, patience):
    """Return the chance of a cut by the time since the best epoch, step by step."""
    waiting = [mpf(1)] + [mpf(0)] * int(patience)
    for epoch in range(2, int(epochs) + 1):
        best = sum(waiting) / epoch
        waiting = [best, *(w * (1 - mpf(1) / epoch) for w in waiting[:-1])]
    return 1 - sum(waiting)


def growing(lrs, decay):
    left = mpmath.fprod(1 - lr * decay for lr in lrs[:-1])
    return lrs[-1] / (left**2 * (1 - lrs[-1] * decay))


def two_forms(factor, momentum):
    """Return the step after a cut over the one before, in both forms, as they run."""
    torch, keras, lr = mpf(0), mpf(0), mpf(1)
    for _ in range(3000):
        torch, keras = momentum * torch + 1, momentum * keras - lr
    before = torch * lr, -keras
    torch, keras = momentum * torch + 1, momentum * keras - factor
    return [torch * factor / before[0], -keras / before[1]]


# how arguments are drawn, how the formula is asked, and what it should say
CASES = {
    "adam_first_step": (
        (st.lists(st.floats(-1e9, 1e9), max_size=4), POSITIVE, ZERO_OR_MORE),
        lambda f, grad, lr, eps: f(grad, lr, eps).tolist(),
        lambda grad, lr, eps: [
            exact(lr) * exact(g) / (abs(exact(g)) + exact(eps)) if g else mpf(0)
            for g in grad
        ],
    ),
    "averaging_weights": (
        (RATES,),
        lambda f, rates: f(schedule_of(rates), len(rates)).tolist(),
        lambda rates: [
            (a - b) / exact(rates[0])
            for a, b in zip(exact_all(rates), [*exact_all(rates[1:]), 0], strict=True)
        ],
    ),
    "best_base_lr": (
        (NORMAL_RATES, NORMAL, NORMAL),
        lambda f, rates, d, g: f(schedule_of(rates), len(rates), d, g),
        lambda rates, d, g: mpmath.sqrt(bound_of(rates, d, 0) / bound_of(rates, 0, g)),
    ),
    "budget": (
        (RATES,),
        lambda f, rates: f(schedule_of(rates), len(rates)),
        lambda rates: sum(exact_all(rates)),
    ),
    "ema_schedule": (
        (POSITIVE, SHARES, st.integers(1, 9)),
        lambda f, lr, decay, total: at(f(lr, decay, total), 11),
        lambda lr, decay, total: [
            exact(lr)
            * sum((1 - exact(decay)) * exact(decay) ** k for k in range(total - t))
            for t in range(11)
        ],
    ),
    "false_cut": (
        (st.integers(1, 40), st.integers(0, 12)),
        lambda f, epochs, patience: 1 + f(epochs, patience),
        lambda epochs, patience: 1 + uncut_share(epochs, patience),
    ),
    "batch_norm_growth": (
        (st.sampled_from(["relu", "tanh", "sigmoid"]),),
        lambda f, name: f(name),
        growth_of,
    ),
    "halving_steps": (
        (RATES, COUNTS),
        lambda f, rates, count: f(schedule_of(rates), count, len(rates) - 1),
        lambda rates, count: [
            mpf(step)
            for n in range(1, int(count) + 1)
            for step in [
                next(
                    (
                        t
                        for t, lr in enumerate(exact_all(rates))
                        if lr <= exact(rates[0]) / 2**n * (1 + mpf("1e-12"))
                    ),
                    None,
                )
            ]
            if step is not None
        ],
    ),
    "last_iterate_bound": (
        (NORMAL_RATES, NORMAL, NORMAL),
        lambda f, rates, d, g: f(schedule_of(rates), len(rates), d, g),
        bound_of,
    ),
    "optimal_linear_decay": (
        (st.integers(1, 30), POSITIVE, POSITIVE),
        lambda f, steps, d, g: at(f(steps, d, g), steps + 2),
        lambda steps, d, g: [
            exact(d)
            / exact(g)
            / mpmath.sqrt(steps + 1)
            * max(steps - t, 0)
            / (steps + 1)
            for t in range(steps + 2)
        ],
    ),
    "relu_length_variance": (
        (st.lists(st.integers(1, 12) | COUNTS, min_size=1, max_size=3),),
        lambda f, widths: f(widths),
        length_variance_of,
    ),
    "satisfies_robbins_monro": (
        (kinds(st.floats(0, 3) | st.sampled_from([0.5, 1.0, 0.0])),),
        lambda f, power: float(f(power)),
        lambda power: mpf(exact(power) > mpf("0.5") and exact(power) <= 1),
    ),
    "schedule_of_average": (
        (POSITIVE, st.lists(st.integers(0, 9), min_size=1, max_size=6)),
        lambda f, lr, weights: at(f(lr, weights), len(weights) + 2),
        lambda lr, weights: [
            exact(lr) * sum(weights[t:]) for t in range(len(weights) + 2)
        ],
    ),
    "schedule_without_weight_decay": (
        (st.lists(STABLE, min_size=1, max_size=6), POSITIVE),
        lambda f, shares, decay: f(
            [float(s) / float(decay) for s in shares].__getitem__, decay
        )(len(shares) - 1),
        lambda shares, decay: growing(
            [exact(float(s) / float(decay)) for s in shares], exact(decay)
        ),
    ),
    "step_after_cut": (
        (SHARES, kinds(st.floats(0, 0.9))),
        lambda f, factor, momentum: list(f(factor, momentum)),
        lambda factor, momentum: two_forms(exact(factor), exact(momentum)),
    ),
    "steps_to_tolerance": (
        (st.integers(1, 15), st.integers(-(2**20), 2**20), st.integers(1, 99)),
        lambda f, sixteenths, start, tolerance: f(
            sixteenths / 16, 1, np.int64(start), tolerance
        ),
        lambda sixteenths, start, tolerance: next(
            mpf(n)
            for n in range(9999)
            if abs(start) * (16 - sixteenths) ** n <= tolerance * 16**n
        ),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_formula_of_rates_is_right_at_odd_ones(name):
    assert_right(name, *CASES[name])
