"""The one loop, for a problem and for a network, and the record of what it did."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lrcourse._arrays import Array, Params
from lrcourse._settings import require_counts_or_zero
from lrcourse.optimizers import NetworkRule, Rule, on_network
from lrcourse.problems.quadratic import Problem

TOO_FAR = 1e12  # times the first loss: the run is lost, and overflow would follow


@dataclass(frozen=True)
class Run:
    """What a run saw: `weights` (steps + 1, n), `losses` (steps + 1,), `lrs` (steps,).

    `states` holds what the rule remembered, beside each of the weights. A run that
    diverged is shorter: it ends where its loss passed all bounds.

    Many members at once have `weights` (steps + 1, members, n), `losses` (steps + 1,
    members) and `diverged` (members,). One that is lost goes on as nan, and disturbs no
    other; the run is shorter only if all are lost.
    """

    weights: Array
    losses: Array
    lrs: Array
    diverged: bool | NDArray[np.bool_]
    states: list[Any]


def descend(
    problem: Problem,
    rule: Rule | NetworkRule,
    schedule: Callable[[int], float],
    w: Array | Run,
    steps: int,
) -> Run:
    """Take `steps` updates on `problem`, from `w`, and keep all that was seen.

    `w` has shape (n,), or (members, n) for many runs at once. Or it is a run of the
    same rule, which goes on, bit for bit as if it had not stopped: the schedule counts
    on, and the result holds all updates, those done and `steps` more.

    Raises:
        ValueError: `steps` is no integer, zero or more, or `problem` has not one loss
            for each member.
    """
    require_counts_or_zero(steps=steps)
    rule = _on_one_array(rule, problem)
    weights, losses, lrs, states = _so_far(problem, rule, w)
    now, state, done = weights[-1], states[-1], len(lrs)
    with np.errstate(over="ignore", invalid="ignore"):  # a lost run says so itself
        for step in range(done, done + steps):
            if lrs:  # the first loss is what others are too far above
                lost = _lost(losses)
                if lost.all():
                    break
                if lost.any():
                    now = np.where(lost[:, None], np.nan, now)
            lr = schedule(step)
            now, state = rule.step(now, problem.grad(now), state, lr)
            weights.append(now)
            losses.append(_losses(problem, now))
            lrs.append(lr)
            states.append(state)
    diverged = _lost(losses) | (losses[-1] > 10 * abs(losses[0]))
    seen = np.array(weights), np.array(losses), np.array(lrs)
    return Run(*seen, diverged if diverged.ndim else bool(diverged), states)


def _so_far(
    problem: Problem, rule: Rule, w: Array | Run
) -> tuple[list[Array], list[Array], list[Any], list[Any]]:
    """Return the weights, losses, rates and states of a run that begins or goes on."""
    if isinstance(w, Run):
        return list(w.weights), list(w.losses), list(w.lrs), list(w.states)
    w = np.asarray(w, dtype=np.float64)
    return [w], [_losses(problem, w)], [], [rule.init(w)]


def _losses(problem: Problem, w: Array) -> Array:
    losses = np.asarray(problem.loss(w), dtype=np.float64)
    if losses.shape != w.shape[:-1]:
        raise ValueError(
            "problem.loss must return one number for each member, shape "
            f"{w.shape[:-1]}, got shape {losses.shape}"
        )
    return losses


def _lost(losses: Sequence[Array]) -> NDArray[np.bool_]:
    """Say of the last losses, one a member, which are too far above the first."""
    bound = TOO_FAR * np.maximum(1.0, abs(losses[0]))
    return np.asarray(~(abs(losses[-1]) <= bound))


@dataclass(frozen=True)
class NetworkRun:
    """What a training saw: the `losses` before, and the `lrs` of, its updates (steps,).

    `params` and `state` are the last ones, after all updates.
    """

    params: Params
    losses: Array
    lrs: Array
    state: Any


def train(
    loss_and_grads: Callable[[Params, Any, Any], tuple[float, Params]],
    rule: Rule | NetworkRule,
    schedule: Callable[[int], float],
    params: Params | NetworkRun,
    batches: Iterable[tuple[Any, Any]],
) -> NetworkRun:
    """Train the network of `params` with one update for each (inputs, targets).

    `loss_and_grads` takes the parameters and such a batch. A training that diverges
    goes on to its end, with losses that say so.

    In the place of `params` a run of the same rule goes on, bit for bit as if it had
    not stopped. Then `batches` are those of the whole run, made again from their seed:
    those of the updates done are skipped, the schedule counts on from these, and the
    result holds all updates.

    Raises:
        ValueError: there are no batches, or none after those of the updates done.
    """
    rule = on_network(rule)
    params, state, losses, lrs = _trained_so_far(rule, params)
    done = len(losses)
    with np.errstate(over="ignore", invalid="ignore"):
        for step, (inputs, targets) in enumerate(islice(batches, done, None), done):
            lr = schedule(step)
            loss, grads = loss_and_grads(params, inputs, targets)
            params, state = rule.step(params, grads, state, lr, loss)
            losses.append(loss)
            lrs.append(lr)
    if len(losses) == done:
        after = f" after the {done} of the updates done" if done else ""
        raise ValueError(f"train needs at least one batch, got none{after}")
    return NetworkRun(params, np.array(losses), np.array(lrs), state)


def _trained_so_far(
    rule: NetworkRule, params: Params | NetworkRun
) -> tuple[Params, Any, list[float], list[float]]:
    """Return the parameters, state, losses and rates where a training stands."""
    if isinstance(params, NetworkRun):
        return params.params, params.state, list(params.losses), list(params.lrs)
    return params, rule.init(params), [], []


@dataclass(frozen=True)
class _WithLossOf:
    """A rule for networks, on the network whose only array is the `w` of `problem`."""

    problem: Problem
    rule: NetworkRule

    def init(self, w: Array) -> Any:
        return self.rule.init({"w": w})

    def step(self, w: Array, grad: Array, state: Any, lr: Any) -> tuple[Array, Any]:
        loss = self.problem.loss(w)
        moved, state = self.rule.step({"w": w}, {"w": grad}, state, lr, loss)
        return moved["w"], state


def _on_one_array(rule: Rule | NetworkRule, problem: Problem) -> Rule:
    return _WithLossOf(problem, rule) if isinstance(rule, NetworkRule) else rule
