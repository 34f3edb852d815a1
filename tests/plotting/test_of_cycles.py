import matplotlib.pyplot as plt
import numpy as np
import pytest

from lrcourse import plotting
from lrcourse.schedules import triangular


@pytest.fixture(autouse=True)
def _no_display():
    plt.switch_backend("agg")
    yield
    plt.close("all")


def test_cycles_put_dots_where_cycles_end():
    schedule = triangular(0.0, 1.0, half_period=10)
    losses = [3.0, 2.0, 2.5, 1.0]
    plotting.plot_cycles(schedule, {"loss": losses}, 20, 10, "loss")
    above, below = plt.gcf().axes
    assert list(above.lines[0].get_ydata()) == [schedule(step) for step in range(41)]
    curve, dots = below.lines[:2]
    assert np.array_equal(curve.get_xydata().T, [[10, 20, 30, 40], losses])
    assert np.array_equal(dots.get_xydata(), [[20, 2], [40, 1]])
    assert [line.get_xdata()[0] for line in below.lines[2:]] == [20, 40]


def test_a_range_test_shows_both_curves_and_names_its_bounds():
    lrs, losses, smoothed = [0.1, 0.2, 0.4], [3.0, 1.0, 9.0], [3.0, 2.0, 4.0]
    plotting.plot_range_test(lrs, losses, smoothed, {"low": 0.1, "high": 0.2})
    ax = plt.gca()
    assert list(ax.lines[0].get_ydata()) == losses
    assert list(ax.lines[1].get_ydata()) == smoothed
    assert [line.get_xdata()[0] for line in ax.lines[2:]] == [0.1, 0.2]
    assert [text.get_text() for text in ax.texts] == ["low", "high"]


def test_waves_have_their_names_above_the_curves():
    plotting.plot_waves({"a": triangular(0.0, 1.0, 2)}, total_steps=4)
    ax = plt.gca()
    assert list(ax.lines[0].get_ydata()) == [0, 0.5, 1, 0.5, 0]
    plt.gcf().canvas.draw()
    assert ax.get_legend().get_window_extent().y0 >= ax.get_window_extent().y1


@pytest.mark.parametrize(("best", "where"), [("max", 1.0), ("min", 0.1)])
def test_peaks_ring_the_best_mean(best, where):
    plotting.plot_peaks({"a": {0.1: [0.5, 0.7], 1.0: [0.8, 1.0]}}, "score", best)
    means, dots, ring = plt.gca().lines
    assert np.allclose(means.get_xydata(), [[0.1, 0.6], [1.0, 0.9]])
    assert len(dots.get_xdata()) == 4
    assert list(ring.get_xdata()) == [where]
    assert [label.get_text() for label in plt.gca().get_xticklabels()] == ["0.1", "1"]


def test_ends_stand_one_below_the_other_in_their_order():
    plotting.plot_ends({"first": [1.0, 3.0], "second": [2.0, 2.0]}, "loss")
    ax = plt.gca()
    assert [label.get_text() for label in ax.get_yticklabels()] == ["first", "second"]
    assert list(ax.lines[0].get_xdata()) == [1.0, 3.0]
    assert list(ax.lines[1].get_xdata()) == [2.0, 2.0]
    assert ax.yaxis_inverted()
