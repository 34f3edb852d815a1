"""Data of the book: seeded, made or bundled, never fetched.

- `collected`: digits and MNIST-1D, split into train and test, and their batches
- `generated`: ratings, bandits, a text with its entropy: the truth is known
- `words`: counts of common and rare words, with labels

A ``ValueError`` names a setting that does not fit.
"""

from lrcourse.data.collected import (
    Split,
    as_sequences,
    batches,
    digits,
    mnist1d,
    permuted_labels,
    reversed_curves,
)
from lrcourse.data.generated import (
    Bandit,
    Ratings,
    Text,
    bandit,
    entropy_rate,
    grammar_text,
    ratings,
)
from lrcourse.data.words import word_counts

__all__ = [
    "Bandit",
    "Ratings",
    "Split",
    "Text",
    "as_sequences",
    "bandit",
    "batches",
    "digits",
    "entropy_rate",
    "grammar_text",
    "mnist1d",
    "permuted_labels",
    "ratings",
    "reversed_curves",
    "word_counts",
]
