"""Every schedule against the libraries that have it, and how their conventions differ.

Settings are drawn in our words and translated: the translation is the convention.
Each pair is compared over 200 steps to 12 digits (a few measured exceptions are named).
The facts below the pairs are what surprises people who move between libraries.
"""

import os
from pathlib import Path
from typing import Any, NamedTuple

import jax
import numpy as np
import optax
import pytest
import torch
from hypothesis import given, settings
from torch.optim import lr_scheduler

from lrcourse import schedules
from tests.course import nothing_forgotten, twins
from tests.schedules.test_schedules import EVERY, SETTINGS

os.environ["KERAS_BACKEND"] = "torch"  # read when Keras is imported
from keras.optimizers import schedules as keras_schedules

pytestmark = pytest.mark.usefixtures("double_precision")
STEPS = 200


class Pair(NamedTuple):
    """The same curve twice, for how many steps, and how nearly where 0 is near.

    `of_peak` is an absolute difference as a share of the highest rate.
    """

    ours: schedules.Schedule
    theirs: Any
    steps: int = STEPS
    of_peak: float = 0.0


# LinearLR multiplies its way down and carries its roundings along: measured, up to
# 4e-15 of the peak, which is 1.1e-10 of a floor at a millionth of the peak.
RECURSIVE_LINE = 1e-14

# 1 + cos(x) is rounded at the size of the peak, however small the rate it leads to.
NEAR_ZERO_COSINE = 1e-15

# For an array of steps XLA multiplies by 1 / total_steps instead of dividing: at the
# end of a line 1 - 107 * (1 / 107) is 1e-16, not 0.
RECIPROCAL = 1e-15

