"""Rates that a metric makes, epoch by epoch; runs that go on."""

import numpy as np
import pytest
import torch

from lrcourse.data import batches
from lrcourse.network import MLP, cross_entropy
from lrcourse.optimizers import SGD, Adam, Clipped, ScheduleFreeSGD, Watched
from lrcourse.schedules import constant, cosine, linear
from lrcourse.schedules.feedback import (
    HoldOnStagnation,
    RestartOnStagnation,
    WarmupThen,
    rates,
)
from lrcourse.schedules.plateau import ReduceOnPlateau
from lrcourse.training import train, train_epochs
from lrcourse.training.epochs import whole_epochs
from tests.training.test_loop import same

RNG = np.random.default_rng(0)
X, Y = RNG.standard_normal((30, 4)), RNG.integers(0, 3, 30)
HELD_X, HELD_Y = RNG.standard_normal((20, 4)), RNG.integers(0, 3, 20)
NET, PER_EPOCH, EPOCHS = MLP((4, 6, 3)), 4, 10
PLANS = {
    "plateau": ReduceOnPlateau(0.5, factor=0.3, patience=0),
    "restart": RestartOnStagnation(linear(0.5, 6), 1, 0.001),
    "hold": HoldOnStagnation(cosine(0.5, 10), 1, 0.001, epochs=2),
    "warmup": WarmupThen(ReduceOnPlateau(0.5, patience=0), 2),
}
RULES = {
    "momentum": SGD(momentum=0.9),
    "adam": Adam(),
    "clipped": Clipped(SGD(), max_norm=0.1),
    "free": ScheduleFreeSGD(),
    "watched": Watched(SGD()),
}


def order(epochs):
    return batches(X, Y, batch_size=8, epochs=epochs, seed=3)


def held_out(params):
    return cross_entropy(NET.predict(params, HELD_X), HELD_Y)[0]


def trained(rule, plan, start, epochs):
    return train_epochs(
        NET.loss_and_grads, rule, plan, start, order(epochs), PER_EPOCH, held_out
    )


@pytest.mark.parametrize("plan", PLANS.values(), ids=PLANS)
@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_four_epochs_and_six_are_ten_bit_for_bit(rule, plan):
    whole = trained(rule, plan, NET.init(0), EPOCHS)
    four = trained(rule, plan, NET.init(0), 4)
    again = trained(rule, plan, four, EPOCHS)
    assert len(four.metrics) == 4
    assert same(vars(again), vars(whole))


@pytest.mark.parametrize("plan", PLANS.values(), ids=PLANS)
def test_rates_are_those_that_the_rule_makes_of_the_metrics(plan):
    run = trained(SGD(momentum=0.9), plan, NET.init(0), EPOCHS)
    expected = rates(plan, run.metrics)
    assert run.epoch_lrs.tolist() == expected[:-1]
    assert run.feedback.lr == expected[-1]
    assert run.lrs.tolist() == np.repeat(expected[:-1], PER_EPOCH).tolist()
    assert len(set(expected)) > 2


def test_it_is_the_plain_training_at_the_rates_that_were_found():
    run = trained(Adam(), PLANS["restart"], NET.init(0), EPOCHS)
    plain = train(
        NET.loss_and_grads, Adam(), run.lrs.__getitem__, NET.init(0), order(EPOCHS)
    )
    assert np.array_equal(run.losses, plain.losses)
    assert same(run.params, plain.params)
    assert same(run.state, plain.state)


def test_reduce_on_plateau_in_numpy_is_torch_s_loop():
    plan = ReduceOnPlateau(0.5, factor=0.3, patience=0)
    run = trained(SGD(momentum=0.9), plan, NET.init(0), EPOCHS)
    params = {n: torch.tensor(w, requires_grad=True) for n, w in NET.init(0).items()}
    optimizer = torch.optim.SGD(params.values(), lr=0.5, momentum=0.9)
    scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau(
        optimizer, factor=0.3, patience=0
    )
    lrs, metrics = [], []
    for step, (x, y) in enumerate(order(EPOCHS), start=1):
        optimizer.zero_grad()
        torch_loss(params, x, y).backward()
        optimizer.step()
        if step % PER_EPOCH == 0:
            lrs.append(optimizer.param_groups[0]["lr"])
            metrics.append(torch_loss(params, HELD_X, HELD_Y).item())
            scheduler.step(metrics[-1])
    assert run.metrics == pytest.approx(metrics, rel=1e-12)
    assert run.epoch_lrs == pytest.approx(lrs, rel=1e-15)
    for name, w in params.items():
        np.testing.assert_allclose(run.params[name], w.detach(), rtol=1e-11)


def test_the_metric_is_taken_of_the_weights_that_the_rule_wants_judged():
    run = trained(ScheduleFreeSGD(), PLANS["plateau"], NET.init(0), 3)
    averages = {name: state.x for name, state in run.state.items()}
    assert run.metrics[-1] == held_out(averages)
    assert run.metrics[-1] != held_out(run.params)


def test_a_lost_training_goes_on_in_silence():
    plan = ReduceOnPlateau(1e200, factor=0.1, patience=0)
    run = train_epochs(
        lambda params, x, y: (float(params["w"] ** 2), {"w": 2 * params["w"]}),
        *(SGD(), plan, {"w": np.float64(3.0)}, [(0, 0)] * 6, 2),
        lambda params: params["w"] ** 2,
    )
    assert not np.isfinite(run.metrics).all()
    assert len(run.metrics) == 3


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"per_epoch": 3}, "per_epoch must be 4, as in the run that goes on, got 3"),
        ({"per_epoch": 0}, "per_epoch must be a positive integer, got 0"),
        ({"batches": []}, "at least one epoch, got none after the 2 epochs done"),
        ({"batches": 0.1}, r"batches must yield pairs \(inputs, labels\), got 0.1"),
        ({"params": NET.init(0), "batches": []}, "at least one epoch, got none$"),
        ({"batches": list(order(4))[:-1]}, "per_epoch=4, got 3 more after 3 epochs"),
        ({"feedback": constant(0.1)}, r"ReduceOnPlateau\(0.1\), got <function"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(change, says):
    plan = PLANS["plateau"]
    good = {
        "loss_and_grads": NET.loss_and_grads,
        "rule": SGD(),
        "feedback": plan,
        "params": trained(SGD(), plan, NET.init(0), 2),
        "batches": order(4),
        "per_epoch": PER_EPOCH,
        "metric": held_out,
    }
    with pytest.raises(ValueError, match=says):
        train_epochs(**{**good, **change})


def test_a_run_of_train_has_no_epochs_to_go_on_from():
    run = train(NET.loss_and_grads, SGD(), constant(0.1), NET.init(0), order(1))
    with pytest.raises(ValueError, match="got a run of train: hand over its params"):
        trained(SGD(), PLANS["plateau"], run, 2)


def test_the_last_epoch_is_refused_before_it_trains():
    epochs = whole_epochs("abcde", per_epoch=2)
    assert [next(epochs), next(epochs)] == [["a", "b"], ["c", "d"]]
    with pytest.raises(ValueError, match="got 1 more after 2 epochs"):
        next(epochs)


def torch_loss(params, inputs, labels):
    a = torch.tensor(inputs)
    a = torch.relu(a @ params["W1"] + params["b1"])
    outputs = a @ params["W2"] + params["b2"]
    return torch.nn.functional.cross_entropy(outputs, torch.tensor(labels))
