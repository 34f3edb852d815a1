"""Bowls of chosen shape: ravines, rotated ones, and the loss of a linear model.

As in `quadratic`, `w` has shape (n,), or (members, n), and each member its own loss.
"""

from dataclasses import dataclass

import numpy as np

from lrcourse._arrays import Array
from lrcourse._settings import (
    plain_numbers,
    require_counts,
    require_counts_or_zero,
    require_divisors,
    require_finite,
    require_positive,
    require_two_or_more,
)
from lrcourse.problems.quadratic import Quadratic, per_member


@plain_numbers
def ravine(condition_number: float, sharpness: float = 1.0, n: int = 2) -> Quadratic:
    """Return a bowl that is steep in its last coordinate and flat in its first.

    The curvatures between, where `n` is above 2, are evenly spaced in their logarithm.

    >>> ravine(condition_number=100, sharpness=10.0, n=3).eigenvalues.tolist()
    [0.1, 1.0, 10.0]
    """
    require_divisors(condition_number=condition_number)
    require_positive(sharpness=sharpness)
    require_two_or_more(n=n)
    return Quadratic(np.geomspace(sharpness / condition_number, sharpness, n))


@dataclass(frozen=True)
class GeneralQuadratic:
    """The bowl ``0.5 * w @ hessian @ w``, whose axes need not be the coordinates.

    `hessian` has shape (n, n), is symmetric, and its eigenvalues are positive.
    """

    hessian: Array

    def __post_init__(self) -> None:
        matrix = np.asarray(self.hessian, dtype=np.float64)
        if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or not matrix.size:
            raise ValueError(f"hessian must be a square matrix, got {matrix.shape}")
        if not (np.isfinite(matrix).all() and np.array_equal(matrix, matrix.T)):
            raise ValueError("hessian must be finite and symmetric, to the last digit")
        object.__setattr__(self, "hessian", matrix)
        if not self.eigenvalues[0] > 0:
            raise ValueError(
                f"all eigenvalues of hessian must be positive, got {self.eigenvalues}"
            )

    def loss(self, w: Array) -> float | Array:
        return per_member(0.5 * (w * (w @ self.hessian)).sum(axis=-1))

    def grad(self, w: Array) -> Array:
        return w @ self.hessian

    @property
    def eigenvalues(self) -> Array:
        """The curvatures along the axes of the bowl, the smallest first."""
        return np.asarray(np.linalg.eigvalsh(self.hessian), dtype=np.float64)

    @property
    def sharpness(self) -> float:
        """Largest curvature; gradient descent is stable below ``2 / sharpness``."""
        return float(self.eigenvalues[-1])

    @property
    def condition_number(self) -> float:
        """Largest curvature over smallest: how much longer than wide the bowl is."""
        return float(self.eigenvalues[-1] / self.eigenvalues[0])


def rotated(bowl: Quadratic, rotation: Array) -> GeneralQuadratic:
    """Return `bowl` turned by `rotation`, an orthogonal matrix of shape (n, n).

    Its loss at ``rotation @ w`` is the loss of `bowl` at `w`.

    Raises:
        ValueError: `rotation` is not orthogonal, or has another shape.
    """
    n, rotation = len(bowl.eigenvalues), np.asarray(rotation, dtype=np.float64)
    if rotation.shape != (n, n) or not np.allclose(rotation @ rotation.T, np.eye(n)):
        raise ValueError(
            f"rotation must be an orthogonal matrix of shape {(n, n)}, "
            f"got shape {rotation.shape}"
        )
    hessian = rotation @ bowl.hessian @ rotation.T
    return GeneralQuadratic((hessian + hessian.T) / 2)


@plain_numbers
def rotation_by(angle: float) -> Array:
    """Return the matrix that turns the plane by `angle`, in radians, to the left.

    >>> (rotation_by(np.pi / 2) @ np.array([1.0, 0.0])).round(12).tolist()
    [0.0, 1.0]
    """
    require_finite(angle=angle)
    cos, sin = np.cos(angle), np.sin(angle)
    return np.array([[cos, -sin], [sin, cos]])


@plain_numbers
def random_rotation(n: int, seed: int) -> Array:
    """Return an orthogonal matrix of shape (n, n), every direction equally likely."""
    require_counts(n=n)
    require_counts_or_zero(seed=seed)
    gaussian = np.random.default_rng(seed).standard_normal((n, n))
    q, r = np.linalg.qr(gaussian)
    return np.asarray(q * np.sign(np.diag(r)))  # else LAPACK's signs decide


@dataclass(frozen=True)
class LeastSquares:
    """The loss ``0.5 * mean((inputs @ w - targets)**2)`` of a linear model.

    `inputs` has shape (examples, n), `targets` shape (examples,).
    """

    inputs: Array
    targets: Array

    def __post_init__(self) -> None:
        for name in ("inputs", "targets"):
            array = np.asarray(getattr(self, name), dtype=np.float64)
            if not np.isfinite(array).all():
                raise ValueError(f"{name} must be finite, got {array}")
            object.__setattr__(self, name, array)
        rows, targets = self.inputs.shape, self.targets.shape
        if len(rows) != 2 or 0 in rows or targets != rows[:1]:
            raise ValueError(
                "inputs must have shape (examples, n) and targets (examples,), "
                f"got {rows} and {targets}"
            )

    def loss(self, w: Array) -> float | Array:
        residuals = w @ self.inputs.T - self.targets
        return per_member(0.5 * np.mean(residuals**2, axis=-1))

    def grad(self, w: Array) -> Array:
        residuals = w @ self.inputs.T - self.targets
        return np.asarray(residuals @ self.inputs / len(self.targets))

    @property
    def hessian(self) -> Array:
        """The matrix of second derivatives, shape (n, n)."""
        return np.asarray(self.inputs.T @ self.inputs / len(self.targets))

    @property
    def sharpness(self) -> float:
        """Largest curvature; gradient descent is stable below ``2 / sharpness``."""
        return float(np.linalg.norm(self.inputs, 2) ** 2 / len(self.targets))

    @property
    def minimum(self) -> Array:
        """The shortest of the best weights: where descent from zero ends."""
        return np.asarray(np.linalg.lstsq(self.inputs, self.targets)[0])