TORCH = {
    "ConstantLR": lambda s: Pair(
        schedules.join(
            [schedules.constant(s.max_lr * s.gamma), schedules.constant(s.max_lr)],
            [s.period],
        ),
        lambda optimizer: lr_scheduler.ConstantLR(optimizer, s.gamma, s.period),
    ),
    "LinearLR": lambda s: Pair(
        schedules.linear(s.max_lr, s.total_steps, s.min_lr),
        lambda optimizer: lr_scheduler.LinearLR(optimizer, 1.0, s.floor, s.total_steps),
        of_peak=RECURSIVE_LINE,
    ),
    "LinearLR as warmup": lambda s: Pair(
        schedules.warmup(schedules.constant(s.max_lr), s.warmup_steps),
        lambda optimizer: lr_scheduler.LinearLR(
            optimizer, 1 / s.warmup_steps, 1.0, s.warmup_steps - 1
        ),
    ),
    "StepLR": lambda s: Pair(
        schedules.step_decay(s.max_lr, s.gamma, s.period),
        lambda optimizer: lr_scheduler.StepLR(optimizer, s.period, s.gamma),
    ),
    "MultiStepLR": lambda s: Pair(
        schedules.multi_step(s.max_lr, s.gamma, s.milestones),
        lambda optimizer: lr_scheduler.MultiStepLR(optimizer, s.milestones, s.gamma),
    ),
    "ExponentialLR": lambda s: Pair(
        schedules.exponential(s.max_lr, s.gamma),
        lambda optimizer: lr_scheduler.ExponentialLR(optimizer, s.gamma),
    ),
    "MultiplicativeLR": lambda s: Pair(
        schedules.exponential(s.max_lr, s.gamma),
        lambda optimizer: lr_scheduler.MultiplicativeLR(optimizer, lambda _: s.gamma),
    ),
    "PolynomialLR": lambda s: Pair(
        schedules.polynomial(s.max_lr, s.total_steps, s.power),
        lambda optimizer: lr_scheduler.PolynomialLR(optimizer, s.total_steps, s.power),
    ),
    "CosineAnnealingLR": lambda s: Pair(
        schedules.cosine(s.max_lr, s.total_steps, s.min_lr),
        lambda optimizer: lr_scheduler.CosineAnnealingLR(
            optimizer, s.total_steps, s.min_lr
        ),
        steps=s.total_steps + 1,
    ),
    "CosineAnnealingWarmRestarts": lambda s: Pair(
        schedules.warm_restarts(s.max_lr, s.period, s.period_mult, s.min_lr),
        lambda optimizer: lr_scheduler.CosineAnnealingWarmRestarts(
            optimizer, s.period, s.period_mult, s.min_lr
        ),
    ),
    "CyclicLR, triangular": lambda s: Pair(
        schedules.triangular(s.min_lr, s.max_lr, s.period),
        lambda optimizer: lr_scheduler.CyclicLR(
            optimizer, s.min_lr, s.max_lr, s.period
        ),
    ),
    "CyclicLR, triangular2": lambda s: Pair(
        schedules.triangular2(s.min_lr, s.max_lr, s.period),
        lambda optimizer: lr_scheduler.CyclicLR(
            optimizer, s.min_lr, s.max_lr, s.period, mode="triangular2"
        ),
    ),
    "CyclicLR, exp_range": lambda s: Pair(
        schedules.exp_range(s.min_lr, s.max_lr, s.period, s.gamma),
        lambda optimizer: lr_scheduler.CyclicLR(
            optimizer, s.min_lr, s.max_lr, s.period, mode="exp_range", gamma=s.gamma
        ),
    ),
    "OneCycleLR": lambda s: Pair(
        schedules.one_cycle(
            s.max_lr, s.total_steps, s.warmup_share, s.start_div, s.end_div
        ),
        lambda optimizer: lr_scheduler.OneCycleLR(
            optimizer,
            s.max_lr,
            total_steps=s.total_steps + 1,
            pct_start=s.warmup_share,
            div_factor=s.start_div,
            final_div_factor=s.end_div,
        ),
        steps=s.total_steps + 1,
    ),
    "SequentialLR": lambda s: Pair(
        schedules.warmup(schedules.cosine(s.max_lr, STEPS, s.min_lr), s.warmup_steps),
        lambda optimizer: lr_scheduler.SequentialLR(
            optimizer,
            [
                lr_scheduler.LinearLR(
                    optimizer, 1 / s.warmup_steps, 1.0, s.warmup_steps - 1
                ),
                lr_scheduler.CosineAnnealingLR(optimizer, STEPS, s.min_lr),
            ],
            [s.warmup_steps],
        ),
    ),
    "SequentialLR as wsd": lambda s: Pair(
        schedules.wsd(
            s.max_lr,
            s.wsd_steps,
            s.warmup_steps,
            s.cooldown_steps,
            s.min_lr,
        ),
        lambda optimizer: lr_scheduler.SequentialLR(
            optimizer,
            [
                lr_scheduler.LinearLR(
                    optimizer, 1 / s.warmup_steps, 1.0, s.warmup_steps - 1
                ),
                lr_scheduler.ConstantLR(optimizer, 1.0),
                lr_scheduler.LinearLR(optimizer, 1.0, s.floor, s.cooldown_steps),
            ],
            [s.warmup_steps, s.warmup_steps + s.stable_steps],
        ),
        of_peak=RECURSIVE_LINE,
    ),
}

