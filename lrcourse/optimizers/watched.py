"""What an update saw and did, array by array, kept beside a rule's own memory."""

from dataclasses import field
from typing import Any, NamedTuple

from lrcourse._arrays import AnyArray as Array
from lrcourse._arrays import Params
from lrcourse.optimizers.clipping import global_norm
from lrcourse.optimizers.declaration import update_rule
from lrcourse.optimizers.protocols import NetworkRule, Rule, on_network


class Seen(NamedTuple):
    """One update: its loss, and lengths by the array's name; of each member, if many.

    `weights` are those before the update. A step over a weight, the usual measure of a
    rate, is ``seen.steps["W1"] / seen.weights["W1"]``; first biases are zero.
    """

    loss: Any
    gradients: dict[str, Any]
    weights: dict[str, Any]
    steps: dict[str, Any]


class WatchedState(NamedTuple):
    """The memory of the rule inside, and what was `seen`, update by update."""

    inner: Any
    seen: tuple[Seen, ...]


@update_rule
class Watched(NetworkRule):
    """`rule`, and the record of what each of its updates saw and did: ``state.seen``.

    The path is that of `rule` alone. Arrays without a gradient are not recorded.
    """

    rule: Rule | NetworkRule = field(kw_only=False)

    def init(self, params: Params) -> WatchedState:
        return WatchedState(on_network(self.rule).init(params), ())

    def step(
        self, params: Params, grads: Params, state: WatchedState, lr: Any, loss: Any
    ) -> tuple[dict[str, Array], WatchedState]:
        before = {name: 1 * params[name] for name in grads}  # tensors may be changed
        lengths_before = lengths(grads, loss), lengths(before, loss)
        moved, inner = on_network(self.rule).step(params, grads, state.inner, lr, loss)
        steps = {name: moved[name] - w for name, w in before.items()}
        seen = Seen(loss, *lengths_before, lengths(steps, loss))
        return moved, WatchedState(inner, (*state.seen, seen))

    def judged(self, params: Params, state: WatchedState) -> Params:
        return on_network(self.rule).judged(params, state.inner)

    @property
    def takes_rates(self) -> bool:
        return on_network(self.rule).takes_rates


def lengths(arrays: Params, loss: Any = None) -> dict[str, Any]:
    """Return the length of each array by its name; of each member, if `loss` has many.

    >>> import numpy as np
    >>> {name: float(x) for name, x in lengths({"w": np.array([2, 3, 6.0])}).items()}
    {'w': 7.0}
    """
    return {name: global_norm({name: array}, loss) for name, array in arrays.items()}
