"""Averages of the weights along a training, as a rule around a rule."""

from dataclasses import field
from typing import Any, Literal, NamedTuple

import torch

from lrcourse._arrays import Params
from lrcourse._settings import (
    require_choice,
    require_counts_or_zero,
    require_memory,
)
from lrcourse.optimizers import NetworkRule, Rule, on_network
from lrcourse.optimizers.declaration import update_rule


class AveragedState(NamedTuple):
    """Updates so far, the average, and the memory of the rule itself."""

    updates: int
    average: Params
    state: Any


@update_rule
class Averaged(NetworkRule):
    """`rule`, judged by an average of its weights; the training does not notice it.

    ``"mean"`` weighs all weights alike (Polyak and Ruppert's average; stochastic weight
    averaging, Izmailov et al., 2018), ``"ema"`` is ``decay * average + (1 - decay) *
    weights`` and starts at the first ones. Those that update `average_from` makes (the
    first update is 0) are the first to count; until then `rule` says what is judged.
    For tensors; the average takes their room once more, and changes in place.

    Running moments of batch normalisation belong to the last weights, not to an average
    of them: a network that has them is refused.

    Raises:
        ValueError: A setting is not as above; the message names it. Or in `step`, the
            network has numbers that no gradient moves.
    """

    rule: Rule | NetworkRule = field(kw_only=False)
    average: Literal["mean", "ema"] = "mean"
    average_from: int = 0
    decay: float = 0.99

    def __post_init__(self) -> None:
        require_choice("average", self.average, ("mean", "ema"))
        require_counts_or_zero(average_from=self.average_from)
        require_memory(decay=self.decay)

    def init(self, params: Params) -> AveragedState:
        average = {name: w.clone() for name, w in params.items()}
        return AveragedState(0, average, on_network(self.rule).init(params))

    def step(
        self, params: Params, grads: Params, state: AveragedState, lr: Any, loss: Any
    ) -> tuple[dict[str, Any], AveragedState]:
        _require_grads(state.average, grads)
        rule, updates = on_network(self.rule), state.updates + 1
        moved, inner = rule.step(params, grads, state.state, lr, loss)
        if updates > self.average_from:
            self._collect(state.average, rule.judged(moved, inner), updates)
        return moved, AveragedState(updates, state.average, inner)

    def judged(self, params: Params, state: AveragedState) -> Params:
        if state.updates > self.average_from:
            return {**params, **state.average}
        return on_network(self.rule).judged(params, state.state)

    @property
    def takes_rates(self) -> bool:
        return on_network(self.rule).takes_rates

    def _collect(self, average: Params, params: Params, updates: int) -> None:
        """Move `average` by the share that the newest weights have in it."""
        count = updates - self.average_from
        share = 1 / count if self.average == "mean" else 1 - self.decay
        for name, mean in average.items():
            torch.lerp(mean, params[name], 1.0 if count == 1 else share, out=mean)


def _require_grads(average: Params, grads: Params) -> None:
    if len(grads) < len(average):
        others = ", ".join(name for name in average if name not in grads)
        raise ValueError(
            "average must be None for a network with numbers that no gradient moves "
            f"({others}): they are those of the last weights, not of the average"
        )
