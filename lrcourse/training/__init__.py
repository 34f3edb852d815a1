"""The one loop, and what surrounds it.

- `loop`: updates on a problem or a network in NumPy, with the record of a run
- `lr_finder`: the learning-rate range test, and rules that read a rate off it

Imported by name, because they need PyTorch:

- `torch_loop`: the loop's twin; `groups`: parameter groups, with a schedule each
- `torch_lr_finder`: the range test on it
- `checkpoint`: a run saved and resumed; `averaging`: averages of its weights

A ``ValueError`` names a setting that does not fit.
"""

from lrcourse.training.loop import (
    NetworkRun,
    Run,
    descend,
    train,
)
from lrcourse.training.lr_finder import (
    RULES,
    RangeTest,
    divergence_index,
    range_test_schedule,
    smooth,
    suggest_lr,
)

__all__ = [
    "RULES",
    "NetworkRun",
    "RangeTest",
    "Run",
    "descend",
    "divergence_index",
    "range_test_schedule",
    "smooth",
    "suggest_lr",
    "train",
]
