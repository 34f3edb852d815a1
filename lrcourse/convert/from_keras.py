"""Schedules of Keras as plans."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from lrcourse.convert.plan import Plan, pieces
from lrcourse.convert.shapes import cosine, exponential, polynomial, restarts, whole


def _exponential_decay(s: Mapping[str, Any]) -> Plan:
    first = s["initial_learning_rate"]
    return exponential(first, s["decay_steps"], s["decay_rate"], s["staircase"])


def _inverse_time_decay(s: Mapping[str, Any]) -> Plan:
    first, k = s["initial_learning_rate"], s["decay_rate"]
    if s["staircase"]:
        every = whole(s["decay_steps"])
        return Plan("inverse_time", {"base_lr": first, "k": k}, every=every)
    return Plan("inverse_time", {"base_lr": first, "k": k / s["decay_steps"]})


def _polynomial_decay(s: Mapping[str, Any]) -> Plan:
    if s["cycle"]:
        raise ValueError("cycle=True has no twin here")
    first, last = s["initial_learning_rate"], s["end_learning_rate"]
    return polynomial(first, last, whole(s["decay_steps"]), s["power"])


def _cosine_decay(s: Mapping[str, Any]) -> Plan:
    first, steps = s["initial_learning_rate"], whole(s["decay_steps"])
    peak, climb = s["warmup_target"], s["warmup_steps"]
    if peak is None or not climb:
        return cosine(first, steps, s["alpha"] * first)
    plan = cosine(peak, steps, s["alpha"] * peak)
    return replace(plan, warmup_steps=climb, first_lr=first)


def _cosine_decay_restarts(s: Mapping[str, Any]) -> Plan:
    if s["m_mul"] != 1:
        raise ValueError("m_mul other than 1 has no twin here")
    first, last = s["initial_learning_rate"], s["alpha"] * s["initial_learning_rate"]
    return restarts(first, s["first_decay_steps"], s["t_mul"], last)


def _piecewise_constant_decay(s: Mapping[str, Any]) -> Plan:
    if len(s["values"]) != len(s["boundaries"]) + 1:
        raise ValueError("there must be one value more than boundaries")
    return pieces([each + 1 for each in s["boundaries"]], s["values"])


OF_KERAS: dict[str, Callable[[Mapping[str, Any]], Plan]] = {
    "ExponentialDecay": _exponential_decay,
    "InverseTimeDecay": _inverse_time_decay,
    "PolynomialDecay": _polynomial_decay,
    "CosineDecay": _cosine_decay,
    "CosineDecayRestarts": _cosine_decay_restarts,
    "PiecewiseConstantDecay": _piecewise_constant_decay,
}
