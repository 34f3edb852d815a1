"""What was measured of noisy runs, beside what a formula says of them."""

from collections.abc import Mapping
from typing import Literal

from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from lrcourse.plotting.of_comparisons import Points
from lrcourse.plotting.style import (
    legend_above,
    log_scale,
    new_axes,
    numbers,
    style_of,
)


def plot_against_theory(
    measured: Mapping[str, Points],
    theory: Mapping[str, Points],
    *,
    xlabel: str,
    ylabel: str,
    log: Literal["x", "y", "xy", ""] = "xy",
    dots: bool = True,
) -> None:
    """Draw what was measured, by label, and dashed what a formula says.

    A formula of the same label has the colour of what was measured, and no entry in the
    legend; one with a label of its own is grey. `log` names the logarithmic axes, and
    without `dots` what was measured are plain lines.

    Raises:
        ValueError: a curve without a y for each x, or nothing measured.
    """
    if not measured:
        raise ValueError("measured must hold one curve at least, got none")
    ax = new_axes()
    for number, (label, points) in enumerate(measured.items()):
        (line,) = ax.plot(*_rows(label, points), color=_color(number), label=label)
        line.set(marker="o" if dots else "")
    _add_theory(ax, theory, list(measured))
    for which in log:
        log_scale(ax, which)
    ax.set(xlabel=xlabel, ylabel=ylabel)
    legend_above(ax, columns=min(4, len(ax.get_legend_handles_labels()[1])))


def _add_theory(ax: Axes, theory: Mapping[str, Points], names: list[str]) -> None:
    for label, points in theory.items():
        own = label not in names
        color = "0.4" if own else _color(names.index(label))
        (line,) = ax.plot(*_rows(label, points), color=color, zorder=3)
        line.set(linestyle="--", linewidth=1.2, label=label if own else "")


def _color(number: int) -> str:
    return str(style_of(number)["color"])


def _rows(label: str, points: Points) -> tuple[ArrayLike, ArrayLike]:
    x, y = (numbers(label, each) for each in points)
    if x.shape != y.shape:
        raise ValueError(f"{label} must have a y for each x, got {x.shape}, {y.shape}")
    return x, y
