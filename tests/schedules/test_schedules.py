"""What every schedule promises: floors, bounds, joins, exact restarts."""

import doctest
import importlib
import inspect
import math
import re
import reprlib
from fractions import Fraction
from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lrcourse import schedules

deterministic = settings(max_examples=30, deadline=None, derandomize=True)


def _in_our_words(drawn):
    """Name the drawn numbers, and work out those that depend on two of them."""
    s = SimpleNamespace(**drawn)
    s.min_lr = s.floor * s.max_lr
    # the peak of one_cycle anywhere between its two ends
    s.warmup_share = (1 + s.peak * s.total_steps) / (s.total_steps + 1)
    s.wsd_steps = s.warmup_steps + s.stable_steps + s.cooldown_steps
    return s


SETTINGS = st.fixed_dictionaries(
    {
        "max_lr": st.floats(1e-4, 10),
        "floor": st.just(0.0) | st.floats(1e-6, 0.9),  # min_lr / max_lr
        "total_steps": st.integers(1, 300),
        "warmup_steps": st.integers(2, 50),
        "stable_steps": st.integers(1, 100),
        "cooldown_steps": st.integers(1, 100),
        "period": st.integers(1, 80),
        "period_mult": st.integers(1, 5),
        "milestones": st.sets(st.integers(1, 250), min_size=1, max_size=5).map(sorted),
        "gamma": st.floats(0.5, 1),
        "k": st.floats(1e-4, 10),
        "power": st.floats(0.25, 4),
        "peak": st.floats(0.02, 0.98),
        "start_div": st.floats(1, 50),
        "end_div": st.floats(1, 1e4),
    }
).map(_in_our_words)

ENDLESS = {
    "constant": lambda s: schedules.constant(s.max_lr),
    "step_decay": lambda s: schedules.step_decay(s.max_lr, s.gamma, s.period),
    "multi_step": lambda s: schedules.multi_step(s.max_lr, s.gamma, s.milestones),
    "exponential": lambda s: schedules.exponential(s.max_lr, s.gamma),
    "inverse_time": lambda s: schedules.inverse_time(s.max_lr, s.k),
    "inverse_power": lambda s: schedules.inverse_power(s.max_lr, s.k, s.power),
}
TO_A_FLOOR = {
    "polynomial": lambda s: schedules.polynomial(
        s.max_lr, s.total_steps, s.power, s.min_lr
    ),
    "linear": lambda s: schedules.linear(s.max_lr, s.total_steps, s.min_lr),
    "cosine": lambda s: schedules.cosine(s.max_lr, s.total_steps, s.min_lr),
}
UP_AND_DOWN = {
    "triangular": lambda s: schedules.triangular(s.min_lr, s.max_lr, s.period),
    "triangular2": lambda s: schedules.triangular2(s.min_lr, s.max_lr, s.period),
    "exp_range": lambda s: schedules.exp_range(s.min_lr, s.max_lr, s.period, s.gamma),
    "warm_restarts": lambda s: schedules.warm_restarts(
        s.max_lr, s.period, s.period_mult, s.min_lr
    ),
}
OTHERS = {
    "temperature": lambda s: schedules.temperature(
        s.max_lr, 1.0, s.gamma, s.total_steps
    ),
    "one_cycle": lambda s: schedules.one_cycle(
        s.max_lr, s.total_steps, s.warmup_share, s.start_div, s.end_div
    ),
    "wsd": lambda s: schedules.wsd(
        s.max_lr, s.wsd_steps, s.warmup_steps, s.cooldown_steps, s.min_lr
    ),
    "inverse_sqrt": lambda s: schedules.inverse_sqrt(s.max_lr, s.warmup_steps),
    "join": lambda s: schedules.join(
        [schedules.constant(s.max_lr), schedules.exponential(s.max_lr, s.gamma)],
        [s.period],
    ),
    "warmup": lambda s: schedules.warmup(
        schedules.exponential(s.max_lr, s.gamma), s.warmup_steps
    ),
    "hold": lambda s: schedules.hold(
        schedules.exponential(s.max_lr, s.gamma), s.period, s.period + s.stable_steps
    ),
    "scale": lambda s: schedules.scale(
        schedules.exponential(s.max_lr, s.gamma), s.floor
    ),
}
EVERY = ENDLESS | TO_A_FLOOR | UP_AND_DOWN | OTHERS
FALLING = ENDLESS | TO_A_FLOOR


