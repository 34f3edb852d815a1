"""Choose on one set, report on another: named sets and folds, several batch sizes."""

from typing import ClassVar

import numpy as np
import pandas as pd
import pytest

from lrcourse.optimizers import SGD
from lrcourse.schedules import constant, linear
from lrcourse.sweep import GRU, MLP, ConvNet, sweep, updates
from tests.sweep.plain_loop import plain_looks
from tests.sweep.test_sweep import GRID, TORCH_RULES, members

RNG = np.random.default_rng(1)
X, Y = RNG.standard_normal((90, 12)), RNG.integers(0, 3, 90)
SETS = {
    "train": (X[:50], Y[:50]),
    "tuning": (X[50:67], Y[50:67]),
    "test": (X[67:], Y[67:]),
}
MEASURED = ["tuning_loss", "tuning_accuracy", "test_loss", "test_accuracy"]
PLAIN_COLUMNS = [
    *("rule", "schedule", "lr", "seed", "fold", "epoch", "train_loss", "test_loss"),
    *("accuracy", "failed", "failed_step"),
]


def plain(model, sets, name, schedule, seed, at, batch_size=16, epochs=3):
    """Return the numbers of the plain loop, one row a look, in the table's order."""
    looks = plain_looks(
        model,
        sets,
        TORCH_RULES[name],
        lambda step, _: schedule(step),
        seed,
        epochs,
        batch_size,
        at,
    )
    return [
        [
            look["step"],
            look["last_lr"],
            look["train_loss"],
            *look["sets"]["tuning"],
            *look["sets"]["test"],
        ]
        for look in looks
    ]


@pytest.mark.parametrize(
    "model",
    [MLP((12, 8, 3)), ConvNet((4,), classes=3, kernel=3), GRU(hidden=4, classes=3)],
)
@pytest.mark.parametrize("at", [(), (1, 3, 7, 12)])
def test_every_set_is_measured_as_in_the_plain_loop(model, at):
    table = sweep(model, SETS, **{**GRID, "every_epoch": not at}, at=at)
    for (rule, name, lr, seed), rows in members(table):
        schedule = GRID["schedules"][name](lr)
        expected = plain(model, SETS, rule, schedule, seed, at or (4, 8, 12))
        columns = ["step", "last_lr", "train_loss", *MEASURED]
        np.testing.assert_allclose(rows[columns], expected, rtol=1e-9)


def test_a_tuple_keeps_its_columns_and_its_numbers():
    data = (*SETS["train"], *SETS["test"])
    table = sweep(MLP((12, 8, 3)), data, **GRID)
    assert list(table) == PLAIN_COLUMNS
    named = sweep(MLP((12, 8, 3)), SETS, **GRID)
    named = named.rename(columns={"test_accuracy": "accuracy"})
    pd.testing.assert_frame_equal(table, named[PLAIN_COLUMNS], rtol=1e-12)


def test_the_columns_stand_in_the_order_of_the_sets():
    sets = {"tuning": SETS["tuning"], "train": SETS["train"], "again": SETS["train"]}
    table = sweep(MLP((12, 3)), sets, **{**GRID, "every_epoch": False})
    assert list(table) == [
        *("rule", "schedule", "lr", "seed", "fold", "epoch", "step", "last_lr"),
        *("train_loss", "tuning_loss", "tuning_accuracy", "again_loss"),
        *("again_accuracy", "failed", "failed_step"),
    ]
    assert (table["epoch"] == 3).all()


def test_rows_may_be_asked_for_beside_every_epoch():
    one = {**GRID, "rules": {"sgd": SGD()}, "lrs": [0.1], "seeds": [3]}
    one["schedules"] = {"constant": constant}
    table = sweep(MLP((12, 3)), SETS, **one, at=[6, 8])
    assert table["step"].tolist() == [4, 6, 8, 12]
    assert table["epoch"].tolist() == [1, 1, 2, 3]
    last = sweep(MLP((12, 3)), SETS, **{**one, "every_epoch": False}, at=6)
    pd.testing.assert_frame_equal(last, table.iloc[[1]].reset_index(drop=True))


def test_folds_cut_the_training_set_and_leave_the_others():
    folds = [(np.arange(30), np.arange(30, 50)), (np.arange(20, 50), np.arange(20))]
    same = {**GRID, "rules": {"sgd": SGD()}, "folds": folds}
    table = sweep(MLP((12, 3)), SETS, **same)
    held_out = sweep(MLP((12, 3)), SETS["train"], **same)
    np.testing.assert_allclose(
        table["held_out_loss"], held_out["test_loss"], rtol=1e-12
    )
    assert table["held_out_accuracy"].equals(held_out["accuracy"])
    for number, (rows, _) in enumerate(folds):
        cut = {**SETS, "train": (X[rows], Y[rows])}
        alone = sweep(MLP((12, 3)), cut, **{**same, "folds": None})
        of_fold = table[table["fold"] == number].reset_index(drop=True)
        pd.testing.assert_frame_equal(of_fold[MEASURED], alone[MEASURED], rtol=1e-12)


