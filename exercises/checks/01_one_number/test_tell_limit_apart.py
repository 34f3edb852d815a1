"""tell_limit_apart, chapter 01: Sharpness and condition number."""

import numpy as np

from lrcourse.grading import tells_apart


def is_bowl(hessian):
    """Say whether an array is symmetric, with positive eigenvalues."""
    rows, columns = np.shape(hessian)
    is_symmetric = rows == columns and np.array_equal(hessian, np.transpose(hessian))
    return bool(is_symmetric and np.linalg.eigvalsh(hessian).min() > 0)


TESTS = tells_apart(
    "max_stable_lr",
    cases=4,
    domain={
        "`hessian` is a square array, `[[a, b], [b, d]]`, symmetric, and its "
        "eigenvalues are positive": is_bowl
    },
)
