"""A run on a bowl: its path, its rates beside the limit, its losses."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from lrcourse import theory
from lrcourse._settings import require_counts
from lrcourse.figure.controls import Choice, Slider
from lrcourse.figure.element import Figure
from lrcourse.figure.numbers import exact, short, with_own
from lrcourse.optimizers import SGD, Adagrad, Adam, KerasSGD, RMSprop, Rule
from lrcourse.problems import Quadratic
from lrcourse.schedules import Schedule, scale
from lrcourse.training import Run, descend

SAME = 1e-9  # as a share: rates this close to the limit stand at it
TITLE = "a run on a bowl, its rates and its losses"
KINDS: dict[type, str] = {
    SGD: "sgd",
    KerasSGD: "keras",
    Adagrad: "adagrad",
    RMSprop: "rmsprop",
    Adam: "adam",
}


def descent_figure(
    bowl: Quadratic,
    schedules: Mapping[str, Schedule],
    rules: Mapping[str, Rule],
    first: Sequence[float],
    steps: int,
    *,
    rates: tuple[float, float, float],
    start: Mapping[str, Any],
    marks: Mapping[str, Mapping[str, Any]] | None = None,
    extra: Mapping[str, Schedule] | None = None,
    name: str = "",
    question: str = "",
) -> Figure:
    """Descend on a `bowl` of two weights from `first`, at a peak rate that one sets.

    A state has a ``schedule``, a ``rule``, a rate ``lr`` that multiplies the schedule,
    and a ``step`` to look at. `rates` are the lowest rate, the highest, and by how much
    a push moves it. `extra` holds a reader's own schedules.

    Raises:
        ValueError: not two weights, a rule that the page has no recurrence for, a
            schedule that raises or returns what is no finite number, or a state that
            the figure does not have.
    """
    data = ground(bowl, first, steps)
    shapes = with_own(schedules, extra or {}, range(steps))
    controls = (
        Slider("lr", "learning rate", *rates),
        Choice("schedule", "schedule", tuple(shapes)),
        Choice("rule", "rule", tuple(rules)),
        Slider("step", "step", 0, steps, 1),
    )
    limits = {name: limit_of(rule, bowl) for name, rule in rules.items()}
    data |= {
        "shapes": {name: exact(shape) for name, shape in shapes.items()},
        "rules": {name: settings_of(name, rule) for name, rule in rules.items()},
        "limits": limits,
    }

    def says(state: Mapping[str, Any]) -> str:
        shape, rule = shapes[state["schedule"]], state["rule"]
        schedule = scale(lambda step: shape[step], state["lr"])
        run = descend(bowl, rules[rule], schedule, np.array(first), steps)
        said = f"{_course(run, state['step'])}{_beyond(limits[rule], run)}"
        return f"{state['schedule']}, {rule}, rate {short(state['lr'])}: {said}"

    return Figure(
        "descent", controls, data, start, says, marks or {}, name, question, TITLE
    )


def ground(bowl: Quadratic, first: Sequence[float], steps: int) -> dict[str, Any]:
    """Return what the page needs to run on a bowl.

    Raises:
        ValueError: it has not two weights, or `steps` is no positive integer.
    """
    require_counts(steps=steps)
    if len(bowl.eigenvalues) != 2 or len(first) != 2:
        raise ValueError(
            f"bowl and first must have two weights, got {len(bowl.eigenvalues)} "
            f"and {len(first)}"
        )
    eigenvalues = [float(value) for value in bowl.eigenvalues]
    return {"eigenvalues": eigenvalues, "first": list(first), "steps": steps}


def settings_of(name: str, rule: Rule) -> dict[str, Any]:
    """Return the name of the page's recurrence for `rule`, and its settings.

    Raises:
        ValueError: there is none.
    """
    kind = KINDS.get(type(rule))
    if kind is None:
        known = ", ".join(each.__name__ for each in KINDS)
        raise ValueError(f"rules[{name!r}] must be one of {known}, got {rule!r}")
    return {"kind": kind, **asdict(rule)}  # type: ignore[call-overload]


def limit_of(rule: Rule, bowl: Quadratic) -> float | None:
    """Return the largest stable constant rate, or None where no theorem gives one."""
    if not isinstance(rule, SGD) or rule.nesterov:
        return None
    return theory.max_stable_lr_momentum(bowl.hessian, rule.momentum)


def _course(run: Run, step: int) -> str:
    """Say where the loss goes, how high on the way, and where it is at `step`."""
    first, last = short(run.losses[0]), short(run.losses[-1])
    updates, top = len(run.lrs), int(np.argmax(run.losses))
    way = f", by way of {short(run.losses[top])} at step {top}"
    here = f" At step {step} it is {short(run.losses[min(step, updates)])}."
    gone = f" It was given up before step {step}."
    where = here if step < updates else gone if step > updates else ""
    return (
        f"the loss goes from {first} to {last} in {updates} updates"
        f"{way if 0 < top < updates else ''}.{where}"
        f"{' The run is lost.' if run.diverged else ''}"
    )


def _beyond(limit: float | None, run: Run) -> str:
    if limit is None:
        return ""
    at = int(np.count_nonzero(abs(run.lrs - limit) <= SAME * limit))
    above = int(np.count_nonzero(run.lrs > limit * (1 + SAME)))
    level = f", and at {at} exactly on it" if at else ""
    updates = f"{above or 'none'} of {len(run.lrs)} updates"
    return f" At {updates} the rate is above the limit of {short(limit)}{level}."
