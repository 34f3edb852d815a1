"""Every schedule at odd settings and steps, against its formula in fifty digits.

Rates from 1e-60 to 1e60, in Python's and NumPy's kinds of number, periods up to 1e9,
ends, ties and steps between two updates.
"""

import mpmath
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mpf

from lrcourse import schedules
from tests.schedules.test_schedules import EVERY
from tests.theory.fifty_digits import COUNTS, POSITIVE, SHARES, ZERO_OR_MORE, exact

some = settings(max_examples=20, deadline=None, derandomize=True)
LONG = COUNTS | st.sampled_from([1000, 10**9])
FLOORS = st.sampled_from([0.0, 0.5, 1.0, 1e-9])  # as shares of the peak
POWERS = st.sampled_from([1, 2, 0.5, 3.7])
GAMMAS = SHARES | st.just(1) | st.just(1.0)
MARKS = st.lists(st.integers(1, 60), min_size=1, max_size=4, unique=True).map(sorted)


def fall(first, last, share, curve):
    """Go from `first` to `last` as `curve` goes from 1 to 0, and stay."""
    return last + (first - last) * curve(min(share, mpf(1)))


def half_cosine(share):
    return (1 + mpmath.cos(mpmath.pi * share)) / 2


def line(share):
    return 1 - share


def triangle(t, half):
    place = t % (2 * half)
    return place / half if place <= half else 2 - place / half


def restarted(t, first, mult):
    """Return how much of its period has passed at t."""
    period = mpf(first)
    while t >= period:
        t, period = t - period, period * mult
    return t / period


def one_cycle(t, peak, total, share, start_div, end_div):
    top = share * (total + 1) - 1
    start, t = peak / start_div, min(t, total)
    if t <= top:
        return start + (peak - start) * (1 - half_cosine(t / top))
    return fall(peak, start / end_div, (t - top) / (total - top), half_cosine)


def cooled(t, peak, warm, stable, cool, floor, shape):
    if t < warm:
        return peak * (t + 1) / warm
    share = min(max((t - warm - stable) / cool, mpf(0)), mpf(1))
    return fall(peak, floor, share, lambda x: 1 - (mpmath.sqrt(x) if shape else x))


def gamma_at(t, lr, gamma):
    return lr * gamma**t


