"""Stagnation, restarts, pauses, a warmup before a rule that looks at the metric."""

import json
import math
import re
from functools import partial, reduce
from itertools import accumulate, groupby

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.optim import lr_scheduler

from lrcourse.schedules import (
    constant,
    cosine,
    exponential,
    hold,
    linear,
    warmup,
)
from lrcourse.schedules.feedback import (
    HoldOnStagnation,
    HoldState,
    RestartOnStagnation,
    RestartState,
    WarmupState,
    WarmupThen,
    has_stagnated,
    rates,
)
from lrcourse.schedules.plateau import PlateauState, ReduceOnPlateau

examples = partial(settings, max_examples=100, deadline=None, derandomize=True)
LOSSES = st.lists(
    st.integers(0, 12).map(float) | st.sampled_from([math.nan, math.inf]),
    max_size=40,
)
WINDOWS = st.integers(1, 6)


STAGNANT = {
    "flat": [2.0] * 8,
    "rising": [1.0, 1.1, 1.2, 1.3, 1.4],
    "improving, but not on the best": [1.0, 3.0, 2.5, 2.0, 1.5],
    "falling too slowly": [1.0, 0.998, 0.996, 0.994],
    "nan ever since": [1.0, math.nan, math.nan, math.nan],
    "nan all along": [math.nan] * 4,
}
LEARNING = {
    "no loss yet": [],
    "one loss": [1.0],
    "nothing before the window": [2.0, 2.0, 2.0],
    "a fast fall": [8.0, 4.0, 2.0, 1.0, 0.5],
    "a spike after a fall": [8.0, 4.0, 2.0, 1.0, 9.0],
    "the first number after nan": [math.nan, math.nan, 1.0, math.nan],
    "a fall from infinity": [math.inf, 8.0, 8.0, 8.0],
}


@pytest.mark.parametrize("losses", STAGNANT.values(), ids=STAGNANT)
def test_it_has_stagnated(losses):
    assert has_stagnated(losses, window=3, threshold=0.01)


@pytest.mark.parametrize("losses", LEARNING.values(), ids=LEARNING)
def test_it_has_not_stagnated(losses):
    assert not has_stagnated(losses, window=3, threshold=0.01)


@pytest.mark.parametrize(("last", "stagnated"), [(0.76, True), (0.74, False)])
def test_the_threshold_is_an_amount_below_the_best(last, stagnated):
    assert has_stagnated([1.0, 1.0, last], window=2, threshold=0.25) == stagnated


def test_a_restart_plays_the_schedule_from_its_start():
    rule = RestartOnStagnation(cosine(8.0, 10), window=2, threshold=0.1)
    falling, flat = [9.0, 7.0, 5.0, 3.0], [3.0, 3.0]
    once = [cosine(8.0, 10)(step) for step in range(6)]
    assert rates(rule, [*falling, *flat, 6.0, 4.0]) == [*once, *once[:3]]


def test_it_does_not_fire_while_the_loss_falls():
    rule = RestartOnStagnation(exponential(1.0, 0.9), window=3, threshold=0.01)
    falling = [40.0 - epoch for epoch in range(40)]
    lrs = rates(rule, falling)
    assert lrs == [exponential(1.0, 0.9)(step) for step in range(41)]


def test_an_ever_slower_fall_is_flat_once_the_window_holds_less_than_the_threshold():
    rule = RestartOnStagnation(exponential(1.0, 0.9), window=3, threshold=0.01)
    lrs = rates(rule, [0.9**epoch for epoch in range(40)])
    # 0.9**n * (1 - 0.9**3) is below 0.01 from n = 32 on, and that loss is 3 back
    assert lrs.index(1.0, 1) == 36


def test_losses_from_before_a_restart_do_not_cause_the_next():
    rule = RestartOnStagnation(exponential(1.0, 0.5), window=2, threshold=0.1)
    stuck, high_again_but_falling = [1.0, 1.0, 1.0], [5.0, 4.0, 3.0, 2.0, 1.5]
    assert rates(rule, stuck)[-1] == 1.0
    assert rates(rule, [*stuck, *high_again_but_falling])[-1] == 0.5**5


