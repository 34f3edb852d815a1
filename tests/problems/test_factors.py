"""Two factors: exact recurrences, and the warmup that only noise makes honest."""

import numpy as np
import pytest
import torch

from lrcourse.measure.curvature import sharpness
from lrcourse.optimizers import SGD
from lrcourse.problems import TwoFactors
from lrcourse.schedules import constant, warmup
from lrcourse.training import descend

N = 64


def start(seed, n=N):
    return np.random.default_rng(seed).standard_normal(2 * n)


def test_the_gradient_is_torch_s():
    toy, w = TwoFactors(5), torch.tensor(start(0, 5), requires_grad=True)
    loss = (w[:5] @ w[5:] / 5**0.5 - 1) ** 2 / 2
    loss.backward()
    assert toy.loss(w.detach().numpy()) == pytest.approx(loss.item())
    assert toy.grad(w.detach().numpy()) == pytest.approx(w.grad.numpy(), rel=1e-12)


def test_the_curvature_is_the_sharpness_where_the_error_is_zero():
    toy, w = TwoFactors(5), start(1, 5)
    w[:5] /= w[:5] @ w[5:] / 5**0.5
    assert toy.error(w) == pytest.approx(0, abs=1e-12)
    assert toy.curvature(w) == pytest.approx(sharpness_at(toy, w), rel=1e-6)


@pytest.mark.parametrize("seed", range(5))
def test_elsewhere_it_is_as_near_as_it_says(seed):
    toy, w = TwoFactors(5), start(seed, 5)
    gap = abs(toy.curvature(w) - sharpness_at(toy, w))
    assert gap <= abs(toy.error(w)) / 5**0.5 * (1 + 1e-9)


def sharpness_at(toy, w):
    weights = torch.tensor(w, requires_grad=True)
    n = toy.n
    loss = (weights[:n] @ weights[n:] / n**0.5 - 1) ** 2 / 2
    return sharpness(loss, [weights])


def test_error_and_curvature_follow_their_two_recurrences():
    """Lewkowycz et al., with the target: both move by the old values of both."""
    toy, w, lr = TwoFactors(N), start(0), 0.9
    for _ in range(10):
        e, k, output = toy.error(w), toy.curvature(w), toy.error(w) + 1
        w = w - lr * toy.grad(w)
        assert toy.error(w) == pytest.approx(
            e - lr * e * k + lr**2 * e**2 * output / N, rel=1e-9, abs=1e-12
        )
        assert toy.curvature(w) == pytest.approx(
            k + lr * e / N * (lr * e * k - 4 * output), rel=1e-9
        )


def runs_lost(noise, warmup_steps, steps=1000):
    """Count the runs of eight seeds that a peak rate of four times the limit loses."""
    lost = 0
    for seed in range(8):
        toy, w = TwoFactors(N, noise, seed), start(seed)
        schedule = warmup(constant(8 / toy.curvature(w)), warmup_steps)
        lost += descend(toy, SGD(), schedule, w, steps).diverged
    return lost


@pytest.mark.parametrize(
    ("warmup_steps", "lost"), [(0, 8), (10, 8), (50, 0), (200, 0), (800, 0)]
)
def test_a_slow_climb_survives_a_rate_that_kills_a_cold_start(warmup_steps, lost):
    assert runs_lost(0.1, warmup_steps) == lost


def test_on_the_climb_the_curvature_stays_below_two_over_the_rate():
    toy, w = TwoFactors(N, noise=0.1, seed=0), start(0)
    run = descend(toy, SGD(), warmup(constant(8 / toy.curvature(w)), 800), w, 800)
    curvatures = toy.curvature(run.weights[:-1])
    over = curvatures[100:] * run.lrs[100:] / 2
    assert np.median(over) < 1
    assert curvatures[0] > 1.7
    assert curvatures[-1] < 0.45


def test_without_noise_it_stands_still_at_any_rate_once_the_error_is_exactly_zero():
    toy, w = TwoFactors(N), start(0)
    run = descend(toy, SGD(), warmup(constant(8 / toy.curvature(w)), 800), w, 1000)
    assert run.losses[-1] == 0.0
    assert run.lrs[-1] * toy.curvature(run.weights[-1]) > 7


def test_noise_is_in_the_error_with_its_spread_and_not_in_the_loss():
    toy, w = (
        TwoFactors(2, noise=0.3, seed=0),
        np.tile([1.0, 2.0, 3.0, 4.0], (20_000, 1)),
    )
    errors = toy.grad(w) / TwoFactors(2).grad(w) * TwoFactors(2).error(w)[:, None]
    assert errors == pytest.approx(np.repeat(errors[:, :1], 4, axis=1))
    assert errors[:, 0].std() == pytest.approx(0.3, rel=0.02)
    assert errors[:, 0].mean() == pytest.approx(TwoFactors(2).error(w[0]), abs=0.01)
    assert np.array_equal(toy.loss(w), TwoFactors(2).loss(w))


def test_members_are_runs_of_their_own():
    toy, many = TwoFactors(N), np.array([start(seed) for seed in range(4)])
    run = descend(toy, SGD(), constant(0.5), many, steps=20)
    for member, w in enumerate(many):
        alone = descend(toy, SGD(), constant(0.5), w, steps=20)
        assert run.weights[:, member] == pytest.approx(alone.weights, rel=1e-12)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"n": 0}, "n must be a positive integer, got 0"),
        ({"noise": -0.1}, "noise must be zero or more and finite, got -0.1"),
    ],
)
def test_bad_settings_are_refused(settings, message):
    with pytest.raises(ValueError, match=message):
        TwoFactors(**settings)


def test_weights_of_another_length_are_refused():
    with pytest.raises(ValueError, match=r"w must have 8 numbers, u and then v"):
        TwoFactors(4).loss(np.ones(7))
