"""A number over two settings, as colours."""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, TypeAlias

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Colormap, LogNorm, Normalize
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from lrcourse._arrays import Array
from lrcourse.plotting.style import new_panels, plain, thinned

Cells: TypeAlias = Any  # a masked array of shape (ys, xs)
COLORS = "YlGnBu"  # even steps of lightness, told apart by readers who see few colours


def plot_map(
    table: Mapping[str, Any],
    x: str,
    y: str,
    value: str,
    *,
    panels: str = "",
    best: Literal["max", "min", ""] = "",
    log: bool = False,
    limits: tuple[float, float] | None = None,
    labels: Mapping[str, str] | None = None,
) -> None:
    """Draw a number over two columns of a table as colours, even steps apart.

    `table` has columns `x`, `y` and `value`, a row for each run, as a sweep's; rows of
    one cell, such as seeds, are averaged. A cell with a lost run (nan) is hatched, one
    without any is empty. `panels` is a column with a map for each of its values, in
    their order, side by side on one scale of colours. `best` marks the best cell of
    each, and its colour is the strongest. `limits` are the ends of the scale, `labels`
    say what a column is called.

    Raises:
        ValueError: a column that is not there, nothing finite, or on a log scale
            something that is not positive.
    """
    named = _named(table, (x, y, value, panels), labels or {})
    xs, ys = (np.unique(np.asarray(table[name], dtype=float)) for name in (x, y))
    maps = dict(_maps(table, (x, xs), (y, ys), value, panels))
    norm = _norm(value, np.array(list(maps.values())), log, limits)
    scale = ScalarMappable(norm, COLORS + "_r" if best == "min" else COLORS)
    figure, axes = new_panels(1, len(maps), sharey=True)
    for ax, (title, cells) in zip(axes, maps.items(), strict=True):
        _draw(ax, cells, norm, scale.cmap, best)
        _ticks(ax, xs, ys)
        ax.set(xlabel=named[x], title=title)
    axes[0].set_ylabel(named[y])
    _show_colors(figure, axes, scale, named[value])
    _explain(figure, maps, best)


def _maps(
    table: Mapping[str, Any],
    x: tuple[str, Array],
    y: tuple[str, Array],
    value: str,
    panels: str,
) -> Iterator[tuple[str, Cells]]:
    """Yield each panel's name and its means, shape (ys, xs); masked without a run."""
    numbers = np.asarray(table[value], dtype=float)
    column, row = (
        np.searchsorted(v, np.asarray(table[name], float)) for name, v in (x, y)
    )
    group = np.asarray(table[panels]) if panels else np.zeros(len(numbers))
    for panel in dict.fromkeys(group.tolist()):
        here = group == panel
        sums, counts = np.zeros((2, len(y[1]), len(x[1])))
        np.add.at(sums, (row[here], column[here]), numbers[here])
        np.add.at(counts, (row[here], column[here]), 1)
        means = np.divide(sums, counts, out=np.zeros_like(sums), where=counts > 0)
        yield str(panel) if panels else "", np.ma.array(means, mask=counts == 0)


def _norm(
    value: str, cells: Cells, log: bool, limits: tuple[float, float] | None
) -> Normalize:
    finite = np.ma.masked_invalid(cells).compressed()
    if not finite.size:
        raise ValueError(f"{value!r} must be finite somewhere")
    low, high = limits or (float(finite.min()), float(finite.max()))
    if log and low <= 0:
        raise ValueError(f"{value!r} must be positive on a log scale, got {low:g}")
    return LogNorm(low, high) if log else Normalize(low, high)


def _draw(ax: Axes, cells: Cells, norm: Normalize, colors: Colormap, best: str) -> None:
    shown = np.ma.masked_invalid(cells)
    ax.imshow(shown, colors, norm, origin="lower", aspect="auto")
    lost = ~np.ma.getmaskarray(cells) & ~np.isfinite(np.ma.getdata(cells))
    for j, i in np.argwhere(lost):
        ax.add_patch(Rectangle((i - 0.5, j - 0.5), 1, 1, **_HATCHED))
    edges = [np.arange(n + 1) - 0.5 for n in cells.shape]
    ax.hlines(edges[0], -0.5, cells.shape[1] - 0.5, color="white", linewidth=0.8)
    ax.vlines(edges[1], -0.5, cells.shape[0] - 0.5, color="white", linewidth=0.8)
    ax.grid(visible=False)
    ax.tick_params(length=0)
    _mark(ax, cells, best)


def _named(
    table: Mapping[str, Any], columns: Sequence[str], labels: Mapping[str, str]
) -> dict[str, str]:
    """Return what the columns are called, "" left out; the table has all of them."""
    named = {name: name.replace("_", " ") for name in columns if name}
    for name in named:
        if name not in table:
            known = ", ".join(map(str, table))
            raise ValueError(f"table must have a column {name!r}, got {known}")
    return named | dict(labels)


def _show_colors(
    figure: Figure, axes: Sequence[Axes], scale: ScalarMappable, label: str
) -> None:
    bar = figure.colorbar(scale, ax=axes, label=label, pad=0.02, aspect=30)
    bar.ax.yaxis.set_major_formatter(lambda number, _: plain(number))
    bar.ax.yaxis.set_minor_formatter(lambda *_: "")


def _mark(ax: Axes, cells: Cells, best: str) -> None:
    finite = np.ma.masked_invalid(cells)
    if not best or not finite.count():
        return
    place = finite.argmax() if best == "max" else finite.argmin()
    row, column = np.unravel_index(int(place), cells.shape)
    ax.plot(column, row, **_DIAMOND)


def _ticks(ax: Axes, xs: Array, ys: Array) -> None:
    """Name as many columns and rows as have room."""
    ax.set_xticks(range(len(xs)), thinned(ax, [plain(value) for value in xs]))
    most = int(ax.get_position().height * plt.rcParams["figure.figsize"][1] / 0.2)
    every = math.ceil(len(ys) / most)
    names = [plain(value) if i % every == 0 else "" for i, value in enumerate(ys)]
    ax.set_yticks(range(len(ys)), names)


def _explain(figure: Figure, maps: Mapping[str, Cells], best: str) -> None:
    """Say below the maps what the diamond and the hatches are, where there are any."""
    handles: list[Any] = [Line2D([], [], label="best", **_DIAMOND)] if best else []
    if any(not np.isfinite(cells.compressed()).all() for cells in maps.values()):
        handles.append(Patch(label="a run was lost", **_HATCHED))
    if handles:
        figure.legend(handles=handles, loc="outside lower center", ncols=2)


_DIAMOND: dict[str, Any] = {
    "marker": "D",
    "linestyle": "none",
    "markersize": 8,
    "markerfacecolor": "white",
    "markeredgecolor": "black",
}
_HATCHED: dict[str, Any] = {
    "facecolor": "none",
    "edgecolor": "0.6",
    "hatch": "////",
    "linewidth": 0,
}
