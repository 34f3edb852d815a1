"""A plan as a scheduler of PyTorch, which multiplies the optimizer's own rate."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from lrcourse.convert.plan import PIECES, Plan
from lrcourse.convert.to_keras import Written, ratio
from lrcourse.convert.words import called, number

OURS = "PyTorch has none: our schedule multiplies lr=1"


def pytorch(plan: Plan, unit: str) -> Written:
    """Return `plan` as a scheduler that is stepped once a `unit`, update or epoch."""
    ticks = replace(plan, every=1) if unit == "epoch" else plan.in_updates or plan
    if ticks.family not in PYTORCH or ticks.every > 1:
        return _ours(plan, ticks)
    written = PYTORCH[ticks.family](
        replace(ticks, warmup_steps=0), dict(ticks.settings)
    )
    if not written.call:
        return _ours(plan, ticks)
    every = plan.every if unit == "epoch" else 1
    climb, first, peak = ticks.warmup_steps, ticks.first_lr, ticks.peak_lr
    if not climb:
        return written._replace(plan=replace(written.plan, every=every))
    if not 0 < first <= peak or written.lr != peak:
        return _ours(plan, ticks, "LinearLR cannot climb from 0: our schedule")
    share = {"start_factor": first / peak, "total_iters": climb}
    rise = called("LinearLR", "optimizer", **share)
    call = f"SequentialLR(optimizer, [{rise}, {written.call}], [{climb}])"
    does = replace(written.plan, every=every, warmup_steps=climb, first_lr=first)
    return Written(call, does, written.word, peak)


def _ours(plan: Plan, ticks: Plan, word: str = OURS) -> Written:
    text = str(replace(ticks, mirrored=False))
    does = replace(plan, mirrored=False)
    return Written(called("LambdaLR", "optimizer", text), does, word, 1.0)


def _call(name: str, lr: float, plan: Plan, **settings: Any) -> Written:
    return Written(called(name, "optimizer", **settings), plan, lr=lr)


def _polynomial(plan: Plan, s: dict[str, Any]) -> Written:
    power, steps, lr = s.get("power", 1), s["total_steps"], s["max_lr"]
    if not s.get("min_lr"):
        settings = {"total_iters": steps, "power": float(power)}
        return _call("PolynomialLR", lr, plan, **settings)
    if power != 1:
        return Written("", plan)
    factors = {"start_factor": 1.0, "end_factor": ratio(s), "total_iters": steps}
    return _call("LinearLR", lr, plan, **factors)


def _pieces(plan: Plan, s: dict[str, Any]) -> Written:
    values, marks = s["values"], s["boundaries"]
    if len(values) != 2 or not 0 < values[0] < values[1]:
        return Written("", plan)
    factor = values[0] / values[1]
    return _call("ConstantLR", values[1], plan, factor=factor, total_iters=marks[0])


def _cosine(plan: Plan, s: dict[str, Any]) -> Written:
    settings = {"T_max": s["total_steps"], "eta_min": s.get("min_lr", 0.0)}
    climbing = replace(plan, mirrored=True)
    return _call("CosineAnnealingLR", s["max_lr"], climbing, **settings)


def _restarts(plan: Plan, s: dict[str, Any]) -> Written:
    settings = {"T_0": s["first_period"], "T_mult": s.get("period_mult", 1)}
    settings["eta_min"] = s.get("min_lr", 0.0)
    return _call("CosineAnnealingWarmRestarts", s["max_lr"], plan, **settings)


def _cyclic(plan: Plan, s: dict[str, Any]) -> Written:
    ends = {"base_lr": s["min_lr"], "max_lr": s["max_lr"]}
    settings = {**ends, "step_size_up": s["half_period"], "mode": plan.family}
    if "gamma" in s:
        settings["gamma"] = s["gamma"]
    settings["cycle_momentum"] = False
    return _call("CyclicLR", s["min_lr"], plan, **settings)


def _one_cycle(plan: Plan, s: dict[str, Any]) -> Written:
    shape = {"pct_start": s["warmup_share"], "div_factor": s["start_div"]}
    settings = {"total_steps": s["total_steps"] + 1, **shape}
    settings |= {"final_div_factor": s["end_div"], "cycle_momentum": False}
    first = s["max_lr"] / s["start_div"]
    written = _call("OneCycleLR", first, plan, max_lr=s["max_lr"], **settings)
    return written._replace(
        word="stepped beyond its end it leaves the curve, then raises"
    )


def _temperature(plan: Plan, s: dict[str, Any]) -> Written:
    first = s["base_lr"] * s["start"]
    gamma = (s["end"] / s["start"]) ** (1 / s["total_steps"])
    endless = Plan("exponential", {"base_lr": first, "gamma": gamma})
    return _call("ExponentialLR", first, endless, gamma=gamma)


def _function(text: str) -> Callable[[Plan, dict[str, Any]], Written]:
    def write(plan: Plan, s: dict[str, Any]) -> Written:
        filled = text.format(**{key: number(value) for key, value in s.items()})
        call = f"LambdaLR(optimizer, lambda step: {filled})"
        word = "PyTorch has none; LambdaLR takes any function"
        return Written(call, plan, word, s["base_lr"])

    return write


PYTORCH: dict[str, Callable[[Plan, dict[str, Any]], Written]] = {
    "constant": lambda plan, s: _call("ConstantLR", s["base_lr"], plan, factor=1.0),
    "exponential": lambda plan, s: _call(
        "ExponentialLR", s["base_lr"], plan, gamma=s["gamma"]
    ),
    "step_decay": lambda plan, s: _call(
        "StepLR", s["base_lr"], plan, step_size=s["period"], gamma=s["gamma"]
    ),
    "multi_step": lambda plan, s: _call(
        "MultiStepLR", s["base_lr"], plan, milestones=s["milestones"], gamma=s["gamma"]
    ),
    PIECES: _pieces,
    "inverse_time": _function("1 / (1 + {k} * step)"),
    "inverse_power": _function("(1 + {k} * step) ** -{power}"),
    "linear": _polynomial,
    "polynomial": _polynomial,
    "cosine": _cosine,
    "warm_restarts": _restarts,
    "triangular": _cyclic,
    "triangular2": _cyclic,
    "exp_range": _cyclic,
    "one_cycle": _one_cycle,
    "temperature": _temperature,
}
