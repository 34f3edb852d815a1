"""Update rules: how far they move, what they shrink by, which rates suit them."""

from collections.abc import Mapping, Sequence

import numpy as np

from lrcourse import theory
from lrcourse._arrays import Array
from lrcourse.plotting.style import legend_above, log_scale, new_axes
from lrcourse.problems.quadratic import Quadratic
from lrcourse.training import Run


def plot_moves(runs: Mapping[str, Run]) -> None:
    """Draw how far each update of each run moved, on a logarithmic axis.

    The first run is drawn broad, so that it shows where another covers it.
    """
    ax = new_axes()
    for label, run in runs.items():
        moves = np.linalg.norm(np.diff(run.weights, axis=0), axis=1)
        ax.plot(range(1, len(moves) + 1), moves, label=label)
    ax.lines[0].set(linewidth=5, alpha=0.4)
    log_scale(ax, "y")
    ax.set(xlabel="number of the update", ylabel="length of the update")
    legend_above(ax, columns=3)


def plot_momentum_factors(problem: Quadratic, momenta: Sequence[float]) -> None:
    """Draw what heavy ball leaves per update of the worst direction, by the rate.

    Dots stand where it leaves everything, at ``2 * (1 + momentum) / sharpness``.
    """
    ax = new_axes()
    lrs = np.linspace(0, 2.1 * (1 + max(momenta)) / problem.sharpness, 800)
    for momentum in momenta:
        factors = theory.heavy_ball_factor(problem.hessian, lrs, momentum)
        (line,) = ax.plot(lrs, factors, label=f"momentum {momentum:g}")
        limit = theory.max_stable_lr_momentum(problem.hessian, momentum)
        ax.plot(limit, 1, "o", color=line.get_color(), clip_on=False)
    ax.axhline(1, color="0.4", linewidth=0.8, linestyle="--")
    ax.set(
        xlabel="learning rate",
        ylabel="factor per update in the long run",
        xlim=(0, None),
        ylim=(0.75, 1.05),
    )
    legend_above(ax, columns=len(momenta))


def plot_first_moves(sizes: Array, moves: Mapping[str, Array]) -> None:
    """Draw how far a first update moves against the size of its gradient."""
    ax = new_axes()
    for label, move in moves.items():
        ax.plot(sizes, move, label=label)
    for which in ("x", "y"):
        log_scale(ax, which)
    ax.set(xlabel="size of the gradient", ylabel="length of the first update")
    ax.set_ylim(bottom=1e-8)
    ax.legend()


def plot_turned(
    aligned: Mapping[str, float],
    turned: Mapping[str, Sequence[float]],
    floor: float = 1e-16,
) -> None:
    """Draw what is left of the loss on a bowl, and on the same one turned, by rule.

    What lies below `floor` is drawn there: it is zero but for rounding.
    """
    ax = new_axes()
    rows = {rule: row for row, rule in enumerate(reversed(list(aligned)))}
    crosses = [(v, rows[rule]) for rule, values in turned.items() for v in values]
    dots = [(value, rows[rule]) for rule, value in aligned.items()]
    for label, points, marker in (
        ("along the coordinates", dots, "o"),
        ("turned", crosses, "x"),
    ):
        left, at = np.array(points).T
        size = 9 if marker == "o" else 7
        ax.plot(np.maximum(left, floor), at, marker, markersize=size, label=label)
    log_scale(ax, "x")
    ax.set_yticks(list(rows.values()), list(rows))
    ax.set(xlabel="share of the loss that is left", ylim=(-0.5, len(rows) - 0.5))
    legend_above(ax, columns=2)


def plot_usable_rates(
    scores: Mapping[str, Mapping[float, Sequence[float]]],
    within: float = 0.02,
    ylabel: str = "accuracy",
) -> None:
    """Draw the mean score of each rule against the rate, and a bar where it is good.

    Good is at most `within` below the rule's own best mean; the bars lie on top.
    """
    ax = new_axes()
    for number, (rule, of_rule) in enumerate(scores.items()):
        lrs = np.array(list(of_rule))
        means = np.array([np.mean(values) for values in of_rule.values()])
        (line,) = ax.plot(lrs, means, linewidth=1.2, marker="o", markersize=3)
        good = lrs[means >= means.max() - within]
        height = np.full(len(good), 1.06 + 0.05 * number)
        ax.plot(good, height, color=line.get_color(), linewidth=4, label=rule)
    log_scale(ax, "x")
    top = 1.06 + 0.05 * len(scores)
    ax.set(xlabel="learning rate", ylabel=ylabel, ylim=(0, top))
    ax.set_yticks(np.linspace(0, 1, 6))
    legend_above(ax, columns=3)
