"""Facts of the update rules. What other libraries say is in test_optimizers_oracles."""

import copy
import pickle
import re
from dataclasses import FrozenInstanceError, fields, replace
from inspect import signature

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from lrcourse import optimizers
from lrcourse.optimizers import (
    L2,
    SGD,
    Adagrad,
    Adam,
    AdamW,
    AMSGrad,
    Clipped,
    DAdaptationSGD,
    EachArray,
    HypergradientSGD,
    KerasSGD,
    Muon,
    NetworkRule,
    Polyak,
    RAdam,
    RMSprop,
    ScheduledMomentum,
    UncorrectedAdam,
    on_network,
    per_member,
)
from tests import name_of

RULES = [
    SGD(),
    SGD(momentum=0.9),
    SGD(momentum=0.9, nesterov=True),
    KerasSGD(momentum=0.9),
    KerasSGD(momentum=0.9, nesterov=True),
    Adagrad(),
    Adagrad(initial_accumulator=0.1, eps_in_root=True),
    RMSprop(),
    RMSprop(eps_in_root=True),
    Adam(),
    UncorrectedAdam(),
    AdamW(),
    AMSGrad(),
    RAdam(),
    ScheduledMomentum(momentum=lambda step: 0.9 - 0.1 * (step % 3)),
    L2(SGD(momentum=0.9), weight_decay=0.1),
    L2(Adam(), weight_decay=0.1),
]
NETWORK_RULES = [
    Clipped(Adam(), max_norm=1.0),
    DAdaptationSGD(d0=0.1),
    HypergradientSGD(hyper_lr=0.1),
    Polyak(),
]
every_rule = pytest.mark.parametrize("rule", RULES, ids=name_of)
facts = settings(max_examples=25, deadline=None, derandomize=True)

LRS = np.array([0.001, 0.03, 0.1])
MEMBERS = np.random.default_rng(0).standard_normal((3, 2, 5))


@every_rule
def test_the_same_text_serves_an_array_and_a_tensor(rule):
    of_array = path(rule, MEMBERS, lambda step: 0.1 / (1 + step))
    of_tensor = path(rule, torch.from_numpy(MEMBERS), lambda step: 0.1 / (1 + step))
    assert torch.is_tensor(of_tensor[-1])
    # not to the last bit: torch multiplies by 1 / x where it should divide by a number
    assert_close(torch.stack(of_tensor).numpy(), np.array(of_array))


@every_rule
@pytest.mark.parametrize("kind", [np.asarray, torch.from_numpy])
def test_a_member_of_a_batch_moves_as_it_would_alone(rule, kind):
    members, lrs = kind(MEMBERS), kind(LRS.reshape(3, 1, 1))
    together = path(rule, members, lambda step: lrs)[-1]
    for member, w, lr in zip(together, members, LRS, strict=True):
        assert_close(member, path(rule, w, lambda step, lr=lr: lr)[-1])


@every_rule
def test_a_network_of_members_moves_array_by_array(rule):
    w, b = torch.from_numpy(MEMBERS), torch.from_numpy(MEMBERS[:, :1])
    lrs = torch.from_numpy(LRS)
    network = on_network(rule)
    params, state = {"W1": w, "b1": b}, network.init({"W1": w, "b1": b})
    for _ in range(10):
        grads = {name: gradient(value) for name, value in params.items()}
        params, state = network.step(params, grads, state, lrs, loss=None)
    for name, start in ("W1", w), ("b1", b):
        alone = path(rule, start, lambda step: lrs.reshape(3, 1, 1))[-1]
        assert torch.equal(params[name], alone)


@every_rule
@pytest.mark.parametrize("kind", [np.float32, torch.float32])
def test_single_precision_stays_single(rule, kind):
    w = torch.ones(3, dtype=kind) if kind is torch.float32 else np.ones(3, kind)
    assert path(rule, w, lambda step: 0.1)[-1].dtype == kind


@every_rule
def test_a_number_moves_as_an_array_does(rule):
    of_number = path(rule, 0.5, lambda step: 0.1)[-1]
    assert_close(of_number, path(rule, np.array(0.5), lambda step: 0.1)[-1])


