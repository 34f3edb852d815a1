"""Formulas of bowls, by direction and as matrices, against fifty digits."""

import math
from functools import partial

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mpmath import mpf

from lrcourse import theory
from tests.theory.fifty_digits import (
    MANY,
    MEMORY,
    NORMAL,
    POSITIVE,
    STABLE,
    assert_right,
    at,
    exact,
    exact_all,
    schedule_of,
    some,
)

# a bowl by direction, with ties, and a rate of which it is the share of the limit
BOWL = st.lists(
    st.tuples(NORMAL, st.just(0.0) | NORMAL, st.just(0.0) | NORMAL),
    min_size=1,
    max_size=3,
)


VECTORS = st.integers(1, 3).flatmap(
    lambda n: st.lists(st.integers(-3, 3), min_size=n, max_size=n).filter(any)
)


def matrix_of(vector):
    """Return a symmetric matrix of small integers, positive, for a vector."""
    n = len(vector)
    return (np.outer(vector, vector) + np.diag(np.arange(1, n + 1))).tolist()


def squares_on_the_way(bowl, rates):
    """Yield the loss before each update and after the last, direction by direction."""
    sides = [tuple(map(exact, side)) for side in bowl]
    squares = [start**2 for _, _, start in sides]
    for lr in [*map(exact, rates), None]:
        yield sum(h * v for (h, _, _), v in zip(sides, squares, strict=True)) / 2
        if lr is not None:
            squares = [
                (1 - lr * h) ** 2 * v + (lr * s) ** 2
                for (h, s, _), v in zip(sides, squares, strict=True)
            ]


def stationary(lr, momentum, h, noise):
    """Return the loss at which the covariance of weight and velocity stays."""
    turn = mpmath.matrix([[1 - lr * h, -lr * momentum], [h, momentum]])
    kick = mpmath.matrix([-lr * noise, noise])
    system, right = mpmath.eye(4), mpmath.matrix(4, 1)
    for i, j, k, m in np.ndindex(2, 2, 2, 2):
        system[2 * i + j, 2 * k + m] -= turn[i, k] * turn[j, m]
    for i, j in np.ndindex(2, 2):
        right[2 * i + j] = kick[i] * kick[j]
    return h * mpmath.lu_solve(system, right)[0] / 2


def momentum_floor_case(share, momentum, h, noise):
    return float(share) * 2 * (1 + float(momentum)) / float(h), momentum, h, noise


def roots_of(momentum, step):
    """Return the roots of z**2 - (1 + momentum - step) z + momentum."""
    middle = (1 + momentum - step) / 2
    apart = mpmath.sqrt(mpmath.mpc(middle**2 - momentum))
    return middle + apart, middle - apart


