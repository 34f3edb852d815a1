"""Every call that is read, and every call that is written, run by its library.

A call is read rightly if our schedule has the rates that the library gives for that
text; it is written rightly if the library gives for the new text what is said of it.
"""

import inspect
import os
from types import SimpleNamespace

import numpy as np
import optax
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.optim import lr_scheduler

from lrcourse import schedules
from lrcourse.convert import Call, convert
from lrcourse.convert.signatures import (
    IGNORED,
    KERAS,
    OPTAX,
    PYTORCH,
    SIGNATURES,
)
from lrcourse.theory import half_life_exponential

os.environ["KERAS_BACKEND"] = "torch"  # read when Keras is imported
from keras.optimizers import schedules as keras_schedules

from lrcourse.schedules.keras import keras_schedule
from lrcourse.schedules.optax import optax_schedule

pytestmark = pytest.mark.usefixtures("double_precision")
OURS = {name: getattr(schedules, name) for name in schedules.__all__}
NAMES = {
    PYTORCH: {**vars(lr_scheduler), **OURS},
    KERAS: {**vars(keras_schedules), **OURS, "keras_schedule": keras_schedule},
    OPTAX: {**vars(optax), **OURS, "optax_schedule": optax_schedule},
    "lrcourse": OURS,
}


def _drawn(drawn):
    s = SimpleNamespace(**drawn)
    s.min_lr = s.floor * s.lr
    s.share = (1 + s.peak * (s.T - 1)) / s.T
    return s


SETTINGS = st.fixed_dictionaries(
    {
        "lr": st.floats(1e-3, 1),
        "floor": st.sampled_from([0.0, 0.01, 0.3]),
        "T": st.integers(3, 25),
        "period": st.integers(1, 12),
        "warmup": st.integers(1, 8),
        "mult": st.integers(1, 3),
        "marks": st.sets(st.integers(2, 30), min_size=1, max_size=4).map(sorted),
        "gamma": st.floats(0.5, 1),
        "k": st.floats(1e-3, 2),
        "power": st.floats(0.5, 4),
        "peak": st.floats(0.1, 0.9),
        "epoch": st.integers(2, 5),
    }
).map(_drawn)


def levels(s, share):
    return [s.lr * share(i) for i in range(len(s.marks) + 1)]