@every_rule
def test_nothing_changes_in_place(rule):
    w, grad = np.array([1.0, 2.0]), np.array([0.5, -0.5])
    _, state = rule.step(w, grad, rule.init(w), 0.1)
    before = copy.deepcopy((w, grad, state))
    rule.step(w, grad, state, 0.1)
    np.testing.assert_equal((w, grad, state), before)


def test_a_network_rule_is_taken_as_it_is_and_any_other_is_mapped():
    class Still(NetworkRule):
        def init(self, params):
            return None

        def step(self, params, grads, state, lr, loss):
            return dict(params), state

    still = Still()
    assert on_network(still) is still
    assert on_network(SGD()) == EachArray(SGD())


def test_a_rate_per_member_gets_the_shape_of_what_it_multiplies():
    w = np.ones((3, 4, 2))
    assert per_member(0.1, w) == 0.1
    assert per_member(LRS, w).shape == (3, 1, 1)
    assert per_member(LRS.reshape(3, 1), w).shape == (3, 1, 1)
    assert per_member(torch.from_numpy(LRS), w).shape == (3, 1, 1)


def test_velocity_sums_a_steady_gradient_to_ten_times_itself():
    assert moves(SGD(momentum=0.9), [1.0] * 200, lr=0.1)[-1] == pytest.approx(-1)


@pytest.mark.parametrize("nesterov", [False, True])
@given(momentum=st.floats(0.01, 0.99), lr=st.floats(1e-4, 1.0))
@facts
def test_at_a_constant_rate_both_momenta_walk_the_same_path(nesterov, momentum, lr):
    grads = np.random.default_rng(1).standard_normal(40)
    outside = moves(SGD(momentum=momentum, nesterov=nesterov), grads, lr)
    inside = moves(KerasSGD(momentum=momentum, nesterov=nesterov), grads, lr)
    assert inside == pytest.approx(outside, rel=1e-12, abs=1e-12 * lr)


def test_after_a_cut_the_velocity_of_keras_coasts_and_that_of_torch_obeys():
    lrs = [0.1] * 50 + [0.01]
    assert moves(SGD(momentum=0.9), [1.0] * 51, lrs)[-1] == pytest.approx(
        -0.0995, abs=5e-5
    )
    assert moves(KerasSGD(momentum=0.9), [1.0] * 51, lrs)[-1] == pytest.approx(
        -0.9054, abs=5e-5
    )


def test_adagrad_decays_by_itself_like_one_over_the_root_of_time():
    found = moves(Adagrad(), [3.0] * 100, lr=0.1)
    assert found == pytest.approx([-0.1 / t**0.5 for t in range(1, 101)])


def test_rmsprop_starts_ten_times_too_far_and_ends_at_the_rate():
    found = moves(RMSprop(), [3.0] * 1000, lr=0.1)
    assert found[0] == pytest.approx(-1)
    assert found[-1] == pytest.approx(-0.1, rel=1e-4)


def test_eps_in_the_root_counts_as_its_own_root():
    grad = 1e-12  # far below both
    outside = moves(RMSprop(eps=1e-8), [grad], lr=0.1)[0]
    inside = moves(RMSprop(eps=1e-8, eps_in_root=True), [grad], lr=0.1)[0]
    assert outside == pytest.approx(-0.1 * grad / 1e-8, rel=1e-4)
    assert inside == pytest.approx(-0.1 * grad / 1e-4, rel=1e-4)


@pytest.mark.parametrize("rule", [Adam(), AMSGrad(), AdamW()], ids=name_of)
@given(size=st.floats(1e-4, 1e4), sign=st.sampled_from([-1, 1]))
@facts
def test_adam_first_moves_by_the_rate_whatever_the_gradient(rule, size, sign):
    first = moves(rule, [sign * size], lr=0.1)[0]
    assert first == pytest.approx(-0.1 * sign, rel=2e-8 / size + 1e-12)


def test_adam_first_moves_by_half_the_rate_where_the_gradient_is_eps():
    assert moves(Adam(), [1e-8], lr=0.1)[0] == pytest.approx(-0.05)


def test_without_correction_adam_overshoots_by_three_and_soon_by_six():
    over = np.abs(moves(UncorrectedAdam(), [2.0] * 10_000, lr=1.0))
    expected = [(1 - 0.9**t) / (1 - 0.999**t) ** 0.5 for t in range(1, 10_001)]
    assert over == pytest.approx(expected, rel=1e-6)
    assert over[0] == pytest.approx(3.16, abs=0.005)
    assert (over.argmax() + 1, over.max()) == (12, pytest.approx(6.57, abs=0.005))
    assert over[-1] == pytest.approx(1, abs=1e-4)
    assert np.abs(moves(Adam(), [2.0] * 100, lr=1.0)) == pytest.approx(np.ones(100))