@given(losses=LOSSES, window=WINDOWS, threshold=st.integers(0, 3).map(float))
@examples()
def test_the_few_losses_it_keeps_decide_as_all_of_them_would(losses, window, threshold):
    rule = RestartOnStagnation(exponential(1.0, 0.9), window, threshold)
    since_restart, step, lrs = [], 0, [1.0]
    for loss in losses:
        since_restart.append(loss)
        step += 1
        if has_stagnated(since_restart, window, threshold):
            since_restart, step = [], 0
        lrs.append(exponential(1.0, 0.9)(step))
    assert rates(rule, losses) == lrs
    states = accumulate(losses, rule.step, initial=rule.init())
    assert max(len(state.losses) for state in states) <= window


@given(losses=LOSSES, window=WINDOWS, stop=st.integers(0, 40))
@examples()
def test_a_saved_restart_goes_on_as_if_nothing_had_happened(losses, window, stop):
    rule = RestartOnStagnation(exponential(1.0, 0.9), window, threshold=1.0)
    state = reduce(rule.step, losses[:stop], rule.init())
    lr, step, kept = json.loads(json.dumps(state))
    resumed = RestartState(lr, step, tuple(kept))
    after = partial(accumulate, losses[stop:], rule.step)
    assert [s.lr for s in after(initial=resumed)] == [
        s.lr for s in after(initial=state)
    ]


@pytest.mark.parametrize("epochs", [1, 2, 5])
def test_a_pause_is_the_one_of_schedules(epochs):
    rule = HoldOnStagnation(cosine(8.0, 20), window=2, threshold=0.1, epochs=epochs)
    falling, flat = [9.0, 7.0, 5.0, 3.0], [3.0, 3.0]
    after = [2.0 - epoch / 5 for epoch in range(epochs + 4)]
    paused = hold(cosine(8.0, 20), start=5, stop=5 + epochs)
    lrs = rates(rule, [*falling, *flat, *after])
    assert lrs == [paused(step) for step in range(len(lrs))]


def test_a_loss_that_never_falls_pauses_again_but_not_for_ever():
    rule = HoldOnStagnation(linear(8.0, 8), window=1, threshold=0.1, epochs=2)
    lrs = rates(rule, [1.0] * 9)
    assert lrs == [8, 7, 7, 7, 6, 5, 5, 5, 4, 3]


@given(losses=LOSSES, window=WINDOWS, epochs=st.integers(1, 4))
@examples()
def test_a_pause_keeps_its_length_and_skips_nothing(losses, window, epochs):
    rule = HoldOnStagnation(exponential(1.0, 0.5), window, 0.5, epochs)
    lrs = rates(rule, losses)
    stays = [len(list(same)) for _, same in groupby(lrs)]
    assert sorted(set(lrs), reverse=True) == [0.5**n for n in range(len(stays))]
    assert all(stay in (1, 1 + epochs) for stay in stays[:-1])


@given(losses=LOSSES, window=WINDOWS, stop=st.integers(0, 40))
@examples()
def test_a_saved_pause_goes_on_as_if_nothing_had_happened(losses, window, stop):
    rule = HoldOnStagnation(exponential(1.0, 0.9), window, threshold=1.0, epochs=3)
    state = reduce(rule.step, losses[:stop], rule.init())
    lr, step, kept, pause = json.loads(json.dumps(state))
    resumed = HoldState(lr, step, tuple(kept), pause)
    after = partial(accumulate, losses[stop:], rule.step)
    assert [s.lr for s in after(initial=resumed)] == [
        s.lr for s in after(initial=state)
    ]


def test_the_warmup_is_the_one_of_schedules():
    rule = WarmupThen(ReduceOnPlateau(0.3), warmup_steps=7)
    improving = [1.0 / (epoch + 1) for epoch in range(20)]
    schedule = warmup(constant(0.3), 7)
    assert rates(rule, improving) == [schedule(step) for step in range(21)]


