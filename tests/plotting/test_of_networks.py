import matplotlib.pyplot as plt
import numpy as np
import pytest
from scipy.special import expit

from lrcourse import plotting


@pytest.fixture(autouse=True)
def _no_display():
    plt.switch_backend("agg")
    yield
    plt.close("all")


FOUND = {"right": (1e-9, [0.9, 0.94]), "no biases": (0.14, [0.8, 0.9, 1.0])}


def test_a_score_stands_over_its_error_with_the_range_of_its_seeds():
    plotting.plot_scores_by_error(FOUND, chance=0.1, xlabel="error")
    ax = plt.gca()
    span, mean, other_span, other = ax.lines[:4]
    assert span.get_xydata() == pytest.approx(np.array([[1e-9, 0.9], [1e-9, 0.94]]))
    assert mean.get_xydata() == pytest.approx(np.array([[1e-9, 0.92]]))
    assert other_span.get_ydata().tolist() == [0.8, 1.0]
    assert other.get_xydata() == pytest.approx(np.array([[0.14, 0.9]]))
    assert ax.get_xscale() == "log"
    assert [text.get_text() for text in ax.get_legend().texts] == list(FOUND)


@pytest.mark.parametrize("found", [(0.0, [0.5]), (0.1, [np.nan])])
def test_a_point_without_a_place_is_refused(found):
    with pytest.raises(ValueError, match=r"'lost'.* a positive error and finite"):
        plotting.plot_scores_by_error({"lost": found}, chance=0.1, xlabel="error")


def test_functions_stand_in_the_panel_of_their_label():
    x = np.linspace(-2, 2, 5)
    plotting.plot_functions(
        {
            "value": {"tanh": np.tanh, "sigmoid": expit},
            "square": {"tanh": lambda x: np.tanh(x) ** 2, "sigmoid": np.square},
        },
        x,
        xlabel="x",
    )
    left, right = plt.gcf().axes
    assert (left.get_ylabel(), right.get_ylabel()) == ("value", "square")
    assert np.array_equal(left.lines[1].get_ydata(), expit(x))
    assert np.array_equal(right.lines[1].get_xydata(), np.column_stack([x, x**2]))


@pytest.mark.parametrize("panels", [{}, {"a": {}}, {"a": {"x": abs}, "b": {}}])
def test_panels_of_other_functions_are_refused(panels):
    with pytest.raises(ValueError, match="panels must hold functions of the same"):
        plotting.plot_functions(panels, [0.0, 1.0], xlabel="x")


CORNERS = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]])


def test_a_region_is_the_function_and_examples_stand_in_it_by_label():
    asked = []

    def half_plane(points):
        asked.append(points)
        return points[:, 0].clip(0, 1)

    plotting.plot_regions({"one": half_plane}, CORNERS, [0, 1, 1, 0])
    (ax,) = plt.gcf().axes
    assert asked[0].min(axis=0).tolist() == [-0.5, -0.5]
    assert asked[0].max(axis=0).tolist() == [1.5, 1.5]
    ones, zeros = ax.lines
    assert ones.get_xydata().tolist() == [[0, 1], [1, 0]]
    assert zeros.get_xydata().tolist() == [[0, 0], [1, 1]]


def test_inputs_of_three_features_have_no_region():
    with pytest.raises(ValueError, match=r"inputs must be \(examples, 2\)"):
        plotting.plot_regions({"one": np.sum}, np.zeros((4, 3)), [0, 1, 1, 0])