@pytest.mark.parametrize("rule", RULES[:5], ids=name_of)
@given(factor=st.floats(1e-3, 1e3))
@facts
def test_scaling_the_loss_is_scaling_the_rate_for_gradient_descent(rule, factor):
    grads = np.random.default_rng(2).standard_normal(40)
    scaled_loss = moves(rule, factor * grads, lr=0.01)
    scaled_rate = moves(rule, grads, lr=0.01 * factor)
    assert scaled_loss == pytest.approx(scaled_rate, rel=1e-9, abs=1e-12 * factor)


@pytest.mark.parametrize(
    "rule", [Adagrad(), RMSprop(), Adam(), AdamW(), AMSGrad()], ids=name_of
)
@given(factor=st.floats(1e-3, 1e3))
@facts
def test_scaling_the_loss_changes_nothing_where_the_gradient_is_divided_out(
    rule, factor
):
    grads = np.random.default_rng(2).standard_normal(40)
    exact = replace(rule, eps=0.0)
    plain = moves(exact, grads, lr=0.01)
    assert moves(exact, factor * grads, lr=0.01) == pytest.approx(plain, rel=1e-9)


def test_eps_is_all_that_a_thousandfold_loss_changes_for_adam():
    grads = np.random.default_rng(2).standard_normal(40)
    plain, scaled = (moves(Adam(), c * grads, lr=0.01) for c in (1, 1000))
    assert 1e-10 < np.abs(scaled / plain - 1).max() < 1e-6


def test_scaling_the_loss_scales_the_first_five_updates_of_radam():
    grads = np.random.default_rng(2).standard_normal(40)
    plain, scaled = (moves(RAdam(eps=0.0), c * grads, lr=0.01) for c in (1, 1000))
    assert scaled[:5] == pytest.approx(1000 * plain[:5])
    assert scaled[5:] == pytest.approx(plain[5:])


@pytest.mark.parametrize("weight_decay", [1e-4, 1e-2, 1.0])
def test_where_the_loss_is_flat_adam_with_l2_steps_alike_for_every_decay(weight_decay):
    w = np.array([3.0, -0.5])
    rule = L2(Adam(), weight_decay=weight_decay)
    first, _ = rule.step(w, 0 * w, rule.init(w), 0.01)
    assert w - first == pytest.approx(0.01 * np.sign(w), rel=1e-3)


@pytest.mark.parametrize(
    "rule", [L2(SGD(), weight_decay=0.1), AdamW(weight_decay=0.1)], ids=name_of
)
def test_where_the_loss_is_flat_decoupled_decay_is_a_power_and_so_is_l2_of_sgd(rule):
    w, state = np.array([3.0, -0.5]), rule.init(np.zeros(2))
    for _ in range(1000):
        w, state = rule.step(w, 0 * w, state, 0.01)
    assert w / [3.0, -0.5] == pytest.approx((1 - 0.01 * 0.1) ** 1000, rel=1e-12)
    assert w[0] / 3 == pytest.approx(np.exp(-1), rel=1e-3)  # memory: 1 / (lr * decay)


def test_l2_is_the_gradient_of_half_the_decay_times_the_squared_weights():
    w = torch.tensor([3.0, -0.5], dtype=torch.float64, requires_grad=True)
    (0.1 / 2 * (w**2).sum()).backward()
    moved, _ = L2(SGD(), weight_decay=0.1).step(w.detach(), 0 * w.grad, w.grad * 0, 1.0)
    assert torch.allclose(moved, w.detach() - w.grad, rtol=1e-15)


@given(grads=st.lists(st.floats(-10, 10), min_size=1, max_size=30))
@facts
def test_amsgrad_never_forgets_its_largest_mean_square(grads):
    rule, w = AMSGrad(), np.zeros(1)
    state, seen = rule.init(w), [0.0]
    for grad in grads:
        w, state = rule.step(w, np.array([grad]), state, 0.1)
        seen.append(max(seen[-1], state.moments.v.item()))
        assert state.v_max == seen[-1]


