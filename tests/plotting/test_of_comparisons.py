import re

import matplotlib.pyplot as plt
import numpy as np
import pytest

from lrcourse import plotting


@pytest.fixture(autouse=True)
def _no_display():
    plt.switch_backend("agg")
    yield
    plt.close("all")


LRS = np.array([0.001, 0.01, 0.1])
CURVES = {"B = 4": (LRS, [2.0, 1.5, 1.2]), "B = 16": (4 * LRS, [2.0, 1.5, np.nan])}
ONTO = {"B = 4": LRS / 4, "B = 16": LRS / 4}


def collapse(curves=CURVES, onto=ONTO, **settings):
    labels = {"xlabels": ("learning rate", "rate over batch"), "ylabel": "loss"}
    plotting.plot_collapse(curves, onto, **labels | settings)
    return plt.gcf().axes


def test_curves_stand_over_their_own_x_and_over_the_one_that_makes_them_one():
    own, one = collapse()
    for ax, (x, xs) in ((own, (LRS, 4 * LRS)), (one, (LRS / 4, LRS / 4))):
        assert ax.lines[0].get_xdata() == pytest.approx(x)
        assert ax.lines[2].get_xdata() == pytest.approx(xs)
        assert ax.lines[0].get_ydata().tolist() == [2.0, 1.5, 1.2]
        assert ax.get_xscale() == "log"
    assert [ax.get_xlabel() for ax in (own, one)] == [
        "learning rate",
        "rate over batch",
    ]
    assert own.get_ylabel() == "loss"


def test_a_curve_has_one_colour_in_both_panels():
    own, one = collapse()
    assert [line.get_color() for line in own.lines[:4]] == [
        line.get_color() for line in one.lines[:4]
    ]


def test_what_was_lost_is_a_cross_at_the_top():
    own, _ = collapse()
    cross = own.lines[3]
    assert cross.get_xydata().tolist() == [[0.4, 2.0]]
    (legend,) = plt.gcf().legends
    assert [text.get_text() for text in legend.texts] == ["B = 4", "B = 16", "lost"]


def test_an_axis_of_sums_may_be_linear():
    assert collapse(log=False)[0].get_xscale() == "linear"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            {"onto": {"B = 4": LRS}},
            "onto must have the labels of curves, B = 4, B = 16",
        ),
        (
            {"onto": {**ONTO, "B = 4": [1.0]}},
            "'B = 4' must have an x for each y, got 1 and 3",
        ),
        ({"curves": {"B = 4": (LRS, 1.0)}, "onto": {"B = 4": LRS}}, "a row of numbers"),
    ],
)
def test_a_collapse_needs_a_place_for_each_point(change, said):
    with pytest.raises(ValueError, match=re.escape(said)):
        collapse(**change)


NAMES = {"names": ("constant", "cooled"), "xlabel": "epoch", "ylabel": "loss"}


def branches(trunk=(4.0, 3.0, 2.5, 2.2), sides=(((3, 4), (2.0, 1.5)),), x=(1, 2, 3, 4)):
    plotting.plot_branches(x, trunk, sides, **NAMES)
    return plt.gca()


def test_a_branch_leaves_the_trunk_where_it_was_last_measured():
    ax = branches(sides=[((3, 4), (2.0, 1.5)), ((2.5,), (2.7,))])
    trunk, first, _, _, second, root, end = ax.lines
    assert trunk.get_ydata().tolist() == [4.0, 3.0, 2.5, 2.2]
    assert first.get_xydata().tolist() == [[2, 3.0], [3, 2.0], [4, 1.5]]
    assert second.get_xydata().tolist() == [[2, 3.0], [2.5, 2.7]]
    assert root.get_xydata().tolist() == [[2, 3.0]]
    assert end.get_xydata().tolist() == [[2.5, 2.7]]


def test_all_branches_are_one_thing_and_have_one_name():
    ax = branches(sides=[((3,), (2.0,)), ((4,), (1.0,))])
    assert [text.get_text() for text in ax.get_legend().texts] == ["constant", "cooled"]
    assert ax.lines[1].get_color() == ax.lines[4].get_color() != ax.lines[0].get_color()
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("epoch", "loss")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"x": (1, 2)}, "'x' must have an x for each y, got 2 and 4"),
        (
            {"sides": [((0.5,), (1.0,))]},
            "branches[0] must begin on the trunk, from 1 on",
        ),
        ({"sides": [((3, 4), (1.0,))]}, "'branches[0]' must have an x for each y"),
        ({"trunk": ()}, "trunk must be a row of numbers, got shape (0,)"),
    ],
)
def test_a_branch_needs_a_trunk(change, said):
    with pytest.raises(ValueError, match=re.escape(said)):
        branches(**change)


def test_an_interval_is_a_row_with_its_ends_and_hollow_where_it_holds_zero():
    plotting.plot_intervals(
        {"linear": (0.03, 0.01, 0.05), "AdamW": (0.004, -0.015, 0.022)}, "accuracy"
    )
    ax = plt.gca()
    bar, dot, other, hollow = ax.lines[:4]
    assert bar.get_xydata().tolist() == [[0.01, 0], [0.05, 0]]
    assert dot.get_xydata().tolist() == [[0.03, 0]]
    assert other.get_xydata().tolist() == [[-0.015, 1], [0.022, 1]]
    assert dot.get_markerfacecolor() == "C0"
    assert hollow.get_markerfacecolor() == "white"
    names = dict(
        zip(ax.get_yticks(), (t.get_text() for t in ax.get_yticklabels()), strict=True)
    )
    assert names == {0: "linear", 1: "AdamW"}
    assert ax.get_ylim()[0] > ax.get_ylim()[1]  # the first on top
    assert [text.get_text() for text in ax.get_legend().texts] == ["not told from 0"]


def test_zero_may_be_another_number():
    plotting.plot_intervals({"a": (1.1, 1.05, 1.2)}, "ratio", zero=1.0)
    line = plt.gca().lines[2]
    assert line.get_xdata() == [1.0, 1.0]
    assert plt.gca().get_legend() is None


@pytest.mark.parametrize(
    "wrong", [(0.1, 0.2, 0.3), (0.1, 0.0, float("nan")), (2, 3, 1)]
)
def test_an_interval_holds_its_estimate(wrong):
    with pytest.raises(ValueError, match=re.escape("intervals['a'] must be (estimate")):
        plotting.plot_intervals({"a": wrong}, "x")


def test_without_intervals_there_is_no_figure():
    with pytest.raises(ValueError, match="intervals must hold one at least"):
        plotting.plot_intervals({}, "x")