PYTORCH_CALLS = {
    "ConstantLR": lambda s: f"ConstantLR(optimizer, {s.gamma}, {s.period})",
    "LinearLR": lambda s: f"LinearLR({s.floor or 0.5}, total_iters={s.T})",
    "LinearLR, down": lambda s: f"LinearLR(1.0, {s.floor}, {s.T})",
    "StepLR": lambda s: f"StepLR({s.period}, gamma={s.gamma})",
    "MultiStepLR": lambda s: f"MultiStepLR(milestones={s.marks}, gamma={s.gamma})",
    "ExponentialLR": lambda s: f"lr_scheduler.ExponentialLR(optimizer, {s.gamma})",
    "PolynomialLR": lambda s: f"PolynomialLR(total_iters={s.T}, power={s.power})",
    "CosineAnnealingLR": lambda s: (
        f"CosineAnnealingLR(T_max={s.T}, eta_min={s.min_lr})"
    ),
    "CosineAnnealingWarmRestarts": lambda s: (
        f"CosineAnnealingWarmRestarts({s.T}, {s.mult}, eta_min={s.min_lr})"
    ),
}
OWN_RATE = {
    "CyclicLR": lambda s: (
        f"CyclicLR({s.min_lr}, {s.lr}, {s.period}, mode='exp_range', gamma={s.gamma})"
    ),
    "CyclicLR, triangular2": lambda s: (
        f"CyclicLR({s.min_lr}, {s.lr}, step_size_up={s.period}, mode='triangular2')"
    ),
    "OneCycleLR": lambda s: (
        f"OneCycleLR(max_lr={s.lr}, total_steps={s.T}, pct_start={s.share})"
    ),
}
KERAS_CALLS = {
    "ExponentialDecay": lambda s: f"ExponentialDecay({s.lr}, {s.T}, {s.gamma})",
    "ExponentialDecay, staircase": lambda s: (
        f"ExponentialDecay({s.lr}, {s.T}, {s.gamma}, staircase=True)"
    ),
    "InverseTimeDecay": lambda s: f"InverseTimeDecay({s.lr}, {s.T}, {s.k})",
    "InverseTimeDecay, staircase": lambda s: (
        f"InverseTimeDecay({s.lr}, {s.T}, {s.k}, staircase=True)"
    ),
    "PolynomialDecay": lambda s: (
        f"PolynomialDecay({s.lr}, {s.T}, {s.min_lr}, power={s.power})"
    ),
    "PolynomialDecay, line": lambda s: f"PolynomialDecay({s.lr}, decay_steps={s.T})",
    "CosineDecay": lambda s: f"CosineDecay({s.lr}, {s.T}, alpha={s.floor})",
    "CosineDecay, warmup": lambda s: (
        f"CosineDecay({s.min_lr}, {s.T}, warmup_target={s.lr}, warmup_steps={s.warmup})"
    ),
    "CosineDecayRestarts": lambda s: (
        f"CosineDecayRestarts({s.lr}, {s.T}, t_mul={s.mult}, alpha={s.floor})"
    ),
    "PiecewiseConstantDecay": lambda s: (
        f"PiecewiseConstantDecay({s.marks}, {levels(s, lambda i: 0.2 + i % 3)})"
    ),
    "PiecewiseConstantDecay, drops": lambda s: (
        f"PiecewiseConstantDecay({s.marks}, {levels(s, lambda i: s.gamma**i)})"
    ),
}
OPTAX_CALLS = {
    "constant_schedule": lambda s: f"optax.constant_schedule({s.lr})",
    "exponential_decay": lambda s: (
        f"exponential_decay({s.lr}, {s.T}, {s.gamma}, transition_begin={s.warmup})"
    ),
    "linear_schedule": lambda s: f"linear_schedule({s.lr}, {s.min_lr}, {s.T})",
    "linear_schedule, up": lambda s: f"linear_schedule({s.min_lr}, {s.lr}, {s.T})",
    "polynomial_schedule": lambda s: (
        f"polynomial_schedule({s.lr}, {s.min_lr}, {s.power}, {s.T}, {s.warmup})"
    ),
    "cosine_decay_schedule": lambda s: (
        f"cosine_decay_schedule({s.lr}, {s.T}, alpha={s.floor})"
    ),
    "piecewise_constant_schedule": lambda s: (
        f"piecewise_constant_schedule({s.lr}, {dict.fromkeys(s.marks, s.gamma)})"
    ),
    "warmup_constant_schedule": lambda s: (
        f"warmup_constant_schedule({s.min_lr}, {s.lr}, {s.warmup})"
    ),
    "warmup_cosine_decay_schedule": lambda s: (
        f"warmup_cosine_decay_schedule({s.min_lr}, {s.lr}, {s.warmup}, "
        f"{s.warmup + s.T}, end_value={s.floor * s.min_lr})"
    ),
    "warmup_exponential_decay_schedule": lambda s: (
        f"warmup_exponential_decay_schedule({s.min_lr}, {s.lr}, {s.warmup}, {s.T}, "
        f"{s.gamma}, staircase=True)"
    ),
}
OUR_CALLS = {
    "temperature": lambda s: f"temperature({s.lr}, 1.0, {s.gamma}, {s.T})",
    "inverse_power": lambda s: f"inverse_power({s.lr}, k={s.k}, power={s.power})",
    "inverse_sqrt": lambda s: f"inverse_sqrt({s.lr}, {s.warmup})",
    "wsd": lambda s: f"wsd({s.lr}, {s.T + 20}, {s.warmup}, {s.period}, {s.min_lr})",
    "triangular": lambda s: f"triangular({s.min_lr}, {s.lr}, {s.period})",
}
CALLS = {
    **{name: (PYTORCH, call) for name, call in (PYTORCH_CALLS | OWN_RATE).items()},
    **{name: (KERAS, call) for name, call in KERAS_CALLS.items()},
    **{name: (OPTAX, call) for name, call in OPTAX_CALLS.items()},
    **{name: ("lrcourse", call) for name, call in OUR_CALLS.items()},
}
STEPS = 60


def test_the_tables_above_have_every_call_that_is_read():
    ours = {name for name, (library, _) in SIGNATURES.items() if library == "lrcourse"}
    assert {name.split(",")[0] for name in CALLS} >= set(SIGNATURES) - ours


def test_the_signatures_are_those_of_the_libraries():
    for name, (library, defaults) in SIGNATURES.items():
        parameters = inspect.signature(NAMES[library][name]).parameters
        theirs = {
            key: each.default
            for key, each in parameters.items()
            if key not in ("optimizer", *IGNORED)
        }
        known = {key: each for key, each in defaults.items() if key not in IGNORED}
        assert list(known) == list(theirs), name
        assert known == pytest.approx(theirs) or known == theirs, name


