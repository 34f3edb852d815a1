"""The best and the greedy schedule, against optimizers nobody here wrote."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize, minimize_scalar

from lrcourse import theory
from lrcourse.schedules import constant, cosine, inverse_time, linear, table, wsd

# twelve curvatures, each with the same share of a start loss of 6
CURVATURE = np.geomspace(0.003, 1, 12)
RAVINE = CURVATURE, 0.5 * np.sqrt(CURVATURE), 1 / np.sqrt(CURVATURE)
few = settings(max_examples=15, deadline=None, derandomize=True)


def left(bowl, schedule, steps):
    return theory.expected_loss(schedule, *bowl, steps)[-1]


def left_by_rates(bowl, rates):
    return left(bowl, lambda step: rates[step], len(rates))


def bowls(directions):
    """Return random bowls, curvatures up to one, some directions without noise."""
    vector = lambda of: st.lists(of, min_size=directions, max_size=directions)  # noqa: E731
    return st.tuples(
        vector(st.floats(0.01, 1)),
        vector(st.just(0.0) | st.floats(0.1, 1)),
        vector(st.floats(0.3, 3)),
    )


@given(st.floats(0.1, 3), st.floats(0.1, 3), st.floats(0.5, 9), st.integers(1, 60))
@few
def test_in_one_direction_one_over_the_rate_grows_by_the_curvature(h, s, start, steps):
    greedy = theory.greedy_schedule(h, s, start, steps)
    rates = table(greedy, steps)
    assert np.diff(1 / rates) == pytest.approx(h, rel=1e-9)
    first = h * start**2 / (h**2 * start**2 + s**2)
    assert rates == pytest.approx(
        table(inverse_time(first, first * h), steps), rel=1e-9
    )
    loss = left(([h], [s], [start]), greedy, steps)
    assert loss == pytest.approx(s**2 * rates[-1] / 2, rel=1e-9)


@given(st.floats(0.1, 3), st.floats(0.1, 3), st.floats(0.5, 9), st.integers(1, 60))
@few
def test_in_one_direction_greed_is_best(h, s, start, steps):
    greedy = theory.greedy_schedule(h, s, start, steps)
    best = theory.best_schedule(h, s, start, steps, max_lr=1 / h)
    assert table(best, steps) == pytest.approx(table(greedy, steps), rel=1e-6)


def test_the_best_run_on_a_bowl_loses_what_descent_on_a_hundred_rates_loses():
    schedule = theory.best_schedule(1.0, 1.0, 5.0, 100, max_lr=1.95)
    assert left(([1.0], [1.0], [5.0]), schedule, 100) == pytest.approx(
        0.004998, abs=1e-6
    )


@given(bowls(3), st.floats(0.01, 2))
@few
def test_each_greedy_rate_is_the_best_for_its_own_update(bowl, max_lr):
    rates = table(theory.greedy_schedule(*bowl, steps=4, max_lr=max_lr), 4)
    for step in range(4):
        search = minimize_scalar(
            lambda lr, step=step: left_by_rates(bowl, [*rates[:step], lr]),
            bounds=(0, max_lr),
            method="bounded",
        )
        ours = left_by_rates(bowl, rates[: step + 1])
        assert ours <= search.fun * (1 + 1e-12)


@given(bowls(4), st.integers(2, 12), st.floats(0.05, 1.9))
@few
def test_no_optimizer_finds_a_better_schedule(bowl, steps, max_lr):
    best = left(bowl, theory.best_schedule(*bowl, steps, max_lr), steps)
    for start in (0.1, 0.5, 0.9):
        search = minimize(
            lambda rates: left_by_rates(bowl, rates),
            np.full(steps, start * max_lr),
            bounds=[(0, max_lr)] * steps,
            method="L-BFGS-B",
        )
        assert best <= search.fun * (1 + 1e-6)


def test_nor_does_a_grid_of_all_schedules_of_three_rates():
    bowl = ([1.0, 0.1], [0.5, 0.2], [1.0, 3.0])
    rates = np.linspace(0, 1.9, 39)
    square = np.array(bowl[2])[:, None, None, None] ** 2
    for lr in np.meshgrid(rates, rates, rates, indexing="ij"):
        h, s = (np.array(x)[:, None, None, None] for x in bowl[:2])
        square = (1 - lr * h) ** 2 * square + (lr * s) ** 2
    losses = np.tensordot(bowl[0], square, axes=1) / 2
    best = left(bowl, theory.best_schedule(*bowl, steps=3, max_lr=1.9), 3)
    assert losses.min() * 0.99 < best <= losses.min()


def test_a_ravine_wants_the_opposite_of_a_bowl():
    """Long at the top, short at the end: the other ranking of schedules."""
    assert left(RAVINE, constant(0.1), 0) == pytest.approx(6)
    best = theory.best_schedule(*RAVINE, 100, max_lr=1.99)
    rates = table(best, 100)
    peaks = np.geomspace(0.1, 1.95, 40)
    shapes = {
        "wsd, 20 %": lambda peak: wsd(peak, 100, 0, 20),
        "wsd, 10 %": lambda peak: wsd(peak, 100, 0, 10),
        "cosine": lambda peak: cosine(peak, 100),
        "linear": lambda peak: linear(peak, 100),
        "constant": constant,
    }
    losses = {
        name: round(min(left(RAVINE, shape(peak), 100) for peak in peaks), 3)
        for name, shape in shapes.items()
    }
    assert losses == {
        "wsd, 20 %": 0.355,
        "wsd, 10 %": 0.366,
        "cosine": 0.609,
        "linear": 0.613,
        "constant": 0.794,
    }
    assert left(RAVINE, best, 100) == pytest.approx(0.3374, abs=1e-4)
    assert (rates[:86] == 1.99).all()
    assert (np.diff(rates[86:]) < 0).all()
    greedy = theory.greedy_schedule(*RAVINE, 100, max_lr=1.99)
    assert left(RAVINE, greedy, 100) == pytest.approx(1.52, abs=0.01)


def test_past_its_end_a_schedule_holds_its_last_rate():
    for make in (theory.best_schedule, theory.greedy_schedule):
        schedule = make(1.0, 1.0, 2.0, steps=5, max_lr=0.6)
        assert schedule(0) == 0.6
        assert schedule(4) == schedule(5) == schedule(10**9) > 0


@pytest.mark.parametrize("make", [theory.best_schedule, theory.greedy_schedule])
def test_at_the_minimum_without_noise_no_rate_matters(make):
    schedule = make([1.0, 0.1], 0.0, 0.0, steps=4, max_lr=1.0)
    assert left(([1.0, 0.1], 0.0, 0.0), schedule, 4) == 0.0


def test_a_long_run_keeps_its_best_schedule_finite():
    # without the scaling the steep directions' weights would vanish: 0.25 ** 600
    schedule = theory.best_schedule(*RAVINE, 600, max_lr=1.5)
    assert np.isfinite(table(schedule, 600)).all()
    assert left(RAVINE, schedule, 600) < left(RAVINE, wsd(1.5, 600, 0, 120), 600)


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ((0.0, 1.0, 1.0, 5, 1.0), "curvature"),
        ((1.0, -1.0, 1.0, 5, 1.0), "noise"),
        ((1.0, 1.0, np.nan, 5, 1.0), "start"),
        (([1.0, 2.0], [1.0] * 3, 1.0, 5, 1.0), "as many in each"),
        ((1.0, 1.0, 1.0, 0, 1.0), "steps"),
        ((1.0, 1.0, 1.0, 5, 0.0), "max_lr"),
        ((1.0, 1.0, 1.0, 5, "0.1"), "got the text '0.1'"),
    ],
)
def test_settings_outside_the_formula_are_refused(arguments, reason):
    for make in (theory.best_schedule, theory.greedy_schedule):
        with pytest.raises(ValueError, match=reason):
            make(*arguments)
    with pytest.raises(ValueError, match="max_lr must be positive and finite"):
        theory.best_schedule(1.0, 1.0, 1.0, 5, np.inf)
