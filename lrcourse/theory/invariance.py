"""What rescaling does: the loss, the inputs, or weights that have no scale.

Weights before a normalisation layer have no scale: the loss at ``c * w`` is that at w,
so its gradient is orthogonal to w and falls as ``1 / norm(w)``.
"""

import math

from lrcourse._settings import plain_numbers, require_nonnegative, require_positive
from lrcourse.schedules import Schedule, table
from lrcourse.schedules.schedule import checked


@plain_numbers
def lr_for_scaled_loss(lr: float, factor: float) -> float:
    """Return the rate that does to ``factor * loss`` what `lr` does to the loss.

    For gradient descent, with any momentum: ``lr / factor``. A loss summed over a batch
    is `batch_size` times its mean. Adam needs no other rate, only `factor` times the
    eps. ValueError unless both are positive.

    >>> lr_for_scaled_loss(0.5, factor=64)
    0.0078125
    """
    require_positive(lr=lr, factor=factor)
    return lr / factor


@plain_numbers
def lr_for_scaled_features(lr: float, factor: float) -> float:
    """Return the rate that does to inputs times `factor` what `lr` does to the inputs.

    For gradient descent on a linear model without a bias: ``lr / factor**2``, once for
    the gradient and once for the weights, which are smaller by `factor`. ValueError
    unless both are positive. LeCun et al., Efficient BackProp, 1998, is why inputs are
    scaled at all.

    >>> lr_for_scaled_features(0.5, factor=2.0)
    0.125
    """
    require_positive(lr=lr, factor=factor)
    return lr / factor**2


@plain_numbers
def scale_invariant_lr(lr: float, norm: float) -> float:
    """Return the rate at which weights of norm one would turn as fast.

    ``lr / norm**2``, for weights without a scale: as they grow, a constant rate decays
    by itself. ValueError unless both are positive. Van Laarhoven, L2 Regularization
    versus Batch and Weight Normalization, 2017.

    >>> scale_invariant_lr(0.5, norm=2.0)
    0.125
    """
    require_positive(lr=lr, norm=norm)
    return lr / norm**2


@plain_numbers
def equilibrium_angle(lr: float, weight_decay: float) -> float:
    """Return by how many radians weights without a scale turn in each step, in the end.

    ``arccos(1 - lr * weight_decay)``, about ``sqrt(2 * lr * weight_decay)``: the angle
    at which the growth of the norm by gradient steps balances its decay, whatever the
    length of the gradients, as long as it stays. One step is ``w - lr * (grad +
    weight_decay * w)``. Wan et al., Spherical Motion Dynamics, 2020, give the root.

    Raises:
        ValueError: `lr` and `weight_decay` are not positive with a product below 1.

    >>> round(equilibrium_angle(0.1, weight_decay=5.0), 6)  # a third of pi
    1.047198
    """
    require_positive(lr=lr, weight_decay=weight_decay)
    if lr * weight_decay >= 1:
        raise ValueError(f"lr * weight_decay must be below 1, got {lr * weight_decay}")
    # not acos, which loses half of the digits near 1
    return 2 * math.asin(math.sqrt(lr * weight_decay / 2))


@plain_numbers
def schedule_without_weight_decay(schedule: Schedule, weight_decay: float) -> Schedule:
    """Return the growing schedule that does without decay what `schedule` does with it.

    For weights without a scale and gradient descent without momentum, where both runs
    pass through the same directions. A constant `lr` becomes ``lr * (1 - lr *
    weight_decay) ** (-2 * step - 1)``: exponential growth. Li & Arora, An Exponential
    Learning Rate Schedule for Deep Learning, 2020.

    Raises:
        ValueError: `weight_decay` is below zero; and from the new schedule, where
            ``lr * weight_decay`` reaches 1.

    >>> growing = schedule_without_weight_decay(lambda step: 0.5, weight_decay=1.0)
    >>> [growing(step) for step in range(3)]
    [1.0, 4.0, 16.0]
    """
    require_nonnegative(weight_decay=weight_decay)

    @checked
    def growing(step: int) -> float:
        lrs: list[float] = table(schedule, step + 1).tolist()
        if max(lrs) * weight_decay >= 1:
            raise ValueError(f"lr * weight_decay must be below 1, got lr={max(lrs)}")
        *shrunk, last = (1 - lr * weight_decay for lr in lrs)
        return lrs[-1] / (math.prod(shrunk) ** 2 * last)

    return growing
