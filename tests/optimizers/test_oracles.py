"""Every update rule against the libraries that have it, and how these differ.

The largest difference on a path is a share of that weight's largest movement, for each
of 4 weights at the gradient scales 1, 1e-4 and 1e-7; the table at the end of the run
shows the largest of all. Where a library's formula is not ours, the factors of eps and
of the rate that turn one into the other are the difference.
"""

from functools import partial
from inspect import signature
from typing import Any, NamedTuple

import jax
import numpy as np
import optax
import pytest
import torch

from lrcourse import optimizers
from lrcourse.optimizers import (
    L2,
    SGD,
    Adagrad,
    Adam,
    AdamW,
    AMSGrad,
    KerasSGD,
    RAdam,
    RMSprop,
    UncorrectedAdam,
)
from tests.course import nothing_forgotten, twins
from tests.optimizers.paths import (
    CUT,
    START,
    differences,
    gradient,
    keras,
    keras_path,
    lr_of,
    optax_path,
    our_path,
    torch_path,
)

pytestmark = pytest.mark.usefixtures("double_precision")
GRAD = np.abs(gradient(0, START))  # of the first update
LR = lr_of(0)


class Pair(NamedTuple):
    """The same rule twice; update t of ours has its eps and its rate times a factor."""

    ours: Any
    theirs: Any
    eps_times: Any = None
    lr_times: Any = None


def mean_share(t):
    return 1 - 0.9**t


def root_share(t):
    return (1 - 0.999**t) ** 0.5


def one_over_root_share(t):
    return 1 / root_share(t)


TORCH = {
    "SGD": Pair(SGD(), torch.optim.SGD),
    "SGD, momentum": Pair(SGD(momentum=0.9), partial(torch.optim.SGD, momentum=0.9)),
    "SGD, Nesterov": Pair(
        SGD(momentum=0.9, nesterov=True),
        partial(torch.optim.SGD, momentum=0.9, nesterov=True),
    ),
    "Adagrad": Pair(Adagrad(), torch.optim.Adagrad),
    "Adagrad, accumulator": Pair(
        Adagrad(initial_accumulator=0.1),
        partial(torch.optim.Adagrad, initial_accumulator_value=0.1),
    ),
    "RMSprop": Pair(RMSprop(), torch.optim.RMSprop),
    "Adam": Pair(Adam(), torch.optim.Adam),
    "UncorrectedAdam": Pair(
        UncorrectedAdam(),
        torch.optim.Adam,
        eps_times=root_share,
        lr_times=lambda t: root_share(t) / mean_share(t),
    ),
    "AdamW": Pair(AdamW(), torch.optim.AdamW),
    "AMSGrad": Pair(AMSGrad(), partial(torch.optim.Adam, amsgrad=True)),
    "RAdam": Pair(RAdam(), torch.optim.RAdam),
    "L2, SGD": Pair(
        L2(SGD(momentum=0.9), weight_decay=0.01),
        partial(torch.optim.SGD, momentum=0.9, weight_decay=0.01),
    ),
    "L2, Adagrad": Pair(
        L2(Adagrad(), weight_decay=0.01),
        partial(torch.optim.Adagrad, weight_decay=0.01),
    ),
    "L2, RMSprop": Pair(
        L2(RMSprop(), weight_decay=0.01),
        partial(torch.optim.RMSprop, weight_decay=0.01),
    ),
    "L2, Adam": Pair(
        L2(Adam(), weight_decay=0.01), partial(torch.optim.Adam, weight_decay=0.01)
    ),
    "L2, AMSGrad": Pair(
        L2(AMSGrad(), weight_decay=0.01),
        partial(torch.optim.Adam, amsgrad=True, weight_decay=0.01),
    ),
    "L2, RAdam": Pair(
        L2(RAdam(), weight_decay=0.01), partial(torch.optim.RAdam, weight_decay=0.01)
    ),
}