OPTAX = {
    "constant_schedule": lambda s: Pair(
        schedules.constant(s.max_lr), optax.constant_schedule(s.max_lr)
    ),
    "linear_schedule": lambda s: Pair(
        schedules.linear(s.max_lr, s.total_steps, s.min_lr),
        optax.linear_schedule(s.max_lr, s.min_lr, s.total_steps),
        of_peak=RECIPROCAL,
    ),
    "cosine_decay_schedule": lambda s: Pair(
        schedules.cosine(s.max_lr, s.total_steps, s.min_lr),
        optax.cosine_decay_schedule(s.max_lr, s.total_steps, alpha=s.floor),
    ),
    "exponential_decay": lambda s: Pair(
        schedules.exponential(s.max_lr, schedules.gamma_from_rate(s.gamma, s.period)),
        optax.exponential_decay(s.max_lr, s.period, s.gamma),
    ),
    "exponential_decay, end_value": lambda s: Pair(
        schedules.temperature(s.max_lr, 1.0, s.gamma, s.total_steps),
        optax.exponential_decay(
            s.max_lr, s.total_steps, s.gamma, end_value=s.max_lr * s.gamma
        ),
    ),
    "piecewise_constant_schedule": lambda s: Pair(
        schedules.multi_step(s.max_lr, s.gamma, s.milestones),
        optax.piecewise_constant_schedule(
            s.max_lr, dict.fromkeys(s.milestones, s.gamma)
        ),
    ),
    "sgdr_schedule": lambda s: Pair(
        schedules.warm_restarts(s.max_lr, s.period, s.period_mult, s.min_lr),
        optax.sgdr_schedule(
            {
                "init_value": s.max_lr,
                "peak_value": s.max_lr,
                "warmup_steps": 0,
                "decay_steps": s.period * s.period_mult**restart,
                "end_value": s.min_lr,
            }
            for restart in range(3)
        ),
        steps=sum(s.period * s.period_mult**restart for restart in range(3)),
    ),
    "piecewise_interpolate_schedule, linear": lambda s: Pair(
        schedules.triangular(s.max_lr, 3 * s.max_lr, s.period),
        optax.piecewise_interpolate_schedule(
            "linear", s.max_lr, {s.period: 3, 2 * s.period: 1 / 3}
        ),
        steps=2 * s.period + 1,
    ),
    "piecewise_interpolate_schedule, cosine": lambda s: Pair(
        schedules.one_cycle(
            s.max_lr,
            s.stable_steps + s.period,
            (s.period + 1) / (s.stable_steps + s.period + 1),
            s.start_div,
            s.end_div,
        ),
        optax.piecewise_interpolate_schedule(
            "cosine",
            s.max_lr / s.start_div,
            {
                s.period: s.start_div,
                s.stable_steps + s.period: 1 / s.start_div / s.end_div,
            },
        ),
        of_peak=NEAR_ZERO_COSINE,
    ),
    "join_schedules": lambda s: Pair(
        schedules.join(
            [
                schedules.linear(s.max_lr, s.period, s.min_lr),
                schedules.exponential(s.max_lr, s.gamma),
            ],
            [s.period],
        ),
        optax.join_schedules(
            [
                optax.linear_schedule(s.max_lr, s.min_lr, s.period),
                optax.exponential_decay(s.max_lr, 1, s.gamma),
            ],
            [s.period],
        ),
    ),
    "join_schedules as wsd": lambda s: Pair(
        schedules.wsd(
            s.max_lr,
            s.wsd_steps,
            s.warmup_steps,
            s.cooldown_steps,
            s.min_lr,
        ),
        optax.join_schedules(
            [
                optax.linear_schedule(
                    s.max_lr / s.warmup_steps, s.max_lr, s.warmup_steps - 1
                ),
                optax.constant_schedule(s.max_lr),
                optax.linear_schedule(s.max_lr, s.min_lr, s.cooldown_steps),
            ],
            [s.warmup_steps, s.warmup_steps + s.stable_steps],
        ),
        of_peak=RECIPROCAL,
    ),
}
OPTAX_ONE_BY_ONE = {
    # the root of 1e-16 is 1e-8, and 98 * (1 / 49) is below 2: a drop comes a step late
    "polynomial_schedule": lambda s: Pair(
        schedules.polynomial(s.max_lr, s.total_steps, s.power, s.min_lr),
        optax.polynomial_schedule(s.max_lr, s.min_lr, s.power, s.total_steps),
    ),
    "exponential_decay, staircase": lambda s: Pair(
        schedules.step_decay(s.max_lr, s.gamma, s.period),
        optax.exponential_decay(s.max_lr, s.period, s.gamma, staircase=True),
    ),
}

