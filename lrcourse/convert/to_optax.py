"""A plan as a call of Optax, which counts updates and takes any function of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Any

from lrcourse.convert.plan import PIECES, Plan
from lrcourse.convert.to_keras import Written, over_steps, ratio
from lrcourse.convert.words import called, number

FUNCTION = "Optax has none; any function of the count will do"


def optax(plan: Plan, steps: int) -> Written:
    """Return `plan` as a schedule of Optax."""
    near = plan.in_updates or plan.smooth
    if near.family not in OPTAX:
        text = f"optax_schedule(table({plan}, {steps + 1}))"
        word = "Optax has none: a table of our rates, to the last update"
        return Written(text, plan, word)
    written = OPTAX[near.family](replace(near, warmup_steps=0), dict(near.settings))
    climb = near.warmup_steps
    if not climb:
        return written
    whole = replace(written.plan, warmup_steps=climb, first_lr=near.first_lr)
    s = near.settings
    if near.family == "cosine":
        length = climb + s["total_steps"]
        end = {"end_value": s["min_lr"]} if s.get("min_lr") else {}
        name = "warmup_cosine_decay_schedule"
        call = called(name, near.first_lr, s["max_lr"], climb, length, **end)
        return Written(call, whole, "its decay_steps count the warmup, too")
    rise = called("linear_schedule", near.first_lr, near.peak_lr, climb)
    return Written(
        f"join_schedules([{rise}, {written.call}], [{climb}])", whole, written.word
    )


def _exponential(plan: Plan, s: dict[str, Any]) -> Written:
    rate, steps = over_steps(s["gamma"])
    return Written(called("exponential_decay", s["base_lr"], steps, rate), plan)


def _pieces(plan: Plan, s: dict[str, Any]) -> Written:
    values = s["values"]
    if not all(values[:-1]):
        text = f"optax_schedule(table({plan}, {s['boundaries'][-1] + 1}))"
        return Written(text, plan, "a factor cannot lead away from 0: a table")
    factors = [after / before for before, after in pairwise(values)]
    scales = dict(zip(s["boundaries"], factors, strict=True))
    return Written(called("piecewise_constant_schedule", values[0], scales), plan)


def _restarts(plan: Plan, s: dict[str, Any]) -> Written:
    word = "as many restarts as are written; Optax takes any list of cosines"
    if s["period_mult"] == 1:
        cosine = _cosine_call(s, s["first_period"])
        text = f"lambda count: {cosine}(count % {s['first_period']})"
        return Written(text, plan, "Optax has only lists of cosines: this repeats one")
    lengths = [s["first_period"] * s["period_mult"] ** i for i in range(4)]
    parts = ", ".join(_cosine_call(s, length) for length in lengths)
    starts = [sum(lengths[: i + 1]) for i in range(3)]
    return Written(f"join_schedules([{parts}], {number(starts)})", plan, word)


def _cosine_call(s: dict[str, Any], length: int) -> str:
    share = {"alpha": ratio(s)} if s.get("min_lr") else {}
    return called("cosine_decay_schedule", s["max_lr"], length, **share)


def _temperature(plan: Plan, s: dict[str, Any]) -> Written:
    first, last = s["base_lr"] * s["start"], s["base_lr"] * s["end"]
    share, steps = s["end"] / s["start"], s["total_steps"]
    end = {"end_value": last}
    return Written(called("exponential_decay", first, steps, share, **end), plan)


def _function(text: str) -> Callable[[Plan, dict[str, Any]], Written]:
    """Return a writer of a function of the count, settings in braces."""

    def write(plan: Plan, s: dict[str, Any]) -> Written:
        values = {key: number(value) for key, value in s.items()}
        return Written(f"lambda count: {text.format(**values)}", plan, FUNCTION)

    return write


OPTAX: dict[str, Callable[[Plan, dict[str, Any]], Written]] = {
    "constant": lambda plan, s: Written(
        called("constant_schedule", s["base_lr"]), plan
    ),
    "exponential": _exponential,
    "step_decay": lambda plan, s: Written(
        called(
            "exponential_decay", s["base_lr"], s["period"], s["gamma"], staircase=True
        ),
        plan,
    ),
    "multi_step": lambda plan, s: Written(
        called(
            "piecewise_constant_schedule",
            s["base_lr"],
            dict.fromkeys(s["milestones"], s["gamma"]),
        ),
        plan,
    ),
    PIECES: _pieces,
    "inverse_time": _function("{base_lr} / (1 + {k} * count)"),
    "inverse_power": _function("{base_lr} * (1 + {k} * count) ** -{power}"),
    "linear": lambda plan, s: Written(
        called("linear_schedule", s["max_lr"], s.get("min_lr", 0.0), s["total_steps"]),
        plan,
    ),
    "polynomial": lambda plan, s: Written(
        called(
            "polynomial_schedule",
            s["max_lr"],
            s.get("min_lr", 0.0),
            s["power"],
            s["total_steps"],
        ),
        plan,
    ),
    "cosine": lambda plan, s: Written(
        _cosine_call(s, s["total_steps"]), replace(plan, mirrored=False)
    ),
    "warm_restarts": _restarts,
    "temperature": _temperature,
}
