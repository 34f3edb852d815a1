"""What a run or a few of them can tell.

- `statistics`: means over seeds, paired differences, intervals, failed runs apart
- `tables`: the best setting of a sweep and whether it lies at an edge, usable ranges
- `tuning`: the expected best of several tries; `search`: the rates to try next
- `calibration`: confidence and accuracy
- `curvature`: Hessian-vector products and sharpness; by name, it needs PyTorch

A ``ValueError`` names a setting that does not fit.
"""

from lrcourse.measure.calibration import calibration_error
from lrcourse.measure.search import NextRates, next_grid
from lrcourse.measure.statistics import (
    Difference,
    Estimate,
    Finished,
    Interval,
    bootstrap_interval,
    drop_failed,
    mean_and_error,
    paired_difference,
    share_interval,
)
from lrcourse.measure.tables import Best, UsableRange, best, usable_range
from lrcourse.measure.tuning import expected_best

__all__ = [
    "Best",
    "Difference",
    "Estimate",
    "Finished",
    "Interval",
    "NextRates",
    "UsableRange",
    "best",
    "bootstrap_interval",
    "calibration_error",
    "drop_failed",
    "expected_best",
    "mean_and_error",
    "next_grid",
    "paired_difference",
    "share_interval",
    "usable_range",
]
