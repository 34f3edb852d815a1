"""What the formulas accept; a ValueError names everything else."""

from numbers import Integral

import numpy as np
from numpy.typing import ArrayLike

from lrcourse.problems import Array


def require_positive(**values: float | Array) -> None:
    """Refuse what is zero, negative, infinite or not a number."""
    for name, value in values.items():
        if not (np.isfinite(value) & np.greater(value, 0)).all():
            raise ValueError(f"{name} must be positive and finite, got {value}")


def require_nonnegative(**values: float | Array) -> None:
    """Refuse what is negative, infinite or not a number."""
    for name, value in values.items():
        if not (np.isfinite(value) & np.greater_equal(value, 0)).all():
            raise ValueError(f"{name} must be zero or more and finite, got {value}")


def require_shares(**values: float) -> None:
    """Refuse what is not above 0 and below 1."""
    for name, value in values.items():
        if not 0 < value < 1:
            raise ValueError(f"{name} must be above 0 and below 1, got {value}")


def require_memory(**values: float) -> None:
    """Refuse a momentum or beta that is not at least 0 and below 1."""
    for name, value in values.items():
        if not 0 <= value < 1:
            raise ValueError(f"{name} must be in [0, 1), got {value}")


def require_counts(least: int = 1, **values: int) -> None:
    """Refuse what is not an integer, or below `least`."""
    for name, value in values.items():
        if isinstance(value, bool) or not isinstance(value, Integral) or value < least:
            raise ValueError(f"{name} must be an integer from {least}, got {value!r}")


def finite_vector(name: str, values: ArrayLike) -> Array:
    """Return `values` as a float vector of shape (n,), n above 0."""
    vector = np.asarray(values, dtype=float)
    if vector.ndim != 1 or not vector.size or not np.isfinite(vector).all():
        raise ValueError(
            f"{name} must be a finite vector of shape (n,), got {values!r}"
        )
    return vector


def symmetric_matrix(name: str, values: ArrayLike) -> Array:
    """Return `values` as a float matrix of shape (n, n), symmetric and finite."""
    matrix = np.asarray(values, dtype=float)
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or not matrix.size:
        raise ValueError(f"{name} must be a square matrix, got shape {matrix.shape}")
    if not (np.isfinite(matrix).all() and np.allclose(matrix, matrix.T)):
        raise ValueError(f"{name} must be finite and symmetric")
    return matrix


def curvatures(hessian: ArrayLike) -> Array:
    """Return the eigenvalues of `hessian`, the smallest first; all must be positive."""
    values = np.asarray(np.linalg.eigvalsh(symmetric_matrix("hessian", hessian)))
    if values[0] <= 0:
        raise ValueError(f"all eigenvalues must be positive, got {values}")
    return values