@pytest.mark.parametrize("name", CALLS)
@given(s=SETTINGS)
@settings(max_examples=8, deadline=None, derandomize=True)
def test_a_call_is_read_and_written_as_its_library_runs_it(name, s):
    library, make = CALLS[name]
    text = make(s)
    of_optimizer = name in PYTORCH_CALLS
    found = convert(text, base_lr=s.lr if of_optimizer else None, steps=STEPS)
    _same(found.schedule, run(library, text, s.lr), found.plan)
    for each in found.equivalents:
        theirs = run(each.library, each.call, each.lr)
        _same(each.plan.schedule, theirs, each.plan)
        if each.parts_at is None:
            _same(found.schedule, theirs, each.plan)
        elif each.parts_at < len(theirs):
            ours = [found.schedule(step) for step in range(each.parts_at + 1)]
            assert ours[:-1] == pytest.approx(
                theirs[: each.parts_at], abs=1e-8 * max(ours)
            )
            assert abs(ours[-1] - theirs[each.parts_at]) > 0


@pytest.mark.parametrize("name", PYTORCH_CALLS)
@given(s=SETTINGS)
@settings(max_examples=6, deadline=None, derandomize=True)
def test_a_tick_may_be_an_epoch(name, s):
    text = CALLS[name][1](s)
    found = convert(text, base_lr=s.lr, updates_per_epoch=s.epoch, steps=STEPS)
    theirs = run(PYTORCH, text, s.lr, s.epoch)
    assert (found.unit, found.updates_per_tick) == ("epoch", s.epoch)
    _same(found.schedule, theirs, found.plan)
    for each in found.equivalents:
        every = s.epoch if each.stepped == "epoch" else 1
        _same(
            each.plan.schedule, run(each.library, each.call, each.lr, every), each.plan
        )


def test_what_counts_updates_has_a_scheduler_for_epochs_too():
    found = convert(
        "ExponentialDecay(0.01, 10000, 0.9)", updates_per_epoch=1000, steps=10_000
    )
    by_update, by_epoch = (e for e in found.equivalents if e.library == PYTORCH)
    assert (by_update.stepped, by_update.parts_at) == ("update", None)
    assert by_epoch.call.startswith("ExponentialLR(optimizer, gamma=0.98951")
    assert (by_epoch.stepped, by_epoch.parts_at) == ("epoch", 1)
    assert by_epoch.plan.schedule(10_000) == pytest.approx(0.009)


def test_half_lives_and_budgets_are_those_of_theory():
    found = convert(
        "ExponentialLR(0.9)", base_lr=0.1, updates_per_epoch=100, steps=1000
    )
    assert found.half_life == pytest.approx(half_life_exponential(0.9))
    assert found.budget == pytest.approx(10 * (1 - 0.9**10) / 0.1)
    far = convert("ExponentialDecay(0.1, 1000, 0.96)", steps=10)
    assert far.half_life == pytest.approx(16_979.8, abs=0.1)
    assert convert("CosineAnnealingLR(200)", base_lr=1.0).half_life == 100
    assert convert("StepLR(30)", base_lr=1.0, steps=10).half_life == 30
    assert convert("constant(0.1)", steps=10).half_life is None
    assert convert("wsd(1.0, 100, 10, 40)").half_life == 71
    floored = convert("PolynomialDecay(1.0, 400, 0.1, power=2)")
    assert floored.half_life == pytest.approx(133.3, abs=0.05)


def test_the_values_stand_at_the_beginning_the_middle_the_end_and_beyond():
    found = convert("CosineAnnealingLR(T_max=100)", base_lr=0.1, steps=300)
    assert list(found.values) == [0, 50, 100, 101]
    assert found.values[101] > found.values[100] == 0
    assert [e.parts_at for e in found.equivalents] == [None, 101, 101, 101]


def run(library, text, lr, every=1):
    """Return the rates that a library gives for a call, as far as it can be stepped."""
    names = NAMES[library]
    if library == PYTORCH:
        return torch_rates(text, lr, every)
    made = eval(text, {**names, library.lower(): SimpleNamespace(**names)})
    if isinstance(made, float):
        return [made] * STEPS
    return [float(made(step)) for step in range(STEPS)]


