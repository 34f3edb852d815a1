"""What a model of a sweep computes is, member by member, what PyTorch's own does."""

import numpy as np
import pytest
import torch
from torch import nn, optim
from torch.nn.functional import cross_entropy

from lrcourse import network
from lrcourse.schedules import constant
from lrcourse.sweep import MLP, sweep
from lrcourse.sweep.losses import LOSSES
from lrcourse.sweep.models import Model
from tests.sweep.torch_twins import (
    DATA,
    GRID,
    MEASURES,
    ONE,
    TORCH_RULES,
    as_module,
    members,
    members_of,
    one_hot,
    torch_curves,
)

DEEP = (12, *[6] * 8, 3)
NORMED = [
    MLP((12, 8, 6, 3), batch_norm=True),
    MLP((12, 8, 3), activation="tanh", scheme="xavier", batch_norm=True),
    MLP((12, 8, 3), activation="sigmoid", gain=2.0, batch_norm=True),
    MLP((12, 3), batch_norm=True),  # no hidden layer, so nothing to normalise
    MLP(DEEP, gain=0.5, batch_norm=True),
]
PLAIN = [MLP(DEEP, gain=1.3), MLP(DEEP, activation="tanh", scheme="xavier")]


@pytest.mark.parametrize("model", [*NORMED, *PLAIN], ids=str)
def test_every_member_is_torch_s_network_in_training_and_in_evaluation(model):
    table = sweep(model, DATA, **GRID)
    for (rule, name, lr, seed), rows in members(table):
        schedule = GRID["schedules"][name](lr)
        module = as_module(model, seed)
        curves = torch_curves(module, TORCH_RULES[rule](module.parameters()), schedule)
        np.testing.assert_allclose(rows[MEASURES], curves(seed), rtol=1e-8)
    assert not table["failed"].any()


def test_evaluation_is_by_the_running_moments_and_not_by_the_batch_s():
    model = NORMED[0]
    row = sweep(model, DATA, **{**ONE, "schedules": {"constant": constant}}).iloc[-1]
    module = as_module(model, 3)
    torch_curves(module, optim.SGD(module.parameters(), lr=1.0), constant(0.03))(3)
    inputs, labels = torch.from_numpy(DATA[2]), torch.from_numpy(DATA[3])
    with torch.no_grad():
        by_running = cross_entropy(module.eval()(inputs), labels).item()
        by_batch = cross_entropy(module.train()(inputs), labels).item()
    assert row["test_loss"] == pytest.approx(by_running, rel=1e-9)
    assert abs(by_batch / by_running - 1) > 0.05


@pytest.mark.parametrize("model", NORMED, ids=str)
def test_running_moments_are_torch_s_after_every_batch(model):
    params, module = members_of(model, [3]), as_module(model, 3)
    norms = [part for part in module if isinstance(part, nn.BatchNorm1d)]
    for rows in (slice(0, 16), slice(16, 32), slice(32, 34)):
        inputs = torch.from_numpy(DATA[0][rows])
        model.losses_and_grads(
            params, inputs[None], one_hot(rows)[None], LOSSES["cross_entropy"]
        )
        module(inputs)
        for layer, norm in enumerate(norms, start=1):
            for ours, theirs in (
                (params[f"running_mean{layer}"], norm.running_mean),
                (params[f"running_var{layer}"], norm.running_var),
            ):
                torch.testing.assert_close(ours[0, 0], theirs, rtol=1e-12, atol=1e-14)
    assert len(norms) == len(model.sizes) - 2


@pytest.mark.parametrize("model", [*NORMED, *PLAIN], ids=str)
@pytest.mark.parametrize("loss", ["cross_entropy", "mean_squared_error"])
def test_losses_and_gradients_are_those_of_the_written_out_network(model, loss):
    params = members_of(model, [3, 4, 5])
    inputs, targets = torch.from_numpy(DATA[0]), one_hot(slice(0, 50))
    losses, grads = model.losses_and_grads(
        params, inputs.expand(3, -1, -1), targets.expand(3, -1, -1), LOSSES[loss]
    )
    ours = network.MLP(
        model.sizes, model.activation, loss=loss, batch_norm=model.batch_norm
    )
    for member in range(3):
        own = {name: params[name][member].numpy() for name in ours.shapes}
        labels = DATA[1] if loss == "cross_entropy" else targets.numpy()
        value, expected = ours.loss_and_grads(own, DATA[0], labels)
        assert losses[member].item() == pytest.approx(value, rel=1e-12)
        assert grads.keys() == expected.keys()
        for name, grad in expected.items():
            near = pytest.approx(grad, rel=1e-9, abs=1e-13)
            assert grads[name][member].numpy() == near, name


@pytest.mark.parametrize("model", [*NORMED, *PLAIN], ids=str)
def test_first_weights_are_the_written_out_network_s(model):
    ours = network.MLP(
        model.sizes, model.activation, gain=model.gain, batch_norm=model.batch_norm
    )
    drawn = model.init(7)
    expected = {**ours.init(7, model.scheme), **ours.init_statistics()}
    assert drawn.keys() == expected.keys()
    assert all(np.array_equal(drawn[name], expected[name]) for name in drawn)


def test_a_normalised_member_that_overflows_disturbs_no_other():
    calm = {**ONE, "schedules": {"constant": constant}, "lrs": [0.01, 0.1]}
    alone = sweep(NORMED[0], DATA, **calm)
    beside = sweep(NORMED[0], DATA, **{**calm, "lrs": [0.01, 1e200, 0.1]})
    assert beside.loc[beside["lr"] == 1e200, "failed"].all()
    others = beside[beside["lr"] < 1]
    np.testing.assert_allclose(others[MEASURES], alone[MEASURES], rtol=1e-12)


def test_in_float32_a_normalised_network_is_the_same_to_five_digits_or_so():
    exact = sweep(NORMED[0], DATA, **ONE)
    rough = sweep(NORMED[0], DATA, **ONE, dtype=torch.float32)
    np.testing.assert_allclose(rough["test_loss"], exact["test_loss"], rtol=1e-5)


def test_a_batch_of_one_cannot_be_normalised():
    with pytest.raises(ValueError, match="batch_size must leave at least 2 examples"):
        sweep(NORMED[0], DATA, **{**ONE, "batch_size": 7})


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"gain": -1.0}, "gain must be zero or more and finite, got -1.0"),
        (
            {"gain": "2"},
            "gain must be zero or more and finite: a number, got the text '2'",
        ),
    ],
)
def test_a_gain_that_is_none_is_refused(settings, message):
    with pytest.raises(ValueError, match=message):
        MLP((12, 3), **settings)


def test_a_model_of_ones_own_is_derived_automatically():
    class Line(Model):
        def init(self, seed):
            return {"w": np.random.default_rng(seed).standard_normal((12, 3))}

        def outputs(self, params, inputs):
            return inputs @ params["w"]

    model = Line()
    params = members_of(model, [3])
    inputs, targets = torch.from_numpy(DATA[0])[None], one_hot(slice(0, 50))[None]
    _, grads = model.losses_and_grads(params, inputs, targets, LOSSES["cross_entropy"])
    outputs = DATA[0] @ params["w"][0].numpy()
    _, slope = network.cross_entropy(outputs, DATA[1])
    assert grads["w"][0].numpy() == pytest.approx(DATA[0].T @ slope, rel=1e-12)
