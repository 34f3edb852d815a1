"""The book's style, and an empty pair of axes in it."""

import matplotlib.pyplot as plt
from IPython import get_ipython
from matplotlib.axes import Axes
from matplotlib_inline.backend_inline import set_matplotlib_formats

plt.style.use("lrcourse.plotting.book")
if get_ipython():  # outside a notebook there is no display to set
    no_date = {"Date": None, "Creator": None}
    set_matplotlib_formats("svg", metadata=no_date)  # type: ignore[no-untyped-call]


def new_axes(height: float | None = None) -> Axes:
    """Return the axes of a new figure, the book's usual size but for its `height`."""
    width, usual = plt.rcParams["figure.figsize"]
    return plt.subplots(figsize=(width, height or usual), layout="constrained")[1]
