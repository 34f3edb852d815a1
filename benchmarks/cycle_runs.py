"""The runs that chapter 13's exercise asks about: linear decay against cycles.

``python -m benchmarks.cycle_runs`` trains the classifier of MNIST-1D for 2400 updates,
as the chapter does, and writes each seed's test accuracy, in percent, at seven stops
into ``exercises/checks/13_cyclical/cycle_runs.csv``: twenty seconds on two cores.
"""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from benchmarks.cyclical import classifier
from lrcourse.schedules import linear, triangular

PLANS = {"linear": linear(0.18, 2400), "cycles": triangular(0.012, 0.12, 200)}
STOPS = (400, 600, 800, 1200, 1600, 2000, 2400)
SEEDS = range(12, 20)  # seeds that chose no peak
FILE = Path(__file__).parents[1] / "exercises/checks/13_cyclical/cycle_runs.csv"


def recorded(
    seeds: Sequence[int] = SEEDS, stops: Sequence[int] = STOPS
) -> pd.DataFrame:
    """Return a row for each plan and stop, and a column for each seed."""
    task = classifier()
    table = task.ends(
        PLANS, max(stops) // 100, seeds=seeds, at=stops, data=task.data
    ).rename(columns={"schedule": "plan", "step": "stop"})
    wide = table.pivot(index=["plan", "stop"], columns="seed", values="score")
    return wide.round(1)


if __name__ == "__main__":
    recorded().to_csv(FILE, lineterminator="\n")
    print(FILE.read_text(encoding="utf-8"))
