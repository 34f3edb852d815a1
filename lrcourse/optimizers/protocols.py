"""What a loop needs of an update rule, for one array and for a network of them."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from lrcourse._arrays import AnyArray as Array
from lrcourse._arrays import Params


class Rule(Protocol):
    """What a loop needs of an update rule.

    A rule whose loop does not hold the weights to be measured has a method
    ``judged(w, state)`` besides, which returns these (`ScheduleFreeSGD`).
    """

    def init(self, w: Array) -> Any:
        """Return the state before the first update."""

    def step(self, w: Array, grad: Array, state: Any, lr: Any) -> tuple[Array, Any]:
        """Return the weights and the state after one update."""


class NetworkRule(ABC):
    """A rule for all arrays of a network at once, with the loss at hand.

    `loss` and `lr` are numbers, or arrays of shape (members,) where every parameter
    is of shape (members, ...). Arrays for which `grads` holds nothing stay as they are.
    """

    @abstractmethod
    def init(self, params: Params) -> Any:
        """Return the state before the first update."""

    @abstractmethod
    def step(
        self, params: Params, grads: Params, state: Any, lr: Any, loss: Any
    ) -> tuple[dict[str, Array], Any]:
        """Return the parameters and the state after one update."""

    def judged(self, params: Params, state: Any) -> Params:
        """Return the parameters to be measured: the loop's own, if not said otherwise.

        `params` and `state` are what `init` or `step` returned.
        """
        return params

    @property
    def takes_rates(self) -> bool:
        """Whether `lr` may be a dict, a rate for each array by its name."""
        return False


@dataclass(frozen=True)
class EachArray(NetworkRule):
    """The rule for a network that applies `rule` to each array on its own."""

    rule: Rule

    def init(self, params: Params) -> dict[str, Any]:
        return {name: self.rule.init(w) for name, w in params.items()}

    def step(
        self, params: Params, grads: Params, state: Any, lr: Any, loss: Any = None
    ) -> tuple[dict[str, Array], Any]:
        moved, states = dict(params), {}
        for name, grad in grads.items():
            w, rate = params[name], rate_of(name, lr)
            moved[name], states[name] = self.rule.step(
                w, grad, state[name], per_member(rate, w)
            )
        return moved, states

    def judged(self, params: Params, state: Any) -> Params:
        known = {name: judged(self.rule, params[name], state[name]) for name in state}
        return {**params, **known}

    @property
    def takes_rates(self) -> bool:
        return True


def on_network(rule: Rule | NetworkRule) -> NetworkRule:
    """Return `rule` as a rule for networks: itself, or mapped over the arrays."""
    return rule if isinstance(rule, NetworkRule) else EachArray(rule)


def judged(rule: Rule, w: Array, state: Any) -> Array:
    """Return the weights to be measured of one array: `w`, if `rule` says nothing."""
    method = getattr(rule, "judged", None)
    return w if method is None else method(w, state)


def rate_of(name: str, lr: Any) -> Any:
    """Return the rate of the array called `name`, where `lr` may be a dict of them."""
    return lr[name] if isinstance(lr, Mapping) else lr


def per_member(lr: Any, w: Array) -> Any:
    """Give `lr`, a number or of shape (members,), the shape to multiply `w` with."""
    members = getattr(lr, "shape", ())
    return lr.reshape(members + (1,) * (w.ndim - len(members))) if members else lr


def inner(a: Params, b: Params, loss: Any = None) -> Any:
    """Sum ``a * b`` over all arrays in `a`: one number, or one per member of `loss`."""
    members = tuple(getattr(loss, "shape", ()))
    return sum((a[name] * b[name]).reshape((*members, -1)).sum(-1) for name in a)


def at_least_one(times: Any) -> Any:
    """Return the larger of `times` and 1, entry by entry and in its own precision.

    By operators, and without a difference that large numbers would swallow; nan stays.
    """
    return times * (times > 1) + (times <= 1)
