"""Momentum by the step and rates by the layer, against PyTorch's own."""

import numpy as np
import pytest
import torch
from torch import nn, optim
from torch.optim import lr_scheduler

from lrcourse.optimizers import (
    L2,
    SGD,
    Adam,
    AdamW,
    Clipped,
    HypergradientSGD,
    KerasSGD,
    LayerRates,
    Polyak,
    RMSprop,
    ScheduledMomentum,
    ScheduleFreeSGD,
    on_network,
)
from lrcourse.problems import Quadratic
from lrcourse.schedules import constant, one_cycle, triangular
from lrcourse.training import descend

BOWL = Quadratic(eigenvalues=np.array([1.0, 4.0, 10.0]))
START = np.array([3.0, -2.0, 1.0])
STEPS = 40
SHAPES = {"W1": (4, 3), "b1": (1, 3), "W10": (3, 3), "W2": (3, 2), "b2": (1, 2)}
CYCLES = {
    "one cycle": lambda optimizer: lr_scheduler.OneCycleLR(
        optimizer, 0.1, total_steps=STEPS
    ),
    "one cycle, three phases": lambda optimizer: lr_scheduler.OneCycleLR(
        optimizer,
        0.1,
        total_steps=STEPS,
        three_phase=True,
        anneal_strategy="linear",
        base_momentum=0.5,
        max_momentum=0.99,
    ),
    "cyclic": lambda optimizer: lr_scheduler.CyclicLR(
        optimizer, 0.01, 0.1, step_size_up=7, base_momentum=0.7, max_momentum=0.95
    ),
}


@pytest.mark.parametrize("nesterov", [False, True])
@pytest.mark.parametrize("cycle", CYCLES)
def test_scheduled_momentum_is_what_torch_s_cycles_do(cycle, nesterov):
    path, lrs, momenta = torch_cycle(CYCLES[cycle], nesterov)
    rule = ScheduledMomentum(momentum=momenta.__getitem__, nesterov=nesterov)
    run = descend(BOWL, rule, lrs.__getitem__, START, STEPS)
    assert run.weights[1:] == pytest.approx(path, rel=0, abs=1e-14)
    assert len(set(np.round(momenta, 6))) > 5


def test_a_triangle_upside_down_is_the_momentum_of_cyclic_lr():
    _, _, momenta = torch_cycle(CYCLES["cyclic"], nesterov=False)
    upside = triangular(0.7, 0.95, half_period=7)
    ours = [0.7 + 0.95 - upside(step) for step in range(STEPS)]
    assert ours == pytest.approx(momenta, abs=1e-15)


def test_one_cycle_s_momentum_is_the_mirror_of_its_rate():
    _, lrs, momenta = torch_cycle(CYCLES["one cycle"], nesterov=False)
    climb = one_cycle(0.1, STEPS - 1, end_div=1.0)
    height = [(climb(step) - 0.004) / (0.1 - 0.004) for step in range(STEPS)]
    assert [0.95 - 0.1 * h for h in height] == pytest.approx(momenta, abs=1e-15)
    assert momenta[np.argmax(lrs)] == min(momenta)


@pytest.mark.parametrize("rule", [SGD, KerasSGD])
def test_at_a_constant_momentum_it_is_sgd(rule):
    scheduled = ScheduledMomentum(momentum=constant(0.9))
    ours = descend(BOWL, scheduled, constant(0.05), START, STEPS)
    plain = descend(BOWL, rule(momentum=0.9), constant(0.05), START, STEPS)
    assert ours.weights == pytest.approx(plain.weights, rel=1e-12, abs=1e-12)


def test_a_momentum_out_of_range_is_refused():
    with pytest.raises(ValueError, match=r"momentum must be a schedule.*got 0.9: for"):
        ScheduledMomentum(momentum=0.9)
    too_high = ScheduledMomentum(momentum=lambda step: 0.5 + step)
    with pytest.raises(ValueError, match=r"momentum must be in \[0, 1\), got 1.5"):
        descend(BOWL, too_high, constant(0.05), START, steps=2)


