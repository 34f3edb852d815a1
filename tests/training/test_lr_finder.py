import itertools
import math
from bisect import bisect_left

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from lrcourse.training import (
    RULES,
    RangeTest,
    divergence_index,
    range_test_schedule,
    smooth,
    suggest_lr,
)

LRS = np.geomspace(1e-5, 10, 61)  # ten rates a decade
GENERATED = arrays(np.float64, st.integers(3, 40), elements=st.floats(0.1, 5))
deterministic = settings(max_examples=50, deadline=None, derandomize=True)


def rates(steps):
    return np.geomspace(1e-4, 1, steps)


def saturating(lrs):
    """Falls along a logistic curve of log lr, half way at 0.01."""
    return 2.3 - 2 * lrs / (lrs + 0.01)


def typical(lrs):
    """Level, then falling, then exploding."""
    return saturating(lrs) + (lrs / 0.5) ** 3


CURVES = {
    "smooth": typical(LRS),
    "noisy": typical(LRS) + 0.1 * np.random.default_rng(0).standard_normal(61),
    "late": typical(LRS / 5),
    "early": typical(LRS * 20),
    "wavy": typical(LRS) + 0.3 * np.sin(np.arange(61)),
}


@pytest.mark.parametrize(
    ("min_lr", "max_lr", "steps"), [(1e-3, 1.0, 5), (1e-7, 10.0, 100), (0.2, 0.3, 2)]
)
def test_the_rates_are_those_of_torch_lr_finder(min_lr, max_lr, steps):
    schedule = range_test_schedule(min_lr, max_lr, steps)
    for step in range(steps):
        r = step / (steps - 1)
        assert schedule(step) == pytest.approx(min_lr * (max_lr / min_lr) ** r, 1e-15)


@deterministic
@given(st.floats(1e-9, 1), st.floats(1.1, 1e6), st.integers(2, 500), st.integers(0, 10))
def test_the_rates_use_both_ends_and_keep_one_ratio(min_lr, factor, steps, extra):
    schedule = range_test_schedule(min_lr, min_lr * factor, steps)
    lrs = np.array([schedule(step) for step in range(steps + extra)])
    assert lrs[0] == min_lr
    assert lrs[steps - 1 :] == pytest.approx(min_lr * factor, rel=1e-13)
    ratios = lrs[1:steps] / lrs[: steps - 1]
    assert ratios == pytest.approx(factor ** (1 / (steps - 1)), rel=1e-12)


@pytest.mark.parametrize(
    ("min_lr", "max_lr", "steps", "reason"),
    [
        (0.0, 1.0, 10, "min_lr must be positive and finite, got 0.0"),
        (-1.0, 1.0, 10, "min_lr must be positive and finite, got -1.0"),
        (1.0, 1.0, 10, "min_lr must be below max_lr=1.0, got 1.0"),
        (0.1, math.inf, 10, "max_lr must be positive and finite"),
        (math.nan, 1.0, 10, "min_lr must be positive and finite, got nan"),
        (
            "1e-3",
            1.0,
            10,
            "min_lr must be positive and finite: a number, got the text '1e-3'",
        ),
        (0.1, 1.0, True, "got True"),
        (0.1, 1.0, 1, "steps must be an integer of 2 or more, got 1"),
        (0.1, 1.0, 2.5, "got 2.5"),
    ],
)
def test_a_range_that_is_none_is_refused(min_lr, max_lr, steps, reason):
    with pytest.raises(ValueError, match=reason):
        range_test_schedule(min_lr, max_lr, steps)


@pytest.mark.parametrize("step", [-1, np.arange(3), True])
def test_its_rates_are_asked_for_by_steps_as_those_of_any_schedule(step):
    with pytest.raises(ValueError, match="a step is one number, zero or more"):
        range_test_schedule(1e-3, 1.0, 5)(step)


@deterministic
@given(GENERATED, st.floats(0, 0.99))
def test_a_smoothed_loss_is_the_weighted_mean_of_all_before(losses, beta):
    weights = [beta ** np.arange(n, -1, -1.0) for n in range(len(losses))]
    means = [np.average(losses[: len(w)], weights=w) for w in weights]
    assert smooth(losses, beta) == pytest.approx(means, rel=1e-10)


def test_a_level_curve_stays_level_from_its_first_loss_on():
    assert smooth(np.full(50, 2.3)) == pytest.approx(np.full(50, 2.3), rel=1e-13)


def test_one_bad_first_batch_is_forgotten_sooner_than_from_a_start_at_it():
    losses = np.array([10.0] + [1.0] * 30)
    started_there = losses[0]  # torch-lr-finder
    for loss in losses[1:]:
        started_there = 0.95 * started_there + 0.05 * loss
    assert started_there == pytest.approx(1 + 9 * 0.95**30)
    assert smooth(losses, beta=0.95)[-1] < 1.6 < 2.9 < started_there


