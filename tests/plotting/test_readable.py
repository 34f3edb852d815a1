"""Every figure can be read on a phone, where it is shown 340 pixels wide."""

import itertools
from types import SimpleNamespace

import matplotlib.pyplot as plt
import numpy as np
import pytest

from lrcourse import plotting
from lrcourse.audit import audit
from lrcourse.optimizers import SGD
from lrcourse.problems import Quadratic, rotated, rotation_by
from lrcourse.schedules import constant, cosine, exponential, linear, triangular
from lrcourse.training import descend

PHONE, SMALLEST = 340, 9  # pixels
BOWL = Quadratic(np.array([1.0, 10.0]))
START = np.array([3.0, -2.0])
RUNS = {
    f"{share} of the limit": descend(BOWL, SGD(), constant(share * 0.2), START, 40)
    for share in (0.1, 0.5, 0.9)
}
SCHEDULES = {"linear": linear(0.1, 100), "cosine": cosine(0.1, 100)}
LRS = [0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0]
SCORES = {
    lr: [0.5 - np.log10(lr) ** 2 / 50 + seed / 100 for seed in range(3)] for lr in LRS
}
RIVALS = {name: SCORES for name in ("SGD", "momentum 0.9", "Nesterov", "Adam")}
STEPS = np.geomspace(1e-12, 0.1, 12)
CELLS = list(itertools.product(LRS, (0.3, 1.0, 3.0), ("plain", "batch norm")))
MAP = dict(zip(("lr", "gain", "net"), zip(*CELLS, strict=True), strict=True))
MAP |= {"accuracy": np.linspace(0.1, 0.9, len(CELLS))}


def first(points):
    return points[:, 0].clip(0, 1)


CASE = {"loss": 2.3 * 0.99 ** np.arange(90), "gradient norm": 0.5 ** np.arange(90)}
FIT = SimpleNamespace(losses=[2.0, 1.0, 0.5], lrs=[[0.1], [0.1], [0.1]])
DRAWN = {
    "plot_against_theory": lambda plot: plot(
        {f"rate {lr}": (LRS, LRS) for lr in (1.5, 0.5, 0.1, 0.01)},
        {"rate 0.1": (LRS, LRS), "all divided by the batch size": (LRS, LRS)},
        xlabel="learning rate",
        ylabel="loss above the lowest",
    ),
    "plot_audit": lambda plot: plot(audit([0.1 * 0.99**t for t in range(60)])),
    "plot_branches": lambda plot: plot(
        range(1, 25),
        np.linspace(2.3, 1, 24),
        [((5, 8), (2.0, 1.8))],
        names=("constant rate", "cooled over 4 epochs"),
        xlabel="epoch",
        ylabel="train loss",
    ),
    "plot_collapse": lambda plot: plot(
        {f"B = {b}": (b * np.array(LRS), SCORES[0.1] * 3) for b in (4, 16, 64, 256)},
        {f"B = {b}": LRS for b in (4, 16, 64, 256)},
        xlabels=("learning rate", "rate over batch size"),
        ylabel="train loss",
    ),
    "plot_cycles": lambda plot: plot(
        triangular(0.01, 0.1, 100), {"cycles": [2.0, 1.0]}, 200, 100, "test accuracy"
    ),
    "plot_directions": lambda plot: plot(rotated(BOWL, rotation_by(0.5))),
    "plot_distances": lambda plot: plot(RUNS),
    "plot_ends": lambda plot: plot({"a": [1.0, 2.0], "b": [1.0]}, "loss at the end"),
    "plot_first_moves": lambda plot: plot(STEPS, {"SGD": STEPS, "Adam": 0 * STEPS + 1}),
    "plot_functions": lambda plot: plot(
        {
            "value": {"cross-entropy": np.tanh, "squared": np.sin, "ReLU": np.abs},
            "slope": {"cross-entropy": np.tanh, "squared": np.cos, "ReLU": np.sign},
        },
        np.linspace(-4, 4, 41),
        xlabel="z",
    ),
    "plot_gradient_check": lambda plot: plot(
        {"central": dict(zip(STEPS, STEPS, strict=True))}
    ),
    "plot_halvings": lambda plot: plot({"exponential": exponential(0.1, 0.95)}, 100),
    "plot_intervals": lambda plot: plot(
        {"AdamW - L2": (0.0, -0.01, 0.02), "cosine": (0.03, 0.02, 0.04)},
        "test accuracy above the constant rate",
    ),
    "plot_layer_norms": lambda plot: plot({"ReLU": [[1.0, 9.0], [2.0, 5.0]]}),
    "plot_losses": lambda plot: plot(RUNS),
    "plot_losses_by_distance": lambda plot: plot({"fit": FIT}, parts=3),
    "plot_map": lambda plot: plot(
        MAP, "lr", "gain", "accuracy", panels="net", best="max"
    ),
    "plot_momentum_factors": lambda plot: plot(BOWL, [0.0, 0.5, 0.9]),
    "plot_moves": lambda plot: plot(RUNS),
    "plot_panels": lambda plot: plot({"one": SCHEDULES, "two": SCHEDULES}, 100),
    "plot_past_the_end": lambda plot: plot(SCHEDULES, 100, 150),
    "plot_paths": lambda plot: plot(BOWL, RUNS),
    "plot_peaks": lambda plot: plot({"linear": SCORES}, "test accuracy"),
    "plot_positions": lambda plot: plot(RUNS, {"the minimum": 0.0}),
    "plot_range_test": lambda plot: plot(
        LRS, np.ones(9), np.linspace(3, 1, 9), {"min_lr": 0.01, "max_lr": 0.1}
    ),
    "plot_regions": lambda plot: plot(
        {"no hidden layer": lambda points: 0.5 + 0 * points[:, 0], "4 hidden": first},
        np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]]),
        [0, 1, 1, 0],
    ),
    "plot_schedules": lambda plot: plot(SCHEDULES, 100),
    "plot_scores": lambda plot: plot(SCORES, 0.1),
    "plot_scores_by_error": lambda plot: plot(
        {
            "right": (1e-10, [0.95, 0.97]),
            "nothing handed on to the layer before": (0.5, [0.8, 0.9]),
        },
        chance=0.1,
        xlabel="relative error of the gradient",
        ylabel="test accuracy",
    ),
    "plot_shrink_factors": lambda plot: plot(BOWL),
    "plot_symptoms": lambda plot: plot(
        {"rate too small": CASE, "stopped": CASE}, levels={"loss": {"chance": 2.3}}
    ),
    "plot_tuning": lambda plot: plot(RIVALS, "test accuracy"),
    "plot_turned": lambda plot: plot({"SGD": 0.1, "Adam": 1e-9}, {"SGD": [0.1, 1e-3]}),
    "plot_usable_rates": lambda plot: plot(RIVALS),
    "plot_waves": lambda plot: plot(SCHEDULES, 100),
}


