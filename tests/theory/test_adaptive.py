import math

import numpy as np
import pytest

from lrcourse import theory


def adam_steps(grads, lr, beta1=0.9, beta2=0.999, eps=1e-8, corrected=True):
    """Return what each of Adam's updates subtracts."""
    m, v, steps = 0 * grads[0], 0 * grads[0], []
    for t, grad in enumerate(grads, start=1):
        m, v = beta1 * m + (1 - beta1) * grad, beta2 * v + (1 - beta2) * grad**2
        c1, c2 = (1 - beta1**t, 1 - beta2**t) if corrected else (1, 1)
        steps.append(lr * (m / c1) / (np.sqrt(v / c2) + eps))
    return np.array(steps)


@pytest.mark.parametrize("eps", [1e-8, 0.1])
@pytest.mark.parametrize("betas", [(0.9, 0.999), (0.5, 0.9), (0.0, 0.99)])
def test_adams_first_step_has_the_length_of_the_rate(betas, eps):
    grad = np.array([1e-3, -2.0, 500.0])
    first = adam_steps([grad], 0.01, *betas, eps=eps)[0]
    assert theory.adam_first_step(grad, 0.01, eps) == pytest.approx(first, rel=1e-12)
    if eps == 1e-8:
        assert first == pytest.approx([0.01, -0.01, 0.01], rel=1e-4)


@pytest.mark.parametrize("weight_decay", [1e-4, 1e-2, 1.0])
def test_l2_decay_inside_adam_takes_the_rate_and_adamw_its_share(weight_decay):
    w, no_gradient = np.array([3.0, -0.5]), np.zeros(2)
    inside = adam_steps([no_gradient + weight_decay * w], lr=0.01)[0]
    assert inside == pytest.approx(0.01 * np.sign(w), rel=1e-3)
    assert theory.adam_first_step(weight_decay * w, 0.01) == pytest.approx(inside)
    decoupled = adam_steps([no_gradient], lr=0.01)[0] + 0.01 * weight_decay * w
    left = theory.distance_left(lambda step: 0.01, weight_decay, steps=1)
    assert w - decoupled == pytest.approx(left * w, rel=1e-12)


@pytest.mark.parametrize("betas", [(0.9, 0.999), (0.5, 0.9)])
def test_without_correction_the_first_steps_are_too_long(betas):
    steps = adam_steps([2.0] * 1000, 0.1, *betas, eps=0.0, corrected=False)
    series = [theory.uncorrected_adam_step(n, *betas) for n in range(1, 1001)]
    assert steps / 0.1 == pytest.approx(series, rel=1e-10)
    corrected = adam_steps([2.0] * 1000, 0.1, *betas, eps=0.0)
    assert corrected / 0.1 == pytest.approx(np.ones(1000), rel=1e-10)


def test_the_longest_uncorrected_step_is_the_twelfth():
    series = [theory.uncorrected_adam_step(n) for n in range(1, 1001)]
    assert np.argmax(series) + 1 == 12
    longest = [series[0], max(series), series[-1]]
    assert longest == pytest.approx([3.16, 6.57, 1.26], abs=0.005)


@pytest.mark.parametrize(("lr", "weight_decay"), [(0.01, 0.1), (0.001, 0.5)])
def test_adamw_remembers_an_update_for_that_many_steps(lr, weight_decay):
    steps = round(theory.decay_memory(lr, weight_decay))
    grads = np.random.default_rng(1).normal(size=steps)
    w, nudged = 1.0, 1.0 + 0.01
    for step in adam_steps(grads, lr):
        w, nudged = (x - step - lr * weight_decay * x for x in (w, nudged))
    assert (nudged - w) / 0.01 == pytest.approx(1 / math.e, rel=lr * weight_decay)


@pytest.mark.parametrize(
    ("formula", "arguments", "reason"),
    [
        (theory.adam_first_step, (1.0, 0.0), "lr"),
        (theory.adam_first_step, (1.0, 0.1, -1.0), "eps"),
        (theory.uncorrected_adam_step, (0,), "updates"),
        (theory.uncorrected_adam_step, (1, 1.0), "beta1"),
        (theory.uncorrected_adam_step, (1, 0.9, -0.1), "beta2"),
        (theory.decay_memory, (0.1, 0.0), "weight_decay"),
    ],
)
def test_settings_outside_the_formula_are_refused(formula, arguments, reason):
    with pytest.raises(ValueError, match=reason):
        formula(*arguments)
