"""Gradient clipping: on gradients alone, and as a rule around a rule."""

from dataclasses import field
from typing import Any

from lrcourse._arrays import AnyArray as Array
from lrcourse._arrays import Params
from lrcourse._settings import require_positive
from lrcourse.optimizers.declaration import update_rule
from lrcourse.optimizers.protocols import (
    NetworkRule,
    Rule,
    at_least_one,
    inner,
    on_network,
    per_member,
)


def global_norm(grads: Params, loss: Any = None) -> Any:
    """Return the length of all gradients taken as one vector.

    Where `loss` has shape (members,), so has the result. Entries are squared as shares
    of their sum, so that no square overflows or vanishes.

    >>> import numpy as np
    >>> float(global_norm({"W1": np.array([[2.0, 3.0]]), "b1": np.array([[6.0]])}))
    7.0
    """
    members = tuple(getattr(loss, "shape", ()))
    sums = (abs(grad).reshape((*members, -1)).sum(-1) for grad in grads.values())
    size = sum(sums)
    unit = size + (size == 0)
    shares = {name: grad / per_member(unit, grad) for name, grad in grads.items()}
    return size * inner(shares, shares, loss) ** 0.5


def clip_by_global_norm(
    grads: Params, max_norm: float, loss: Any = None
) -> dict[str, Array]:
    """Shrink all gradients by one factor where their length is above `max_norm`.

    Their direction stays. As in PyTorch's ``clip_grad_norm_``, 1e-6 is added to the
    length, so the result ends shorter than `max_norm` by that share. Where `loss` has
    shape (members,), every member has a length of its own. ValueError unless `max_norm`
    is positive and finite. Pascanu et al., 2013, algorithm 1.

    >>> import numpy as np
    >>> clip_by_global_norm({"W1": np.array([3.0, 4.0])}, max_norm=10)["W1"].tolist()
    [3.0, 4.0]
    """
    require_positive(max_norm=max_norm)
    times = (global_norm(grads, loss) + 1e-6) / max_norm
    factor = 1 / at_least_one(times)
    return {name: per_member(factor, grad) * grad for name, grad in grads.items()}


@update_rule
class Clipped(NetworkRule):
    """`rule`, fed with gradients no longer than `max_norm` over all parameters."""

    rule: Rule | NetworkRule = field(kw_only=False)
    max_norm: float

    def __post_init__(self) -> None:
        require_positive(max_norm=self.max_norm)

    def init(self, params: Params) -> Any:
        return on_network(self.rule).init(params)

    def step(
        self, params: Params, grads: Params, state: Any, lr: Any, loss: Any
    ) -> tuple[dict[str, Array], Any]:
        clipped = clip_by_global_norm(grads, self.max_norm, loss)
        return on_network(self.rule).step(params, clipped, state, lr, loss)

    def judged(self, params: Params, state: Any) -> Params:
        return on_network(self.rule).judged(params, state)

    @property
    def takes_rates(self) -> bool:
        return on_network(self.rule).takes_rates
