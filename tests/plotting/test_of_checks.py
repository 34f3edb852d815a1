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


def legend_texts():
    return [text.get_text() for text in plt.gca().get_legend().texts]


def ring(ax):
    return [line for line in ax.lines if line.get_markersize() == 11]


SCORES = {
    "SGD": {1.0: [0.5, 0.7], 0.1: [0.4, 0.4], 0.01: [0.1, 0.3]},
    "Adam": {0.01: [0.5, 0.5], 0.1: [0.6, 0.8], 1.0: [0.1, np.nan]},
}


def test_a_rival_has_its_means_over_its_rates_and_its_best_in_a_ring():
    plotting.plot_tuning(SCORES, "accuracy")
    ax = plt.gca()
    assert ax.lines[0].get_xydata() == pytest.approx(
        np.array([[0.01, 0.2], [0.1, 0.4], [1.0, 0.6]])
    )
    assert [line.get_xydata()[0].tolist() for line in ring(ax)] == [
        [1.0, pytest.approx(0.6)],
        [0.1, pytest.approx(0.7)],
    ]
    assert ax.get_xscale() == "log"
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("learning rate", "accuracy")


def test_a_band_reaches_from_the_worst_seed_to_the_best():
    plotting.plot_tuning(SCORES, "accuracy")
    corners = plt.gca().collections[0].get_paths()[0].vertices
    at_one = corners[np.isclose(corners[:, 0], 1.0), 1]
    assert (at_one.min(), at_one.max()) == (0.5, 0.7)


def test_a_best_at_the_edge_of_its_grid_is_flagged_and_one_inside_is_not():
    plotting.plot_tuning(SCORES, "accuracy")
    (flag,) = plt.gca().texts
    assert flag.get_text() == "edge: go on"
    assert flag.xy == (1.0, pytest.approx(0.6))
    plotting.plot_tuning(SCORES, "loss", best="min")
    flags = [text.xy for text in plt.gca().texts]
    assert flags == [(0.01, pytest.approx(0.2)), (0.01, pytest.approx(0.5))]


def test_a_rate_that_lost_a_seed_is_a_cross_at_the_bad_end():
    plotting.plot_tuning(SCORES, "accuracy")
    crosses = [line for line in plt.gca().lines if line.get_marker() == "x"]
    assert [line.get_xdata().tolist() for line in crosses[:2]] == [[], [1.0]]
    assert legend_texts() == ["SGD", "Adam", "lost"]


def test_more_than_six_rivals_differ_in_their_dashes():
    plotting.plot_tuning({str(i): {0.1: [1.0], 1.0: [0.5]} for i in range(8)}, "x")
    drawn = [line for line in plt.gca().lines if line.get_label() in "01234567"]
    looks = {(line.get_color(), line.get_linestyle()) for line in drawn}
    assert len(looks) == 8


@pytest.mark.parametrize(
    ("scores", "said"),
    [
        ({"SGD": {}}, "scores['SGD'] must be a row of numbers"),
        ({"SGD": {0.0: [1.0]}}, "scores['SGD'] needs rates above 0, got 0.0"),
        ({"SGD": {0.1: [np.nan]}}, "scores['SGD'] must be finite at some rate"),
    ],
)
def test_a_rival_needs_scores(scores, said):
    with pytest.raises(ValueError, match=re.escape(said)):
        plotting.plot_tuning(scores, "x")


def test_a_gradient_check_is_a_v_with_its_bottom_in_a_ring():
    h = np.logspace(-8, -1, 8)
    central = {float(each): 1e-16 / each + each**2 for each in h}
    plotting.plot_gradient_check({"central": central})
    ax = plt.gca()
    steps, errors = ax.lines[0].get_data()
    assert np.array_equal(steps, h)
    assert errors == pytest.approx(list(central.values()))
    (bottom,) = ring(ax)
    assert bottom.get_xdata()[0] == pytest.approx(h[errors.argmin()])
    assert (ax.get_xscale(), ax.get_yscale()) == ("log", "log")
    assert legend_texts() == ["central"]


def test_an_error_of_zero_has_no_place_on_a_log_scale():
    plotting.plot_gradient_check({"central": {1e-3: 0.0, 1e-2: 1e-4}})
    assert plt.gca().lines[0].get_xydata().tolist() == [[1e-2, 1e-4]]


@pytest.mark.parametrize(
    "wrong", [{0.0: 1.0}, {0.1: -1.0}, {0.1: np.nan}, {0.1: np.inf}, {0.1: 0.0}]
)
def test_an_error_of_a_check_is_a_number(wrong):
    with pytest.raises(
        ValueError, match=re.escape("errors['a'] must map positive steps")
    ):
        plotting.plot_gradient_check({"a": wrong})


CASES = {
    "slow": {"loss": [2.3, 2.2, 2.1], "update / weight": [5e-4, 5e-4, 5e-4]},
    "stopped": {"loss": [1.5, 1.5, 1.5], "update / weight": [1e-2, 1e-5, 1e-9]},
}


def test_symptoms_have_a_panel_each_and_a_case_its_colour_in_all():
    plotting.plot_symptoms(CASES, every=10, levels={"loss": {"chance": 2.3}})
    loss, update = plt.gcf().axes
    assert [loss.get_ylabel(), update.get_ylabel()] == ["loss", "update / weight"]
    assert loss.lines[0].get_xydata().tolist() == [[0, 2.3], [10, 2.2], [20, 2.1]]
    for slow, stopped in ((ax.lines[0], ax.lines[1]) for ax in (loss, update)):
        assert (slow.get_color(), stopped.get_color()) == ("C0", "C1")
    assert loss.lines[2].get_ydata() == [2.3, 2.3]
    assert [text.get_text() for text in loss.texts] == ["chance"]
    assert update.get_xlabel() == "update"
    (legend,) = plt.gcf().legends
    assert [text.get_text() for text in legend.texts] == ["slow", "stopped"]


def test_what_spans_decades_stands_on_a_log_scale():
    plotting.plot_symptoms(CASES)
    loss, update = plt.gcf().axes
    assert (loss.get_yscale(), update.get_yscale()) == ("linear", "log")


@pytest.mark.parametrize("wrong", [{}, {"a": {}}, {"a": {"x": [1]}, "b": {"y": [1]}}])
def test_cases_share_their_measurements(wrong):
    with pytest.raises(ValueError, match="cases must have the same measurements"):
        plotting.plot_symptoms(wrong)
