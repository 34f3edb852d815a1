import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from lrcourse.data import batches, digits
from lrcourse.network import MLP
from lrcourse.network.gradients import numerical_grads
from lrcourse.network.losses import accuracy
from lrcourse.optimizers import SGD
from lrcourse.training import train

NETWORKS = [
    MLP((5, 3)),
    MLP((5, 1), loss="binary_cross_entropy"),
    MLP((5, 4, 3), activation="tanh"),
    MLP((5, 4, 1), activation="sigmoid", loss="binary_cross_entropy"),
    MLP((5, 4, 2, 5), activation="relu", loss="mean_squared_error"),
    MLP((5, 4, 4, 4, 3), activation="tanh", batch_norm=True),
    MLP((5, 3, 2), activation="sigmoid", loss="mean_squared_error", batch_norm=True),
    MLP((5, 1, 1), activation="relu", loss="mean_squared_error", batch_norm=True),
    MLP((5, 2), batch_norm=True),
]
TORCH_LOSSES = {
    "cross_entropy": functional.cross_entropy,
    "binary_cross_entropy": functional.binary_cross_entropy_with_logits,
    "mean_squared_error": functional.mse_loss,
}
TORCH_ACTIVATIONS = {"relu": nn.ReLU, "tanh": nn.Tanh, "sigmoid": nn.Sigmoid}


@pytest.mark.parametrize("net", NETWORKS)
def test_backward_gives_the_slopes_of_the_loss(net):
    params, inputs, targets = example(net)
    _, grads = net.loss_and_grads(params, inputs, targets)
    slopes = numerical_grads(
        lambda moved: net.loss_and_grads(moved, inputs, targets)[0], params
    )
    assert list(grads) == list(params)
    for name, slope in slopes.items():
        assert grads[name] == pytest.approx(slope, rel=1e-6, abs=1e-8), name


@pytest.mark.parametrize("net", NETWORKS)
def test_loss_and_gradients_are_torch_s(net):
    params, inputs, targets = example(net)
    twin = torch_twin(net, params)
    expected = TORCH_LOSSES[net.loss](twin(torch.tensor(inputs)), torch.tensor(targets))
    expected.backward()
    loss, grads = net.loss_and_grads(params, inputs, targets)
    assert loss == pytest.approx(expected.item(), rel=1e-12)
    for name, weight in named_weights(net, twin).items():
        assert grads[name] == pytest.approx(
            weight.grad.numpy().T.reshape(grads[name].shape), rel=1e-12, abs=1e-15
        ), name


@pytest.mark.parametrize("net", [net for net in NETWORKS if net.batch_norm])
def test_running_moments_and_evaluation_are_torch_s(net):
    params, inputs, _ = example(net)
    twin = torch_twin(net, params)
    statistics = net.init_statistics()
    for batch in (inputs, inputs[:4] + 1, -inputs):
        twin(torch.tensor(batch))
        statistics = net.track(statistics, net.forward(params, batch)[1])
    twin.eval()
    with torch.no_grad():
        expected = twin(torch.tensor(inputs)).numpy()
    assert net.predict(params, inputs, statistics) == pytest.approx(expected, rel=1e-11)


def test_moments_of_one_batch_replace_all_others_at_momentum_one():
    net = MLP((5, 3, 2), batch_norm=True)
    params, inputs, _ = example(net)
    _, caches = net.forward(params, inputs)
    statistics = net.track(net.init_statistics(), caches, momentum=1.0)
    sums = inputs @ params["W1"]
    assert statistics["running_mean1"][0] == pytest.approx(sums.mean(axis=0))
    assert statistics["running_var1"][0] == pytest.approx(sums.var(axis=0, ddof=1))


def test_without_batch_norm_predicting_is_the_forward_pass():
    net = MLP((5, 4, 3))
    params, inputs, _ = example(net)
    assert np.array_equal(net.predict(params, inputs), net.forward(params, inputs)[0])
    assert net.init_statistics() == {}


def test_batch_norm_predicts_only_with_its_moments():
    net = MLP((5, 4, 3), batch_norm=True)
    params, inputs, _ = example(net)
    with pytest.raises(ValueError, match="pass statistics"):
        net.predict(params, inputs)