OPTAX = {
    "SGD": Pair(SGD(), optax.sgd),
    "SGD, momentum": Pair(SGD(momentum=0.9), partial(optax.sgd, momentum=0.9)),
    "SGD, Nesterov": Pair(
        SGD(momentum=0.9, nesterov=True),
        partial(optax.sgd, momentum=0.9, nesterov=True),
    ),
    # optax.sgd is trace, then the rate; the other way round it is Keras' form
    "KerasSGD": Pair(
        KerasSGD(momentum=0.9),
        lambda lr: optax.chain(optax.scale_by_learning_rate(lr), optax.trace(0.9)),
    ),
    "KerasSGD, Nesterov": Pair(
        KerasSGD(momentum=0.9, nesterov=True),
        lambda lr: optax.chain(
            optax.scale_by_learning_rate(lr), optax.trace(0.9, nesterov=True)
        ),
    ),
    "Adagrad, accumulator": Pair(
        Adagrad(initial_accumulator=0.1, eps=1e-7, eps_in_root=True), optax.adagrad
    ),
    "RMSprop": Pair(RMSprop(), partial(optax.rmsprop, decay=0.99, eps_in_sqrt=False)),
    "RMSprop, eps in root": Pair(RMSprop(beta2=0.9, eps_in_root=True), optax.rmsprop),
    "Adam": Pair(Adam(), optax.adam),
    "AdamW": Pair(AdamW(weight_decay=1e-4), optax.adamw),
    "AMSGrad": Pair(
        AMSGrad(),
        lambda lr: optax.chain(
            optax.scale_by_amsgrad(bias_correction_nu=False),
            optax.scale_by_learning_rate(lr),
        ),
        eps_times=one_over_root_share,
        lr_times=one_over_root_share,
    ),
    "AMSGrad of the paper": Pair(
        AMSGrad(),
        lambda lr: optax.chain(
            optax.scale_by_amsgrad(bias_correction_mu=False, bias_correction_nu=False),
            optax.scale_by_learning_rate(lr),
        ),
        eps_times=one_over_root_share,
        lr_times=lambda t: mean_share(t) / root_share(t),
    ),
    "RAdam": Pair(RAdam(), optax.radam, eps_times=root_share),
    "L2, SGD": Pair(
        L2(SGD(momentum=0.9), weight_decay=0.01),
        lambda lr: optax.chain(optax.add_decayed_weights(0.01), optax.sgd(lr, 0.9)),
    ),
    "L2, Adam": Pair(
        L2(Adam(), weight_decay=0.01),
        lambda lr: optax.chain(optax.add_decayed_weights(0.01), optax.adam(lr)),
    ),
}

KERAS = {
    "SGD": Pair(SGD(), keras.optimizers.SGD),
    "KerasSGD": Pair(
        KerasSGD(momentum=0.9), partial(keras.optimizers.SGD, momentum=0.9)
    ),
    "KerasSGD, Nesterov": Pair(
        KerasSGD(momentum=0.9, nesterov=True),
        partial(keras.optimizers.SGD, momentum=0.9, nesterov=True),
    ),
    "Adagrad, accumulator": Pair(
        Adagrad(initial_accumulator=0.1, eps=1e-7, eps_in_root=True),
        keras.optimizers.Adagrad,
    ),
    "RMSprop, eps in root": Pair(
        RMSprop(beta2=0.9, eps=1e-7, eps_in_root=True), keras.optimizers.RMSprop
    ),
    "Adam": Pair(Adam(eps=1e-7), keras.optimizers.Adam, one_over_root_share),
    "AdamW": Pair(
        AdamW(eps=1e-7, weight_decay=0.004),
        keras.optimizers.AdamW,
        one_over_root_share,
    ),
    "AMSGrad": Pair(
        AMSGrad(eps=1e-7),
        partial(keras.optimizers.Adam, amsgrad=True),
        one_over_root_share,
    ),
}


@pytest.fixture
def assert_same_path(record_property):
    """Compare two paths, and record how nearly they are the same."""

    def compare(rule, library, ours, theirs):
        found = differences(ours, theirs)
        record_property("largest difference", (rule, library, float(found.max())))
        assert np.all(found < 1e-12), found

    return compare


@pytest.mark.parametrize("name", TORCH)
def test_rule_follows_torch(name, assert_same_path):
    ours, theirs, *times = TORCH[name]
    assert_same_path(name, "torch", our_path(ours, *times), torch_path(theirs))


@pytest.mark.parametrize("name", OPTAX)
def test_rule_follows_optax(name, assert_same_path):
    ours, theirs, *times = OPTAX[name]
    assert_same_path(name, "optax", our_path(ours, *times), optax_path(theirs))


