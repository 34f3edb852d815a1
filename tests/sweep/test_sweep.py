"""Member by member, a sweep is the plain loop."""

import numpy as np
import pandas as pd
import pytest
import torch
from torch import optim

from lrcourse import network
from lrcourse.data import batches
from lrcourse.optimizers import (
    SGD,
    Adam,
    AdamW,
    Clipped,
    DAdaptationSGD,
    HypergradientSGD,
    Muon,
    Polyak,
    RMSprop,
    on_network,
)
from lrcourse.schedules import constant, cosine, exponential
from lrcourse.sweep import GRU, MLP, ConvNet, sweep, updates
from tests.sweep.plain_loop import plain_curves

DEVICES = ["cpu", *(["cuda"] if torch.cuda.is_available() else [])]
RNG = np.random.default_rng(0)
CURVES = RNG.standard_normal((70, 12)), RNG.integers(0, 3, 70)
DATA = (CURVES[0][:50], CURVES[1][:50], CURVES[0][50:], CURVES[1][50:])
INPUTS = (DATA[0], DATA[0], DATA[2], DATA[2])
STEPS = updates(50, batch_size=16, epochs=3)
GRID = {
    "rules": {"momentum": SGD(momentum=0.9), "adam": Adam()},
    "schedules": {"constant": constant, "cosine": lambda lr: cosine(lr, STEPS)},
    "lrs": [0.003, 0.03],
    "seeds": [3, 4],
    "epochs": 3,
    "batch_size": 16,  # the last batch of an epoch has 2 examples
    "every_epoch": True,
}
TORCH_RULES = {
    "momentum": lambda params: optim.SGD(params, lr=1.0, momentum=0.9),
    "adam": lambda params: optim.Adam(params, lr=1.0),
}
MODELS = [
    (MLP((12, 8, 6, 3)), "cross_entropy"),
    (MLP((12, 8, 3), activation="tanh", scheme="xavier"), "cross_entropy"),
    (MLP((12, 3)), "cross_entropy"),
    (MLP((12, 4, 12), activation="sigmoid"), "mean_squared_error"),
    (ConvNet((4, 5), classes=3, kernel=3), "cross_entropy"),
    (GRU(hidden=5, classes=3), "cross_entropy"),
    (GRU(hidden=5, classes=3, features=4), "cross_entropy"),
    (GRU(hidden=5, classes=12), "mean_squared_error"),
]
MEASURES = ["train_loss", "test_loss", "accuracy"]


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize(("model", "loss"), MODELS)
def test_every_member_is_the_plain_loop(model, loss, device):
    data = shaped(DATA if loss == "cross_entropy" else INPUTS, model)
    table = sweep(model, data, **GRID, loss=loss, device=device)
    for (rule, name, lr, seed), rows in members(table):
        plain = plain_curves(
            model,
            data,
            TORCH_RULES[rule],
            GRID["schedules"][name](lr),
            seed,
            GRID["epochs"],
            GRID["batch_size"],
            loss,
        )
        np.testing.assert_allclose(rows[MEASURES], plain, rtol=1e-9)
    assert not table["failed"].any()


def shaped(data, model):
    if isinstance(model, GRU) and model.features > 1:
        return tuple(x.reshape(len(x), -1, 4) if x.ndim == 2 else x for x in data)
    return data


def members(table):
    return table.groupby(["rule", "schedule", "lr", "seed"], sort=False)


def test_in_float32_it_is_the_plain_loop_to_seven_digits_or_so():
    one = {**GRID, "rules": {"adam": Adam()}}
    exact = sweep(MLP((12, 8, 3)), DATA, **one)
    rough = sweep(MLP((12, 8, 3)), DATA, **one, dtype=torch.float32)
    np.testing.assert_allclose(rough["test_loss"], exact["test_loss"], rtol=1e-5)
    assert not rough["test_loss"].equals(exact["test_loss"])


@pytest.mark.parametrize("max_norm", [0.05, 0.4, 100.0])  # cuts all, some, none
def test_clipping_is_torch_s(max_norm):
    rule = Clipped(SGD(), max_norm=max_norm)
    one = {**GRID, "rules": {"clipped": rule}, "lrs": [0.5]}
    model = GRU(hidden=5, classes=3)
    for (_, name, lr, seed), rows in members(sweep(model, DATA, **one)):
        plain = plain_curves(
            model,
            DATA,
            lambda params: optim.SGD(params, lr=1.0),
            GRID["schedules"][name](lr),
            seed,
            GRID["epochs"],
            GRID["batch_size"],
            "cross_entropy",
            max_norm,
        )
        np.testing.assert_allclose(rows[MEASURES], plain, rtol=1e-9)


