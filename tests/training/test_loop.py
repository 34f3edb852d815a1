import numpy as np
import pytest

from lrcourse.optimizers import (
    SGD,
    DAdaptationSGD,
    EachArray,
    HypergradientSGD,
    NetworkRule,
    Polyak,
    ScheduleFreeSGD,
)
from lrcourse.problems import Noisy, Quadratic, TwoWells
from lrcourse.schedules import constant, cosine
from lrcourse.training import descend, train

BOWL = Quadratic(eigenvalues=np.array([1.0, 10.0]))
START = np.array([3.0, -2.0])
RULES = [
    SGD(momentum=0.9),
    ScheduleFreeSGD(),
    HypergradientSGD(hyper_lr=1e-4),
    Polyak(),
    DAdaptationSGD(d0=0.1),
]


def test_a_run_keeps_all_that_was_seen():
    run = descend(BOWL, SGD(), constant(0.05), START, steps=7)
    assert run.weights.shape == (8, 2)
    assert run.losses.shape == (8,)
    assert run.lrs.shape == (7,)
    assert np.array_equal(run.weights[0], START)
    assert run.losses.tolist() == [BOWL.loss(w) for w in run.weights]


def test_a_run_keeps_what_the_rule_remembered_beside_each_of_the_weights():
    run = descend(BOWL, SGD(momentum=0.9), constant(0.05), START, steps=7)
    assert len(run.states) == 8
    for step, velocity in enumerate(run.states[1:]):
        moved = run.weights[step] - 0.05 * velocity
        assert run.weights[step + 1] == pytest.approx(moved)


def test_every_update_uses_the_rate_of_its_own_step():
    schedule = cosine(max_lr=0.1, total_steps=5)
    run = descend(BOWL, SGD(), schedule, START, steps=5)
    assert run.lrs.tolist() == [schedule(step) for step in range(5)]
    for step, lr in enumerate(run.lrs):
        expected = (1 - lr * BOWL.eigenvalues) * run.weights[step]
        assert run.weights[step + 1] == pytest.approx(expected)


@pytest.mark.parametrize(("lr", "diverges"), [(0.199, False), (0.201, True)])
def test_gradient_descent_is_stable_below_two_over_sharpness(lr, diverges):
    run = descend(BOWL, SGD(), constant(lr), np.ones(2), steps=1000)
    assert run.diverged == diverges


@pytest.mark.parametrize("momentum", [0.5, 0.9])
def test_momentum_moves_the_limit_to_two_times_one_plus_beta_over_sharpness(momentum):
    limit = 2 * (1 + momentum) / BOWL.sharpness

    def run_at(share):
        lr = constant(share * limit)
        return descend(BOWL, SGD(momentum=momentum), lr, np.ones(2), steps=2000)

    assert run_at(0.99).losses[-1] < 1e-6
    assert run_at(1.01).diverged


@pytest.mark.parametrize("problem", [BOWL, TwoWells()])
@pytest.mark.parametrize("lr", [0.9, 1e3, 1e100, 1e300])
def test_a_lost_run_ends_early_and_in_silence(problem, lr):
    start = np.full(len(START) if problem is BOWL else 1, 3.0)
    run = descend(problem, SGD(), constant(lr), start, steps=10_000)
    assert run.diverged
    assert len(run.losses) == len(run.weights) == len(run.lrs) + 1 < 1000


def test_a_run_that_starts_at_the_minimum_stays_there():
    run = descend(BOWL, SGD(), constant(0.1), np.zeros(2), steps=5)
    assert not run.diverged
    assert np.array_equal(run.weights, np.zeros((6, 2)))


def test_a_run_of_no_steps_knows_its_start():
    run = descend(BOWL, SGD(), constant(0.1), START, steps=0)
    assert len(run.losses) == 1
    assert len(run.lrs) == 0
    assert not run.diverged


def test_a_rule_for_networks_descends_on_one_array_as_well():
    alone = descend(BOWL, SGD(momentum=0.9), constant(0.05), START, steps=20)
    mapped = descend(BOWL, EachArray(SGD(momentum=0.9)), constant(0.05), START, 20)
    assert np.array_equal(mapped.weights, alone.weights)


