"""Reduce on plateau against PyTorch, Keras and Optax, and where the three differ."""

import json
import math
import os
import re
import warnings
from functools import partial, reduce
from types import SimpleNamespace

import jax
import optax
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.optim import lr_scheduler

from lrcourse.schedules import constant
from lrcourse.schedules.feedback import rates
from lrcourse.schedules.plateau import PlateauState, ReduceOnPlateau, keras_plateau
from lrcourse.training.torch_loop import fit

os.environ["KERAS_BACKEND"] = "torch"  # read when Keras is imported
import keras

examples = partial(settings, deadline=None, derandomize=True)

# sixty-fourths: sums and halves of them are exact, so ties are ties everywhere
pytestmark = pytest.mark.usefixtures("double_precision")
EXACT = st.integers(-32, 32).map(lambda n: n / 64)
ODD = st.sampled_from([math.nan, math.inf, -math.inf, 0.0, -0.0])
METRICS = st.lists(EXACT | EXACT | st.floats() | ODD, max_size=40)
SHARED = {
    "base_lr": st.integers(1, 64).map(lambda n: n / 16),
    "factor": st.sampled_from([0.125, 0.25, 0.5]),
    "patience": st.integers(0, 3),
    "mode": st.sampled_from(["min", "max"]),
    "cooldown": st.integers(0, 3),
    "min_lr": st.sampled_from([0.0, 1 / 64, 1 / 16]),
}
TORCH = st.fixed_dictionaries(
    SHARED
    | {
        "factor": st.floats(0.01, 0.99),
        "threshold": st.just(0.0) | st.floats(0, 0.5),
        "threshold_mode": st.sampled_from(["rel", "abs"]),
        "eps": st.sampled_from([0.0, 1e-8, 0.1]),
    }
)
KERAS = st.fixed_dictionaries(
    SHARED | {"threshold": st.integers(0, 8).map(lambda n: n / 64)}
)


@given(chosen=TORCH, metrics=METRICS)
@examples(max_examples=200)
def test_rates_are_those_of_torch_to_the_last_bit(chosen, metrics):
    rule = ReduceOnPlateau(**chosen)
    assert rates(rule, metrics) == torch_rates(metrics, **chosen)


@given(
    chosen=KERAS,
    first=EXACT,
    others=st.lists(EXACT | EXACT | ODD, max_size=25),
)
@examples(max_examples=60)
def test_rates_are_those_of_keras_from_any_finite_first_metric(chosen, first, others):
    metrics = [first, *others]
    assert rates(keras_plateau(**chosen), metrics) == keras_rates(metrics, **chosen)


@pytest.mark.parametrize("patience", [1, 2, 4])
@pytest.mark.parametrize("cooldown", [0, 2])
def test_rates_are_those_of_optax_with_one_less_of_patience(patience, cooldown):
    generator = torch.Generator().manual_seed(0)
    metrics = torch.randint(0, 64, (120,), generator=generator).div(64).tolist()
    metrics[7], metrics[50] = math.nan, math.inf
    transform = optax.contrib.reduce_on_plateau(
        0.5, patience, rtol=0.25, cooldown=cooldown, min_scale=2**-9
    )
    rule = ReduceOnPlateau(
        1.0, 0.5, patience - 1, 0.25, cooldown=cooldown, min_lr=2**-9, eps=0.0
    )
    ours = rates(rule, metrics)
    assert ours[1:] == optax_scales(transform, metrics)
    assert len(set(ours)) >= 4  # it did cut


def test_torch_cuts_after_more_than_patience_bad_epochs_keras_at_patience():
    flat = [1.0] * 6
    ours = ReduceOnPlateau(8.0, factor=0.5, patience=2)
    keras_ours = keras_plateau(8.0, factor=0.5, patience=2)
    assert rates(ours, flat) == [8, 8, 8, 8, 4, 4, 4]
    assert rates(keras_ours, flat) == [8, 8, 8, 4, 4, 2, 2]


def test_keras_patience_of_zero_is_a_patience_of_one():
    flat = [1.0] * 6
    zero, one = (keras_plateau(8.0, 0.5, patience) for patience in (0, 1))
    assert rates(zero, flat) == rates(one, flat) == [8, 8, 4, 2, 1, 0.5, 0.25]


def test_the_last_epoch_of_the_cooldown_counts_in_keras_and_not_in_torch():
    flat = [1.0] * 6
    ours = ReduceOnPlateau(8.0, factor=0.5, patience=0, cooldown=2)
    keras_ours = keras_plateau(8.0, factor=0.5, patience=1, cooldown=2)
    assert rates(ours, flat) == [8, 8, 4, 4, 4, 2, 2]
    assert rates(keras_ours, flat) == [8, 8, 4, 4, 2, 2, 1]