# how settings are drawn, how the schedule is made of them, its formula of step and them
CASES = {
    "constant": ((ZERO_OR_MORE,), schedules.constant, lambda t, lr: lr),
    "step_decay": (
        (POSITIVE, GAMMAS, LONG),
        schedules.step_decay,
        lambda t, lr, gamma, period: lr * gamma ** mpmath.floor(t / period),
    ),
    "multi_step": (
        (POSITIVE, GAMMAS, MARKS),
        schedules.multi_step,
        lambda t, lr, gamma, marks: lr * gamma ** sum(t >= mark for mark in marks),
    ),
    "exponential": ((POSITIVE, GAMMAS), schedules.exponential, gamma_at),
    "inverse_time": (
        (POSITIVE, ZERO_OR_MORE),
        schedules.inverse_time,
        lambda t, lr, k: lr / (1 + k * t),
    ),
    "inverse_power": (
        (POSITIVE, ZERO_OR_MORE, POWERS),
        schedules.inverse_power,
        lambda t, lr, k, power: lr / (1 + k * t) ** power,
    ),
    "polynomial": (
        (POSITIVE, LONG, POWERS, FLOORS),
        lambda lr, n, p, floor: schedules.polynomial(lr, n, p, floor * lr),
        lambda t, lr, n, p, floor: fall(lr, floor * lr, t / n, lambda x: (1 - x) ** p),
    ),
    "linear": (
        (POSITIVE, LONG, FLOORS),
        lambda lr, n, floor: schedules.linear(lr, n, floor * lr),
        lambda t, lr, n, floor: fall(lr, floor * lr, t / n, line),
    ),
    "cosine": (
        (POSITIVE, LONG, FLOORS),
        lambda lr, n, floor: schedules.cosine(lr, n, floor * lr),
        lambda t, lr, n, floor: fall(lr, floor * lr, t / n, half_cosine),
    ),
    "temperature": (
        (POSITIVE, SHARES, LONG),
        lambda lr, end, n: schedules.temperature(lr, 1.0, end, n),
        lambda t, lr, end, n: lr * end ** min(t / n, mpf(1)),
    ),
    "inverse_sqrt": (
        (POSITIVE, LONG),
        schedules.inverse_sqrt,
        lambda t, lr, warm: lr * min((t + 1) / warm, mpmath.sqrt(warm / (t + 1))),
    ),
    "triangular": (
        (POSITIVE, FLOORS, LONG),
        lambda lr, floor, half: schedules.triangular(floor * lr, lr, half),
        lambda t, lr, floor, half: lr * (floor + (1 - floor) * triangle(t, half)),
    ),
    "triangular2": (
        (POSITIVE, FLOORS, LONG),
        lambda lr, floor, half: schedules.triangular2(floor * lr, lr, half),
        lambda t, lr, floor, half: (
            lr
            * (
                floor
                + (1 - floor) * triangle(t, half) / 2 ** mpmath.floor(t / (2 * half))
            )
        ),
    ),
    "exp_range": (
        (POSITIVE, FLOORS, LONG, GAMMAS),
        lambda lr, floor, half, gamma: schedules.exp_range(floor * lr, lr, half, gamma),
        lambda t, lr, floor, half, gamma: (
            lr * (floor + (1 - floor) * triangle(t, half) * gamma**t)
        ),
    ),
    "warm_restarts": (
        (POSITIVE, COUNTS, st.integers(2, 4), FLOORS),
        lambda lr, n, mult, floor: schedules.warm_restarts(lr, n, mult, floor * lr),
        lambda t, lr, n, mult, floor: fall(
            lr, floor * lr, restarted(t, n, mult), half_cosine
        ),
    ),
    "one_cycle": (
        (POSITIVE, st.integers(4, 60), st.sampled_from([0.3, 0.5]), COUNTS, COUNTS),
        schedules.one_cycle,
        one_cycle,
    ),
    "wsd": (
        (POSITIVE, st.integers(0, 9), st.integers(0, 9), COUNTS, FLOORS, st.booleans()),
        lambda lr, warm, stable, cool, floor, root: schedules.wsd(
            lr,
            warm + stable + cool,
            warm,
            cool,
            floor * lr,
            "1-sqrt" if root else "linear",
        ),
        lambda t, lr, warm, stable, cool, floor, root: cooled(
            t, lr, warm, stable, cool, floor * lr, root
        ),
    ),
    "join": (
        (POSITIVE, POSITIVE, GAMMAS, COUNTS),
        lambda first, lr, gamma, mark: schedules.join(
            [schedules.constant(first), schedules.exponential(lr, gamma)], [mark]
        ),
        lambda t, first, lr, gamma, mark: (
            first if t < mark else gamma_at(t - mark, lr, gamma)
        ),
    ),
    "warmup": (
        (POSITIVE, GAMMAS, st.integers(0, 30)),
        lambda lr, gamma, warm: schedules.warmup(
            schedules.exponential(lr, gamma), warm
        ),
        lambda t, lr, gamma, warm: (
            lr * (t + 1) / warm if t < warm else gamma_at(t - warm, lr, gamma)
        ),
    ),
    "hold": (
        (POSITIVE, GAMMAS, st.integers(0, 9), COUNTS),
        lambda lr, gamma, start, pause: schedules.hold(
            schedules.exponential(lr, gamma), start, start + pause
        ),
        lambda t, lr, gamma, start, pause: gamma_at(
            t if t <= start else max(start, t - pause), lr, gamma
        ),
    ),
    "scale": (
        (POSITIVE, GAMMAS, ZERO_OR_MORE),
        lambda lr, gamma, factor: schedules.scale(
            schedules.exponential(lr, gamma), factor
        ),
        lambda t, lr, gamma, factor: factor * gamma_at(t, lr, gamma),
    ),
}
# differences of numbers of the peak's size: 1 + cos(x), 1 - progress, a triangle's foot
ROUNDED_AT_THE_PEAK = {"triangular", "triangular2", "exp_range", "cosine", "one_cycle"}
ROUNDED_AT_THE_PEAK |= {"warm_restarts", "polynomial", "linear", "wsd"}
STEPS = st.integers(0, 130) | st.integers(0, 90).map(lambda n: n / 2)


def in_fifty_digits(setting):
    return setting if isinstance(setting, list | bool) else exact(setting)


@pytest.mark.parametrize("name", CASES)
def test_a_schedule_is_its_formula_at_odd_settings(name):
    drawn, make, formula = CASES[name]

    @some
    @given(st.tuples(*drawn), STEPS)
    def holds(setting, step):
        ours = make(*setting)(step)
        theirs = formula(exact(step), *map(in_fifty_digits, setting))
        peak = exact(setting[0]) if name in ROUNDED_AT_THE_PEAK else 0
        near_zero = peak * mpf("1e-15") + mpf(10) ** -300
        assert abs(exact(ours) - theirs) <= abs(theirs) * mpf("1e-9") + near_zero

    holds()


def test_every_schedule_is_tried_here():
    assert CASES.keys() == EVERY.keys()


@some
@given(POSITIVE)
def test_the_conversions_are_their_formulas(number):
    half = schedules.gamma_from_half_life(number)
    assert abs(exact(half) - mpf("0.5") ** (1 / exact(number))) < 1e-15
    gamma = schedules.gamma_from_k(number)
    assert abs(exact(gamma) - mpmath.exp(-exact(number))) < 1e-15
    if number <= 1:
        root = schedules.gamma_from_rate(number, 7)
        assert abs(exact(root) - mpmath.root(exact(number), 7)) < 1e-15
