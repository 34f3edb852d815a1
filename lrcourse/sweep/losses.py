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
    columns = outputs.mT  # where classes are rows, a softmax is faster
    log_p = torch.log_softmax(columns, dim=1)
    by_group = log_p.view(targets.shape[0], -1, *columns.shape[1:])
    truth, examples = targets.mT.unsqueeze(1), columns.shape[2]
    losses = (by_group * truth).sum((2, 3)).view(-1).div_(-examples)
    by_group.exp_().sub_(truth).div_(examples)
    return losses, log_p.mT


def mean_squared_error(outputs: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
    """Return the mean squares of ``outputs - targets``, and their slopes.

    >>> one, three = torch.tensor([[[1.0]]]), torch.tensor([[[3.0]]])
    >>> losses, slopes = mean_squared_error(three, one)
    >>> losses.item(), slopes.item()
    (4.0, 4.0)
    """
    error = outputs.unflatten(0, (targets.shape[0], -1)) - targets[:, None]
    losses = error.square().mean((2, 3)).flatten()
    slopes = error.flatten(0, 1) * (2 / error[0, 0].numel())
    return losses, slopes


def hits(outputs: Tensor, targets: Tensor) -> Tensor:
    """Count the examples whose largest output is where the target's is, (members,)."""
    said = outputs.argmax(dim=2).unflatten(0, (targets.shape[0], -1))
    label = targets.argmax(dim=2)[:, None]
    return torch.eq(said, label).sum(2).flatten()


LOSSES: dict[str, Loss] = {
    "cross_entropy": cross_entropy,
    "mean_squared_error": mean_squared_error,
}
