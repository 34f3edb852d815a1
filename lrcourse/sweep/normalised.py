"""Batch normalisation of all members at once, forward and backward, in columns.

Sums have shape (members, units, examples) here: the axis that is averaged over comes
last, where its numbers lie side by side in memory. It is that of room `network`, whose
names and conventions these are: divisor n where a batch is normalised, n - 1 in the
running variance, PyTorch's momentum of 0.1.
"""

from typing import NamedTuple

import torch
from torch import Tensor

from lrcourse.network.layers import BATCH_NORM_EPS

MOMENTUM = 0.1  # the share of the new batch in the running moments


class Normed(NamedTuple):
    """What the backward pass needs: normalised sums, and one over their deviation."""

    values: Tensor  # (members, units, examples)
    inverse: Tensor  # (members, units, 1)


def batch_norm(
    z: Tensor, scale: Tensor, shift: Tensor, running: tuple[Tensor, Tensor]
) -> tuple[Tensor, Normed]:
    """Normalise `z` by the moments of its own batch, and take these into `running`.

    `scale`, `shift` and both running moments have shape (members, units, 1). `z` and
    the running moments change in place.

    Raises:
        ValueError: The batch has one example: it would come out as zeros.
    """
    examples = z.shape[2]
    if examples < 2:
        raise ValueError(
            "batch_size must leave at least 2 examples for every batch of a model with "
            "batch_norm, got a batch of 1: another batch_size leaves another rest"
        )
    mean = z.mean(2, keepdim=True)
    centred = z.sub_(mean)
    var = centred.square().mean(2, keepdim=True)
    running[0].lerp_(mean, MOMENTUM)
    running[1].lerp_(var * (examples / (examples - 1)), MOMENTUM)
    inverse = var.add_(BATCH_NORM_EPS).rsqrt_()
    values = centred.mul_(inverse)
    return torch.addcmul(shift, values, scale), Normed(values, inverse)


def batch_norm_grads(
    grad: Tensor, normed: Normed, scale: Tensor
) -> tuple[Tensor, Tensor, Tensor]:
    """Return the gradients for `z`, `scale` and `shift`, from that for the result.

    `grad`, (members, units, examples), changes in place.
    """
    values, examples = normed.values, grad.shape[2]
    for_scale = (grad * values).sum(2, keepdim=True)
    for_shift = grad.sum(2, keepdim=True)
    grad.sub_(for_shift / examples).addcmul_(values, for_scale / -examples)
    return grad.mul_(normed.inverse * scale), for_scale, for_shift


def normalised(
    z: Tensor, scale: Tensor, shift: Tensor, running: tuple[Tensor, Tensor]
) -> Tensor:
    """Return `z` normalised by the running moments, as in evaluation."""
    mean, var = running
    slope = scale * (var + BATCH_NORM_EPS).rsqrt()
    return torch.addcmul(shift - mean * slope, z, slope)
