from types import SimpleNamespace

import matplotlib.pyplot as plt
import numpy as np
import pytest

from lrcourse import plotting
from lrcourse.optimizers import SGD
from lrcourse.problems import Quadratic
from lrcourse.schedules import constant
from lrcourse.training import descend

BOWL = Quadratic(eigenvalues=np.array([1.0, 4.0]))


@pytest.fixture(autouse=True)
def _no_display():
    plt.switch_backend("agg")
    yield
    plt.close("all")


@pytest.fixture
def runs():
    start = np.array([2.0, -1.0])
    return {f"{lr}": descend(BOWL, SGD(), constant(lr), start, 5) for lr in (0.1, 0.4)}


def test_losses_show_every_run_from_its_first_value(runs):
    plotting.plot_losses(runs)
    lines = plt.gca().lines
    assert [line.get_ydata()[0] for line in lines] == [4.0, 4.0]
    assert [text.get_text() for text in plt.gca().get_legend().texts] == list(runs)


def test_positions_show_the_first_weight_and_name_their_marks(runs):
    plotting.plot_positions(runs, {"minimum": 0.0})
    ax = plt.gca()
    assert np.array_equal(ax.lines[0].get_ydata(), runs["0.1"].weights[:, 0])
    assert [text.get_text() for text in ax.texts] == ["minimum"]


def test_paths_begin_where_the_runs_began(runs):
    plotting.plot_paths(BOWL, runs)
    firsts = [tuple(line.get_xydata()[0]) for line in plt.gca().lines]
    assert firsts == [(2.0, -1.0), (2.0, -1.0)]


def test_shrink_factors_mark_the_best_rate_where_the_curves_cross():
    plotting.plot_shrink_factors(BOWL)
    flat, sharp, _, best, limit = plt.gca().lines
    at_best = [
        np.interp(best.get_xdata()[0], *curve.get_data()) for curve in (flat, sharp)
    ]
    assert at_best == pytest.approx([0.6, 0.6], abs=0.01)
    assert np.interp(limit.get_xdata()[0], *sharp.get_data()) == pytest.approx(1)


def test_losses_by_distance_average_equal_parts():
    fit = SimpleNamespace(losses=[4.0, 2.0, 1.0, 1.0], lrs=[[0.1], [0.1], [0.3], [0.3]])
    plotting.plot_losses_by_distance({"a": fit}, parts=2)
    (line,) = plt.gca().lines
    assert np.allclose(line.get_xydata(), [[0.05, 3.0], [0.35, 1.0]])


def test_a_loss_stands_at_the_sum_of_the_rates_before_its_update():
    fit = SimpleNamespace(losses=[4.0, 2.0, 1.0], lrs=[[0.5, 9.0], [0.25, 9.0], [8.0]])
    plotting.plot_losses_by_distance({"a": fit}, parts=3)
    (line,) = plt.gca().lines
    assert line.get_xydata().tolist() == [[0.0, 4.0], [0.5, 2.0], [0.75, 1.0]]


def test_no_line_leads_from_what_learns_to_what_is_at_chance():
    scores = {0.1: [0.9], 1.0: [0.8], 3.0: [0.1], 10.0: [0.1]}
    plotting.plot_scores(scores, chance=0.1)
    means = plt.gca().lines[0]
    gap = np.isnan(means.get_ydata())
    assert gap.tolist() == [False, False, True, False, False]
    assert 1 < means.get_xdata()[gap][0] < 3
    assert means.get_label() == "mean"


def test_scores_show_every_seed_and_their_mean():
    plotting.plot_scores({0.1: [0.5, 0.7], 1.0: [0.2, 0.2]}, chance=0.1)
    means, dots, chance = plt.gca().lines
    assert np.allclose(means.get_ydata(), [0.6, 0.2])
    assert np.allclose(dots.get_xydata()[:2], [[0.1, 0.5], [0.1, 0.7]])
    assert np.allclose(dots.get_xydata()[2:], [[1.0, 0.2], [1.0, 0.2]])
    assert set(chance.get_ydata()) == {0.1}
