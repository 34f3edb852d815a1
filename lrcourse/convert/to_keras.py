"""A plan as a call of each library, with the plan of what that call does.

The two are compared elsewhere: a call that only comes near is a right answer here, and
its difference is said beside it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, NamedTuple

from lrcourse.convert.plan import PIECES, Plan
from lrcourse.convert.words import called, number

LONG = 0.99  # from this factor on, float32 needs more than one step's worth of it


class Written(NamedTuple):
    """A call, what it does, and a word about it. `lr` is PyTorch's optimizer's own."""

    call: str
    plan: Plan
    word: str = ""
    lr: float | None = None


def over_steps(gamma: float) -> tuple[float, int]:
    """Return a rate and the steps that it takes: few digits, or what float32 can hold.

    >>> over_steps(0.9), over_steps(0.9 ** (1 / 10_000))
    ((0.9, 1), (0.9, 10000))
    """
    if gamma <= LONG and float(f"{gamma:.6g}") == gamma:
        return gamma, 1
    for steps in (10, 100, 1000, 10_000, 100_000):
        rate = float(f"{gamma**steps:.6g}")
        if rate and abs(rate ** (1 / steps) / gamma - 1) < 4e-16:
            return rate, steps
    return (gamma, 1) if gamma <= LONG else (gamma**1000, 1000)


def ratio(s: dict[str, Any]) -> float:
    """Return the floor as a share of the peak."""
    return float(s["min_lr"] / s["max_lr"]) if s["max_lr"] else 0.0


def keras(plan: Plan, steps: int) -> Written:
    """Return `plan` as a learning rate for a Keras optimizer, which counts updates."""
    near = plan.in_updates
    if near is None:
        staircase = _staircase_of_inverse_time(plan)
        if staircase:
            return staircase
        near = plan.smooth
    s = dict(near.settings)
    if near.family == "cosine" and near.warmup_steps:
        warmup = {"warmup_target": s["max_lr"], "warmup_steps": near.warmup_steps}
        share = {"alpha": ratio(s), **warmup}
        call = called("CosineDecay", near.first_lr, s["total_steps"], **share)
        return Written(call, replace(near, mirrored=False))
    if near.family not in KERAS or near.warmup_steps:
        return _table("keras_schedule", plan, steps, "Keras has none")
    return KERAS[near.family](near, s)


def _staircase_of_inverse_time(plan: Plan) -> Written | None:
    s = plan.settings
    if plan.family != "inverse_time" or plan.warmup_steps:
        return None
    call = called("InverseTimeDecay", s["base_lr"], plan.every, s["k"], staircase=True)
    return Written(call, plan)


def _table(adapter: str, plan: Plan, steps: int, word: str) -> Written:
    """Return the table of all rates, which any library can take."""
    text = f"{adapter}(table({plan}, {steps + 1}))"
    return Written(text, plan, f"{word}: a table of our rates, to the last update")


def _keras_exponential(plan: Plan, s: dict[str, Any]) -> Written:
    rate, steps = over_steps(s["gamma"])
    return Written(called("ExponentialDecay", s["base_lr"], steps, rate), plan)


def _keras_levels(plan: Plan, s: dict[str, Any]) -> Written:
    marks, values = _levels(plan)
    word = "it drops after its boundary, so each is one lower"
    boundaries = [mark - 1 for mark in marks]
    return Written(called("PiecewiseConstantDecay", boundaries, values), plan, word)


def _levels(plan: Plan) -> tuple[list[int], list[float]]:
    s = plan.settings
    if plan.family == PIECES:
        return s["boundaries"], s["values"]
    drops = range(len(s["milestones"]) + 1)
    return s["milestones"], [s["base_lr"] * s["gamma"] ** drop for drop in drops]


def _keras_temperature(plan: Plan, s: dict[str, Any]) -> Written:
    first, share = s["base_lr"] * s["start"], s["end"] / s["start"]
    gamma = share ** (1 / s["total_steps"])
    call = called("ExponentialDecay", first, s["total_steps"], share)
    return Written(call, Plan("exponential", {"base_lr": first, "gamma": gamma}))


KERAS: dict[str, Callable[[Plan, dict[str, Any]], Written]] = {
    "constant": lambda plan, s: Written(
        number(s["base_lr"]), plan, "a number, no schedule"
    ),
    "exponential": _keras_exponential,
    "step_decay": lambda plan, s: Written(
        called(
            "ExponentialDecay", s["base_lr"], s["period"], s["gamma"], staircase=True
        ),
        plan,
    ),
    "multi_step": _keras_levels,
    PIECES: _keras_levels,
    "inverse_time": lambda plan, s: Written(
        called("InverseTimeDecay", s["base_lr"], 1, s["k"]), plan
    ),
    "linear": lambda plan, s: Written(
        called("PolynomialDecay", s["max_lr"], s["total_steps"], s.get("min_lr", 0.0)),
        plan,
    ),
    "polynomial": lambda plan, s: Written(
        called(
            "PolynomialDecay",
            s["max_lr"],
            s["total_steps"],
            s.get("min_lr", 0.0),
            power=s["power"],
        ),
        plan,
    ),
    "cosine": lambda plan, s: Written(
        called("CosineDecay", s["max_lr"], s["total_steps"], alpha=ratio(s)),
        replace(plan, mirrored=False),
    ),
    "warm_restarts": lambda plan, s: Written(
        called(
            "CosineDecayRestarts",
            s["max_lr"],
            s["first_period"],
            t_mul=float(s["period_mult"]),
            alpha=ratio(s),
        ),
        plan,
        "at a restart itself a rounding decides which period it is in",
    ),
    "temperature": _keras_temperature,
}