@pytest.mark.parametrize("bad", [math.nan, math.inf])
@pytest.mark.parametrize("beta", [0.0, 0.98])
def test_after_a_loss_that_is_not_finite_no_average_is(bad, beta):
    smoothed = smooth([2.0, 1.0, bad, 1.0, 1.0], beta)
    assert np.isfinite(smoothed).tolist() == [True, True, False, False, False]


@pytest.mark.parametrize("beta", [-0.1, 1.0, math.nan])
def test_an_average_that_forgets_nothing_or_more_than_all_is_refused(beta):
    with pytest.raises(ValueError, match=f"beta must be .* got {beta}"):
        smooth([1.0], beta)


@pytest.mark.parametrize(
    ("losses", "index"),
    [
        ([2.0, 1.0, 4.0, 4.1, 9.0], 3),
        ([2.0, 1.0, 4.0], None),
        ([1.0], None),
        ([1.0, 3.9, 0.5, 2.1], 3),
        ([math.inf, 1.0], 0),
        ([1.0, math.nan, 1.0], 1),
        ([2.0, 1.0, math.inf], 2),
    ],
)
def test_a_curve_diverges_where_it_passes_four_times_its_best(losses, index):
    assert divergence_index(losses) == index


def test_a_negative_loss_has_no_multiples():
    with pytest.raises(ValueError, match=r"must not be negative, got -0\.5"):
        divergence_index([1.0, -0.5, math.nan])


def test_a_record_says_whether_its_smoothed_curve_diverged():
    lrs = rates(4)
    assert RangeTest(lrs, np.array([1.0, 1.0, 1.0, 300.0])).diverged
    assert RangeTest(lrs, np.array([1.0, 1.0, 1.0, math.nan])).diverged
    assert not RangeTest(lrs, np.array([1.0, 1.0, 1.0, 4.5])).diverged


def longest_fall(losses):
    """Return (length, index of its end) of the first longest falling subsequence."""
    smallest_tails, best = [], (0, 0)
    for index, loss in enumerate(losses):
        length = bisect_left(smallest_tails, -loss) + 1
        smallest_tails[length - 1 : length] = [-loss]
        if length > best[0]:
            best = (length, index)
    return best


def valley(lrs, losses):
    length, end = longest_fall(losses)
    section = length / 3
    return lrs[max(0, end - length + int(section) + int(section / 2))]


def tenth_of_minimum(lrs, losses):
    return min(zip(losses, lrs, strict=True))[1] / 10


def torch_lr_finder(lrs, losses):
    return lrs[np.gradient(losses).argmin()]


def lightning(lrs, losses):
    spacing = [torch.tensor(lrs)]
    slopes = torch.gradient(torch.tensor(losses), spacing=spacing)[0]
    return lrs[int(slopes.argmin())]


def tenth_of_divergence(lrs, losses):
    best = math.inf
    for lr, loss in zip(lrs, losses, strict=True):
        best = min(best, loss)
        if loss > 4 * best:
            return lr / 10
    raise AssertionError("this curve does not diverge")


ORACLES = {
    "valley": valley,
    "min/10": tenth_of_minimum,
    "steepest": torch_lr_finder,
    "steepest_linear": lightning,
    "divergence/10": tenth_of_divergence,
}


@pytest.mark.parametrize("curve", CURVES)
@pytest.mark.parametrize("rule", RULES)
def test_a_rule_finds_what_its_oracle_finds(rule, curve):
    losses = CURVES[curve]
    assert suggest_lr(LRS, losses, rule) == ORACLES[rule](LRS, losses)


@pytest.mark.parametrize("rule", RULES)
@deterministic
@given(losses=GENERATED)
def test_a_rule_finds_it_on_any_curve_or_says_that_there_is_nothing(rule, losses):
    lrs = rates(len(losses))
    if rule == "divergence/10":
        nothing = divergence_index(losses) is None
    else:
        nothing = losses.min() == losses[0]
    if nothing:
        with pytest.raises(ValueError, match="the losses never"):
            suggest_lr(lrs, losses, rule)
    elif is_clear(rule, losses):
        assert suggest_lr(lrs, losses, rule) == ORACLES[rule](lrs, losses)


def is_clear(rule, losses):
    """Two slopes may differ by less than rounding: then either place is right."""
    if not rule.startswith("steepest"):
        return True
    lrs = rates(len(losses))
    slopes = np.gradient(losses, *([] if rule == "steepest" else [lrs]))
    lowest, next_lowest = np.sort(slopes)[:2]
    return next_lowest - lowest > 1e-9 * abs(slopes).max()


