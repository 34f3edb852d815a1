import matplotlib.pyplot as plt
import pytest

from lrcourse import plotting


@pytest.fixture(autouse=True)
def _no_display():
    plt.switch_backend("agg")
    yield
    plt.close("all")


SEEN = {"drawn": ([1.0, 10.0], [0.1, 0.2]), "reshuffled": ([1.0, 10.0], [0.01, 0.02])}


def drawn(measured=SEEN, theory=None, **settings):
    labels = {"xlabel": "rate", "ylabel": "loss"}
    plotting.plot_against_theory(measured, theory or {}, **labels | settings)
    return plt.gca()


def test_a_formula_has_the_colour_of_what_it_is_about():
    ax = drawn(theory={"reshuffled": ([1.0, 10.0], [0.015, 0.015])})
    dashed = ax.lines[2]
    assert dashed.get_color() == ax.lines[1].get_color()
    assert dashed.get_linestyle() == "--"
    names = [text.get_text() for text in ax.get_legend().get_texts()]
    assert names == ["drawn", "reshuffled"]


def test_a_formula_with_a_name_of_its_own_is_grey_and_named():
    ax = drawn(theory={"rate / 4": ([1.0, 10.0], [0.25, 2.5])})
    assert ax.lines[2].get_color() == "0.4"
    names = [text.get_text() for text in ax.get_legend().get_texts()]
    assert names == ["drawn", "reshuffled", "rate / 4"]


def test_axes_are_as_asked():
    ax = drawn(log="y", dots=False)
    assert (ax.get_xscale(), ax.get_yscale()) == ("linear", "log")
    assert ax.lines[0].get_marker() == ""


def test_a_curve_needs_a_y_for_each_x():
    with pytest.raises(ValueError, match="drawn must have a y for each x"):
        drawn({"drawn": ([1.0, 2.0], [1.0])})
    with pytest.raises(ValueError, match="measured must hold one curve"):
        drawn({})
