"""Word counts with a known rule behind their labels: few common words, many rare."""

import numpy as np

from lrcourse._arrays import Array
from lrcourse._settings import (
    require_counts,
    require_counts_or_zero,
    require_nonnegative,
)
from lrcourse.data.collected import Split, tested


def word_counts(
    documents: int,
    words: int = 500,
    length: int = 50,
    power: float = 1.0,
    stop_words: int = 20,
    test_share: float = 0.2,
    seed: int = 0,
) -> Split:
    """Return how often each word stands in each document, and the document's label.

    Inputs have shape (documents, words). Each of the `length` words of a document is
    drawn anew, the n-th in proportion to ``n**-power``. The first `stop_words`, the
    commonest, mean nothing; each other word has a meaning, of mean 0 and standard
    deviation 2. The label is 1 with the chance ``1 / (1 + exp(-m))``, where m is the
    sum of the meanings in the document. The last documents are the test part.

    Raises:
        ValueError: a number that is no positive integer, a negative `power`, no more
            words than stop words, or a `test_share` outside (0, 1).
    """
    require_counts(documents=documents, words=words, length=length)
    require_counts_or_zero(stop_words=stop_words, seed=seed)
    require_nonnegative(power=power)
    if stop_words >= words:
        raise ValueError(f"stop_words must be below words={words}, got {stop_words}")
    tests = tested(test_share, documents)
    rng = np.random.default_rng(seed)
    weights = np.arange(1.0, words + 1) ** -power
    counts = rng.multinomial(length, weights / weights.sum(), size=documents)
    inputs: Array = counts.astype(np.float64)
    meanings = 2 * rng.standard_normal(words)
    meanings[:stop_words] = 0
    chances = 1 / (1 + np.exp(-inputs @ meanings))
    labels = (rng.random(documents) < chances).astype(np.int64)
    cut = documents - tests
    return Split(inputs[:cut], labels[:cut], inputs[cut:], labels[cut:])
