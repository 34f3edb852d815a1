"""Update rules: state in, state out, and the learning rate an argument.

``step(w, grad, state, lr)`` acts on one array with operators only, so the same text
serves a NumPy array and a torch tensor. Nothing changes in place.
"""

from dataclasses import dataclass
from typing import Any, Protocol

Array = Any  # a NumPy array or a torch tensor


class Rule(Protocol):
    """What a loop needs of an update rule."""

    def init(self, w: Array) -> Any:
        """Return the state before the first update."""

    def step(self, w: Array, grad: Array, state: Any, lr: float) -> tuple[Array, Any]:
        """Return the weights and the state after one update."""


@dataclass(frozen=True)
class SGD:
    """Gradient descent, with heavy-ball or Nesterov momentum when it is not zero.

    ``velocity`` sums past gradients (PyTorch's form), it does not average them: at
    momentum 0.9 a steady gradient ends up moving the weights ten times as far.
    """

    momentum: float = 0.0
    nesterov: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.momentum < 1:
            raise ValueError(f"momentum must be in [0, 1), got {self.momentum}")
        if self.nesterov and self.momentum == 0:
            raise ValueError("nesterov needs a momentum above 0, got 0")

    def init(self, w: Array) -> Array:
        return 0 * w

    def step(
        self, w: Array, grad: Array, velocity: Array, lr: float
    ) -> tuple[Array, Array]:
        velocity = self.momentum * velocity + grad
        direction = grad + self.momentum * velocity if self.nesterov else velocity
        return w - lr * direction, velocity
