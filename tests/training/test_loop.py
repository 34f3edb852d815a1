import numpy as np
import pytest

from lrcourse.data import batches
from lrcourse.network import MLP
from lrcourse.optimizers import (
    SGD,
    Adam,
    Clipped,
    DAdaptationSGD,
    EachArray,
    HypergradientSGD,
    NetworkRule,
    Polyak,
    RMSprop,
    ScheduleFreeSGD,
    Watched,
)
from lrcourse.problems import Noisy, Quadratic, TwoWells
from lrcourse.schedules import constant, cosine, wsd
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


MANY = np.array([[3.0, -2.0], [0.0, 0.0], [1e-3, 1e3], [-5.0, 4.0]])
BY_ELEMENT = [SGD(), SGD(momentum=0.9), Adam(), RMSprop()]


@pytest.mark.parametrize("rule", [*BY_ELEMENT, *map(EachArray, BY_ELEMENT), Polyak()])
def test_members_together_run_as_each_does_alone(rule):
    schedule = cosine(max_lr=0.1, total_steps=30)
    together = descend(BOWL, rule, schedule, MANY, steps=30)
    assert together.weights.shape == (31, 4, 2)
    assert together.losses.shape == (31, 4)
    assert together.diverged.shape == (4,)
    for member, w in enumerate(MANY):
        alone = descend(BOWL, rule, schedule, w, steps=30)
        assert together.weights[:, member] == pytest.approx(alone.weights, rel=1e-12)
        assert together.losses[:, member] == pytest.approx(alone.losses, rel=1e-12)
        assert together.diverged[member] == alone.diverged


@pytest.mark.parametrize("rule", BY_ELEMENT)
def test_a_lost_member_disturbs_no_other_and_goes_on_as_nan(rule):
    lrs = np.array([[0.01], [1e200], [0.05], [50.0]])
    together = descend(BOWL, rule, lambda step: lrs, MANY[[0, 0, 2, 3]], steps=100)
    others = descend(BOWL, rule, lambda step: lrs[[0, 2]], MANY[[0, 2]], steps=100)
    assert np.array_equal(together.weights[:, [0, 2]], others.weights)
    assert np.array_equal(together.losses[:, [0, 2]], others.losses)
    assert together.diverged[1]
    assert together.diverged[[0, 2]].tolist() == others.diverged.tolist()
    alone = descend(BOWL, rule, lambda step: lrs[1, 0], MANY[0], steps=100)
    steps = len(alone.losses)  # to the one that was too much
    assert np.array_equal(together.losses[:steps, 1], alone.losses, equal_nan=True)
    assert np.isnan(together.weights[steps:, 1]).all()
    assert np.isnan(together.losses[steps:, 1]).all()


def test_a_member_that_ends_ten_times_higher_has_diverged_without_being_lost():
    # the loss grows by 1.2 ** 2 a step: 1.2 ** 14 is above 10, 1.2 ** 12 is not
    run = descend(Quadratic([1.0]), SGD(), constant(2.2), np.ones((3, 1)), steps=7)
    assert run.diverged.tolist() == [True] * 3
    run = descend(Quadratic([1.0]), SGD(), constant(2.2), np.ones((3, 1)), steps=6)
    assert run.diverged.tolist() == [False] * 3
    assert np.isfinite(run.weights).all()


def test_only_when_all_members_are_lost_the_run_ends_early():
    run = descend(BOWL, SGD(), constant(1e100), MANY[[0, 2]], steps=1000)
    assert run.diverged.all()
    assert len(run.losses) == len(run.weights) == len(run.lrs) + 1 < 10


def test_no_members_are_a_run_of_nobody():
    run = descend(BOWL, SGD(), constant(0.1), np.empty((0, 2)), steps=0)
    assert run.losses.shape == (1, 0)
    assert run.diverged.tolist() == []


def test_noise_of_one_member_stays_its_own_when_another_is_lost():
    lrs = np.array([[0.1], [1e200], [0.1]])
    noisy, calm = Noisy(BOWL, 1.0, seed=3), Noisy(BOWL, 1.0, seed=3)
    lost = descend(noisy, SGD(), lambda step: lrs, MANY[:3] + 1, steps=50)
    kept = descend(calm, SGD(), constant(0.1), MANY[:3] + 1, steps=50)
    assert lost.diverged.tolist() == [False, True, False]
    assert np.array_equal(lost.weights[:, [0, 2]], kept.weights[:, [0, 2]])