def test_the_table_above_has_every_schedule():
    public = {name: f for name, f in vars(schedules).items() if name[0] != "_"}
    makers = {
        name
        for name, function in public.items()
        if inspect.isfunction(function)
        and inspect.signature(function).return_annotation == schedules.Schedule
    }
    assert set(EVERY) == makers


def test_docstrings_show_numbers_that_are_true():
    makers = [getattr(schedules, name) for name in EVERY]
    rooms = {importlib.import_module(maker.__module__) for maker in makers}
    results = [doctest.testmod(room) for room in rooms]
    assert sum(result.failed for result in results) == 0
    assert sum(result.attempted for result in results) >= len(EVERY)


@pytest.mark.parametrize("name", EVERY)
@given(s=SETTINGS)
@deterministic
def test_asking_twice_in_any_order_gives_the_same_answer(name, s):
    schedule = EVERY[name](s)
    forwards = [schedule(step) for step in range(100)]
    backwards = [schedule(step) for step in reversed(range(100))]
    assert forwards == backwards[::-1]


@pytest.mark.parametrize("name", EVERY)
@given(s=SETTINGS)
@deterministic
def test_rates_are_finite_and_never_negative_however_large_the_step(name, s):
    schedule = EVERY[name](s)
    for step in (*range(200), 10**6, 10**18, 10**30):
        assert 0 <= schedule(step) < math.inf


NO_STEPS = [-1, -(10**30), -0.5, True, math.nan, math.inf, None, "3", [3], 3j]
NO_STEPS += [np.arange(3), np.array([3]), np.int64(-1), np.bool_(True)]


@pytest.mark.parametrize("name", EVERY)
@given(s=SETTINGS, step=st.sampled_from(NO_STEPS))
@settings(max_examples=len(NO_STEPS) + 6, deadline=None, derandomize=True)
def test_what_is_no_step_is_refused_with_what_a_step_is(name, s, step):
    schedule = EVERY[name](s)
    said = f"of the updates done so far, got {reprlib.repr(step)}; for many steps at"
    with pytest.raises(ValueError, match=re.escape(said)):
        schedule(step)


@pytest.mark.parametrize("name", EVERY)
@given(s=SETTINGS, step=st.integers(0, 400))
@deterministic
def test_any_kind_of_integer_is_a_step(name, s, step):
    schedule = EVERY[name](s)
    for kind in (np.int32, np.uint16, np.int64, np.array):
        assert schedule(kind(step)) == schedule(step)
        assert type(schedule(kind(step))) is type(schedule(step))


@pytest.mark.parametrize("name", EVERY)
@given(s=SETTINGS, step=st.integers(0, 400))
@deterministic
def test_a_step_may_lie_between_two_updates(name, s, step):
    schedule = EVERY[name](s)
    between = schedule(step + 0.5)
    assert schedule(np.float64(step + 0.5)) == schedule(Fraction(step) + Fraction(1, 2))
    assert schedule(float(step)) == pytest.approx(schedule(step), rel=1e-14, abs=0)
    if name in FALLING:
        assert schedule(step + 1) <= between * (1 + 1e-15)
        assert between <= schedule(step) * (1 + 1e-15)