# how arguments are drawn, how the formula is asked, and what it should say
CASES = {
    "best_constant_lr": (
        (st.lists(POSITIVE, min_size=1, max_size=4),),
        lambda f, h: f(np.diag(np.array(h, dtype=float))),
        lambda h: 2 / (min(exact_all(h)) + max(exact_all(h))),
    ),
    "best_step_lr": (
        (VECTORS,),
        lambda f, g: f(g, matrix_of(g)),
        lambda g: mpf(int(np.dot(g, g))) / int(np.dot(g, np.dot(matrix_of(g), g))),
    ),
    "distance_left": (
        (st.lists(STABLE, max_size=6), NORMAL),
        lambda f, shares, h: f(
            schedule_of([float(s) / float(h) for s in [*shares, 1]]), h, len(shares)
        ),
        lambda shares, h: mpmath.fprod(
            1 - exact(float(s) / float(h)) * exact(h) for s in shares
        ),
    ),
    "equilibrium_angle": (
        (POSITIVE, STABLE),
        lambda f, lr, share: f(lr, float(share) / float(lr)),
        lambda lr, share: mpmath.acos(1 - exact(lr) * exact(float(share) / float(lr))),
    ),
    "expected_loss": (
        (st.lists(NORMAL, max_size=5), BOWL),
        lambda f, lrs, bowl: f(
            schedule_of([*lrs, 0]), *zip(*bowl, strict=True), len(lrs)
        ).tolist(),
        lambda lrs, bowl: list(squares_on_the_way(bowl, lrs)),
    ),
    "heavy_ball_factor": (
        (st.lists(NORMAL, min_size=1, max_size=3), MEMORY, STABLE),
        lambda f, h, momentum, share: f(
            np.diag(np.array(h, dtype=float)),
            float(share) * 2 * (1 + float(momentum)) / float(max(h)),
            momentum,
        ),
        lambda h, momentum, share: max(
            abs(root)
            for curve in exact_all(h)
            for root in roots_of(
                exact(momentum),
                exact(float(share) * 2 * (1 + float(momentum)) / float(max(h))) * curve,
            )
        ),
    ),
    "heavy_ball_optimum": (
        (st.lists(NORMAL, min_size=1, max_size=3),),
        lambda f, h: list(f(np.diag(np.array(h, dtype=float)))[:2]),
        lambda h: [
            4 / (mpmath.sqrt(min(exact_all(h))) + mpmath.sqrt(max(exact_all(h)))) ** 2,
            (
                (mpmath.sqrt(max(exact_all(h))) - mpmath.sqrt(min(exact_all(h))))
                / (mpmath.sqrt(max(exact_all(h))) + mpmath.sqrt(min(exact_all(h))))
            )
            ** 2,
        ],
    ),
    "hypergradient": (
        (VECTORS,),
        lambda f, g: f(g, g[::-1]),
        lambda g: -mpf(int(np.dot(g, g[::-1]))),
    ),
    "inverse_time_loss": (  # with the best scale, 1 / h, it is s**2 / (2 * h * step)
        (NORMAL, NORMAL, NORMAL, MANY),
        lambda f, lr, k, s, step: f(lr, k, float(k) / float(lr), s, step),
        lambda lr, k, s, step: exact(s) ** 2 * exact(lr) / exact(k) / (2 * int(step)),
    ),
    "loss_change": (
        (NORMAL, VECTORS),
        lambda f, lr, g: 1e9 + f(lr, g, matrix_of(g)),
        lambda lr, g: (
            10**9
            - exact(lr) * int(np.dot(g, g))
            + exact(lr) ** 2 * int(np.dot(g, np.dot(matrix_of(g), g))) / 2
        ),
    ),
    "max_stable_lr": (
        (st.lists(POSITIVE, min_size=1, max_size=4),),
        lambda f, h: f(np.diag(np.array(h, dtype=float))),
        lambda h: 2 / max(exact_all(h)),
    ),
    "max_stable_lr_momentum": (
        (st.lists(POSITIVE, min_size=1, max_size=4), MEMORY),
        lambda f, h, momentum: f(np.diag(np.array(h, dtype=float)), momentum),
        lambda h, momentum: 2 * (1 + exact(momentum)) / max(exact_all(h)),
    ),
    "merged_steps_error": (
        (POSITIVE, STABLE, st.integers(1, 99)),
        lambda f, lr, share, steps: f(lr, float(share) / float(lr), steps),
        lambda lr, share, steps: (
            steps * (steps - 1) * (exact(lr) * exact(float(share) / float(lr))) ** 2 / 2
        ),
    ),
    "momentum_noise_floor": (
        (STABLE, MEMORY, NORMAL, NORMAL),
        lambda f, *case: f(*momentum_floor_case(*case)),
        lambda *case: stationary(*map(exact, momentum_floor_case(*case))),
    ),
    "noise_floor": (
        (STABLE, NORMAL, NORMAL),
        lambda f, share, h, s: f(float(share) * 2 / float(h), h, s),
        lambda share, h, s: stationary(
            exact(float(share) * 2 / float(h)), mpf(0), exact(h), exact(s)
        ),
    ),
    "noise_scale": (
        (VECTORS,),
        lambda f, g: f(g, matrix_of(g), matrix_of(g[::-1])),
        lambda g: (
            mpf(int(np.trace(np.dot(matrix_of(g), matrix_of(g[::-1])))))
            / int(np.dot(g, np.dot(matrix_of(g), g)))
        ),
    ),
    "relaxation_steps": (
        (POSITIVE, STABLE),
        lambda f, lr, share: f(lr, float(share) / float(lr)),
        lambda lr, share: (
            -1 / (2 * mpmath.log(1 - exact(lr) * exact(float(share) / float(lr))))
        ),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_formula_of_bowls_is_right_at_odd_ones(name):
    assert_right(name, *CASES[name])


@some
@given(BOWL, st.integers(1, 12), STABLE)
def test_no_constant_rate_is_better_than_the_best_schedule_on_odd_bowls(
    bowl, steps, share
):
    curvature, noise, start = zip(*bowl, strict=True)
    limit = 2 * float(share) / max(map(float, curvature))
    best = theory.best_schedule(curvature, noise, start, steps, limit)
    greedy = theory.greedy_schedule(curvature, noise, start, steps, limit)
    rates = at(best, steps)
    assert all(0 <= lr <= limit for lr in rates + at(greedy, steps))
    left = partial(last_loss, bowl, steps=steps)
    assert left(best) <= left(greedy) * (1 + 1e-9) + 1e-300
    for part in (1.0, 0.5, 0.1, 0.0):
        assert left(best) <= left(lambda _, lr=part * limit: lr) * (1 + 1e-9) + 1e-300


def last_loss(bowl, schedule, steps):
    return theory.expected_loss(schedule, *zip(*bowl, strict=True), steps)[-1]


@some
@given(BOWL, STABLE, NORMAL)
def test_the_steps_to_a_loss_are_counted_right_on_odd_bowls(bowl, share, goal):
    lr = 2 * float(share) / max(float(h) for h, _, _ in bowl)
    losses = list(squares_on_the_way(bowl, [lr] * 150))
    near = [abs(loss / exact(goal) - 1) < 1e-9 for loss in losses]
    steps = theory.steps_to_loss(goal, lr, *zip(*bowl, strict=True))
    there = next((t for t, loss in enumerate(losses) if loss <= exact(goal)), math.inf)
    if not any(near):
        assert steps == there if there < math.inf else steps > 150
