"""The losses of all members at once, and their slopes, by which gradients begin.

``loss(outputs, targets)``: `outputs` of shape (members, examples, outputs), `targets`
of shape (groups, examples, outputs), shared by members / groups neighbours. It returns
the losses, (members,), each a mean over examples, and the slopes, of `outputs`' shape.
"""

from collections.abc import Callable

import torch
from torch import Tensor

Loss = Callable[[Tensor, Tensor], tuple[Tensor, Tensor]]


def cross_entropy(outputs: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
    """Return the means of ``-log softmax(outputs)[label]``, and their slopes.

    Targets are one-hot.

    >>> losses, slopes = cross_entropy(torch.zeros(1, 1, 2), torch.tensor([[[0, 1.0]]]))
    >>> round(losses.item(), 3), slopes.tolist()
    (0.693, [[[0.5, -0.5]]])
    """
    columns = outputs.mT.unflatten(0, (targets.shape[0], -1))  # classes are rows: fast
    truth, examples = targets.mT.unsqueeze(1), targets.shape[1]
    below = columns - columns.amax(2, keepdim=True)  # so that no exponential overflows
    own = (below * truth).sum((2, 3))
    shares = below.exp_()
    totals = shares.sum(2, keepdim=True)
    losses = (totals.log().sum((2, 3)) - own).flatten().div_(examples)
    slopes = shares.div_(totals * examples).sub_(truth, alpha=1 / examples)
    return losses, slopes.flatten(0, 1).mT


def mean_squared_error(outputs: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
    """Return the mean squares of ``outputs - targets``, and their slopes.

    >>> one, three = torch.tensor([[[1.0]]]), torch.tensor([[[3.0]]])
    >>> losses, slopes = mean_squared_error(three, one)
    >>> losses.item(), slopes.item()
    (4.0, 4.0)
    """
    error = outputs.unflatten(0, (targets.shape[0], -1)) - targets[:, None]
    losses = error.square().mean((2, 3)).flatten()
    slopes = error.mul_(2 / error[0, 0].numel())
    return losses, slopes.flatten(0, 1)


def hits(outputs: Tensor, targets: Tensor) -> Tensor:
    """Count the examples whose largest output is where the target's is, (members,)."""
    columns, truth = outputs.mT.unflatten(0, (targets.shape[0], -1)), targets.mT
    highest = columns.amax(2, keepdim=True)
    largest = columns == highest
    # each example has one such output at least: as many as examples, so one each
    if highest.isnan().any() or largest.count_nonzero() != highest.numel():
        said, label = columns.argmax(2), truth.argmax(1)[:, None]
        return torch.eq(said, label).sum(2).flatten()
    right: Tensor = (largest * truth[:, None]).sum((2, 3))
    return right.flatten()


LOSSES: dict[str, Loss] = {
    "cross_entropy": cross_entropy,
    "mean_squared_error": mean_squared_error,
}