def test_a_forward_pass_keeps_what_enters_each_layer():
    net = MLP((5, 4, 3, 2), activation="tanh")
    params, inputs, _ = example(net)
    outputs, caches = net.forward(params, inputs)
    assert [a.shape for a in caches.activations] == [(7, 5), (7, 4), (7, 3)]
    assert np.array_equal(caches.activations[0], inputs)
    by_hand = np.tanh(inputs @ params["W1"] + params["b1"])
    assert caches.activations[1] == pytest.approx(by_hand)
    last = caches.activations[-1] @ params["W3"] + params["b3"]
    assert outputs == pytest.approx(last)


@pytest.mark.parametrize(
    ("scheme", "sd"), [("he", 0.1), ("xavier", (2 / 300) ** 0.5), (0.01, 0.01)]
)
def test_first_weights_have_the_spread_they_were_asked_for(scheme, sd):
    params = MLP((200, 100, 2)).init(seed=0, scheme=scheme)
    assert params["W1"].std() == pytest.approx(sd, rel=0.02)
    assert params["W1"].mean() == pytest.approx(0, abs=0.02 * sd)
    assert not params["b1"].any()
    assert {name: w.shape for name, w in params.items()} == {
        "W1": (200, 100),
        "b1": (1, 100),
        "W2": (100, 2),
        "b2": (1, 2),
    }


@pytest.mark.parametrize("gain", [0.0, 0.3, 4.0])
@pytest.mark.parametrize("scheme", ["he", "xavier", 0.01])
def test_gain_multiplies_the_spread_of_all_first_weights_and_nothing_else(scheme, gain):
    sizes = (20, 10, 10, 3)
    plain = MLP(sizes, batch_norm=True).init(0, scheme)
    params = MLP(sizes, batch_norm=True, gain=gain).init(0, scheme)
    for name, w in params.items():
        factor = gain if name.startswith("W") else 1
        assert w == pytest.approx(factor * plain[name], rel=1e-15)


def test_gain_is_that_of_torch_s_xavier():
    torch.manual_seed(0)
    weights = torch.empty(500, 300, dtype=torch.float64)
    nn.init.xavier_normal_(weights, gain=1.7)
    ours = MLP((300, 500), gain=1.7).init(0, "xavier")["W1"]
    assert ours.std() == pytest.approx(weights.std().item(), rel=0.01)


def test_batch_norm_has_a_scale_and_a_shift_in_place_of_a_bias():
    params = MLP((3, 2, 2), batch_norm=True).init(seed=0)
    assert list(params) == ["W1", "scale1", "shift1", "W2", "b2"]
    assert params["scale1"].tolist() == [[1, 1]]


def test_the_same_seed_gives_the_same_weights_and_a_generator_goes_on():
    net, rng = MLP((3, 2)), np.random.default_rng(4)
    first, second, again = net.init(rng), net.init(rng), net.init(4)
    assert np.array_equal(first["W1"], again["W1"])
    assert not np.array_equal(first["W1"], second["W1"])


@pytest.mark.parametrize("size", [-1e4, 1e4])
@pytest.mark.parametrize("net", NETWORKS)
def test_huge_weights_keep_loss_and_gradients_finite(net, size):
    params, inputs, targets = example(net)
    last = f"W{len(net.sizes) - 1}"
    huge = {**params, last: size * np.ones_like(params[last])}
    loss, grads = net.loss_and_grads(huge, inputs, targets)
    assert np.isfinite(loss)
    assert all(np.isfinite(grad).all() for grad in grads.values())


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: MLP((4,)), r"sizes must be two or more whole .* got \(4,\)"),
        (lambda: MLP((4, 0)), "sizes must be two or more whole numbers above zero"),
        (lambda: MLP((4, 2.5)), "sizes must be two or more whole numbers above zero"),
        (
            lambda: MLP((4, 2), activation="swish"),
            "activation must be one of relu, sigmoid, tanh, got 'swish'",
        ),
        (lambda: MLP((4, 2), gain=-1.0), "gain must be zero or more and finite, got"),
        (lambda: MLP((4, 2), loss="hinge"), "loss must be one of cross_entropy, .*"),
        (lambda: MLP((4, 2)).init(0, "lecun"), "scheme must be one of he, xavier"),
        (lambda: MLP((4, 2)).init(0, -0.1), "scheme must be zero or more and finite"),
    ],
)
def test_a_network_that_is_none_is_refused_at_once(make, message):
    with pytest.raises(ValueError, match=message):
        make()


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        (np.ones((2, 4)), r"inputs must have shape \(examples, 5\).*got \(2, 4\)"),
        (np.ones(5), r"inputs must have shape \(examples, 5\).*got \(5,\)"),
        (np.ones((0, 5)), "at least one example"),
        (np.full((2, 5), np.nan), "inputs must be finite"),
        (np.full((2, 5), np.inf), "inputs must be finite"),
    ],
)
def test_inputs_that_do_not_fit_are_refused(inputs, message):
    net = MLP((5, 3))
    with pytest.raises(ValueError, match=message):
        net.forward(net.init(0), inputs)


