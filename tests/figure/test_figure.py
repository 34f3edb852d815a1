"""Figures before a page is opened: their sentences and numbers, what they refuse."""

import base64
import json
import math
import re
from html import unescape

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrcourse import figure, theory
from lrcourse.figure.element import script
from lrcourse.figure.numbers import exact, off_log_scale, on_log_scale, short
from lrcourse.grading.entrances.card import Card
from lrcourse.optimizers import RAdam
from lrcourse.problems import Quadratic
from lrcourse.schedules import constant
from lrcourse.training import RangeTest
from tests import ROOT
from tests.browser.figures import BOWL, FIGURES, descent

BOOK = ROOT / "book"


def test_a_figure_reads_as_its_sentence_where_nothing_is_drawn():
    assert repr(descent()) == (
        "constant, SGD, rate 0.21: the loss goes from 24.5 to 1.85e6 in 60 updates. "
        "The run is lost. At 60 of 60 updates the rate is above the limit of 0.2."
    )


@pytest.mark.parametrize("kind", FIGURES)
def test_a_figure_is_the_same_text_each_time_and_carries_its_sentence(kind):
    html = FIGURES[kind]()._repr_html_()
    assert html == FIGURES[kind]()._repr_html_()
    assert f"<p>{FIGURES[kind]()!r}" in unescape(html)
    assert html.count("<script>") == 1


@pytest.mark.parametrize("kind", FIGURES)
def test_data_and_markup_weigh_at_most_25_kilobytes(kind):
    html = FIGURES[kind]()._repr_html_()
    assert len(html.encode()) - len(script().encode()) < 25_000


def test_the_data_of_a_figure_can_hold_any_text():
    name = '<b>"it\'s" & </script>'
    shown = {"shown": name, "against": name, "place": 0}
    made = figure.schedule_figure({name: constant(1.0)}, 2, start=shown)
    html = made._repr_html_()
    text = re.search("data-spec='([^']*)'", html).group(1)
    assert list(json.loads(unescape(text))["series"]) == [name]
    assert name not in html


@given(st.lists(st.floats(), max_size=8))
def test_exact_numbers_keep_every_bit(values):
    back = np.frombuffer(base64.b64decode(exact(values)), "<f8")
    assert np.array_equal(back, values, equal_nan=True)


@given(st.lists(st.floats(1e-6, 1e6), min_size=1, max_size=20))
def test_numbers_on_a_log_scale_are_off_by_a_thousandth_at_most(values):
    back = off_log_scale(on_log_scale([*values, math.inf, math.nan]))
    assert back[:-2] == pytest.approx(values, rel=1e-3)
    assert np.isinf(back[-2:]).all()


@pytest.mark.parametrize("values", [[0.0, 1.0], [-1.0], [math.nan]])
def test_what_has_no_logarithm_is_refused(values):
    with pytest.raises(ValueError, match="losses must be positive"):
        on_log_scale(values)


@given(st.floats(-1e300, 1e300))
def test_three_digits_are_within_half_a_percent(value):
    tiny = 1e-307  # below it numbers lose digits by themselves
    assert float(short(value)) == pytest.approx(value, rel=0.0051, abs=tiny)


def raises(step):
    return 1 / (step - 3)


WRONG = [
    (raises, "raises at step 3: ZeroDivisionError"),
    (lambda: 0.1, "raises at step 0: TypeError"),
    (lambda step: math.nan, "got nan at step 0"),
    (lambda step: math.inf if step == 7 else 0.1, "got inf at step 7"),
    (lambda step: "0.1", "got '0.1' at step 0"),
    (lambda step: None, "got None at step 0"),
    (lambda step: True, "got True at step 0"),
    (0.1, "must be a function from step to learning rate, got 0.1"),
]


@pytest.mark.parametrize(("mine", "said"), WRONG)
def test_a_schedule_of_ones_own_that_is_none_is_named_before_anything_is_drawn(
    mine, said
):
    shown = {"shown": "constant", "against": "mine", "place": 0}
    with pytest.raises(ValueError, match=re.escape("extra['mine'] ")) as caught:
        figure.schedule_figure(
            {"constant": constant(0.1)}, 20, start=shown, extra={"mine": mine}
        )
    assert said in str(caught.value)
    with pytest.raises(ValueError, match=re.escape("extra['mine'] ")):
        descent(extra={"mine": mine})


