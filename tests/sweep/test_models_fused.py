"""Rules by their faster twins: the text's arithmetic, and PyTorch's trainings."""

import numpy as np
import pytest
import torch
from torch import optim
from torch.optim.lr_scheduler import OneCycleLR

from lrcourse.optimizers import (
    L2,
    SGD,
    Adam,
    AdamW,
    AMSGrad,
    Clipped,
    KerasSGD,
    LayerRates,
    Polyak,
    RMSprop,
    ScheduledMomentum,
    ScheduleFreeSGD,
    UncorrectedAdam,
    on_network,
)
from lrcourse.sweep import MLP, sweep
from lrcourse.sweep.fused import fused
from tests import name_of
from tests.sweep.torch_twins import DATA, MEASURES, ONE, STEPS, as_module, torch_curves

MOMENTUM = ScheduledMomentum(momentum=lambda step: 0.9 - 0.1 * (step % 3))
TWINS = [
    SGD(),
    SGD(momentum=0.9),
    MOMENTUM,
    Adam(beta1=0.8, beta2=0.99, eps=1e-3),
    AdamW(weight_decay=0.1),
    L2(SGD(momentum=0.9), weight_decay=0.1),
    L2(Adam(), weight_decay=0.1),
    L2(MOMENTUM, weight_decay=0.1),
    Clipped(SGD(), max_norm=1.0),
    Clipped(Adam(), max_norm=1.0),
    Clipped(Polyak(), max_norm=1.0),
    LayerRates(SGD(momentum=0.9), {"W": 0.5, "b1": 0}),
    LayerRates(Clipped(SGD(), max_norm=1.0), {"b": 0.5, "W2": 0}),
    Clipped(LayerRates(SGD(), {"b": 0.5, "W2": 0}), max_norm=1.0),
]
SHAPES = {"W1": (4, 3), "b1": (1, 3), "W2": (3, 3), "b2": (1, 3)}


@pytest.mark.parametrize("size", [1.0, 1e-8, 1e6])
@pytest.mark.parametrize("rule", TWINS, ids=name_of)
def test_the_fused_rule_is_the_text(rule, size):
    assert fused(rule) != on_network(rule)
    twin, text = paths(rule, size, torch.float64)
    for name, w in text.items():
        torch.testing.assert_close(twin[name], w, rtol=1e-14, atol=1e-15 * size)


@pytest.mark.parametrize("size", [1e18, 1e25, 1e-25])
def test_clipping_survives_squares_that_overflow_or_vanish(size):
    twin, text = paths(Clipped(SGD(), max_norm=1.0), size, torch.float32)
    for name, w in text.items():
        torch.testing.assert_close(twin[name], w, rtol=1e-5, atol=1e-6)
        assert w.isfinite().all()


def test_a_member_whose_gradient_is_lost_is_lost_alone():
    rule = Clipped(SGD(), max_norm=1.0)
    alone, _ = paths(rule, 1.0, torch.float64)
    beside, _ = paths(rule, 1.0, torch.float64, lost=float("inf"))
    for name, w in alone.items():
        assert not beside[name][1].isfinite().all()
        torch.testing.assert_close(beside[name][0], w[0], rtol=1e-14, atol=0)


SLOWER = [
    SGD(momentum=0.9, nesterov=True),
    ScheduledMomentum(momentum=lambda step: 0.9, nesterov=True),
    KerasSGD(momentum=0.9),
    UncorrectedAdam(),
    AMSGrad(),
    ScheduleFreeSGD(),
    L2(RMSprop(), weight_decay=0.1),
]


@pytest.mark.parametrize("rule", SLOWER, ids=name_of)
def test_what_differs_from_the_text_of_sgd_and_adam_is_not_fused(rule):
    assert fused(rule) == on_network(rule)


@pytest.mark.parametrize("make", [lambda rule: rule, lambda rule: wrapped(rule)])
def test_fused_or_not_a_rule_is_judged_where_the_text_is(make):
    rule = make(ScheduleFreeSGD())
    params = first(torch.float64)
    by_text, by_twin = on_network(rule), fused(rule)
    state = by_text.init(params)
    grads = {name: torch.ones_like(w) for name, w in params.items()}
    lr = torch.tensor([0.1, 0.2], dtype=torch.float64)
    params, state = by_text.step(params, grads, state, lr, lr)
    expected, found = (of.judged(params, state) for of in (by_text, by_twin))
    assert all(torch.equal(found[name], expected[name]) for name in params)
    assert not torch.equal(found["W1"], params["W1"])
    assert by_twin.takes_rates


@pytest.mark.parametrize("max_norm", [None, 0.3])
def test_one_cycle_with_its_momentum_is_torch_s(max_norm):
    model, momenta, lrs = MLP((12, 8, 3)), [], []
    module = as_module(model, 3)
    optimizer = optim.SGD(module.parameters(), lr=1.0, momentum=0.9)
    scheduler = OneCycleLR(optimizer, 0.1, total_steps=STEPS + 1)
    curves = torch_curves(module, optimizer, scheduler, max_norm, (lrs, momenta))(3)
    rule = ScheduledMomentum(momentum=momenta.__getitem__)
    if max_norm is not None:
        rule = Clipped(rule, max_norm=max_norm)
    cycle = {"schedules": {"one cycle": lrs}, "lrs": None, "rules": {"sgd": rule}}
    rows = sweep(model, DATA, **{**ONE, **cycle})
    np.testing.assert_allclose(rows[MEASURES], curves, rtol=1e-9)
    assert max(momenta) - min(momenta) > 0.05


def wrapped(rule):
    return Clipped(LayerRates(rule, {"W1": 0.1}), max_norm=1.0)


def first(dtype):
    rng = torch.Generator().manual_seed(0)
    return {
        name: torch.randn(2, *shape, generator=rng, dtype=torch.float64).to(dtype)
        for name, shape in SHAPES.items()
    }


def paths(rule, size, dtype, lost=None):
    """Return what five updates make of two members: by the fused rule, by the text."""
    rng = torch.Generator().manual_seed(1)
    lr = torch.tensor([0.1, 0.2], dtype=dtype)
    grads = [
        {
            name: (
                size * torch.randn(2, *shape, generator=rng, dtype=torch.float64)
            ).to(dtype)
            for name, shape in SHAPES.items()
        }
        for _ in range(5)
    ]
    if lost is not None:
        grads[2]["b2"][1] = lost
    ends = []
    for of in (fused(rule), on_network(rule)):
        params = first(dtype)
        state = of.init(params)
        for given in grads:
            own = {name: grad.clone() for name, grad in given.items()}
            params, state = of.step(params, own, state, lr, lr)
        ends.append(params)
    return ends
