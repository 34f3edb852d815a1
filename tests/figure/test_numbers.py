"""Numbers in sentences and on axes, as the page writes them, to the last digit."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrcourse.figure.numbers import short

# what JavaScript's toPrecision(3) and toExponential(2) make of them: ties go up
WRITTEN = {
    1 / 32: "0.0313",
    -1 / 32: "-0.0313",
    12.25: "12.3",
    12.35: "12.3",  # which in binary is a little less
    0.5: "0.5",
    1000.5: "1000",
    100.5: "101",
    999.5: "1000",
    999_999.5: "1000000",
    1e6: "1.00e6",
    1_005_000.0: "1.01e6",
    1.005: "1",
    0.001: "0.001",
    0.0009995: "9.99e-4",
    5e-324: "4.94e-324",
    1e300: "1.00e300",
    0.0: "0",  # as is -0.0, the same key
}


@pytest.mark.parametrize(("value", "written"), WRITTEN.items())
def test_three_digits_are_written_as_the_page_writes_them(value, written):
    assert short(value) == written


@given(st.integers(100, 999), st.integers(-9, 9), st.booleans())
def test_of_two_numbers_equally_near_the_larger_is_written(digits, power, negative):
    tie = (Fraction(digits) + Fraction(1, 2)) * Fraction(2) ** power
    value = float(tie) * (-1 if negative else 1)
    shown = abs(Fraction(short(value)))
    unit = Fraction(1)
    while abs(Fraction(value)) >= 1000 * unit:
        unit *= 10
    while abs(Fraction(value)) < 100 * unit:
        unit /= 10
    whole = int(abs(Fraction(value)) / unit + Fraction(1, 2))
    assert shown == whole * unit