PAIRS = [
    (SGD(), optim.SGD, {}),
    (SGD(momentum=0.9), optim.SGD, {"momentum": 0.9}),
    (
        L2(SGD(momentum=0.9), weight_decay=0.1),
        optim.SGD,
        {"momentum": 0.9, "weight_decay": 0.1},
    ),
    (Adam(), optim.Adam, {}),
    (AdamW(weight_decay=0.1), optim.AdamW, {"weight_decay": 0.1}),
    (RMSprop(), optim.RMSprop, {}),
]
FACTORS = {"W": 0.5, "W1": 0.1, "b2": 3.0}  # W1 is not W10, which begins like it
BY_NAME = {"W1": 0.1, "b1": 1.0, "W10": 0.5, "W2": 0.5, "b2": 3.0}


@pytest.mark.parametrize(("rule", "optimizer", "settings"), PAIRS)
def test_layer_rates_are_parameter_groups(rule, optimizer, settings):
    params = first()
    weights = as_torch(params)
    theirs = optimizer(
        [{"params": [w], "lr": 0.05 * BY_NAME[name]} for name, w in weights.items()],
        **settings,
    )
    ours = walk(LayerRates(rule, FACTORS), params)
    assert_same(ours, torch_walk(theirs, weights))


@pytest.mark.parametrize(("rule", "optimizer", "settings"), PAIRS)
def test_a_frozen_array_is_one_that_takes_no_gradient(rule, optimizer, settings):
    params = first()
    weights = as_torch(params)
    for name in ("W1", "b1"):
        weights[name].requires_grad_(False)
    theirs = torch_walk(optimizer(weights.values(), lr=0.05, **settings), weights)
    ours = walk(LayerRates(rule, {"W1": 0, "b1": 0.0}), params)
    assert_same(ours, theirs)
    assert np.array_equal(ours["W1"], params["W1"])


def test_frozen_is_frozen_whatever_the_memory_and_the_decay():
    params = first()
    rule = L2(KerasSGD(momentum=0.9), weight_decay=0.5)
    for inner in (rule, AdamW(weight_decay=0.5), ScheduleFreeSGD()):
        frozen = LayerRates(inner, {"b": 0})
        moved = walk(frozen, params)
        judged = frozen.judged(moved, walked_state(frozen, params))
        for name in ("b1", "b2"):
            assert np.array_equal(moved[name], params[name])
            assert np.array_equal(judged[name], params[name])
        assert not np.array_equal(moved["W1"], params["W1"])


def test_around_clipping_a_frozen_gradient_does_not_count_and_inside_it_does():
    params = first()
    weights = as_torch(params)
    weights["W1"].requires_grad_(False)
    theirs = torch_walk(optim.SGD(weights.values(), lr=0.05), weights, max_norm=0.5)
    frozen = {"W1": 0}
    outside = walk(LayerRates(Clipped(SGD(), max_norm=0.5), frozen), params)
    inside = walk(Clipped(LayerRates(SGD(), frozen), max_norm=0.5), params)
    assert_same(outside, theirs)
    assert not np.allclose(inside["W2"], theirs["W2"])
    assert np.array_equal(inside["W1"], params["W1"])


def test_the_order_of_clipping_and_factors_does_not_matter_where_nothing_is_frozen():
    params = first()
    outside = walk(LayerRates(Clipped(SGD(), max_norm=0.5), FACTORS), params)
    inside = walk(Clipped(LayerRates(SGD(), FACTORS), max_norm=0.5), params)
    assert all(np.array_equal(outside[name], inside[name]) for name in params)


def test_factors_of_factors_multiply():
    params = first()
    twice = walk(LayerRates(LayerRates(Adam(), {"W1": 0.2}), FACTORS), params)
    once = walk(LayerRates(Adam(), {**FACTORS, "W1": 0.02}), params)
    assert all(twice[name] == pytest.approx(once[name], rel=1e-12) for name in params)


