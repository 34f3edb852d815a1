"""What a batch size does to the noise, and the rate that belongs to it."""

import math

from numpy.typing import ArrayLike

from lrcourse._settings import (
    plain_numbers,
    require_counts,
    require_nonnegative,
    require_positive,
)
from lrcourse.theory.checks import finite_vector, require_each, symmetric_matrix


@plain_numbers
def scaled_lr(lr: float, batch_size: int, new_batch_size: int) -> float:
    """Return the rate that keeps ``lr / batch_size``: the linear scaling rule.

    It keeps the noise floor of a small rate, whose variance goes with that ratio, and
    one step goes about as far as the small batches' steps together went (see
    `merged_steps_error`). It ends where curvature does not allow the rate. ValueError
    unless `lr` is positive and the sizes are positive integers. Goyal et al.,
    Accurate, Large Minibatch SGD, 2017.

    >>> scaled_lr(0.125, batch_size=32, new_batch_size=256)
    1.0
    """
    require_positive(lr=lr)
    require_counts(batch_size=batch_size, new_batch_size=new_batch_size)
    return lr * new_batch_size / batch_size


@plain_numbers
def merged_steps_error(lr: float, curvature: float, steps: int) -> float:
    """Return by how much one step at ``steps * lr`` misses `steps` steps at `lr`.

    At most, as a share of the distance from the minimum of a bowl, and close to it
    where ``steps * lr * curvature`` is far below 1: the number of pairs of steps times
    ``(lr * curvature)**2``. Goyal et al., Accurate, Large Minibatch SGD, 2017, is where
    the two are held to be the same.

    Raises:
        ValueError: `lr` and `curvature` are not positive with a product of at most 1,
            or `steps` is no positive integer.

    >>> merged_steps_error(lr=0.25, curvature=0.5, steps=4)
    0.09375
    """
    require_positive(lr=lr, curvature=curvature)
    require_counts(steps=steps)
    if lr * curvature > 1:
        raise ValueError(f"lr * curvature must be at most 1, got {lr * curvature}")
    return math.comb(steps, 2) * (lr * curvature) ** 2


@plain_numbers
def batch_noise(noise: float, batch_size: int, examples: int | None = None) -> float:
    """Return the standard deviation of the gradient noise of a batch.

    ``noise / sqrt(batch_size)`` where each example of the batch is drawn from all;
    `noise` is that of a single example. With `examples`, the batch is drawn without
    replacement from so many, and the factor ``sqrt((examples - batch_size) / (examples
    - 1))`` follows: a batch of all has no noise. It holds for one batch; over a pass
    the noise of its batches cancels. Cochran, Sampling Techniques, 1977, theorem 2.2.

    Raises:
        ValueError: `noise` is below zero, another is no positive integer, or
            `batch_size` above `examples`.

    >>> batch_noise(6.0, batch_size=4)
    3.0
    >>> batch_noise(6.0, batch_size=4, examples=5)
    1.5
    """
    require_nonnegative(noise=noise)
    require_counts(batch_size=batch_size)
    if examples is None:
        return noise / math.sqrt(batch_size)
    require_counts(examples=examples)
    if batch_size > examples:
        raise ValueError(
            f"batch_size must be at most examples={examples}, got {batch_size}"
        )
    if batch_size == examples:
        return 0.0
    return noise * math.sqrt((examples - batch_size) / (examples - 1) / batch_size)


@plain_numbers
def noise_scale(grad: ArrayLike, hessian: ArrayLike, covariance: ArrayLike) -> float:
    """Return the batch size at which noise and curvature cost one step equally much.

    ``trace(hessian @ covariance) / (grad @ hessian @ grad)``, in examples. `grad` has
    shape (n,), `hessian` and `covariance`, of one example's gradient, (n, n), both
    symmetric. McCandlish et al., An Empirical Model of Large-Batch Training, 2018,
    section 2; with the identity as `hessian` their simple noise scale.

    Raises:
        ValueError: the shapes are others, or the denominator is not positive.

    >>> noise_scale([2.0, 0.0], [[1.0, 0.0], [0.0, 3.0]], [[4.0, 0.0], [0.0, 4.0]])
    4.0
    """
    vector = finite_vector("grad", grad)
    curves = symmetric_matrix("hessian", hessian)
    spread = symmetric_matrix("covariance", covariance)
    if not curves.shape == spread.shape == 2 * vector.shape:
        raise ValueError(
            f"hessian and covariance must have shape {2 * vector.shape}, "
            f"got {curves.shape} and {spread.shape}"
        )
    bend = float(vector @ curves @ vector)
    if bend <= 0:
        raise ValueError(f"grad @ hessian @ grad must be positive, got {bend}")
    return float((curves * spread).sum()) / bend


@plain_numbers
def noise_scale_from_two(
    small_squares: ArrayLike, small: int, big_squares: ArrayLike, big: int
) -> float:
    """Return the simple noise scale from squared gradient lengths at two batch sizes.

    The squared length of the mean gradient of a batch has the expectation ``|G|**2 +
    S / batch_size``, with G the gradient of all examples and S the trace of one
    example's covariance. Two sizes, `small` and `big`, give two equations; S / |G|**2
    is the result, in examples. The squares, each of shape (measurements,), are averaged
    before anything is divided: single estimates of both parts may be negative.
    McCandlish et al., An Empirical Model of Large-Batch Training, 2018, appendix A.1.

    Raises:
        ValueError: a square is negative, a size no positive integer, `big` not above
            `small`; or the estimate of ``|G|**2`` is not positive, or that of S below
            zero: more measurements are needed.

    >>> noise_scale_from_two([7.0, 5.0], small=2, big_squares=[3.0, 3.0], big=8)
    4.0
    """
    require_counts(small=small, big=big)
    if big <= small:
        raise ValueError(f"big must be above small={small}, got {big}")
    means = []
    for name, given in (("small_squares", small_squares), ("big_squares", big_squares)):
        require_each(require_nonnegative, **{name: given})
        means.append(float(finite_vector(name, given).mean()))
    square = (big * means[1] - small * means[0]) / (big - small)
    trace = (means[0] - means[1]) / (1 / small - 1 / big)
    if square <= 0 or trace < 0:
        raise ValueError(
            "small_squares and big_squares are too few to tell gradient and noise "
            f"apart: their estimates are {square} and {trace}"
        )
    return trace / square


@plain_numbers
def optimal_lr_for_batch(batch_size: float, max_lr: float, noise_scale: float) -> float:
    """Return the rate with which one noisy step lowers the loss most, on average.

    ``max_lr / (1 + noise_scale / batch_size)``, where `max_lr` is the best rate without
    noise (`best_step_lr`): proportional to the batch size far below the noise scale,
    level far above it, half way at it. ValueError unless all three are positive.
    McCandlish et al., An Empirical Model of Large-Batch Training, 2018, section 2.

    >>> [optimal_lr_for_batch(size, 0.5, noise_scale=32.0) for size in (32, 96)]
    [0.25, 0.375]
    """
    require_positive(batch_size=batch_size, max_lr=max_lr, noise_scale=noise_scale)
    return max_lr / (1 + noise_scale / batch_size)