def test_a_problem_with_one_loss_for_all_members_is_refused():
    class Together:
        loss = staticmethod(np.sum)
        grad = staticmethod(np.ones_like)

    with pytest.raises(ValueError, match=r"each member, shape \(4,\), got shape \(\)"):
        descend(Together(), SGD(), constant(0.1), MANY, steps=3)


@pytest.mark.parametrize("steps", [-1, 2.0, True, None])
def test_a_number_of_steps_that_is_none_is_refused(steps):
    with pytest.raises(ValueError, match="steps must be an integer, zero or more, got"):
        descend(BOWL, SGD(), constant(0.1), START, steps)


GO_ON = [*RULES, Adam(), Clipped(SGD(momentum=0.9), max_norm=1.0), Watched(Adam())]


@pytest.mark.parametrize("rule", GO_ON)
@pytest.mark.parametrize("done", [0, 8, 20])
def test_a_run_that_goes_on_is_the_whole_run_bit_for_bit(rule, done):
    schedule = cosine(max_lr=0.1, total_steps=20)
    whole = descend(BOWL, rule, schedule, START, steps=20)
    part = descend(BOWL, rule, schedule, START, steps=done)
    again = descend(BOWL, rule, schedule, part, steps=20 - done)
    assert same_run(again, whole)
    assert len(part.losses) == done + 1


def test_members_that_go_on_keep_who_is_lost():
    lrs = np.array([[0.01], [1e5], [0.05], [0.1]])
    whole = descend(BOWL, SGD(momentum=0.9), lambda step: lrs, MANY + 1, steps=30)
    part = descend(BOWL, SGD(momentum=0.9), lambda step: lrs, MANY + 1, steps=2)
    for _ in range(4):  # the second is lost between two of these
        part = descend(BOWL, SGD(momentum=0.9), lambda step: lrs, part, steps=7)
    assert whole.diverged.tolist() == [False, True, False, False]
    assert same_run(part, whole)


def test_a_lost_run_does_not_go_on():
    lost = descend(BOWL, SGD(), constant(1e100), START, steps=100)
    assert same_run(descend(BOWL, SGD(), constant(1e100), lost, steps=100), lost)


def test_a_noisy_problem_goes_on_with_its_own_noise():
    whole = descend(Noisy(BOWL, 0.1, seed=3), SGD(), constant(0.05), START, steps=9)
    problem = Noisy(BOWL, 0.1, seed=3)
    part = descend(problem, SGD(), constant(0.05), START, steps=4)
    assert same_run(descend(problem, SGD(), constant(0.05), part, steps=5), whole)


@pytest.mark.parametrize("rule", GO_ON)
def test_a_training_that_goes_on_is_the_whole_training_bit_for_bit(rule):
    net, order = MLP((4, 6, 3)), batches_of(epochs=5)
    schedule = cosine(max_lr=0.1, total_steps=len(order))
    whole = train(net.loss_and_grads, rule, schedule, net.init(0), order)
    part = train(net.loss_and_grads, rule, schedule, net.init(0), order[:7])
    again = train(net.loss_and_grads, rule, schedule, part, iter(order))
    assert same(vars(again), vars(whole))
    assert len(part.losses) == 7


def test_a_cooldown_branches_from_a_trunk():
    net, order = MLP((4, 6, 3)), batches_of(epochs=5)
    plan = wsd(0.1, total_steps=20, warmup_steps=4, cooldown_steps=5)
    trunk = train(net.loss_and_grads, SGD(), constant(0.1), net.init(0), order[:15])
    branch = train(net.loss_and_grads, SGD(), plan, trunk, order)
    assert branch.lrs.tolist() == [0.1] * 15 + [plan(step) for step in range(15, 20)]


def test_a_training_without_batches_to_go_on_with_is_refused():
    part = train(bowl, SGD(), constant(0.1), {"w": START}, [(None, None)] * 3)
    with pytest.raises(ValueError, match="got none after the 3 of the updates done"):
        train(bowl, SGD(), constant(0.1), part, [(None, None)] * 3)


def batches_of(epochs):
    rng = np.random.default_rng(1)
    inputs, labels = rng.standard_normal((20, 4)), rng.integers(0, 3, 20)
    return list(batches(inputs, labels, batch_size=5, epochs=epochs, seed=2))


def same_run(run, other):
    return same(vars(run), vars(other))


def same(value, other):
    """Say whether two values are alike to the last bit, through and through."""
    if isinstance(value, dict):
        return value.keys() == other.keys() and all(
            same(each, other[name]) for name, each in value.items()
        )
    if isinstance(value, tuple | list):
        return len(value) == len(other) and all(map(same, value, other))
    return value is None or np.array_equal(value, other, equal_nan=True)
