"""Figures that answer back: ``<lr-figure>``, alive in the book and in JupyterLab.

A figure is numbers, controls and a script. Python computes every schedule and every
suggestion, and writes the sentence that stands where no script runs; the script draws,
and runs recurrences of three lines. Each function returns a `Figure`, for a cell's end.

- `curves`: named curves side by side; schedules with what they spend
- `descent`: a run on a bowl, for any schedule and rule
- `momentum`: the stable region of momentum and rate
- `ranges`: a recorded range test, and what rules read off it
- `cycles`: bounds and length of cycles, with the losses they gave
- `element`: the figure as HTML; `controls`: what can be set; `numbers`: as the page
  reads them; `script/`: the element itself, the same for all
"""

from lrcourse.figure.curves import curves_figure, schedule_figure
from lrcourse.figure.cycles import cycle_figure
from lrcourse.figure.descent import descent_figure
from lrcourse.figure.element import Figure
from lrcourse.figure.momentum import momentum_figure
from lrcourse.figure.ranges import range_figure

__all__ = [
    "Figure",
    "curves_figure",
    "cycle_figure",
    "descent_figure",
    "momentum_figure",
    "range_figure",
    "schedule_figure",
]