def test_a_function_of_one_s_own_is_checked_by_what_is_made_of_it():
    def own(step):
        return 1.0 + step

    makers = [
        lambda: schedules.warmup(own, 0),
        lambda: schedules.warmup(own, 3),
        lambda: schedules.join([own], []),
        lambda: schedules.hold(own, 2, 4),
        lambda: schedules.scale(own, 2.0),
    ]
    for make in makers:
        with pytest.raises(ValueError, match="of the updates done so far, got -1"):
            make()(-1)


def test_a_warmup_of_no_steps_is_the_schedule_itself():
    schedule = schedules.cosine(0.1, 20)
    assert _rates(schedules.warmup(schedule, 0), 30) == _rates(schedule, 30)


@pytest.mark.parametrize("name", FALLING)
@given(s=SETTINGS)
@deterministic
def test_what_falls_starts_at_the_top_and_never_rises(name, s):
    lrs = _rates(FALLING[name](s), 310)
    assert lrs[0] == pytest.approx(s.max_lr, rel=1e-15, abs=0)
    assert all(later <= earlier for earlier, later in pairwise(lrs))


@pytest.mark.parametrize("name", TO_A_FLOOR)
@given(s=SETTINGS)
@deterministic
def test_the_floor_is_reached_at_total_steps_and_held(name, s):
    schedule = TO_A_FLOOR[name](s)
    assert schedule(s.total_steps - 1) > s.min_lr
    after = range(s.total_steps, s.total_steps + 50)
    assert {schedule(step) for step in (*after, 10**30)} == {s.min_lr}


@pytest.mark.parametrize("name", TO_A_FLOOR | UP_AND_DOWN)
@given(s=SETTINGS)
@deterministic
def test_rates_stay_between_min_lr_and_max_lr(name, s):
    lrs = _rates((TO_A_FLOOR | UP_AND_DOWN)[name](s), 310)
    assert s.min_lr <= min(lrs)
    assert max(lrs) <= _at_most(s.max_lr)


@pytest.mark.parametrize("name", TO_A_FLOOR | UP_AND_DOWN)
def test_min_lr_equal_to_max_lr_is_a_constant(name):
    s = SimpleNamespace(max_lr=0.3, min_lr=0.3, total_steps=7, power=2, period=3)
    s.period_mult, s.gamma = 2, 0.9
    assert set(_rates((TO_A_FLOOR | UP_AND_DOWN)[name](s), 50)) == {0.3}


def test_the_forms_of_exponential_decay_agree():
    gamma = schedules.gamma_from_half_life(100)
    assert gamma == schedules.gamma_from_rate(rate=0.5, decay_steps=100)
    assert gamma == pytest.approx(
        schedules.gamma_from_k(math.log(2) / 100), rel=1e-15, abs=0
    )
    assert schedules.exponential(0.8, gamma)(300) == pytest.approx(0.1)


@given(rate=st.floats(1e-6, 1), decay_steps=st.integers(1, 10**6))
@deterministic
def test_gamma_from_rate_multiplies_by_rate_in_decay_steps(rate, decay_steps):
    gamma = schedules.gamma_from_rate(rate, decay_steps)
    # a rounding in gamma counts once for each of the decay_steps
    assert gamma**decay_steps == pytest.approx(
        rate, rel=1e-15 * (decay_steps + 10), abs=0
    )


@given(k=st.floats(0, 5))
@deterministic
def test_gamma_from_k_is_the_ratio_of_two_neighbours(k):
    schedule = schedules.exponential(1.0, schedules.gamma_from_k(k))
    for step in range(100):
        assert schedule(step) == pytest.approx(math.exp(-k * step), rel=1e-12, abs=0)


def test_step_decay_is_multi_step_at_the_multiples_of_period():
    regular = schedules.step_decay(0.1, gamma=0.3, period=20)
    listed = schedules.multi_step(0.1, gamma=0.3, milestones=[20, 40, 60, 80])
    assert _rates(regular, 100) == _rates(listed, 100)


