"""What an update of an `nn.Module` saw and did: the twin of `optimizers.Watched`."""

import lrcourse._torch  # noqa: F401  # isort: skip
import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from lrcourse._arrays import Params
from lrcourse.optimizers import Seen
from lrcourse.optimizers.watched import lengths


@torch.no_grad()
def watched_step(model: nn.Module, optimizer: Optimizer, loss: Tensor) -> Seen:
    """Let `optimizer` take its step after a backward pass, and return what it did.

    That is the loss and, by the names of the parameters that have a gradient, the
    lengths of gradients, of weights before the step, and of steps, all plain floats.
    """
    moving = {n: w for n, w in model.named_parameters() if w.grad is not None}
    before = {name: w.detach().clone() for name, w in moving.items()}
    gradients = _floats({name: w.grad for name, w in moving.items()})
    optimizer.step()
    steps = {name: w - before[name] for name, w in moving.items()}
    return Seen(loss.item(), gradients, _floats(before), _floats(steps))


def _floats(tensors: Params) -> dict[str, float]:
    return {name: length.item() for name, length in lengths(tensors).items()}
