import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn import functional

from lrcourse.network import losses

RNG = np.random.default_rng(0)
OUTPUTS = 3 * RNG.standard_normal((7, 4))
LABELS = RNG.integers(4, size=7)
SHARES = RNG.random((7, 4))
TWINS = [
    (losses.cross_entropy, LABELS, functional.cross_entropy),
    (
        losses.binary_cross_entropy,
        SHARES,
        functional.binary_cross_entropy_with_logits,
    ),
    (losses.mean_squared_error, SHARES, functional.mse_loss),
]


@pytest.mark.parametrize(("ours", "targets", "theirs"), TWINS)
def test_loss_and_gradient_are_torch_s(ours, targets, theirs):
    outputs = torch.tensor(OUTPUTS, requires_grad=True)
    expected = theirs(outputs, torch.tensor(targets))
    expected.backward()
    loss, grad = ours(OUTPUTS, targets)
    assert loss == pytest.approx(expected.item(), rel=1e-14)
    assert grad == pytest.approx(outputs.grad.numpy(), rel=1e-12, abs=1e-16)


@given(
    z=st.floats(-1e4, 1e4),
    y=st.sampled_from([0.0, 1.0]),
)
def test_a_certain_answer_costs_its_logit_when_it_is_wrong(z, y):
    loss, grad = losses.binary_cross_entropy(np.array([[z]]), [[y]])
    wrong = -z if y else z
    assert max(wrong, 0) <= loss <= max(wrong, 0) + np.log(2)
    assert abs(grad.item()) <= 1


@pytest.mark.parametrize("size", [40.0, 1e4, 1e300])
def test_extreme_outputs_keep_losses_and_gradients_finite(size):
    outputs = np.array([[size, -size], [-size, size], [size, size]])
    for loss, targets in (
        (losses.cross_entropy, [1, 1, 0]),
        (losses.binary_cross_entropy, np.eye(3)[:, :2]),
    ):
        value, grad = loss(outputs, targets)
        assert np.isfinite(value)
        assert np.isfinite(grad).all()
        assert np.abs(grad).max() <= 1


def test_a_confident_right_answer_costs_a_little_and_not_nothing():
    loss, _ = losses.binary_cross_entropy(np.array([[40.0]]), [[1.0]])
    assert loss == pytest.approx(np.exp(-40), rel=1e-12, abs=0)


def test_all_rows_of_the_cross_entropy_gradient_sum_to_zero():
    _, grad = losses.cross_entropy(OUTPUTS, LABELS)
    assert grad.sum(axis=1) == pytest.approx(np.zeros(7), abs=1e-16)


def test_doubling_the_batch_changes_no_loss():
    for loss, targets, _ in TWINS:
        once, _ = loss(OUTPUTS, targets)
        twice, _ = loss(np.tile(OUTPUTS, (2, 1)), np.concatenate([targets, targets]))
        assert twice == pytest.approx(once, rel=1e-14)


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        ([0, 1, 3], "labels must be from 0 to 2 for 3 outputs, got 0 to 3"),
        ([0, -1, 1], "labels must be from 0 to 2 for 3 outputs, got -1 to 1"),
        ([0, 1], r"labels must be 3 integers.*got shape \(2,\)"),
        (np.eye(3), r"labels must be 3 integers.*got shape \(3, 3\)"),
        ([0.0, 1.0, 2.0], "labels must be 3 integers.*float64"),
    ],
)
def test_labels_that_are_none_are_refused(labels, message):
    with pytest.raises(ValueError, match=message):
        losses.cross_entropy(np.zeros((3, 3)), labels)


@pytest.mark.parametrize(
    ("loss", "targets", "message"),
    [
        (losses.mean_squared_error, [1.0, 2.0], r"shape of the outputs, \(2, 1\)"),
        (losses.mean_squared_error, [[1.0], [np.nan]], "targets must be finite"),
        (losses.binary_cross_entropy, [0, 1], r"shape of the outputs, \(2, 1\)"),
        (losses.binary_cross_entropy, [[0], [2]], "from 0 to 1, got 0.0 to 2.0"),
    ],
)
def test_targets_that_do_not_fit_are_refused(loss, targets, message):
    with pytest.raises(ValueError, match=message):
        loss(np.zeros((2, 1)), targets)


def test_a_batch_of_nothing_has_no_loss():
    for loss, targets in (
        (losses.cross_entropy, np.zeros(0, dtype=int)),
        (losses.mean_squared_error, np.zeros((0, 2))),
    ):
        with pytest.raises(ValueError, match=r"at least one|not be empty"):
            loss(np.zeros((0, 2)), targets)


def test_accuracy_counts_the_largest_outputs_that_are_right():
    outputs = np.array([[0.1, 0.7, 0.2], [5, -1, 4], [0, 0, 1], [1, 2, 3]])
    assert losses.accuracy(outputs, [1, 2, 2, 2]) == 0.75


def test_a_single_output_says_one_above_zero():
    outputs = np.array([[0.2], [-0.2], [3.0], [-3.0]])
    assert losses.accuracy(outputs, [1, 1, 1, 0]) == 0.75


@pytest.mark.parametrize("labels", [[1, 0], [[1], [0], [1]]])
def test_accuracy_needs_a_label_for_each_row(labels):
    with pytest.raises(ValueError, match=r"labels must have shape \(3,\)"):
        losses.accuracy(np.zeros((3, 2)), labels)
