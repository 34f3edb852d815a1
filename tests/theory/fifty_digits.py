"""Odd and extreme arguments for the formulas, and numbers of fifty digits beside them.

The other side of a comparison is written anew with mpmath, from the definition where
that is another way: a sum, a product, a recurrence. Arguments are floats from 1e-60 to
1e60, so that cubes are floats too, integers, NumPy's numbers of either precision, ties
and ends of what is allowed.
"""

import mpmath
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mpf

from lrcourse import theory
from lrcourse.schedules import table

mpmath.mp.dps = 50

some = settings(max_examples=20, deadline=None, derandomize=True)


def kinds(numbers):
    """Return the same numbers as Python's, NumPy's, and where they are whole as int."""

    def of_kind(value, kind):
        if kind is np.float32 and 1e-30 < value < 1e30 and 0 < abs(1 - value) > 1e-6:
            return np.float32(value)
        return int(value) if kind is int and value == int(value) else np.float64(value)

    numpy_s = st.builds(of_kind, numbers, st.sampled_from([np.float32, int, float]))
    return numbers | numpy_s


POSITIVE = kinds(
    st.floats(-60, 60).map(lambda e: 10.0**e)
    | st.floats(1e-3, 1e3)
    | st.integers(1, 100).map(float)
)
ZERO_OR_MORE = st.just(0) | st.just(0.0) | POSITIVE
SHARES = kinds(st.floats(1e-6, 1 - 1e-6) | st.sampled_from([0.5, 0.25, 1e-60]))
MEMORY = st.just(0.0) | SHARES
COUNTS = st.integers(1, 50) | st.integers(1, 50).map(np.int64)
MANY = COUNTS | st.sampled_from([1000, 10**6])
NORMAL = kinds(st.floats(1e-3, 1e3) | st.integers(1, 20).map(float))
STABLE = kinds(st.floats(1e-9, 0.999) | st.sampled_from([0.5, 0.25]))


def exact(number):
    """Return `number` as mpmath's, with all its bits."""
    return mpf(float(number))


def exact_all(numbers):
    return [exact(x) for x in numbers]


def schedule_of(rates):
    return [*rates, *[rates[-1]] * 9].__getitem__


def at(schedule, steps):
    return table(schedule, steps).tolist()


def assert_close(ours, theirs, rel=1e-8):
    """Compare a float with a number of fifty digits, as far as floats reach."""
    if theirs > mpf(2) ** 1020:
        assert ours > 1e300
    elif abs(theirs) < mpf(2) ** -1020:
        assert abs(ours) < 1e-290
    else:
        assert abs(mpf(float(ours)) - theirs) <= rel * abs(theirs), (ours, theirs)


def assert_right(name, strategies, ask, formula):
    """Ask the formula of that name for drawn arguments, and compare."""

    @some
    @given(st.tuples(*strategies))
    def holds(arguments):
        ours = ask(getattr(theory, name), *arguments)
        theirs = formula(*arguments)
        if not isinstance(theirs, list):
            ours, theirs = [ours], [theirs]
        assert len(ours) == len(theirs)
        largest = max(map(abs, theirs), default=mpf(0))
        for mine, other in zip(ours, theirs, strict=True):
            if abs(other) < largest * mpf("1e-12"):  # a difference of large numbers
                assert abs(mpf(float(mine)) - other) <= largest * mpf("1e-12")
            else:
                assert_close(mine, other)

    holds()
