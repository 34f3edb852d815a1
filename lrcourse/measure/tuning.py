"""What trying several settings and keeping the best is worth."""

import numpy as np
from numpy.typing import ArrayLike

from lrcourse._settings import require_counts


def expected_best(
    values: ArrayLike, tries: int, with_replacement: bool = False
) -> float:
    """Return the expected best of `tries` of the `values`; the largest is the best.

    `values` has shape (n,): the scores of settings tried at random. The formula is the
    mean over all sets of `tries` different ones, the i-th smallest with weight
    ``comb(i - 1, tries - 1) / comb(n, tries)``: an unbiased estimate of what so many
    tries bring (Tang et al., Showing Your Work Doesn't Always Work, 2020), and exact
    where the values are a whole grid of which a search tries different ones. For losses
    hand over their negatives.

    With replacement the weight is ``(i / n)**tries - ((i - 1) / n)**tries`` (Dodge et
    al., Show Your Work, 2019): exact where a search draws from the grid and may draw
    again, but as an estimate from a sample too low on average.

    Raises:
        ValueError: values that are not finite (give a training that failed the score
            of one that learned nothing), no values, `tries` below 1, or without
            replacement more tries than values.

    >>> round(expected_best([0.2, 0.4, 0.9], tries=2), 4)  # of .4, .9 and .9 the mean
    0.7333
    >>> expected_best([0.0, 1.0], tries=2, with_replacement=True)
    0.75
    """
    scores = np.sort(np.asarray(values, dtype=np.float64))
    if scores.ndim != 1 or not scores.size or not np.isfinite(scores).all():
        raise ValueError(
            f"values must be finite numbers of shape (n,), n above 0, got {values!r}: "
            "a training that failed has the score of one that learned nothing"
        )
    require_counts(tries=tries)
    n = len(scores)
    if with_replacement:
        shares = (np.arange(n + 1) / n) ** tries
        return float(np.diff(shares) @ scores)
    if tries > n:
        raise ValueError(f"tries must be at most the {n} values, got {tries}")
    # from the largest down, each weight by the one above: no binomials to overflow
    ranks = np.arange(n, tries, -1)
    weights = tries / n * np.cumprod(np.append(1.0, (ranks - tries) / (ranks - 1)))
    return float(weights @ scores[::-1][: n - tries + 1])
