"""Learning-rate schedules. A schedule is a plain function ``step -> lr``.

``step`` counts finished updates, so ``schedule(0)`` is the learning rate of the
first update. Schedules keep no state: asking twice gives the same answer twice.
A schedule with an end reaches its last value at ``step == total_steps`` and holds it.
In PyTorch, hand one to ``LambdaLR`` with an optimizer whose own ``lr`` is 1.0.

A step is one number, zero or more; in a training an integer. A ``ValueError`` refuses
all else in every schedule: negative steps, arrays of steps, values that a compiler
traces. For those, `table` asks for all updates at once.

Settings are checked when a schedule is made; a ``ValueError`` names the one that is
wrong. A learning rate is zero or more, a count of steps is a positive integer, and
``gamma`` lies above 0 and at most at 1.

- `curves`: decays, and the conversions between their units; `cycles`: rates that climb
  and fall; `combine`: schedules made of schedules
- `tables`: all rates of a training as an array; `keras`, `optax`: such a table as their
  schedule, imported by these names
- `plateau`, `feedback`: rules that look at a metric, imported by these names
- `makers`: those that `audit` and `convert` know, by name
- `schedule`: the type, and what several of them need
"""

from lrcourse.schedules.combine import hold, join, scale, warmup, wsd
from lrcourse.schedules.curves import (
    constant,
    cosine,
    exponential,
    gamma_from_half_life,
    gamma_from_k,
    gamma_from_rate,
    inverse_power,
    inverse_sqrt,
    inverse_time,
    linear,
    multi_step,
    polynomial,
    step_decay,
    temperature,
)
from lrcourse.schedules.cycles import (
    exp_range,
    one_cycle,
    triangular,
    triangular2,
    warm_restarts,
)
from lrcourse.schedules.schedule import Schedule
from lrcourse.schedules.tables import table

__all__ = [
    "Schedule",
    "constant",
    "cosine",
    "exp_range",
    "exponential",
    "gamma_from_half_life",
    "gamma_from_k",
    "gamma_from_rate",
    "hold",
    "inverse_power",
    "inverse_sqrt",
    "inverse_time",
    "join",
    "linear",
    "multi_step",
    "one_cycle",
    "polynomial",
    "scale",
    "step_decay",
    "table",
    "temperature",
    "triangular",
    "triangular2",
    "warm_restarts",
    "warmup",
    "wsd",
]
