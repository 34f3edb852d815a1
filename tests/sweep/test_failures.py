"""A training that overflows is marked; the others do not notice."""

import numpy as np
import pandas as pd
import pytest

from lrcourse.optimizers import SGD
from lrcourse.schedules import constant
from lrcourse.sweep import MLP, ConvNet, sweep
from tests.sweep.test_sweep import DATA, GRID, INPUTS, MEASURES

PLAN = {**GRID, "rules": {"sgd": SGD()}, "loss": "mean_squared_error"}
MODEL = MLP((12, 4, 12))


@pytest.mark.parametrize(
    ("model", "data", "loss"),
    [
        (MLP((12, 4, 12)), INPUTS, "mean_squared_error"),
        (MLP((12, 4, 3)), DATA, "cross_entropy"),
    ],
)
def test_a_member_that_overflows_is_marked_and_disturbs_no_other(model, data, loss):
    calm = {**PLAN, "loss": loss, "lrs": [0.01, 0.1], "seeds": [0]}
    alone = sweep(model, data, **calm)
    beside = sweep(model, data, **{**calm, "lrs": [0.01, 1e200, 0.1]})
    lost = beside[beside["lr"] == 1e200]
    assert lost["failed"].all()
    assert lost[MEASURES].isna().all(axis=None)
    others = beside[beside["lr"] < 1].reset_index(drop=True)
    assert not others["failed"].any()
    assert others["failed_step"].isna().all()
    pd.testing.assert_frame_equal(others, alone, rtol=1e-10)


@pytest.mark.parametrize(
    ("rates", "failed_step"),
    [
        ([1e200, *[0.0] * 11], 1),  # the second loss is the first to overflow
        ([1e-9] * 7 + [1e200] + [0.0] * 4, 8),
        ([1e-9] * 11 + [1e308], 12),  # only the weights have seen the last update
    ],
)
@pytest.mark.parametrize("arrays", [2, 4])  # without and with data to test on
def test_the_step_of_failure_counts_finished_updates(rates, failed_step, arrays):
    given = {**PLAN, "lrs": None, "schedules": {"steep": rates}, "seeds": [0]}
    steep = sweep(MODEL, [1e3 * array for array in INPUTS[:arrays]], **given)
    assert steep["failed_step"].dropna().unique() == [failed_step]
    assert steep["failed"].iloc[-1]


def test_a_member_has_failed_from_the_epoch_of_its_failure_on():
    rates = [1e-9] * 5 + [1e200] + [0.0] * 6
    given = {**PLAN, "lrs": None, "schedules": {"steep": rates}, "seeds": [0]}
    table = sweep(MODEL, INPUTS, **given)
    assert table["failed"].tolist() == [False, True, True]
    assert table["test_loss"].notna().tolist() == [True, False, False]


def test_a_member_at_chance_has_not_failed():
    high = {**GRID, "schedules": {"constant": constant}, "lrs": [300.0]}
    table = sweep(ConvNet((4,), classes=3), DATA, **{**high, "rules": {"sgd": SGD()}})
    assert not table["failed"].any()
    assert np.isfinite(table["test_loss"]).all()


@pytest.mark.parametrize("large", ["tuning", "test"])
def test_a_member_whose_loss_on_any_set_overflows_has_failed(large):
    sets = {"train": INPUTS[:2], "tuning": INPUTS[2:], "test": INPUTS[2:]}
    inputs, targets = sets[large]
    sets[large] = (1e160 * inputs, targets)
    plan = {
        **PLAN,
        "schedules": {"constant": constant(0.01)},
        "lrs": None,
        "seeds": [0],
    }
    table = sweep(MODEL, sets, **plan)
    assert table["failed_step"].tolist() == table["step"].tolist()
    assert table[["train_loss", "tuning_loss", "test_loss"]].isna().all(axis=None)
