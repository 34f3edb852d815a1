"""The sweep itself: from a grid to a table."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Literal

import pandas as pd
import torch
from joblib import Parallel, delayed, parallel_config
from tqdm import tqdm

from lrcourse._settings import is_integer, require, require_choice, require_counts
from lrcourse.sweep.chunks import Chunk, Plan
from lrcourse.sweep.examples import GivenData, prepare
from lrcourse.sweep.folds import GivenFold, data_folds
from lrcourse.sweep.grid import (
    Grid,
    Rules,
    checked_rules,
    checked_seeds,
    checked_sizes,
    checked_steps,
    require_room,
)
from lrcourse.sweep.losses import LOSSES
from lrcourse.sweep.measures import Measure, table_columns
from lrcourse.sweep.models import Model
from lrcourse.sweep.program import train
from lrcourse.sweep.rates import Peaks, Schedules
from lrcourse.sweep.record import Seen
from lrcourse.sweep.table import tidy


def sweep(
    model: Model,
    data: GivenData,
    *,
    rules: Rules,
    schedules: Schedules,
    lrs: Peaks | None = None,
    metric: str | None = None,
    seeds: Iterable[int] = (0,),
    folds: Iterable[GivenFold] | None = None,
    epochs: int,
    batch_size: int | Iterable[int],
    loss: str = "cross_entropy",
    every_epoch: bool = False,
    at: int | Iterable[int] = (),
    measures: Mapping[str, Measure] | None = None,
    keep: str | Collection[str] = (),
    average: Literal["mean", "ema"] | None = None,
    average_from: int = 0,
    decay: float = 0.99,
    dtype: torch.dtype = torch.float64,
    device: str = "cpu",
    chunk_bytes: int = 32 * 2**20,
    keep_bytes: int = 2**30,
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
        data: ``(inputs, targets)``, or with ``test_inputs, test_targets`` behind; or
            any sets by name, ``{"train": (inputs, targets), "tuning": ..., "test":
            ...}``: choose on one, report on another. Targets are labels, or for
            "mean_squared_error" numbers like the outputs.
        rules: Names, and the update rules of room `optimizers` that they stand for.
        schedules: Names, and schedules; or, with `lrs`, functions that take a peak rate
            (and, if they have an argument of that name, `total_steps`) and return a
            schedule. The rates themselves, one an update, will do too, and so will a
            rule that looks at a metric, such as `ReduceOnPlateau`: each training has
            its own, asked after every epoch.
        lrs: The peak rates that every schedule is tried at, or such a row for each
            batch size, ``{16: (0.1, 0.2), 64: (0.4, 0.8)}``. Without them the column
            ``lr`` holds the highest rate of each schedule (of a rule that looks at a
            metric, the first).
        metric: The column that such rules look at, as "tuning_loss".
        seeds: Every seed is a run of its own for each of the others.
        folds: Pairs of example numbers, (train, held out), as ``KFold.split`` yields
            them, or parts by name, ``{"train": rows, "tuning": rows, "test": rows}``.
            They cut the set "train". Other named sets stay beside them, and the second
            part of a pair is then called "held_out"; the test data of a tuple are left
            alone.
        epochs: Passes over the training data.
        batch_size: Examples an update, or a row of such sizes to try; the last batch of
            an epoch may be smaller.
        loss: "cross_entropy" or "mean_squared_error".
        every_epoch: A row for every epoch instead of the last alone.
        at: Numbers of updates after which there is a row, instead of after the last
            epoch (or beside every one).
        measures: Names, and functions of a `Look` (room `looks`) at the members that
            return one number for each, (members,): columns of these names, such as
            ``lambda look: look.outputs("test").softmax(2).amax(2).mean(1)``.
        keep: Names of what else a row holds: "weights" (arrays by name), "watched"
            (what `Watched` saw of the last update, where all rules are), or for the
            part `test` "test_outputs" (examples, outputs).
        average: Judge by an average of the weights instead of the last ones, "mean" or
            "ema", as `Averaged` does for one rule.
        average_from: The update whose weights are the first in the average.
        decay: The share of itself that an "ema" keeps at an update.
        dtype: The precision of all numbers; `torch.float32` takes half the time.
        device: Where to compute, in PyTorch's words: "cpu", "cuda", "mps".
        chunk_bytes: About how much one chunk of members may take; every job works on
            one chunk at a time. An accelerator wants more of it.
        keep_bytes: How much all that is kept may take.
        n_jobs: Chunks worked on side by side, -1 for as many as there are cores.
        scheduler: The address of a Dask scheduler, whose workers share the chunks.
        progress: Show a bar; by default only where stderr is a terminal.

    Returns:
        Columns rule, schedule, lr, seed, fold, epoch (passes finished), train_loss (the
        mean over the epoch's batches, each before its update), test_loss and accuracy
        on what is held out (nan if there is nothing to measure), failed, failed_step.
        With a row of batch sizes batch_size, too. Where sets have names each but
        "train" has columns like tuning_loss and tuning_accuracy instead; there, with
        `at` and with rules that look at a metric, step counts the updates, and last_lr
        is the rate of the last of them, as recorded in the loop.

    Raises:
        ValueError: An argument is not as above; the message names it.
    """
    require_counts(epochs=epochs, chunk_bytes=chunk_bytes, keep_bytes=keep_bytes)
    require("an integer, not 0", lambda n: is_integer(n) and n != 0, n_jobs=n_jobs)
    require_choice("loss", loss, LOSSES)
    require("an integer, not 0", lambda n: is_integer(n) and n != 0, n_jobs=n_jobs)
    rules = checked_rules(rules, average, average_from, decay)
    sizes = checked_sizes(batch_size)
    grid = Grid(rules, schedules, lrs, sizes, checked_seeds(seeds))
    examples = prepare(model, data, loss, dtype, device)
    counts = {name: len(each.inputs) for name, each in examples.items()}
    parts, named = data_folds(data, counts, folds)
    labelled = loss == "cross_entropy"
    columns = table_columns(parts[0], named, labelled, measures, keep)
    steps = checked_steps(at)
    plan = Plan(model, examples, loss, epochs, every_epoch, steps, columns, metric)
    chunks = grid.chunks(plan, parts, chunk_bytes)
    require_room(chunks, keep_bytes)
    extra = {"batch_size"} if isinstance(batch_size, Iterable) else set()
    if named or steps or any(chunk.reacts for chunk in chunks):
        extra |= {"step", "last_lr"}
    with _workers(scheduler):
        return tidy(chunks, _run(chunks, n_jobs, progress), extra)


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
