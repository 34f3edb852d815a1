"""Thousands of small trainings as one batched program.

`sweep` trains a grid of learning rates, schedules, update rules, seeds and folds, and
returns a tidy table; member by member it is the plain loop. The rooms, from the grid to
the numbers: `engine` (the call), `examples` (data and folds), `rates` (schedules as a
table), `chunks` (what fits in memory), `program` (the loop), `models`, `perceptron`,
`normalised`, `networks`, `pretrained` and `losses` (all members at once), `fused`,
`table`.
"""

from lrcourse.sweep.engine import sweep
from lrcourse.sweep.models import Model, Tensors, dense
from lrcourse.sweep.networks import GRU, ConvNet
from lrcourse.sweep.perceptron import MLP
from lrcourse.sweep.pretrained import Pretrained
from lrcourse.sweep.rates import updates

__all__ = [
    "GRU",
    "MLP",
    "ConvNet",
    "Model",
    "Pretrained",
    "Tensors",
    "dense",
    "sweep",
    "updates",
]
