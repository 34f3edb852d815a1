import math

import matplotlib.pyplot as plt
import numpy as np
import pytest

from lrcourse import plotting, schedules
from lrcourse.optimizers import SGD
from lrcourse.problems import Quadratic
from lrcourse.training import descend

FAMILIES = {
    "inverse time": schedules.inverse_time(0.1, k=1 / 100),
    "linear": schedules.linear(0.1, total_steps=200),
}


@pytest.fixture(autouse=True)
def _no_display():
    plt.switch_backend("agg")
    yield
    plt.close("all")


def test_panels_share_their_scale_and_name_their_group():
    plotting.plot_panels({"tails": FAMILIES, "again": FAMILIES}, 200)
    left, right = plt.gcf().axes
    assert left.get_ylim() == right.get_ylim()
    assert left.get_legend().get_title().get_text() == "tails"


def test_beads_of_two_curves_never_lie_at_the_same_step():
    plotting.plot_panels({"tails": FAMILIES, "again": FAMILIES}, 200)
    beads = [line.get_markevery() for line in plt.gcf().axes[0].lines]
    first, second = [set(range(start, 201, stride)) for start, stride in beads]
    assert not first & second


def test_past_the_end_shows_rates_beyond_the_horizon():
    plotting.plot_past_the_end(FAMILIES, total_steps=200, last_step=300)
    ax = plt.gca()
    assert ax.get_xlim() == (0, 300)
    assert [text.get_text() for text in ax.get_legend().texts] == list(FAMILIES)


def test_dots_stand_where_the_rate_has_halved():
    plotting.plot_halvings(FAMILIES, 800)
    dots = [line for line in plt.gca().lines if line.get_marker() == "o"]
    assert [list(line.get_xdata())[:4] for line in dots] == [
        [0, 100, 300, 700],
        [0, 100, 150, 175],
    ]


def test_distances_are_the_length_of_the_weights():
    bowl = Quadratic(eigenvalues=np.array([1.0, 1.0]))
    run = descend(bowl, SGD(), schedules.constant(0.5), np.array([3.0, 4.0]), steps=2)
    plotting.plot_distances({"half": run})
    (line,) = plt.gca().lines
    assert np.allclose(line.get_ydata(), [5.0, 2.5, 1.25])
    assert math.isclose(plt.gca().get_xlim()[1], 2, rel_tol=0.1)
