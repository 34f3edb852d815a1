"""Thousands of small trainings as one batched program.

`sweep` trains a grid of learning rates, schedules, update rules, seeds and folds, and
returns a tidy table; member by member it is the plain loop. The rooms, from the grid to
the numbers:

- `engine`: the call; `grid`: all that is to be tried
- `examples`, `folds`: sets and parts of them; `rates`: schedules as a table
- `chunks`: what fits in memory; `program`: the loop; `reactions`: rates that a metric
  makes; `averages`: weights averaged along the way
- `record`, `looks`, `measures`, `table`: what is seen, and how it is written down;
  `watched`: what the last updates did
- `models`, `perceptron`, `linked`, `normalised`, `networks`, `pretrained`, `losses`,
  `fused`: all members at once

A ``ValueError`` names an argument that does not fit, before anything is trained.
"""

import lrcourse._lab  # isort: skip
import lrcourse._torch  # noqa: F401  # isort: skip
from lrcourse.sweep.averages import Averaged
from lrcourse.sweep.engine import sweep
from lrcourse.sweep.linked import Linked
from lrcourse.sweep.models import Model, Tensors, dense
from lrcourse.sweep.networks import GRU, ConvNet
from lrcourse.sweep.perceptron import MLP
from lrcourse.sweep.pretrained import Pretrained
from lrcourse.sweep.rates import updates

__all__ = [
    "GRU",
    "MLP",
    "Averaged",
    "ConvNet",
    "Linked",
    "Model",
    "Pretrained",
    "Tensors",
    "dense",
    "sweep",
    "updates",
]
