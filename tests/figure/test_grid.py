"""Figures of recorded runs before a page is opened: what they read, keep and refuse."""

import math
import re
from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrcourse import figure
from lrcourse.figure import Across, Choice, Curves, Map, Number, Points, Rows, Stops
from lrcourse.figure.element import script
from lrcourse.figure.numbers import short
from lrcourse.figure.recorded.codes import (
    off_said_numbers,
    off_scale,
    off_three_digits,
    on_scale,
    once_each,
    said_numbers,
    three_digits,
)
from tests.browser.figures import FIGURES, RUN_CONTROLS, RUNS, grid, trainability

RULES, LRS = ("SGD", "Adam"), (0.01, 0.1, 1.0)
CONTROLS = (Choice("rule", "rule", RULES), Stops("lr", "learning rate", LRS))
START = {"rule": "SGD", "lr": 0.1}


def runs(**more):
    """Return runs that end at their rate, and once more for Adam."""
    return {
        (rule, lr): {
            "losses": [4 * lr, 2 * lr, lr * (1 + (rule == "Adam"))],
            "loss": lr * (1 + (rule == "Adam")),
            **{name: f(rule, lr) for name, f in more.items()},
        }
        for rule in RULES
        for lr in LRS
    }


def simple(results=None, views=None, controls=CONTROLS, start=START, **settings):
    if views is None:
        views = [Curves("train loss", "losses", x=(1, 2, 3))]
    results = runs() if results is None else results
    return figure.grid_figure(results, controls, views, start=start, **settings)


@given(st.lists(st.floats(-1e300, 1e300) | st.floats(), min_size=1, max_size=20))
def test_three_digits_come_back_as_they_are_said(values):
    largest = max((abs(v) for v in values if math.isfinite(v)), default=0)
    for value, back in zip(values, off_three_digits(three_digits(values)), strict=True):
        if not math.isfinite(value) or abs(value) > 1.79e308:
            assert math.isinf(back)
        elif abs(value) < 1e-30 * largest or abs(value) < 1e-300:
            assert abs(back) <= abs(value) * 1.01
        else:
            assert short(float(back)) == short(value)


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=20), st.booleans())
def test_series_are_off_by_less_than_can_be_drawn(values, log):
    back = off_scale(on_scale([*values, math.nan], log))
    assert back[-1] == math.inf
    if log and min(values) > 1e-150:
        span = math.log(max(values) / min(values))
        assert np.log(back[:-1] / values) == pytest.approx(0, abs=span / 1e5 + 1e-8)
    else:
        span = max(values) - min(values)
        assert back[:-1] == pytest.approx(values, abs=span / 1e5 + 1e-9)


@given(st.lists(st.integers(-30_000, 30_000), min_size=1, max_size=20))
def test_counts_come_back_whole(values):
    assert off_said_numbers(said_numbers([*values, math.nan])).tolist() == [
        *values,
        math.inf,
    ]


def test_counts_are_said_whole():
    results = runs(updates=lambda rule, lr: 1125 + len(rule))
    views = [
        Number("updates", "updates"),
        Across("loss at the end", "loss", along="lr"),
    ]
    assert repr(simple(results, views, says="{updates} updates")) == "1128 updates"


def test_texts_are_stored_once_each():
    assert once_each(["a", "b", "a"])["texts"] == ["a", "b"]


def table(seeds=1):
    return pd.DataFrame(
        [
            {
                "rule": rule,
                "lr": np.float32(lr),
                "epoch": epoch,
                "losses": loss,
                "seed": s,
            }
            for (rule, lr), run in runs().items()
            for s in range(seeds)
            for epoch, loss in zip((1, 2, 3), run["losses"], strict=True)
        ]
    )


def test_a_table_and_a_mapping_give_the_same_figure():
    views = [Curves("train loss", "losses", x="epoch", xlabel="epoch")]
    views += [Across("loss at the end", "losses", along="lr", best="min")]
    with_epochs = {key: {**run, "epoch": [1, 2, 3]} for key, run in runs().items()}
    by_table, by_mapping = simple(table(), views), simple(with_epochs, views)
    assert by_table._repr_html_() == by_mapping._repr_html_()
    assert repr(by_table) == "rule SGD, learning rate 0.1: loss at the end 0.1."