def test_a_schedule_of_ones_own_needs_a_name_of_its_own():
    with pytest.raises(ValueError, match="extra needs names of its own"):
        descent(extra={"constant": constant(0.1)})


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ({"lr": 0.3}, "lr must be from 0.005 to 0.25, got 0.3"),
        ({"lr": math.nan}, "lr must be from 0.005 to 0.25, got nan"),
        ({"rule": "Lion"}, "rule must be one of SGD, momentum 0.9"),
        ({"rate": 0.1}, "sets 'rate'; this figure has lr, schedule, rule, step"),
    ],
)
def test_a_state_that_the_figure_does_not_have_is_refused(state, said):
    with pytest.raises(ValueError, match=re.escape(f"too far: {said}")):
        descent(marks={"too far": state})


def test_a_start_that_forgets_a_control_is_refused():
    with pytest.raises(ValueError, match="start must set lr, schedule, rule, step"):
        descent(start={"lr": 0.1})


def test_a_name_that_no_link_can_hold_is_refused():
    with pytest.raises(ValueError, match="name must be small letters"):
        descent(name="One number")


def test_a_rule_without_a_recurrence_is_refused():
    with pytest.raises(ValueError, match=r"rules\['RAdam'\] must be one of SGD"):
        descent(rules={"RAdam": RAdam()})


@pytest.mark.parametrize("bowl", [Quadratic(np.ones(3)), Quadratic(np.ones(1))])
def test_a_bowl_has_two_weights(bowl):
    with pytest.raises(ValueError, match="must have two weights"):
        descent(bowl=bowl)


def test_range_tests_at_different_rates_are_refused():
    here = RangeTest(np.array([0.1, 0.2]), np.array([2.0, 1.0]))
    there = RangeTest(np.array([0.1, 0.3]), np.array([2.0, 1.0]))
    state = {"test": "a", "beta": 0.0, "update": 0}
    with pytest.raises(ValueError, match="same rates"):
        figure.range_figure({"a": here, "b": there}, start=state)


def test_losses_of_another_shape_than_their_grid_are_refused():
    state = {"max_lr": 0.1, "share": 1.0, "half_period": 5}
    grid = {"shares": [1.0], "half_periods": [5], "max_lrs": [0.1], "total_steps": 10}
    with pytest.raises(ValueError, match=r"must have shape \(1, 1, 1\)"):
        figure.cycle_figure(np.ones((2, 1, 1, 4)), **grid, start=state)


def test_a_limit_stands_only_where_a_theorem_gives_one():
    limits = descent().data["limits"]
    assert limits["SGD"] == theory.max_stable_lr(BOWL.hessian)
    assert limits["momentum 0.9"] == pytest.approx(0.38)
    assert limits["Nesterov"] is limits["Adam"] is None


def test_a_card_draws_its_curve_as_a_figure():
    curve = {
        "x": [0.0, 1.0, 2.0],
        "expected": [1.0, 0.5, 0.0],
        "yours": [1.0, 0.25, None],
        "xlabel": "step",
        "ylabel": "rate",
    }
    result = {"exercise": "x", "answer": "half", "verdicts": [], "hints": []}
    html = Card(result | {"curve": curve})._repr_html_()
    assert "At step 1, yours is at 0.25 and expected is at 0.5." in html
    assert "<svg" not in html


def stored_figures():
    for path in sorted(BOOK.glob("*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            for output in cell.get("outputs", []):
                html = "".join(output.get("data", {}).get("text/html", ""))
                if "<lr-figure" in html:
                    yield pytest.param(html, id=path.stem)


@pytest.mark.parametrize("html", list(stored_figures()))
def test_a_figure_of_the_book_carries_the_script_of_today(html):
    assert html.endswith(f"<script>{script()}</script>"), "run make execute"
