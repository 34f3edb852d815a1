"""Losses that know their own numbers: curvature, minimum, stability limit.

`w` has shape (n,), or (members, n) for many runs at once: gradient and loss are then
each member's own, the loss of shape (members,).
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from lrcourse._arrays import Array
from lrcourse._settings import (
    require,
    require_counts_or_zero,
    require_nonnegative,
    require_positive,
)


class Problem(Protocol):
    """A loss and its gradient: what a loop needs."""

    def loss(self, w: Array) -> float | Array:
        """Return the loss at `w`: a number, or one for each member."""

    def grad(self, w: Array) -> Array:
        """Return the gradient at `w`, of its shape."""


def per_member(losses: Array) -> float | Array:
    """Return the losses of members as they are, and the loss of one run as a float."""
    return float(losses) if np.ndim(losses) == 0 else losses


@dataclass(frozen=True)
class Quadratic:
    """The bowl ``0.5 * sum(eigenvalues * w**2)``, with its minimum at zero.

    `eigenvalues` has shape (n,): the curvature along each coordinate, all positive.
    """

    eigenvalues: Array

    def __post_init__(self) -> None:
        values = np.asarray(self.eigenvalues, dtype=np.float64)
        if values.ndim != 1 or not values.size:
            raise ValueError(f"eigenvalues must be a list of numbers, got {values!r}")
        if not (np.isfinite(values).all() and (values > 0).all()):
            raise ValueError(f"eigenvalues must be positive and finite, got {values}")
        object.__setattr__(self, "eigenvalues", values)

    def loss(self, w: Array) -> float | Array:
        return per_member(w**2 @ (0.5 * self.eigenvalues))

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

    def __post_init__(self) -> None:
        limit = (8 / 27) ** 0.5
        between = f"between -{limit:.4f} and {limit:.4f}, or a well is lost"
        require(between, lambda value: abs(value) < limit, tilt=self.tilt)

    def loss(self, w: Array) -> float | Array:
        return per_member(np.atleast_1d(w**4 - w**2 + self.tilt * w).sum(axis=-1))

    def grad(self, w: Array) -> Array:
        return 4 * w**3 - 2 * w + self.tilt

    @property
    def flat_points(self) -> tuple[float, float, float]:
        """The left minimum, the hill between, the right minimum."""
        left, hill, right = np.sort(np.roots([4, 0, -2, self.tilt]).real)
        return float(left), float(hill), float(right)

    def curvature(self, w: float) -> float:
        """Return the second derivative; at a minimum, 2 over it is the largest rate."""
        return 12 * w**2 - 2


@dataclass(frozen=True)
class Saddle:
    """``up * x**2 / 2 + down * (y**4 / 4 - y**2 / 2)`` for ``w = (x, y)``.

    At zero it curves up along x and down along y; the minima are (0, 1) and (0, -1).
    """

    up: float = 1.0
    down: float = 1.0

    def __post_init__(self) -> None:
        require_positive(up=self.up, down=self.down)

    def loss(self, w: Array) -> float | Array:
        x, y = w[..., 0], w[..., 1]
        return per_member(self.up * x**2 / 2 + self.down * (y**4 / 4 - y**2 / 2))

    def grad(self, w: Array) -> Array:
        x, y = w[..., 0], w[..., 1]
        return np.stack([self.up * x, self.down * (y**3 - y)], axis=-1)

    @property
    def hessian(self) -> Array:
        """The matrix of second derivatives at the saddle, one of them negative."""
        return np.diag([self.up, -self.down])

    @property
    def sharpness(self) -> float:
        """Largest curvature at the minima."""
        return max(self.up, 2 * self.down)


class Noisy:
    """One run of `problem` whose gradients carry Gaussian noise; the loss stays true.

    `noise` is the standard deviation in each coordinate of each gradient. Make one for
    every run: the next run would go on with the noise where this one stopped.
    """

    def __init__(self, problem: Problem, noise: float, seed: int) -> None:
        require_nonnegative(noise=noise)
        require_counts_or_zero(seed=seed)
        self.problem, self.noise = problem, noise
        self._rng = np.random.default_rng(seed)

    def loss(self, w: Array) -> float | Array:
        return self.problem.loss(w)

    def grad(self, w: Array) -> Array:
        noise = self.noise * self._rng.standard_normal(np.shape(w))
        return self.problem.grad(w) + noise
