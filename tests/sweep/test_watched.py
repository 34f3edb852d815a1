"""What updates did in a sweep, member by member: the lengths of the plain loop."""

import numpy as np
import pandas as pd
import pytest
import torch

from lrcourse import network
from lrcourse.data import batches
from lrcourse.optimizers import SGD, Adam, AdamW, Clipped, LayerRates, Watched
from lrcourse.schedules import linear
from lrcourse.sweep import MLP, sweep
from lrcourse.sweep.fused import fused
from lrcourse.training import symptoms, train
from tests.sweep.test_sets import SETS, X, Y
from tests.sweep.test_sweep import members

MODEL, NET, STEPS = MLP((12, 8, 3)), network.MLP((12, 8, 3)), 12
RULES = {
    "sgd": SGD(momentum=0.9),
    "nesterov": SGD(momentum=0.9, nesterov=True),
    "adam": Adam(),
    "decay": AdamW(weight_decay=0.1),
    "clipped": Clipped(SGD(), max_norm=0.1),
    "layers": LayerRates(Adam(), {"W1": 0.1, "b1": 0}),
}
WATCHED = {name: Watched(rule) for name, rule in RULES.items()}
GRID = {
    "schedules": {"linear": lambda lr: linear(lr, STEPS)},
    "lrs": [0.003, 0.1],
    "seeds": [3, 4],
    "epochs": 3,
    "batch_size": 16,
    "at": range(1, STEPS + 1),
}


def ratio(look):
    return look.watched.steps["W1"] / look.watched.weights["W1"]


def plain(rule, lr, seed):
    order = batches(X[:50], Y[:50], 16, 3, seed)
    schedule = linear(lr, STEPS)
    return train(NET.loss_and_grads, rule, schedule, NET.init(seed), order).state.seen


def test_every_member_is_seen_as_in_the_plain_loop():
    measured = {"ratio": ratio}
    table = sweep(MODEL, SETS, rules=WATCHED, **GRID, keep="watched", measures=measured)
    for (name, _, lr, seed), rows in members(table):
        expected = plain(WATCHED[name], lr, seed)
        series = symptoms(expected, ["W1"])["update / weight"]
        np.testing.assert_allclose(rows["ratio"], series, rtol=1e-9)
        for ours, theirs in zip(rows["watched"], expected, strict=True):
            assert ours.loss == pytest.approx(theirs.loss, rel=1e-9)
            for lengths, others in zip(ours[1:], theirs[1:], strict=True):
                assert lengths == pytest.approx(others, rel=1e-9, abs=1e-12)


def test_what_was_seen_of_a_member_makes_series():
    table = sweep(MODEL, SETS, rules={"sgd": WATCHED["sgd"]}, **GRID, keep="watched")
    for (_, _, lr, seed), rows in members(table):
        series = symptoms(list(rows["watched"]))
        for name, expected in symptoms(plain(WATCHED["sgd"], lr, seed)).items():
            np.testing.assert_allclose(series[name], expected, rtol=1e-9)


def test_to_watch_changes_nothing():
    watched = sweep(MODEL, SETS, rules=WATCHED, **GRID)
    pd.testing.assert_frame_equal(watched, sweep(MODEL, SETS, rules=RULES, **GRID))


@pytest.mark.parametrize(
    "rule",
    [LayerRates(WATCHED["adam"], {"W1": 1}), Clipped(WATCHED["sgd"], max_norm=9)],
)
def test_a_rule_may_stand_around_the_watched_one(rule):
    inner = {LayerRates: "adam", Clipped: "sgd"}[type(rule)]
    table = sweep(MODEL, SETS, rules={"it": rule}, **GRID, measures={"ratio": ratio})
    alone = sweep(
        MODEL, SETS, rules={"it": WATCHED[inner]}, **GRID, measures={"ratio": ratio}
    )
    np.testing.assert_allclose(table["ratio"], alone["ratio"], rtol=1e-12)


def test_an_average_of_the_weights_does_not_hide_the_updates():
    grid = {**GRID, "rules": {"sgd": WATCHED["sgd"]}, "measures": {"ratio": ratio}}
    averaged = sweep(MODEL, SETS, **grid, average="mean", average_from=4)
    last = sweep(MODEL, SETS, **grid)
    assert averaged["ratio"].tolist() == last["ratio"].tolist()
    assert averaged["test_loss"].tolist() != last["test_loss"].tolist()


@pytest.mark.parametrize("asked", [{"keep": "watched"}, {"measures": {"r": ratio}}])
def test_an_update_that_nobody_watched_is_refused_before_anything_trains(asked):
    rules = {"watched": WATCHED["sgd"], "not": SGD()}
    with pytest.raises(ValueError, match="rules must all be watched"):
        sweep(MODEL, SETS, rules=rules, **GRID, **asked)


def test_the_last_update_alone_is_remembered():
    rule, params = fused(WATCHED["sgd"]), {"W1": torch.ones(2, 3, 4)}
    state = rule.init(params)
    for _ in range(3):
        grads, ones = {"W1": torch.ones(2, 3, 4)}, torch.ones(2)
        params, state = rule.step(params, grads, state, 0.1 * ones, ones)
    assert len(state.seen) == 1
    lengths = state.seen[0].steps["W1"].numpy()  # 0.1 (1 + 0.9 + 0.81), 12 of them
    assert lengths == pytest.approx(0.271 * 12**0.5)