def test_multi_step_keeps_its_own_milestones():
    milestones = [3]
    schedule = schedules.multi_step(1.0, 0.5, milestones)
    milestones.clear()
    assert schedule(3) == 0.5


def test_inverse_power_of_one_is_inverse_time():
    power = schedules.inverse_power(0.1, k=0.3, power=1)
    time = schedules.inverse_time(0.1, k=0.3)
    assert _rates(power, 200) == pytest.approx(_rates(time, 200), rel=1e-15, abs=0)


def test_inverse_power_tends_to_the_exponential_as_power_grows():
    exponential = _rates(schedules.exponential(1.0, schedules.gamma_from_k(0.1)), 100)
    gaps = [
        np.abs(
            np.subtract(
                _rates(schedules.inverse_power(1.0, 0.1 / power, power), 100),
                exponential,
            )
        ).max()
        for power in (10, 100, 1000)
    ]
    assert gaps[0] == pytest.approx(0.026, abs=0.001)
    assert gaps[1] == pytest.approx(0.0027, abs=0.0001)
    assert gaps[2] < gaps[1] / 9


@given(s=SETTINGS)
@deterministic
def test_temperature_is_exponential_decay_that_ends_exactly(s):
    schedule = schedules.temperature(s.max_lr, 2.0, 2 * s.gamma, s.total_steps)
    gamma = schedules.gamma_from_rate(s.gamma, s.total_steps)
    same = schedules.exponential(2 * s.max_lr, gamma)
    lrs = _rates(schedule, s.total_steps + 1)
    assert lrs == pytest.approx(_rates(same, s.total_steps + 1), rel=1e-12, abs=0)
    end = s.max_lr * (2 * s.gamma)
    assert {schedule(s.total_steps + later) for later in (0, 1, 10**30)} == {end}
    assert all(end <= lr * (1 + 1e-15) <= 2 * s.max_lr * (1 + 2e-15) for lr in lrs)


def test_temperature_may_stay_as_it_is():
    schedule = schedules.temperature(0.5, start=1.0, end=1.0, total_steps=5)
    assert _rates(schedule, 9) == [0.5] * 9


def test_temperature_halves_evenly():
    schedule = schedules.temperature(0.1, start=1.0, end=2**-10, total_steps=10)
    assert _rates(schedule, 11) == pytest.approx([0.1 / 2**n for n in range(11)])


@given(s=SETTINGS)
@deterministic
def test_inverse_sqrt_is_the_formula_of_the_paper(s):
    def vaswani(step_num):
        return min(step_num**-0.5, step_num * s.warmup_steps**-1.5)

    peak = vaswani(s.warmup_steps)
    paper = [s.max_lr * vaswani(step_num) / peak for step_num in range(1, 201)]
    ours = schedules.inverse_sqrt(s.max_lr, s.warmup_steps)
    assert _rates(ours, 200) == pytest.approx(paper, rel=1e-13, abs=0)
    assert ours(s.warmup_steps - 1) == s.max_lr


@given(s=SETTINGS)
@deterministic
def test_triangular_moves_by_the_same_amount_at_every_step(s):
    lrs = _rates(schedules.triangular(s.min_lr, s.max_lr, s.period), 4 * s.period + 1)
    rung = (s.max_lr - s.min_lr) / s.period
    assert np.abs(np.diff(lrs)) == pytest.approx(rung, abs=1e-14 * s.max_lr)
    directions = np.sign(np.diff(lrs)).tolist()
    assert directions == 2 * ([1] * s.period + [-1] * s.period)


@given(s=SETTINGS)
@deterministic
def test_each_peak_of_triangular2_is_half_as_high_over_the_same_trough(s):
    schedule = schedules.triangular2(s.min_lr, s.max_lr, s.period)
    for cycle in range(6):
        trough = 2 * cycle * s.period
        peak = s.min_lr + (s.max_lr - s.min_lr) / 2**cycle
        assert schedule(trough) == s.min_lr
        assert schedule(trough + s.period) == peak


