"""Muon: a step as long in every direction of a matrix as in any other.

A gradient matrix has a few large singular values and many small ones. Muon steps along
the matrix with the same singular vectors whose singular values are all about 1, and
finds it with matrix products alone.
"""

from typing import Any

from lrcourse._arrays import AnyArray as Array
from lrcourse._settings import (
    require_counts,
    require_memory,
    require_nonnegative,
    require_positive,
)
from lrcourse.optimizers.declaration import update_rule
from lrcourse.optimizers.protocols import at_least_one

# chosen for a steep start, so that small singular values grow fast; the price is that
# they end between about 0.68 and 1.13, not at 1 (Jordan et al., 2024)
COEFFICIENTS = (3.4445, -4.7750, 2.0315)


def orthogonalise(matrix: Array, steps: int = 5, eps: float = 1e-7) -> Array:
    """Bring the singular values of `matrix` near 1, and keep its singular vectors.

    Newton-Schulz iteration: after a division by the root of the sum of squares, each
    step maps every singular value s to ``a * s + b * s**3 + c * s**5``. The divisor is
    at least `eps`, as in PyTorch: a matrix far below it stays small, one of zeros stays
    one. `matrix` has shape (..., rows, cols); the work is done in its own precision
    (PyTorch's Muon works in bfloat16).

    >>> import numpy as np
    >>> orthogonalise(np.diag([3.0, 4.0]), steps=1).round(4).tolist()
    [[1.1933, 0.0], [0.0, 0.9765]]

    Raises:
        ValueError: `matrix` has fewer than two axes, `steps` is below 1, or `eps` is
            not positive and finite.
    """
    _require_matrix("matrix", matrix)
    require_positive(eps=eps)
    require_counts(steps=steps)
    if matrix.shape[-2] > matrix.shape[-1]:  # x @ x.mT is then the smaller square
        return orthogonalise(matrix.mT, steps, eps).mT
    a, b, c = COEFFICIENTS
    norm = (matrix**2).sum((-2, -1), keepdims=True) ** 0.5
    x = matrix / (eps * at_least_one(norm / eps))
    for _ in range(steps):
        gram = x @ x.mT
        x = a * x + (b * gram + c * gram @ gram) @ x
    return x


@update_rule
class Muon:
    """Momentum SGD whose step is orthogonalised (Jordan et al., 2024).

    `w` is a matrix of shape (inputs, outputs), or a batch of them. Its step is scaled
    by ``sqrt(max(1, outputs / inputs))`` as in PyTorch, whose weights are transposed.
    The size of the gradient does not matter, its direction alone does: a bias, matrix
    of one row, takes steps of nearly constant length; better give it another rule. Its
    velocity is a mean of gradients, not a sum as in `SGD`.
    Where gradients are as small as `eps`, or smaller, so are the steps.
    """

    momentum: float = 0.95
    nesterov: bool = True
    weight_decay: float = 0.0
    eps: float = 1e-7

    def __post_init__(self) -> None:
        require_memory(momentum=self.momentum)
        require_nonnegative(weight_decay=self.weight_decay)
        require_positive(eps=self.eps)

    def init(self, w: Array) -> Array:
        _require_matrix("w", w)
        return 0 * w

    def step(
        self, w: Array, grad: Array, velocity: Array, lr: Any
    ) -> tuple[Array, Array]:
        new = (1 - self.momentum) * grad
        velocity = self.momentum * velocity + new
        direction = new + self.momentum * velocity if self.nesterov else velocity
        inputs, outputs = w.shape[-2:]
        scale = max(1, outputs / inputs) ** 0.5
        decayed = (1 - lr * self.weight_decay) * w
        step = lr * scale * orthogonalise(direction, eps=self.eps)
        return decayed - step, velocity


def _require_matrix(name: str, array: Array) -> None:
    if array.ndim < 2:
        shape = tuple(array.shape)
        raise ValueError(
            f"{name} must be a matrix or a batch of them, got shape {shape}"
        )