KERAS = {
    "ExponentialDecay": lambda s: Pair(
        schedules.exponential(s.max_lr, schedules.gamma_from_rate(s.gamma, s.period)),
        keras_schedules.ExponentialDecay(s.max_lr, s.period, s.gamma),
    ),
    "ExponentialDecay, staircase": lambda s: Pair(
        schedules.step_decay(s.max_lr, s.gamma, s.period),
        keras_schedules.ExponentialDecay(s.max_lr, s.period, s.gamma, staircase=True),
    ),
    "InverseTimeDecay": lambda s: Pair(
        schedules.inverse_time(s.max_lr, s.k),
        keras_schedules.InverseTimeDecay(s.max_lr, s.period, s.k * s.period),
    ),
    "PolynomialDecay": lambda s: Pair(
        schedules.polynomial(s.max_lr, s.total_steps, s.power, s.min_lr),
        keras_schedules.PolynomialDecay(s.max_lr, s.total_steps, s.min_lr, s.power),
    ),
    "PolynomialDecay as linear": lambda s: Pair(
        schedules.linear(s.max_lr, s.total_steps, s.min_lr),
        keras_schedules.PolynomialDecay(s.max_lr, s.total_steps, s.min_lr),
    ),
    "CosineDecay": lambda s: Pair(
        schedules.cosine(s.max_lr, s.total_steps, s.min_lr),
        keras_schedules.CosineDecay(s.max_lr, s.total_steps, alpha=s.floor),
    ),
    "PiecewiseConstantDecay": lambda s: Pair(
        schedules.multi_step(s.max_lr, s.gamma, s.milestones),
        keras_schedules.PiecewiseConstantDecay(
            [milestone - 1 for milestone in s.milestones],
            [s.max_lr * s.gamma**drops for drops in range(len(s.milestones) + 1)],
        ),
    ),
}


@pytest.mark.parametrize("name", TORCH)
@given(s=SETTINGS)
@settings(max_examples=50, deadline=None, derandomize=True)
def test_schedule_follows_torch(name, s):
    pair = TORCH[name](s)
    steps = min(pair.steps, STEPS)
    _assert_same(pair, torch_learning_rates(pair.theirs, s.max_lr, steps))


@pytest.mark.parametrize("name", OPTAX)
@given(s=SETTINGS)
@settings(max_examples=30, deadline=None, derandomize=True)
def test_schedule_follows_optax(name, s):
    pair = OPTAX[name](s)
    _assert_same(pair, optax_learning_rates(pair.theirs)[: pair.steps])


@pytest.mark.parametrize("name", OPTAX_ONE_BY_ONE)
@given(s=SETTINGS)
@settings(max_examples=20, deadline=None, derandomize=True)
def test_schedule_follows_optax_where_it_is_asked_one_step_at_a_time(name, s):
    pair = OPTAX_ONE_BY_ONE[name](s)
    _assert_same(pair, [float(pair.theirs(step)) for step in range(STEPS)])


@pytest.mark.parametrize("name", KERAS)
@given(s=SETTINGS)
@settings(max_examples=15, deadline=None, derandomize=True)
def test_schedule_follows_keras(name, s):
    pair = KERAS[name](s)
    _assert_same(pair, keras_learning_rates(pair.theirs))


@given(s=SETTINGS)
@settings(max_examples=30, deadline=None, derandomize=True)
def test_keras_restarts_are_ours_between_the_restarts(s):
    ours = schedules.warm_restarts(s.max_lr, s.period, s.period_mult, s.min_lr)
    theirs = keras_learning_rates(
        keras_schedules.CosineDecayRestarts(
            s.max_lr, s.period, t_mul=s.period_mult, alpha=s.floor
        )
    )
    # Keras finds the period by a logarithm, so the restarts hang on its last bit
    lengths = [s.period * s.period_mult**restart for restart in range(STEPS)]
    restarts = set(np.cumsum(lengths, dtype=object))
    for step in set(range(STEPS)) - restarts:
        expected = pytest.approx(theirs[step], rel=1e-12, abs=1e-14 * s.max_lr)
        assert ours(step) == expected


