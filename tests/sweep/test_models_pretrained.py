"""A pretrained start, and which of its layers move how fast."""

import numpy as np
import pytest
import torch
from torch import nn, optim

from lrcourse import network
from lrcourse.optimizers import SGD, LayerRates
from lrcourse.sweep import MLP, ConvNet, Pretrained, sweep
from tests.sweep.torch_twins import (
    DATA,
    GRID,
    MEASURES,
    ONE,
    as_module,
    members,
    members_of,
    torch_curves,
)

BODY = {"W1", "b1", "W2", "b2"}


@pytest.fixture(scope="module")
def trained():
    """A network that has been trained on labels in another order."""
    net = network.MLP((12, 8, 6, 4))
    params = net.init(0)
    for step in range(20):
        rows = slice(step, step + 30)
        _, grads = net.loss_and_grads(params, DATA[0][rows], (DATA[1][rows] + 1) % 3)
        params = {name: w - 0.1 * grads[name] for name, w in params.items()}
    return params


def test_a_pretrained_start_keeps_all_but_the_fresh_and_draws_these_anew(trained):
    scratch = MLP((12, 8, 6, 3))
    model = Pretrained(scratch, trained, fresh=("W3", "b3"))
    for seed in (3, 4):
        drawn, first = model.init(seed), scratch.init(seed)
        assert list(drawn) == list(first)
        for name, w in drawn.items():
            assert np.array_equal(w, trained[name] if name in BODY else first[name])
    tensors = {name: torch.from_numpy(w) for name, w in trained.items()}
    again = Pretrained(scratch, tensors, fresh=("W3", "b3"))
    assert all(np.array_equal(again.init(3)[n], w) for n, w in model.init(3).items())


@pytest.mark.parametrize("factor", [1.0, 0.1, 0.0])
def test_fine_tuning_is_torch_s_with_a_rate_for_the_body_or_none(trained, factor):
    model = Pretrained(MLP((12, 8, 6, 3)), trained, fresh=("W3", "b3"))
    rule = LayerRates(SGD(momentum=0.9), dict.fromkeys(BODY, factor))
    table = sweep(model, DATA, **{**GRID, "rules": {"tuned": rule}})
    for (_, name, lr, seed), rows in members(table):
        module = as_module(model, seed, sizes=(12, 8, 6, 3))
        body = list(module.parameters())[:4]
        for w in body:
            w.requires_grad_(factor > 0)
        groups = [{"params": list(module.parameters())[4:]}]
        if factor:
            groups.append({"params": body, "lr": factor})
        optimizer = optim.SGD(groups, lr=1.0, momentum=0.9)
        curves = torch_curves(module, optimizer, GRID["schedules"][name](lr))
        np.testing.assert_allclose(rows[MEASURES], curves(seed), rtol=1e-9)


def test_the_moments_of_a_frozen_body_still_move_as_torch_s_do():
    model, frozen = (
        MLP((12, 8, 6, 3), batch_norm=True),
        ("W1", "scale1", "shift1", "W2", "scale2", "shift2"),
    )
    rule = LayerRates(SGD(), dict.fromkeys(frozen, 0))
    table = sweep(model, DATA, **{**ONE, "rules": {"frozen": rule}})
    for (_, name, lr, seed), rows in members(table):
        module = as_module(model, seed)
        for w in list(module.parameters())[:-2]:
            w.requires_grad_(False)
        head = list(module.parameters())[-2:]
        schedule = GRID["schedules"][name](lr)
        curves = torch_curves(module, optim.SGD(head, lr=1.0), schedule)
        np.testing.assert_allclose(rows[MEASURES], curves(seed), rtol=1e-9)
        moved = [m for m in module if isinstance(m, nn.BatchNorm1d)]
        assert all(norm.running_mean.abs().max() > 0.01 for norm in moved)


def test_a_pretrained_network_brings_its_running_moments_along():
    net = network.MLP((12, 8, 3), batch_norm=True)
    params = net.init(0)
    _, caches = net.forward(params, DATA[0])
    statistics = net.track(net.init_statistics(), caches, momentum=1.0)
    model = Pretrained(MLP((12, 8, 3), batch_norm=True), {**params, **statistics})
    tensors = members_of(model, [5])
    outputs = model.outputs(tensors, torch.from_numpy(DATA[2])[None])
    expected = net.predict(params, DATA[2], statistics)
    assert outputs[0].numpy() == pytest.approx(expected, rel=1e-12)
    with pytest.raises(ValueError, match="params must hold 'running_mean1', or fresh"):
        Pretrained(MLP((12, 8, 3), batch_norm=True), params)


def test_any_model_can_be_pretrained():
    model = ConvNet((4, 5), classes=3, kernel=3)
    start = Pretrained(model, model.init(9), fresh=("W3", "b3"))
    of_nine = Pretrained(model, model.init(9))
    everything = sweep(of_nine, DATA, **{**GRID, "seeds": [9]})
    scratch = sweep(model, DATA, **{**GRID, "seeds": [9]})
    np.testing.assert_array_equal(everything[MEASURES], scratch[MEASURES])
    assert not np.allclose(start.init(3)["W3"], of_nine.init(3)["W3"])


@pytest.mark.parametrize(
    ("change", "fresh", "message"),
    [
        ({"W4": 0}, (), "params must name parameters of the model, .*b3, got 'W4'"),
        (
            {},
            ("W4",),
            "fresh must name parameters of the .* got 'W4'",
        ),
        (
            {},
            ("W3",),
            r"\['b3'\] must have shape \(1, 3\), got \(1, 4\): name it",
        ),
        ({"W1": np.full((12, 8), np.nan)}, ("W3", "b3"), r"\['W1'\] must be finite"),
        ({"b2": None}, ("W3", "b3"), "params must hold 'b2', or fresh must name it"),
    ],
)
def test_a_pretrained_start_that_does_not_fit_is_refused(
    trained, change, fresh, message
):
    with pytest.raises(ValueError, match=message):
        Pretrained(MLP((12, 8, 6, 3)), {**trained, **change}, fresh=fresh)


def test_a_sweep_refuses_a_factor_for_a_layer_that_is_not_there():
    rule = LayerRates(SGD(), {"W1": 0.1, "W9": 0.1})
    with pytest.raises(ValueError, match=r"factors must name parameters, .* got 'W9'"):
        sweep(MLP((12, 8, 3)), DATA, **{**ONE, "rules": {"tuned": rule}})