@given(
    warmup_steps=st.integers(0, 8),
    climb=st.lists(st.floats(), min_size=8, max_size=8),
    metrics=st.lists(st.integers(0, 4).map(float), max_size=30),
)
@examples()
def test_the_rule_sees_nothing_of_the_warmup(warmup_steps, climb, metrics):
    plateau = ReduceOnPlateau(8.0, 0.5, patience=1, cooldown=1)
    together = WarmupThen(plateau, warmup_steps)
    lrs = rates(together, [*climb[:warmup_steps], *metrics])
    assert lrs[warmup_steps:] == rates(plateau, metrics)


def test_any_rule_may_follow_a_warmup_also_another_warmup():
    restarting = RestartOnStagnation(exponential(8.0, 0.5), window=1, threshold=0.0)
    twice = WarmupThen(WarmupThen(restarting, warmup_steps=2), warmup_steps=2)
    # the second climb starts at 4, so the first one leads there
    assert rates(twice, [1.0] * 7) == [2, 4, 4, 8, 8, 4, 8, 4]


def test_a_saved_warmup_goes_on_as_if_nothing_had_happened():
    rule = WarmupThen(ReduceOnPlateau(8.0, 0.5, patience=0), warmup_steps=3)
    metrics = [5.0, 4.0, 3.0, 3.0, 3.0, 2.0, 2.0]
    for stop in range(len(metrics)):
        state = reduce(rule.step, metrics[:stop], rule.init())
        lr, epochs, after = json.loads(json.dumps(state))
        resumed = WarmupState(lr, epochs, PlateauState(*after))
        assert resumed == state
        assert reduce(rule.step, metrics[stop:], resumed).lr == 2


def test_torch_refuses_a_plateau_after_a_warmup():
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=8.0)
    parts = [
        lr_scheduler.LinearLR(optimizer, 0.5, total_iters=2),
        lr_scheduler.ReduceLROnPlateau(optimizer),
    ]
    with pytest.raises(ValueError, match="does not support `ReduceLROnPlateau`"):
        lr_scheduler.SequentialLR(optimizer, parts, milestones=[2])


@pytest.mark.parametrize("window", [0, -1, 2.0, None])
def test_a_window_that_is_no_count_is_refused(window):
    with refused(f"window must be a positive integer, got {window!r}"):
        RestartOnStagnation(constant(0.1), window, threshold=0.1)


@pytest.mark.parametrize("threshold", [-0.1, math.nan, math.inf])
def test_a_threshold_that_is_no_amount_is_refused(threshold):
    with refused(f"threshold must be zero or more and finite, got {threshold!r}"):
        has_stagnated([1.0], window=3, threshold=threshold)


def test_other_bad_settings_are_refused():
    with refused("schedule must be a function from step to learning rate, got 0.1"):
        RestartOnStagnation(0.1, window=3, threshold=0.1)
    with refused("epochs must be a positive integer, got 0"):
        HoldOnStagnation(constant(0.1), window=3, threshold=0.1, epochs=0)
    with refused("schedule must be a function from step to learning rate, got None"):
        HoldOnStagnation(None, window=3, threshold=0.1, epochs=1)
    with refused("warmup_steps must be an integer, zero or more, got -1"):
        WarmupThen(ReduceOnPlateau(0.1), warmup_steps=-1)


TIED = st.lists(st.integers(0, 3).map(float) | st.just(float("nan")), max_size=9)


@given(TIED, st.integers(1, 4), st.sampled_from([0, 0.5, 1]))
@examples()
def test_to_stagnate_is_to_beat_nothing_by_enough_in_the_whole_window(
    losses, window, threshold
):
    earlier, recent = losses[:-window], losses[-window:]
    better = [
        all(late < early - threshold for early in earlier if early == early)
        for late in recent
        if late == late
    ]
    if not any(early == early for early in earlier):
        better = [True for late in recent if late == late]
    assert has_stagnated(losses, window, threshold) == (
        len(earlier) > 0 and not any(better)
    )


def refused(message):
    return pytest.raises(ValueError, match=f"^{re.escape(message)}$")
