import numpy as np
import pytest
import torch

from lrcourse.optimizers import SGD
from lrcourse.problems import Quadratic

BOWL = Quadratic(eigenvalues=np.array([1.0, 4.0, 10.0]))
START = np.array([3.0, -2.0, 1.0])
RULES = [SGD(), SGD(momentum=0.9), SGD(momentum=0.9, nesterov=True)]


def lr_of(step):
    return 0.05 if step < 30 else 0.005  # a cut tells where the rate is multiplied in


def our_path(rule, w, grad):
    state, path = rule.init(w), []
    for step in range(60):
        w, state = rule.step(w, grad(w), state, lr_of(step))
        path.append(w.tolist())
    return np.array(path)


def torch_path(rule):
    w = torch.nn.Parameter(torch.from_numpy(START.copy()))
    optimizer = torch.optim.SGD([w], momentum=rule.momentum, nesterov=rule.nesterov)
    path = []
    for step in range(60):
        optimizer.param_groups[0]["lr"] = lr_of(step)
        w.grad = torch.from_numpy(BOWL.grad(w.detach().numpy()))
        optimizer.step()
        path.append(w.detach().numpy().copy())
    return np.array(path)


@pytest.mark.parametrize("rule", RULES)
def test_rule_follows_torch_through_a_cut_of_the_rate(rule):
    ours = our_path(rule, START, BOWL.grad)
    np.testing.assert_allclose(ours, torch_path(rule), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("rule", RULES)
def test_the_same_text_serves_an_array_and_a_tensor(rule):
    eigenvalues = torch.from_numpy(BOWL.eigenvalues)
    of_tensor = our_path(rule, torch.from_numpy(START), lambda w: eigenvalues * w)
    assert np.array_equal(of_tensor, our_path(rule, START, BOWL.grad))


@pytest.mark.parametrize("rule", RULES)
def test_nothing_changes_in_place(rule):
    w, grad = np.array([1.0, 2.0]), np.array([0.5, 0.5])
    state = rule.init(w)
    rule.step(w, grad, state, 0.1)
    assert np.array_equal(w, [1, 2])
    assert np.array_equal(grad, [0.5, 0.5])
    assert np.array_equal(state, [0, 0])


def test_velocity_sums_a_steady_gradient_to_ten_times_itself():
    rule, velocity = SGD(momentum=0.9), np.zeros(1)
    for _ in range(200):
        _, velocity = rule.step(np.zeros(1), np.ones(1), velocity, 0.1)
    assert velocity == pytest.approx(10)


@pytest.mark.parametrize("momentum", [-0.1, 1.0, 1.5, float("nan")])
def test_momentum_outside_its_range_is_refused(momentum):
    with pytest.raises(ValueError, match=r"momentum must be in \[0, 1\), got"):
        SGD(momentum=momentum)


def test_nesterov_without_momentum_is_refused_as_torch_does():
    with pytest.raises(ValueError, match="nesterov needs a momentum above 0"):
        SGD(nesterov=True)
