import numpy as np
import pytest
import torch
from scipy.special import expit

from lrcourse.network import layers
from lrcourse.network.layers import ACTIVATIONS, sigmoid

RNG = np.random.default_rng(0)
Z = 2 + 3 * RNG.standard_normal((6, 4))
SCALE, SHIFT = RNG.standard_normal((1, 4)), RNG.standard_normal((1, 4))
UPSTREAM = RNG.standard_normal((6, 4))


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_an_activation_and_its_slope_are_torch_s(name):
    z = torch.tensor(np.linspace(-9.1, 9, 50), requires_grad=True)
    value = getattr(torch, name)(z)
    value.sum().backward()
    ours = ACTIVATIONS[name].value(z.detach().numpy())
    assert ours == pytest.approx(value.detach().numpy(), rel=1e-14)
    assert ACTIVATIONS[name].slope(ours) == pytest.approx(
        z.grad.numpy(), rel=1e-9, abs=1e-15
    )


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_no_activation_overflows(name):
    a = ACTIVATIONS[name].value(np.array([-1e4, 1e4]))
    assert np.isfinite(a).all()
    assert np.isfinite(ACTIVATIONS[name].slope(a)).all()


def test_the_sigmoid_is_scipy_s():
    z = np.concatenate([np.linspace(-700, 800, 1501), np.linspace(-3, 3, 601)])
    with np.errstate(all="raise", under="ignore"):
        ours = sigmoid(z)
    np.testing.assert_allclose(ours, expit(z), rtol=4e-16, atol=0)


def test_the_sigmoid_s_slope_is_a_quarter_at_most():
    sigmoid = ACTIVATIONS["sigmoid"]
    slopes = sigmoid.slope(sigmoid.value(np.linspace(-5, 5, 101)))
    assert slopes.max() == slopes[50] == 0.25


@pytest.mark.parametrize(
    ("sd", "torch_init"),
    [
        (layers.he_sd, lambda w: torch.nn.init.kaiming_normal_(w, nonlinearity="relu")),
        (layers.xavier_sd, torch.nn.init.xavier_normal_),
    ],
)
def test_first_weights_spread_as_torch_s_do(sd, torch_init):
    torch.manual_seed(0)
    weights = torch_init(torch.empty(500, 300, dtype=torch.float64))
    assert sd(300, 500) == pytest.approx(weights.std().item(), rel=0.01)
    assert sd(500, 300) != pytest.approx(sd(300, 200), rel=0.01)


def test_he_keeps_a_signal_at_its_size_through_twenty_relu_layers():
    rng = np.random.default_rng(1)
    a = np.abs(rng.standard_normal((50, 200)))
    start = (a**2).mean()
    for _ in range(20):
        w = layers.he_sd(200, 200) * rng.standard_normal((200, 200))
        a = np.maximum(a @ w, 0)
    assert 0.3 < (a**2).mean() / start < 3


def torch_batch_norm():
    norm = torch.nn.BatchNorm1d(4, dtype=torch.float64)
    with torch.no_grad():
        norm.weight.copy_(torch.tensor(SCALE[0]))
        norm.bias.copy_(torch.tensor(SHIFT[0]))
    return norm


def test_batch_norm_and_its_gradients_are_torch_s():
    norm = torch_batch_norm()
    z = torch.tensor(Z, requires_grad=True)
    expected = norm(z)
    expected.backward(torch.tensor(UPSTREAM))
    result, normed = layers.batch_norm(Z, SCALE, SHIFT)
    grads = layers.batch_norm_backward(UPSTREAM, normed, SCALE)
    assert result == pytest.approx(expected.detach().numpy(), rel=1e-12)
    for ours, theirs in zip(
        grads, (z.grad, norm.weight.grad[None], norm.bias.grad[None]), strict=True
    ):
        assert ours == pytest.approx(theirs.numpy(), rel=1e-12, abs=1e-14)


def test_running_moments_and_evaluation_are_torch_s():
    norm = torch_batch_norm()
    mean, var = np.zeros((1, 4)), np.ones((1, 4))
    for batch in (Z, Z[:3] ** 2, -Z):
        norm(torch.tensor(batch))
        _, normed = layers.batch_norm(batch, SCALE, SHIFT)
        mean, var = layers.running_moments(mean, var, normed)
    assert mean[0] == pytest.approx(norm.running_mean.numpy(), rel=1e-12)
    assert var[0] == pytest.approx(norm.running_var.numpy(), rel=1e-12)
    norm.eval()
    result, _ = layers.batch_norm(Z, SCALE, SHIFT, (mean, var))
    with torch.no_grad():
        assert result == pytest.approx(norm(torch.tensor(Z)).numpy(), rel=1e-12)


def test_a_normalised_batch_has_mean_zero_and_variance_one():
    result, _ = layers.batch_norm(Z, np.ones((1, 4)), np.zeros((1, 4)))
    assert result.mean(axis=0) == pytest.approx(np.zeros(4), abs=1e-15)
    assert result.var(axis=0) == pytest.approx(np.ones(4), rel=1e-4)


def test_a_batch_of_one_cannot_be_normalised_but_evaluated():
    with pytest.raises(ValueError, match="at least 2 examples, got 1"):
        layers.batch_norm(Z[:1], SCALE, SHIFT)
    layers.batch_norm(Z[:1], SCALE, SHIFT, (SCALE, SCALE**2))