@pytest.mark.parametrize("name", KERAS)
def test_rule_follows_keras(name, assert_same_path):
    ours, theirs, *times = KERAS[name]
    assert_same_path(name, "keras", our_path(ours, *times), keras_path(theirs))


@pytest.mark.parametrize("nesterov", [False, True])
def test_keras_momentum_is_torch_momentum_until_the_rate_changes(nesterov):
    settings = {"momentum": 0.9, "nesterov": nesterov}
    of_torch = torch_path(partial(torch.optim.SGD, **settings))
    of_keras = keras_path(partial(keras.optimizers.SGD, **settings))
    assert np.all(differences(of_torch[:CUT], of_keras[:CUT]) < 1e-12)
    assert np.all(differences(of_torch[CUT:], of_keras[CUT:]) > 0.01)


def test_after_a_cut_the_next_move_is_nine_times_longer_in_keras_than_in_torch():
    # a steady gradient of 1 at momentum 0.9: 50 updates at 0.1, then one at 0.01
    grad = torch.ones(1, dtype=torch.float64)
    w, variable = torch.nn.Parameter(0 * grad), keras.Variable([0.0], dtype="float64")
    of_torch = torch.optim.SGD([w], lr=0.1, momentum=0.9)
    of_keras = keras.optimizers.SGD(0.1, momentum=0.9)
    w.grad = grad
    at = []
    for step in range(51):
        if step == 50:
            of_torch.param_groups[0]["lr"] = of_keras.learning_rate = 0.01
        of_torch.step()
        of_keras.apply([grad], [variable])
        at.append((w.item(), variable.value.item()))
    assert np.subtract(at[-2], at[-1]) == pytest.approx([0.0995, 0.9054], abs=5e-5)


def test_keras_eps_in_adam_weighs_32_times_as_much_at_the_first_update():
    ours = our_path(Adam(eps=1e-7))
    theirs = keras_path(keras.optimizers.Adam)
    assert np.abs(ours[0]) == same(LR * GRAD / (GRAD + 1e-7))
    assert np.abs(theirs[0]) == same(LR * GRAD / (GRAD + 1e-7 / 0.001**0.5))


def test_eps_in_the_root_of_rmsprop_counts_as_its_own_root():
    outside = torch_path(partial(torch.optim.RMSprop, alpha=0.9, eps=1e-8))
    assert np.abs(outside[0]) == same(LR * GRAD / ((0.1 * GRAD**2) ** 0.5 + 1e-8))
    for inside in (
        optax_path(optax.rmsprop),
        keras_path(partial(keras.optimizers.RMSprop, epsilon=1e-8)),
    ):
        assert np.abs(inside[0]) == same(LR * GRAD / (0.1 * GRAD**2 + 1e-8) ** 0.5)


def test_adagrad_starts_at_the_rate_in_torch_and_at_the_gradient_elsewhere():
    of_torch = torch_path(torch.optim.Adagrad)
    assert np.abs(of_torch[0]) == same(LR * GRAD / (GRAD + 1e-10))
    for theirs in optax_path(optax.adagrad), keras_path(keras.optimizers.Adagrad):
        assert np.abs(theirs[0]) == same(LR * GRAD / (0.1 + GRAD**2 + 1e-7) ** 0.5)


DIFFERENT_EPS = {
    "Adam of Keras": lambda: (
        our_path(Adam(eps=1e-7)),
        keras_path(keras.optimizers.Adam),
    ),
    "AMSGrad of Keras": lambda: (
        our_path(AMSGrad(eps=1e-7)),
        keras_path(partial(keras.optimizers.Adam, amsgrad=True)),
    ),
    "RMSprop of Optax": lambda: (
        our_path(RMSprop(beta2=0.9)),
        optax_path(optax.rmsprop),
    ),
    "RAdam of Optax": lambda: (our_path(RAdam()), optax_path(optax.radam)),
}


@pytest.mark.parametrize("name", DIFFERENT_EPS)
def test_where_eps_stands_shows_only_at_small_gradients(name):
    at_1, _, at_1e_7 = differences(*DIFFERENT_EPS[name]())
    assert at_1.max() < 1e-4
    assert at_1e_7.max() > 0.02


