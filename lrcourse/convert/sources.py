"""Any call that is known, as a plan."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from lrcourse.convert.calls import Call, complete
from lrcourse.convert.from_keras import OF_KERAS
from lrcourse.convert.from_optax import OF_OPTAX
from lrcourse.convert.from_pytorch import OF_PYTORCH
from lrcourse.convert.plan import Plan
from lrcourse.convert.signatures import HERE, PYTORCH, SIGNATURES

SOURCES = OF_PYTORCH | OF_KERAS | OF_OPTAX
THEIRS = {  # a setting of ours: what the libraries call it
    "min_lr": ("min_lr", "eta_min", "end_learning_rate", "end_value"),
    "max_lr": ("max_lr", "initial_learning_rate", "peak_value", "init_value"),
    "total_steps": ("T_max", "total_iters", "decay_steps", "transition_steps"),
}
BRING_THEIR_RATE = ("CyclicLR", "OneCycleLR")


def plan_of(call: Call, base_lr: float | None) -> Plan:
    """Return what `call` does, in its own ticks.

    `base_lr` is the optimizer's rate, which PyTorch's schedulers multiply.

    Raises:
        ValueError: an argument that does not fit, `base_lr` missing where it is needed
            or given where the call has its own, or a shape that no schedule here has.
    """
    settings = complete(call)
    library = SIGNATURES[call.name].library
    needs = library == PYTORCH and call.name not in BRING_THEIR_RATE
    if needs and base_lr is None:
        raise ValueError(
            f"{call.name} multiplies the optimizer's rate: say base_lr, as 0.1"
        )
    if not needs and base_lr is not None:
        raise ValueError(f"{call.name} brings its own rate: leave base_lr out")
    try:
        if library == HERE:
            plan = Plan(call.name, settings)
        else:
            plan = SOURCES[call.name]({**settings, "lr": base_lr})
        plan.per_tick(0)
    except (ValueError, OverflowError) as error:
        sentence = _in_their_words(str(error), settings)
        raise ValueError(f"{call.name}: {sentence}") from None
    return plan


def _in_their_words(sentence: str, settings: Mapping[str, Any]) -> str:
    """Name our settings in a sentence as the call does, where it has them."""
    for ours, theirs in THEIRS.items():
        name = next((each for each in theirs if each in settings), ours)
        sentence = re.sub(rf"\b{ours}\b", name, sentence)
    return sentence
