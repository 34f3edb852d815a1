"""A record beside a rule: the same path, and the lengths that are there to see."""

import numpy as np
import pytest
import torch
from torch import nn

from lrcourse.data import batches
from lrcourse.network import MLP
from lrcourse.optimizers import (
    SGD,
    Adam,
    Clipped,
    LayerRates,
    Polyak,
    ScheduleFreeSGD,
    Watched,
    on_network,
)
from lrcourse.schedules import linear
from lrcourse.training import train
from tests import name_of

NET = MLP((6, 5, 4, 3), activation="tanh")
RNG = np.random.default_rng(0)
INPUTS, LABELS = RNG.standard_normal((40, 6)), RNG.integers(0, 3, 40)
RULES = [
    SGD(momentum=0.9),
    Adam(),
    Polyak(),
    Clipped(SGD(), max_norm=0.1),
    LayerRates(Adam(), {"W": 0.1}),
]


def trained(rule):
    order = batches(INPUTS, LABELS, batch_size=10, epochs=3, seed=1)
    return train(NET.loss_and_grads, rule, linear(0.1, 12), NET.init(0), order)


@pytest.mark.parametrize("rule", RULES, ids=name_of)
def test_to_watch_a_rule_changes_nothing(rule):
    alone, watched = trained(rule), trained(Watched(rule))
    assert np.array_equal(alone.losses, watched.losses)
    for name, w in alone.params.items():
        assert np.array_equal(watched.params[name], w)


@pytest.mark.parametrize("rule", RULES, ids=name_of)
def test_what_is_seen_are_the_losses_and_the_lengths(rule):
    run = trained(Watched(rule))
    assert [seen.loss for seen in run.state.seen] == list(run.losses)
    network, params = on_network(rule), NET.init(0)
    state, order = network.init(params), batches(INPUTS, LABELS, 10, 3, 1)
    for step, (seen, (x, y)) in enumerate(zip(run.state.seen, order, strict=True)):
        loss, grads = NET.loss_and_grads(params, x, y)
        moved, state = network.step(params, grads, state, linear(0.1, 12)(step), loss)
        for lengths, arrays in (
            (seen.gradients, grads),
            (seen.weights, params),
            (seen.steps, {name: moved[name] - params[name] for name in params}),
        ):
            expected = {name: np.linalg.norm(array) for name, array in arrays.items()}
            assert lengths == pytest.approx(expected, rel=1e-12)
        params = moved


def test_the_lengths_are_torch_s_and_sgd_s_step_is_its_rate_times_its_gradient():
    run = trained(Watched(SGD()))
    module = nn.Sequential(
        *(nn.Linear(6, 5), nn.Tanh(), nn.Linear(5, 4), nn.Tanh(), nn.Linear(4, 3))
    ).double()
    with torch.no_grad():
        for w, ours in zip(module.parameters(), NET.init(0).values(), strict=True):
            w.copy_(torch.from_numpy(ours).mT.reshape(w.shape))
    [(x, y), *_] = batches(INPUTS, LABELS, batch_size=10, epochs=3, seed=1)
    nn.functional.cross_entropy(module(torch.tensor(x)), torch.tensor(y)).backward()
    first = run.state.seen[0]
    for name, w in zip(NET.shapes, module.parameters(), strict=True):
        assert first.gradients[name] == pytest.approx(w.grad.norm().item(), rel=1e-12)
        assert first.steps[name] == pytest.approx(0.1 * first.gradients[name])
        assert first.weights[name] == pytest.approx(w.detach().norm().item())


@pytest.mark.parametrize("kind", [np.asarray, torch.from_numpy])
def test_each_member_is_seen_for_itself(kind):
    params = {"W1": kind(RNG.standard_normal((3, 4, 2))), "m": kind(np.ones((3, 1, 2)))}
    grads, rule = {"W1": kind(RNG.standard_normal((3, 4, 2)))}, Watched(Adam())
    losses, lrs = kind(np.array([1.0, 2.0, 3.0])), kind(np.array([0.1, 0.2, 0.3]))
    state = rule.init(params)
    for _ in range(2):
        moved, state = rule.step(params, grads, state, lrs, losses)
    assert len(state.seen) == 2
    for seen in state.seen:
        assert list(seen.steps) == ["W1"]
        for member in range(3):
            of_one = np.linalg.norm(np.asarray(grads["W1"][member]))
            assert float(seen.gradients["W1"][member]) == pytest.approx(of_one)
    assert float(state.seen[0].steps["W1"][1]) == pytest.approx(0.2 * 8**0.5)
    assert np.array_equal(np.asarray(moved["m"]), np.ones((3, 1, 2)))


def test_a_watched_rule_is_judged_as_the_one_inside():
    run = trained(Watched(ScheduleFreeSGD()))
    judged = Watched(ScheduleFreeSGD()).judged(run.params, run.state)
    for name, w in judged.items():
        assert np.array_equal(w, run.state.inner[name].x)
    assert Watched(SGD()).takes_rates
    assert not Watched(Polyak()).takes_rates
