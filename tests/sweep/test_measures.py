"""Numbers of one's own in the table, and outputs and weights kept in its rows."""

import numpy as np
import pandas as pd
import pytest
import torch

from lrcourse import network
from lrcourse.optimizers import SGD, Adam
from lrcourse.sweep import MLP, sweep
from tests.sweep.plain_loop import plain_looks
from tests.sweep.test_sets import SETS, X, Y
from tests.sweep.test_sweep import GRID, TORCH_RULES, members

MODEL = MLP((12, 8, 3))
AT = (5, 12)
ONE = {**GRID, "every_epoch": False, "at": AT}


def confidence(look):
    """The mean of the largest probability on the set to tune on."""
    return look.outputs("tuning").softmax(2).amax(2).mean(1)


def brier(look):
    """The mean squared distance of probabilities from the truth, on the test set."""
    error = look.outputs("test").softmax(2) - look.targets("test")
    return error.square().sum(2).mean(1)


def gradient_norm(look):
    """The length of the gradient of W1 on all that is trained on."""
    return look.grads("train")["W1"].flatten(1).norm(dim=1)


def swapped(look):
    """The accuracy of the first layer under a head of zeros and an own bias."""
    head = {"W2": torch.zeros_like(look.params["W2"])}
    outputs = look.model.outputs({**look.params, **head}, torch.as_tensor(X)[None])
    return (outputs.argmax(2) == torch.as_tensor(Y)).double().mean(1)


MEASURES = {"brier": brier, "norm": gradient_norm, "sure": confidence, "swap": swapped}


def plain(rule, name, lr, seed):
    schedule = GRID["schedules"][name](lr)
    make = TORCH_RULES[rule]
    return plain_looks(MODEL, SETS, make, lambda t, _: schedule(t), seed, 3, 16, AT)


def test_measures_are_what_they_say_of_each_member():
    table = sweep(MODEL, SETS, **ONE, measures=MEASURES)
    assert list(table)[-6:] == [*MEASURES, "failed", "failed_step"]
    for key, rows in members(table):
        expected = [one_by_one(look["module"]) for look in plain(*key)]
        np.testing.assert_allclose(rows[list(MEASURES)], expected, rtol=1e-9)


def one_by_one(module):
    """Return the same four numbers of one network, by PyTorch's own means."""
    inputs, labels = map(torch.as_tensor, SETS["test"])
    truth = torch.nn.functional.one_hot(labels, 3)
    far = (module(inputs).softmax(1) - truth).square().sum(1).mean()
    sure = module(torch.as_tensor(SETS["tuning"][0])).softmax(1).amax(1).mean()
    module.zero_grad()
    inputs, labels = map(torch.as_tensor, SETS["train"])
    torch.nn.functional.cross_entropy(module(inputs), labels).backward()
    norm = module[0].weight.grad.norm()
    swap = (Y == module[-1].bias.argmax().item()).mean()
    return [far.item(), norm.item(), sure.item(), swap]


def test_a_measure_knows_where_it_looks():
    asked = {"update": lambda look: torch.full((look.members,), float(look.step))}
    table = sweep(MODEL, SETS, **ONE, measures=asked)
    assert table["update"].tolist() == table["step"].tolist()
    loss = {"twice": lambda look: 2 * look.losses("test") + look.train_losses}
    table = sweep(MODEL, SETS, **ONE, measures=loss)
    np.testing.assert_array_equal(
        table["twice"], 2 * table["test_loss"] + table["train_loss"]
    )


def test_a_look_at_gradients_leaves_running_moments_alone():
    model = MLP((12, 8, 3), batch_norm=True)
    plain = sweep(model, SETS, **ONE)
    table = sweep(model, SETS, **ONE, measures={"norm": gradient_norm})
    assert table["norm"].gt(0).all()
    pd.testing.assert_frame_equal(table.drop(columns="norm"), plain)


def test_a_measure_asks_for_a_set_that_is_there():
    with pytest.raises(ValueError, match=r"name must be one of train, .*, got 'tests'"):
        sweep(MODEL, SETS, **ONE, measures={"x": lambda look: look.losses("tests")})