def test_one_update_is_that_of_the_written_out_network():
    model, seed = MLP((12, 8, 3)), 5
    table = sweep(
        model,
        DATA,
        rules={"sgd": SGD()},
        schedules={"constant": constant(0.3)},
        seeds=[seed],
        epochs=1,
        batch_size=50,
    )
    ours = network.MLP((12, 8, 3))
    params = ours.init(seed)
    [(inputs, labels)] = batches(*DATA[:2], batch_size=50, epochs=1, seed=seed)
    loss, grads = ours.loss_and_grads(params, inputs, labels)
    moved = {name: w - 0.3 * grads[name] for name, w in params.items()}
    assert table["train_loss"].item() == pytest.approx(loss, rel=1e-12)
    test_loss, _ = ours.loss_and_grads(moved, *DATA[2:])
    assert table["test_loss"].item() == pytest.approx(test_loss, rel=1e-12)


@pytest.mark.parametrize(
    "rule",
    [
        AdamW(),
        RMSprop(),
        Muon(),
        Polyak(),
        HypergradientSGD(hyper_lr=0.01),
        DAdaptationSGD(),
        Clipped(Polyak(), max_norm=0.1),
    ],
)
def test_a_rule_does_to_each_member_what_it_does_to_one_network(rule):
    ours, numpy_rule = network.MLP((12, 8, 3)), on_network(rule)
    table = sweep(MLP((12, 8, 3)), DATA, **{**GRID, "rules": {"rule": rule}})
    for (_, name, lr, seed), rows in members(table):
        schedule = GRID["schedules"][name](lr)
        params = ours.init(seed)
        state = numpy_rule.init(params)
        order = batches(*DATA[:2], batch_size=16, epochs=3, seed=seed)
        for step, (inputs, labels) in enumerate(order):
            loss, grads = ours.loss_and_grads(params, inputs, labels)
            params, state = numpy_rule.step(params, grads, state, schedule(step), loss)
        test_loss, _ = ours.loss_and_grads(params, *DATA[2:])
        assert rows["test_loss"].iloc[-1] == pytest.approx(test_loss, rel=1e-9)


def test_folds_train_on_one_part_and_test_on_the_other():
    folds = [(np.arange(30), np.arange(30, 50)), (np.arange(25, 50), np.arange(25))]
    same = {**GRID, "rules": {"sgd": SGD()}}
    table = sweep(MLP((12, 3)), DATA[:2], **same, folds=folds)
    for number, (train, held_out) in enumerate(folds):
        parts = [array[rows] for rows in (train, held_out) for array in DATA[:2]]
        alone = sweep(MLP((12, 3)), parts, **same)
        of_fold = table[table["fold"] == number].reset_index(drop=True)
        pd.testing.assert_frame_equal(of_fold.assign(fold=0), alone, rtol=1e-12)


def test_the_last_epoch_is_what_a_sweep_returns_by_default():
    every = sweep(MLP((12, 3)), DATA, **GRID)
    last = sweep(MLP((12, 3)), DATA, **{**GRID, "every_epoch": False})
    of_last = every[every["epoch"] == 3].reset_index(drop=True)
    pd.testing.assert_frame_equal(last, of_last)
    assert len(last) == 2 * 2 * 2 * 2


def test_rows_stand_in_the_order_of_the_grid_however_it_is_cut():
    small = {**GRID, "every_epoch": False, "chunk_bytes": 30_000}
    table = sweep(MLP((12, 8, 3)), DATA, **small)
    coordinates = table[["rule", "schedule", "lr", "seed"]].to_numpy().tolist()
    assert coordinates == [
        [rule, schedule, lr, seed]
        for rule in GRID["rules"]
        for schedule in GRID["schedules"]
        for lr in GRID["lrs"]
        for seed in GRID["seeds"]
    ]


def test_a_name_may_be_a_tuple():
    names = {("sgd", 0.0): SGD(), ("sgd", 0.9): SGD(momentum=0.9)}
    table = sweep(MLP((12, 3)), DATA, **{**GRID, "rules": names})
    assert list(dict.fromkeys(table["rule"])) == list(names)


def test_rates_may_be_written_out_instead_of_a_schedule():
    schedule = exponential(0.1, gamma=0.8)
    forms = {"function": schedule, "rates": [schedule(step) for step in range(STEPS)]}
    plain = {**GRID, "lrs": None, "schedules": forms, "rules": {"sgd": SGD()}}
    table = sweep(MLP((12, 3)), DATA, **plain)
    assert set(table["lr"]) == {0.1}
    of_function, of_rates = (table[table["schedule"] == name] for name in forms)
    np.testing.assert_allclose(of_function[MEASURES], of_rates[MEASURES], rtol=1e-12)


def test_without_test_data_there_is_nothing_to_measure_on_it():
    table = sweep(MLP((12, 3)), DATA[:2], **GRID)
    assert table["train_loss"].notna().all()
    assert table[["test_loss", "accuracy"]].isna().all(axis=None)
    assert not table["failed"].any()


def test_an_autoencoder_has_no_accuracy():
    table = sweep(MLP((12, 4, 12)), INPUTS, **GRID, loss="mean_squared_error")
    assert table["test_loss"].notna().all()
    assert table["accuracy"].isna().all()
