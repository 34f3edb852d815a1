import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrcourse import theory


@given(st.floats(1e-4, 1), st.integers(1, 30))
def test_one_long_step_misses_the_small_ones_by_no_more(share, steps):
    small = 1.0
    for _ in range(steps):
        small -= share / 2 * 2.0 * small  # rate share / 2, curvature 2
    missed = abs(small - (1 - steps * share))
    bound = theory.merged_steps_error(share / 2, 2.0, steps)
    assert missed <= bound * (1 + 1e-9) + 1e-15


def test_for_small_rates_it_misses_by_just_that():
    small = (1 - 1e-4) ** 10
    bound = theory.merged_steps_error(1e-4, 1.0, steps=10)
    assert small - (1 - 10e-4) == pytest.approx(bound, rel=1e-3)


def test_a_scaled_rate_keeps_the_floor_until_curvature_shows():
    floors = [sampled_floor(1, 0.04), sampled_floor(8, theory.scaled_lr(0.04, 1, 8))]
    assert floors[1] == pytest.approx(floors[0] * (2 - 0.04) / (2 - 0.32), rel=0.04)
    unscaled = sampled_floor(8, 0.04)
    assert unscaled == pytest.approx(floors[0] / 8, rel=0.04)


def sampled_floor(batch_size, lr, chains=20_000):
    """Return the mean square of w on ``mean((w - example)**2) / 2``, batch by batch."""
    rng = np.random.default_rng(batch_size)
    w = np.zeros(chains)
    for _ in range(round(4 / lr)):
        examples = rng.choice([-1.0, 1.0], size=(batch_size, chains))
        w = w - lr * (w - examples.mean(axis=0))
    return np.mean(w**2)


GRADS = np.array([[3.0, 1.0], [1.0, -2.0], [-1.0, 4.0]])  # of three examples
HESSIAN = np.array([[2.0, 0.5], [0.5, 1.0]])


def expected_loss_after_a_step(lr, batch_size):
    """Return the mean over all batches of the loss after one step from zero."""
    steps = [
        -lr * np.mean(b, axis=0) for b in itertools.product(GRADS, repeat=batch_size)
    ]
    mean = GRADS.mean(axis=0)
    return np.mean([mean @ step + step @ HESSIAN @ step / 2 for step in steps])


@pytest.mark.parametrize("batch_size", [1, 2, 3, 5])
def test_no_other_rate_does_better_on_the_average_over_all_batches(batch_size):
    mean = GRADS.mean(axis=0)
    covariance = np.cov(GRADS.T, bias=True)
    max_lr = theory.best_step_lr(mean, HESSIAN)
    scale = theory.noise_scale(mean, HESSIAN, covariance)
    best = theory.optimal_lr_for_batch(batch_size, max_lr, scale)
    at_best = expected_loss_after_a_step(best, batch_size)
    assert at_best < expected_loss_after_a_step(0.99 * best, batch_size)
    assert at_best < expected_loss_after_a_step(1.01 * best, batch_size)


def test_far_below_the_noise_scale_the_rate_is_linear_and_far_above_it_level():
    lrs = [
        theory.optimal_lr_for_batch(b, 0.5, 1000.0) for b in (1, 2, 10**6, 2 * 10**6)
    ]
    assert lrs[1] / lrs[0] == pytest.approx(2, rel=1e-2)
    assert lrs[3] / lrs[2] == pytest.approx(1, rel=1e-2)


@given(
    st.lists(st.integers(-9, 9), min_size=1, max_size=7),
    st.integers(1, 7),
)
def test_the_noise_of_a_batch_is_that_of_all_batches_there_are(slopes, batch_size):
    examples, batch_size = len(slopes), min(batch_size, len(slopes))
    noise = float(np.std(slopes))
    means = [np.mean(b) for b in itertools.combinations(slopes, batch_size)]
    exact = theory.batch_noise(noise, batch_size, examples)
    assert np.std(means) == pytest.approx(exact, rel=1e-9, abs=1e-12)
    if examples**batch_size <= 1000:
        drawn = [np.mean(b) for b in itertools.product(slopes, repeat=batch_size)]
        with_replacement = theory.batch_noise(noise, batch_size)
        assert np.std(drawn) == pytest.approx(with_replacement, rel=1e-9, abs=1e-12)


def test_a_batch_of_all_examples_has_no_noise():
    assert theory.batch_noise(5.0, batch_size=1000, examples=1000) == 0.0
    assert theory.batch_noise(5.0, batch_size=1, examples=1) == 0.0
    assert theory.batch_noise(5.0, batch_size=1, examples=1000) == 5.0


@pytest.mark.parametrize(
    ("formula", "arguments", "reason"),
    [
        (theory.batch_noise, (-1.0, 1), "noise"),
        (theory.batch_noise, (1.0, 0), "batch_size"),
        (theory.batch_noise, (1.0, 3, 2), "batch_size must be at most examples=2"),
        (theory.batch_noise, (1.0, 3, 3.0), "examples"),
        (theory.scaled_lr, (0.0, 1, 2), "lr"),
        (theory.scaled_lr, (0.1, 0, 2), "batch_size"),
        (theory.scaled_lr, (0.1, 1, 2.5), "new_batch_size"),
        (theory.merged_steps_error, (1.0, 1.5, 2), "lr"),
        (theory.merged_steps_error, (0.1, 1.0, 0), "steps"),
        (theory.noise_scale, ([1.0], HESSIAN, HESSIAN), "shape"),
        (theory.noise_scale, ([0.0, 0.0], HESSIAN, HESSIAN), "positive"),
        (theory.optimal_lr_for_batch, (0, 0.1, 10.0), "batch_size"),
        (theory.optimal_lr_for_batch, (8, 0.1, -1.0), "noise_scale"),
    ],
)
def test_settings_outside_the_formula_are_refused(formula, arguments, reason):
    with pytest.raises(ValueError, match=reason):
        formula(*arguments)


def squared_lengths(batch_size):
    """Return those of the mean gradients of all batches drawn with replacement."""
    batches = itertools.product(GRADS, repeat=batch_size)
    return [float(np.sum(np.mean(batch, axis=0) ** 2)) for batch in batches]


def test_two_batch_sizes_give_the_noise_scale_exactly_when_all_batches_are_seen():
    covariance = np.cov(GRADS.T, bias=True)
    known = theory.noise_scale(GRADS.mean(axis=0), np.eye(2), covariance)
    found = theory.noise_scale_from_two(squared_lengths(1), 1, squared_lengths(4), 4)
    assert found == pytest.approx(known, rel=1e-12)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([3.0], 8, [6.0], 2), "big must be above small=8, got 2"),
        (([3.0], 2, [6.0], 8), "too few to tell"),
        (([9.0], 2, [1.0], 8), "too few to tell"),
        (([-1.0], 2, [1.0], 8), "small_squares must be zero or more"),
        (([], 2, [1.0], 8), "small_squares must be a finite vector"),
    ],
)
def test_what_gives_no_noise_scale_is_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        theory.noise_scale_from_two(*arguments)
