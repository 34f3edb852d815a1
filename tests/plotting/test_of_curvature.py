import matplotlib.pyplot as plt
import numpy as np
import pytest

from lrcourse.plotting import plot_directions
from lrcourse.problems import GeneralQuadratic, Quadratic, rotated, rotation_by


@pytest.fixture(autouse=True)
def _no_display():
    plt.switch_backend("agg")
    yield
    plt.close("all")


def test_each_axis_ends_on_the_outermost_contour_and_says_its_curvature():
    bowl = rotated(Quadratic(np.array([1.0, 10.0])), rotation_by(0.5))
    plot_directions(bowl)
    flat, steep, _ = plt.gca().lines
    names = [flat.get_label(), steep.get_label()]
    assert names == ["flat: curvature 1", "steep: curvature 10"]
    ends = [line.get_xydata()[1] for line in (flat, steep)]
    assert bowl.loss(np.array(ends)) == pytest.approx(2.5)
    assert np.tan(0.5) == pytest.approx(ends[0][1] / ends[0][0])
    assert ends[0] @ ends[1] == pytest.approx(0, abs=1e-12)


def test_three_weights_have_no_picture():
    with pytest.raises(ValueError, match="bowl must have two weights, got 3"):
        plot_directions(GeneralQuadratic(np.eye(3)))