@pytest.fixture(autouse=True)
def _no_display():
    plt.switch_backend("agg")
    yield
    plt.close("all")


@pytest.fixture
def texts(name):
    """Draw a figure; return its texts that are seen, and the figure."""
    DRAWN[name](getattr(plotting, name))
    figure = plt.gcf()
    figure.canvas.draw()
    beyond = {label for ax in figure.axes for label in beyond_the_ends(ax)}
    found = figure.findobj(lambda artist: isinstance(artist, plt.Text))
    shown = [text for text in found if text.get_visible() and text.get_text()]
    return [text for text in shown if text not in beyond], figure


def beyond_the_ends(ax):
    """Yield the labels of ticks that an axis does not show."""
    for axis in (ax.xaxis, ax.yaxis):
        low, high = sorted(axis.get_view_interval())
        for tick in axis.get_major_ticks():
            if not low <= tick.get_loc() <= high:
                yield tick.label1


def test_every_kind_of_figure_is_looked_at():
    assert sorted(DRAWN) == sorted(plotting.__all__)


@pytest.mark.parametrize("name", DRAWN)
def test_texts_are_high_enough_on_a_phone(texts):
    shown, figure = texts
    scale = PHONE / (72 * figure.get_figwidth())
    small = {text.get_text() for text in shown if text.get_size() * scale < SMALLEST}
    raised = {text.get_text() for text in shown if "^" in text.get_text()}
    assert small | raised == set()


@pytest.mark.parametrize("name", DRAWN)
def test_texts_stand_inside_the_figure(texts):
    shown, figure = texts
    box = figure.bbox.padded(1)
    for text in shown:
        corners = text.get_window_extent().corners()
        assert all(box.contains(*corner) for corner in corners), text.get_text()


def test_long_names_do_not_squeeze_what_they_name():
    names = ("triangular", "triangular2", "exp_range", "our own, 1/cycle")
    plotting.plot_waves({name: triangular(0.1, 1.0, 10) for name in names}, 80)
    plt.gcf().canvas.draw()
    assert plt.gca().get_position().width > 0.7


@pytest.mark.parametrize("name", DRAWN)
def test_labels_of_an_axis_leave_each_other_room(texts):
    shown, figure = texts
    for ax in figure.axes:
        for labels in (ax.get_xticklabels(), ax.get_yticklabels()):
            boxes = [label.get_window_extent() for label in labels if label in shown]
            for one, other in itertools.pairwise(boxes):
                assert not one.overlaps(other), ax.get_xlabel()