@given(s=SETTINGS)
@deterministic
def test_exp_range_is_triangular_with_its_height_times_gamma_per_step(s):
    shrinking = schedules.exp_range(s.min_lr, s.max_lr, s.period, s.gamma)
    steady = schedules.triangular(s.min_lr, s.max_lr, s.period)
    for step in range(200):
        height = (steady(step) - s.min_lr) * s.gamma**step
        expected = pytest.approx(s.min_lr + height, rel=1e-14, abs=1e-15 * s.max_lr)
        assert shrinking(step) == expected


@pytest.mark.parametrize("period_mult", range(1, 11))
@pytest.mark.parametrize("first_period", range(1, 21))
def test_every_restart_falls_on_its_step_however_late(first_period, period_mult):
    schedule = schedules.warm_restarts(1.0, first_period, period_mult, min_lr=0.125)
    start, period = 0, first_period
    for _ in range(50):
        one_fall = schedules.cosine(1.0, period, min_lr=0.125)
        assert schedule(start) == 1.0
        for step in (0, period // 3, period - 1):
            assert schedule(start + step) == one_fall(step)
        start, period = start + period, period * period_mult


@given(s=SETTINGS)
@deterministic
def test_one_cycle_starts_peaks_and_ends_where_its_settings_say(s):
    schedule = schedules.one_cycle(
        s.max_lr, s.total_steps, s.warmup_share, s.start_div, s.end_div
    )
    end_lr = s.max_lr / s.start_div / s.end_div
    peak = s.warmup_share * (s.total_steps + 1) - 1
    assert schedule(0) == pytest.approx(s.max_lr / s.start_div, rel=1e-12, abs=0)
    assert {schedule(s.total_steps + later) for later in (0, 1, 10**30)} == {end_lr}
    lrs = _rates(schedule, s.total_steps + 1)
    top = math.floor(peak)
    assert lrs[: top + 1] == sorted(lrs[: top + 1])
    assert lrs[top + 1 :] == sorted(lrs[top + 1 :], reverse=True)
    assert max(lrs) <= _at_most(s.max_lr)


@given(s=SETTINGS)
@deterministic
def test_wsd_warms_up_stays_and_cools_down_in_its_last_steps(s):
    schedule = schedules.wsd(
        s.max_lr, s.wsd_steps, s.warmup_steps, s.cooldown_steps, s.min_lr
    )
    cooldown = s.wsd_steps - s.cooldown_steps
    for step in range(s.warmup_steps):
        climbed = (step + 1) / s.warmup_steps
        assert schedule(step) == pytest.approx(s.max_lr * climbed)
    level = {schedule(step) for step in range(s.warmup_steps, cooldown + 1)}
    assert max(level) - min(level) <= 1e-15 * s.max_lr
    fall = schedules.linear(s.max_lr, s.cooldown_steps, s.min_lr)
    assert [schedule(cooldown + step) for step in range(100)] == _rates(fall, 100)
    assert schedule(s.wsd_steps) == s.min_lr < schedule(s.wsd_steps - 1)


@given(s=SETTINGS)
@deterministic
def test_wsd_may_do_without_the_warmup(s):
    total = s.stable_steps + s.cooldown_steps
    schedule = schedules.wsd(s.max_lr, total, 0, s.cooldown_steps, s.min_lr)
    joined = schedules.join(
        [
            schedules.constant(s.max_lr),
            schedules.linear(s.max_lr, s.cooldown_steps, s.min_lr),
        ],
        [s.stable_steps],
    )
    assert _rates(schedule, total + 5) == _rates(joined, total + 5)


@given(s=SETTINGS)
@deterministic
def test_the_other_cooldown_falls_as_one_minus_the_root_of_its_progress(s):
    schedule = schedules.wsd(
        s.max_lr,
        s.wsd_steps,
        s.warmup_steps,
        s.cooldown_steps,
        s.min_lr,
        shape="1-sqrt",
    )
    straight = schedules.wsd(
        s.max_lr, s.wsd_steps, s.warmup_steps, s.cooldown_steps, s.min_lr
    )
    start = s.wsd_steps - s.cooldown_steps
    assert _rates(schedule, start + 1) == _rates(straight, start + 1)
    for step in range(start, s.wsd_steps):
        # the formula of the paper, from n, N and N_decay
        factor = 1 - math.sqrt((step - start) / s.cooldown_steps)
        expected = s.min_lr + (s.max_lr - s.min_lr) * factor
        assert schedule(step) == pytest.approx(expected, rel=1e-15, abs=0)
        assert schedule(step) <= straight(step)
    assert {schedule(s.wsd_steps), schedule(10**9)} == {s.min_lr}


def test_wsd_may_do_without_the_stable_phase():
    schedule = schedules.wsd(6.0, total_steps=5, warmup_steps=2, cooldown_steps=3)
    assert _rates(schedule, 6) == [3.0, 6.0, 6.0, 4.0, 2.0, 0.0]


@given(s=SETTINGS)
@deterministic
def test_join_plays_each_part_from_its_own_step_zero(s):
    parts = [
        schedules.linear(s.max_lr, s.period),
        schedules.exponential(s.max_lr, s.gamma),
        schedules.cosine(s.max_lr, s.total_steps),
    ]
    first, second = s.period, s.period + s.stable_steps
    joined = schedules.join(parts, [first, second])
    expected = (
        _rates(parts[0], first)
        + _rates(parts[1], second - first)
        + _rates(parts[2], 50)
    )
    assert _rates(joined, second + 50) == expected


def test_join_of_one_schedule_is_that_schedule():
    assert schedules.join([schedules.constant(0.1)], [])(7) == 0.1


@pytest.mark.parametrize("name", EVERY)
@given(s=SETTINGS)
@deterministic
def test_warmup_climbs_evenly_to_the_start_then_follows(name, s):
    schedule = EVERY[name](s)
    warm = schedules.warmup(schedule, s.warmup_steps)
    peak = schedule(0)
    ramp = [peak * (step + 1) / s.warmup_steps for step in range(s.warmup_steps)]
    assert _rates(warm, s.warmup_steps) == pytest.approx(ramp, rel=1e-15, abs=0)
    assert warm(s.warmup_steps - 1) == warm(s.warmup_steps) == peak
    later = [warm(s.warmup_steps + step) for step in range(50)]
    assert later == _rates(schedule, 50)


@given(s=SETTINGS)
@deterministic
def test_hold_pauses_a_schedule_which_then_continues_where_it_stopped(s):
    schedule = schedules.cosine(s.max_lr, s.total_steps, s.min_lr)
    start, pause = s.period, s.stable_steps
    held = schedules.hold(schedule, start, start + pause)
    lrs = _rates(schedule, 300)
    assert _rates(held, 300 + pause) == (
        lrs[:start] + [lrs[start]] * pause + lrs[start:]
    )


def test_hold_can_start_at_step_zero():
    held = schedules.hold(schedules.linear(3.0, 3), start=0, stop=2)
    assert _rates(held, 6) == [3.0, 3.0, 3.0, 2.0, 1.0, 0.0]


@pytest.mark.parametrize("name", EVERY)
@given(s=SETTINGS, factor=st.floats(0, 10))
@deterministic
def test_scale_multiplies_every_rate(name, s, factor):
    schedule = EVERY[name](s)
    scaled = _rates(schedules.scale(schedule, factor), 50)
    assert scaled == [factor * lr for lr in _rates(schedule, 50)]


def _rates(schedule, steps):
    return [schedule(step) for step in range(steps)]


def _at_most(bound):
    """One rounding above `bound`: min + (max - min) need not be max to the last bit."""
    return math.nextafter(bound, math.inf)
