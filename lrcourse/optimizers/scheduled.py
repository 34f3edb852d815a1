"""Settings that change on the way: momentum by the step, rates by the layer."""

from collections.abc import Callable, Mapping
from dataclasses import field
from typing import Any, NamedTuple

from lrcourse._arrays import AnyArray as Array
from lrcourse._arrays import Params
from lrcourse._settings import require_nonnegative
from lrcourse.optimizers.declaration import update_rule
from lrcourse.optimizers.protocols import NetworkRule, Rule, on_network, rate_of
from lrcourse.optimizers.sgd import SGD


class ScheduledState(NamedTuple):
    """The memory of `ScheduledMomentum`: updates so far, and the velocity."""

    updates: int
    velocity: Array


@update_rule
class ScheduledMomentum:
    """`SGD` whose momentum is a schedule: ``momentum(step)``, 0 for the first update.

    What PyTorch's ``OneCycleLR`` and ``CyclicLR`` do to an optimizer with momentum
    unless told otherwise, there against the rate: low where that is high (Smith, 2018).
    Where the momentum is 0 for a while, PyTorch keeps the velocity from before it; here
    the last gradient is the velocity.

    `step` raises a ValueError where the schedule leaves [0, 1).
    """

    momentum: Callable[[int], float]
    nesterov: bool = False

    def __post_init__(self) -> None:
        if not callable(self.momentum):
            raise ValueError(
                "momentum must be a schedule, a function of the step, got "
                f"{self.momentum!r}: for one number take SGD(momentum=...)"
            )

    def init(self, w: Array) -> ScheduledState:
        return ScheduledState(0, 0 * w)

    def now(self, updates: int) -> SGD:
        """Return the rule of the update after so many others."""
        return SGD(momentum=self.momentum(updates), nesterov=self.nesterov)

    def step(
        self, w: Array, grad: Array, state: ScheduledState, lr: Any
    ) -> tuple[Array, ScheduledState]:
        updates, velocity = state
        w, velocity = self.now(updates).step(w, grad, velocity, lr)
        return w, ScheduledState(updates + 1, velocity)


@update_rule
class LayerRates(NetworkRule):
    """`rule` with the rate of each array times a factor: ``{"W1": 0.1, "b": 2}``.

    A key is a parameter's name, or else the beginning of several; the longest that fits
    counts, and 1 where none does. A factor of 0 freezes: the array has then neither
    gradient nor memory, so that no momentum and no decay moves it. The moments of
    batch normalisation still move.

    Around `Clipped` a frozen gradient does not count in the length, as in PyTorch; with
    `Clipped` around, it does. A `rule` that finds one rate for all arrays, such as
    `Polyak`, can only freeze.

    Raises:
        ValueError: A factor is negative or not finite, or, in `init`, belongs to no
            parameter; or `rule` cannot take it.
    """

    rule: Rule | NetworkRule = field(kw_only=False)
    factors: Mapping[str, float] = field(kw_only=False)

    def __post_init__(self) -> None:
        for name, factor in self.factors.items():
            require_nonnegative(**{f"factors[{name!r}]": factor})
            if factor not in (0, 1) and not on_network(self.rule).takes_rates:
                raise ValueError(
                    f"factors[{name!r}] must be 0 or 1 for a rule that finds one rate "
                    f"for all arrays, {self.rule}, got {factor}"
                )

    def init(self, params: Params) -> Any:
        for key in self.factors:
            if not any(name.startswith(key) for name in params):
                raise ValueError(
                    "factors must name parameters, or how their names begin: one of "
                    f"{', '.join(params)}, got {key!r}"
                )
        moving = {name: w for name, w in params.items() if self.factor(name, params)}
        return on_network(self.rule).init(moving)

    def step(
        self, params: Params, grads: Params, state: Any, lr: Any, loss: Any = None
    ) -> tuple[dict[str, Array], Any]:
        factors = {name: self.factor(name, params) for name in grads}
        moving = {name: grad for name, grad in grads.items() if factors[name]}
        rule, rates = on_network(self.rule), lr
        if rule.takes_rates:
            rates = {name: factors[name] * rate_of(name, lr) for name in moving}
        return rule.step(params, moving, state, rates, loss)

    def factor(self, name: str, params: Params) -> float:
        """Return the factor of the parameter `name`, one of `params`."""
        # W1 is also how W10 begins: where it is a name itself, it means itself alone
        keys = [
            key
            for key in self.factors
            if name == key or (name.startswith(key) and key not in params)
        ]
        return self.factors[max(keys, key=len)] if keys else 1.0

    def judged(self, params: Params, state: Any) -> Params:
        return on_network(self.rule).judged(params, state)

    @property
    def takes_rates(self) -> bool:
        return on_network(self.rule).takes_rates
