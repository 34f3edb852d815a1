"""What is inside a network: activations and slopes, regions, wrong gradients."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike

from lrcourse._arrays import Array
from lrcourse.plotting.style import (
    legend_above,
    legend_over,
    log_scale,
    new_axes,
    new_panels,
    numbers,
    style_of,
)

PIXELS = 121  # along each side of a region's square
MARKERS = ("o", "s", "^", "D")


def plot_scores_by_error(
    found: Mapping[str, tuple[float, Sequence[float]]],
    *,
    chance: float,
    xlabel: str,
    ylabel: str = "accuracy",
) -> None:
    """Draw scores, a mean and its seeds' range, over the error of each gradient.

    `found` hold, by name, the error and one score a seed; the names stand in the
    legend, with a marker each.

    Raises:
        ValueError: an error that is not positive, or a score that is not finite.
    """
    ax = new_axes(height=4.6)
    for number, (name, (error, scores)) in enumerate(found.items()):
        heights = numbers(f"found[{name!r}]", scores)
        if error <= 0 or not np.isfinite(heights).all():
            raise ValueError(
                f"found[{name!r}] must have a positive error and finite scores, "
                f"got {error} and {heights}"
            )
        color, marker = style_of(number)["color"], MARKERS[number % len(MARKERS)]
        ax.plot(2 * [error], [heights.min(), heights.max()], color=color)
        ax.plot([error], [heights.mean()], marker, color=color, label=name)
    ax.axhline(chance, color="0.4", linewidth=0.8, linestyle="--", zorder=0)
    log_scale(ax, "x")
    ax.set(xlabel=xlabel, ylabel=ylabel, ylim=(0, 1.02))
    legend_above(ax, columns=2)


def plot_functions(
    panels: Mapping[str, Mapping[str, Callable[[Array], ArrayLike]]],
    x: ArrayLike,
    *,
    xlabel: str,
) -> None:
    """Draw functions of one number over `x`, side by side, a panel each for its ylabel.

    `panels` hold, by the label of the vertical axis, functions by name, the same names
    in all.

    Raises:
        ValueError: panels with other names, or without any.
    """
    names = [list(functions) for functions in panels.values()]
    if not names or not names[0] or any(each != names[0] for each in names):
        raise ValueError(f"panels must hold functions of the same names, got {names}")
    figure, axes = new_panels(1, len(panels))
    along = numbers("x", x)
    for ax, (ylabel, functions) in zip(axes, panels.items(), strict=True):
        for number, (name, function) in enumerate(functions.items()):
            ax.plot(along, function(along), label=name, **style_of(number))
        ax.set(xlabel=xlabel, ylabel=ylabel)
    legend_over(figure, axes[0], columns=min(4, len(names[0])))


def plot_regions(
    probabilities: Mapping[str, Callable[[Array], ArrayLike]],
    inputs: Array,
    labels: ArrayLike,
    margin: float = 0.5,
) -> None:
    """Draw where networks of two inputs say 0 and where 1, with the examples.

    `probabilities` are functions of inputs (points, 2) that return the probability of
    a 1, (points,), by name; a line stands where it is one half. `inputs` have shape
    (examples, 2), `labels` are 0 or 1.

    Raises:
        ValueError: inputs that have not two features.
    """
    if np.ndim(inputs) != 2 or np.shape(inputs)[1] != 2:
        raise ValueError(f"inputs must be (examples, 2), got {np.shape(inputs)}")
    low, high = inputs.min() - margin, inputs.max() + margin
    side = np.linspace(low, high, PIXELS)
    across, up = np.meshgrid(side, side)
    points = np.column_stack([across.ravel(), up.ravel()])
    _, axes = new_panels(1, len(probabilities), sharey=True)
    ones = np.asarray(labels) == 1
    for ax, (name, of) in zip(axes, probabilities.items(), strict=True):
        heights = np.asarray(of(points), dtype=float).reshape(across.shape)
        ax.contourf(across, up, heights, levels=np.linspace(0, 1, 11), cmap="Blues")
        if heights.min() < 0.5 < heights.max():
            ax.contour(across, up, heights, levels=[0.5], colors="0.2")
        for group, marker, face in ((ones, "s", "C1"), (~ones, "o", "white")):
            ax.plot(*inputs[group].T, marker, color=face, markeredgecolor="0.1")
        ends = [inputs.min(), inputs.max()]
        ax.set(xlabel=f"{name}: input 1", aspect="equal", xticks=ends, yticks=ends)
    axes[0].set_ylabel("input 2")
