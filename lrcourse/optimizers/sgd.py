"""Gradient descent, momentum in two forms, and L2 decay through the gradient."""

from dataclasses import field
from typing import Any

from lrcourse._arrays import AnyArray as Array
from lrcourse._settings import require_memory, require_nonnegative
from lrcourse.optimizers.declaration import update_rule
from lrcourse.optimizers.protocols import Rule, judged


@update_rule
class SGD:
    """Gradient descent, with heavy-ball or Nesterov momentum when it is not zero.

    ``velocity`` sums past gradients (PyTorch's form), it does not average them: at
    momentum 0.9 a steady gradient ends up moving the weights ten times as far. The
    rate stands outside the sum, so a cut acts on the whole of the next move.
    """

    momentum: float = 0.0
    nesterov: bool = False

    def __post_init__(self) -> None:
        require_memory(momentum=self.momentum)
        if self.nesterov and self.momentum == 0:
            raise ValueError("nesterov needs a momentum above 0, got 0")

    def init(self, w: Array) -> Array:
        return 0 * w

    def step(
        self, w: Array, grad: Array, velocity: Array, lr: Any
    ) -> tuple[Array, Array]:
        velocity = self.momentum * velocity + grad
        direction = grad + self.momentum * velocity if self.nesterov else velocity
        return w - lr * direction, velocity


@update_rule
class KerasSGD(SGD):
    """Gradient descent with momentum in Keras' form: the rate inside the velocity.

    ``velocity`` sums past moves, each made at the rate of its own time. At a constant
    rate the path is that of `SGD`; after a cut the old velocity coasts on.

    A steady gradient of 1 at momentum 0.9, the rate cut from 0.1 to 0.01 after 50
    updates, and the next move in both forms:

    >>> for rule in SGD(momentum=0.9), KerasSGD(momentum=0.9):
    ...     w, velocity = 0.0, 0.0
    ...     for step in range(51):
    ...         before, lr = w, 0.1 if step < 50 else 0.01
    ...         w, velocity = rule.step(w, 1.0, velocity, lr)
    ...     print(round(w - before, 4))
    -0.0995
    -0.9054
    """

    def step(
        self, w: Array, grad: Array, velocity: Array, lr: Any
    ) -> tuple[Array, Array]:
        velocity = self.momentum * velocity - lr * grad
        move = self.momentum * velocity - lr * grad if self.nesterov else velocity
        return w + move, velocity


@update_rule
class L2:
    """`rule` for the loss plus ``weight_decay / 2 * sum(w**2)``: L2 regularisation.

    The decay goes through the gradient, as PyTorch's `weight_decay` does everywhere but
    in AdamW. A rule that divides by the gradient's size divides the decay too: where
    the loss has no gradient, the first step of ``L2(Adam(), weight_decay=...)`` is the
    same for every `weight_decay`. Keras' `weight_decay` is `AdamW`'s in all its
    optimizers.
    """

    rule: Rule = field(kw_only=False)
    weight_decay: float

    def __post_init__(self) -> None:
        require_nonnegative(weight_decay=self.weight_decay)

    def init(self, w: Array) -> Any:
        return self.rule.init(w)

    def step(self, w: Array, grad: Array, state: Any, lr: Any) -> tuple[Array, Any]:
        return self.rule.step(w, grad + self.weight_decay * w, state, lr)

    def judged(self, w: Array, state: Any) -> Array:
        return judged(self.rule, w, state)
