"""Schedules of Optax as plans."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import accumulate
from operator import mul
from typing import Any

from lrcourse.convert.plan import Plan, pieces
from lrcourse.convert.shapes import cosine, exponential, line, polynomial, whole


def _constant_schedule(s: Mapping[str, Any]) -> Plan:
    return Plan("constant", {"base_lr": s["value"]})


def _optax_exponential(s: Mapping[str, Any], first: float) -> Plan:
    if s["end_value"] is not None:
        raise ValueError("end_value cuts the curve off; only without it has it a twin")
    steps, rate = s["transition_steps"], s["decay_rate"]
    return exponential(first, steps, rate, s["staircase"])


def _begun(plan: Plan, steps: int) -> Plan:
    """Return `plan`, its first rate held for `steps` before it."""
    return replace(plan, warmup_steps=steps, first_lr=plan.peak_lr) if steps else plan


def _optax_exponential_decay(s: Mapping[str, Any]) -> Plan:
    return _begun(_optax_exponential(s, s["init_value"]), s["transition_begin"])


def _linear_schedule(s: Mapping[str, Any]) -> Plan:
    plan = line(s["init_value"], s["end_value"], whole(s["transition_steps"]))
    if s["transition_begin"] and plan.warmup_steps:
        raise ValueError("a line that begins later and climbs has no twin here")
    return _begun(plan, s["transition_begin"])


def _polynomial_schedule(s: Mapping[str, Any]) -> Plan:
    first, last = s["init_value"], s["end_value"]
    plan = polynomial(first, last, whole(s["transition_steps"]), s["power"])
    return _begun(plan, s["transition_begin"])


def _cosine_decay_schedule(s: Mapping[str, Any]) -> Plan:
    _plain(s)
    first = s["init_value"]
    return cosine(first, whole(s["decay_steps"]), s["alpha"] * first)


def _plain(s: Mapping[str, Any]) -> None:
    if s["exponent"] != 1:
        raise ValueError("an exponent other than 1 has no twin here")


def _piecewise_constant_schedule(s: Mapping[str, Any]) -> Plan:
    scales = dict(sorted((s["boundaries_and_scales"] or {}).items()))
    values = accumulate(scales.values(), mul, initial=s["init_value"])
    return pieces(list(scales), list(values))


def _warmed(plan: Plan, s: Mapping[str, Any]) -> Plan:
    return replace(plan, warmup_steps=s["warmup_steps"], first_lr=s["init_value"])


def _warmup_constant(s: Mapping[str, Any]) -> Plan:
    return _warmed(Plan("constant", {"base_lr": s["peak_value"]}), s)


def _warmup_cosine(s: Mapping[str, Any]) -> Plan:
    _plain(s)
    after = whole(s["decay_steps"]) - s["warmup_steps"]
    return _warmed(cosine(s["peak_value"], after, s["end_value"]), s)


def _warmup_exponential(s: Mapping[str, Any]) -> Plan:
    if s["transition_begin"]:
        raise ValueError("transition_begin after a warmup has no twin here")
    return _warmed(_optax_exponential(s, s["peak_value"]), s)


OF_OPTAX: dict[str, Callable[[Mapping[str, Any]], Plan]] = {
    "constant_schedule": _constant_schedule,
    "exponential_decay": _optax_exponential_decay,
    "linear_schedule": _linear_schedule,
    "polynomial_schedule": _polynomial_schedule,
    "cosine_decay_schedule": _cosine_decay_schedule,
    "piecewise_constant_schedule": _piecewise_constant_schedule,
    "warmup_constant_schedule": _warmup_constant,
    "warmup_cosine_decay_schedule": _warmup_cosine,
    "warmup_exponential_decay_schedule": _warmup_exponential,
}
