import matplotlib.pyplot as plt
import numpy as np
import pytest

from lrcourse import plotting


@pytest.fixture(autouse=True)
def _no_display():
    plt.switch_backend("agg")
    yield
    plt.close("all")


def test_a_line_is_the_geometric_mean_of_its_seeds_and_a_band_all_of_them():
    plotting.plot_layer_norms({"two": [[1.0, 4.0], [4.0, 16.0]], "one": [2.0, 3.0]})
    ax = plt.gca()
    two, one = ax.lines
    assert two.get_xdata().tolist() == [1, 2]
    assert two.get_ydata() == pytest.approx([2, 8])
    assert one.get_ydata() == pytest.approx([2, 3])
    (band,) = ax.collections
    corners = band.get_paths()[0].vertices
    assert {tuple(point) for point in corners} == {(1, 1), (1, 4), (2, 4), (2, 16)}
    assert ax.get_yscale() == "log"
    assert [t.get_text() for t in ax.get_legend().texts] == ["two", "one"]


@pytest.mark.parametrize("values", [[1.0, 0.0], [1.0, np.nan], [[[1.0]]]])
def test_what_has_no_logarithm_is_refused(values):
    with pytest.raises(ValueError, match="must be positive numbers, of shape"):
        plotting.plot_layer_norms({"one": values})