@pytest.mark.parametrize("name", EVERY)
@given(s=SETTINGS)
@settings(max_examples=5, deadline=None, derandomize=True)
def test_lambda_lr_hands_every_schedule_to_torch(name, s):
    schedule = EVERY[name](s)
    theirs = torch_learning_rates(
        lambda optimizer: lr_scheduler.LambdaLR(optimizer, schedule), 1.0, 50
    )
    assert theirs == [schedule(step) for step in range(50)]


def test_lambda_lr_multiplies_by_the_rate_of_the_optimizer():
    schedule = schedules.linear(0.1, total_steps=10)
    theirs = torch_learning_rates(
        lambda optimizer: lr_scheduler.LambdaLR(optimizer, schedule), 0.1, 5
    )
    assert theirs == [0.1 * schedule(step) for step in range(5)]


def test_torch_constant_lr_starts_at_a_third_for_five_steps():
    theirs = torch_learning_rates(lr_scheduler.ConstantLR, base_lr=0.3, steps=7)
    assert theirs == pytest.approx([0.1] * 5 + [0.3] * 2)


def test_torch_linear_lr_cannot_warm_up_from_zero():
    with pytest.raises(ValueError, match="Starting multiplicative factor"):
        lr_scheduler.LinearLR(_optimizer(0.1), start_factor=0)


def test_torch_cosine_climbs_again_after_t_max_and_ours_does_not():
    theirs = torch_learning_rates(
        lambda optimizer: lr_scheduler.CosineAnnealingLR(optimizer, T_max=50), 0.1, 101
    )
    ours = schedules.cosine(0.1, total_steps=50)
    assert theirs[50] == ours(50) == ours(100) == 0
    assert theirs[75] == pytest.approx(0.05)
    assert theirs[100] == pytest.approx(0.1)


def test_torch_cosine_rises_where_eta_min_is_above_the_rate_and_ours_refuses():
    theirs = torch_learning_rates(
        lambda optimizer: lr_scheduler.CosineAnnealingLR(optimizer, 10, eta_min=0.2),
        base_lr=0.1,
        steps=11,
    )
    assert theirs == sorted(theirs)
    with pytest.raises(ValueError, match="min_lr must be at most max_lr"):
        schedules.cosine(max_lr=0.1, total_steps=10, min_lr=0.2)


def test_torch_one_cycle_counts_values_and_bounces_when_stepped_once_too_often():
    def one_cycle(optimizer):
        return lr_scheduler.OneCycleLR(optimizer, max_lr=0.1, total_steps=100)

    theirs = torch_learning_rates(one_cycle, base_lr=0.1, steps=101)
    ours = schedules.one_cycle(max_lr=0.1, total_steps=99)
    assert theirs[99] == ours(99) == ours(100) == pytest.approx(0.1 / 25 / 1e4)
    assert theirs[100] > 100 * theirs[99]
    with pytest.raises(ValueError, match="Tried to step 101 times"):
        torch_learning_rates(one_cycle, base_lr=0.1, steps=102)


def test_torch_one_cycle_divides_by_zero_where_ours_explains():
    with pytest.raises(ZeroDivisionError):
        lr_scheduler.OneCycleLR(_optimizer(0.1), 0.1, total_steps=10, pct_start=0.1)
    with pytest.raises(ValueError, match="warmup_share must lie above"):
        schedules.one_cycle(0.1, total_steps=9, warmup_share=0.1)


def test_torch_cyclic_lr_takes_over_the_rate_and_switches_momentum_on():
    optimizer = _optimizer(0.3)
    assert optimizer.param_groups[0]["momentum"] == 0
    lr_scheduler.CyclicLR(optimizer, base_lr=0.01, max_lr=0.5)
    assert optimizer.param_groups[0]["lr"] == 0.01
    assert optimizer.param_groups[0]["momentum"] == 0.9


