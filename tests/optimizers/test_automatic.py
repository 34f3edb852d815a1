from dataclasses import dataclass

import jax
import numpy as np
import optax
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from lrcourse.optimizers import (
    L2,
    SGD,
    Clipped,
    DAdaptationSGD,
    HypergradientSGD,
    LayerRates,
    Polyak,
    ScheduleFreeSGD,
    on_network,
)
from lrcourse.problems import Quadratic, TwoWells
from lrcourse.schedules import constant, linear
from lrcourse.training import descend, train

BOWL = Quadratic(eigenvalues=np.array([1.0, 4.0, 10.0]))
START = np.array([3.0, -2.0, 1.0])
RULES = [
    ScheduleFreeSGD(),
    HypergradientSGD(hyper_lr=1e-3),
    Polyak(f_star=0.01),
    DAdaptationSGD(d0=0.1),
]


@dataclass(frozen=True)
class Deviations:
    """The mean of ``abs(rows @ (w - minimum))``: convex, Lipschitz, lowest loss 0."""

    rows: np.ndarray
    minimum: np.ndarray

    def loss(self, w):
        return float(np.abs(self.rows @ (w - self.minimum)).mean())

    def grad(self, w):
        return self.rows.T @ np.sign(self.rows @ (w - self.minimum)) / len(self.rows)


def deviations(seed):
    rng = np.random.default_rng(seed)
    return Deviations(rng.standard_normal((40, 5)), 3 * rng.standard_normal(5))


SEEDS = st.integers(min_value=0, max_value=10_000)
CONVEX = st.one_of(
    st.builds(deviations, SEEDS),
    st.builds(
        lambda seed: Quadratic(np.random.default_rng(seed).uniform(0.1, 10, 5)), SEEDS
    ),
)


@pytest.mark.parametrize("beta", [0.5, 0.9])
def test_schedule_free_is_that_of_optax(beta):
    run = descend(BOWL, ScheduleFreeSGD(beta=beta), constant(0.05), START, steps=60)
    with jax.enable_x64(True):
        theirs = optax.contrib.schedule_free_sgd(0.05, b1=beta)
        update = jax.jit(theirs.update)
        y = jax.numpy.asarray(START)
        state = theirs.init(y)
        for ours, memory in zip(run.weights[1:], run.states[1:], strict=True):
            move, state = update(BOWL.grad(np.asarray(y)), state, y)
            y = optax.apply_updates(y, move)
            x = optax.contrib.schedule_free_eval_params(state, y)
            assert ours == pytest.approx(np.asarray(y), rel=0, abs=1e-12)
            assert memory.x == pytest.approx(np.asarray(x), rel=0, abs=1e-12)


def test_schedule_free_weighs_its_average_with_the_square_of_the_rate():
    run = descend(BOWL, ScheduleFreeSGD(beta=0.7), linear(0.1, 40), START, steps=40)
    z = np.array([START] + [state.z for state in run.states[1:]])
    moves = -run.lrs[:, None] * [BOWL.grad(y) for y in run.weights[:-1]]
    assert z[1:] == pytest.approx(START + np.cumsum(moves, axis=0))
    x = np.average(z[1:], axis=0, weights=run.lrs**2)
    assert run.states[-1].x == pytest.approx(x)
    assert run.weights[-1] == pytest.approx(0.3 * z[-1] + 0.7 * x)


def test_schedule_free_at_beta_zero_is_sgd_and_its_average():
    run = descend(BOWL, ScheduleFreeSGD(beta=0.0), constant(0.05), START, steps=40)
    plain = descend(BOWL, SGD(), constant(0.05), START, steps=40)
    assert np.array_equal(run.weights, plain.weights)
    assert run.states[-1].x == pytest.approx(plain.weights[1:].mean(axis=0))


def test_the_average_lies_lower_than_the_weights_when_gradients_are_noisy():
    rng, rule = np.random.default_rng(0), ScheduleFreeSGD()
    w = np.full(1000, 3.0)  # a thousand bowls of curvature 1
    state = rule.init(w)
    for _ in range(300):
        w, state = rule.step(w, w + rng.standard_normal(1000), state, 0.5)
    assert np.mean(state.x**2) < 0.5 * np.mean(w**2) < 0.1 * np.mean(state.z**2)


