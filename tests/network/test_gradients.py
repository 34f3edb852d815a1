from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrcourse.data import digits
from lrcourse.network import (
    MLP,
    RIGHT_LINKS,
    broken,
    gradient_error,
    numerical_grads,
    relative_error,
)

NETS = [
    MLP((5, 3)),
    MLP((5, 4, 3), activation="tanh"),
    MLP((5, 4, 4, 1), activation="sigmoid", loss="binary_cross_entropy"),
    MLP((5, 4, 4, 5), activation="tanh", loss="mean_squared_error", batch_norm=True),
]


def test_central_differences_find_the_slopes_of_a_cubic():
    params = {"a": np.array([[1.0, -2.0]]), "b": np.array(0.5)}
    grads = numerical_grads(lambda p: float((p["a"] ** 3).sum() * p["b"]), params)
    assert grads["a"] == pytest.approx(np.array([[1.5, 6.0]]), rel=1e-8)
    assert grads["b"] == pytest.approx(-7, rel=1e-8)


@pytest.mark.parametrize("h", [0.5, 0.1, 1e-3])
def test_what_a_difference_leaves_is_known_for_a_cubic(h):
    def cubic(params):
        return float(params["w"] ** 3)

    at = {"w": np.array(2.0)}
    central = numerical_grads(cubic, at, h)["w"]
    forward = numerical_grads(cubic, at, h, difference="forward")["w"]
    assert central - 12 == pytest.approx(h**2, rel=1e-4)  # third derivative 6, over 6
    assert forward - 12 == pytest.approx(6 * h + h**2, rel=1e-6)  # 12 / 2 * h, and more


@pytest.mark.parametrize("net", NETS)
def test_the_right_pass_has_no_error_in_any_parameter(net):
    errors = gradient_error(net, *example(net))
    assert list(errors) == list(net.shapes)
    assert max(errors.values()) < 1e-7


def test_the_error_over_h_is_a_valley_and_a_forward_difference_s_is_shallower():
    net = MLP((64, 16, 10), activation="sigmoid")
    split = digits()
    few = split.inputs[:8], split.labels[:8]
    params = net.init(0, "xavier")

    def worst(h, difference):
        return max(gradient_error(net, params, *few, h, difference).values())

    hs = [10.0**-power for power in range(1, 12, 2)]
    central = [worst(h, "central") for h in hs]
    forward = [worst(h, "forward") for h in hs]
    for errors, bottom in ((central, 2), (forward, 3)):
        assert np.argmin(errors) == bottom  # h of 1e-5, and of 1e-7
        assert np.all(np.diff(errors[: bottom + 1]) < 0)
        assert np.all(np.diff(errors[bottom:]) > 0)
    assert central[0] / central[1] == pytest.approx(100**2, rel=0.1)
    assert forward[0] / forward[1] == pytest.approx(100, rel=0.1)
    assert min(central) < 2e-9 < 5e-8 < min(forward) < 1e-6


def test_a_kink_within_h_is_an_error_that_a_smaller_h_has_not():
    net = MLP((1, 1, 1), loss="mean_squared_error")
    params = {name: np.ones(shape) for name, shape in net.shapes.items()}
    params["b1"] = np.array([[-0.999]])  # z is 0.001: a step of 0.1 passes the kink
    inputs, targets = np.ones((1, 1)), np.zeros((1, 1))
    near = gradient_error(net, params, inputs, targets, h=1e-5)
    across = gradient_error(net, params, inputs, targets, h=0.1)
    assert max(near.values()) < 1e-7
    assert across["W1"] > 0.2


WRONG = {  # of W1, b1, W2, b2 for 8 examples of 64 features; None: not known beforehand
    "biases get no gradient": (0, 1, 0, 1),
    "divided by features, not examples": (7 / 9,) * 4,
    "fixed random matrix in place of W": (None, None, 0, 0),
    "slope of the activation left out": (None, None, 0, 0),
    "mean taken twice": (7 / 9,) * 4,
    "nothing handed on to the layer before": (1, 1, 0, 0),
    "sign lost on the way back": (1, 1, 0, 0),
}


def test_each_broken_link_shows_in_the_parameters_behind_it_and_in_no_other():
    net, split = MLP((64, 32, 10)), digits()
    params, few = net.init(0), (split.inputs[:8], split.labels[:8])
    nets = broken(net)
    assert list(nets) == list(WRONG)
    for name, expected in WRONG.items():
        errors = gradient_error(nets[name], params, *few)
        for (of, error), wanted in zip(errors.items(), expected, strict=True):
            if wanted is None:
                assert error > 0.3, (name, of)
            else:
                assert error == pytest.approx(wanted, abs=1e-6), (name, of)


