"""Averages of the weights along a training, as a rule around a rule."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import torch
from torch import Tensor

from lrcourse._settings import (
    require_choice,
    require_counts_or_zero,
    require_memory,
)
from lrcourse.optimizers import NetworkRule, Rule, on_network

AVERAGES = ("mean", "ema")


class AveragedState(NamedTuple):
    """Updates so far, the average, and the memory of the rule itself."""

    updates: int
    average: Mapping[str, Tensor]
    state: Any


@dataclass(frozen=True)
class Averaged(NetworkRule):
    """`rule`, judged by an average of its weights; the training does not notice it.

    ``"mean"`` weighs all weights alike (Polyak and Ruppert's average; stochastic weight
    averaging, Izmailov et al., 2018), ``"ema"`` is ``decay * average + (1 - decay) *
    weights`` and starts at the first ones. Those that update `average_from` makes (the
    first update is 0) are the first to count; until then the weights themselves are
    judged. For tensors; the average takes their room once more. Running moments of
    batch normalisation belong to the last weights, not to an average of them, so a
    network with these is refused at its first update.

    Raises:
        ValueError: A setting is not as above; the message names it.
    """

    rule: Rule | NetworkRule
    average: Literal["mean", "ema"] = "mean"
    average_from: int = 0
    decay: float = 0.99

    def __post_init__(self) -> None:
        require_choice("average", self.average, AVERAGES)
        require_counts_or_zero(average_from=self.average_from)
        require_memory(decay=self.decay)

    def init(self, params: Mapping[str, Tensor]) -> AveragedState:
        average = {name: w.clone() for name, w in params.items()}
        return AveragedState(0, average, on_network(self.rule).init(params))

    def step(
        self,
        params: Mapping[str, Tensor],
        grads: Mapping[str, Tensor],
        state: AveragedState,
        lr: Any,
        loss: Any,
    ) -> tuple[dict[str, Tensor], AveragedState]:
        rule = on_network(self.rule)
        _require_grads(params, grads)
        moved, inner = rule.step(params, grads, state.state, lr, loss)
        updates = state.updates + 1
        if updates > self.average_from:
            self._collect(state.average, judged(rule, moved, inner), updates)
        return moved, AveragedState(updates, state.average, inner)

    def judged(
        self, params: Mapping[str, Tensor], state: AveragedState
    ) -> Mapping[str, Tensor]:
        """Return the average, or what `rule` judges as long as there is none."""
        if state.updates > self.average_from:
            return state.average
        return judged(on_network(self.rule), params, state.state)

    def _collect(
        self,
        average: Mapping[str, Tensor],
        params: Mapping[str, Tensor],
        updates: int,
    ) -> None:
        """Move `average`, in place, by the share of the newest of the weights."""
        count = updates - self.average_from
        share = 1 / count if self.average == "mean" else 1 - self.decay
        for name, w in params.items():
            torch.lerp(
                average[name], w, 1.0 if count == 1 else share, out=average[name]
            )


def judged(
    rule: NetworkRule, params: Mapping[str, Tensor], state: Any
) -> Mapping[str, Tensor]:
    """Return the weights to be measured: `params`, unless the rule says otherwise."""
    method = getattr(rule, "judged", None)
    return params if method is None else method(params, state)


def _require_grads(params: Mapping[str, Tensor], grads: Mapping[str, Tensor]) -> None:
    if len(grads) < len(params):
        others = ", ".join(name for name in params if name not in grads)
        raise ValueError(
            "average must be None for a model that keeps numbers besides its weights "
            f"({others}): they are those of the last weights, not of the average"
        )
