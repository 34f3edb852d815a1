"""Schedulers of PyTorch as plans, in ticks of ``scheduler.step()``."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from lrcourse.convert.plan import Plan, pieces
from lrcourse.convert.shapes import cosine, line, polynomial, restarts


def _constant_lr(s: Mapping[str, Any]) -> Plan:
    low = s["lr"] * s["factor"]
    if not s["total_iters"]:
        return Plan("constant", {"base_lr": s["lr"]})
    return pieces([s["total_iters"]], [low, s["lr"]])


def _linear_lr(s: Mapping[str, Any]) -> Plan:
    first, last = s["lr"] * s["start_factor"], s["lr"] * s["end_factor"]
    return line(first, last, s["total_iters"])


def _step_lr(s: Mapping[str, Any]) -> Plan:
    settings = {"base_lr": s["lr"], "gamma": s["gamma"], "period": s["step_size"]}
    return Plan("step_decay", settings)


def _multi_step_lr(s: Mapping[str, Any]) -> Plan:
    settings = {"base_lr": s["lr"], "gamma": s["gamma"]}
    return Plan("multi_step", {**settings, "milestones": list(s["milestones"])})


def _exponential_lr(s: Mapping[str, Any]) -> Plan:
    return Plan("exponential", {"base_lr": s["lr"], "gamma": s["gamma"]})


def _polynomial_lr(s: Mapping[str, Any]) -> Plan:
    return polynomial(s["lr"], 0.0, s["total_iters"], s["power"])


def _cosine_lr(s: Mapping[str, Any]) -> Plan:
    return replace(cosine(s["lr"], s["T_max"], s["eta_min"]), mirrored=True)


def _restarts_lr(s: Mapping[str, Any]) -> Plan:
    return restarts(s["lr"], s["T_0"], s["T_mult"], s["eta_min"])


def _cyclic_lr(s: Mapping[str, Any]) -> Plan:
    if s["step_size_down"] not in (None, s["step_size_up"]):
        raise ValueError("step_size_down must be as step_size_up, or left out")
    if s["scale_fn"] is not None:
        raise ValueError("scale_fn is a function, and cannot be read")
    ends = {"min_lr": s["base_lr"], "max_lr": s["max_lr"]}
    settings = {**ends, "half_period": s["step_size_up"]}
    if s["mode"] == "exp_range":
        settings["gamma"] = s["gamma"]
    return Plan(s["mode"], settings)


def _one_cycle_lr(s: Mapping[str, Any]) -> Plan:
    if s["anneal_strategy"] != "cos" or s["three_phase"]:
        raise ValueError("only two phases along cosines have a twin here")
    values = s["total_steps"]
    if values is None:
        if s["epochs"] is None or s["steps_per_epoch"] is None:
            raise ValueError("say total_steps, or epochs and steps_per_epoch")
        values = s["epochs"] * s["steps_per_epoch"]
    shape = {"warmup_share": s["pct_start"], "start_div": s["div_factor"]}
    settings = {"max_lr": s["max_lr"], "total_steps": values - 1, **shape}
    return Plan("one_cycle", {**settings, "end_div": s["final_div_factor"]})


OF_PYTORCH: dict[str, Callable[[Mapping[str, Any]], Plan]] = {
    "ConstantLR": _constant_lr,
    "LinearLR": _linear_lr,
    "StepLR": _step_lr,
    "MultiStepLR": _multi_step_lr,
    "ExponentialLR": _exponential_lr,
    "PolynomialLR": _polynomial_lr,
    "CosineAnnealingLR": _cosine_lr,
    "CosineAnnealingWarmRestarts": _restarts_lr,
    "CyclicLR": _cyclic_lr,
    "OneCycleLR": _one_cycle_lr,
}
