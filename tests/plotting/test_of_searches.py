import matplotlib.pyplot as plt
import numpy as np
import pytest

from lrcourse import plotting


@pytest.fixture(autouse=True)
def _no_display():
    plt.switch_backend("agg")
    yield
    plt.close("all")


def test_every_setting_is_a_dot_with_the_colour_of_its_rate():
    one = [0.1, 1.0, 10.0], [0.2, 0.3, 0.9], [0.01, 0.1, 0.01]
    plotting.plot_settings({"a": one, "b": one}, "sum of rates", "accuracy")
    panels = [ax for ax in plt.gcf().axes if ax.get_title()]
    for ax, name in zip(panels, "ab", strict=True):
        (dots,) = ax.collections
        assert np.array_equal(dots.get_offsets().data.T, one[:2])
        first, second, third = map(tuple, dots.get_facecolors())
        assert first == third != second
        assert (ax.get_title(), ax.get_xscale()) == (name, "log")


def test_a_setting_without_a_rate_is_refused():
    with pytest.raises(ValueError, match="for each setting"):
        plotting.plot_settings({"a": ([0.1, 1.0], [0.2, 0.3], [0.1])}, "sum", "score")


def test_searches_are_the_share_that_found_at_most_so_much():
    plotting.plot_searches({"grid": [0.5, 0.1, 0.3], "random": [0.4, 0.6]}, "best")
    ax = plt.gca()
    grid, random = ax.lines
    assert np.array_equal(grid.get_xydata(), [[0.1, 0], [0.3, 0.5], [0.5, 1]])
    assert random.get_label() == "random"


def test_readings_stand_below_each_other_as_their_rates_rise():
    lrs, losses, smoothed = [0.01, 0.1, 1.0], [3.0, 1.0, 9.0], [3.0, 2.0, 4.0]
    read = {"high": 1.0, "low": 0.01, "none": float("nan")}
    plotting.plot_readings(lrs, losses, smoothed, read)
    ax = plt.gca()
    assert [list(line.get_ydata()) for line in ax.lines[:2]] == [losses, smoothed]
    assert [line.get_xdata()[0] for line in ax.lines[2:]] == [0.01, 1.0]
    assert [text.get_text() for text in ax.texts] == ["low", "high"]
    assert [text.get_ha() for text in ax.texts] == ["left", "right"]
