"""The one function: a call in, the same curve in every library out."""

from __future__ import annotations

from typing import Any, Literal

from lrcourse._settings import require_choice, require_counts
from lrcourse.convert.calls import Call, read
from lrcourse.convert.conversion import SAME, Conversion, Equivalent
from lrcourse.convert.objects import plan_of_object
from lrcourse.convert.plan import Plan
from lrcourse.convert.signatures import HERE, KERAS, OPTAX, PYTORCH, SIGNATURES
from lrcourse.convert.sources import plan_of
from lrcourse.convert.to_keras import Written, keras
from lrcourse.convert.to_optax import optax
from lrcourse.convert.to_pytorch import pytorch
from lrcourse.convert.words import called

MOST = 10**6  # updates that are compared one by one


def convert(
    call: str | Call | Any,
    *,
    base_lr: float | None = None,
    updates_per_epoch: int | None = None,
    unit: Literal["update", "epoch"] | None = None,
    steps: int | None = None,
) -> Conversion:
    """Return the schedule that `call` is, its numbers, and the calls like it.

    `call` is one of PyTorch, Keras, Optax or `lrcourse.schedules` as text, of which
    nothing is run; a `Call`; a scheduler of PyTorch, a schedule of Keras; or any
    function of the update, named by `lrcourse.audit`. PyTorch's count calls of
    ``scheduler.step()``: once an epoch where `updates_per_epoch` is given, unless
    `unit` says otherwise, else once an update. `base_lr` is their optimizer's rate.
    `steps` is the length of the run in updates; left out, that of the schedule.

    >>> found = convert("CosineAnnealingLR(T_max=4)", base_lr=0.1)
    >>> found.half_life, found.end, found.equivalents[1].call
    (2.0, 4, 'CosineDecay(0.1, 4, alpha=0.0)')
    >>> found.equivalents[1].difference
    'other rates from update 5 on, by up to 0.1, at 8'

    Raises:
        ValueError: the call is not known, is no plain call, or has an argument that
            does not fit; a setting is missing, or is no count.
    """
    name, plan, library = _known(call, base_lr, steps)
    require_counts(
        **{k: v for k, v in _counts(updates_per_epoch, steps) if v is not None}
    )
    if unit is not None:
        require_choice("unit", unit, ("update", "epoch"))
    chosen = _unit(library, unit, updates_per_epoch)
    if chosen == "epoch" and updates_per_epoch:
        plan = plan.slowed(updates_per_epoch)
    length = steps or plan.every * (plan.end or 0)
    if not length:
        raise ValueError(f"{name} has no end of its own: say steps, the run's updates")
    if length > MOST:
        raise ValueError(f"steps must be at most {MOST}, got {length}")
    written = {
        PYTORCH: pytorch(plan, chosen),
        KERAS: keras(plan, length),
        OPTAX: optax(plan, length),
        HERE: Written(str(plan), plan.holding),
    }
    far = 2 * max(length, plan.every * (plan.end or 0)) + 1
    same = tuple(_compared(each, plan, of, far) for of, each in written.items())
    return Conversion(name, library, plan, chosen, length, same)


def _counts(updates_per_epoch: int | None, steps: int | None) -> list[tuple[str, Any]]:
    return [("updates_per_epoch", updates_per_epoch), ("steps", steps)]


def _known(
    call: Any, base_lr: float | None, steps: int | None
) -> tuple[str, Plan, str]:
    """Return how the call is written, its plan, and whose it is."""
    if isinstance(call, str):
        found = read(call)
        return call.strip(), plan_of(found, base_lr), SIGNATURES[found.name].library
    if isinstance(call, Call):
        plan = plan_of(call, base_lr)
        text = called(call.name, **call.arguments)
        return text, plan, SIGNATURES[call.name].library
    return plan_of_object(call, base_lr, steps)


def _unit(library: str, unit: str | None, updates_per_epoch: int | None) -> str:
    """Return what one tick is."""
    if library != PYTORCH:
        if unit == "epoch":
            raise ValueError(
                f"unit must be update: {library} counts updates, got epoch"
            )
        return "update"
    chosen = unit or ("epoch" if updates_per_epoch else "update")
    if chosen == "epoch" and not updates_per_epoch:
        raise ValueError("unit epoch needs updates_per_epoch, as 100")
    return chosen


def _compared(written: Written, plan: Plan, library: str, far: int) -> Equivalent:
    """Return a call with where it differs from `plan`, over `far` updates."""
    call, does, word, lr = written
    if does == plan:
        return Equivalent(library, call, does, word, lr)
    theirs, ours = does.schedule, plan.schedule
    gaps = [abs(theirs(step) - ours(step)) for step in range(far)]
    allowed = SAME * max(map(ours, range(far)))
    parts = next((step for step, gap in enumerate(gaps) if gap > allowed), None)
    if parts is None:
        return Equivalent(library, call, does, word, lr)
    gap = max(gaps)
    return Equivalent(library, call, does, word, lr, parts, gap, gaps.index(gap))