def test_taken_together_the_errors_are_those_of_one_long_vector():
    net, split = MLP((64, 32, 10)), digits()
    params, few = net.init(0), (split.inputs[:8], split.labels[:8])
    slopes = numerical_grads(lambda p: net.loss_and_grads(p, *few)[0], params, 1e-5)
    total = {
        name: round(relative_error(wrong.loss_and_grads(params, *few)[1], slopes), 2)
        for name, wrong in broken(net).items()
    }
    assert total["biases get no gradient"] == 0.14
    assert total["slope of the activation left out"] == 0.37
    assert total["nothing handed on to the layer before"] == 0.61
    assert total["sign lost on the way back"] == 0.89


def test_a_broken_pass_changes_neither_outputs_nor_loss_nor_first_weights():
    net = MLP((5, 4, 4, 3), activation="tanh", gain=0.7)
    params, inputs, targets = example(net)
    loss, grads = net.loss_and_grads(params, inputs, targets)
    for wrong in broken(net).values():
        assert np.array_equal(wrong.init(0)["W2"], net.init(0)["W2"])
        wrong_loss, wrong_grads = wrong.loss_and_grads(params, inputs, targets)
        assert wrong_loss == loss
        assert any(not np.array_equal(wrong_grads[name], grads[name]) for name in grads)


def test_random_feedback_is_the_same_at_every_update():
    net = broken(MLP((5, 4, 4, 3)))["fixed random matrix in place of W"]
    params, inputs, _ = example(net)
    moved = {**params, "W3": params["W3"] + 1.0}
    _, caches = net.forward(params, inputs)
    grad = np.ones((7, 3))
    once, again = (net.backward(p, caches, grad) for p in (params, moved))
    assert np.array_equal(once["W2"], again["W2"])
    handed_on = net.links.inputs(grad, params["W3"])
    assert not np.allclose(handed_on, grad @ params["W3"].T)


def test_every_link_is_used_and_named_links_alone_can_be_replaced():
    net = MLP((5, 4, 3))
    params, inputs, targets = example(net)
    right = net.loss_and_grads(params, inputs, targets)[1]
    for name, link in RIGHT_LINKS._asdict().items():
        doubled = RIGHT_LINKS._replace(**{name: lambda *a, link=link: 2 * link(*a)})
        grads = replace(net, links=doubled).loss_and_grads(params, inputs, targets)[1]
        assert not all(np.array_equal(grads[key], right[key]) for key in right), name
    with pytest.raises(ValueError, match="unexpected field names"):
        RIGHT_LINKS._replace(transpose=np.transpose)


def test_a_missing_transpose_can_hide_where_a_matrix_is_square_but_not_from_a_check():
    net = MLP((5, 4, 4, 4), activation="tanh")
    wrong = replace(net, links=RIGHT_LINKS._replace(inputs=lambda grad, w: grad @ w))
    params, inputs, labels = example(net)
    errors = gradient_error(wrong, params, inputs, labels)
    assert min(errors[name] for name in ("W1", "b1", "W2", "b2")) > 0.1
    assert max(errors[name] for name in ("W3", "b3")) < 1e-7


@given(c=st.floats(1e-6, 1e6), seed=st.integers(0, 100))
def test_a_gradient_c_times_too_long_has_a_known_error_however_long_it_is(c, seed):
    grad = np.random.default_rng(seed).standard_normal((3, 4))
    expected = abs(c - 1) / (c + 1)
    assert relative_error(c * grad, grad) == pytest.approx(expected, abs=1e-12)
    assert relative_error(grad, c * grad) == pytest.approx(expected, abs=1e-12)
    assert relative_error(-c * grad, grad) == pytest.approx(1)


def test_zeros_are_equal_and_what_is_lost_is_not():
    assert relative_error(np.zeros(3), np.zeros(3)) == 0
    assert relative_error(np.zeros(3), np.ones(3)) == 1
    assert np.isnan(relative_error(np.array([np.nan]), np.ones(1)))


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"h": 0.0}, "h must be positive and finite, got 0.0"),
        ({"difference": "backward"}, "difference must be one of central, forward, got"),
    ],
)
def test_a_difference_that_is_none_is_refused(settings, message):
    with pytest.raises(ValueError, match=message):
        gradient_error(NETS[0], *example(NETS[0]), **settings)


def example(net):
    rng = np.random.default_rng(4)
    params = {
        name: w + 0.3 * rng.standard_normal(w.shape) for name, w in net.init(1).items()
    }
    inputs = rng.standard_normal((7, net.sizes[0]))
    if net.loss == "cross_entropy":
        return params, inputs, rng.integers(net.sizes[-1], size=7)
    return params, inputs, rng.random((7, net.sizes[-1]))
