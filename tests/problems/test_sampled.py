"""Least squares by examples: which examples, and what the order does to the noise."""

import numpy as np
import pytest

from lrcourse import theory
from lrcourse.optimizers import SGD
from lrcourse.problems import LeastSquares, Sampled
from lrcourse.schedules import constant
from lrcourse.training import descend

RNG = np.random.default_rng(0)
PLANE = LeastSquares(RNG.standard_normal((7, 3)), RNG.standard_normal(7))
ORDERS = ("replacement", "reshuffled", "fixed")
# one weight and inputs of one: each step goes the same share of the way to a target
TARGETS = RNG.standard_normal(40)
TARGETS = (TARGETS - TARGETS.mean()) / TARGETS.std()
MEAN = LeastSquares(np.ones((40, 1)), TARGETS)


def examples_seen(order, steps, batch_size=1, members=(), seed=1):
    """Return which targets each of `steps` gradients has seen, by its slope at zero."""
    numbers = LeastSquares(np.ones((7, 1)), -np.arange(7.0))
    run = Sampled(numbers, order, seed, batch_size)
    return np.array([run.grad(np.zeros((*members, 1)))[..., 0] for _ in range(steps)])


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("members", [(), (5,)])
def test_a_pass_of_all_examples_is_the_gradient_of_all(order, members):
    w = RNG.standard_normal((*members, 3))
    whole = Sampled(PLANE, order, seed=0, batch_size=7)
    if order == "replacement":
        mean = np.mean([whole.grad(w) for _ in range(4000)], axis=0)
        assert mean == pytest.approx(PLANE.grad(w), abs=0.1)
    else:
        assert whole.grad(w) == pytest.approx(PLANE.grad(w), rel=1e-12, abs=1e-14)
    assert np.array_equal(whole.loss(w), PLANE.loss(w))


def test_in_fixed_order_the_examples_come_as_they_are_again_and_again():
    assert examples_seen("fixed", 14).tolist() == 2 * list(range(7))


def test_reshuffled_every_pass_has_all_examples_in_an_order_of_its_own():
    passes = examples_seen("reshuffled", 70).reshape(10, 7)
    assert all(sorted(each) == list(range(7)) for each in passes)
    assert len({tuple(each) for each in passes}) > 7


def test_with_replacement_an_example_may_come_again_at_once():
    seen = examples_seen("replacement", 7000)
    again = np.mean(seen[1:] == seen[:-1])
    assert again == pytest.approx(1 / 7, abs=0.02)
    assert np.bincount(seen.astype(int)) == pytest.approx(1000 * np.ones(7), rel=0.1)


@pytest.mark.parametrize("order", ["reshuffled", "fixed"])
def test_batches_are_cut_from_a_pass_and_its_last_is_smaller(order):
    means = examples_seen(order, 6, batch_size=3).reshape(2, 3)
    assert (means * [3, 3, 1]).sum(axis=1) == pytest.approx([21, 21])


@pytest.mark.parametrize("order", ["replacement", "reshuffled"])
def test_every_member_draws_its_own(order):
    seen = examples_seen(order, 7, members=(4,))
    assert len({tuple(each) for each in seen.T}) == 4
    if order == "reshuffled":
        assert all(sorted(each) == list(range(7)) for each in seen.T)


def test_one_seed_is_one_run():
    assert np.array_equal(
        examples_seen("reshuffled", 30), examples_seen("reshuffled", 30)
    )
    assert not np.array_equal(
        examples_seen("reshuffled", 30), examples_seen("reshuffled", 30, seed=2)
    )


@pytest.mark.parametrize("lr", [0.05, 0.2, 1.0])
def test_with_replacement_the_floor_is_that_of_independent_noise(lr):
    run = Sampled(MEAN, "replacement", seed=0)
    end = descend(run, SGD(), constant(lr), np.zeros((4000, 1)), steps=400)
    floor = end.weights[-100:].var() / 2
    assert floor == pytest.approx(theory.noise_floor(lr, 1.0, noise=1.0), rel=0.04)


@pytest.mark.parametrize(("lr", "times"), [(0.2, 1.1), (0.05, 2), (0.005, 12)])
def test_at_the_end_of_a_pass_reshuffling_leaves_what_sampling_theory_says(lr, times):
    """The end of a pass is a weighted sum of all targets, drawn without replacement."""
    passes = max(10, round(0.3 / lr))
    run = Sampled(MEAN, "reshuffled", seed=0)
    ends = descend(run, SGD(), constant(lr), np.zeros((3000, 1)), steps=40 * passes)
    weights = lr * (1 - lr) ** np.arange(40)
    one_pass = 40 / 39 * (np.sum(weights**2) - weights.sum() ** 2 / 40)
    exact = one_pass / (1 - (1 - lr) ** 80)
    assert ends.weights[-1].var() == pytest.approx(exact, rel=0.08)
    independent = 2 * theory.noise_floor(lr, 1.0, noise=1.0)
    assert independent / exact > times


def test_in_fixed_order_there_is_no_noise_at_all():
    run = descend(
        Sampled(MEAN, "fixed", seed=0), SGD(), constant(0.1), np.zeros((3, 1)), 400
    )
    assert np.ptp(run.weights[-1]) == 0
    assert run.weights[360] == pytest.approx(run.weights[400], rel=1e-9)


@pytest.mark.parametrize("order", ORDERS)
def test_with_more_weights_than_examples_a_constant_rate_ends_in_the_minimum(order):
    wide = LeastSquares(RNG.standard_normal((5, 20)), RNG.standard_normal(5))
    run = descend(
        Sampled(wide, order, seed=0), SGD(), constant(0.03), np.zeros(20), 3000
    )
    assert run.losses[0] > 0.1
    assert run.losses[-1] < 1e-15


def test_bad_settings_are_refused():
    with pytest.raises(ValueError, match="order must be one of replacement, resh"):
        Sampled(PLANE, "shuffled", seed=0)
    with pytest.raises(ValueError, match="batch_size must be a positive integer"):
        Sampled(PLANE, "fixed", seed=0, batch_size=0)
