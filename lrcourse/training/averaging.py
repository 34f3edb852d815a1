"""Averages of the weights along a run: plain (SWA) and exponential (EMA).

An *iterate* is an array or a network (a dict of arrays), and averages are of its kind.
They are kept, not copied: hand over copies of what moves in place.

For an `nn.Module` the average is PyTorch's ``AveragedModel``, `collect` fills it during
`fit`, and `refresh_batch_norm` makes it ready for use: by default its buffers, such as
BatchNorm's mean and variance, are copies of the last iterate's, not averages.
"""

import lrcourse._torch  # noqa: F401  # isort: skip
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any, TypeVar

import torch
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel, update_bn

from lrcourse._settings import require_counts_or_zero, require_memory

torch.set_num_threads(1)  # the same digits on any machine, as in torch_training

Iterate = TypeVar("Iterate")
Batch = tuple[Tensor, Tensor]


def mean_of_iterates(iterates: Iterable[Iterate]) -> list[Iterate]:
    """Return the means of the first iterate, of the first two, ..., of all.

    Polyak and Ruppert's average; Izmailov et al. (Averaging weights leads to wider
    optima and better generalization, 2018) call it stochastic weight averaging.

    >>> mean_of_iterates([4.0, 2.0, 0.0])
    [4.0, 3.0, 2.0]
    """
    averages: list[Any] = []
    for count, w in enumerate(iterates, start=1):
        averages.append(_towards(w, 1 / count, averages[-1]) if averages else w)
    return averages


def ema(iterates: Iterable[Iterate], decay: float) -> list[Iterate]:
    """Return ``decay * average + (1 - decay) * iterate`` after each iterate.

    The average starts at the first iterate, as PyTorch's does.

    >>> ema([4.0, 2.0, 0.0], decay=0.5)
    [4.0, 3.0, 1.5]
    """
    require_memory(decay=decay)
    averages: list[Any] = []
    for w in iterates:
        averages.append(_towards(w, 1 - decay, averages[-1]) if averages else w)
    return averages


def collect(
    average: AveragedModel, model: nn.Module, batches: Iterable[Batch], start: int = 0
) -> Iterator[Batch]:
    """Pass `batches` on to `fit`, and put `model` into `average` after each update.

    Updates before number `start` (the first is 0) are left out of the average; where
    `fit` resumes, it must be `first_step` or later. For an EMA make the average
    ``AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(decay))``.

    Raises:
        ValueError: the batches end before `start`, so the average would be empty.
    """
    require_counts_or_zero(start=start)
    updates = 0
    for updates, batch in enumerate(batches, start=1):
        yield batch
        if updates > start:
            average.update_parameters(model)
    if updates <= start:
        raise ValueError(
            f"start must be below the number of updates, got {start} of {updates}"
        )


def refresh_batch_norm(model: nn.Module, batches: Iterable[Batch]) -> None:
    """Measure the mean and variance of every BatchNorm layer anew, frozen or not.

    PyTorch's ``update_bn``, which takes an iterator that is used up without a word and
    leaves mean 0 and variance 1.

    Raises:
        ValueError: there are no batches.
    """
    remaining = iter(batches)
    first = next(remaining, None)
    if first is None:
        raise ValueError("refresh_batch_norm needs at least one batch, got none")
    update_bn(chain([first], remaining), model)


def _towards(w: Any, share: float, average: Any) -> Any:
    """Return `average`, moved by `share` of the way to `w`, key by key in a network."""
    if isinstance(w, Mapping):
        return {name: _towards(w[name], share, average[name]) for name in w}
    return average + share * (w - average)
