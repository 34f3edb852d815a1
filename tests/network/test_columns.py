import numpy as np
import pytest

from lrcourse.network.columns import REPAIRS, column_loss, column_params, mended

INPUTS, LABELS = np.array([[1.0, 2.0]]), np.array([[0.6]])


def far(count, inputs=INPUTS, labels=LABELS, sizes=(2, 4, 4, 1)):
    return mended(column_params(sizes, 0, 1.0), inputs, labels, REPAIRS[:count])


@pytest.mark.parametrize(
    ("count", "stopped"),
    [
        (0, "ValueError: (4, 2) times (1, 2)"),
        (1, "KeyError 'A3'"),
        (2, "KeyError 'W1'"),
        (3, "KeyError 'dW1'"),
        (4, ""),
        (5, ""),
    ],
)
def test_each_repair_meets_the_next_error(count, stopped):
    assert far(count).stopped == stopped


def test_what_is_missing_is_the_first_layer_alone():
    assert far(0).missing == far(1).missing == []
    assert far(2).missing == far(3).missing == ["W1", "b1"]
    assert far(4).missing == far(5).missing == []


@pytest.mark.parametrize("examples", [1, 3, 8])
def test_a_mean_over_features_is_off_by_examples_over_features(examples):
    rng = np.random.default_rng(1)
    inputs, labels = rng.normal(size=(examples, 2)), rng.random((1, examples))
    share = examples / 2
    assert far(4, inputs, labels).error == pytest.approx(
        abs(share - 1) / (share + 1), abs=1e-7
    )
    assert far(5, inputs, labels).error < 1e-7


def test_two_examples_of_two_features_hide_the_missing_transpose():
    inputs, labels = np.array([[1.0, 2.0], [0.5, -1.0]]), np.array([[0.6, 0.1]])
    wrong = [repair for repair in REPAIRS if repair != "examples as columns"]
    params = column_params((2, 4, 1), 0, 1.0)
    hidden = mended(params, inputs, labels, wrong)
    assert hidden.stopped == ""
    assert hidden.error > 0.01


def test_mended_it_agrees_with_pytorch():
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(2)
    inputs, labels = rng.normal(size=(5, 3)), rng.random((2, 5))
    params = column_params((3, 4, 2), 0, 1.0)
    a = torch.tensor(inputs.T)
    for layer in (1, 2):
        w, b = (torch.tensor(params[f"{name}{layer}"]) for name in "Wb")
        z = w @ a + b
        a = torch.sigmoid(z)
    theirs = torch.nn.functional.binary_cross_entropy_with_logits(
        z, torch.tensor(labels), reduction="sum"
    )
    assert column_loss(params, inputs, labels) == pytest.approx(theirs.item() / 5)
    assert mended(params, inputs, labels, REPAIRS).error < 1e-7


def test_a_repair_that_is_none_is_refused():
    with pytest.raises(ValueError, match="repairs must be one of examples as columns"):
        mended(column_params((2, 1), 0, 1.0), INPUTS, LABELS, ["a prayer"])


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (((2,), 0, 1.0), "sizes must be two or more, got"),
        (((2, 0), 0, 1.0), "sizes must be a positive integer, got 0"),
        (((2, 1), -1, 1.0), "seed must be"),
        (((2, 1), 0, -1.0), "sd must be"),
    ],
)
def test_settings_that_are_none_are_refused(settings, message):
    with pytest.raises(ValueError, match=message):
        column_params(*settings)
