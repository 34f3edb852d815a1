"""Print how fast the sweep is: ratios to other programs, growth, memory, the floor.

``python -m benchmarks``, on a machine that does nothing else; about five minutes. What
is said of time excludes imports, reading the data and starting worker processes.
"""

import statistics

import numpy as np
import pandas as pd

from benchmarks.floor import flops, matrix_rate
from benchmarks.measure import Measurement, measured
from benchmarks.programs import PROGRAMS, Grid

ARTICLE = (10, 10, 3)  # rates, gammas, folds
GROWTH = [(1, 1, 1), (10, 1, 1), (10, 10, 1), ARTICLE, (100, 10, 1), (100, 10, 3)]
SWEEPS = 5
MIB = 2**20


def main() -> None:
    """Run everything and print it."""
    sweeps = [measured("sweep", *ARTICLE) for _ in range(SWEEPS)]
    runs = {name: measured(name, *ARTICLE) for name in PROGRAMS if name != "sweep"}
    rate = matrix_rate()
    sweeps += [measured("sweep", *ARTICLE) for _ in range(SWEEPS)]
    seconds = statistics.median(run.seconds for run in sweeps)
    runs = {"sweep": sweeps[0]._replace(seconds=seconds), **runs}
    print(f"The same 300 trainings (sweep: median of {len(sweeps)} runs)\n")
    print(compared(runs).to_string(), "\n")
    print("The members whose held-out accuracy is not the same in all programs\n")
    print(different(runs).to_string(index=False), "\n")
    work, floor = flops(300), flops(300) / rate
    print(
        f"The floor: {work / 1e9:.0f} Gflop at the {rate / 1e9:.0f} Gflop/s measured "
        f"on two cores take {floor:.2f} s; the sweep, {seconds / floor:.1f} times it.\n"
    )
    print("Growth\n")
    print(grown([measured("sweep", *shape) for shape in GROWTH]).to_string())


def compared(runs: dict[str, Measurement]) -> pd.DataFrame:
    """Return times, ratios, memory and differences, one row a program."""
    ours = runs["sweep"]
    rows = {}
    for name, run in runs.items():
        apart = np.abs(run.accuracies - ours.accuracies)
        rows[name] = {
            "seconds": round(run.seconds, 2),
            "times the sweep": round(run.seconds / ours.seconds, 1),
            "peak MiB": round(run.peak / MIB),
            "before it MiB": round(run.at_rest / MIB),
            "accuracies equal": f"{(apart < 1e-9).sum()} of {apart.size}",
            "largest difference": round(apart.max(), 4),
            "mean difference": round(apart.mean(), 6),
        }
    return pd.DataFrame.from_dict(rows, orient="index")


def different(runs: dict[str, Measurement]) -> pd.DataFrame:
    """Return the members about whom the programs do not agree, one row each."""
    grid = Grid()
    by_program = {name: run.accuracies.ravel() for name, run in runs.items()}
    table = pd.DataFrame(by_program)
    rates, gammas, folds = np.unravel_index(table.index, grid.shape)
    table.insert(0, "rate", grid.lrs[rates])
    table.insert(1, "gamma", grid.gammas[gammas])
    table.insert(2, "fold", folds)
    accuracies = table[list(runs)]
    return table[accuracies.max(axis=1) - accuracies.min(axis=1) > 1e-9].round(4)


def grown(runs: list[Measurement]) -> pd.DataFrame:
    """Return time and memory, one row a number of members."""
    return pd.DataFrame(
        {
            "members": run.accuracies.size,
            "seconds": round(run.seconds, 3),
            "ms a member": round(1e3 * run.seconds / run.accuracies.size, 2),
            "peak MiB": round(run.peak / MIB),
            "before it MiB": round(run.at_rest / MIB),
        }
        for run in runs
    ).set_index("members")


if __name__ == "__main__":
    main()
