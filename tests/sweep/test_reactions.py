"""Rules that look at a metric, member by member, as schedules of a sweep."""

import numpy as np
import pandas as pd
import pytest
import torch
from torch import optim
from torch.nn.functional import cross_entropy

from lrcourse.data import batches
from lrcourse.optimizers import SGD
from lrcourse.schedules import constant, cosine, feedback, linear
from lrcourse.schedules.feedback import (
    HoldOnStagnation,
    RestartOnStagnation,
    WarmupThen,
)
from lrcourse.schedules.plateau import ReduceOnPlateau, keras_plateau
from lrcourse.sweep import MLP, sweep
from tests.sweep.plain_loop import as_module, held_out, plain_looks
from tests.sweep.test_sets import SETS
from tests.sweep.test_sweep import INPUTS, TORCH_RULES, members

EPOCHS, PER_EPOCH = 12, 4
MODEL = MLP((12, 8, 3))
PLANS = {
    "plateau": lambda lr: ReduceOnPlateau(lr, factor=0.3, patience=0),
    "keras": lambda lr: keras_plateau(lr, factor=0.5, patience=2),
    "restart": lambda lr: RestartOnStagnation(linear(lr, 6), 1, 0.001),
    "hold": lambda lr: HoldOnStagnation(cosine(lr, 12), 1, 0.001, epochs=2),
    "warmup": lambda lr: WarmupThen(ReduceOnPlateau(lr, patience=1), 2),
}
GRID = {
    "rules": {"momentum": SGD(momentum=0.9)},
    "schedules": PLANS,
    "lrs": [0.03, 0.2],
    "seeds": [3, 4],
    "epochs": EPOCHS,
    "batch_size": 16,
    "every_epoch": True,
    "metric": "tuning_loss",
}


def test_every_member_reacts_as_in_the_plain_loop():
    table = sweep(MODEL, SETS, **GRID)
    ends = range(PER_EPOCH, EPOCHS * PER_EPOCH + 1, PER_EPOCH)
    for (rule, name, lr, seed), rows in members(table):
        plan = PLANS[name](lr)
        looks = plain_looks(
            MODEL,
            SETS,
            TORCH_RULES[rule],
            lambda _, metrics, plan=plan: feedback.rates(plan, metrics)[-1],
            seed,
            EPOCHS,
            16,
            ends,
        )
        rates = [look["last_lr"] for look in looks]
        losses = [look["sets"]["tuning"][0] for look in looks]
        np.testing.assert_allclose(rows["tuning_loss"], losses, rtol=1e-9)
        np.testing.assert_allclose(rows["last_lr"], rates, rtol=1e-12)


def test_the_plans_did_react():
    rates = sweep(MODEL, SETS, **GRID).groupby(["schedule", "lr", "seed"])["last_lr"]
    for name in ("plateau", "keras", "warmup"):
        assert all(rates.nunique()[name] > 1)
    falling = [cosine(0.2, 12)(step) for step in range(EPOCHS)]
    assert not np.allclose(rates.get_group(("hold", 0.2, 3)), falling)
    assert rates.get_group(("restart", 0.2, 3)).diff().max() > 0


def test_members_side_by_side_do_not_react_to_each_other():
    table = sweep(MODEL, SETS, **GRID)
    for seed in GRID["seeds"]:
        alone = sweep(MODEL, SETS, **{**GRID, "seeds": [seed], "lrs": [0.2]})
        beside = table[(table["seed"] == seed) & (table["lr"] == 0.2)]
        beside = beside.reset_index(drop=True)
        pd.testing.assert_frame_equal(beside, alone, rtol=1e-9)


def test_reduce_on_plateau_is_torch_s_own():
    table = sweep(MODEL, SETS, **{**GRID, "schedules": {"it": PLANS["plateau"]}})
    for (_, _, lr, seed), rows in members(table):
        module = as_module(MODEL, seed)
        optimizer = optim.SGD(module.parameters(), lr=lr, momentum=0.9)
        plateau = optim.lr_scheduler.ReduceLROnPlateau(
            optimizer, factor=0.3, patience=0
        )
        tuning = list(map(torch.as_tensor, SETS["tuning"]))
        pairs = batches(*map(torch.as_tensor, SETS["train"]), 16, EPOCHS, seed)
        lrs = []
        for step, (x, y) in enumerate(pairs, start=1):
            optimizer.zero_grad()
            cross_entropy(module(x), y).backward()
            optimizer.step()
            if step % PER_EPOCH == 0:
                lrs.append(optimizer.param_groups[0]["lr"])
                plateau.step(held_out(module, *tuning, "cross_entropy")[0])
        np.testing.assert_allclose(rows["last_lr"], lrs, rtol=1e-12)


