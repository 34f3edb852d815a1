"""What one update of gradient descent does to the loss, as a function of its rate."""

from numpy.typing import ArrayLike

from lrcourse._settings import plain_numbers, require_finite, require_nonnegative
from lrcourse.theory.checks import finite_vector, symmetric_matrix


@plain_numbers
def hypergradient(grad: ArrayLike, next_grad: ArrayLike) -> float:
    """Return the derivative of the next loss with respect to the rate that led there.

    ``-next_grad @ grad``: while successive gradients point the same way, a larger rate
    would have done better. Both have shape (n,). Baydin et al., Online Learning Rate
    Adaptation with Hypergradient Descent, 2018.

    Raises:
        ValueError: they have other shapes.

    >>> hypergradient([3.0, 1.0], next_grad=[2.0, -1.0])
    -5.0
    """
    before, after = finite_vector("grad", grad), finite_vector("next_grad", next_grad)
    if before.shape != after.shape:
        raise ValueError(
            f"grad and next_grad must have one shape, got {before.shape} "
            f"and {after.shape}"
        )
    return -float(after @ before)


@plain_numbers
def loss_change(lr: float, grad: ArrayLike, hessian: ArrayLike) -> float:
    """Return by how much one update changes the loss, to second order in `lr`.

    Exact on a quadratic: a parabola in `lr`, lowest at `best_step_lr` and zero again
    at twice that. `grad` has shape (n,), `hessian` (n, n), symmetric. Goodfellow et
    al., Deep Learning, 2016, section 4.3.

    Raises:
        ValueError: the shapes are others, or `lr` is negative.

    >>> loss_change(0.5, grad=[2.0, 0.0], hessian=[[2.0, 0.0], [0.0, 1.0]])
    -1.0
    """
    require_nonnegative(lr=lr)
    square, bend = _along_gradient(grad, hessian)
    return -lr * square + lr**2 * bend / 2


@plain_numbers
def best_step_lr(grad: ArrayLike, hessian: ArrayLike) -> float:
    """Return the rate at which one update along `grad` lowers the loss most.

    ``grad @ grad / (grad @ hessian @ grad)``, one over the curvature along the
    gradient: far above ``2 / sharpness`` where the gradient lies flat. Arguments and
    source as for `loss_change`.

    Raises:
        ValueError: the shapes are others, or the curvature along the gradient is not
            positive.

    >>> best_step_lr(grad=[2.0, 0.0], hessian=[[2.0, 0.0], [0.0, 1.0]])
    0.5
    """
    square, bend = _along_gradient(grad, hessian)
    if bend <= 0:
        raise ValueError(f"grad @ hessian @ grad must be positive, got {bend}")
    return square / bend


@plain_numbers
def polyak_lr(loss: float, min_loss: float, grad: ArrayLike) -> float:
    """Return Polyak's rate, which needs to know the minimum and no curvature.

    ``(loss - min_loss) / (grad @ grad)``: zero at the minimum, and on a convex loss
    never so large that the distance to it grows. `grad` has shape (n,). Polyak,
    Introduction to Optimization, 1987.

    Raises:
        ValueError: `loss` is below `min_loss`, or above it where `grad` is zero.

    >>> polyak_lr(loss=3.0, min_loss=1.0, grad=[0.0, 2.0])
    0.5
    """
    vector = finite_vector("grad", grad)
    require_finite(loss=loss, min_loss=min_loss)
    require_nonnegative(**{"loss - min_loss": loss - min_loss})
    if loss == min_loss:
        return 0.0
    if not vector.any():
        raise ValueError(f"grad is zero at loss {loss} above min_loss={min_loss}")
    return (loss - min_loss) / float(vector @ vector)


def _along_gradient(grad: ArrayLike, hessian: ArrayLike) -> tuple[float, float]:
    """Return ``grad @ grad`` and ``grad @ hessian @ grad``."""
    vector = finite_vector("grad", grad)
    matrix = symmetric_matrix("hessian", hessian)
    if matrix.shape != 2 * vector.shape:
        raise ValueError(
            f"hessian must have shape {2 * vector.shape}, got {matrix.shape}"
        )
    return float(vector @ vector), float(vector @ matrix @ vector)