def torch_rates(text, lr, every):
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=lr)
    name, _, rest = text.partition("(")
    first = "" if rest.startswith("optimizer") else "optimizer, "
    names = {**NAMES[PYTORCH], "optimizer": optimizer, "lr_scheduler": lr_scheduler}
    scheduler = eval(f"{name}({first}{rest}", names)
    last = getattr(scheduler, "total_steps", STEPS)
    rates = []
    while len(rates) < min(STEPS, last * every):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        if len(rates) % every == 0 and len(rates) < last * every:
            scheduler.step()
    return rates


def _same(ours, theirs, plan):
    rates = [ours(step) for step in range(len(theirs))]
    unclear = set()
    if plan.family == "warm_restarts":  # Keras finds its periods by a logarithm
        jumps = np.flatnonzero(np.diff(rates) > 0.05 * max(rates)) + 1
        unclear = {*jumps.tolist()}
    for step, (rate, other) in enumerate(zip(rates, theirs, strict=True)):
        if step not in unclear:
            assert rate == pytest.approx(other, rel=1e-9, abs=1e-8 * max(rates)), step


def test_objects_are_read_by_their_settings():
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.1)
    steps = lr_scheduler.MultiStepLR(optimizer, [30, 60], gamma=0.5)
    found = convert(steps, steps=100)
    assert found.call == "MultiStepLR(milestones=[30, 60], gamma=0.5)"
    assert found.schedule(60) == 0.025
    cosine = keras_schedules.CosineDecay(0.1, 100, alpha=0.1)
    assert convert(cosine).schedule(100) == pytest.approx(0.01)
    named = convert(optax.exponential_decay(0.1, 10, 0.5), steps=100)
    assert named.plan.family == "exponential"
    assert named.half_life == pytest.approx(10)
    assert (
        convert(Call("StepLR", {"step_size": 3}), base_lr=1.0, steps=9).half_life == 3
    )


REFUSED = {
    "ExponentalLR(0.9)": r"ExponentalLR is no schedule .* Did you mean ExponentialLR\?",
    "Qqq(0.9)": "Qqq is no schedule .* Known are ConstantLR",
    "ExponentialLR()": r"needs gamma: write ExponentialLR\(gamma=...\)",
    "ExponentialLR(gamma='0.9')": "gamma must be above 0 .* got the text '0.9'",
    "ExponentialLR(gamma=1.9)": "gamma must be above 0 and at most 1, got 1.9",
    "StepLR(step_sze=3)": r"not step_sze. Did you mean step_size\?",
    "StepLR(2.5)": "step_size must be a positive integer, got 2.5",
    "StepLR(1, 2, 3, 4)": "StepLR takes 2 arguments: step_size, gamma; got 4",
    "StepLR(1, step_size=2)": "gets step_size twice",
    "StepLR(**s)": "write the arguments out",
    "MultiStepLR([60, 30])": "a list of counts that rise",
    "ExponentialLR(gamma=0.5 ** 2)": r"got 0.5 \*\* 2, which would have to be run",
    "ExponentialLR(gamma=open('x'))": r"got open\('x'\), which would have to be run",
    "ExponentialLR": r"a name and no call: write ExponentialLR\(gamma=...\)",
    "gamma 0.9": "is no call as",
    "3 + 4": "is no call as",
    "LambdaLR(f)": "LambdaLR cannot be converted: it takes a function",
    "CosineAnnealingLR(10, eta_min=0.2)": "eta_min must be at most",
}


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_refused_is_named(text):
    with pytest.raises(ValueError, match=REFUSED[text]):
        convert(text, base_lr=0.1, steps=10)


def test_settings_that_miss_or_contradict_are_named():
    with pytest.raises(
        ValueError, match="multiplies the optimizer's rate: say base_lr"
    ):
        convert("ExponentialLR(0.9)", steps=10)
    with pytest.raises(ValueError, match="no end of its own: say steps"):
        convert("ExponentialLR(0.9)", base_lr=0.1)
    with pytest.raises(ValueError, match="brings its own rate"):
        convert("CosineDecay(0.1, 10)", base_lr=0.1)
    with pytest.raises(ValueError, match="Keras counts updates, got epoch"):
        convert("CosineDecay(0.1, 10)", unit="epoch", updates_per_epoch=10)
    with pytest.raises(ValueError, match="unit epoch needs updates_per_epoch"):
        convert("StepLR(3)", base_lr=0.1, unit="epoch", steps=10)
    with pytest.raises(ValueError, match="end_learning_rate must be at most init"):
        convert("PolynomialDecay(0.1, 100, 0.2)")
    with pytest.raises(ValueError, match="call must be a call as text"):
        convert(3, steps=10)
