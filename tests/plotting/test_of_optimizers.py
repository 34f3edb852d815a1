import matplotlib.pyplot as plt
import numpy as np
import pytest

from lrcourse import plotting, theory
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


def legend_texts():
    return [text.get_text() for text in plt.gca().get_legend().texts]


def test_moves_are_the_lengths_of_the_updates_and_begin_with_number_one():
    round_bowl = Quadratic(eigenvalues=np.array([1.0, 1.0]))
    run = descend(round_bowl, SGD(), constant(0.5), np.array([3.0, 4.0]), steps=2)
    plotting.plot_moves({"half": run})
    (line,) = plt.gca().lines
    assert np.allclose(line.get_xydata(), [[1, 2.5], [2, 1.25]])


@pytest.mark.parametrize("momentum", [0.0, 0.5, 0.9])
def test_momentum_leaves_everything_where_the_dot_stands(momentum):
    plotting.plot_momentum_factors(BOWL, [momentum])
    curve, dot, _ = plt.gca().lines
    (limit,) = dot.get_xdata()
    assert limit == theory.max_stable_lr_momentum(BOWL.hessian, momentum)
    assert np.interp(limit, *curve.get_data()) == pytest.approx(1, abs=0.005)


def test_momentum_leaves_least_at_the_optimum_of_heavy_ball():
    best = theory.heavy_ball_optimum(BOWL.hessian)
    plotting.plot_momentum_factors(BOWL, [best.momentum])
    lrs, factors = plt.gca().lines[0].get_data()
    assert lrs[factors.argmin()] == pytest.approx(best.lr, abs=0.005)
    assert factors.min() == pytest.approx(best.factor, abs=0.03)


def test_the_factor_is_the_one_a_long_run_shrinks_by():
    run = descend(
        BOWL, SGD(momentum=0.1), constant(0.1), np.array([1.0, 0.0]), steps=60
    )
    plotting.plot_momentum_factors(BOWL, [0.1])
    drawn = np.interp(0.1, *plt.gca().lines[0].get_data())
    by_run = abs(run.weights[60, 0] / run.weights[40, 0]) ** (1 / 20)
    assert drawn == pytest.approx(by_run, abs=0.01)


def test_first_moves_stand_over_the_size_of_their_gradient():
    sizes = np.array([1e-3, 1.0])
    plotting.plot_first_moves(sizes, {"SGD": 0.1 * sizes, "Adam": 0.1 + 0 * sizes})
    sgd, adam = plt.gca().lines
    assert np.array_equal(sgd.get_xydata(), [[1e-3, 1e-4], [1.0, 0.1]])
    assert np.array_equal(adam.get_ydata(), [0.1, 0.1])
    assert legend_texts() == ["SGD", "Adam"]


def test_a_rule_has_one_row_with_its_dot_and_its_crosses():
    plotting.plot_turned({"SGD": 0.1, "Adam": 0.0}, {"Adam": [0.2, 0.3], "SGD": [0.1]})
    dots, crosses = plt.gca().lines
    names = dict(enumerate(text.get_text() for text in plt.gca().get_yticklabels()))
    assert [(left, names[row]) for left, row in dots.get_xydata()] == [
        (0.1, "SGD"),
        (1e-16, "Adam"),
    ]
    assert [(left, names[row]) for left, row in crosses.get_xydata()] == [
        (0.2, "Adam"),
        (0.3, "Adam"),
        (0.1, "SGD"),
    ]


def test_a_bar_marks_the_rates_near_the_best_of_their_rule():
    plotting.plot_usable_rates(
        {"SGD": {0.1: [0.5, 0.7], 1.0: [0.6, 0.63], 10.0: [0.1, 0.1]}}, within=0.02
    )
    means, bar = plt.gca().lines
    assert np.allclose(means.get_ydata(), [0.6, 0.615, 0.1])
    assert bar.get_xdata().tolist() == [0.1, 1.0]
    assert min(bar.get_ydata()) > 1
    assert legend_texts() == ["SGD"]
