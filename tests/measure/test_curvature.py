import itertools
import math

import numpy as np
import pytest
import torch
from torch import nn
from torch.autograd.functional import hessian
from torch.func import functional_call
from torch.nn.functional import cross_entropy, mse_loss
from torch.nn.utils import parameters_to_vector, vector_to_parameters

from lrcourse.measure.curvature import hessian_vector_product, sharpness
from lrcourse.problems import Quadratic


def make_data(seed=0):
    generator = torch.Generator().manual_seed(seed)
    inputs = torch.randn(12, 4, generator=generator, dtype=torch.float64)
    return inputs, torch.randint(3, (12,), generator=generator)


def make_model(seed=0, gain=1.0):
    torch.manual_seed(seed)
    model = nn.Sequential(nn.Linear(4, 5), nn.Tanh(), nn.Linear(5, 3)).double()
    with torch.no_grad():
        for p in model.parameters():
            p.mul_(gain)
    return model


def full_hessian(model, inputs, labels):
    """Return the Hessian in full, of shape (n, n)."""
    names, params = zip(*model.named_parameters(), strict=True)
    sizes = [p.numel() for p in params]

    def loss_at(flat):
        parts = flat.split(sizes)
        shaped = (part.view_as(p) for part, p in zip(parts, params, strict=True))
        outputs = functional_call(
            model, dict(zip(names, shaped, strict=True)), (inputs,)
        )
        return cross_entropy(outputs, labels)

    return hessian(loss_at, parameters_to_vector(params).detach())


def largest_eigenvalue(matrix):
    return np.linalg.eigvalsh(matrix.numpy())[-1]


def with_hessian(matrix):
    """Return a loss whose Hessian is `matrix`, and its parameter."""
    w = torch.zeros(len(matrix), dtype=torch.float64, requires_grad=True)
    return 0.5 * w @ torch.as_tensor(matrix) @ w, [w]


def rotated(eigenvalues, seed=0):
    size = len(eigenvalues)
    q, _ = np.linalg.qr(np.random.default_rng(seed).standard_normal((size, size)))
    return q @ np.diag(eigenvalues) @ q.T


@pytest.mark.parametrize("seed", range(2))
def test_the_product_is_the_full_hessian_s(seed):
    model, (inputs, labels) = make_model(seed), make_data(seed)
    matrix = full_hessian(model, inputs, labels)
    vector = torch.randn(len(matrix), dtype=torch.float64)
    loss = cross_entropy(model(inputs), labels)
    ours = hessian_vector_product(loss, model.parameters(), vector)
    torch.testing.assert_close(ours, matrix @ vector, rtol=1e-11, atol=1e-13)


def test_the_product_is_the_change_of_the_gradient_along_the_vector():
    model, (inputs, labels) = make_model(), make_data()
    params = list(model.parameters())
    w = parameters_to_vector(params).detach()
    vector = torch.randn(len(w), dtype=torch.float64)

    def gradient_at(w):
        vector_to_parameters(w, params)
        grads = torch.autograd.grad(cross_entropy(model(inputs), labels), params)
        return parameters_to_vector(grads)

    h = 1e-5
    change = (gradient_at(w + h * vector) - gradient_at(w - h * vector)) / (2 * h)
    vector_to_parameters(w, params)
    loss = cross_entropy(model(inputs), labels)
    ours = hessian_vector_product(loss, params, vector)
    torch.testing.assert_close(ours, change, rtol=1e-6, atol=1e-8)


def test_a_parameter_that_the_loss_does_not_use_has_zeros():
    w, unused = (torch.ones(n, requires_grad=True) for n in (2, 3))
    product = hessian_vector_product(w.pow(3).sum(), [w, unused], torch.ones(5))
    assert product.tolist() == [6, 6, 0, 0, 0]


def test_a_linear_loss_has_no_curvature():
    w = torch.ones(3, requires_grad=True)
    assert hessian_vector_product(w.sum(), [w], torch.ones(3)).tolist() == [0, 0, 0]
    assert sharpness(w.sum(), [w]) == 0
    assert sharpness((0 * w**2).sum(), [w]) == 0


@pytest.mark.parametrize(("seed", "gain"), [(0, 0.3), (1, 1.0), (2, 3.0)])
def test_sharpness_is_the_full_hessian_s_largest_eigenvalue(seed, gain):
    model, (inputs, labels) = make_model(seed, gain), make_data(seed)
    expected = largest_eigenvalue(full_hessian(model, inputs, labels))
    loss = cross_entropy(model(inputs), labels)
    ours = sharpness(loss, model.parameters())
    assert ours == pytest.approx(expected, rel=1e-10)


EIGENVALUES = {
    "bowl": [1.0, 2.0, 9.0, 4.0],
    "the most negative is bigger": [1.0, -9.0, 0.5, 0.1],
    "all negative": [-9.0, -3.0, -1.0, -5.0],
    "all negative but some zero": [-9.0, 0.0, -1.0, 0.0],
    "one steep direction": [100.0] + [0.0] * 40,
    "twice the largest": [5.0, 5.0, 1.0, 0.0],
    "all alike": [3.0] * 4,
    "all alike and negative": [-1.0] * 4,
    "many, none above zero": -np.arange(30.0),
    "many": np.arange(-60.0, 20.0),
    "two": [-1.0, 2.0],
    "one": [4.0],
    "one negative": [-4.0],
}


