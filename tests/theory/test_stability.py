import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrcourse import theory

HESSIANS = [
    np.array([[4.0]]),
    np.diag([1.0, 2.0, 9.0]),
    np.array([[5.0, 2.0], [2.0, 2.0]]),
    np.array([[2.0, 1.0, 0.0], [1.0, 2.0, 0.0], [0.0, 0.0, 7.0]]),
]


def distance_after(hessian, lr, steps):
    w = np.ones(len(hessian))
    for _ in range(steps):
        w = w - lr * hessian @ w
    return float(np.linalg.norm(w))


@pytest.mark.parametrize("hessian", HESSIANS)
def test_below_the_stable_rate_a_run_shrinks_and_above_it_grows(hessian):
    limit = theory.max_stable_lr(hessian)
    start = math.sqrt(len(hessian))
    assert distance_after(hessian, 0.98 * limit, steps=400) < start / 10
    assert distance_after(hessian, 1.02 * limit, steps=400) > 10 * start


@pytest.mark.parametrize("hessian", HESSIANS)
def test_no_other_constant_rate_shrinks_the_worst_direction_faster(hessian):
    best = theory.best_constant_lr(hessian)

    def worst_factor(lr):
        return max(abs(1 - lr * np.linalg.eigvalsh(hessian)))

    assert worst_factor(best) < worst_factor(0.99 * best)
    assert worst_factor(best) < worst_factor(1.01 * best)


@pytest.mark.parametrize("condition_number", [1.0, 4.0, 1000.0])
def test_at_the_best_rate_a_run_shrinks_by_the_best_factor(condition_number):
    hessian = np.diag([0.5, 0.5 * condition_number])
    factor = theory.best_constant_factor(condition_number)
    lr = theory.best_constant_lr(hessian)
    shrunk = distance_after(hessian, lr, steps=3) / math.sqrt(2)
    assert shrunk == pytest.approx(factor**3, rel=1e-12)


@pytest.mark.parametrize("condition_number", [0.9, math.inf, math.nan])
def test_no_bowl_is_rounder_than_round(condition_number):
    with pytest.raises(ValueError, match="condition_number"):
        theory.best_constant_factor(condition_number)


def test_a_matrix_that_is_not_diagonal_is_measured_along_its_own_directions():
    hessian = np.array([[5.0, 2.0], [2.0, 2.0]])  # eigenvalues 1 and 6
    assert theory.max_stable_lr(hessian) == pytest.approx(1 / 3, rel=1e-12)
    assert theory.best_constant_lr(hessian) == pytest.approx(2 / 7, rel=1e-12)


@pytest.mark.parametrize("function", [theory.max_stable_lr, theory.best_constant_lr])
@pytest.mark.parametrize(
    ("hessian", "reason"),
    [
        (np.ones(3), "square"),
        (np.ones((2, 3)), "square"),
        (np.empty((0, 0)), "square"),
        (np.array([[1.0, 2.0], [0.0, 1.0]]), "symmetric"),
        (np.array([[math.nan]]), "finite"),
        (np.diag([1.0, 0.0]), "positive"),
        (np.diag([1.0, -1.0]), "positive"),
    ],
)
def test_what_is_no_bowl_is_refused(function, hessian, reason):
    with pytest.raises(ValueError, match=reason):
        function(hessian)


@pytest.mark.parametrize("lr", [0.9, 0.5, 0.01])
@pytest.mark.parametrize("start", [-10.0, 1.5, 300.0])
def test_the_run_crosses_the_tolerance_at_that_step_and_not_before(lr, start):
    steps = theory.steps_to_tolerance(lr, curvature=1.0, start=start, tolerance=1.0)
    w = [start]
    for _ in range(steps):
        w.append(w[-1] - lr * w[-1])
    assert abs(w[-1]) <= 1 < abs(w[-2])


@pytest.mark.parametrize("halvings", range(1, 60))
def test_a_run_that_lands_on_the_tolerance_exactly_is_there(halvings):
    start = 2.0**halvings
    assert theory.steps_to_tolerance(0.5, 1.0, start, 1.0) == halvings
    assert theory.steps_to_tolerance(0.5, 1.0, np.nextafter(start, 0), 1.0) == halvings
    beyond = float(np.nextafter(start, math.inf))
    assert theory.steps_to_tolerance(0.5, 1.0, beyond, 1.0) == halvings + 1


def test_a_start_just_outside_needs_a_step():
    outside = float(np.nextafter(1.0, 2.0))
    assert theory.steps_to_tolerance(0.5, 1.0, outside, 1.0) == 1
    assert theory.steps_to_tolerance(0.999, 1.0, outside, 1.0) == 1


@given(
    lr=st.integers(1, 63).map(lambda n: n / 64),
    start=st.integers(-(10**6), 10**6).map(float),
    tolerance=st.integers(1, 10**4).map(float),
)
def test_it_is_the_count_of_a_loop_in_exact_fractions(lr, start, tolerance):
    w, factor, steps = abs(Fraction(start)), 1 - Fraction(lr), 0
    while w > tolerance:
        w, steps = w * factor, steps + 1
    assert theory.steps_to_tolerance(lr, 1.0, start, tolerance) == steps


def test_a_run_that_starts_within_the_tolerance_needs_no_step():
    assert theory.steps_to_tolerance(0.1, 1.0, start=1.0, tolerance=1.0) == 0
    assert theory.steps_to_tolerance(0.1, 1.0, start=0.0, tolerance=1.0) == 0


def test_a_rate_too_small_to_change_one_still_has_its_time():
    steps = theory.steps_to_tolerance(1e-18, 1.0, start=math.e, tolerance=1.0)
    assert steps == pytest.approx(1e18, rel=1e-12)


@pytest.mark.parametrize(
    ("lr", "curvature", "start", "tolerance", "reason"),
    [
        (0.0, 1.0, 1.0, 0.1, "lr"),
        (1.0, 1.0, 1.0, 0.1, "lr"),
        (0.1, -1.0, 1.0, 0.1, "curvature"),
        (0.1, 1.0, 1.0, 0.0, "tolerance"),
        (0.1, 1.0, math.inf, 0.1, "start"),
        (math.nan, 1.0, 1.0, 0.1, "lr"),
    ],
)
def test_settings_outside_the_formula_are_refused(
    lr, curvature, start, tolerance, reason
):
    with pytest.raises(ValueError, match=reason):
        theory.steps_to_tolerance(lr, curvature, start, tolerance)
