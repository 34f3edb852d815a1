"""What a few seeds can say: a mean with its error, a paired difference, an interval.

Values have one entry per seed, of shape (seeds,); there are at least two, all finite.

Student's interval holds for differences that are about normal. Where one run in eight
fails and scores far lower, three to eight seeds often show no failure at all, and an
interval of 95 % then holds the mean over all runs in 34 to 66 % of cases; for skewed
differences, exponential ones, in 88 to 90 %. So failed runs are reported apart:
`drop_failed` takes them out and counts them, `share_interval` says how often runs fail,
and the interval is then about runs that do not.
"""

import warnings
from collections.abc import Callable, Sequence
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from lrcourse._arrays import Array
from lrcourse._settings import (
    is_integer,
    require,
    require_counts,
    require_counts_or_zero,
    require_shares,
)


class Estimate(NamedTuple):
    """A mean over seeds and its standard error, the sd of such means."""

    mean: Any
    standard_error: Any


class Interval(NamedTuple):
    """The two ends of a confidence interval."""

    low: float
    high: float


class Difference(NamedTuple):
    """A paired difference: its mean, standard error and interval, and the wins.

    `wins` counts the seeds where the first is above the second.
    """

    mean: float
    standard_error: float
    interval: Interval
    wins: int


def mean_and_error(values: ArrayLike) -> Estimate:
    """Return the mean over the first axis and its standard error, sd / sqrt(seeds).

    `values` has shape (seeds,), or (seeds, ...) for a curve per seed.

    Raises:
        ValueError: there are fewer than two seeds, or a value is not finite.

    >>> mean_and_error([1.0, 3.0])
    Estimate(mean=2.0, standard_error=1.0)
    """
    array = _over_seeds("values", values)
    mean, error = array.mean(axis=0), _scipy().sem(array, axis=0)
    if array.ndim == 1:
        return Estimate(float(mean), float(error))
    return Estimate(mean, error)


def paired_difference(
    a: ArrayLike, b: ArrayLike, confidence: float = 0.95
) -> Difference:
    """Return how far `a` is above `b`, seed by seed; both have shape (seeds,).

    The interval is Student's, exact where the differences are normal and too narrow
    where some runs fail, see above. Pairing pays as far as the seeds push both the same
    way: only the spread of the differences counts.

    Raises:
        ValueError: `a` and `b` are not of one shape, have fewer than two seeds, or hold
            a value that is not finite.

    >>> paired_difference([3.0, 5.0], [2.0, 2.0])[:2]
    (2.0, 1.0)
    """
    require_shares(confidence=confidence)
    first, second = _same_seeds(a, b)
    mean, error = mean_and_error(first - second)
    reach = error * _scipy().t.ppf((1 + confidence) / 2, df=len(first) - 1)
    interval = Interval(float(mean - reach), float(mean + reach))
    return Difference(mean, error, interval, int(np.sum(first > second)))


class Finished(NamedTuple):
    """Values of seeds of which no run failed, and the number of the other seeds."""

    samples: list[Array]
    failed: int


def drop_failed(*samples: ArrayLike) -> Finished:
    """Leave out, of all samples, each seed of which a run failed in any of them.

    A run failed if its value is not finite, as `sweep` writes it. What is left says
    something about runs that finish, so say beside it how many did not.

    >>> drop_failed([0.5, float("nan"), 0.25], [0.75, 0.5, 1.0])
    Finished(samples=[array([0.5 , 0.25]), array([0.75, 1.  ])], failed=1)

    Raises:
        ValueError: samples of other than one shape (seeds,), or none.
    """
    arrays = [np.asarray(sample, dtype=np.float64) for sample in samples]
    _require_one_shape(arrays)
    kept = np.isfinite(arrays).all(axis=0)
    return Finished([array[kept] for array in arrays], int((~kept).sum()))


def share_interval(count: int, total: int, confidence: float = 0.95) -> Interval:
    """Return between which shares the chance lies of what `count` of `total` runs did.

    Clopper and Pearson's interval, which never holds less often than it says (The use
    of confidence or fiducial limits illustrated in the case of the binomial, 1934). No
    failure in eight runs still allows a third of all to fail.

    >>> [round(end, 2) for end in share_interval(0, 8)]
    [0.0, 0.37]
    """
    require_shares(confidence=confidence)
    require_counts(total=total)
    within = f"an integer from 0 to total={total}"
    require(within, lambda n: is_integer(n) and 0 <= n <= total, count=count)
    low, high = _scipy().binomtest(count, total).proportion_ci(confidence)
    return Interval(float(low), float(high))


def bootstrap_interval(
    *samples: ArrayLike,
    seed: int,
    statistic: Callable[..., Any] = np.mean,
    confidence: float = 0.95,
    method: Literal["BCa", "percentile", "basic"] = "BCa",
    resamples: int = 9999,
) -> Interval:
    """Return where `statistic` falls when the seeds are drawn again with replacement.

    Samples have shape (seeds,). Several are paired: a draw takes the same seeds from
    each, and `statistic` gets them as its arguments. The method is one of scipy's. With
    five seeds the interval is too narrow: of a normal mean, one of 95 % holds the truth
    about 83 % of the time, where Student's keeps its word.

    Raises:
        ValueError: there are no samples, they are not of one shape, have fewer than two
            seeds or hold a value that is not finite; or all draws give one number, of
            which only ``"percentile"`` makes an interval.
    """
    stats = _scipy()
    require_shares(confidence=confidence)
    require_counts_or_zero(seed=seed)
    require_counts(resamples=resamples)
    arrays, rng = _same_seeds(*samples), np.random.default_rng(seed)
    size = {"confidence_level": confidence, "n_resamples": resamples}
    how = {"paired": True, "method": method, "rng": rng}
    with warnings.catch_warnings(), np.errstate(invalid="ignore"):
        warnings.simplefilter("ignore", stats.DegenerateDataWarning)  # said below
        interval = stats.bootstrap(arrays, statistic, **size, **how).confidence_interval
    if np.isnan(interval).any():
        raise ValueError(
            f"method {method!r} needs a statistic that varies between draws, got "
            f'samples {arrays}: use method "percentile"'
        )
    return Interval(float(interval.low), float(interval.high))


def _scipy() -> Any:
    """Return SciPy's statistics, loaded when asked for: checks of answers need none."""
    import lrcourse._lab  # noqa: F401  # isort: skip
    from scipy import stats

    return stats


def _same_seeds(*samples: ArrayLike) -> list[Array]:
    arrays = [_over_seeds("a sample", sample) for sample in samples]
    _require_one_shape(arrays)
    return arrays


def _require_one_shape(arrays: Sequence[Array]) -> None:
    shapes = [array.shape for array in arrays]
    if not arrays or len(set(shapes)) > 1 or arrays[0].ndim != 1:
        raise ValueError(f"samples must share one shape (seeds,), got {shapes}")


def _over_seeds(name: str, values: ArrayLike) -> Array:
    array = np.asarray(values, dtype=np.float64)
    if array.ndim == 0 or len(array) < 2:
        raise ValueError(f"{name} needs two seeds or more, got shape {array.shape}")
    if not np.isfinite(array).all():
        raise ValueError(
            f"{name} must be finite, got {array}: leave a seed out of every sample and "
            "count it apart, with drop_failed"
        )
    return array
