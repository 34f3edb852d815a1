"""Training of an `nn.Module` that looks at a metric after each epoch, and reacts."""

import lrcourse._torch  # noqa: F401  # isort: skip
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy
from torch.optim import Optimizer

from lrcourse.schedules import constant
from lrcourse.schedules.feedback import FeedbackRule
from lrcourse.training.epochs import require_feedback, whole_epochs
from lrcourse.training.torch_loop import Fit, evaluating, fit


@dataclass(frozen=True)
class EpochsFit(Fit):
    """What a training saw: of its updates what `Fit` holds, and all `metrics` so far.

    One metric an epoch; where a run went on, those of the epochs before come first.
    """

    metrics: list[float] = field(default_factory=list)


def fit_epochs(
    model: nn.Module,
    optimizer: Optimizer,
    feedback: FeedbackRule[Any] | Sequence[FeedbackRule[Any]],
    batches: Iterable[tuple[Tensor, Tensor]],
    per_epoch: int,
    metric: Callable[[nn.Module], float],
    loss_of: Callable[[Tensor, Tensor], Tensor] = cross_entropy,
    metrics: Sequence[float] = (),
    watch: bool = False,
) -> EpochsFit:
    """Train as `fit` does, at rates that `feedback` finds epoch by epoch.

    An epoch is `per_epoch` of the `batches`. After it ``metric(model)`` is taken, in
    evaluation mode and without gradients, and `feedback` makes of it the rate of the
    next epoch: one rule for every parameter group, or a list with one per group.

    To resume, give the `metrics` of the epochs done, as `checkpoint.save` keeps them:
    the rules see them again. `batches` are those of the whole run, made again from
    their seed: those of the epochs done are skipped. The optimizer's own rates are
    unused, and `watch` is as in `fit`.

    Raises:
        ValueError: `per_epoch` is no positive integer, `feedback` no rule or a list
            that does not match the groups, or the batches, each a pair, do not make
            whole epochs, one or more of them.
    """
    rules = _one_per_group(feedback, len(optimizer.param_groups))
    states = [reduce(rule.step, metrics, rule.init()) for rule in rules]
    record = EpochsFit([], [], metrics=[*metrics])
    for epoch in whole_epochs(batches, per_epoch, len(metrics)):
        schedules = [constant(state.lr) for state in states]
        trained = fit(model, optimizer, schedules, epoch, loss_of, watch=watch)
        record.losses.extend(trained.losses)
        record.lrs.extend(trained.lrs)
        record.seen.extend(trained.seen)
        with evaluating(model), torch.no_grad():
            value = float(metric(model))
        record.metrics.append(value)
        states = [rule.step(s, value) for rule, s in zip(rules, states, strict=True)]
    return record


def _one_per_group(
    feedback: FeedbackRule[Any] | Sequence[FeedbackRule[Any]], groups: int
) -> list[FeedbackRule[Any]]:
    rules = feedback if isinstance(feedback, Sequence) else [feedback] * groups
    require_feedback(*rules)
    if len(rules) != groups:
        raise ValueError(
            "feedback must be one rule, or one per parameter group, "
            f"got {len(rules)} rules and {groups} groups"
        )
    return list(rules)
