"""Weights that are averaged along a training, and judged in the last ones' place."""

import numpy as np
import pandas as pd
import pytest
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from lrcourse import network
from lrcourse.data import batches
from lrcourse.optimizers import SGD, Adam, Clipped, LayerRates, ScheduleFreeSGD
from lrcourse.sweep import GRU, MLP, Averaged, ConvNet, sweep
from lrcourse.training import train
from tests.sweep.plain_loop import plain_looks
from tests.sweep.test_sets import MEASURED, SETS
from tests.sweep.test_sweep import GRID, TORCH_RULES, members

MODEL = MLP((12, 8, 3))
KINDS = {
    "mean": AveragedModel,
    "ema": lambda m: AveragedModel(m, multi_avg_fn=get_ema_multi_avg_fn(0.7)),
}
AT = (1, 5, 6, 12)


@pytest.mark.parametrize(
    "model", [MODEL, ConvNet((4,), classes=3, kernel=3), GRU(hidden=4, classes=3)]
)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("start", [0, 5])
def test_the_average_is_torch_s(model, kind, start):
    same = {**GRID, "at": AT, "every_epoch": False}
    averaged = {"average": kind, "average_from": start, "decay": 0.7}
    table = sweep(model, SETS, **same, **averaged)
    for (rule, name, lr, seed), rows in members(table):
        schedule = GRID["schedules"][name](lr)
        looks = plain_looks(
            model,
            SETS,
            TORCH_RULES[rule],
            lambda step, _, schedule=schedule: schedule(step),
            seed,
            3,
            16,
            AT,
            average=lambda module: (KINDS[kind](module), start),
        )
        seen = [look["sets"] for look in looks]
        expected = [[*sets["tuning"], *sets["test"]] for sets in seen]
        np.testing.assert_allclose(rows[MEASURED], expected, rtol=1e-9)


def test_the_training_does_not_notice_its_average():
    plain = sweep(MODEL, SETS, **GRID)
    averaged = sweep(MODEL, SETS, **GRID, average="mean", average_from=4)
    pd.testing.assert_series_equal(averaged["train_loss"], plain["train_loss"])
    first = plain["epoch"] == 1  # before the first weights that count
    pd.testing.assert_frame_equal(averaged[first], plain[first])
    assert (averaged["test_loss"] != plain["test_loss"])[~first].all()


def test_one_rule_of_several_may_be_averaged():
    rules = {
        "last": SGD(momentum=0.9),
        "mean": Averaged(SGD(momentum=0.9), average_from=4),
    }
    table = sweep(MODEL, SETS, **{**GRID, "rules": rules})
    for name, how in {"last": {}, "mean": {"average": "mean"}}.items():
        start = {"average_from": 4} if how else {}
        alone = sweep(
            MODEL, SETS, **{**GRID, "rules": {name: SGD(momentum=0.9)}}, **how, **start
        )
        rows = table[table["rule"] == name].reset_index(drop=True)
        pd.testing.assert_frame_equal(rows, alone)


@pytest.mark.parametrize("rule", [Clipped(Adam(), max_norm=0.1), ScheduleFreeSGD()])
def test_what_a_rule_judges_is_averaged(rule):
    same = {**GRID, "rules": {"it": rule}, "keep": "weights", "at": range(7, 13)}
    same = {**same, "every_epoch": False}
    plain = sweep(MODEL, SETS, **same)
    mean = sweep(MODEL, SETS, **same, average="mean", average_from=6)
    for key, rows in members(mean):
        path = [row["W1"] for row in dict(iter(members(plain)))[key]["weights"]]
        last = rows["weights"].iloc[-1]["W1"]
        np.testing.assert_allclose(last, np.mean(path, axis=0), rtol=1e-12)


def test_an_average_takes_room():
    same = {**GRID, "rules": {"sgd": SGD()}, "chunk_bytes": 16_000}
    sweep(MODEL, SETS, **same)
    with pytest.raises(ValueError, match="chunk_bytes must leave room for one member"):
        sweep(MODEL, SETS, **same, average="mean")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"average": "median"}, "average must be one of mean, ema, got 'median'"),
        (
            {"average": "mean", "average_from": -1},
            "average_from must be an integer, zero or more, got -1",
        ),
        (
            {"average": "mean", "average_from": 12},
            r"average_from must be below the 12 updates in batches of 16, or "
            r"rules\['momentum'\] averages nothing, got 12",
        ),
        ({"average": "ema", "decay": 1.0}, r"decay must be in \[0, 1\), got 1.0"),
        (
            {"average_from": 3},
            "average must be 'mean' or 'ema' to begin at average_from=3, got None",
        ),
    ],
)
def test_a_sweep_refuses(change, message):
    with pytest.raises(ValueError, match=message):
        sweep(MODEL, SETS, **GRID, **change)


def test_running_moments_are_refused():
    model = MLP((12, 8, 3), batch_norm=True)
    message = r"average must be None .* \(running_mean1, running_var1\)"
    with pytest.raises(ValueError, match=message):
        sweep(model, SETS, **GRID, average="mean")


def test_a_frozen_layer_is_judged_as_it_stands():
    same = {**GRID, "keep": "weights", "every_epoch": False}
    frozen = {"W1": 0, "b1": 0}
    inside = Averaged(LayerRates(SGD(momentum=0.9), frozen), average_from=4)
    around = LayerRates(Averaged(SGD(momentum=0.9), average_from=4), frozen)
    one, other = (
        sweep(MODEL, SETS, **{**same, "rules": {"it": r}}) for r in (inside, around)
    )
    pd.testing.assert_frame_equal(one, other, rtol=1e-12)
    for row in one.itertuples():
        np.testing.assert_array_equal(row.weights["W1"], MODEL.init(row.seed)["W1"])


def test_what_a_rule_judges_is_measured():
    rule, ours = ScheduleFreeSGD(beta=0.8), network.MLP((12, 8, 3))
    table = sweep(MODEL, SETS, **{**GRID, "rules": {"it": rule}})
    for (_, name, lr, seed), rows in members(table):
        schedule = GRID["schedules"][name](lr)
        run = train(
            ours.loss_and_grads,
            rule,
            schedule,
            ours.init(seed),
            batches(*SETS["train"], batch_size=16, epochs=3, seed=seed),
        )
        averages = {key: state.x for key, state in run.state.items()}
        loss, _ = ours.loss_and_grads(averages, *SETS["test"])
        assert rows["test_loss"].iloc[-1] == pytest.approx(loss, rel=1e-9)
        in_the_loop, _ = ours.loss_and_grads(run.params, *SETS["test"])
        assert loss != pytest.approx(in_the_loop, rel=1e-6)
