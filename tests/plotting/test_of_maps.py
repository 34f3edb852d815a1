import re

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_rgb

from lrcourse import plotting
from tests import ROOT


@pytest.fixture(autouse=True)
def _no_display():
    plt.switch_backend("agg")
    yield
    plt.close("all")


def table(**columns):
    """Return four cells of two seeds each, the last of them lost."""
    given = {
        "lr": [0.1, 0.1, 1.0, 1.0, 0.1, 0.1, 1.0, 1.0],
        "gain": [1, 1, 1, 1, 2, 2, 2, 2],
        "accuracy": [0.4, 0.6, 0.7, 0.9, 0.1, 0.3, 0.5, np.nan],
    }
    return pd.DataFrame(given | columns)


def draw(frame=None, **settings):
    frame = table() if frame is None else frame
    plotting.plot_map(frame, "lr", "gain", "accuracy", **settings)
    return plt.gcf().axes


def test_a_cell_is_the_mean_of_its_rows_and_the_first_row_is_below():
    ax = draw()[0]
    (image,) = ax.images
    assert image.get_array()[0].tolist() == pytest.approx([0.5, 0.8])
    assert image.get_array()[1, 0] == pytest.approx(0.2)
    assert image.get_array().mask.tolist() == [[False, False], [False, True]]
    assert image.origin == "lower"
    assert [text.get_text() for text in ax.get_xticklabels()] == ["0.1", "1"]
    assert [text.get_text() for text in ax.get_yticklabels()] == ["1", "2"]


def test_a_cell_with_a_lost_run_is_hatched_and_named():
    ax = draw()[0]
    (hatched,) = ax.patches
    assert (hatched.get_xy(), hatched.get_hatch()) == ((0.5, 0.5), "////")
    (legend,) = plt.gcf().legends
    assert [text.get_text() for text in legend.texts] == ["a run was lost"]


def test_a_cell_without_a_run_stays_empty():
    ax = draw(table()[:6])[0]
    assert not ax.patches
    assert ax.images[0].get_array().mask.tolist() == [[False, False], [False, True]]


@pytest.mark.parametrize(("best", "place"), [("max", [1, 0]), ("min", [0, 1])])
def test_the_best_cell_carries_a_diamond(best, place):
    ax = draw(best=best)[0]
    (mark,) = [line for line in ax.lines if line.get_marker() == "D"]
    assert mark.get_xydata().tolist() == [place]
    (image,) = ax.images
    bright = [sum(image.cmap(image.norm(value))[:3]) for value in (0.2, 0.8)]
    assert (bright[0] > bright[1]) == (best == "max")


def test_panels_share_one_scale():
    both = pd.concat([table(net="plain"), table(net="clipped")])
    both.loc[both["net"] == "clipped", "accuracy"] /= 2
    plain, clipped, bar = draw(both, panels="net")
    assert [ax.get_title() for ax in (plain, clipped)] == ["plain", "clipped"]
    assert plain.images[0].get_clim() == clipped.images[0].get_clim() == (0.1, 0.8)
    assert bar.get_ylabel() == "accuracy"


def test_columns_are_called_what_the_author_calls_them():
    ax, bar = draw(labels={"lr": "learning rate", "accuracy": "test accuracy"})
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("learning rate", "gain")
    assert bar.get_ylabel() == "test accuracy"


def test_a_log_scale_has_its_middle_at_the_geometric_mean():
    ax = draw(log=True, limits=(0.01, 1.0))[0]
    assert ax.images[0].norm(0.1) == pytest.approx(0.5)


def test_colours_are_those_of_the_interactive_map():
    style = (ROOT / "lrcourse/figure/script/style.js").read_text(encoding="utf-8")
    shades = re.findall(r"#[0-9a-f]{6}", re.search("const shades.*", style).group())
    colors = plt.get_cmap(draw()[0].images[0].get_cmap().name)
    drawn = np.array([to_rgb(shade) for shade in shades])
    assert drawn == pytest.approx(colors(np.linspace(0, 1, 9))[:, :3], abs=0.008)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"panels": "net"}, "table must have a column 'net', got lr, gain, accuracy"),
        ({"frame": table(accuracy=np.nan)}, "'accuracy' must be finite somewhere"),
        (
            {"frame": table(accuracy=-1.0), "log": True},
            "'accuracy' must be positive on a log scale, got -1",
        ),
    ],
)
def test_what_cannot_be_drawn_is_refused(change, said):
    with pytest.raises(ValueError, match=re.escape(said)):
        draw(**change)
