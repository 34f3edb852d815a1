"""The sweep itself: from a grid to a table."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import product
from typing import Any

import pandas as pd
import torch
from joblib import Parallel, delayed, parallel_config
from numpy.typing import ArrayLike
from tqdm import tqdm

from lrcourse._settings import require_choice, require_counts
from lrcourse.optimizers import NetworkRule, Rule
from lrcourse.sweep.chunks import Chunk, Group, Plan, cut, of_one_size
from lrcourse.sweep.examples import Fold, load, prepare
from lrcourse.sweep.losses import LOSSES
from lrcourse.sweep.models import Model
from lrcourse.sweep.program import Seen, train
from lrcourse.sweep.rates import Schedules, columns, updates
from lrcourse.sweep.table import tidy


def sweep(
    model: Model,
    data: Sequence[ArrayLike],
    *,
    rules: Mapping[Any, Rule | NetworkRule],
    schedules: Schedules,
    lrs: Sequence[float] | None = None,
    seeds: Iterable[int] = (0,),
    folds: Iterable[tuple[ArrayLike, ArrayLike]] | None = None,
    epochs: int,
    batch_size: int,
    loss: str = "cross_entropy",
    every_epoch: bool = False,
    dtype: torch.dtype = torch.float64,
    device: str = "cpu",
    chunk_bytes: int = 24 * 2**20,
    n_jobs: int = -1,
    scheduler: str | None = None,
    progress: bool | None = None,
) -> pd.DataFrame:
    """Train `model` once for every rule, schedule, rate, seed and fold; return a table.

    Each row is the training that the plain loop would do: first weights
    ``model.init(seed)``, batches in the order of ``data.batches(..., seed)``, the rate
    ``schedule(step)``. A training that overflows is marked ``failed``, with the number
    of updates it lasted, and disturbs no other.

    Args:
        model: An `MLP`, `ConvNet` or `GRU`, or a `Model` of your own.
        data: ``(inputs, targets)``, or with ``test_inputs, test_targets`` behind.
            Targets are labels, or for "mean_squared_error" numbers like the outputs.
        rules: Names, and the update rules of room `optimizers` that they stand for.
        schedules: Names, and schedules; or, with `lrs`, functions that take a peak rate
            and return a schedule. The rates themselves, one an update, will do too.
        lrs: The peak rates that every schedule is tried at. Without them the column
            ``lr`` holds the highest rate of each schedule.
        seeds: Every seed is a run of its own for each of the others.
        folds: Pairs of example numbers, (train, held out), as ``KFold.split`` yields
            them. Test data are then left alone.
        epochs: Passes over the training data.
        batch_size: Examples an update; the last batch of an epoch may be smaller.
        loss: "cross_entropy" or "mean_squared_error".
        every_epoch: A row for every epoch instead of the last alone.
        dtype: The precision of all numbers; `torch.float32` takes half the time.
        device: Where to compute, in PyTorch's words: "cpu", "cuda", "mps".
        chunk_bytes: About how much one chunk of members may take; every job works on
            one chunk at a time. An accelerator wants more of it.
        n_jobs: Chunks worked on side by side, -1 for as many as there are cores.
        scheduler: The address of a Dask scheduler, whose workers share the chunks.
        progress: Show a bar; by default only where stderr is a terminal.

    Returns:
        Columns rule, schedule, lr, seed, fold, epoch, train_loss (the mean over the
        epoch's batches, each before its update), test_loss and accuracy on what is held
        out (nan if there is nothing to measure), failed, failed_step.

    Raises:
        ValueError: An argument is not as above; the message names it.
    """
    require_counts(epochs=epochs, batch_size=batch_size, chunk_bytes=chunk_bytes)
    require_choice("loss", loss, LOSSES)
    _require_rules(rules)
    inputs, targets, cut_folds = load(data, folds)
    examples = prepare(model, inputs, targets, loss, dtype, device)
    plan = Plan(model, examples, loss, epochs, batch_size, every_epoch)
    chunks = []
    for alike in of_one_size(_groups(seeds, cut_folds)):
        steps = updates(len(alike[0].fold.train), batch_size, epochs)
        rates = columns(schedules, lrs, steps)
        chunks += cut(plan, rules, alike, rates, chunk_bytes)
    with _workers(scheduler):
        return tidy(chunks, _run(chunks, n_jobs, progress))


def _run(
    chunks: Sequence[Chunk], n_jobs: int, progress: bool | None
) -> Iterator[list[Seen]]:
    """Yield what became of each chunk, in order; threads, unless a backend is set."""
    side_by_side = Parallel(n_jobs=n_jobs, prefer="threads", return_as="generator")
    results = side_by_side(delayed(train)(chunk) for chunk in chunks)
    members = sum(chunk.members for chunk in chunks)
    hidden = None if progress is None else not progress
    with tqdm(total=members, unit="training", disable=hidden) as bar:
        for chunk, seen in zip(chunks, results, strict=True):
            bar.update(chunk.members)
            yield seen


@contextmanager
def _workers(scheduler: str | None) -> Iterator[None]:
    """Send the work of joblib to a Dask scheduler, if there is one."""
    if scheduler is None:
        yield
        return
    from distributed import Client  # here, because only a cluster needs it

    client = Client(scheduler)  # type: ignore[no-untyped-call]
    with client, parallel_config(backend="dask"):
        yield


def _groups(seeds: Iterable[int], folds: Sequence[Fold]) -> list[Group]:
    pairs = list(product(seeds, enumerate(folds)))
    if not pairs:
        raise ValueError("seeds must hold at least one seed, got none")
    return [
        Group(place, seed, number, fold)
        for place, (seed, (number, fold)) in enumerate(pairs)
    ]


def _require_rules(rules: Mapping[Any, Any]) -> None:
    if not isinstance(rules, Mapping) or not rules:
        raise ValueError(
            f'rules must name at least one update rule, {{"sgd": SGD()}}, got {rules!r}'
        )
    for name, rule in rules.items():
        made = not isinstance(rule, type)
        if not (made and hasattr(rule, "init") and hasattr(rule, "step")):
            raise ValueError(
                f"rules[{name!r}] must be an update rule, such as SGD() or Adam() of "
                f"lrcourse.optimizers, got {rule!r}"
            )