def test_a_large_first_gradient_stays_in_optax_amsgrad_and_fades_in_torch():
    # a gradient of 1, then none: the size that update 60 divides by
    grads = np.array([1.0] + [0.0] * 59)
    of_optax = optax.scale_by_amsgrad(eps=0)
    update, state = jax.jit(of_optax.update), of_optax.init(jax.numpy.zeros(1))
    w = torch.nn.Parameter(torch.zeros(1, dtype=torch.float64))
    of_torch = torch.optim.Adam([w], lr=1.0, eps=0, amsgrad=True)
    for grad in grads:
        optax_move, state = update(np.full(1, grad), state)
        before, w.grad = w.item(), torch.full_like(w, grad)
        of_torch.step()
    mean = 0.1 * 0.9**59 / mean_share(60)
    assert mean / optax_move == same(1)
    assert mean / (before - w.item()) == same(root_share(1) / root_share(60))
    assert root_share(1) / root_share(60) == pytest.approx(0.131, abs=5e-4)


def test_weight_decay_is_decoupled_in_all_of_keras():
    theirs = keras_path(partial(keras.optimizers.Adam, weight_decay=0.1))
    decoupled = our_path(AdamW(eps=1e-7, weight_decay=0.1), one_over_root_share)
    through_gradient = torch_path(partial(torch.optim.Adam, eps=1e-7, weight_decay=0.1))
    assert np.all(differences(decoupled, theirs) < 1e-12)
    assert np.all(differences(through_gradient, theirs) > 0.001)


@pytest.mark.parametrize(
    ("optimizer", "setting", "default"),
    [
        (torch.optim.SGD, "lr", 0.001),
        (keras.optimizers.SGD, "learning_rate", 0.01),
        (torch.optim.Adagrad, "initial_accumulator_value", 0),
        (optax.adagrad, "initial_accumulator_value", 0.1),
        (keras.optimizers.Adagrad, "initial_accumulator_value", 0.1),
        (torch.optim.RMSprop, "alpha", 0.99),
        (optax.rmsprop, "decay", 0.9),
        (keras.optimizers.RMSprop, "rho", 0.9),
        (torch.optim.Adam, "eps", 1e-8),
        (optax.adam, "eps", 1e-8),
        (keras.optimizers.Adam, "epsilon", 1e-7),
        (torch.optim.AdamW, "weight_decay", 0.01),
        (optax.adamw, "weight_decay", 1e-4),
        (keras.optimizers.AdamW, "weight_decay", 0.004),
    ],
)
def test_defaults_differ(optimizer, setting, default):
    assert signature(optimizer).parameters[setting].default == default


ELSEWHERE = {  # an exported rule, and the test that compares it with a library's
    "Clipped": "tests/optimizers/test_clipping.py::"
    "test_a_clipped_rule_is_torch_s_clipping_before_torch_s_rule",
    "Muon": "tests/optimizers/test_muon.py::"
    "test_the_rule_is_that_of_torch_once_torch_does_not_round",
    "Polyak": "tests/optimizers/test_automatic.py::test_polyak_is_that_of_optax",
    "ScheduleFreeSGD": "tests/optimizers/test_automatic.py::"
    "test_schedule_free_is_that_of_optax",
}
WHY_NONE = {  # an exported rule that no library here has, and what holds it
    "DAdaptationSGD": "None of the three has it: it is held to the paper's recursion "
    "and to its bound.",
    "EachArray": "It maps a rule over a network's arrays, and is held to that one.",
    "HypergradientSGD": "None of the three has it: it is held to the paper's "
    "recursion and to the derivative by the rate.",
    "LayerRates": "It gives a rule rates by layer, and is held to PyTorch's parameter "
    "groups in test_scheduled.",
    "ScheduledMomentum": "It is SGD with a momentum by the step, and is held to "
    "PyTorch's OneCycleLR and CyclicLR in test_scheduled.",
    "Watched": "It keeps what a rule does, and is held to that rule in test_watched.",
}


def test_every_exported_rule_stands_beside_a_library_s():
    exported, compared = twins.rules(optimizers), twins.rules_in(TORCH, OPTAX, KERAS)
    place = "TORCH, OPTAX or KERAS of tests/optimizers/test_oracles.py"
    nothing_forgotten(
        twins.without_a_twin(exported, compared, ELSEWHERE, WHY_NONE, place)
    )


def same(value):
    return pytest.approx(value, rel=1e-9)
