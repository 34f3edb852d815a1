"""Lengths of gradients from the first layer to the last."""

from collections.abc import Mapping

import numpy as np
from matplotlib.ticker import MaxNLocator
from numpy.typing import ArrayLike

from lrcourse.plotting.style import legend_above, log_scale, new_axes, style_of


def plot_layer_norms(
    lengths: Mapping[str, ArrayLike], ylabel: str = "length of the gradient"
) -> None:
    """Draw positive numbers over the layers, on a logarithmic axis, by label.

    Each has shape (layers,), or (seeds, layers): then the line is their geometric mean,
    and a band goes from the smallest to the largest.

    Raises:
        ValueError: numbers that are not positive and finite, or of another shape.
    """
    ax = new_axes()
    for number, (label, values) in enumerate(lengths.items()):
        rows = np.atleast_2d(np.asarray(values, dtype=np.float64))
        if rows.ndim != 2 or not (np.isfinite(rows).all() and (rows > 0).all()):
            raise ValueError(
                f"lengths[{label!r}] must be positive numbers, of shape (layers,) or "
                f"(seeds, layers), got {values!r}"
            )
        layers, style = np.arange(1, rows.shape[1] + 1), style_of(number)
        middle = np.exp(np.log(rows).mean(axis=0))
        ax.plot(layers, middle, marker="o", markersize=4, label=label, **style)
        if len(rows) > 1:
            band = rows.min(axis=0), rows.max(axis=0)
            ax.fill_between(
                layers, *band, color=style["color"], alpha=0.15, linewidth=0
            )
    log_scale(ax, "y")
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.set(xlabel="layer", ylabel=ylabel)
    legend_above(ax, columns=3)
