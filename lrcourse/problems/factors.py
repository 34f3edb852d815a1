"""The smallest network whose curvature moves: two factors and one output."""

import numpy as np

from lrcourse._arrays import Array
from lrcourse._settings import (
    require_counts,
    require_counts_or_zero,
    require_nonnegative,
)
from lrcourse.problems.quadratic import per_member


class TwoFactors:
    """One run on ``error**2 / 2`` with ``error = u @ v / sqrt(n) - 1``.

    `w` holds u and then v: shape (2 * n,), or (members, 2 * n). Its curvature is not
    fixed: a rate above ``2 / curvature`` throws the error up, and that pushes the
    curvature down; while the rate climbs slowly, no throw is a far one. `noise` is the
    standard deviation of what is added to the error in each gradient, not in the loss.
    It belongs to the problem: without it the error becomes exactly zero in floating
    point, and then the run stands still at any rate. Make one for every run: the next
    would go on with the noise where this one stopped. Lewkowycz et al., The large
    learning rate phase of deep learning, 2020, section 2, there with target 0.

    Raises:
        ValueError: `n` is no positive integer, or `noise` negative or not finite.
    """

    def __init__(self, n: int = 64, noise: float = 0.0, seed: int = 0) -> None:
        require_counts(n=n)
        require_nonnegative(noise=noise)
        require_counts_or_zero(seed=seed)
        self.n, self.noise = n, noise
        self._rng = np.random.default_rng(seed)

    def error(self, w: Array) -> float | Array:
        """Return how far the output is from its target, 1."""
        u, v = self._factors(w)
        return per_member((u * v).sum(axis=-1) / self.n**0.5 - 1)

    def loss(self, w: Array) -> float | Array:
        return per_member(np.square(self.error(w)) / 2)

    def grad(self, w: Array) -> Array:
        u, v = self._factors(w)
        noise = self.noise * self._rng.standard_normal(np.shape(w)[:-1])
        error = np.asarray(self.error(w) + noise)[..., None]
        return np.asarray(np.concatenate([error * v, error * u], axis=-1) / self.n**0.5)

    def curvature(self, w: Array) -> float | Array:
        """Return the squared slope of the output, ``(u @ u + v @ v) / n``.

        Where the error is zero it is the largest second derivative of the loss, so 2
        over it is the largest stable rate; elsewhere that derivative is within
        ``abs(error) / sqrt(n)`` of it.
        """
        return per_member(np.square(w).sum(axis=-1) / self.n)

    def _factors(self, w: Array) -> tuple[Array, Array]:
        if np.shape(w)[-1:] != (2 * self.n,):
            raise ValueError(
                f"w must have {2 * self.n} numbers, u and then v, in its last axis, "
                f"got shape {np.shape(w)}"
            )
        return w[..., : self.n], w[..., self.n :]
