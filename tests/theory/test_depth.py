"""Deep networks before their first update, against PyTorch's and simulated ones."""

import math

import numpy as np
import pytest
import torch
from scipy.integrate import quad
from scipy.stats import norm
from torch import nn

from lrcourse import theory

ACTIVATIONS = {"relu": nn.ReLU, "tanh": nn.Tanh, "sigmoid": nn.Sigmoid}


def measured_growth(activation, width=400, examples=1000, depth=16):
    """Return the growth per layer of the gradient in a network of torch's layers."""
    torch.manual_seed(0)
    outputs, seen = torch.randn(examples, width), []
    for _ in range(depth):
        layer = nn.Linear(width, width, bias=False)
        outputs = nn.BatchNorm1d(width)(layer(outputs))
        outputs.retain_grad()
        seen.append(outputs)
        outputs = ACTIVATIONS[activation]()(outputs)
    (outputs * torch.randn_like(outputs)).sum().backward()
    first, last = (float(seen[i].grad.norm()) for i in (0, -1))
    return (first / last) ** (1 / (depth - 1))


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_a_network_of_torch_grows_its_gradients_by_that(activation):
    exact = theory.batch_norm_growth(activation)
    assert measured_growth(activation) == pytest.approx(exact, abs=0.02)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_the_growth_is_the_quotient_of_the_two_integrals(activation):
    phi = {
        "relu": lambda z: max(z, 0.0),
        "tanh": math.tanh,
        "sigmoid": lambda z: 1 / (1 + math.exp(-z)),
    }[activation]
    slope = {
        "relu": lambda z: float(z > 0),
        "tanh": lambda z: 1 - math.tanh(z) ** 2,
        "sigmoid": lambda z: phi(z) * (1 - phi(z)),
    }[activation]

    def mean(f):
        halves = [(-30, 0), (0, 30)]
        return sum(quad(lambda z: f(z) * norm.pdf(z), *half)[0] for half in halves)

    variance = mean(lambda z: phi(z) ** 2) - mean(phi) ** 2
    exact = math.sqrt(mean(lambda z: slope(z) ** 2) / variance)
    assert theory.batch_norm_growth(activation) == pytest.approx(exact, rel=1e-7)


def test_for_relu_it_is_the_number_of_the_paper():
    assert theory.batch_norm_growth("relu") == pytest.approx(1.2112, abs=1e-4)
    assert theory.batch_norm_growth("relu") ** 2 == pytest.approx(1.467, abs=1e-3)


def test_no_activation_has_less_than_one():
    assert all(theory.batch_norm_growth(name) > 1 for name in ACTIVATIONS)


def test_another_activation_is_refused():
    with pytest.raises(ValueError, match="activation must be one of relu, tanh, sigmo"):
        theory.batch_norm_growth("gelu")


def simulated_log_lengths(widths, networks, seed=0):
    """Return the logarithms of the squared lengths behind ReLU layers of `widths`."""
    rng, square = np.random.default_rng(seed), np.ones(networks)
    for width in widths:
        # whatever its direction, an input of length r makes sums of variance 2 * r**2
        sums = np.sqrt(2 * square / width)[:, None] * rng.standard_normal(
            (networks, width)
        )
        square = (np.maximum(sums, 0) ** 2).sum(axis=1)
    return np.log(square)


@pytest.mark.parametrize("widths", [[64] * 10, [32] * 8, [128, 32, 64, 32]])
def test_simulated_networks_scatter_by_that(widths):
    lengths = simulated_log_lengths(widths, networks=6000)
    assert lengths.var() == pytest.approx(theory.relu_length_variance(widths), rel=0.06)


def test_networks_of_torch_scatter_by_that():
    torch.manual_seed(1)
    weights = torch.randn(10, 800, 32, 32) * math.sqrt(2 / 32)
    signal = torch.ones(800, 32, 1)
    for layer in weights:
        signal = torch.relu(layer @ signal)
    lengths = signal.square().sum(dim=(1, 2)).log().double()
    exact = theory.relu_length_variance([32] * 10)
    assert float(lengths.var()) == pytest.approx(exact, rel=0.15)


@pytest.mark.parametrize(("width", "within"), [(64, 0.07), (256, 0.016), (4096, 0.001)])
def test_it_is_about_five_times_depth_over_width(width, within):
    exact = theory.relu_length_variance([width] * 10)
    assert exact == pytest.approx(5 * 10 / width, rel=within)
    assert exact > 5 * 10 / width


def test_layers_add_up_in_any_order():
    total = theory.relu_length_variance([16, 64, 256])
    parts = [theory.relu_length_variance([width]) for width in (256, 16, 64)]
    assert total == pytest.approx(sum(parts), rel=1e-12)


def test_one_unit_that_is_on_is_a_squared_normal_number():
    # the variance of log(z**2) is pi**2 / 2
    assert theory.relu_length_variance([1]) == pytest.approx(math.pi**2 / 2)


@pytest.mark.parametrize("widths", [[], [0], [16, -1], [2.5], [True]])
def test_widths_that_are_none_are_refused(widths):
    with pytest.raises(ValueError, match="width"):
        theory.relu_length_variance(widths)
