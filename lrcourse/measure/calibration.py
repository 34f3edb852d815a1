"""How far a classifier's confidence can be believed."""

import numpy as np
from numpy.typing import ArrayLike

from lrcourse._arrays import Array, Integers
from lrcourse._settings import require_counts


def calibration_error(
    probabilities: ArrayLike, labels: ArrayLike, bins: int = 15
) -> float:
    """Return the expected calibration error: how far confidence is from accuracy.

    `probabilities` has shape (examples, classes), `labels` (examples,) with the right
    classes as integers. The confidence of a prediction is its largest probability, its
    class the first that has it. Predictions are put into `bins` of equal width by
    their confidence, from above the lower end up to the upper one; the gap between mean
    confidence and accuracy in each counts by its share of examples, so that too much
    confidence here is not made up for by too little there. Few examples make it too
    large: even a perfect classifier's bins scatter. Guo et al., On Calibration of
    Modern Neural Networks, 2017, equation 3; Naeini et al., Obtaining Well Calibrated
    Probabilities Using Bayesian Binning, 2015.

    Raises:
        ValueError: other shapes, no examples, rows that are no probabilities, labels
            that are no classes, or `bins` below 1.

    >>> calibration_error([[0.9, 0.1], [0.4, 0.6]], labels=[0, 0], bins=2)
    0.25
    >>> round(calibration_error([[0.9, 0.1], [0.4, 0.6]], labels=[0, 0], bins=10), 3)
    0.35
    """
    require_counts(bins=bins)
    chances, classes = _checked(probabilities, labels)
    confidence, right = chances.max(axis=1), chances.argmax(axis=1) == classes
    upper_ends = np.arange(1, bins) / bins  # where an end is met exactly, it counts
    gaps = np.bincount(np.searchsorted(upper_ends, confidence), right - confidence)
    return float(abs(gaps).sum() / len(classes))


def _checked(probabilities: ArrayLike, labels: ArrayLike) -> tuple[Array, Integers]:
    """Return them as arrays, (examples, classes) and (examples,)."""
    chances = np.asarray(probabilities, dtype=np.float64)
    classes = np.asarray(labels)
    if chances.ndim != 2 or not chances.size or classes.shape != chances.shape[:1]:
        raise ValueError(
            "probabilities must have shape (examples, classes) and labels (examples,), "
            f"got {chances.shape} and {classes.shape}"
        )
    if not ((chances >= 0).all() and np.allclose(chances.sum(axis=1), 1, atol=1e-4)):
        raise ValueError(
            "probabilities must be zero or more and sum to 1 in each row: outputs of a "
            "network need a softmax first"
        )
    named = classes.dtype.kind in "iu" and set(classes.tolist()) <= set(
        range(chances.shape[1])
    )
    if not named:
        raise ValueError(
            f"labels must be integers from 0 to {chances.shape[1] - 1}, got {labels!r}"
        )
    return chances, classes
