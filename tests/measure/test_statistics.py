import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from lrcourse.measure import (
    Interval,
    bootstrap_interval,
    drop_failed,
    mean_and_error,
    paired_difference,
    share_interval,
)

deterministic = settings(max_examples=50, deadline=None, derandomize=True)
SEEDS = arrays(np.float64, 6, elements=st.floats(-100, 100).map(lambda x: round(x, 6)))


@pytest.fixture
def rng():
    return np.random.default_rng(0)


@pytest.mark.parametrize("shape", [(2,), (7,), (5, 3), (4, 3, 2)])
def test_the_error_is_the_sample_s_spread_over_the_root_of_the_seeds(rng, shape):
    values = rng.standard_normal(shape)
    mean, error = mean_and_error(values)
    assert mean == pytest.approx(values.mean(axis=0))
    assert error == pytest.approx(values.std(axis=0, ddof=1) / math.sqrt(shape[0]))
    assert np.shape(mean) == np.shape(error) == shape[1:]


def test_the_error_is_how_far_such_means_scatter(rng):
    experiments = rng.normal(0.5, 2.0, size=(5000, 16))
    errors = mean_and_error(experiments.T).standard_error
    assert experiments.mean(axis=1).std() == pytest.approx(0.5, rel=0.03)
    assert np.sqrt(np.mean(errors**2)) == pytest.approx(0.5, rel=0.01)


@deterministic
@given(SEEDS, SEEDS, st.sampled_from([0.5, 0.9, 0.99]))
def test_the_difference_is_scipy_s_paired_t_test(a, b, confidence):
    if np.std(a - b) < 1e-3:
        return  # scipy has no answer there; the next test has
    ours = paired_difference(a, b, confidence)
    theirs = stats.ttest_rel(a, b).confidence_interval(confidence)
    assert ours.interval == pytest.approx(tuple(theirs), rel=1e-9, abs=1e-9)
    assert ours.mean == pytest.approx(np.mean(a) - np.mean(b), abs=1e-9)
    assert ours.wins == sum(x > y for x, y in zip(a, b, strict=True))


def test_seeds_that_all_say_the_same_leave_no_doubt():
    result = paired_difference([3.0, 2.0, 5.0], [2.0, 1.0, 4.0])
    assert result == (1.0, 0.0, Interval(1.0, 1.0), 3)


def test_a_tie_is_no_win():
    assert paired_difference([1.0, 2.0, 3.0], [1.0, 3.0, 2.0]).wins == 1


@deterministic
@given(SEEDS, SEEDS)
def test_turned_round_it_is_the_difference_with_the_other_sign(a, b):
    there, back = paired_difference(a, b), paired_difference(b, a)
    assert back.mean == -there.mean
    assert back.interval == (-there.interval.high, -there.interval.low)
    assert there.wins + back.wins == np.sum(a != b)


def test_pairing_takes_out_what_the_seeds_share(rng):
    luck = rng.standard_normal(10)
    a, b = luck + 0.1 + 0.02 * rng.standard_normal(10), luck
    assert paired_difference(a, b).interval.low > 0
    unpaired = stats.ttest_ind(a, b).confidence_interval()
    assert unpaired.low < 0 < unpaired.high


@pytest.mark.parametrize("method", ["BCa", "percentile", "basic"])
def test_the_interval_is_scipy_s(rng, method):
    values = rng.exponential(size=12)
    ours = bootstrap_interval(values, seed=7, method=method, resamples=500)
    theirs = stats.bootstrap(
        (values,), np.mean, method=method, n_resamples=500, rng=np.random.default_rng(7)
    ).confidence_interval
    assert ours == tuple(theirs)


def test_percentiles_are_those_of_means_drawn_by_hand(rng):
    values = rng.exponential(size=12)
    draws = rng.choice(values, size=(40_000, 12)).mean(axis=1)
    interval = bootstrap_interval(
        values, seed=0, method="percentile", confidence=0.8, resamples=40_000
    )
    assert interval == pytest.approx(np.quantile(draws, [0.1, 0.9]), rel=0.01)


