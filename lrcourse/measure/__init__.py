"""What a run or a few of them can tell.

- `statistics`: means over seeds, paired differences, intervals
- `curvature`: Hessian-vector products and sharpness; by name, it needs PyTorch
"""

from lrcourse.measure.statistics import (
    Difference,
    Estimate,
    Interval,
    bootstrap_interval,
    mean_and_error,
    paired_difference,
)

__all__ = [
    "Difference",
    "Estimate",
    "Interval",
    "bootstrap_interval",
    "mean_and_error",
    "paired_difference",
]
