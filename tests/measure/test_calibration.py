"""Confidence against accuracy, by hand and by scikit-learn."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.calibration import calibration_curve

from lrcourse.measure import calibration_error

deterministic = settings(max_examples=40, deadline=None, derandomize=True)


def by_hand(probabilities, labels, bins):
    """Return the sum of equation 3, bin by bin."""
    confidence = np.max(probabilities, axis=1)
    right = np.argmax(probabilities, axis=1) == labels
    total = 0.0
    for m in range(bins):
        inside = (confidence > m / bins) & (confidence <= (m + 1) / bins)
        if inside.any():
            gap = abs(right[inside].mean() - confidence[inside].mean())
            total += inside.mean() * gap
    return total


def predictions(examples, classes, seed):
    rng = np.random.default_rng(seed)
    probabilities = rng.dirichlet(np.ones(classes), size=examples)
    return probabilities, rng.integers(classes, size=examples)


@given(st.integers(1, 200), st.integers(2, 6), st.integers(1, 30), st.integers(0, 99))
@deterministic
def test_it_is_the_sum_over_the_bins(examples, classes, bins, seed):
    probabilities, labels = predictions(examples, classes, seed)
    exact = by_hand(probabilities, labels, bins)
    assert calibration_error(probabilities, labels, bins) == pytest.approx(exact)


@given(st.lists(st.integers(5, 10), min_size=1, max_size=30), st.data())
@deterministic
def test_a_confidence_at_an_end_counts_below_it(tenths, data):
    confidence = np.array(tenths) / 10
    labels = data.draw(
        st.lists(st.integers(0, 1), min_size=len(confidence), max_size=len(confidence))
    )
    probabilities = np.stack([confidence, 1 - confidence], axis=1)
    exact = by_hand(probabilities, np.array(labels), 10)
    assert calibration_error(probabilities, labels, 10) == pytest.approx(exact)


def test_it_is_what_scikit_learn_s_curve_adds_up_to():
    rng = np.random.default_rng(0)
    positive = rng.uniform(0.5, 1, 500)
    labels = (rng.random(500) < positive**2).astype(int)
    accuracy, confidence = calibration_curve(labels, positive, n_bins=10)
    counts = np.histogram(positive, np.linspace(0, 1, 11))[0][5:]
    theirs = counts @ abs(accuracy - confidence) / 500
    probabilities = np.stack([1 - positive, positive], axis=1)
    assert calibration_error(probabilities, labels, 10) == pytest.approx(theirs)


def test_too_much_and_too_little_confidence_do_not_make_up_for_each_other():
    sure_and_wrong = [[0.95, 0.05]] * 10
    unsure_and_right = [[0.55, 0.45]] * 10
    labels = [1] * 10 + [0] * 10
    both = sure_and_wrong + unsure_and_right
    assert calibration_error(both, labels) == pytest.approx((0.95 + 0.45) / 2)
    assert calibration_error(both, labels, bins=1) == pytest.approx(0.25)


def test_a_classifier_that_is_right_as_often_as_it_says_has_a_small_error():
    rng = np.random.default_rng(1)
    confidence = rng.uniform(0.5, 1, 100_000)
    labels = (rng.random(100_000) > confidence).astype(int)
    probabilities = np.stack([confidence, 1 - confidence], axis=1)
    assert calibration_error(probabilities, labels) < 0.01
    assert calibration_error(probabilities[:50], labels[:50]) > 0.03  # by chance alone


def test_numbers_of_lower_precision_are_taken():
    probabilities, labels = predictions(50, 3, seed=2)
    half = probabilities.astype(np.float32)
    assert calibration_error(half, labels.astype(np.uint8)) == pytest.approx(
        calibration_error(probabilities, labels), abs=1e-6
    )


@pytest.mark.parametrize(
    ("probabilities", "labels", "bins", "message"),
    [
        ([], [], 15, "probabilities must have shape"),
        ([0.5, 0.5], [0, 1], 15, "probabilities must have shape"),
        ([[0.5, 0.5]], [0, 1], 15, "probabilities must have shape"),
        ([[2.0, 1.0]], [0], 15, "need a softmax first"),
        ([[1.5, -0.5]], [0], 15, "need a softmax first"),
        ([[np.nan, 1.0]], [0], 15, "need a softmax first"),
        ([[0.5, 0.5]], [2], 15, "labels must be integers from 0 to 1"),
        ([[0.5, 0.5]], [-1], 15, "labels must be integers from 0 to 1"),
        ([[0.5, 0.5]], [0.0], 15, "labels must be integers from 0 to 1"),
        ([[0.5, 0.5]], [0], 0, "bins must be a positive integer, got 0"),
    ],
)
def test_what_has_no_calibration_is_refused(probabilities, labels, bins, message):
    with pytest.raises(ValueError, match=message):
        calibration_error(probabilities, labels, bins)
