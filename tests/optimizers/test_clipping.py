import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from lrcourse.optimizers import SGD, Clipped, clip_by_global_norm, global_norm

GRADS = {"W1": np.array([[3.0, 0.0], [0.0, 4.0]]), "b1": np.array([[12.0, 0.0]])}


def test_the_global_norm_is_that_of_one_long_vector():
    assert global_norm(GRADS) == 13


@given(max_norm=st.floats(1e-3, 1e3))
def test_clipping_is_torch_s(max_norm):
    weights = [torch.zeros(grad.shape, dtype=torch.float64) for grad in GRADS.values()]
    for weight, grad in zip(weights, GRADS.values(), strict=True):
        weight.grad = torch.tensor(grad)
    torch.nn.utils.clip_grad_norm_(weights, max_norm)
    clipped = clip_by_global_norm(GRADS, max_norm)
    for weight, grad in zip(weights, clipped.values(), strict=True):
        assert grad == pytest.approx(weight.grad.numpy(), rel=1e-14)


KINDS = {
    "float64": (np.float64, np.asarray),
    "float32": (np.float32, np.asarray),
    "tensor of float64": (np.float64, torch.from_numpy),
    "tensor of float32": (np.float32, torch.from_numpy),
}


@pytest.mark.parametrize("kind", KINDS)
@given(power=st.floats(-30, 30), max_norm=st.floats(1e-3, 1e3), seed=st.integers(0, 99))
def test_clipping_is_torch_s_from_the_smallest_gradients_to_the_largest(
    kind, power, max_norm, seed
):
    dtype, make = KINDS[kind]
    rng = np.random.default_rng(seed)
    grads = {
        name: (10**power * rng.standard_normal(shape)).astype(dtype)
        for name, shape in (("W1", (3, 4)), ("b1", (1, 4)))
    }
    # in double precision: in single, PyTorch's own squares overflow from 1e19 on
    weights = [torch.zeros(grad.shape, dtype=torch.float64) for grad in grads.values()]
    for weight, grad in zip(weights, grads.values(), strict=True):
        weight.grad = torch.from_numpy(grad.astype(np.float64))
    length = torch.nn.utils.clip_grad_norm_(weights, max_norm)
    clipped = clip_by_global_norm({n: make(g) for n, g in grads.items()}, max_norm)
    info = np.finfo(dtype)
    near = {"rel": 20 * float(info.eps), "abs": float(info.tiny)}
    for weight, (name, grad) in zip(weights, clipped.items(), strict=True):
        assert grad.dtype == make(grads[name]).dtype
        assert np.asarray(grad) == pytest.approx(weight.grad.numpy(), **near)
        if length <= max_norm - 1e-5:
            assert np.array_equal(grad, grads[name])


@given(powers=st.lists(st.floats(-30, 30), min_size=2, max_size=5))
def test_every_member_is_clipped_as_it_would_be_alone(powers):
    rng = np.random.default_rng(0)
    sizes = 10 ** np.array(powers)
    grads = {
        "W1": sizes[:, None, None] * rng.standard_normal((len(powers), 3, 4)),
        "b1": sizes[:, None, None] * rng.standard_normal((len(powers), 1, 4)),
    }
    together = clip_by_global_norm(grads, 1.0, loss=sizes)
    for member in range(len(powers)):
        own = {name: grad[member] for name, grad in grads.items()}
        for name, grad in clip_by_global_norm(own, 1.0).items():
            assert together[name][member] == pytest.approx(grad, rel=1e-14, abs=0)


@pytest.mark.parametrize("size", [1e16, 1e17, 1e30, 1e150, 1e300])
def test_a_large_gradient_is_as_long_as_it_may_be(size):
    clipped = clip_by_global_norm({"w": np.full(3, size)}, 1.0)
    assert global_norm(clipped) == pytest.approx(1, rel=1e-14)


@pytest.mark.parametrize("max_norm", [0.5, 5.0, 50.0])
def test_a_clipped_rule_is_torch_s_clipping_before_torch_s_rule(max_norm):
    rule = Clipped(SGD(momentum=0.9), max_norm=max_norm)
    params = {name: np.zeros_like(grad) for name, grad in GRADS.items()}
    state = rule.init(params)
    weights = [torch.nn.Parameter(torch.tensor(w)) for w in params.values()]
    optimizer = torch.optim.SGD(weights, lr=0.1, momentum=0.9)
    for step in range(1, 5):
        grads = {name: grad / step for name, grad in GRADS.items()}
        for weight, grad in zip(weights, grads.values(), strict=True):
            weight.grad = torch.tensor(grad)
        torch.nn.utils.clip_grad_norm_(weights, max_norm)
        optimizer.step()
        params, state = rule.step(params, grads, state, 0.1, 0.0)
    for w, weight in zip(params.values(), weights, strict=True):
        assert w == pytest.approx(weight.detach().numpy(), rel=1e-13)


@pytest.mark.parametrize(
    ("max_norm", "length"), [(12.9, 12.9), (13.1, 13.0), (1e300, 13)]
)
def test_only_what_is_too_long_is_shortened(max_norm, length):
    clipped = clip_by_global_norm(GRADS, max_norm)
    assert global_norm(clipped) == pytest.approx(length, rel=1e-7)
    assert clipped["W1"][0, 0] / clipped["b1"][0, 0] == pytest.approx(3 / 12)


def test_clipping_changes_nothing_in_place_and_survives_zero():
    zero = {"w": np.zeros(3)}
    assert clip_by_global_norm(zero, 1.0)["w"].tolist() == [0, 0, 0]
    clip_by_global_norm(GRADS, 1.0)
    assert GRADS["b1"][0, 0] == 12


def test_a_network_of_no_arrays_has_no_length():
    assert global_norm({}) == 0
    assert clip_by_global_norm({}, 1.0) == {}


def test_gradients_that_are_lost_stay_lost():
    lost = {"a": np.array([np.nan]), "b": np.array([1.0])}
    assert all(np.isnan(grad).all() for grad in clip_by_global_norm(lost, 1.0).values())


@pytest.mark.parametrize("max_norm", [0, -1.0, np.nan, np.inf])
def test_a_length_that_is_none_is_refused(max_norm):
    with pytest.raises(ValueError, match="max_norm must be positive and finite, got"):
        clip_by_global_norm(GRADS, max_norm)
