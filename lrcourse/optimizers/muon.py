"""Muon: a step as long in every direction of a matrix as in any other.

A gradient matrix has a few large singular values and many small ones. Muon steps along
the matrix with the same singular vectors whose singular values are all about 1, and
finds it with matrix products alone.
"""

from dataclasses import dataclass
from typing import Any

from lrcourse._arrays import AnyArray as Array
from lrcourse._settings import require_memory, require_nonnegative

# chosen for a steep start, so that small singular values grow fast; the price is that
# they end between about 0.68 and 1.13, not at 1 (Jordan et al., 2024)
COEFFICIENTS = (3.4445, -4.7750, 2.0315)


def orthogonalise(matrix: Array, steps: int = 5) -> Array:
    """Bring the singular values of `matrix` near 1, and keep its singular vectors.

    Newton-Schulz iteration: after a division by the root of the sum of squares, each
    step maps every singular value s to ``a * s + b * s**3 + c * s**5``. `matrix` has
    shape (..., rows, cols); the work is done in its own precision (PyTorch's Muon
    works in bfloat16). A matrix of zeros stays one.

    >>> import numpy as np
    >>> orthogonalise(np.diag([3.0, 4.0]), steps=1).round(4).tolist()
    [[1.1933, 0.0], [0.0, 0.9765]]

    Raises:
        ValueError: `matrix` has fewer than two axes, or `steps` is below 1.
    """
    _require_matrix("matrix", matrix)
    if steps < 1:
        raise ValueError(f"steps must be at least 1, got {steps}")
    if matrix.shape[-2] > matrix.shape[-1]:  # x @ x.mT is then the smaller square
        return orthogonalise(matrix.mT, steps).mT
    a, b, c = COEFFICIENTS
    norm = (matrix**2).sum((-2, -1), keepdims=True) ** 0.5
    x = matrix / (norm + (norm == 0))
    for _ in range(steps):
        gram = x @ x.mT
        x = a * x + (b * gram + c * gram @ gram) @ x
    return x


@dataclass(frozen=True)
class Muon:
    """Momentum SGD whose step is orthogonalised (Jordan et al., 2024).

    `w` is a matrix of shape (inputs, outputs), or a batch of them. Its step is scaled
    by ``sqrt(max(1, outputs / inputs))`` as in PyTorch, whose weights are transposed.
    The size of the gradient does not matter, its direction alone does: a bias, matrix
    of one row, takes steps of nearly constant length; better give it another rule.
    """

    momentum: float = 0.95
    nesterov: bool = True
    weight_decay: float = 0.0

    def __post_init__(self) -> None:
        require_memory(momentum=self.momentum)
        require_nonnegative(weight_decay=self.weight_decay)

    def init(self, w: Array) -> Array:
        _require_matrix("w", w)
        return 0 * w

    def step(
        self, w: Array, grad: Array, velocity: Array, lr: Any
    ) -> tuple[Array, Array]:
        velocity = self.momentum * velocity + grad
        direction = grad + self.momentum * velocity if self.nesterov else velocity
        inputs, outputs = w.shape[-2:]
        scale = max(1, outputs / inputs) ** 0.5
        decayed = (1 - lr * self.weight_decay) * w
        return decayed - lr * scale * orthogonalise(direction), velocity


def _require_matrix(name: str, array: Array) -> None:
    if array.ndim < 2:
        shape = tuple(array.shape)
        raise ValueError(
            f"{name} must be a matrix or a batch of them, got shape {shape}"
        )
