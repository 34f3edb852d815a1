import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from lrcourse.optimizers import clip_by_global_norm, global_norm

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


def test_gradients_that_are_lost_stay_lost():
    lost = {"a": np.array([np.nan]), "b": np.array([1.0])}
    assert all(np.isnan(grad).all() for grad in clip_by_global_norm(lost, 1.0).values())


@pytest.mark.parametrize("max_norm", [0, -1.0, np.nan, np.inf])
def test_a_length_that_is_none_is_refused(max_norm):
    with pytest.raises(ValueError, match="max_norm must be positive and finite, got"):
        clip_by_global_norm(GRADS, max_norm)
