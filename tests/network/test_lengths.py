"""Lengths of gradients by layer, against PyTorch's, and what is refused."""

import numpy as np
import pytest
import torch

from lrcourse import network


def torch_lengths(net, params, inputs, labels):
    """Return the lengths that PyTorch's own gradients have, layer by layer."""
    w = {name: torch.tensor(p, requires_grad=True) for name, p in params.items()}
    a, last = torch.tensor(inputs), len(net.sizes) - 1
    for layer in range(1, last + 1):
        z = a @ w[f"W{layer}"] + w[f"b{layer}"]
        a = z if layer == last else z.relu()
    torch.nn.functional.cross_entropy(a, torch.tensor(labels)).backward()
    return [w[f"W{layer}"].grad.norm().item() for layer in range(1, last + 1)]


def test_lengths_are_pytorch_s_in_the_order_of_the_layers():
    net = network.MLP((3,) + (16,) * 10 + (2,))  # so that W10 stands behind W9
    params = net.init(0)
    rng = np.random.default_rng(0)
    inputs, labels = rng.normal(size=(5, 3)), rng.integers(0, 2, 5)
    _, grads = net.loss_and_grads(params, inputs, labels)
    shuffled = dict(sorted(grads.items(), reverse=True))
    lengths = torch_lengths(net, params, inputs, labels)
    assert network.layer_norms(shuffled) == pytest.approx(lengths, rel=1e-10)
    assert network.gradient_ratio(shuffled) == pytest.approx(lengths[0] / lengths[9])


@pytest.mark.parametrize("names", [(), ("b1",), ("W2", "W3"), ("W1", "W3")])
def test_missing_layers_are_refused(names):
    with pytest.raises(ValueError, match="grads must have W1"):
        network.layer_norms({name: np.ones(1) for name in names})


def test_one_hidden_layer_has_no_ratio():
    with pytest.raises(ValueError, match="two hidden layers or more, got 2"):
        network.gradient_ratio({"W1": np.ones(1), "W2": np.ones(1)})