@pytest.mark.parametrize("data", [(X, Y), {"train": (X, Y)}])
def test_folds_may_name_parts_to_choose_and_to_report_on(data):
    orders = [np.random.default_rng(seed).permutation(90) for seed in range(3)]
    folds = [
        {"train": order[:50], "tuning": order[50:67], "test": order[67:]}
        for order in orders
    ]
    same = {**GRID, "rules": {"sgd": SGD()}}
    table = sweep(MLP((12, 3)), data, **same, folds=folds)
    for number, parts in enumerate(folds):
        cut = {name: (X[rows], Y[rows]) for name, rows in parts.items()}
        alone = sweep(MLP((12, 3)), cut, **same)
        of_fold = table[table["fold"] == number].reset_index(drop=True)
        pd.testing.assert_frame_equal(of_fold.assign(fold=0), alone, rtol=1e-12)


def test_every_batch_size_is_a_sweep_of_its_own():
    same = {**GRID, "rules": {"sgd": SGD()}}
    table = sweep(MLP((12, 8, 3)), SETS, **{**same, "batch_size": [5, 16, 50]})
    assert list(dict.fromkeys(table["batch_size"])) == [5, 16, 50]
    for size, rows in table.groupby("batch_size"):
        alone = sweep(MLP((12, 8, 3)), SETS, **{**same, "batch_size": size})
        rows = rows.drop(columns="batch_size").reset_index(drop=True)
        pd.testing.assert_frame_equal(rows, alone, rtol=1e-12)
        assert rows["step"].max() == updates(50, size, epochs=3)


def test_a_schedule_may_ask_how_many_updates_there_are():
    made = {"linear": linear, "own": lambda lr, total_steps: constant(lr / total_steps)}
    one = {
        **GRID,
        "rules": {"momentum": SGD(momentum=0.9)},
        "lrs": [0.1],
        "every_epoch": False,
    }
    sizes = {**one, "schedules": made, "batch_size": [10, 25]}
    table = sweep(MLP((12, 3)), SETS, **sizes)
    for (size, name, seed), rows in table.groupby(["batch_size", "schedule", "seed"]):
        steps = updates(50, size, epochs=3)
        schedule = linear(0.1, steps) if name == "linear" else constant(0.1 / steps)
        args = MLP((12, 3)), SETS, "momentum", schedule, seed, [steps]
        expected = plain(*args, batch_size=size)
        columns = ["step", "last_lr", "train_loss", *MEASURED]
        np.testing.assert_allclose(rows[columns], expected, rtol=1e-9)


def test_a_schedule_that_knows_how_many_updates_there_are_is_not_told():
    made = {"short": lambda lr, total_steps=6: linear(lr, total_steps)}
    one = {**GRID, "schedules": made, "lrs": [0.1], "rules": {"sgd": SGD()}}
    table = sweep(MLP((12, 3)), SETS, **one, at=[6, 7])
    rates = table.groupby("step")["last_lr"].unique()
    assert rates[6].item() == pytest.approx(0.1 / 6)
    assert rates[7].item() == 0


def test_every_batch_size_may_have_rates_of_its_own():
    lrs = {10: [0.01, 0.1], 25: [0.25]}
    one = {**GRID, "lrs": lrs, "batch_size": list(lrs), "every_epoch": False}
    table = sweep(MLP((12, 3)), SETS, **one)
    pairs = table[["batch_size", "lr"]].drop_duplicates().to_numpy().tolist()
    assert pairs == [[10, 0.01], [10, 0.1], [25, 0.25]]


class Counting(MLP):
    """An `MLP` that remembers how many examples it saw at once, training or not."""

    seen: ClassVar[set[int]] = set()

    def outputs(self, params, inputs):
        self.seen.add(inputs.shape[1])
        return super().outputs(params, inputs)


def test_a_large_set_is_measured_in_pieces_no_larger_than_a_batch():
    Counting.seen.clear()
    large = {**SETS, "test": (np.tile(X, (40, 1)), np.tile(Y, 40))}
    small = {**GRID, "chunk_bytes": 20_000, "every_epoch": False}
    table = sweep(Counting((12, 8, 3)), large, **small)
    assert max(Counting.seen) == 16
    once = sweep(MLP((12, 8, 3)), {**SETS, "test": (X, Y)}, **GRID)
    once = once[once["epoch"] == 3].reset_index(drop=True)
    np.testing.assert_allclose(table["test_loss"], once["test_loss"], rtol=1e-12)