def test_a_table_with_seeds_that_nobody_averaged_is_refused():
    views = [Curves("train loss", "losses", x="epoch")]
    with pytest.raises(ValueError, match=r"needs an x that climbs.*seeds"):
        simple(table(seeds=2), views)
    with pytest.raises(ValueError, match=r"must be one number at every state, got 6"):
        simple(table(seeds=2), [Across("loss at the end", "losses", along="lr")])


def test_results_that_a_control_does_not_change_are_stored_without_it():
    results = runs(rates=lambda rule, lr: [lr] * 3, always=lambda rule, lr: 7.0)
    views = [
        Curves("learning rate", "rates", x=(1, 2, 3)),
        Across("loss at the end", "loss", along="lr"),
        Number("a constant", "always"),
    ]
    stored = simple(results, views).data["results"]
    assert stored["series"]["rates"]["axes"] == [1]
    assert stored["numbers"]["loss"]["axes"] == [0, 1]
    assert stored["numbers"]["always"]["axes"] == []


def test_four_thousand_cells_weigh_less_than_twelve_kilobytes():
    lrs, momenta = np.geomspace(0.01, 1, 40), np.linspace(0, 0.99, 25)
    rules = ("SGD", "Nesterov", "Keras", "Adam")
    results = {
        (rule, lr, momentum): {"updates": (i + 1) * lr * (1 + momentum)}
        for (i, rule), lr, momentum in product(enumerate(rules), lrs, momenta)
    }
    controls = (
        Choice("rule", "rule", rules),
        Stops("lr", "learning rate", lrs),
        Stops("momentum", "momentum", momenta),
    )
    made = figure.grid_figure(
        results,
        controls,
        [Map("updates needed", "updates", x="momentum", y="lr", best="min", log=True)],
        start={"rule": "Adam", "lr": lrs[0], "momentum": 0.0},
    )
    html = made._repr_html_()
    assert len(html.encode()) - len(script().encode()) < 14_000


def test_the_best_and_its_place_are_what_the_runs_say():
    for rule in RULES:
        made = simple(
            views=[Across("loss at the end", "loss", along="lr", best="min")],
            says="{best loss} at {best lr}",
            start={"rule": rule, "lr": 1.0},
        )
        assert repr(made) == f"{short(0.01 * (1 + (rule == 'Adam')))} at 0.01"


def test_of_runs_that_were_all_lost_none_is_best():
    results = {key: {**run, "loss": math.nan} for key, run in runs().items()}
    results["Adam", 0.1]["loss"] = 3.0
    made = simple(
        results,
        [Across("loss at the end", "loss", along="lr", best="min", range=(0, 4))],
        says="{loss}; best {best loss} at {best lr}",
        lost="lost",
    )
    assert repr(made) == "lost; best lost at nowhere"
    assert made.says({"rule": "Adam", "lr": 0.1}) == "3; best 3 at 0.1"


def test_a_number_is_said_as_the_run_says_it_not_as_it_is_drawn():
    results = {
        key: {**run, "loss": 0.012349 + run["loss"] * 1e-9}
        for key, run in runs().items()
    }
    views = [Across("loss at the end", "loss", along="lr", range=(0, 1e6))]
    assert repr(simple(results, views, says="{loss}")) == "0.0123"


@pytest.mark.parametrize("name", ["grid", "map", "ends", "cycles"])
def test_axes_hold_all_that_is_finite(name):
    for view in FIGURES[name]().data["views"]:
        if view["kind"] == "curves" and view["title"] == "train loss":
            low, high = view["range"]
            losses = np.array([run["losses"] for run in RUNS.values()])
            assert low <= np.nanmin(losses)
            assert np.nanmax(losses) <= high


