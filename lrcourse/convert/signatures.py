"""The calls that can be read: whose they are, and what each of their arguments may be.

Names, order and defaults are those of the libraries; a test holds them to it.
"""

import inspect
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from lrcourse._settings import (
    is_integer,
    require,
    require_choice,
    require_counts,
    require_counts_or_zero,
    require_divisors,
    require_fractions,
    require_nonnegative,
    require_positive,
)
from lrcourse.schedules.makers import MAKERS

REQUIRED = inspect.Parameter.empty
PYTORCH, KERAS, OPTAX, HERE = "PyTorch", "Keras", "Optax", "lrcourse"


class Signature(NamedTuple):
    """Whose call it is, and the default of each argument, in their order."""

    library: str
    defaults: Mapping[str, Any]


def _flag(**values: object) -> None:
    for name, value in values.items():
        if not isinstance(value, bool):
            raise ValueError(f"{name} must be True or False, got {value!r}")


def _counts(**values: object) -> None:
    for name, value in values.items():
        rows = value if isinstance(value, list | tuple) else [-1]
        rising = all(is_integer(each) and each >= 0 for each in rows)
        if not rising or list(rows) != sorted(set(rows)):
            raise ValueError(
                f"{name} must be a list of counts that rise, got {value!r}"
            )


def _rates(**values: object) -> None:
    for name, value in values.items():
        if not isinstance(value, list | tuple) or not value:
            raise ValueError(f"{name} must be a list of rates, got {value!r}")
        for each in value:
            require_nonnegative(**{f"each of {name}": each})


def _scales(**values: object) -> None:
    for name, value in values.items():
        if value is not None and not isinstance(value, dict):
            example = "a dictionary of factors by step, as {30: 0.1}"
            raise ValueError(f"{name} must be {example}, got {value!r}")
        _counts(**{f"the steps of {name}": sorted(value or {})})
        for each in (value or {}).values():
            require_nonnegative(**{f"each factor of {name}": each})


def _share(**values: object) -> None:
    allowed = "between 0 and 1, a share of the first rate"
    require(allowed, lambda value: 0 <= value <= 1, **values)


def _mode(**values: object) -> None:
    for name, value in values.items():
        require_choice(name, value, ("triangular", "triangular2", "exp_range"))


def _annealing(**values: object) -> None:
    for name, value in values.items():
        require_choice(name, value, ("cos", "linear"))


CHECKS: dict[Callable[..., None], str] = {  # each check with the arguments it is for
    require_counts: "T_max T_0 T_mult step_size step_size_up step_size_down "
    "first_decay_steps total_steps period half_period first_period period_mult",
    require_counts_or_zero: "total_iters transition_begin warmup_steps",
    require_positive: "decay_steps transition_steps power t_mul m_mul start end",
    require_fractions: "gamma start_factor decay_rate pct_start warmup_share",
    require_divisors: "div_factor final_div_factor start_div end_div",
    _flag: "staircase cycle cycle_momentum three_phase",
    _counts: "milestones boundaries",
    _rates: "values",
    _scales: "boundaries_and_scales",
    _share: "alpha",
    _mode: "mode",
    _annealing: "anneal_strategy",
}
_CHECK = {name: check for check, names in CHECKS.items() for name in names.split()}
OTHERWISE = {"InverseTimeDecay": {"decay_rate": require_nonnegative}}
IGNORED = ("name", "last_epoch", "verbose")  # no word about the rate


def check(call: str, name: str, value: Any) -> None:
    """Refuse a value that the argument `name` of `call` may not have, by its name."""
    chosen = OTHERWISE.get(call, {}).get(name) or _CHECK.get(name, require_nonnegative)
    chosen(**{name: value})


