"""Losses that know their own numbers: curvature, minimum, stability limit."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Quadratic:
    """The bowl ``0.5 * sum(eigenvalues * w**2)``, with its minimum at zero.

    `eigenvalues` has shape (n,): the curvature along each coordinate, all positive.
    """

    eigenvalues: Array

    def __post_init__(self) -> None:
        values = np.asarray(self.eigenvalues)
        if values.ndim != 1 or not values.size:
            raise ValueError(f"eigenvalues must be a list of numbers, got {values!r}")
        if not (np.isfinite(values).all() and (values > 0).all()):
            raise ValueError(f"eigenvalues must be positive and finite, got {values}")

    def loss(self, w: Array) -> float:
        return float(0.5 * self.eigenvalues @ w**2)

    def grad(self, w: Array) -> Array:
        return self.eigenvalues * w

    @property
    def hessian(self) -> Array:
        """The matrix of second derivatives, shape (n, n)."""
        return np.diag(self.eigenvalues)

    @property
    def sharpness(self) -> float:
        """Largest curvature; gradient descent is stable below ``2 / sharpness``."""
        return float(self.eigenvalues.max())

    @property
    def condition_number(self) -> float:
        """Largest curvature over smallest: how much longer than wide the bowl is."""
        return float(self.eigenvalues.max() / self.eigenvalues.min())


@dataclass(frozen=True)
class TwoWells:
    """The one-dimensional ``w**4 - w**2 + tilt * w``: two minima, one deeper."""

    tilt: float = 0.2

    def loss(self, w: Array) -> float:
        return float(np.sum(w**4 - w**2 + self.tilt * w))

    def grad(self, w: Array) -> Array:
        return 4 * w**3 - 2 * w + self.tilt
