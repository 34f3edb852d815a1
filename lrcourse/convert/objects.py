"""Schedules that exist: PyTorch's and Keras' by their settings, functions by rates."""

from __future__ import annotations

from collections import Counter
from typing import Any

from lrcourse.convert.calls import Call
from lrcourse.convert.plan import Plan
from lrcourse.convert.signatures import HERE, IGNORED, PYTORCH, SIGNATURES
from lrcourse.convert.sources import BRING_THEIR_RATE, plan_of
from lrcourse.convert.words import called


def plan_of_object(
    each: Any, base_lr: float | None, steps: int | None
) -> tuple[str, Plan, str]:
    """Return how `each` would be written, its plan, and whose it is.

    Raises:
        ValueError: it is no schedule, has no settings left that could be read, or its
            rates have no name.
    """
    name = type(each).__name__
    if hasattr(each, "base_lrs"):
        return _of_pytorch(each, name, base_lr)
    if hasattr(each, "get_config") and name in SIGNATURES:
        settings = {k: v for k, v in each.get_config().items() if k not in IGNORED}
        call = Call(name, settings)
        return (
            called(name, **settings),
            plan_of(call, base_lr),
            SIGNATURES[name].library,
        )
    if not callable(each):
        raise ValueError(
            "call must be a call as text, as 'ExponentialLR(gamma=0.9)', a scheduler, "
            f"or a function of the update, got {each!r}"
        )
    return _of_rates(each, base_lr, steps)


def _of_pytorch(each: Any, name: str, base_lr: float | None) -> tuple[str, Plan, str]:
    if name not in SIGNATURES or name in BRING_THEIR_RATE:
        raise ValueError(f"a {name} keeps no settings to read: write the call as text")
    if len(set(each.base_lrs)) > 1:
        rates = ", ".join(map(str, each.base_lrs))
        raise ValueError(
            f"the groups have several rates, {rates}: write the call as text"
        )
    if base_lr is not None and base_lr != each.base_lrs[0]:
        raise ValueError(
            f"base_lr must be the scheduler's, {each.base_lrs[0]}, got {base_lr}"
        )
    settings = {
        key: getattr(each, key)
        for key in SIGNATURES[name].defaults
        if hasattr(each, key)
    }
    for key, value in settings.items():
        if isinstance(value, Counter):  # as MultiStepLR keeps its milestones
            settings[key] = sorted(value.elements())
    call = Call(name, settings)
    return called(name, **settings), plan_of(call, each.base_lrs[0]), PYTORCH


def _of_rates(
    each: Any, base_lr: float | None, steps: int | None
) -> tuple[str, Plan, str]:
    """Return the plan that gives the rates of a function, which is asked for them."""
    from lrcourse.audit import audit  # here, because calls as text need no NumPy

    if base_lr is not None:
        raise ValueError("a function brings its own rate: leave base_lr out")
    if steps is None:
        raise ValueError("a function of the update needs steps, the run's updates")
    rates = [float(each(step)) for step in range(steps + 1)]
    named = audit(rates).named[0]
    recipe = named.recipe
    if not named.certain or recipe.spliced or recipe.full_rung:
        raise ValueError(f"its {steps + 1} rates follow no schedule known here")
    plan = Plan(
        recipe.family,
        dict(recipe.settings),
        recipe.warmup_steps,
        recipe.first_lr,
        recipe.mirrored,
        recipe.every,
    )
    return f"a function of the update, {recipe}", plan, HERE
