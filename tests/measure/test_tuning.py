"""The best of several tries, against all the tries there are."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import comb

from lrcourse.measure import expected_best

deterministic = settings(max_examples=60, deadline=None, derandomize=True)
FEW = st.lists(st.integers(-5, 5), min_size=1, max_size=7)  # ties are likely


@given(FEW, st.integers(1, 7))
@deterministic
def test_it_is_the_mean_best_of_all_sets_of_different_tries(values, tries):
    tries = min(tries, len(values))
    sets = itertools.combinations(values, tries)
    assert expected_best(values, tries) == pytest.approx(
        np.mean([max(each) for each in sets]), abs=1e-12
    )


@given(FEW.filter(lambda values: len(values) < 6), st.integers(1, 4))
@deterministic
def test_with_replacement_of_all_draws_there_are(values, tries):
    draws = itertools.product(values, repeat=tries)
    assert expected_best(values, tries, with_replacement=True) == pytest.approx(
        np.mean([max(each) for each in draws]), abs=1e-12
    )


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=40), st.data())
@deterministic
def test_its_weights_are_those_of_the_paper(values, data):
    tries, n = data.draw(st.integers(1, len(values))), len(values)
    weights = comb(np.arange(n), tries - 1) / comb(n, tries)
    exact = weights @ np.sort(values)
    assert expected_best(values, tries) == pytest.approx(exact, rel=1e-9, abs=1e-6)


def test_one_try_is_the_mean_and_all_tries_are_the_best():
    values = [0.3, 0.5, 0.1]
    assert expected_best(values, 1) == pytest.approx(0.3)
    assert expected_best(values, 3) == 0.5
    assert expected_best(values, 1, with_replacement=True) == pytest.approx(0.3)
    assert expected_best(values, 10_000, with_replacement=True) == pytest.approx(0.5)


def test_many_values_do_not_overflow():
    values = np.arange(100_000.0)
    # of k out of 0 ... n - 1 the best is k * (n + 1) / (k + 1) - 1 on average
    assert expected_best(values, 500) == pytest.approx(
        500 * 100_001 / 501 - 1, rel=1e-9
    )


def test_from_a_sample_one_is_right_on_average_and_the_other_too_low():
    """Of uniform numbers the best of four is 4 / 5 on average."""
    samples = np.random.default_rng(0).random((4000, 8))
    unbiased = np.mean([expected_best(sample, 4) for sample in samples])
    dodge = np.mean(
        [expected_best(sample, 4, with_replacement=True) for sample in samples]
    )
    assert unbiased == pytest.approx(0.8, abs=0.006)
    assert dodge < 0.77


@pytest.mark.parametrize(
    ("values", "tries", "message"),
    [
        ([], 1, "values must be finite numbers"),
        ([[1.0]], 1, "values must be finite numbers"),
        ([1.0, np.nan], 1, "has the score of one that learned nothing"),
        ([1.0, np.inf], 1, "values must be finite numbers"),
        ([1.0, 2.0], 0, "tries must be a positive integer, got 0"),
        ([1.0, 2.0], 1.0, "tries must be a positive integer, got 1.0"),
        ([1.0, 2.0], 3, "tries must be at most the 2 values, got 3"),
    ],
)
def test_what_has_no_best_is_refused(values, tries, message):
    with pytest.raises(ValueError, match=message):
        expected_best(values, tries)
