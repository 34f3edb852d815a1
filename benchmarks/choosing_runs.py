"""The runs that chapter 05's exercise asks about: a search for a constant rate.

``python -m benchmarks.choosing_runs`` trains the classifier of MNIST-1D with momentum,
as the chapter does, and writes each seed's accuracy in percent, on the tuning and on
the test curves, after 2 and after 8 epochs, into
``exercises/checks/05_choosing/search_runs.csv``: a few seconds on two cores.
"""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from lrcourse.data import mnist1d
from lrcourse.optimizers import SGD
from lrcourse.schedules import constant
from lrcourse.sweep import MLP, sweep

LRS = (0.02, 0.04, 0.08, 0.16, 0.32)
SEEDS = range(16, 24)  # the chapter's sixteen are 0 to 15
EPOCHS = (2, 8)
FILE = Path(__file__).parents[1] / "exercises/checks/05_choosing/search_runs.csv"


def recorded(
    seeds: Sequence[int] = SEEDS, epochs: Sequence[int] = EPOCHS
) -> pd.DataFrame:
    """Return a row for each part, number of epochs and rate, a column for each seed."""
    curves = mnist1d()
    data = {
        "train": (curves.inputs[:3000], curves.labels[:3000]),
        "tuning": (curves.inputs[3000:], curves.labels[3000:]),
        "test": (curves.test_inputs, curves.test_labels),
    }
    table = sweep(
        MLP((40, 32, 10)),
        data,
        rules={"momentum": SGD(momentum=0.9)},
        schedules={"constant": constant},
        lrs=LRS,
        epochs=max(epochs),
        batch_size=60,
        seeds=seeds,
        every_epoch=True,
    )
    table = table[table["epoch"].isin(epochs)].rename(
        columns={f"{part}_accuracy": part for part in ("tuning", "test")}
    )
    long = table.melt(["epoch", "lr", "seed"], ["tuning", "test"], "part", "accuracy")
    wide = long.pivot(index=["part", "epoch", "lr"], columns="seed", values="accuracy")
    return (100 * wide).round(1)


if __name__ == "__main__":
    recorded().to_csv(FILE, lineterminator="\n")
    print(FILE.read_text(encoding="utf-8"))
