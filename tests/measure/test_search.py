"""Where a search goes on, against numpy's geometric sequences."""

import math

import numpy as np
import pytest
from scipy import optimize

from lrcourse.measure import next_grid


def test_beyond_the_highest_rate_it_goes_on_in_the_same_factors():
    lrs = np.geomspace(1e-5, 1.0, 10)
    longer = np.geomspace(1e-5, 1.0 * 10 ** (10 / 9), 12)
    assert next_grid(lrs, range(10)) == pytest.approx(tuple(longer[-2:]), rel=1e-12)


def test_beyond_the_lowest_rate_it_goes_on_in_the_same_factors():
    lrs = np.geomspace(1e-3, 1.0, 4)
    found = next_grid(lrs, [4, 3, 2, 1])
    assert found == pytest.approx(tuple(np.geomspace(1e-5, 1.0, 6)[:2]), rel=1e-12)


def test_inside_it_halves_both_gaps():
    lrs = np.geomspace(1e-3, 1.0, 4)
    finer = np.geomspace(1e-3, 1.0, 7)
    found = next_grid(lrs, [1, 2, 4, 3])
    assert found == pytest.approx((finer[3], finer[5]), rel=1e-12)


def test_a_failed_training_ends_the_grid_without_being_best():
    assert next_grid([0.1, 0.4, 1.6], [0.3, 0.9, math.nan]) == pytest.approx((0.2, 0.8))


def test_the_order_in_which_rates_were_tried_does_not_matter():
    shuffled = next_grid([0.4, 1.6, 0.1], [0.9, 0.5, 0.3])
    assert shuffled == next_grid([0.1, 0.4, 1.6], [0.3, 0.9, 0.5])


def test_again_and_again_it_finds_what_scipy_finds():
    def score(lr):
        return -((math.log(lr) - math.log(0.037)) ** 2)

    lrs = [0.5, 1.0]
    for _ in range(25):
        lrs += next_grid(lrs, [score(lr) for lr in lrs])
    exact = optimize.minimize_scalar(
        lambda log: -score(math.exp(log)), bracket=(-8, 2), tol=1e-10
    )
    assert math.log(max(lrs, key=score)) == pytest.approx(exact.x, abs=1e-3)


@pytest.mark.parametrize(
    ("lrs", "scores", "said"),
    [
        ([0.1], [1.0], "two rates or more"),
        ([0.1, 0.2], [1.0], "one score per"),
        ([0.1, -0.2], [1.0, 2.0], "positive"),
        ([0.1, 0.1], [1.0, 2.0], "differ"),
        ([0.1, 0.2], [math.nan, math.nan], "every training failed"),
    ],
)
def test_it_says_what_does_not_fit(lrs, scores, said):
    with pytest.raises(ValueError, match=said):
        next_grid(lrs, scores)