def test_two_samples_are_drawn_in_pairs(rng):
    luck = rng.standard_normal(20)
    a, b = luck + 5.0, luck

    def difference(a, b):
        return np.mean(a) - np.mean(b)

    interval = bootstrap_interval(
        a, b, seed=0, statistic=difference, method="percentile", resamples=99
    )
    assert interval == pytest.approx((5.0, 5.0))


def test_a_paired_difference_is_the_bootstrap_of_the_differences(rng):
    a, b = rng.standard_normal((2, 15))

    def difference(a, b, axis):
        return np.mean(a, axis=axis) - np.mean(b, axis=axis)

    two = bootstrap_interval(a, b, seed=3, statistic=difference, resamples=200)
    one = bootstrap_interval(a - b, seed=3, resamples=200)
    assert two == pytest.approx(one, rel=1e-9)


def test_a_seed_fixes_the_interval_and_another_moves_it(rng):
    values = rng.standard_normal(10)
    once, again = (bootstrap_interval(values, seed=1, resamples=99) for _ in range(2))
    assert once == again != bootstrap_interval(values, seed=2, resamples=99)


def test_another_statistic_may_be_given(rng):
    values = np.append(rng.standard_normal(30), 1000.0)
    interval = bootstrap_interval(values, seed=0, statistic=np.median, resamples=999)
    assert -1 < interval.low < interval.high < 1


def test_equal_values_have_percentiles_but_no_bca():
    equal = [0.5, 0.5, 0.5]
    assert bootstrap_interval(equal, seed=0, method="percentile") == (0.5, 0.5)
    with pytest.raises(ValueError, match=r'varies between draws.* "percentile"'):
        bootstrap_interval(equal, seed=0)


def normal(rng, size):
    return rng.normal(3.0, 2.0, size)


def coverage(interval_of, seeds, experiments, draw=normal, mean=3.0):
    samples = draw(np.random.default_rng(1), (experiments, seeds))
    held = [low <= mean <= high for low, high in map(interval_of, samples)]
    return np.mean(held)


def students(sample):
    return paired_difference(sample, np.zeros_like(sample)).interval


def percentiles(sample):
    return bootstrap_interval(sample, seed=0, method="percentile", resamples=400)


@pytest.mark.parametrize("seeds", [3, 20])
def test_student_s_interval_holds_the_truth_as_often_as_it_says(seeds):
    assert 0.93 <= coverage(students, seeds, experiments=600) <= 0.97


def with_failures(rng, size):
    """Accuracies near .6, of which one in eight is that of a failed run."""
    return np.where(rng.random(size) < 1 / 8, 0.1, rng.normal(0.6, 0.012, size))


@pytest.mark.parametrize(("seeds", "held"), [(3, 0.34), (5, 0.49), (8, 0.66)])
def test_it_does_not_where_one_run_in_eight_fails(seeds, held):
    share = coverage(students, seeds, 1500, with_failures, mean=0.6 - 0.5 / 8)
    assert share == pytest.approx(held, abs=0.04)


@pytest.mark.parametrize("seeds", [3, 8])
def test_and_not_quite_where_differences_are_skewed(seeds):
    def exponential(rng, size):
        return rng.exponential(1.0, size)

    share = coverage(students, seeds, 1500, exponential, mean=1.0)
    assert 0.86 < share < 0.92


def test_without_the_failed_runs_it_keeps_its_word_about_those_that_finish():
    def finished(sample):
        kept = np.where(sample < 0.3, math.nan, sample)
        (values,), failed = drop_failed(kept)
        assert failed == len(sample) - len(values)
        return students(values)

    assert coverage(finished, 12, 600, with_failures, mean=0.6) > 0.93