def test_a_rate_made_by_a_rule_is_the_one_that_was_written_out():
    table = sweep(MODEL, SETS, **{**GRID, "seeds": [3], "lrs": [0.2]})
    recorded = {
        name: np.repeat(rows["last_lr"], PER_EPOCH)
        for name, rows in table.groupby("schedule", sort=False)
    }
    written = {**GRID, "seeds": [3], "lrs": None, "schedules": recorded, "metric": None}
    again = sweep(MODEL, SETS, **written)
    columns = ["train_loss", "tuning_loss", "test_loss", "last_lr"]
    pd.testing.assert_frame_equal(table[columns], again[columns], rtol=1e-10)


def test_schedules_of_both_kinds_stand_in_one_table():
    both = {"constant": constant, "plateau": PLANS["plateau"], "linear": linear}
    mixed = {**GRID, "schedules": both, "every_epoch": False}
    table = sweep(MODEL, SETS, **mixed)
    assert list(dict.fromkeys(table["schedule"])) == list(both)
    for name in both:
        alone = sweep(MODEL, SETS, **{**mixed, "schedules": {name: both[name]}})
        rows = table[table["schedule"] == name].reset_index(drop=True)
        pd.testing.assert_frame_equal(rows, alone, rtol=1e-10)


def test_the_last_epoch_alone_is_the_same_training():
    every = sweep(MODEL, SETS, **GRID)
    last = sweep(MODEL, SETS, **{**GRID, "every_epoch": False})
    of_last = every[every["epoch"] == EPOCHS].reset_index(drop=True)
    pd.testing.assert_frame_equal(last, of_last)


@pytest.mark.parametrize("metric", ["train_loss", "tuning_accuracy", "negative"])
def test_any_number_of_the_table_may_be_the_metric(metric):
    upwards = {"mode": "max"} if metric == "tuning_accuracy" else {}
    rule = ReduceOnPlateau(0.2, patience=0, threshold_mode="abs", **upwards)
    own = {"negative": lambda look: -look.accuracies("tuning")}
    chosen = {"schedules": {"it": rule}, "lrs": None, "metric": metric}
    table = sweep(MODEL, SETS, **{**GRID, **chosen}, measures=own)
    assert set(table["lr"]) == {0.2}
    for _, rows in table.groupby("seed"):
        rates = feedback.rates(rule, rows[metric])[:-1]
        np.testing.assert_allclose(rows["last_lr"], rates, rtol=1e-12)
        assert len(set(rates)) > 1


def test_a_tuple_may_be_looked_at_too():
    data = (*SETS["train"], *SETS["test"])
    table = sweep(MODEL, data, **{**GRID, "metric": "test_loss"})
    assert "last_lr" in table
    assert table["last_lr"].nunique() > 2


def test_a_member_that_fails_disturbs_no_other_s_rates():
    steep = {**GRID, "schedules": {"plateau": PLANS["plateau"]}}
    alone = sweep(MODEL, SETS, **{**steep, "lrs": [0.2]})
    beside = sweep(MODEL, SETS, **{**steep, "lrs": [1e200, 0.2]})
    assert beside.loc[beside["lr"] == 1e200, "failed"].any()
    others = beside[beside["lr"] == 0.2].reset_index(drop=True)
    pd.testing.assert_frame_equal(others, alone, rtol=1e-10)


REFUSED = [
    (
        {"metric": None},
        r"metric must be one of train_loss, tuning_loss, tuning_accuracy, test_loss, "
        r"test_accuracy, for schedules that look at one \('plateau'\), got None",
    ),
    ({"metric": "accuracy"}, "metric must be one of .*, got 'accuracy'"),
    (
        {"data": SETS["train"], "metric": "test_loss"},
        r"metric must be one of train_loss, for .*, got 'test_loss'",
    ),
    (
        {"data": INPUTS, "loss": "mean_squared_error", "metric": "accuracy"},
        "metric must be one of train_loss, test_loss, for .*, got 'accuracy'",
    ),
    (
        {"schedules": {"odd": SGD()}, "lrs": None},
        r"schedules\['odd'\] must be a schedule, its rates, or a rule that looks at a "
        r"metric, such as ReduceOnPlateau, got SGD\(",
    ),
    (
        {"schedules": {"low": RestartOnStagnation(lambda t: 1.0 - t, 2, 0.1)}},
        r"schedules\['low'\] must be finite and not negative, got -1.0 after an epoch",
    ),
]


@pytest.mark.parametrize(("change", "message"), REFUSED)
def test_a_sweep_refuses(change, message):
    plan = {"data": SETS, **GRID, "lrs": None}
    plan["schedules"] = {"plateau": ReduceOnPlateau(0.1)}
    with pytest.raises(ValueError, match=message):
        sweep(MLP((12, 8, 12)), **{**plan, **change})