def test_torch_misses_restarts_when_it_is_told_the_epoch():
    optimizer = _optimizer(0.1)
    scheduler = lr_scheduler.CosineAnnealingWarmRestarts(optimizer, T_0=1, T_mult=10)
    scheduler.step(111)  # 1 + 10 + 100: math.log(1000, 10) is below 3
    assert optimizer.param_groups[0]["lr"] == pytest.approx(0)
    assert schedules.warm_restarts(0.1, first_period=1, period_mult=10)(111) == 0.1


def test_keras_changes_one_step_after_its_boundary_torch_and_optax_at_it():
    ours = schedules.multi_step(1.0, gamma=0.5, milestones=[3])
    keras_lrs = keras_learning_rates(
        keras_schedules.PiecewiseConstantDecay([3], [1.0, 0.5])
    )
    optax_lrs = optax_learning_rates(optax.piecewise_constant_schedule(1.0, {3: 0.5}))
    torch_lrs = torch_learning_rates(
        lambda optimizer: lr_scheduler.MultiStepLR(optimizer, [3], 0.5), 1.0, 6
    )
    assert [ours(step) for step in range(6)] == [1, 1, 1, 0.5, 0.5, 0.5]
    assert optax_lrs[:6] == torch_lrs == [1, 1, 1, 0.5, 0.5, 0.5]
    assert keras_lrs[:6] == [1, 1, 1, 1, 0.5, 0.5]


def test_keras_counts_its_decay_from_the_end_of_the_warmup_optax_from_zero():
    keras_lrs = keras_learning_rates(
        keras_schedules.CosineDecay(0.0, 90, warmup_target=0.1, warmup_steps=10)
    )
    optax_lrs = optax_learning_rates(
        optax.warmup_cosine_decay_schedule(0.0, 0.1, warmup_steps=10, decay_steps=100)
    )
    assert keras_lrs == pytest.approx(optax_lrs, rel=1e-12, abs=NEAR_ZERO_COSINE)
    assert keras_lrs[99] > keras_lrs[100] == 0


WARMED_UP = {
    "CosineDecay": lambda s: (
        schedules.cosine(s.max_lr, s.total_steps, s.min_lr),
        keras_learning_rates(
            keras_schedules.CosineDecay(
                0.0,
                s.total_steps,
                alpha=s.floor,
                warmup_target=s.max_lr,
                warmup_steps=s.warmup_steps,
            )
        ),
    ),
    "warmup_cosine_decay_schedule": lambda s: (
        schedules.cosine(s.max_lr, s.total_steps, s.min_lr),
        optax_learning_rates(
            optax.warmup_cosine_decay_schedule(
                0.0,
                s.max_lr,
                s.warmup_steps,
                s.warmup_steps + s.total_steps,
                s.min_lr,
            )
        ),
    ),
    "warmup_exponential_decay_schedule": lambda s: (
        schedules.exponential(s.max_lr, s.gamma),
        optax_learning_rates(
            optax.warmup_exponential_decay_schedule(
                0.0, s.max_lr, s.warmup_steps, transition_steps=1, decay_rate=s.gamma
            )
        ),
    ),
    "warmup_constant_schedule": lambda s: (
        schedules.constant(s.max_lr),
        optax_learning_rates(
            optax.warmup_constant_schedule(0.0, s.max_lr, s.warmup_steps)
        ),
    ),
}


@pytest.mark.parametrize("name", WARMED_UP)
@given(s=SETTINGS)
@settings(max_examples=15, deadline=None, derandomize=True)
def test_keras_and_optax_waste_the_first_update_and_climb_one_rung_behind(name, s):
    schedule, theirs = WARMED_UP[name](s)
    warm = schedules.warmup(schedule, s.warmup_steps)
    ours = [warm(step) for step in range(STEPS)]
    assert theirs[0] == 0
    same = {"rel": 1e-12, "abs": NEAR_ZERO_COSINE * s.max_lr}
    climb = s.warmup_steps
    assert theirs[1 : climb + 1] == pytest.approx(ours[:climb], **same)
    assert theirs[climb:] == pytest.approx(ours[climb:], **same)


