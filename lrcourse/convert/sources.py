"""Any call that is known, as a plan."""

from __future__ import annotations

from lrcourse.convert.calls import Call, complete
from lrcourse.convert.from_keras import OF_KERAS
from lrcourse.convert.from_optax import OF_OPTAX
from lrcourse.convert.from_pytorch import OF_PYTORCH
from lrcourse.convert.plan import Plan
from lrcourse.convert.signatures import HERE, PYTORCH, SIGNATURES

SOURCES = OF_PYTORCH | OF_KERAS | OF_OPTAX
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
        raise ValueError(f"{call.name}: {error}") from None
    return plan