def test_a_rate_of_zero_at_the_start_moves_nothing():
    run = descend(BOWL, ScheduleFreeSGD(), constant(0.0), START, steps=3)
    assert np.array_equal(run.weights, [START] * 4)
    assert np.array_equal(run.states[-1].x, START)


def test_hypergradient_follows_its_recursion():
    rule, lr0 = HypergradientSGD(hyper_lr=0.001), 0.01
    run = descend(BOWL, rule, constant(lr0), START, steps=50)
    w, rate, before = START, lr0, np.zeros(3)
    for seen, state in zip(run.weights[1:], run.states[1:], strict=True):
        grad = BOWL.eigenvalues * w
        rate = rate + 0.001 * grad @ before
        w, before = w - rate * grad, grad
        assert lr0 + state.correction == pytest.approx(rate, rel=1e-12)
        assert seen == pytest.approx(w, rel=1e-12)


@pytest.mark.parametrize("lr", [0.01, 0.3])
def test_the_rate_moves_against_the_derivative_of_the_loss_by_the_rate(lr):
    problem, w = TwoWells(), np.array([1.5, -0.4])
    run = descend(problem, HypergradientSGD(hyper_lr=1.0), constant(lr), w, steps=2)

    def after(rate):
        return problem.loss(w - rate * problem.grad(w))

    slope = (after(lr + 1e-6) - after(lr - 1e-6)) / 2e-6
    assert run.states[1].correction == 0
    assert run.states[2].correction == pytest.approx(-slope, rel=1e-8)


@pytest.mark.parametrize("kind", [np.array, torch.tensor])
def test_gradients_that_a_loop_writes_over_change_no_rate(kind):
    rule, params = HypergradientSGD(hyper_lr=0.1), {"w": kind([1.0, 2.0])}
    grads = {"w": kind([0.5, -1.0])}
    state = rule.init(params)
    params, state = rule.step(params, grads, state, 0.01, 0.0)
    grads["w"] *= 0  # as a loop with zero_grad(set_to_none=False) does
    grads["w"] += kind([2.0, 1.0])
    _, state = rule.step(params, grads, state, 0.01, 0.0)
    assert float(state.correction) == pytest.approx(0.1 * (0.5 * 2 - 1 * 1))


def test_schedule_free_is_judged_at_its_average_and_other_rules_where_they_are():
    params = {"W1": np.ones((2, 3)), "b1": np.ones((1, 3))}
    grads = {"W1": np.full((2, 3), 0.5)}  # none for b1, which stays
    for rule, moves_apart in (
        (ScheduleFreeSGD(), True),
        (L2(ScheduleFreeSGD(), weight_decay=0.1), True),
        (Clipped(ScheduleFreeSGD(), max_norm=1.0), True),
        (LayerRates(ScheduleFreeSGD(), {"W1": 0.5}), True),
        (SGD(momentum=0.9), False),
        (Polyak(), False),
    ):
        network = on_network(rule)
        moved, state = dict(params), network.init(params)
        for name, w in network.judged(moved, state).items():
            assert np.array_equal(w, params[name])
        for _ in range(3):
            moved, state = network.step(moved, grads, state, 0.1, 1.0)
        judged = network.judged(moved, state)
        assert list(judged) == list(params)
        assert np.array_equal(judged["b1"], params["b1"])
        assert np.array_equal(judged["W1"], moved["W1"]) != moves_apart
        if moves_apart:
            assert np.array_equal(judged["W1"], state["W1"].x)


def test_the_rate_is_the_schedules_plus_what_was_learned():
    run = descend(
        BOWL, HypergradientSGD(hyper_lr=1e-4), linear(0.05, 30), START, steps=30
    )
    for step, state in enumerate(run.states[1:]):
        rate = run.lrs[step] + state.correction
        moved = run.weights[step] - rate * BOWL.grad(run.weights[step])
        assert run.weights[step + 1] == pytest.approx(moved)


def test_a_step_too_far_can_turn_the_rate_negative():
    bowl = Quadratic(np.array([1.0]))
    run = descend(
        bowl, HypergradientSGD(hyper_lr=10.0), constant(1.5), np.array([1.0]), 2
    )
    assert run.weights[1] == -0.5
    assert run.lrs[1] + run.states[2].correction == 1.5 - 10 * 0.5 < 0


