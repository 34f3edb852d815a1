"""The one loop, and what surrounds it.

- `loop`: updates on a problem or a network in NumPy, with the record of a run
- `epochs`: the loop at rates that a rule finds from a metric, epoch by epoch
- `symptoms`: series of what updates saw and did
- `lr_finder`: the learning-rate range test, and rules that read a rate off it

Imported by name, because they need PyTorch:

- `torch_loop`: the loop's twin; `torch_epochs`: that of `epochs`
- `torch_watch`: what one of its updates saw and did
- `groups`: parameter groups, with a schedule each
- `torch_lr_finder`: the range test on it
- `checkpoint`: a run saved and resumed; `averaging`: averages of its weights

A ``ValueError`` names a setting that does not fit.
"""

from lrcourse.training.epochs import EpochsRun, train_epochs
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
from lrcourse.training.symptoms import symptoms

__all__ = [
    "RULES",
    "EpochsRun",
    "NetworkRun",
    "RangeTest",
    "Run",
    "descend",
    "divergence_index",
    "range_test_schedule",
    "smooth",
    "suggest_lr",
    "symptoms",
    "train",
    "train_epochs",
]