def test_the_threshold_is_a_share_in_torch_and_an_amount_in_keras():
    small_steps = [0.004, 0.002, 0.001, 0.0005]  # halving, by less than 0.01
    share = ReduceOnPlateau(8.0, 0.5, patience=0, threshold=0.01)
    amount = keras_plateau(8.0, 0.5, patience=1, threshold=0.01)
    assert rates(share, small_steps) == [8, 8, 8, 8, 8]
    assert rates(amount, small_steps) == [8, 8, 4, 2, 1]


def test_a_nan_costs_torch_one_bad_epoch_and_in_front_blinds_keras_for_good():
    falling = [math.nan, 4.0, 3.0, 2.0, 1.0]
    chosen = {"base_lr": 8.0, "factor": 0.5, "threshold": 0.0}
    assert torch_rates(falling, **chosen, patience=1) == [8] * 6
    assert rates(keras_plateau(**chosen, patience=2), falling) == [8] * 6
    assert keras_rates(falling, **chosen, patience=2, mode="min") == [8, 8, 8, 4, 4, 2]


def test_slow_worsening_of_a_negative_metric_counts_as_improvement_for_torch():
    worsening = [-1 + 0.00005 * epoch for epoch in range(200)]
    trap = ReduceOnPlateau(8.0, patience=3)
    assert torch_rates(worsening, base_lr=8.0, patience=3) == [8.0] * 201
    assert rates(trap, worsening) == [8.0] * 201
    assert rates(ReduceOnPlateau(8.0, patience=3, threshold_mode="abs"), worsening)[
        :6
    ] == [8, 8, 8, 8, 8, 0.8]


def test_a_share_of_the_magnitude_cuts_there():
    mend = ReduceOnPlateau(8.0, 0.5, patience=3, threshold_mode="magnitude")
    worsening = [-1 + 0.00005 * epoch for epoch in range(200)]
    improving = [-1 - 0.001 * epoch for epoch in range(200)]
    assert rates(mend, worsening)[:6] == [8, 8, 8, 8, 8, 4]
    assert rates(mend, improving) == [8.0] * 201


@given(chosen=TORCH, metrics=METRICS)
@examples(max_examples=100)
def test_the_magnitude_of_positive_metrics_is_torch_s_relative_mode(chosen, metrics):
    positive = [abs(metric) for metric in metrics]
    chosen |= {"threshold_mode": "magnitude"}
    relative = ReduceOnPlateau(**chosen | {"threshold_mode": "rel"})
    assert rates(ReduceOnPlateau(**chosen), positive) == rates(relative, positive)


@pytest.mark.parametrize("threshold_mode", ["abs", "magnitude"])
@given(chosen=TORCH, metrics=METRICS)
@examples(max_examples=100)
def test_raising_a_metric_is_lowering_its_negative(threshold_mode, chosen, metrics):
    chosen |= {"threshold_mode": threshold_mode}
    up = ReduceOnPlateau(**chosen | {"mode": "max"})
    down = ReduceOnPlateau(**chosen | {"mode": "min"})
    assert rates(up, metrics) == rates(down, [-metric for metric in metrics])


def test_a_cut_of_eps_or_less_is_silently_not_made():
    flat = [1.0] * 5
    blocked = ReduceOnPlateau(2.0**-20, 0.5, patience=0, eps=2.0**-21)
    free = ReduceOnPlateau(2.0**-20, 0.5, patience=0, eps=2.0**-22)
    assert rates(blocked, flat) == [2.0**-20] * 6
    assert rates(free, flat)[:3] == [2.0**-20, 2.0**-20, 2.0**-21]
    usual = ReduceOnPlateau(
        2.0**-30, patience=0
    )  # eps is 1e-8 unless you say otherwise
    assert rates(usual, flat) == torch_rates(flat, 2.0**-30, patience=0) == [2**-30] * 6
    small = {"base_lr": 2.0**-30, "factor": 0.5, "patience": 1, "threshold": 0.0}
    assert rates(keras_plateau(**small), flat) == keras_rates(flat, **small, mode="min")
    assert rates(keras_plateau(**small), flat)[-1] == 2**-34


def test_the_rate_stops_at_min_lr_exactly():
    rule = ReduceOnPlateau(1.0, 0.5, patience=0, min_lr=0.3)
    assert rates(rule, [1.0] * 4) == [1, 1, 0.5, 0.3, 0.3]


def test_a_plan_by_steps_that_runs_beside_it_undoes_the_cut():
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=8.0)
    by_step = lr_scheduler.LambdaLR(optimizer, lambda step: 1.0)
    by_metric = lr_scheduler.ReduceLROnPlateau(optimizer, factor=0.5, patience=0)
    lrs = []
    for metric in (1.0, 1.0, 1.0):
        optimizer.step()
        by_metric.step(metric)
        lrs.append(optimizer.param_groups[0]["lr"])
        by_step.step()
    assert lrs == [8, 4, 4]  # the second cut starts from 8 again
    assert optimizer.param_groups[0]["lr"] == 8