_TORCH: dict[str, dict[str, Any]] = {
    "ConstantLR": {"factor": 1 / 3, "total_iters": 5},
    "LinearLR": {"start_factor": 1 / 3, "end_factor": 1.0, "total_iters": 5},
    "StepLR": {"step_size": REQUIRED, "gamma": 0.1},
    "MultiStepLR": {"milestones": REQUIRED, "gamma": 0.1},
    "ExponentialLR": {"gamma": REQUIRED},
    "PolynomialLR": {"total_iters": 5, "power": 1.0},
    "CosineAnnealingLR": {"T_max": REQUIRED, "eta_min": 0.0},
    "CosineAnnealingWarmRestarts": {"T_0": REQUIRED, "T_mult": 1, "eta_min": 0.0},
    "CyclicLR": {
        "base_lr": REQUIRED,
        "max_lr": REQUIRED,
        "step_size_up": 2000,
        "step_size_down": None,
        "mode": "triangular",
        "gamma": 1.0,
        "scale_fn": None,
        "scale_mode": "cycle",
        "cycle_momentum": True,
        "base_momentum": 0.8,
        "max_momentum": 0.9,
    },
    "OneCycleLR": {
        "max_lr": REQUIRED,
        "total_steps": None,
        "epochs": None,
        "steps_per_epoch": None,
        "pct_start": 0.3,
        "anneal_strategy": "cos",
        "cycle_momentum": True,
        "base_momentum": 0.85,
        "max_momentum": 0.95,
        "div_factor": 25.0,
        "final_div_factor": 1e4,
        "three_phase": False,
    },
}
_FIRST = {"initial_learning_rate": REQUIRED}
_RATE = {"decay_steps": REQUIRED, "decay_rate": REQUIRED, "staircase": False}
_KERAS: dict[str, dict[str, Any]] = {
    "ExponentialDecay": _FIRST | _RATE,
    "InverseTimeDecay": _FIRST | _RATE,
    "PolynomialDecay": _FIRST
    | {
        "decay_steps": REQUIRED,
        "end_learning_rate": 0.0001,
        "power": 1.0,
        "cycle": False,
    },
    "CosineDecay": _FIRST
    | {
        "decay_steps": REQUIRED,
        "alpha": 0.0,
        "name": "CosineDecay",
        "warmup_target": None,
        "warmup_steps": 0,
    },
    "CosineDecayRestarts": _FIRST
    | {"first_decay_steps": REQUIRED, "t_mul": 2.0, "m_mul": 1.0, "alpha": 0.0},
    "PiecewiseConstantDecay": {"boundaries": REQUIRED, "values": REQUIRED},
}
_WARMED = {"init_value": REQUIRED, "peak_value": REQUIRED, "warmup_steps": REQUIRED}
_ENDED = {"end_value": 0.0, "exponent": 1.0}
_BEGUN = {"transition_begin": 0}
_DECAYED = {"transition_steps": REQUIRED, "decay_rate": REQUIRED}
_TAIL = {"transition_begin": 0, "staircase": False, "end_value": None}
_ENDS = {"init_value": REQUIRED, "end_value": REQUIRED}
_OPTAX: dict[str, dict[str, Any]] = {
    "constant_schedule": {"value": REQUIRED},
    "exponential_decay": {"init_value": REQUIRED} | _DECAYED | _TAIL,
    "linear_schedule": _ENDS | {"transition_steps": REQUIRED} | _BEGUN,
    "polynomial_schedule": _ENDS
    | {"power": REQUIRED, "transition_steps": REQUIRED}
    | _BEGUN,
    "cosine_decay_schedule": {
        "init_value": REQUIRED,
        "decay_steps": REQUIRED,
        "alpha": 0.0,
        "exponent": 1.0,
    },
    "piecewise_constant_schedule": {
        "init_value": REQUIRED,
        "boundaries_and_scales": None,
    },
    "warmup_constant_schedule": _WARMED,
    "warmup_cosine_decay_schedule": _WARMED | {"decay_steps": REQUIRED} | _ENDED,
    "warmup_exponential_decay_schedule": _WARMED | _DECAYED | _TAIL,
}


MADE_OF_SCHEDULES = ("hold", "join", "scale", "warmup")


def _ours() -> dict[str, dict[str, Any]]:
    """Return the schedules of this package, with their own signatures."""
    signatures = {name: inspect.signature(made) for name, made in MAKERS.items()}
    return {
        name: {key: each.default for key, each in signature.parameters.items()}
        for name, signature in signatures.items()
    }


SIGNATURES = {
    name: Signature(library, defaults)
    for library, calls in (
        (PYTORCH, _TORCH),
        (KERAS, _KERAS),
        (OPTAX, _OPTAX),
        (HERE, _ours()),
    )
    for name, defaults in calls.items()
}
WHY_NOT = {  # calls that exist and say nothing that could be read
    "LambdaLR": "it takes a function: convert that function itself",
    "MultiplicativeLR": "it takes a function of the epoch",
    "SequentialLR": "it is made of schedulers: convert each of them",
    "ChainedScheduler": "it is made of schedulers: convert each of them",
    "ReduceLROnPlateau": "it looks at a metric, so it has no curve before the run; "
    "lrcourse.schedules.plateau has its rule",
    "join_schedules": "it is made of schedules: convert each of them",
    "sgdr_schedule": "it is made of schedules: convert "
    "warmup_cosine_decay_schedule for each",
    "cosine_onecycle_schedule": "its peak falls between two of ours",
    "linear_onecycle_schedule": "its peak falls between two of ours",
    "piecewise_interpolate_schedule": "it is a line of any shape",
    **{name: "it is made of schedules: convert them" for name in MADE_OF_SCHEDULES},
}
