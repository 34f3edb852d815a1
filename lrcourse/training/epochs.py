"""Training that looks at a metric after each epoch, and reacts with its rate."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar

import numpy as np

from lrcourse._arrays import Array, Params
from lrcourse._settings import require_counts, require_counts_or_zero
from lrcourse.optimizers import NetworkRule, Rule, on_network
from lrcourse.schedules import constant
from lrcourse.schedules.feedback import FeedbackRule, State
from lrcourse.training.loop import NetworkRun, train

Batch = TypeVar("Batch")


@dataclass(frozen=True)
class EpochsRun(NetworkRun):
    """A training epoch by epoch: `losses` and `lrs` (steps,), `metrics` (epochs,).

    `params`, `state` (what the update rule remembers) and `feedback` (what the rule
    remembers that looks at the metric) are those after the last epoch;
    ``feedback.lr`` is the rate of the next.
    """

    metrics: Array
    feedback: Any

    @property
    def epoch_lrs(self) -> Array:
        """The rates of the epochs, (epochs,)."""
        return self.lrs[:: len(self.lrs) // len(self.metrics)]


def train_epochs(
    loss_and_grads: Callable[[Params, Any, Any], tuple[float, Params]],
    rule: Rule | NetworkRule,
    feedback: FeedbackRule[State],
    params: Params | EpochsRun,
    batches: Iterable[tuple[Any, Any]],
    per_epoch: int,
    metric: Callable[[Params], float],
) -> EpochsRun:
    """Train as `train` does, at rates that `feedback` finds epoch by epoch.

    An epoch is `per_epoch` of the `batches`. After it ``metric(params)`` is taken, of
    the weights that `rule` wants judged, and `feedback` makes of it the rate of the
    next epoch.

    In the place of `params` a run of the same rules goes on, bit for bit as if it had
    not stopped. Then `batches` are those of the whole run, made again from their seed:
    those of the updates done are skipped, and the result holds all epochs.

    Raises:
        ValueError: `per_epoch` is no positive integer or not that of the run which goes
            on, `feedback` is no rule, `params` is a run of `train`, or the batches do
            not make whole epochs, one or more of them.
    """
    network = on_network(rule)
    run = _so_far(network, feedback, params, per_epoch)
    for epoch in whole_epochs(batches, per_epoch, len(run.metrics)):
        stand, lr = NetworkRun(run.params, _NONE, _NONE, run.state), run.feedback.lr
        trained = train(loss_and_grads, network, constant(lr), stand, epoch)
        with np.errstate(over="ignore", invalid="ignore"):
            value = float(metric(network.judged(trained.params, trained.state)))
        run = EpochsRun(
            trained.params,
            np.append(run.losses, trained.losses),
            np.append(run.lrs, trained.lrs),
            trained.state,
            np.append(run.metrics, value),
            feedback.step(run.feedback, value),
        )
    return run


def whole_epochs(
    batches: Iterable[Batch], per_epoch: int, done: int = 0
) -> Iterator[list[Batch]]:
    """Yield the batches of each epoch, `per_epoch` of them, without the `done` epochs.

    >>> list(whole_epochs("abcdef", per_epoch=2, done=1))
    [['c', 'd'], ['e', 'f']]

    Raises:
        ValueError: The last epoch is not whole, there is none, or `batches` are none.
    """
    require_counts(per_epoch=per_epoch)
    require_counts_or_zero(done=done)
    if not isinstance(batches, Iterable):
        raise ValueError(f"batches must yield pairs (inputs, labels), got {batches!r}")
    remaining, epochs = islice(batches, done * per_epoch, None), done
    while epoch := list(islice(remaining, per_epoch)):
        if len(epoch) < per_epoch:
            raise ValueError(
                f"batches must make whole epochs of per_epoch={per_epoch}, got "
                f"{len(epoch)} more after {epochs} epochs"
            )
        yield epoch
        epochs += 1
    if epochs == done:
        after = f" after the {done} epochs done" if done else ""
        raise ValueError(f"batches must make at least one epoch, got none{after}")


def require_feedback(*rules: object) -> None:
    """Refuse what is no rule that looks at a metric.

    Raises:
        ValueError: It has not the two methods of such a rule.
    """
    for rule in rules:
        if not all(callable(getattr(rule, name, None)) for name in ("init", "step")):
            raise ValueError(
                "feedback must be a rule that looks at a metric, such as "
                f"lrcourse.schedules.plateau.ReduceOnPlateau(0.1), got {rule!r}"
            )


_NONE = np.empty(0)


def _so_far(
    rule: NetworkRule,
    feedback: FeedbackRule[State],
    params: Params | EpochsRun,
    per_epoch: int,
) -> EpochsRun:
    """Return where a training stands, with the epochs that it has behind it."""
    require_counts(per_epoch=per_epoch)
    require_feedback(feedback)
    if not isinstance(params, EpochsRun):
        if isinstance(params, NetworkRun):
            raise ValueError(
                "params must be parameters or a run of train_epochs, got a run of "
                "train: hand over its params"
            )
        state = rule.init(params)
        return EpochsRun(params, _NONE, _NONE, state, _NONE, feedback.init())
    epochs, updates = len(params.metrics), len(params.losses)
    if updates != epochs * per_epoch:
        raise ValueError(
            f"per_epoch must be {updates // epochs}, as in the run that goes on, got "
            f"{per_epoch}"
        )
    return params
