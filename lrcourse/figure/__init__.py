"""Figures that answer back: ``<lr-figure>``, alive in the book and in JupyterLab.

A figure is numbers, controls and a script. Python computes every schedule and every
suggestion, and writes the sentence that stands where no script runs; the script draws,
joins handles by straight lines, and runs recurrences of three lines. Each function
returns a `Figure`, for a cell's end.

- `grid`: recorded runs on a lattice of controls, in the views of room `recorded`;
  `cycles`: the bounds and length of cycles, `stopping`: who is ahead at a stop, two
  cases of it
- `handles`: a schedule to draw, and the loss that it leaves
- `curves`: named curves side by side; schedules with what they spend
- `conversions`: calls of the libraries, and the same call in the others
- `descent`: a run on a bowl, for any schedule and rule
- `momentum`: updates needed by rate and momentum, six rules, a case of `grid`
- `ranges`: a recorded range test, and what rules read off it
- `element`: the figure as HTML; `controls`: what can be set; `numbers`: as the page
  reads them; `script/`: the element itself, the same for all

A ``ValueError`` names what cannot be shown.
"""

from lrcourse.figure.controls import Choice, Stops
from lrcourse.figure.conversions import conversion_figure
from lrcourse.figure.curves import curves_figure, schedule_figure
from lrcourse.figure.cycles import cycle_figure
from lrcourse.figure.descent import descent_figure
from lrcourse.figure.element import Figure
from lrcourse.figure.grid import grid_figure
from lrcourse.figure.handles import ExpectedLoss, draw_figure
from lrcourse.figure.momentum import momentum_figure
from lrcourse.figure.ranges import range_figure
from lrcourse.figure.recorded.views import (
    Across,
    Curves,
    Histogram,
    Map,
    Number,
    Points,
    Rows,
)
from lrcourse.figure.stopping import stopping_figure

__all__ = [
    "Across",
    "Choice",
    "Curves",
    "ExpectedLoss",
    "Figure",
    "Histogram",
    "Map",
    "Number",
    "Points",
    "Rows",
    "Stops",
    "conversion_figure",
    "curves_figure",
    "cycle_figure",
    "descent_figure",
    "draw_figure",
    "grid_figure",
    "momentum_figure",
    "range_figure",
    "schedule_figure",
    "stopping_figure",
]
