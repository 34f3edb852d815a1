"""What a loop needs of an update rule, for one array and for a network of them."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, Protocol

from lrcourse._arrays import AnyArray as Array
from lrcourse._arrays import Params


class Rule(Protocol):
    """What a loop needs of an update rule."""

    def init(self, w: Array) -> Any:
        """Return the state before the first update."""

    def step(self, w: Array, grad: Array, state: Any, lr: Any) -> tuple[Array, Any]:
        """Return the weights and the state after one update."""


class NetworkRule(ABC):
    """A rule for all arrays of a network at once, with the loss at hand.

    `loss` and `lr` are numbers, or arrays of shape (members,) where every parameter
    is of shape (members, ...).
    """

    @abstractmethod
    def init(self, params: Params) -> Any:
        """Return the state before the first update."""

    @abstractmethod
    def step(
        self, params: Params, grads: Params, state: Any, lr: Any, loss: Any
    ) -> tuple[dict[str, Array], Any]:
        """Return the parameters and the state after one update."""


@dataclass(frozen=True)
class EachArray(NetworkRule):
    """The rule for a network that applies `rule` to each array on its own."""

    rule: Rule

    def init(self, params: Params) -> dict[str, Any]:
        return {name: self.rule.init(w) for name, w in params.items()}

    def step(
        self, params: Params, grads: Params, state: Any, lr: Any, loss: Any = None
    ) -> tuple[dict[str, Array], Any]:
        moved, states = {}, {}
        for name, w in params.items():
            moved[name], states[name] = self.rule.step(
                w, grads[name], state[name], per_member(lr, w)
            )
        return moved, states


def on_network(rule: Rule | NetworkRule) -> NetworkRule:
    """Return `rule` as a rule for networks: itself, or mapped over the arrays."""
    return rule if isinstance(rule, NetworkRule) else EachArray(rule)


def per_member(lr: Any, w: Array) -> Any:
    """Give `lr`, a number or of shape (members,), the shape to multiply `w` with."""
    members = getattr(lr, "shape", ())
    return lr.reshape(members + (1,) * (w.ndim - len(members))) if members else lr


def inner(a: Params, b: Params, loss: Any = None) -> Any:
    """Sum ``a * b`` over all parameters: one number, or one per member as in `loss`."""
    members = tuple(getattr(loss, "shape", ()))
    return sum((a[name] * b[name]).reshape((*members, -1)).sum(-1) for name in a)
