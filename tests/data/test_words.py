"""Word counts: as common as the power law says, labels as the meanings say."""

import numpy as np
import pytest
from scipy import stats

from lrcourse.data import word_counts


def test_words_are_as_common_as_the_power_law_says():
    data = word_counts(4000, words=30, length=20, power=1.0, stop_words=3)
    counts = np.concatenate([data.inputs, data.test_inputs]).sum(axis=0)
    expected = stats.zipfian.pmf(np.arange(1, 31), 1.0, 30) * counts.sum()
    assert stats.chisquare(counts, expected).pvalue > 0.01
    assert (data.inputs.sum(axis=1) == 20).all()
    assert len(data.test_labels) == 800


def test_stop_words_say_nothing_and_others_do():
    data = word_counts(6000, words=60, power=0.5, stop_words=10, seed=1)
    correlations = [
        abs(np.corrcoef(data.inputs[:, word], data.labels)[0, 1]) for word in range(60)
    ]
    assert max(correlations[:10]) < 0.06
    assert np.mean(correlations[10:]) > 0.06


def test_the_same_seed_gives_the_same_documents_and_another_others():
    one, same, other = (word_counts(50, seed=seed) for seed in (0, 0, 1))
    assert all(np.array_equal(a, b) for a, b in zip(one, same, strict=True))
    assert not np.array_equal(one.inputs, other.inputs)


def test_some_word_must_mean_something():
    with pytest.raises(ValueError, match="stop_words must be below words=20, got 20"):
        word_counts(10, words=20, stop_words=20)