def test_from_a_rate_far_too_small_it_finds_one_that_works():
    fixed = descend(BOWL, SGD(), constant(1e-4), START, steps=200)
    learned = descend(
        BOWL, HypergradientSGD(hyper_lr=1e-3), constant(1e-4), START, steps=200
    )
    assert fixed.losses[-1] > 1
    assert learned.losses[-1] < 1e-20


def test_polyak_is_that_of_optax():
    run = descend(BOWL, Polyak(f_star=0.5), constant(1.0), START, steps=60)
    with jax.enable_x64(True):
        theirs = optax.polyak_sgd(np.inf, f_min=0.5, variant="sps+")
        w = jax.numpy.asarray(START)
        state = theirs.init(w)
        for ours in run.weights[1:]:
            at = np.asarray(w)
            move, state = theirs.update(BOWL.grad(at), state, w, value=BOWL.loss(at))
            w = optax.apply_updates(w, move)
            assert ours == pytest.approx(np.asarray(w), rel=0, abs=1e-12)


@pytest.mark.parametrize("sharpness", [1e-6, 1.0, 1e6])
def test_polyak_halves_the_distance_in_a_round_bowl_however_steep(sharpness):
    bowl = Quadratic(np.full(3, sharpness))
    run = descend(bowl, Polyak(), constant(1.0), START, steps=20)
    halved = START * 0.5 ** np.arange(21)[:, None]
    assert run.weights == pytest.approx(halved, rel=1e-12)


def test_the_schedule_is_a_factor_of_polyaks_rate():
    bowl = Quadratic(np.full(3, 5.0))
    run = descend(bowl, Polyak(), linear(1.0, 4), START, steps=4)
    left = np.cumprod([1 - lr / 2 for lr in (1.0, 0.75, 0.5, 0.25)])
    assert run.weights[1:] == pytest.approx(START * left[:, None])


def test_polyak_converges_in_a_narrow_valley_without_knowing_its_sharpness():
    valley = Quadratic(np.array([1.0, 100.0]))
    run = descend(valley, Polyak(), constant(1.0), np.ones(2), steps=300)
    assert run.losses[-1] < 1e-15


@pytest.mark.parametrize(("factor", "nearer"), [(3.99, True), (4.01, False)])
def test_in_a_bowl_polyak_comes_nearer_up_to_four_times_its_rate(factor, nearer):
    run = descend(BOWL, Polyak(), constant(factor), START, steps=100)
    distances = np.linalg.norm(run.weights, axis=1)
    assert np.all((np.diff(distances) < 0) == nearer)


@given(problem=CONVEX, factor=st.floats(0.1, 2.0))
@settings(max_examples=50, deadline=None, derandomize=True)
def test_polyak_never_moves_away_from_the_minimum_of_a_convex_loss(problem, factor):
    run = descend(problem, Polyak(), constant(factor), np.ones(5), steps=30)
    minimum = getattr(problem, "minimum", 0.0)
    distances = np.linalg.norm(run.weights - minimum, axis=1)
    assert np.all(np.diff(distances) <= 1e-12)


def test_an_f_star_too_high_is_where_polyak_stops():
    above = descend(BOWL, Polyak(f_star=1.0), constant(1.0), START, steps=300)
    assert np.all(above.losses >= 1 - 1e-12)
    assert above.losses[-1] == pytest.approx(1)
    below = descend(BOWL, Polyak(f_star=1000.0), constant(1.0), START, steps=3)
    assert np.array_equal(below.weights, [START] * 4)


def test_an_f_star_too_low_never_lets_polyak_rest():
    bowl = Quadratic(np.array([1.0]))
    run = descend(bowl, Polyak(f_star=-1.0), constant(1.0), np.ones(1), steps=200)
    assert np.all(np.abs(np.diff(run.weights[:, 0])) >= 2**0.5 - 1e-12)


def test_d_adaptation_follows_its_recursion():
    rule = DAdaptationSGD(d0=1e-3)
    run = descend(BOWL, rule, linear(1.0, 100), START, steps=100)
    w, d, s, inner = START, 1e-3, np.zeros(3), 0.0
    first = np.linalg.norm(BOWL.grad(START))
    for step, state in enumerate(run.states[1:]):
        grad = BOWL.grad(w)
        rate = d * (1 - step / 100) / first
        inner += rate * grad @ s
        s = s + rate * grad
        w = w - rate * grad
        d = max(d, 2 * inner / np.linalg.norm(s))  # the paper's numerator, expanded
        assert run.weights[step + 1] == pytest.approx(w, rel=1e-9, abs=1e-12)
        assert state.d == pytest.approx(d, rel=1e-9)