@pytest.mark.parametrize("eigenvalues", EIGENVALUES.values(), ids=EIGENVALUES)
def test_sharpness_is_the_largest_not_the_largest_in_size(eigenvalues):
    scale = np.abs(eigenvalues).max()
    for seed, turn in itertools.product(range(3), (np.diag, rotated)):
        loss, params = with_hessian(turn(eigenvalues))
        ours = sharpness(loss, params, seed)
        assert ours == pytest.approx(max(eigenvalues), abs=1e-10 * scale)


def test_shifted_power_iteration_finds_it_too():
    model, (inputs, labels) = make_model(), make_data()
    loss = cross_entropy(model(inputs), labels)
    params = list(model.parameters())
    vector = torch.randn(sum(p.numel() for p in params), dtype=torch.float64)
    for _ in range(150):
        vector = hessian_vector_product(loss, params, vector) + 0.1 * vector
        size = vector.norm()
        vector = vector / size
    assert sharpness(loss, params) == pytest.approx(float(size) - 0.1, rel=1e-9)


def test_it_is_the_sharpness_of_the_course_s_own_bowl():
    bowl = Quadratic(np.array([1.0, 10.0, 0.1]))
    loss, params = with_hessian(np.diag(bowl.eigenvalues))
    assert sharpness(loss, params) == pytest.approx(bowl.sharpness, rel=1e-12)


@pytest.mark.parametrize(("share", "diverges"), [(0.99, False), (1.01, True)])
def test_gradient_descent_is_stable_below_two_over_sharpness(share, diverges):
    torch.manual_seed(0)
    model = nn.Linear(4, 1).double()
    inputs = make_data()[0]
    targets = 2 + inputs.sum(dim=1, keepdim=True)
    first = mse_loss(model(inputs), targets)
    lr = share * 2 / sharpness(first, model.parameters())
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    for _ in range(500):
        optimizer.zero_grad()
        loss = mse_loss(model(inputs), targets)
        loss.backward()
        optimizer.step()
    assert bool(loss > 1000 * first) == diverges
    assert bool(loss < 1e-3 * first) != diverges


def test_the_same_loss_gives_the_same_digits_and_leaves_torch_s_numbers_alone():
    model, (inputs, labels) = make_model(), make_data()
    state = torch.get_rng_state()
    once, again = (
        sharpness(cross_entropy(model(inputs), labels), model.parameters())
        for _ in range(2)
    )
    assert once == again
    assert torch.equal(torch.get_rng_state(), state)


def test_single_precision_gives_single_precision():
    model, (inputs, labels) = make_model(), make_data()
    expected = sharpness(cross_entropy(model(inputs), labels), model.parameters())
    single = model.float()
    loss = cross_entropy(single(inputs.float()), labels)
    assert sharpness(loss, single.parameters()) == pytest.approx(expected, rel=1e-5)


def test_gradients_of_any_layout_are_taken():
    w = torch.ones(2, 3, dtype=torch.float64, requires_grad=True)
    loss = w.T.reshape(-1).pow(2) @ torch.arange(6, dtype=torch.float64)
    assert not torch.autograd.grad(loss, w, create_graph=True)[0].is_contiguous()
    assert sharpness(loss, [w]) == pytest.approx(10)


def test_the_loss_can_still_be_trained_on():
    model, (inputs, labels) = make_model(), make_data()
    loss = cross_entropy(model(inputs), labels)
    sharpness(loss, model.parameters())
    assert all(p.grad is None for p in model.parameters())
    loss.backward()
    assert all(p.grad is not None for p in model.parameters())


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_a_loss_that_is_not_finite_is_refused(value):
    w = torch.ones(3, requires_grad=True)
    with pytest.raises(ValueError, match=f"one finite number, got {value}"):
        sharpness(w.sum() * value, [w])


def test_a_loss_per_example_is_refused():
    w = torch.ones(3, requires_grad=True)
    with pytest.raises(ValueError, match=r"one finite number, got \[2.0, 2.0, 2.0\]"):
        hessian_vector_product(2 * w, [w], torch.ones(3))


def test_frozen_parameters_are_refused():
    w, frozen = torch.ones(3, requires_grad=True), torch.ones(2, 4)
    with pytest.raises(ValueError, match=r"\[\(2, 4\)\]; leave frozen ones out"):
        sharpness((w**2).sum(), [w, frozen])


def test_no_parameters_are_refused():
    w = torch.ones(3, requires_grad=True)
    with pytest.raises(ValueError, match="got 0"):
        sharpness((w**2).sum(), [])


@pytest.mark.parametrize("shape", [(2,), (4,), (3, 1), ()])
def test_a_vector_of_another_shape_is_refused(shape):
    w = torch.ones(3, requires_grad=True)
    with pytest.raises(ValueError, match=r"one entry per parameter, shape \(3,\)"):
        hessian_vector_product((w**2).sum(), [w], torch.ones(shape))
