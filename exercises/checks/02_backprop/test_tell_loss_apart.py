"""tell_loss_apart, chapter 02: The loss."""

import numpy as np

from lrcourse.grading import tells_apart


def have_one_shape(logits, targets):
    """Say whether two arrays have one shape, of 1 to 16 numbers."""
    return np.shape(logits) == np.shape(targets) and 1 <= np.size(logits) <= 16


def are_shares(logits, targets):
    """Say whether all targets are from 0 to 1."""
    return bool(np.min(targets) >= 0 and np.max(targets) <= 1)


TESTS = tells_apart(
    "binary_cross_entropy",
    cases=4,
    domain={
        "`logits` and `targets` are arrays of one shape": have_one_shape,
        "`targets` are from 0 to 1": are_shares,
    },
)