@given(seed=SEEDS, d0=st.floats(1e-8, 1.0))
@settings(max_examples=50, deadline=None, derandomize=True)
def test_d_never_falls_whatever_the_gradients_are(seed, d0):
    rng, rule = np.random.default_rng(seed), DAdaptationSGD(d0=d0)
    params = {"W": np.ones((2, 3)), "b": np.ones((1, 3))}
    state, before = rule.init(params), d0
    for _ in range(50):
        grads = {name: rng.standard_normal(w.shape) for name, w in params.items()}
        params, state = rule.step(params, grads, state, rng.random(), 0.0)
        assert state.d >= before
        before = state.d


@given(problem=CONVEX, d0=st.floats(1e-6, 1e-1), seed=SEEDS)
@settings(max_examples=100, deadline=None, derandomize=True)
def test_half_of_d_is_a_lower_bound_of_the_distance(problem, d0, seed):
    lrs = np.random.default_rng(seed).uniform(0, 2, 60)
    run = descend(problem, DAdaptationSGD(d0=d0), lrs.__getitem__, np.ones(5), steps=60)
    distance = np.linalg.norm(1 - getattr(problem, "minimum", np.zeros(5)))
    assert run.states[-1].d / 2 <= distance * (1 + 1e-9)


def test_d_itself_can_pass_the_distance():
    slope = Deviations(rows=np.eye(1), minimum=np.ones(1))

    def creep_then_leap(step):
        return 0.01 if step < 99 else 1.0

    run = descend(
        slope, DAdaptationSGD(d0=0.9), creep_then_leap, np.zeros(1), steps=100
    )
    assert run.weights[-2] == pytest.approx(0.891)
    assert run.states[-2].d == 0.9
    assert run.states[-1].d > 1.3


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("d0", [1e-6, 1e-2])
def test_d_ends_near_the_distance(seed, d0):
    problem = deviations(seed)
    run = descend(problem, DAdaptationSGD(d0=d0), linear(1.0, 1000), np.zeros(5), 1000)
    distance = np.linalg.norm(problem.minimum)
    assert 0.7 * distance < run.states[-1].d < distance
    assert run.losses[-1] < 0.01 * run.losses[0]


@pytest.mark.parametrize("seed", range(3))
def test_with_a_decay_it_ends_within_a_percent_of_the_best_tuned_rate(seed):
    inputs, labels = noisy_labels(seed)
    picks = np.random.default_rng(0).integers(0, 200, (600, 10))
    batches = [(inputs[pick], labels[pick]) for pick in picks]

    def ends_at(rule, schedule):
        run = train(logistic, rule, schedule, {"w": np.zeros(5)}, batches)
        return logistic(run.params, inputs, labels)[0]

    tuned = min(ends_at(SGD(), linear(2.0**power, 600)) for power in range(-6, 3))
    for d0 in (1e-6, 1e-4, 1e-2):
        decayed = ends_at(DAdaptationSGD(d0=d0), linear(1.0, 600))
        assert decayed < 1.01 * tuned
        assert decayed < ends_at(DAdaptationSGD(d0=d0), constant(1.0))


@pytest.mark.parametrize("scale", [1e-6, 1e6])
def test_the_size_of_the_loss_does_not_matter_to_d_adaptation(scale):
    same = Quadratic(scale * BOWL.eigenvalues)
    ours = descend(BOWL, DAdaptationSGD(), linear(1.0, 50), START, 50)
    theirs = descend(same, DAdaptationSGD(), linear(1.0, 50), START, 50)
    assert theirs.weights == pytest.approx(ours.weights, rel=1e-9)


