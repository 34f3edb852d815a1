"""The one function: a call in, the same curve in every library out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

from lrcourse._settings import require, require_choice, require_counts
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

MOST = 10**6  # updates of a run
EACH = 20_000  # updates that are compared one by one


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
    'past the end: other rates from update 5 on, by up to 0.1'

    Raises:
        ValueError: the call is not known, is no plain call, or has an argument that
            does not fit; a setting is missing, or is no count.
    """
    require_counts(
        **{k: v for k, v in _counts(updates_per_epoch, steps) if v is not None}
    )
    if unit is not None:
        require_choice("unit", unit, ("update", "epoch"))
    name, plan, library = _known(call, base_lr, steps)
    chosen = _unit(library, unit, updates_per_epoch)
    if chosen == "epoch" and updates_per_epoch:
        plan = plan.slowed(updates_per_epoch)
    length = steps or plan.every * (plan.end or 0)
    if not length:
        raise ValueError(f"{name} has no end of its own: say steps, the run's updates")
    require(f"at most {MOST}", lambda count: count <= MOST, steps=length)
    written = _written(plan, chosen, updates_per_epoch, length)
    same = tuple(_compared(each, plan, length) for each in written)
    return Conversion(name, library, plan, chosen, length, same)


def _written(
    plan: Plan, unit: str, updates_per_epoch: int | None, steps: int
) -> list[tuple[str, str, Written]]:
    """Return a call of each library, with its library and how PyTorch's is stepped."""
    found = [(PYTORCH, unit, pytorch(plan, unit))]
    by_epoch = plan.in_epochs(updates_per_epoch) if updates_per_epoch else None
    if unit == "update" and by_epoch:
        found.append((PYTORCH, "epoch", pytorch(by_epoch, "epoch")))
    here = plan.in_updates or plan
    found += [(KERAS, "", keras(plan, steps)), (OPTAX, "", optax(plan, steps))]
    return [*found, (HERE, "", Written(str(here), here.holding))]


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


def _compared(each: tuple[str, str, Written], plan: Plan, steps: int) -> Equivalent:
    """Return a call with where it differs from `plan`, to twice the run."""
    library, stepped, (call, does, word, lr) = each
    same = Equivalent(library, call, does, word, lr, stepped)
    if does == plan:
        return same
    last = max(steps, min(plan.every * (plan.end or 0), MOST))
    theirs, ours = does.schedule, plan.schedule
    looked = _looked_at(last)
    rates = [(theirs(step), ours(step)) for step in looked]
    allowed = SAME * max(rate for _, rate in rates)
    gaps = [abs(a - b) if abs(a - b) > allowed else 0.0 for a, b in rates]
    parts = next((step for step, gap in zip(looked, gaps, strict=True) if gap), None)
    until = looked.index(last) + 1
    gap = max(gaps[:until])
    at, past = looked[gaps.index(gap)], max(gaps[until:], default=0.0)
    return replace(same, parts_at=parts, gap=gap, gap_at=at, past=past)


def _looked_at(last: int) -> list[int]:
    """Return the updates to compare, to twice `last`; of a long run not every one."""
    far = 2 * last + 1
    if far <= EACH:
        return list(range(far))
    close = (range(EACH // 10), range(last - 10, last + 10))
    return sorted(
        {step for each in close for step in each} | {*range(0, far, far // EACH)}
    )
