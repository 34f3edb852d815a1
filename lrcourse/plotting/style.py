"""The book's style, and what several kinds of figure share: axes, scales, legends."""

import math
from collections.abc import Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from IPython import get_ipython
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullLocator
from matplotlib_inline.backend_inline import set_matplotlib_formats
from numpy.typing import ArrayLike

from lrcourse._arrays import Array

HANDLE = 0.5  # inches of a legend's line, and what parts it from its text
CHARACTER = 0.1  # inches of a tick label for each of its characters, with some air
WIDE = 1.6  # decades beyond which powers of ten are ticks enough

plt.style.use("lrcourse.plotting.book")
if get_ipython():  # outside a notebook there is no display to set
    no_date = {"Date": None, "Creator": None}
    set_matplotlib_formats("svg", metadata=no_date)  # type: ignore[no-untyped-call]


def new_axes(height: float | None = None) -> Axes:
    """Return the axes of a new figure, the book's usual size but for its `height`."""
    return new_panels(1, 1, height)[1][0]


def new_panels(
    rows: int, columns: int, height: float | None = None, **shared: Any
) -> tuple[Figure, Sequence[Axes]]:
    """Return a new figure of the book's width, and its axes row by row."""
    width, usual = plt.rcParams["figure.figsize"]
    size = (width, height or usual)
    figure, axes = plt.subplots(
        rows, columns, figsize=size, layout="constrained", squeeze=False, **shared
    )
    return figure, list(axes.flat)


def log_scale(ax: Axes, which: str, most: int = 6) -> None:
    """Make axis "x" or "y" logarithmic, after the drawing; at most `most` ticks stand.

    Powers of ten are plain numbers: superscripts would be too small on a phone.
    """
    axis = ax.xaxis if which == "x" else ax.yaxis
    (ax.set_xscale if which == "x" else ax.set_yscale)("log")
    low, high = ax.get_xlim() if which == "x" else ax.get_ylim()
    subs = (1.0,) if math.log10(high / low) > WIDE else (1.0, 2.0, 5.0)
    axis.set_major_locator(LogLocator(10, subs=subs, numticks=most))
    axis.set_minor_locator(NullLocator())
    axis.set_major_formatter(lambda value, _: plain(value))


def plain(value: float) -> str:
    """Write a number in few characters.

    >>> [plain(value) for value in (0.001, 1e-9, 250.0, 2.5e7)]
    ['0.001', '1e-9', '250', '2.5e7']
    """
    mantissa, e, exponent = f"{value:g}".partition("e")
    return mantissa + (f"e{int(exponent)}" if e else "")


def thinned(ax: Axes, names: Sequence[str]) -> list[str]:
    """Return `names` of ticks that stand evenly along x, every other one blank if need.

    So that they leave each other room.
    """
    width = 0.8 * ax.get_position().width * plt.rcParams["figure.figsize"][0]
    longest = CHARACTER * max(map(len, names))
    every = max(1, math.ceil(len(names) * longest / width))
    return [name if i % every == 0 else "" for i, name in enumerate(names)]


def legend_above(ax: Axes, columns: int) -> None:
    """Put the legend of `ax` above it, in as many of `columns` as have room."""
    columns = _fitting(columns, ax.get_legend_handles_labels()[1])
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=columns)


def legend_over(figure: Figure, ax: Axes, columns: int) -> None:
    """Put the legend of one of several axes above them all, likewise."""
    handles, labels = ax.get_legend_handles_labels()
    columns = _fitting(columns, labels)
    figure.legend(handles, labels, loc="outside upper center", ncols=columns)


def _fitting(most: int, labels: Sequence[str]) -> int:
    """Return the largest number of columns, at most `most`, that has room."""
    widths = [HANDLE + CHARACTER * len(label) for label in labels]
    for columns in range(min(most, len(labels)), 1, -1):
        rows = math.ceil(len(labels) / columns)
        parts = [widths[i : i + rows] for i in range(0, len(widths), rows)]
        if sum(map(max, parts)) <= plt.rcParams["figure.figsize"][0]:
            return columns
    return 1


def numbers(name: str, values: ArrayLike) -> Array:
    """Return `values` as one row of numbers.

    Raises:
        ValueError: they are none.
    """
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != 1 or not array.size:
        raise ValueError(f"{name} must be a row of numbers, got shape {array.shape}")
    return array


def style_of(number: int) -> dict[str, Any]:
    """Return the colour and dashes of line `number`; after six the colours return."""
    colors = len(plt.rcParams["axes.prop_cycle"])
    dashes = ("-", "--", ":")[number // colors % 3]
    return {"color": f"C{number % colors}", "linestyle": dashes}
