"""One program in a process of its own: ``python -m benchmarks.measure sweep 10 10 3``.

The clock starts after two trainings: everything is imported by then, the data are read
and worker processes stand ready. Peak memory is that of the process, and of its largest
worker for each of its workers.
"""

import json
import os
import resource
import subprocess
import sys
import time
from typing import NamedTuple

import numpy as np
from joblib.externals.loky import get_reusable_executor

from benchmarks.programs import JOBS, PROGRAMS, Accuracies, Grid

WITH_WORKERS = ("GridSearchCV", "joblib")
KIB = 1024  # ru_maxrss counts these on Linux


class Measurement(NamedTuple):
    """Seconds, peak bytes, bytes before the first training, and accuracies."""

    seconds: float
    peak: float
    at_rest: float
    accuracies: Accuracies


def measured(program: str, rates: int, gammas: int, folds: int) -> Measurement:
    """Run `program` in a fresh process on a grid of this size."""
    command = [sys.executable, "-m", "benchmarks.measure", program]
    grid = [str(count) for count in (rates, gammas, folds)]
    done = subprocess.run(
        command + grid, capture_output=True, text=True, check=True, env=_environment()
    )
    seconds, peak, at_rest, accuracies = json.loads(done.stdout)
    return Measurement(seconds, peak, at_rest, np.array(accuracies))


def _environment() -> dict[str, str]:
    """Give every program one thread a process: two of them are the two cores."""
    return {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


def _grid(rates: int, gammas: int, folds: int) -> Grid:
    return Grid(np.logspace(-5, 0, rates), np.linspace(0.1, 0.9, gammas), folds)


def _resident() -> float:
    """Return the peak of this process, and of the largest worker times their number."""
    own, workers = (
        resource.getrusage(who).ru_maxrss * KIB
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return float(own + JOBS * workers)


def main(program: str, *counts: str) -> None:
    """Run `program` here and print what was measured, as JSON."""
    PROGRAMS[program](_grid(2, 1, 1))
    at_rest = _resident()
    grid = _grid(*map(int, counts))
    start = time.perf_counter()
    accuracies = PROGRAMS[program](grid)
    seconds = time.perf_counter() - start
    if program in WITH_WORKERS:  # the system counts their memory when they have ended
        get_reusable_executor().shutdown(wait=True)
    print(json.dumps([seconds, _resident(), at_rest, accuracies.tolist()]))


if __name__ == "__main__":
    main(*sys.argv[1:])