BAD = [
    (
        {"results": {("SGD", 0.1): {}}},
        "the 6 states, nothing stands at rule='SGD', lr=0.01",
    ),
    ({"results": {"SGD": {}}}, "results must be keyed by rule, lr, got 'SGD'"),
    (
        {"results": runs(losses=lambda rule, lr: [1.0] * (2 + (lr == 1)))},
        "'losses' must be one number, text or series of one length at every state, "
        "got lengths 2, 3; fill with nan what ended early",
    ),
    (
        {"results": runs(losses=lambda rule, lr: [object()] * 3)},
        "'losses' must hold numbers or texts",
    ),
    (
        {"views": [Curves("train loss", "losses", x=(1, 2))]},
        "'losses' must have 2 values, as 'train loss' draws, got 3",
    ),
    (
        {"views": [Curves("train loss", "losses", x=(1, 3, 2))]},
        "'train loss' needs an x that climbs",
    ),
    (
        {"views": [Across("x", "los", along="lr")]},
        "results must hold 'los' at rule='SGD'",
    ),
    (
        {"views": [Across("x", "loss", along="rate")]},
        "'x' must use one of rule, lr, got 'rate'",
    ),
    (
        {"views": [Map("x", "loss", x="lr", y="B")]},
        "'x' must use one of rule, lr, got 'B'",
    ),
    ({"views": []}, "views must be one to 4, got 0"),
    ({"says": "{los}"}, "results must hold 'los'"),
    (
        {"views": [Rows("errors", "losses", ("W1", "b1"))]},
        "'losses' must have 2 values, as 'errors' draws, got 3",
    ),
    (
        {"views": [Points("x", "loss", "losses", "y")], "results": runs()},
        "'losses' must be one number at every state, got 3",
    ),
    (
        {
            "results": runs(losses=lambda rule, lr: [lr, -lr, len(rule)]),
            "views": [Curves("train loss", "losses", x=(1, 2, 3), log=True)],
        },
        "'train loss' must be positive on a log scale",
    ),
    (
        {
            "results": {lr: {"loss": math.nan} for lr in LRS},
            "views": [Across("end", "loss", along="lr")],
            "controls": CONTROLS[1:],
            "start": {"lr": 0.1},
        },
        "'end' has nothing finite to draw",
    ),
    (
        {"start": {"rule": "SGD", "lr": 0.2}},
        "lr must be one of 0.01, 0.1, 1.0, got 0.2",
    ),
]


@pytest.mark.parametrize(("change", "said"), BAD)
def test_what_does_not_fit_is_refused_by_name(change, said):
    with pytest.raises(ValueError, match=re.escape(said)):
        simple(**change)


def test_a_control_that_changes_nothing_anywhere_is_refused():
    results = runs(flat=lambda rule, lr: lr)
    views = [Across("sum of the rates", "flat", along="lr")]
    with pytest.raises(ValueError, match="control 'rule' must change something"):
        simple(results, views)


def test_at_most_four_lines_share_a_view():
    lines = {str(number): "losses" for number in range(5)}
    with pytest.raises(ValueError, match="'train loss' must draw 1 to 4 lines, got 5"):
        simple(views=[Curves("train loss", lines, x=(1, 2, 3))])


def test_a_control_that_walks_along_curves_is_no_axis():
    controls = (*CONTROLS, Stops("epoch", "epoch", (1, 2, 3)))
    views = [
        Curves("train loss", "losses", at="epoch"),
        Across("loss at the end", "loss", along="epoch"),
    ]
    with pytest.raises(
        ValueError, match="cannot use 'epoch', which walks along curves"
    ):
        simple(views=views, controls=controls, start={**START, "epoch": 1})


def test_rates_of_numpy_can_be_stops():
    assert Stops("lr", "rate", np.array([1, 2])).values == (1, 2)


def test_a_map_is_named_with_its_key():
    (view, points) = trainability().data["views"]
    assert view["about"].startswith(
        "loss at the end as colours, learning rate across, batch size up: the faintest "
    )
    assert points["about"] == "loss at the end against sum of the rates, a point a run"


def test_the_figure_is_a_group_named_by_what_it_shows():
    html = grid(title="noise of batches")._repr_html_()
    assert (
        'role="group" aria-label="Interactive figure: noise of batches. To set: '
        in html
    )


def test_the_runs_of_the_tests_have_a_state_for_each_value():
    assert len(RUNS) == math.prod(len(control.values) for control in RUN_CONTROLS)
