"""The arithmetic floor: how fast the grid could be if it were matrix products alone."""

import time
from itertools import pairwise

import torch
from joblib import Parallel, delayed

from benchmarks.programs import BATCH_SIZE, EPOCHS, JOBS, SIZES

TRAINED_ON = 1198  # of 1797 digits, in each of three folds


def flops(members: int) -> float:
    """Count the multiplications and additions in the matrix products of all updates.

    Two for each weight and example forward, two for its gradient, and two for the
    gradient that a layer hands on, which the first has no need of.
    """
    weights = [inputs * outputs for inputs, outputs in pairwise(SIZES)]
    each = 4 * sum(weights) + 2 * sum(weights[1:])
    return members * EPOCHS * TRAINED_ON * each


def matrix_rate(members: int = 75, repeats: int = 300) -> float:
    """Measure flops a second of the first layer's product, on two cores at once."""

    def seconds() -> float:
        weights = torch.randn(members * SIZES[1], SIZES[0])
        batch = torch.randn(SIZES[0], BATCH_SIZE)
        start = time.perf_counter()
        for _ in range(repeats):
            weights @ batch
        return time.perf_counter() - start

    took = Parallel(n_jobs=JOBS, prefer="threads")(
        delayed(seconds)() for _ in range(JOBS)
    )
    work = 2 * members * SIZES[1] * SIZES[0] * BATCH_SIZE * repeats
    return JOBS * work / max(took)