@pytest.mark.parametrize(
    "wrong",
    [
        {"b1": np.zeros(3)},  # would broadcast, and come back as (1, 3)
        {"W1": np.zeros((3, 5))},
        {"W2": np.zeros((3, 3))},
    ],
)
def test_parameters_of_another_network_are_refused(wrong):
    net = MLP((5, 3))
    with pytest.raises(ValueError, match="params must have the shapes"):
        net.forward({**net.init(0), **wrong}, np.ones((2, 5)))


def test_a_tanh_network_learns_exclusive_or_and_a_line_cannot():
    inputs = np.array([[-1.0, -1], [-1, 1], [1, -1], [1, 1]])
    labels = np.array([0, 1, 1, 0])
    right = {}
    for sizes in ((2, 8, 2), (2, 2)):
        net = MLP(sizes, activation="tanh")
        start = net.init(0, "xavier")
        data = [(inputs, labels)] * 200
        run = train(net.loss_and_grads, SGD(), lambda step: 0.5, start, data)
        right[sizes] = accuracy(net.predict(run.params, inputs), labels)
    assert right[2, 8, 2] == 1
    assert right[2, 2] < 1


@pytest.mark.parametrize("batch_norm", [False, True])
def test_it_learns_the_digits(batch_norm):
    split = digits()
    net = MLP((64, 32, 10), batch_norm=batch_norm)
    order = batches(split.inputs, split.labels, batch_size=32, epochs=5, seed=0)
    run = train(
        net.loss_and_grads, SGD(momentum=0.9), lambda step: 0.05, net.init(0), order
    )
    _, caches = net.forward(run.params, split.inputs)
    statistics = net.track(net.init_statistics(), caches, momentum=1.0)
    outputs = net.predict(run.params, split.test_inputs, statistics)
    assert accuracy(outputs, split.test_labels) > 0.94


def example(net, examples=7):
    """Return parameters without a zero among them, inputs, and fitting targets."""
    rng = np.random.default_rng(len(net.sizes))
    params = {
        name: w + 0.3 * rng.standard_normal(w.shape) for name, w in net.init(1).items()
    }
    inputs = rng.standard_normal((examples, net.sizes[0]))
    if net.loss == "cross_entropy":
        return params, inputs, rng.integers(net.sizes[-1], size=examples)
    if net.loss == "mean_squared_error" and net.sizes[0] == net.sizes[-1]:
        return params, inputs, inputs
    return params, inputs, rng.random((examples, net.sizes[-1]))


def torch_twin(net, params):
    """Return the `nn.Sequential` with the layers and the weights of `net`."""
    modules = []
    for layer in range(1, len(net.sizes)):
        inputs, outputs = net.sizes[layer - 1 : layer + 1]
        hidden = layer < len(net.sizes) - 1
        normed = hidden and net.batch_norm
        modules.append(nn.Linear(inputs, outputs, bias=not normed))
        modules += [nn.BatchNorm1d(outputs)] * normed
        modules += [TORCH_ACTIVATIONS[net.activation]()] * hidden
    twin = nn.Sequential(*modules).double()
    with torch.no_grad():
        for name, weight in named_weights(net, twin).items():
            weight.copy_(torch.tensor(params[name].T).reshape(weight.shape))
    return twin


def named_weights(net, twin):
    """Return torch's weights under our names: both run through the layers in order."""
    return dict(zip(net.shapes, twin.parameters(), strict=True))
