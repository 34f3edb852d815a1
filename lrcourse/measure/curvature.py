"""The curvature of a loss in its parameters, from products with the Hessian.

The Hessian of n parameters has n**2 entries and is never formed: its product with a
vector costs two backward passes (Pearlmutter, Fast exact multiplication by the Hessian,
1994), and its largest eigenvalue needs nothing but products. `loss` is the scalar that
a forward pass returned; it and the parameters' ``.grad`` stay as they are.
"""

import lrcourse._lab  # isort: skip
import lrcourse._torch  # noqa: F401  # isort: skip
from collections.abc import Iterable, Sequence

import numpy as np
import torch
from scipy.sparse.linalg import LinearOperator, eigsh
from torch import Tensor

from lrcourse._arrays import Array
from lrcourse._settings import require_counts_or_zero

torch.set_num_threads(1)  # the same digits on any machine, as in torch_training


def hessian_vector_product(
    loss: Tensor, params: Iterable[Tensor], vector: Tensor
) -> Tensor:
    """Return the Hessian of `loss` in `params`, times `vector`, of shape (n,).

    The n entries are those of `params` in their order, each flattened, as in
    ``torch.nn.utils.parameters_to_vector``. A parameter that `loss` does not use has
    zeros.

    Raises:
        ValueError: `loss` is no finite scalar, a parameter takes no gradient, or
            `vector` has another shape.

    >>> w = torch.tensor([1.0, 2.0], requires_grad=True)
    >>> loss = w[0] ** 2 * w[1]  # second derivatives 4, 2 and 0
    >>> hessian_vector_product(loss, [w], torch.tensor([1.0, 0.0]))
    tensor([4., 2.])
    """
    weights = list(params)
    slope = _gradient(loss, weights)
    if vector.shape != slope.shape:
        raise ValueError(
            f"vector must have one entry per parameter, shape {tuple(slope.shape)}, "
            f"got {tuple(vector.shape)}"
        )
    return _product(slope, weights, vector)


def sharpness(loss: Tensor, params: Iterable[Tensor], seed: int = 0) -> float:
    """Return the largest eigenvalue of the Hessian of `loss` in `params`.

    Gradient descent is stable below ``2 / sharpness``. Plain power iteration finds the
    eigenvalue that is largest in size, far from a minimum often a negative one; this is
    Lanczos' method (scipy's ``eigsh``), from a random vector that `seed` fixes.

    Raises:
        ValueError: `loss` is no finite scalar, or a parameter takes no gradient.
    """
    require_counts_or_zero(seed=seed)
    weights = list(params)
    slope = _gradient(loss, weights)
    start = np.random.default_rng(seed).standard_normal(len(slope))

    def times(vector: Array) -> Array:
        tensor = torch.from_numpy(vector).to(slope)
        return _product(slope, weights, tensor).cpu().numpy().astype(np.float64)

    if len(slope) == 1:
        return float(times(np.ones(1))[0])
    size = np.linalg.norm(times(start)) / np.linalg.norm(start)
    if size == 0:
        return 0.0
    # ARPACK may miss an eigenvalue of zero; one of ours is at least -size, so that
    # after this shift the largest is positive.
    shift = 2 * size
    shifted = LinearOperator(
        (len(slope), len(slope)),
        matvec=lambda vector: times(vector) + shift * vector,
        dtype=np.float64,
    )
    top = eigsh(shifted, k=1, which="LA", v0=start, return_eigenvectors=False)
    return float(top[0] - shift)


def _gradient(loss: Tensor, params: Sequence[Tensor]) -> Tensor:
    """Return the gradient, of shape (n,), as a tensor that can be differentiated."""
    if loss.numel() != 1 or not torch.isfinite(loss).all():
        raise ValueError(f"loss must be one finite number, got {loss.tolist()}")
    fixed = [tuple(p.shape) for p in params if not p.requires_grad]
    if fixed or not params:
        raise ValueError(
            f"params must be parameters that take a gradient, got {len(params)}, of "
            f"which these shapes take none: {fixed}; leave frozen ones out"
        )
    grads = torch.autograd.grad(loss, params, create_graph=True, materialize_grads=True)
    return torch.cat([part.reshape(-1) for part in grads])


def _product(slope: Tensor, params: Sequence[Tensor], vector: Tensor) -> Tensor:
    if not slope.requires_grad:  # a loss linear in all parameters
        return torch.zeros_like(slope)
    products = torch.autograd.grad(
        slope, params, vector, retain_graph=True, materialize_grads=True
    )
    return torch.cat([part.reshape(-1) for part in products])
