"""SGD, Adam, AdamW and clipping with fewer passes over memory, and in place.

Each operator of a rule's `step` reads whole arrays and makes a new one, which takes a
fifth of a sweep's time with `SGD` and half of it with `Adam`. PyTorch's fused
operations do the same arithmetic in half of that, and a test holds them to the text.
"""

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from lrcourse._arrays import Params
from lrcourse.optimizers import (
    L2,
    SGD,
    Adam,
    AdamW,
    Clipped,
    LayerRates,
    NetworkRule,
    Rule,
    ScheduledMomentum,
    Watched,
    global_norm,
    on_network,
    per_member,
)
from lrcourse.optimizers.adaptive import AdamState
from lrcourse.optimizers.scheduled import ScheduledState
from lrcourse.sweep.watched import LastWatched


@dataclass(frozen=True)
class FusedSGD:
    """`SGD` without Nesterov's look ahead, for tensors, which it changes."""

    momentum: float

    def init(self, w: Tensor) -> Tensor:
        return torch.zeros_like(w)

    def step(
        self, w: Tensor, grad: Tensor, velocity: Tensor, lr: Tensor
    ) -> tuple[Tensor, Tensor]:
        if self.momentum == 0:  # the gradient is the velocity
            return w.addcmul_(grad, lr, value=-1), grad
        torch.add(grad, velocity, alpha=self.momentum, out=velocity)
        return w.addcmul_(velocity, lr, value=-1), velocity


@dataclass(frozen=True)
class FusedScheduledMomentum:
    """`ScheduledMomentum` without Nesterov's, for tensors, which it changes."""

    rule: ScheduledMomentum

    def init(self, w: Tensor) -> ScheduledState:
        return self.rule.init(w)

    def step(
        self, w: Tensor, grad: Tensor, state: ScheduledState, lr: Tensor
    ) -> tuple[Tensor, ScheduledState]:
        updates, velocity = state
        now = FusedSGD(self.rule.now(updates).momentum)
        w, velocity = now.step(w, grad, velocity, lr)
        return w, ScheduledState(updates + 1, velocity)


@dataclass(frozen=True)
class FusedAdam:
    """`Adam` or `AdamW`, for tensors, which it changes."""

    rule: Adam
    weight_decay: float = 0.0

    def init(self, w: Tensor) -> AdamState:
        return self.rule.init(w)

    def step(
        self, w: Tensor, grad: Tensor, state: AdamState, lr: Tensor
    ) -> tuple[Tensor, AdamState]:
        beta1, beta2, t = self.rule.beta1, self.rule.beta2, state.updates + 1
        m = state.m.lerp_(grad, 1 - beta1)
        v = state.v.mul_(beta2).addcmul_(grad, grad, value=1 - beta2)
        root = torch.mul(v, 1 / (1 - beta2**t)).sqrt_().add_(self.rule.eps)
        if self.weight_decay:
            w.mul_(1 - lr * self.weight_decay)
        w.addcmul_(torch.div(m, root, out=root), lr / (1 - beta1**t), value=-1)
        return w, AdamState(t, m, v)


@dataclass(frozen=True)
class FusedClipped(NetworkRule):
    """`Clipped` around `rule`, for the tensors of many members, which it changes.

    Plain sums of squares are faster than `global_norm`, which steps in where one of
    them overflows. Where they vanish, so does the length, beside the 1e-6.
    """

    rule: NetworkRule
    max_norm: float

    def init(self, params: Params) -> Any:
        return self.rule.init(params)

    def step(
        self, params: Params, grads: Params, state: Any, lr: Any, loss: Tensor
    ) -> tuple[dict[str, Tensor], Any]:
        norms = _norms(grads, loss)
        factor = ((norms + 1e-6) / self.max_norm).clamp_(min=1).reciprocal_()
        for grad in grads.values():
            grad.mul_(per_member(factor, grad))
        return self.rule.step(params, grads, state, lr, loss)

    def judged(self, params: Params, state: Any) -> Params:
        return self.rule.judged(params, state)

    @property
    def takes_rates(self) -> bool:
        return self.rule.takes_rates


def _norms(grads: Params, loss: Tensor) -> Tensor:
    """Return each member's length over all gradients, (members,)."""
    parts = [
        torch.linalg.vector_norm(grad, dim=tuple(range(1, grad.ndim)))
        for grad in grads.values()
    ]
    norms: Tensor = torch.linalg.vector_norm(torch.stack(parts), dim=0)
    if not norms.isfinite().all():
        norms = global_norm(grads, loss)
    return norms


def fused(rule: Rule | NetworkRule) -> NetworkRule:
    """Return `rule` for networks, by its faster twin where it has one."""
    if type(rule) is Clipped:
        return FusedClipped(fused(rule.rule), rule.max_norm)
    if type(rule) is Watched:
        return LastWatched(fused(rule.rule))
    if type(rule) is LayerRates:
        return LayerRates(fused(rule.rule), rule.factors)
    return on_network(rule if isinstance(rule, NetworkRule) else _twin(rule))


def _twin(rule: Rule) -> Rule:
    """Return the rule that does the same in place, or `rule` itself.

    Types are compared exactly: a rule derived from these does something else.
    """
    if type(rule) is SGD and not rule.nesterov:
        return FusedSGD(rule.momentum)
    if type(rule) is ScheduledMomentum and not rule.nesterov:
        return FusedScheduledMomentum(rule)
    if type(rule) is Adam:
        return FusedAdam(rule)
    if type(rule) is AdamW:
        return FusedAdam(rule, rule.weight_decay)
    if type(rule) is L2:
        return L2(_twin(rule.rule), weight_decay=rule.weight_decay)
    return rule