def test_a_training_that_asks_the_rule_takes_torch_s_path():
    batches = [(torch.eye(4), torch.arange(4))] * 3
    settings = {"factor": 0.5, "patience": 0, "threshold": 0.5}

    rule = ReduceOnPlateau(2.0, **settings)
    model, optimizer = model_and_optimizer()
    state = rule.init()
    for _ in range(15):
        loss = fit(model, optimizer, constant(state.lr), batches).losses[-1]
        state = rule.step(state, loss)

    twin, optimizer = model_and_optimizer(lr=2.0)
    scheduler = lr_scheduler.ReduceLROnPlateau(optimizer, **settings)
    for _ in range(15):
        [lr] = scheduler.get_last_lr()
        scheduler.step(fit(twin, optimizer, constant(lr), batches).losses[-1])

    assert state.lr == scheduler.get_last_lr()[0] < 1.0
    assert torch.equal(model.weight, twin.weight)


@given(chosen=TORCH, metrics=METRICS, stop=st.integers(0, 40))
@examples(max_examples=100)
def test_a_saved_state_goes_on_as_if_nothing_had_happened(chosen, metrics, stop):
    rule = ReduceOnPlateau(**chosen)
    state = reduce(rule.step, metrics[:stop], rule.init())
    saved = PlateauState(*json.loads(json.dumps(state)))
    assert saved == state
    assert reduce(rule.step, metrics[stop:], saved) == reduce(
        rule.step, metrics, rule.init()
    )


def test_without_its_best_a_resumed_rule_cuts_later():
    rule = ReduceOnPlateau(8.0, factor=0.5, patience=1)
    state = reduce(rule.step, [1.0, 2.0], rule.init())
    assert rule.step(state, 2.0).lr == 4
    assert rule.step(state._replace(best=math.inf), 2.0).lr == 8


@pytest.mark.parametrize("name", ["base_lr", "threshold", "eps"])
@pytest.mark.parametrize("value", [-1, math.nan, math.inf, True, None])
def test_an_amount_that_is_none_is_refused(name, value):
    with refused(f"{name} must be zero or more and finite, got {value!r}"):
        ReduceOnPlateau(**{"base_lr": 0.1} | {name: value})


@pytest.mark.parametrize("make", [ReduceOnPlateau, keras_plateau])
@pytest.mark.parametrize("name", ["patience", "cooldown"])
@pytest.mark.parametrize("value", [-1, 2.0, math.nan, True, None])
def test_a_count_that_is_none_is_refused(make, name, value):
    with refused(f"{name} must be an integer, zero or more, got {value!r}"):
        make(0.1, **{name: value})


@pytest.mark.parametrize("value", [0, 1, 1.5, -0.1, math.nan])
def test_a_factor_that_does_not_reduce_is_refused(value):
    with refused(f"factor must be above 0 and below 1, got {value!r}"):
        ReduceOnPlateau(0.1, factor=value)


def test_settings_that_do_not_fit_are_refused():
    with refused("min_lr must be between 0 and base_lr=0.1, got 0.2"):
        ReduceOnPlateau(0.1, min_lr=0.2)
    with refused("threshold must be below 1 when threshold_mode is 'rel', got 1.0"):
        ReduceOnPlateau(0.1, threshold=1.0)
    assert ReduceOnPlateau(0.1, threshold=1.0, threshold_mode="abs").threshold == 1
    with refused("mode must be one of min, max, got 'auto'"):
        ReduceOnPlateau(0.1, mode="auto")
    with refused("threshold_mode must be one of rel, abs, magnitude, got 'relative'"):
        ReduceOnPlateau(0.1, threshold_mode="relative")


def model_and_optimizer(lr=1.0):
    torch.manual_seed(0)
    model = torch.nn.Linear(4, 4)
    return model, torch.optim.SGD(model.parameters(), lr=lr, momentum=0.9)


def refused(message):
    return pytest.raises(ValueError, match=f"^{re.escape(message)}$")


def torch_rates(metrics, base_lr, **chosen):
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=base_lr)
    scheduler = lr_scheduler.ReduceLROnPlateau(optimizer, **chosen)
    lrs = [base_lr]
    for metric in metrics:
        scheduler.step(metric)
        lrs.append(optimizer.param_groups[0]["lr"])
    return lrs


def keras_rates(metrics, base_lr, threshold, **chosen):
    optimizer = keras.optimizers.SGD(base_lr)
    callback = keras.callbacks.ReduceLROnPlateau(min_delta=threshold, **chosen)
    callback.set_model(SimpleNamespace(optimizer=optimizer))
    callback.on_train_begin()
    lrs = [base_lr]
    with warnings.catch_warnings():  # Keras hands its variable to NumPy the old way
        warnings.filterwarnings("ignore", "__array__ implementation")
        for epoch, metric in enumerate(metrics):
            callback.on_epoch_end(epoch, {"val_loss": metric})
            lrs.append(float(optimizer.learning_rate))
    return lrs


def optax_scales(transform, metrics):
    updates = jax.numpy.ones(())

    def after(state, metric):
        _, state = transform.update(updates, state, value=metric)
        return state, state.scale

    first = transform.init(updates)
    return jax.lax.scan(after, first, jax.numpy.array(metrics))[1].tolist()