def test_amsgrad_is_adam_until_gradients_shrink():
    grads = np.array([1.0, 2, 3, 4, 5, 0.1, 0.1, 0.1])
    beta2 = 0.9  # a short memory
    adam, amsgrad = (abs(moves(rule(beta2=beta2), grads)) for rule in (Adam, AMSGrad))
    assert np.array_equal(amsgrad[:5], adam[:5])
    assert np.all(amsgrad[5:] < 0.99 * adam[5:])


def test_amsgrad_is_adam_where_the_mean_square_stands_still():
    steady = [2.0] * 5
    assert np.array_equal(
        moves(AMSGrad(beta2=0.0), steady), moves(Adam(beta2=0.0), steady)
    )


def test_radam_starts_without_division_and_rises_slowly():
    factors = [RAdam().rectification(t) for t in (5, 6, 10, 100, 1000, 5000)]
    assert factors[0] is None
    assert factors[1:] == pytest.approx([0.026, 0.049, 0.215, 0.645, 0.983], abs=5e-4)
    assert RAdam().rectification(100_000) == pytest.approx(1)


REFUSED = [
    (SGD, {"momentum": 1.0}, r"momentum must be in \[0, 1\), got 1.0"),
    (SGD, {"momentum": -0.1}, r"momentum must be in \[0, 1\), got -0.1"),
    (KerasSGD, {"momentum": 1.5}, r"momentum must be in \[0, 1\), got 1.5"),
    (SGD, {"momentum": float("nan")}, r"momentum must be in \[0, 1\), got nan"),
    (SGD, {"nesterov": True}, "nesterov needs a momentum above 0, got 0"),
    (KerasSGD, {"nesterov": True}, "nesterov needs a momentum above 0, got 0"),
    (Adagrad, {"eps": -1e-8}, "eps must be zero or more and finite, got -1e-08"),
    (
        Adagrad,
        {"initial_accumulator": -0.1},
        "initial_accumulator must be zero or more",
    ),
    (RMSprop, {"beta2": 1.0}, r"beta2 must be in \[0, 1\), got 1.0"),
    (RMSprop, {"eps": float("inf")}, "eps must be zero or more and finite, got inf"),
    (Adam, {"beta1": 1.0}, r"beta1 must be in \[0, 1\), got 1.0"),
    (UncorrectedAdam, {"beta2": -0.1}, r"beta2 must be in \[0, 1\), got -0.1"),
    (AMSGrad, {"eps": float("nan")}, "eps must be zero or more and finite, got nan"),
    (RAdam, {"beta2": 2}, r"beta2 must be in \[0, 1\), got 2"),
    (AdamW, {"beta1": 1.0}, r"beta1 must be in \[0, 1\), got 1.0"),
    (AdamW, {"weight_decay": -0.01}, "weight_decay must be zero or more and finite"),
    (L2, {"rule": SGD(), "weight_decay": -1}, "weight_decay must be zero or more"),
]


@pytest.mark.parametrize(("rule", "setting", "message"), REFUSED)
def test_a_setting_outside_its_range_is_refused(rule, setting, message):
    with pytest.raises(ValueError, match=message):
        rule(**setting)


SETTINGS = {
    SGD: "momentum=..., nesterov=...",
    Adam: "beta1=..., beta2=..., eps=...",
    AdamW: "beta1=..., beta2=..., eps=..., weight_decay=...",
    Adagrad: "initial_accumulator=..., eps=..., eps_in_root=...",
    Muon: "momentum=..., nesterov=..., weight_decay=..., eps=...",
    Polyak: "f_star=...",
    HypergradientSGD: "hyper_lr=...",
    ScheduledMomentum: "momentum=..., nesterov=...",
}


@pytest.mark.parametrize("rule", SETTINGS)
def test_a_rate_is_no_setting_and_settings_come_by_name(rule):
    name = rule.__name__
    form = re.escape(f"must be of the form {name}({SETTINGS[rule]}): settings come by ")
    for refused, call in (
        (lambda: rule(0.001), rf"{name}\(0.001\) "),
        (lambda: rule(lr=0.001), rf"{name}\(lr=0.001\) "),
    ):
        with pytest.raises(TypeError, match=call + form + "name, and the learning rat"):
            refused()