def test_a_gradient_of_zero_at_the_start_leaves_d_adaptation_waiting():
    rule, params = DAdaptationSGD(d0=0.5), {"w": np.zeros(2)}
    state = rule.init(params)
    params, state = rule.step(params, {"w": np.zeros(2)}, state, 1.0, 0.0)
    assert np.array_equal(params["w"], [0, 0])
    params, state = rule.step(params, {"w": np.array([3.0, 4.0])}, state, 1.0, 0.0)
    assert params["w"] == pytest.approx([-0.3, -0.4])


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("convert", [np.asarray, torch.from_numpy])
def test_members_together_are_members_alone(rule, convert):
    rng = np.random.default_rng(0)
    shapes = {"W1": (4, 3), "b1": (1, 3), "W2": (3, 2)}
    start = {name: rng.standard_normal((3, *shape)) for name, shape in shapes.items()}
    centre = {name: rng.standard_normal((3, *shape)) for name, shape in shapes.items()}
    lrs = np.array([0.1, 0.2, 0.4])

    together = path(rule, start, centre, lrs, members=(3,), convert=convert)
    for member, lr in enumerate(lrs):
        mine = {name: w[member] for name, w in start.items()}
        to = {name: w[member] for name, w in centre.items()}
        alone = path(rule, mine, to, lr, members=(), convert=np.asarray)
        for name, w in alone.items():
            ours = np.asarray(together[name][member])
            assert ours == pytest.approx(w, rel=1e-10, abs=1e-12)


@pytest.mark.parametrize("rule", RULES)
def test_a_network_moves_as_the_one_vector_of_all_its_weights(rule):
    def cut(w):
        return {"first": w[:1], "others": w[1:]}

    def loss_and_grads(params, inputs, targets):
        w = np.concatenate(list(params.values()))
        return BOWL.loss(w), cut(BOWL.grad(w))

    whole = descend(BOWL, rule, constant(0.1), START, steps=20)
    run = train(loss_and_grads, rule, constant(0.1), cut(START), [(None, None)] * 20)
    ours = np.concatenate(list(run.params.values()))
    assert ours == pytest.approx(whole.weights[-1], rel=1e-10, abs=1e-14)


@pytest.mark.parametrize("rule", RULES)
def test_at_a_gradient_of_zero_all_stand_still(rule):
    run = descend(BOWL, rule, constant(0.1), np.zeros(3), steps=3)
    assert np.array_equal(run.weights, np.zeros((4, 3)))


@pytest.mark.parametrize("rule", RULES)
def test_nothing_changes_in_place(rule):
    rule, params = on_network(rule), {"w": np.array([1.0, 2.0])}
    grads = {"w": np.array([0.5, 0.5])}
    state = rule.init(params)
    first, _ = rule.step(params, grads, state, 0.1, 1.0)
    again, _ = rule.step(params, grads, state, 0.1, 1.0)
    assert np.array_equal(params["w"], [1, 2])
    assert np.array_equal(grads["w"], [0.5, 0.5])
    assert np.array_equal(first["w"], again["w"])


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: ScheduleFreeSGD(beta=1.0), r"beta must be in \[0, 1\), got 1.0"),
        (
            lambda: HypergradientSGD(hyper_lr=0.0),
            "hyper_lr must be positive and finite, got 0",
        ),
        (
            lambda: HypergradientSGD(hyper_lr=np.inf),
            "hyper_lr must be positive and finite, got",
        ),
        (lambda: Polyak(f_star=np.nan), "f_star must be finite, got nan"),
        (lambda: DAdaptationSGD(d0=0.0), "d0 must be positive and finite, got 0.0"),
    ],
)
def test_settings_out_of_range_are_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def path(rule, params, centre, lr, members, convert):
    """Return the parameters after 20 updates towards `centre`."""
    params = {name: convert(w) for name, w in params.items()}
    centre = {name: convert(w) for name, w in centre.items()}
    rule, lr = on_network(rule), convert(lr) if members else lr
    state = rule.init(params)
    for _ in range(20):
        grads = {name: w - centre[name] for name, w in params.items()}
        loss = sum((g**2).reshape((*members, -1)).sum(-1) / 2 for g in grads.values())
        params, state = rule.step(params, grads, state, lr, loss)
    return params


def noisy_labels(seed):
    """Return 200 points and their labels, +1 or -1, a fifth of them wrong."""
    rng = np.random.default_rng(seed)
    inputs = rng.standard_normal((200, 5))
    labels = np.sign(inputs @ rng.standard_normal(5))
    labels[rng.random(200) < 0.2] *= -1
    return inputs, labels


def logistic(params, inputs, labels):
    margins = labels * (inputs @ params["w"])
    grad = -inputs.T @ (labels / (1 + np.exp(margins))) / len(labels)
    return float(np.logaddexp(0, -margins).mean()), {"w": grad}