def test_outputs_and_weights_are_kept_in_the_rows():
    table = sweep(MODEL, SETS, **ONE, keep=["test_outputs", "weights"])
    inputs = torch.as_tensor(SETS["test"][0])
    for key, rows in members(table):
        for look, row in zip(plain(*key), rows.itertuples(), strict=True):
            outputs = look["module"](inputs).detach()
            np.testing.assert_allclose(row.test_outputs, outputs, rtol=1e-9)
            w, b = look["module"][0].parameters()
            np.testing.assert_allclose(row.weights["W1"], w.detach().T, rtol=1e-9)
            np.testing.assert_allclose(row.weights["b1"][0], b.detach(), rtol=1e-9)


def test_kept_weights_are_the_network_s_own():
    table = sweep(MODEL, SETS, **ONE, keep="weights")
    ours = network.MLP((12, 8, 3))
    for row in table.itertuples():
        loss, _ = ours.loss_and_grads(row.weights, *SETS["test"])
        assert loss == pytest.approx(row.test_loss, rel=1e-12)


def test_kept_arrays_follow_their_rows_through_folds_and_chunks():
    folds = [
        {"train": np.arange(40), "test": np.arange(40 + n, 60 + n)} for n in (0, 30)
    ]
    same = {**ONE, "at": (), "folds": folds, "keep": "test_outputs"}
    whole = sweep(MODEL, (X, Y), **same)
    cut = sweep(MODEL, (X, Y), **same, chunk_bytes=40_000)
    pd.testing.assert_frame_equal(cut, whole, rtol=1e-10)
    for row in whole.itertuples():
        labels = Y[folds[row.fold]["test"]]
        told = (row.test_outputs.argmax(1) == labels).mean()
        assert told == pytest.approx(row.test_accuracy)


def test_what_is_kept_may_not_outgrow_its_bound():
    kept = len(AT) * 16 * (23 * 3) * 8  # looks, trainings, numbers of eight bytes
    table = sweep(MODEL, SETS, **ONE, keep="test_outputs", keep_bytes=kept)
    assert sum(outputs.nbytes for outputs in table["test_outputs"]) == kept
    message = f"keep must fit into keep_bytes={kept - 1}, but .* takes {kept} bytes"
    with pytest.raises(ValueError, match=message):
        sweep(MODEL, SETS, **ONE, keep="test_outputs", keep_bytes=kept - 1)


def test_a_chunk_leaves_room_for_outputs_that_a_measure_asks_for():
    large = {**SETS, "test": (np.tile(X, (9, 1)), np.tile(Y, 9))}
    room = {**ONE, "rules": {"sgd": SGD()}, "chunk_bytes": 30_000}
    sweep(MODEL, large, **room)
    message = "chunk_bytes must leave room for one member, which takes about [0-9]+"
    with pytest.raises(ValueError, match=message):
        sweep(MODEL, large, **room, measures={"brier": brier})


def test_a_failed_member_has_nothing_measured():
    steep = {**ONE, "rules": {"sgd": SGD()}, "lrs": [0.1, 1e200]}
    table = sweep(MODEL, SETS, **steep, measures={"brier": brier})
    assert table["brier"].isna().tolist() == table["failed"].tolist()
    assert table["failed"].sum() == 8


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"measures": {"step": brier}},
            "measures must not name 'step', which is a column of the table",
        ),
        ({"measures": {"test_loss": brier}}, "measures must not name 'test_loss'"),
        (
            {"measures": {"brier": 0.3}},
            r"measures\['brier'\] must be a function of a Look .*, got 0.3",
        ),
        (
            {"measures": {"brier": lambda look: look.outputs("test").mean()}},
            r"measures\['brier'\] must return one number for each member, of shape "
            r"\(2,\) for 2 of them, got shape \(\)",
        ),
        (
            {"measures": {"brier": lambda look: look.outputs("test").mean().view(1)}},
            r"measures\['brier'\] must return .* got shape \(1,\)",
        ),
        (
            {"measures": {"brier": lambda look: 0.3}},
            r"measures\['brier'\] must return one number .*, got 0.3",
        ),
        (
            {"keep": "outputs"},
            "keep must name weights, watched, train_outputs, .*, test_outputs, got",
        ),
        ({"keep": ["weights", "loss"]}, "keep must name .*, got 'loss'"),
        ({"keep_bytes": 0}, "keep_bytes must be a positive integer, got 0"),
    ],
)
def test_measures_and_keep_refuse(change, message):
    with pytest.raises(ValueError, match=message):
        sweep(MODEL, SETS, **{**ONE, "rules": {"adam": Adam()}}, **change)