def test_what_a_rule_is_wrapped_around_is_no_setting():
    assert L2(SGD(), weight_decay=0.1) == L2(rule=SGD(), weight_decay=0.1)
    with pytest.raises(TypeError, match=r"0.1\) must be of the form L2\(rule, weight"):
        L2(SGD(), 0.1)
    with pytest.raises(TypeError, match=r"of the form Clipped\(rule, max_norm=...\)"):
        Clipped(SGD(), 1.0)
    with pytest.raises(TypeError, match=r"missing 1 required .* 'max_norm'"):
        Clipped(SGD())


def test_a_rule_is_a_value_like_any_frozen_dataclass():
    rule = Adam(beta1=0.8)
    assert pickle.loads(pickle.dumps(rule)) == copy.deepcopy(rule) == replace(rule)
    assert replace(rule, eps=1e-3) == Adam(beta1=0.8, eps=1e-3)
    assert str(signature(Adam)).startswith("(*, beta1: float = 0.9, beta2: float")
    with pytest.raises(FrozenInstanceError):
        rule.beta1 = 0.9


DIVIDING = [Adagrad, RMSprop, Adam, AdamW, AMSGrad, RAdam, UncorrectedAdam]


@pytest.mark.parametrize("rule", DIVIDING)
@pytest.mark.parametrize("kind", [np.float16, torch.float16])
def test_where_eps_is_zero_in_half_precision_it_is_refused(rule, kind):
    w = torch.ones(3, dtype=kind) if kind is torch.float16 else np.ones(3, kind)
    with pytest.raises(ValueError, match=r"w must be float32 or .*float16: there that"):
        rule().init(w)
    counts = rule(eps=1e-4)
    moved, _ = counts.step(w, 0 * w, counts.init(w), 0.1)
    assert moved.dtype == w.dtype
    assert bool((moved - w < 0.01).all())


@pytest.mark.parametrize("eps", [2.0**-25, 2.0**-24])
def test_what_is_refused_in_half_precision_is_what_becomes_zero(eps):
    w = np.ones(2, np.float16)
    if np.float16(eps):
        Adam(eps=eps).init(w)
    else:
        with pytest.raises(ValueError, match="w must be float32"):
            Adam(eps=eps).init(w)


def test_bfloat16_reaches_as_far_as_float32_and_needs_no_other_eps():
    w = torch.ones(3, dtype=torch.bfloat16)
    moved, _ = Adam().step(w, 0 * w, Adam().init(w), 0.1)
    assert torch.equal(moved, w)


def test_an_array_without_a_gradient_stays_as_it_is():
    w = np.ones((2, 3))
    params = {"W1": w, "moments": w}
    for rule in (L2(SGD(momentum=0.9), weight_decay=0.1), AdamW(), *NETWORK_RULES):
        network = on_network(rule)
        moved, state = dict(params), network.init(params)
        for _ in range(3):
            moved, state = network.step(moved, {"W1": 0.1 * w}, state, 0.1, 1.0)
        assert list(moved) == list(params)
        assert moved["moments"] is w
        assert not np.array_equal(moved["W1"], w)


@pytest.mark.parametrize("rule", [SGD, Adagrad, RMSprop, Adam, AdamW])
def test_zero_is_allowed_for_every_number(rule):
    numbers = {f.name: 0 for f in fields(rule) if isinstance(f.default, float)}
    assert numbers
    assert rule(**numbers)


def test_every_rule_can_be_imported_by_its_name():
    kinds = {type(rule).__name__ for rule in RULES}
    assert kinds <= set(optimizers.__all__)


def assert_close(found, expected):
    np.testing.assert_allclose(found, expected, rtol=1e-14, atol=1e-15)


def gradient(w):
    return w + w * w * w / 10 + 0.1


def path(rule, w, lr_of):
    """Return the weights after each of ten updates in a bent bowl."""
    state, weights = rule.init(w), []
    for step in range(10):
        w, state = rule.step(w, gradient(w), state, lr_of(step))
        weights.append(w)
    return weights


def moves(rule, grads, lr=0.1):
    """Return what each of `grads` moves one weight by, from the origin."""
    w, state, found = np.zeros(1), rule.init(np.zeros(1)), []
    for grad, now in zip(grads, np.broadcast_to(lr, len(grads)), strict=True):
        before = w
        w, state = rule.step(w, np.array([grad]), state, now)
        found.append((w - before).item())
    return np.array(found)
