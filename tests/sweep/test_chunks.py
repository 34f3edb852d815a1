"""However a sweep is cut, and whoever works on it, the table is the same."""

import numpy as np
import pandas as pd
import pytest
from distributed import LocalCluster
from joblib import parallel_config

from lrcourse.optimizers import SGD
from lrcourse.schedules.plateau import ReduceOnPlateau
from lrcourse.sweep import GRU, MLP, grid, sweep
from tests.sweep.test_sets import SETS
from tests.sweep.test_sweep import DATA, GRID

MODEL = MLP((12, 8, 3))
EIGHT = {**GRID, "rules": {"momentum": SGD(momentum=0.9)}}
SEEN = {  # all that a row can hold
    **{**EIGHT, "schedules": {"plateau": lambda lr: ReduceOnPlateau(lr, patience=0)}},
    "metric": "sure",
    "measures": {"sure": lambda look: look.outputs("tuning").softmax(2).amax((1, 2))},
    "keep": ["weights", "test_outputs"],
    "average": "ema",
    "batch_size": [10, 16],
    "chunk_bytes": 60_000,
}
ONE_MEMBER = 16_000  # bytes, a little more than it takes


@pytest.fixture
def chunks(monkeypatch):
    """The chunks of every sweep from now on."""
    found, cut = [], grid.cut

    def spy(*given):
        chunks = cut(*given)
        found.extend(chunks)
        return chunks

    monkeypatch.setattr(grid, "cut", spy)
    return found


@pytest.mark.parametrize(
    ("room", "sizes"),
    [(1, [1] * 8), (2, [2] * 4), (3, [2] * 4), (5, [4, 4]), (7, [4, 4]), (8, [8])],
)
def test_the_bound_decides_how_many_train_together_and_nothing_else(
    room, sizes, chunks
):
    cut = sweep(MODEL, DATA, **EIGHT, chunk_bytes=room * ONE_MEMBER)
    assert [chunk.members for chunk in chunks] == sizes
    whole = sweep(MODEL, DATA, **EIGHT)
    pd.testing.assert_frame_equal(cut, whole, rtol=1e-10)


def test_folds_of_different_sizes_are_trained_apart(chunks):
    folds = [(np.arange(30), np.arange(30, 50)), (np.arange(20, 50), np.arange(19))]
    sweep(MODEL, DATA, **EIGHT, folds=folds)
    assert [chunk.members for chunk in chunks] == [8, 8]


def test_how_many_jobs_work_on_it_changes_no_bit():
    cut = {**EIGHT, "chunk_bytes": 2 * ONE_MEMBER}
    alone = sweep(MODEL, DATA, **cut, n_jobs=1)
    pd.testing.assert_frame_equal(sweep(MODEL, DATA, **cut, n_jobs=2), alone, rtol=0)


def test_two_processes_of_a_cluster_change_no_bit():
    model, cut = GRU(hidden=4, classes=3), {**EIGHT, "chunk_bytes": 400_000}
    alone = sweep(model, DATA, **cut, n_jobs=1)
    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
    ) as cluster:
        named = sweep(model, DATA, **cut, scheduler=cluster.scheduler_address)
        seen = sweep(MODEL, SETS, **SEEN, scheduler=cluster.scheduler_address)
        with cluster.get_client() as client, parallel_config(backend="dask"):
            configured = sweep(model, DATA, **cut)
            trained = client.run(eval, "'lrcourse.sweep' in __import__('sys').modules")
    pd.testing.assert_frame_equal(named, alone, rtol=0)
    pd.testing.assert_frame_equal(configured, alone, rtol=0)
    pd.testing.assert_frame_equal(seen, sweep(MODEL, SETS, **SEEN, n_jobs=1), rtol=0)
    assert list(trained.values()) == [True, True]
