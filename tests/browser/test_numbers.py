"""Numbers and ticks as a real browser writes them, against Python's."""

import random
from importlib.resources import files

import pytest

from lrcourse.figure.numbers import short

DRAW = files("lrcourse.figure").joinpath("script", "draw.js").read_text("utf-8")


@pytest.fixture(scope="module")
def written(browser):
    """Return a function that lets the page's own code write numbers."""
    page = browser.new_page()
    return lambda call, values: page.evaluate(
        f"(values) => {{ {DRAW}; return values.map((v) => {call}) }}", values
    )


def test_python_writes_three_digits_as_the_page_does_also_at_ties(written):
    draw = random.Random(0)
    signs = (-1, 1)
    values = [
        *(
            draw.choice(signs) * draw.randint(1, 4096) / 2**n
            for n in range(15)
            for _ in range(99)
        ),
        *(draw.uniform(-1, 1) * 10.0**n for n in range(-12, 13) for _ in range(40)),
        *((draw.randint(100, 999) + 0.5) * 10**n for n in range(9) for _ in range(40)),
    ]
    assert written("short(v)", values) == list(map(short, values))


def test_a_tick_on_a_logarithmic_axis_is_its_own_value(written):
    ticks = {
        0.003: "0.003",
        0.005: "0.005",
        0.007: "0.007",
        0.001: "10⁻³",
        1e-12: "10⁻¹²",
        3e-5: "3.00e-5",
        0.01: "0.01",
        1: "1",
        1000: "1000",
        3000: "3000",
        10_000: "10⁴",
    }
    assert written("tickText(v, true)", list(ticks)) == list(ticks.values())


def test_no_two_ticks_of_a_logarithmic_axis_read_the_same(written):
    rates = [m * 10.0**k for k in range(-6, 6) for m in (1, 2, 3, 5, 7)]
    assert len(set(written("tickText(v, true)", rates))) == len(rates)


def test_on_a_straight_axis_there_are_no_powers(written):
    texts = written("tickText(v, false)", [0, -2, 0.001, 10_000])
    assert texts == ["0", "-2", "0.001", "10000"]
