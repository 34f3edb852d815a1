"""Arrays that the formulas accept; a ValueError names everything else."""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from lrcourse._arrays import Array
from lrcourse._settings import require_nonnegative, require_positive


def require_each(check: Callable[..., None], **values: ArrayLike) -> None:
    """Let `check` look at every number in each of `values`."""
    for name, array in values.items():
        for value in np.ravel(array).tolist():
            check(**{name: value})


def finite_vector(name: str, values: ArrayLike) -> Array:
    """Return `values` as a float vector of shape (n,), n above 0.

    Raises:
        ValueError: they have another shape, or one is not finite.
    """
    vector = np.asarray(values, dtype=float)
    if vector.ndim != 1 or not vector.size or not np.isfinite(vector).all():
        raise ValueError(
            f"{name} must be a finite vector of shape (n,), got {values!r}"
        )
    return vector


def symmetric_matrix(name: str, values: ArrayLike) -> Array:
    """Return `values` as a float matrix of shape (n, n), symmetric and finite.

    Raises:
        ValueError: they are no such matrix.
    """
    matrix = np.asarray(values, dtype=float)
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or not matrix.size:
        raise ValueError(f"{name} must be a square matrix, got shape {matrix.shape}")
    if not (np.isfinite(matrix).all() and np.allclose(matrix, matrix.T)):
        raise ValueError(f"{name} must be finite and symmetric")
    return matrix


def curvatures(hessian: ArrayLike) -> Array:
    """Return the eigenvalues of `hessian`, the smallest first.

    Raises:
        ValueError: it is no symmetric matrix, or not all of them are positive.
    """
    values = np.asarray(np.linalg.eigvalsh(symmetric_matrix("hessian", hessian)))
    if values[0] <= 0:
        raise ValueError(f"all eigenvalues must be positive, got {values}")
    return values


def directions(
    curvature: ArrayLike, noise: ArrayLike, start: ArrayLike
) -> tuple[Array, Array, Array]:
    """Return curvature, noise and start of a noisy bowl, each of shape (n,), n above 0.

    Each is a number or has shape (n,); curvatures are positive, noises zero or more.

    Raises:
        ValueError: they are not, or the shapes do not go together.
    """
    named = {"curvature": curvature, "noise": noise, "start": start}
    shapes = {name: np.shape(values) for name, values in named.items()}
    vectors = [finite_vector(name, np.atleast_1d(v)) for name, v in named.items()]
    if len({len(vector) for vector in vectors} - {1}) > 1:
        raise ValueError(f"the directions must be as many in each, got {shapes}")
    require_each(require_positive, curvature=vectors[0])
    require_each(require_nonnegative, noise=vectors[1])
    steepness, spread, distance = np.broadcast_arrays(*vectors)
    return steepness, spread, distance