def test_alpha_of_keras_and_optax_is_a_fraction_of_the_rate_not_a_rate():
    ours = schedules.cosine(max_lr=0.1, total_steps=100, min_lr=0.01)
    for fraction in (
        keras_learning_rates(keras_schedules.CosineDecay(0.1, 100, alpha=0.01 / 0.1)),
        optax_learning_rates(optax.cosine_decay_schedule(0.1, 100, alpha=0.01 / 0.1)),
    ):
        assert fraction[100] == pytest.approx(ours(100), rel=1e-12)
    mistaken = optax_learning_rates(optax.cosine_decay_schedule(0.1, 100, alpha=0.01))
    assert mistaken[100] == pytest.approx(ours(100) / 10)


def test_keras_polynomial_decay_has_a_floor_unless_told_otherwise():
    assert keras_learning_rates(keras_schedules.PolynomialDecay(0.1, 50))[50] == 1e-4


def test_keras_restarts_double_their_period_unless_told_otherwise():
    theirs = keras_learning_rates(keras_schedules.CosineDecayRestarts(0.1, 10))
    ours = schedules.warm_restarts(0.1, first_period=10, period_mult=2)
    assert theirs[15] == pytest.approx(ours(15))


def test_optax_one_cycle_peaks_a_step_later_and_is_off_by_up_to_three_percent():
    ours = schedules.one_cycle(max_lr=1.0, total_steps=99)
    lrs = [ours(step) for step in range(100)]
    same = optax_learning_rates(optax.cosine_onecycle_schedule(99, 1.0))[:100]
    other = optax_learning_rates(optax.cosine_onecycle_schedule(100, 1.0))[:100]
    assert same == pytest.approx(lrs, abs=NEAR_ZERO_COSINE)
    assert (np.argmax(lrs), np.argmax(other)) == (29, 30)
    assert np.abs(np.subtract(lrs, other)).max() == pytest.approx(0.030, abs=0.001)
    assert other[99] > 100 * lrs[99]


WHY_NONE = {  # an exported schedule that no library here has, and what holds it
    "hold": "No library pauses a schedule: it is held to the schedule that it pauses.",
    "inverse_power": "The libraries' polynomial decay has an end: this one is held to "
    "inverse_time, which is its case of power 1.",
    "inverse_sqrt": "None of the three has it: it is held to its formula.",
    "scale": "LambdaLR multiplies by itself, see above: it is held to the product.",
}


def test_every_exported_schedule_stands_beside_a_library_s():
    exported = twins.schedules(schedules)
    source = Path(__file__).read_text("utf-8")
    compared = twins.schedules_in(source, "TORCH", "OPTAX", "KERAS")
    place = "TORCH, OPTAX or KERAS of tests/schedules/test_oracles.py"
    nothing_forgotten(twins.without_a_twin(exported, compared, {}, WHY_NONE, place))


def torch_learning_rates(make_scheduler, base_lr, steps):
    optimizer = _optimizer(base_lr)
    scheduler = make_scheduler(optimizer)
    lrs = [optimizer.param_groups[0]["lr"]]
    while len(lrs) < steps:
        optimizer.step()
        scheduler.step()
        lrs.append(optimizer.param_groups[0]["lr"])
    return lrs


def optax_learning_rates(schedule):
    # always the same number: JAX compiles anew for every shape
    lrs = jax.vmap(schedule)(jax.numpy.arange(STEPS))
    return np.broadcast_to(lrs, STEPS).tolist()


def keras_learning_rates(schedule):
    # one by one: Keras answers an array of steps in float32
    return [float(schedule(step)) for step in range(STEPS)]


def _optimizer(lr):
    return torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=lr)


def _assert_same(pair, theirs):
    ours = [pair.ours(step) for step in range(len(theirs))]
    near_zero = pair.of_peak * max(ours)
    assert ours == pytest.approx(theirs, rel=1e-12, abs=near_zero)
