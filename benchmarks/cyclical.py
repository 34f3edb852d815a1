"""Cycles against their rivals, with more peaks and seeds than chapter 13 has.

``python -m benchmarks.cyclical`` prints four tables: classifiers of MNIST-1D after 800
and 2400 updates (test accuracy, percent), cycles of 800 against rivals of 2400, and
autoencoders of digits after 400 updates (squared error of a test picture). Every row is
a schedule at its own best peak, chosen on seeds that are not used again, with the
paired difference to the row called cycles and its 95 % interval. About ten minutes on
two cores; ``--seeds 3`` is a taste.
"""

import argparse
from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from lrcourse.data import digits, mnist1d
from lrcourse.measure import paired_difference
from lrcourse.optimizers import SGD, Adam
from lrcourse.schedules import Schedule, constant, linear, triangular, warmup
from lrcourse.sweep import MLP, sweep

Plans = Mapping[str, Callable[[float], Schedule]]


def plans(total_steps: int, halves: Mapping[str, int], climb: int) -> Plans:
    """Return every schedule compared, for a run of `total_steps` updates."""

    def cycles(half_period: int) -> Callable[[float], Schedule]:
        return lambda lr: triangular(lr / 10, lr, half_period)

    rest = total_steps - climb
    return {
        "constant": constant,
        "linear": lambda lr: linear(lr, total_steps),
        **{name: cycles(half_period) for name, half_period in halves.items()},
        "climb, then linear": lambda lr: warmup(linear(lr, rest), climb),
        "climb, then constant": lambda lr: warmup(constant(lr), climb),
    }


def classifiers(epochs: int, seeds: int) -> pd.DataFrame:
    """Return the accuracy, in percent, of every plan, peak and seed."""
    curves = mnist1d()
    train = curves.inputs[:3000], curves.labels[:3000]
    halves = {"short cycles": 100, "cycles": 200, "1 cycle": 50 * epochs}
    table = sweep(
        MLP((40, 32, 10)),
        (*train, curves.test_inputs, curves.test_labels),
        rules={"momentum": SGD(momentum=0.9)},
        schedules=plans(100 * epochs, halves, climb=200),
        lrs=(0.01, 0.02, 0.035, 0.05, 0.08, 0.12, 0.18, 0.3),
        seeds=range(2 * seeds),
        epochs=epochs,
        batch_size=30,
    )
    return table.assign(measure=100 * table["accuracy"])


def autoencoders(seeds: int) -> pd.DataFrame:
    """Return the squared error of a picture for every plan, peak and seed."""
    split = digits()
    train, test = split.inputs, split.test_inputs
    table = sweep(
        MLP((64, 32, 64)),
        (train, train, test, test),
        rules={"adam": Adam()},
        schedules=plans(400, {"4 cycles": 50, "cycles": 100, "1 cycle": 200}, 100),
        lrs=(0.002, 0.003, 0.005, 0.007, 0.01, 0.016, 0.025, 0.04, 0.06),
        seeds=range(2 * seeds),
        epochs=10,
        batch_size=36,
        loss="mean_squared_error",
    )
    return table.assign(measure=64 * table["test_loss"])


def compared(table: pd.DataFrame, seeds: int, lowest: bool) -> pd.DataFrame:
    """Return one row a schedule: best peak, mean, difference to the cycles."""
    tuning = (
        table[table["seed"] < seeds]
        .groupby(["schedule", "lr"], sort=False)["measure"]
        .mean()
    )
    best = {
        name: (of.idxmin() if lowest else of.idxmax())[1]
        for name, of in tuning.groupby("schedule", sort=False)
    }
    fresh = table[table["seed"] >= seeds].sort_values("seed")
    ends = {
        name: fresh.loc[
            (fresh["schedule"] == name) & (fresh["lr"] == peak), "measure"
        ].to_numpy()
        for name, peak in best.items()
    }
    return pd.DataFrame.from_dict(
        {name: _row(best[name], of, ends["cycles"]) for name, of in ends.items()},
        orient="index",
    )


def _row(peak: float, ends: np.ndarray, cycles: np.ndarray) -> dict[str, object]:
    apart = paired_difference(ends, cycles)
    return {
        "best peak": peak,
        "mean": round(ends.mean(), 3),
        "minus cycles": round(apart.mean, 3),
        "from": round(apart.interval.low, 3),
        "to": round(apart.interval.high, 3),
        "above on": f"{apart.wins} of {len(ends)}",
    }


def main() -> None:
    """Run everything and print it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=12, help="to tune on, and to test")
    seeds = parser.parse_args().seeds
    tables = {epochs: classifiers(epochs, seeds) for epochs in (8, 24)}
    for epochs, table in tables.items():
        print(f"MNIST-1D, {100 * epochs} updates: test accuracy, percent\n")
        print(compared(table, seeds, lowest=False).to_string(), end="\n\n")
    short, long = (table["schedule"] == "cycles" for table in tables.values())
    print("MNIST-1D, cycles of 800 updates, the others of 2400\n")
    mixed = pd.concat([tables[8][short], tables[24][~long]])
    print(compared(mixed, seeds, lowest=False).to_string(), end="\n\n")
    print("Autoencoder of digits, 400 updates: squared error of a test picture\n")
    print(compared(autoencoders(seeds), seeds, lowest=True).to_string())


if __name__ == "__main__":
    main()
