import math

import numpy as np
import pytest

from lrcourse import schedules, theory
from lrcourse.optimizers import SGD
from lrcourse.problems import Quadratic
from lrcourse.training import descend

EIGENVALUES, START = np.array([1.0, 10.0]), np.array([3.0, -2.0])


@pytest.mark.parametrize("factor", [0.01, 64])
@pytest.mark.parametrize("momentum", [0.0, 0.9])
def test_a_scaled_loss_with_its_rate_takes_the_same_path(factor, momentum):
    schedule = schedules.cosine(0.1, 40)
    scaled = schedules.cosine(theory.lr_for_scaled_loss(0.1, factor), 40)
    ours = descend(Quadratic(EIGENVALUES), SGD(momentum=momentum), schedule, START, 40)
    theirs = descend(
        Quadratic(factor * EIGENVALUES), SGD(momentum=momentum), scaled, START, 40
    )
    assert theirs.weights == pytest.approx(ours.weights, rel=1e-9, abs=1e-12)


def test_adam_takes_the_same_path_on_a_scaled_loss_with_a_scaled_eps():
    path = adam_path(1.0, eps=1e-3)
    assert adam_path(64.0, eps=64e-3) == pytest.approx(path, rel=1e-12)
    assert adam_path(64.0, eps=1e-3) != pytest.approx(path, rel=1e-6)
    assert adam_path(64.0, eps=1e-12) == pytest.approx(adam_path(1.0, 1e-12), rel=1e-8)


def adam_path(factor, eps, lr=0.05):
    w, m, v, path = START, 0 * START, 0 * START, []
    for t in range(1, 41):
        grad = factor * EIGENVALUES * w
        m, v = 0.9 * m + 0.1 * grad, 0.999 * v + 0.001 * grad**2
        w = w - lr * m / (1 - 0.9**t) / (np.sqrt(v / (1 - 0.999**t)) + eps)
        path.append(w)
    return np.array(path)


def test_scaled_features_with_their_rate_make_the_same_predictions():
    rng = np.random.default_rng(0)
    inputs, targets = rng.normal(size=(20, 3)), rng.normal(size=20)

    def predictions(inputs, lr, steps):
        w = np.zeros(3)
        for _ in range(steps):
            w = w - lr * inputs.T @ (inputs @ w - targets) / 20
        return inputs @ w

    ours = predictions(inputs, 0.3, steps=15)
    lr = theory.lr_for_scaled_features(0.3, factor=3.0)
    assert predictions(3 * inputs, lr, steps=15) == pytest.approx(ours, rel=1e-10)
    limit = theory.max_stable_lr(inputs.T @ inputs / 20)
    lr = theory.lr_for_scaled_features(limit, factor=3.0)
    assert abs(predictions(3 * inputs, 0.95 * lr, steps=500)).max() < 10
    assert abs(predictions(3 * inputs, 1.05 * lr, steps=500)).max() > 1e6


def tangent(w, pull):
    """Return the gradient at `w` of ``-pull @ w / norm(w)``, which has no scale."""
    norm = np.linalg.norm(w)
    direction = w / norm
    return (direction * (pull @ direction) - pull) / norm


def test_large_weights_turn_as_unit_weights_at_the_invariant_rate():
    pull, unit = np.array([1.0, 2.0, -1.0]), np.array([0.6, 0.0, 0.8])
    large = 5 * unit - 0.5 * tangent(5 * unit, pull)
    lr = theory.scale_invariant_lr(0.5, norm=5.0)
    assert large / 5 == pytest.approx(unit - lr * tangent(unit, pull), rel=1e-12)


@pytest.mark.parametrize(("lr", "weight_decay"), [(0.1, 0.01), (0.5, 0.4), (1.0, 0.9)])
def test_in_the_end_gradients_of_one_length_turn_the_weights_by_that_angle(
    lr, weight_decay
):
    w = 1.0 + 0j  # a weight in the plane, whose loss is its own angle
    for _ in range(30_000):
        before, w = w, w - lr * (1j * w / abs(w) ** 2 + weight_decay * w)
    angle = theory.equilibrium_angle(lr, weight_decay)
    assert abs(np.angle(w / before)) == pytest.approx(angle, rel=1e-9)


@pytest.mark.parametrize(("lr", "weight_decay"), [(0.1, 0.02), (0.002, 1.0)])
def test_noise_in_many_dimensions_turns_them_by_that_angle_too(lr, weight_decay):
    rng = np.random.default_rng(4)
    w, angles = rng.normal(size=1000) / math.sqrt(1000), []
    for _ in range(1500):
        before = w
        w = w - lr * (tangent(w, rng.normal(size=1000)) + weight_decay * w)
        cosine = w @ before / np.linalg.norm(w) / np.linalg.norm(before)
        angles.append(math.acos(cosine))
    angle = theory.equilibrium_angle(lr, weight_decay)
    assert np.mean(angles[-300:]) == pytest.approx(angle, rel=0.02)
    assert angle == pytest.approx(math.sqrt(2 * lr * weight_decay), rel=1e-3)


@pytest.mark.parametrize(
    "schedule", [schedules.constant(0.2), schedules.cosine(0.4, 100)]
)
def test_a_growing_schedule_without_decay_passes_the_same_directions(schedule):
    growing = theory.schedule_without_weight_decay(schedule, weight_decay=0.3)
    rng = np.random.default_rng(5)
    decayed = free = np.array([1.0, -0.5, 2.0])
    for step in range(100):
        pull = rng.normal(size=3)
        grad = tangent(decayed, pull) + 0.3 * decayed
        decayed = decayed - schedule(step) * grad
        free = free - growing(step) * tangent(free, pull)
        directions = [w / np.linalg.norm(w) for w in (decayed, free)]
        assert directions[0] == pytest.approx(directions[1], abs=1e-10)


def test_a_constant_rate_becomes_an_exponential():
    growing = theory.schedule_without_weight_decay(schedules.constant(0.2), 0.3)
    wanted = [0.2 * (1 - 0.2 * 0.3) ** (-2 * step - 1) for step in range(50)]
    assert [growing(step) for step in range(50)] == pytest.approx(wanted, rel=1e-12)


@pytest.mark.parametrize(
    ("formula", "arguments", "reason"),
    [
        (theory.lr_for_scaled_loss, (0.1, 0.0), "factor"),
        (theory.lr_for_scaled_features, (-0.1, 2.0), "lr"),
        (theory.scale_invariant_lr, (0.1, 0.0), "norm"),
        (theory.equilibrium_angle, (0.1, 0.0), "weight_decay"),
        (theory.equilibrium_angle, (2.0, 0.5), "below 1"),
        (theory.schedule_without_weight_decay, (None, -1.0), "weight_decay"),
    ],
)
def test_settings_outside_the_formula_are_refused(formula, arguments, reason):
    with pytest.raises(ValueError, match=reason):
        formula(*arguments)


def test_a_decay_that_leaves_nothing_has_no_growing_twin():
    growing = theory.schedule_without_weight_decay(schedules.constant(0.5), 2.0)
    with pytest.raises(ValueError, match="below 1"):
        growing(3)