def test_a_seed_that_failed_anywhere_is_left_out_everywhere():
    first, second = [1.0, math.nan, 3.0, 4.0], [5.0, 6.0, math.inf, 8.0]
    (a, b), failed = drop_failed(first, second)
    assert a.tolist() == [1.0, 4.0]
    assert b.tolist() == [5.0, 8.0]
    assert failed == 2


def test_all_seeds_may_have_failed_and_none():
    assert drop_failed([math.nan] * 3).failed == 3
    (kept,), failed = drop_failed([1.0, 2.0])
    assert (kept.tolist(), failed) == ([1.0, 2.0], 0)


@pytest.mark.parametrize("samples", [(), ([1.0, 2.0], [1.0]), ([[1.0]],)])
def test_samples_that_are_not_alike_have_no_failed_seeds(samples):
    with pytest.raises(ValueError, match=r"share one shape \(seeds,\), got"):
        drop_failed(*samples)


@given(st.integers(1, 40).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
@deterministic
def test_the_share_s_ends_are_where_what_was_seen_becomes_unlikely(counts):
    count, total = counts
    low, high = share_interval(count, total, confidence=0.9)
    assert low <= count / total <= high
    more = stats.binom.sf(count - 1, total, low)  # so many or more, at the lower end
    fewer = stats.binom.cdf(count, total, high)
    assert more == pytest.approx(0.05) if count else low == 0
    assert fewer == pytest.approx(0.05) if count < total else high == 1


@pytest.mark.parametrize("counts", [(-1, 3), (4, 3), (0, 0), (1.0, 3), (True, 3)])
def test_counts_that_are_none_are_refused(counts):
    with pytest.raises(ValueError, match=r"(count|total) must be"):
        share_interval(*counts)


def test_the_bootstrap_holds_it_nearly_as_often_with_many_seeds():
    assert 0.90 <= coverage(percentiles, seeds=30, experiments=400) <= 0.97


def test_the_bootstrap_holds_it_too_seldom_with_five_seeds():
    assert 0.78 <= coverage(percentiles, seeds=5, experiments=400) <= 0.88


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ([1.0], r"two seeds or more, got shape \(1,\)"),
        ([], "two seeds or more"),
        (1.0, r"got shape \(\)"),
        ([1.0, math.nan], "must be finite"),
        ([1.0, math.inf], "leave a seed out of every sample and count it apart"),
    ],
)
def test_too_few_seeds_or_lost_ones_are_refused(values, reason):
    with pytest.raises(ValueError, match=reason):
        mean_and_error(values)
    with pytest.raises(ValueError, match=reason):
        paired_difference(values, values)
    with pytest.raises(ValueError, match=reason):
        bootstrap_interval(values, seed=0)


@pytest.mark.parametrize(
    ("a", "b"), [([1.0, 2.0], [1.0, 2.0, 3.0]), (np.ones((2, 3)), np.ones((2, 3)))]
)
def test_samples_of_other_shapes_are_refused(a, b):
    with pytest.raises(ValueError, match=r"share one shape \(seeds,\), got"):
        paired_difference(a, b)
    with pytest.raises(ValueError, match=r"share one shape \(seeds,\), got"):
        bootstrap_interval(a, b, seed=0, statistic=np.subtract)


def test_no_sample_is_refused():
    with pytest.raises(ValueError, match=r"got \[\]"):
        bootstrap_interval(seed=0)


@pytest.mark.parametrize("confidence", [0.0, 1.0, 95, math.nan])
def test_a_confidence_that_is_no_share_is_refused(confidence):
    with pytest.raises(ValueError, match=f"above 0 and below 1, got {confidence}"):
        paired_difference([1.0, 2.0], [2.0, 4.0], confidence)
    with pytest.raises(ValueError, match=f"above 0 and below 1, got {confidence}"):
        bootstrap_interval([1.0, 2.0], seed=0, confidence=confidence)
