"""The schedules that `audit` can name and `convert` can read, by their names.

They are those made of settings alone. A new one is added here when it is to be named
and converted; chapter 6, which converts, is then to be executed again.
"""

from collections.abc import Callable

from lrcourse.schedules.combine import wsd
from lrcourse.schedules.curves import (
    constant,
    cosine,
    exponential,
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

MAKERS: dict[str, Callable[..., Schedule]] = {
    "constant": constant,
    "cosine": cosine,
    "exp_range": exp_range,
    "exponential": exponential,
    "inverse_power": inverse_power,
    "inverse_sqrt": inverse_sqrt,
    "inverse_time": inverse_time,
    "linear": linear,
    "multi_step": multi_step,
    "one_cycle": one_cycle,
    "polynomial": polynomial,
    "step_decay": step_decay,
    "temperature": temperature,
    "triangular": triangular,
    "triangular2": triangular2,
    "warm_restarts": warm_restarts,
    "wsd": wsd,
}