def test_members_keep_rates_of_their_own():
    params = {name: np.stack([w, 2 * w]) for name, w in first().items()}
    lrs, rule = np.array([0.1, 0.02]), LayerRates(Adam(), FACTORS)
    together = walk(rule, params, lrs)
    for member, lr in enumerate(lrs):
        alone = walk(rule, {name: w[member] for name, w in params.items()}, lr)
        for name in params:
            assert together[name][member] == pytest.approx(alone[name], rel=1e-13)


@pytest.mark.parametrize("rule", [Polyak(), HypergradientSGD(hyper_lr=0.001)])
def test_a_rule_with_one_rate_for_all_can_freeze_and_no_more(rule):
    params = first()
    moved = walk(LayerRates(rule, {"W1": 0, "b": 1}), params)
    assert np.array_equal(moved["W1"], params["W1"])
    assert not np.array_equal(moved["W2"], params["W2"])
    with pytest.raises(ValueError, match=r"factors\['b'\] must be 0 or 1 .* got 0.1"):
        LayerRates(rule, {"W1": 0, "b": 0.1})


@pytest.mark.parametrize("factor", [-0.1, float("nan"), float("inf"), "0.1", True])
def test_a_factor_that_is_none_is_refused(factor):
    with pytest.raises(ValueError, match=r"factors\['W1'\] must be zero or more"):
        LayerRates(SGD(), {"W1": factor})


def test_a_factor_for_an_unknown_name_is_refused_with_the_known_ones():
    with pytest.raises(ValueError, match="one of W1, b1, W10, W2, b2, got 'W3'"):
        LayerRates(SGD(), {"W1": 0.1, "W3": 0.1}).init(first())


def torch_cycle(make, nesterov):
    """Return weights after, and rate and momentum of, each update under a scheduler."""
    w = nn.Parameter(torch.from_numpy(START.copy()))
    optimizer = optim.SGD([w], lr=0.1, momentum=0.9, nesterov=nesterov)
    scheduler = make(optimizer)
    path, lrs, momenta = [], [], []
    for _ in range(STEPS):
        group = optimizer.param_groups[0]
        lrs.append(group["lr"])
        momenta.append(group["momentum"])
        w.grad = torch.from_numpy(BOWL.grad(w.detach().numpy()))
        optimizer.step()
        scheduler.step()
        path.append(w.detach().numpy().copy())
    return np.array(path), lrs, momenta


def first():
    rng = np.random.default_rng(3)
    return {name: rng.standard_normal(shape) for name, shape in SHAPES.items()}


def as_torch(params):
    return {
        name: nn.Parameter(torch.from_numpy(w.copy())) for name, w in params.items()
    }


def gradient(w):
    return w + w * w * w / 10 + 0.1


def walked_state(rule, params, lr=0.05):
    return walked(rule, params, lr)[1]


def walk(rule, params, lr=0.05):
    return walked(rule, params, lr)[0]


def walked(rule, params, lr):
    """Return parameters and state after fifteen updates."""
    network = on_network(rule)
    state = network.init(params)
    loss = np.ones(len(params["W1"])) if np.ndim(lr) else 1.0
    for _ in range(15):
        grads = {name: gradient(w) for name, w in params.items()}
        params, state = network.step(params, grads, state, lr, loss)
    return params, state


def torch_walk(optimizer, weights, max_norm=None):
    moving = [w for w in weights.values() if w.requires_grad]
    for _ in range(15):
        for w in moving:
            w.grad = gradient(w.detach())
        if max_norm is not None:
            nn.utils.clip_grad_norm_(moving, max_norm)
        optimizer.step()
    return {name: w.detach().numpy() for name, w in weights.items()}


def assert_same(ours, theirs):
    for name, w in theirs.items():
        assert ours[name] == pytest.approx(w, rel=1e-12, abs=1e-13), name