def test_a_rule_for_networks_sees_the_loss_before_its_update():
    spy = Spy([])
    run = descend(BOWL, spy, constant(0.05), START, steps=5)
    assert spy.seen == run.losses[:-1].tolist()


@pytest.mark.parametrize("rule", [SGD(), EachArray(SGD())])
def test_a_noisy_problem_is_asked_for_one_gradient_a_step(rule):
    run = descend(Noisy(BOWL, noise=0.1, seed=0), rule, constant(0.05), START, steps=9)
    noise = 0.1 * np.random.default_rng(0).standard_normal((9, 2))
    for step, w in enumerate(run.weights[:-1]):
        moved = w - 0.05 * (BOWL.grad(w) + noise[step])
        assert run.weights[step + 1] == pytest.approx(moved)


@pytest.mark.parametrize("rule", RULES)
def test_a_network_of_one_array_trains_as_a_problem_descends(rule):
    schedule = cosine(max_lr=0.1, total_steps=20)
    run = train(bowl, rule, schedule, {"w": START}, [(None, None)] * 20)
    path = descend(BOWL, rule, schedule, START, steps=20)
    assert np.array_equal(run.params["w"], path.weights[-1])
    assert np.array_equal(run.losses, path.losses[:-1])
    assert np.array_equal(run.lrs, path.lrs)


def test_every_batch_is_one_update_of_every_array():
    start = {"W": np.array([[1.0], [2.0]]), "b": np.array([[0.5]])}
    batches = [
        (np.array([[1.0, 0.0]]), np.array([[1.0]])),
        (np.array([[0.0, 1.0]]), np.array([[2.0]])),
    ]
    run = train(squared_error, SGD(), [0.1, 0.2].__getitem__, start, iter(batches))
    # outputs 1.5 and 2.45, errors 0.5 and 0.45; each moves its weight, both the bias
    assert run.losses == pytest.approx([0.125, 0.10125])
    assert run.lrs.tolist() == [0.1, 0.2]
    assert run.params["W"] == pytest.approx(np.array([[0.95], [1.91]]))
    assert run.params["b"] == pytest.approx(np.array([[0.36]]))
    assert set(run.state) == {"W", "b"}
    assert start["b"] == 0.5


def test_the_loop_asks_the_schedule_takes_the_gradient_then_the_step():
    events = []

    def schedule(step):
        events.append(f"rate {step}")
        return 0.1

    def gradient(params, inputs, targets):
        events.append(f"gradient of {inputs}")
        return bowl(params, inputs, targets)

    batches = [("a", None), ("b", None)]
    train(gradient, Spy(events), schedule, {"w": START}, batches)
    loss = BOWL.loss(START)  # the spy stands still
    assert events == [
        *("rate 0", "gradient of a", loss),
        *("rate 1", "gradient of b", loss),
    ]


def test_a_lost_training_goes_on_in_silence():
    run = train(bowl, SGD(), constant(1e100), {"w": START}, [(None, None)] * 10)
    assert len(run.losses) == 10
    assert not np.isfinite(run.losses[-1])


def test_training_without_batches_is_refused():
    with pytest.raises(ValueError, match="train needs at least one batch, got none"):
        train(bowl, SGD(), constant(0.1), {"w": START}, [])


class Spy(NetworkRule):
    """Stands still, and keeps the losses it is given."""

    def __init__(self, seen):
        self.seen = seen

    def init(self, params):
        return None

    def step(self, params, grads, state, lr, loss):
        self.seen.append(loss)
        return dict(params), state


def bowl(params, inputs, targets):
    return BOWL.loss(params["w"]), {"w": BOWL.grad(params["w"])}


def squared_error(params, inputs, targets):
    error = inputs @ params["W"] + params["b"] - targets
    loss = float(0.5 * (error**2).sum())
    return loss, {"W": inputs.T @ error, "b": error.sum(axis=0, keepdims=True)}