def test_the_longest_fall_may_skip_losses_and_the_valley_ends_at_its_last():
    #         start       |   half way        end
    losses = [5.0, 6.0, 5.5, 4.0, 4.5, 3.0, 2.0, 2.5, 9.0]
    assert longest_fall(losses) == (5, 6)  # 6, 5.5, 4 (or 4.5), 3, 2
    assert suggest_lr(rates(9), losses, "valley") == rates(9)[6 - 5 + 1 + 0]


def test_a_valley_of_two_at_the_start_is_at_the_lowest_rate_not_at_the_highest():
    assert suggest_lr(rates(3), [2.0, 1.0, 3.0], "valley") == rates(3)[0]


def test_per_factor_a_saturating_curve_is_steepest_at_its_middle():
    assert suggest_lr(LRS, saturating(LRS), "steepest") == pytest.approx(0.01)


def test_per_unit_of_the_rate_the_same_curve_is_steepest_at_the_lowest_rate():
    """Its slope is ``-0.02 / (lr + 0.01)**2``, whatever the range."""
    for lowest in (1e-7, 1e-5, 1e-3):
        lrs = np.geomspace(lowest, 10, 50)
        assert suggest_lr(lrs, saturating(lrs), "steepest_linear") == lrs[0]


def test_rates_of_a_sweep_need_not_be_evenly_spaced():
    lrs = [0.0001, 0.001, 0.01, 0.02, 0.04, 0.08]
    losses = [2.0, 1.5, 1.0, 0.8, 0.6, 0.5]  # half a unit a decade, .66 a decade later
    assert suggest_lr(lrs, losses, "steepest") == 0.02


@pytest.mark.parametrize("tail", [[math.nan], [math.inf, 0.1], [math.nan, 0.1, 7.0]])
@pytest.mark.parametrize("rule", RULES)
def test_a_loss_that_is_not_finite_ends_the_curve(rule, tail):
    losses = [2.0, 1.9, 1.2, 1.0, 1.1]
    lrs = rates(len(losses) + len(tail))
    if rule == "divergence/10":
        assert suggest_lr(lrs, losses + tail, rule) == lrs[5] / 10
    else:
        expected = ORACLES[rule](lrs[:5], np.array(losses))
        assert suggest_lr(lrs, losses + tail, rule) == expected


@pytest.mark.parametrize(
    "losses",
    [[1.0, 1.0, 1.0], [1.0, 2.0, 3.0], [1.0, math.nan, 0.5], [math.nan] * 3],
    ids=["flat", "rising", "nan at once", "nan"],
)
@pytest.mark.parametrize("rule", sorted(set(RULES) - {"divergence/10"}))
def test_a_curve_that_never_falls_suggests_nothing(rule, losses):
    with pytest.raises(ValueError, match="never fall below their first value"):
        suggest_lr(rates(3), losses, rule)


def test_a_curve_that_never_diverges_has_no_tenth_of_it():
    with pytest.raises(ValueError, match=r"never pass 4 times .* max_lr than 1\.0"):
        suggest_lr(rates(3), [2.0, 1.0, 3.9], "divergence/10")


@pytest.mark.parametrize("rule", ["minimum", "Valley", ""])
def test_an_unknown_rule_is_refused_and_the_known_ones_named(rule):
    with pytest.raises(ValueError, match="rule must be one of valley, min/10, steep"):
        suggest_lr(LRS, CURVES["smooth"], rule)


@pytest.mark.parametrize(
    ("lrs", "losses", "reason"),
    [
        ([0.1, 0.2], [1.0, 0.9, 0.8], "got 2 lrs and 3 losses"),
        ([0.0, 0.1], [1.0, 0.9], "positive, finite and rising"),
        ([0.2, 0.1], [1.0, 0.9], "rising"),
        ([0.1, 0.1], [1.0, 0.9], "rising"),
        ([0.1, math.nan], [1.0, 0.9], "finite"),
        ([], [], r"lrs must have shape \(n,\)"),
        ([0.1, 0.2], [[1.0, 0.9]], r"losses must have shape .* got \(1, 2\)"),
    ],
)
def test_what_is_no_curve_is_refused(lrs, losses, reason):
    for rule in RULES:
        with pytest.raises(ValueError, match=reason):
            suggest_lr(lrs, losses, rule)


def test_a_curve_scaled_in_rates_or_losses_has_its_suggestion_scaled_alike():
    for rule, curve in itertools.product(RULES, CURVES.values()):
        once = suggest_lr(LRS, curve, rule)
        assert suggest_lr(8 * LRS, 2 * curve, rule) == pytest.approx(8 * once)
