"""Measures of odd values, against exact fractions: integers, ties, far ones."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from lrcourse import measure
from lrcourse.measure import (
    bootstrap_interval,
    drop_failed,
    mean_and_error,
    paired_difference,
    share_interval,
)

some = settings(max_examples=30, deadline=None, derandomize=True)
FAR = st.sampled_from([0, 1, -1, 1e60, -1e60, 1e-60])
SEEDS = st.lists(st.integers(-3, 3) | FAR, min_size=2, max_size=6)
KINDS = st.sampled_from([list, tuple, np.array, lambda v: np.array(v, dtype=object)])


def spread_of(values):
    """Return the mean, and the square of the standard error, in fractions."""
    numbers = [Fraction(float(x)) for x in values]
    n = len(numbers)
    mean = sum(numbers) / n
    return mean, sum((x - mean) ** 2 for x in numbers) / (n - 1) / n


def near(ours, theirs, scale):
    return abs(Fraction(ours) - theirs) <= Fraction(1, 10**9) * (abs(theirs) + scale)


@some
@given(SEEDS, KINDS)
def test_means_and_errors_are_those_of_exact_fractions(values, kind):
    mean, error = mean_and_error(kind(values))
    exact, square = spread_of(values)
    largest = max(abs(Fraction(float(x))) for x in values)
    assert near(mean, exact, largest)
    assert near(error**2, square, largest**2 * Fraction(1, 10**6))


@some
@given(SEEDS, st.data(), st.sampled_from([0.5, np.float32(0.75), 0.999]))
def test_paired_differences_are_those_of_exact_fractions(a, data, confidence):
    b = data.draw(st.lists(st.integers(-3, 3), min_size=len(a), max_size=len(a)))
    found = paired_difference(a, b, confidence)
    differences = [float(x) - y for x, y in zip(a, b, strict=True)]
    exact, square = spread_of(differences)
    largest = max(abs(Fraction(x)) for x in differences)
    reach = stats.t.ppf((1 + float(confidence)) / 2, len(a) - 1) * math.sqrt(square)
    assert near(found.mean, exact, largest)
    assert near(found.interval.high, exact + Fraction(reach), largest)
    assert near(found.interval.low, exact - Fraction(reach), largest)
    assert found.wins == sum(x > y for x, y in zip(a, b, strict=True))


@some
@given(st.lists(st.integers(-3, 3), min_size=2, max_size=6))
def test_a_bootstrap_of_ties_lies_between_its_values(values):
    found = bootstrap_interval(values, seed=0, method="percentile", resamples=99)
    assert min(values) <= found.low <= found.high <= max(values)


@some
@given(st.lists(st.integers(-3, 3) | st.just(math.nan) | st.just(math.inf), max_size=9))
def test_what_is_left_of_odd_runs_is_what_is_finite(values):
    (kept,), failed = drop_failed(values)
    assert kept.tolist() == [x for x in values if math.isfinite(x)]
    assert len(kept) + failed == len(values)


@pytest.mark.parametrize("total", [1, np.int64(1), 10**6])
def test_the_share_of_none_and_of_all_goes_to_the_end(total):
    assert share_interval(0, total).low == 0
    assert share_interval(total, total).high == 1
    exact = 1 - 0.025 ** (
        1 / float(total)
    )  # where none of so many has one chance in 40
    assert share_interval(0, total).high == pytest.approx(exact)


def test_low_precision_is_counted_with_in_full():
    values = np.array([1.0, 1.0, 1.0 + 2**-20], dtype=np.float32)
    assert mean_and_error(values).mean == pytest.approx(1 + 2**-20 / 3, rel=1e-15)


def test_every_measure_is_tried_here_or_in_a_file_of_its_own():
    results = {"Best", "Difference", "Estimate", "Finished", "Interval"}
    results |= {"NextRates", "UsableRange"}
    here = {"bootstrap_interval", "drop_failed", "mean_and_error", "paired_difference"}
    beside = {"best", "calibration_error", "expected_best", "next_grid", "usable_range"}
    assert set(measure.__all__) == results | here | beside | {"share_interval"}


@pytest.mark.parametrize(
    "call",
    [
        lambda: mean_and_error([]),
        lambda: mean_and_error(np.empty((0, 3))),
        lambda: paired_difference([], []),
        lambda: paired_difference([1, 2], [1, 2], confidence="0.95"),
        lambda: bootstrap_interval([], seed=0),
        lambda: share_interval(0, 0),
        lambda: share_interval("1", 3),
    ],
)
def test_what_is_empty_or_text_is_refused(call):
    with pytest.raises(ValueError, match=r"must be|two seeds or more"):
        call()
