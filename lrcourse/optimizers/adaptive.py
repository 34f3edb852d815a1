"""Rules that divide each weight's step by the size of that weight's own gradients.

The formulas differ between libraries in where `eps` stands and in what the memory
starts from. That shows where gradients are as small as `eps`, or smaller.

In float16 the usual `eps` is zero, and a gradient of zero would give 0 / 0: `init`
refuses weights in whose precision `eps` vanishes. An `eps` of 0 is taken at its word.
"""

import math
from typing import Any, NamedTuple

from lrcourse._arrays import AnyArray as Array
from lrcourse._settings import require_memory, require_nonnegative
from lrcourse.optimizers.declaration import update_rule

HALF_OF_SMALLEST = 2**-25  # of the numbers of float16: this and less becomes zero


@update_rule
class Adagrad:
    """Adagrad (Duchi, Hazan & Singer, 2011): divide by the root of the summed squares.

    The sum only grows, so the rate decays by itself: update t of a steady gradient
    moves by ``lr / sqrt(t)``. Keras and Optax start the sum at 0.1 and put their `eps`
    in the root: ``Adagrad(initial_accumulator=0.1, eps=1e-7, eps_in_root=True)``.
    """

    initial_accumulator: float = 0.0
    eps: float = 1e-10
    eps_in_root: bool = False

    def __post_init__(self) -> None:
        require_nonnegative(initial_accumulator=self.initial_accumulator, eps=self.eps)

    def init(self, w: Array) -> Array:
        _require_eps_counts(self.eps, w)
        return 0 * w + self.initial_accumulator

    def step(self, w: Array, grad: Array, v: Array, lr: Any) -> tuple[Array, Array]:
        v = v + grad**2
        return w - lr * grad / _root(v, self.eps, self.eps_in_root), v


@update_rule
class RMSprop:
    """RMSprop (Tieleman & Hinton, 2012): divide by the root of the mean square.

    The mean starts at 0 and is not corrected: the first update moves by
    ``lr / sqrt(1 - beta2)``, ten times the rate. `beta2` is PyTorch's alpha and Keras'
    rho. Keras and Optax have 0.9, and put `eps` in the root: there it counts as its own
    root, so Keras' 1e-7 weighs like 3e-4 outside.
    """

    beta2: float = 0.99
    eps: float = 1e-8
    eps_in_root: bool = False

    def __post_init__(self) -> None:
        require_memory(beta2=self.beta2)
        require_nonnegative(eps=self.eps)

    def init(self, w: Array) -> Array:
        _require_eps_counts(self.eps, w)
        return 0 * w

    def step(self, w: Array, grad: Array, v: Array, lr: Any) -> tuple[Array, Array]:
        v = self.beta2 * v + (1 - self.beta2) * grad**2
        return w - lr * grad / _root(v, self.eps, self.eps_in_root), v


def _root(v: Array, eps: float, eps_in_root: bool) -> Array:
    return (v + eps) ** 0.5 if eps_in_root else v**0.5 + eps


def _require_eps_counts(eps: float, w: Array) -> None:
    dtype = str(getattr(w, "dtype", "float64"))
    if dtype.removeprefix("torch.") == "float16" and 0 < eps <= HALF_OF_SMALLEST:
        raise ValueError(
            f"w must be float32 or float64 where eps is {eps}, got {dtype}: there that "
            "is zero, and a gradient of zero would give nan; else take eps=1e-4"
        )


class AdamState(NamedTuple):
    """Adam's memory: updates so far, mean gradient, mean squared gradient."""

    updates: int
    m: Array
    v: Array


@update_rule
class Adam:
    """Adam (Kingma & Ba, 2015, algorithm 1), with bias correction.

    The first update moves every weight by the rate, whatever the size of its gradient,
    unless that is near `eps`. `eps` is added to the corrected root, as in the paper,
    PyTorch and Optax; Keras adds its 1e-7 to the root before correction, where it
    weighs 32 times as much at the first update.
    """

    beta1: float = 0.9
    beta2: float = 0.999
    eps: float = 1e-8

    def __post_init__(self) -> None:
        require_memory(beta1=self.beta1, beta2=self.beta2)
        require_nonnegative(eps=self.eps)

    def init(self, w: Array) -> AdamState:
        _require_eps_counts(self.eps, w)
        return AdamState(0, 0 * w, 0 * w)

    def moments(self, grad: Array, state: AdamState) -> AdamState:
        """Return the memory after one more gradient: the paper's t, m and v."""
        m = self.beta1 * state.m + (1 - self.beta1) * grad
        v = self.beta2 * state.v + (1 - self.beta2) * grad**2
        return AdamState(state.updates + 1, m, v)

    def step(
        self, w: Array, grad: Array, state: AdamState, lr: Any
    ) -> tuple[Array, AdamState]:
        t, m, v = state = self.moments(grad, state)
        m_hat = m / (1 - self.beta1**t)
        v_hat = v / (1 - self.beta2**t)
        return w - lr * m_hat / (v_hat**0.5 + self.eps), state


@update_rule
class UncorrectedAdam(Adam):
    """Adam without its bias correction, to see what the correction is for.

    Update t of a steady gradient moves the weights by
    ``(1 - beta1**t) / sqrt(1 - beta2**t)`` times the rate: 3.2 times at the first, 6.6
    times at the twelfth, then slowly down to once.
    """

    def step(
        self, w: Array, grad: Array, state: AdamState, lr: Any
    ) -> tuple[Array, AdamState]:
        _, m, v = state = self.moments(grad, state)
        return w - lr * m / (v**0.5 + self.eps), state


@update_rule
class AdamW(Adam):
    """Adam with decoupled weight decay (Loshchilov & Hutter, 2019).

    Each update first multiplies the weights by ``1 - lr * weight_decay``: the rate and
    its schedule rule the decay too, in all three libraries. The default is PyTorch's;
    Keras has 0.004 and Optax 0.0001.
    """

    weight_decay: float = 0.01

    def __post_init__(self) -> None:
        super().__post_init__()
        require_nonnegative(weight_decay=self.weight_decay)

    def step(
        self, w: Array, grad: Array, state: AdamState, lr: Any
    ) -> tuple[Array, AdamState]:
        return super().step((1 - lr * self.weight_decay) * w, grad, state, lr)


class AMSGradState(NamedTuple):
    """AMSGrad's memory: Adam's, and the largest mean squared gradient so far."""

    moments: AdamState
    v_max: Array


@update_rule
class AMSGrad(Adam):
    """AMSGrad (Reddi, Kale & Kumar, 2018), as PyTorch and Keras have it.

    The largest of the uncorrected `v` is kept, then corrected like Adam's. The paper
    (algorithm 2) corrects neither `m` nor `v`; Optax keeps the largest of the corrected
    `v`, so that one large first gradient counts in full for ever.
    """

    def init(self, w: Array) -> Any:
        return AMSGradState(super().init(w), 0 * w)

    def step(self, w: Array, grad: Array, state: Any, lr: Any) -> tuple[Array, Any]:
        t, m, v = moments = self.moments(grad, state.moments)
        v_max = _larger(state.v_max, v)
        m_hat = m / (1 - self.beta1**t)
        v_hat = v_max / (1 - self.beta2**t)
        w = w - lr * m_hat / (v_hat**0.5 + self.eps)
        return w, AMSGradState(moments, v_max)


def _larger(a: Array, b: Array) -> Array:
    return a * (a >= b) + b * (a < b)


@update_rule
class RAdam(Adam):
    """Rectified Adam (Liu et al., 2020), as PyTorch has it: a warmup from a formula.

    With default settings the first five updates are plain momentum, without division;
    then come Adam's, times a factor that climbs towards 1. Division begins where
    ``rho`` exceeds 5 (PyTorch, Optax) or 4 (the paper). PyTorch adds `eps` to the root
    before its correction, unlike in its Adam; Optax after.
    """

    def rectification(self, updates: int) -> float | None:
        """Return the factor of update number `updates`, None for plain momentum.

        >>> [RAdam().rectification(5), round(RAdam().rectification(100), 3)]
        [None, 0.215]
        """
        power = self.beta2**updates
        rho_inf = 2 / (1 - self.beta2) - 1
        rho = rho_inf - 2 * updates * power / (1 - power)
        if rho <= 5:
            return None
        return math.sqrt(
            (rho - 4) * (rho - 2) * rho_inf / ((rho_inf - 4) * (rho_inf - 2) * rho)
        )

    def step(
        self, w: Array, grad: Array, state: AdamState, lr: Any
    ) -> tuple[Array, AdamState]:
        t, m, v = state = self.moments(grad, state)
        m_hat = m / (1 - self.beta1**t)
        factor = self.rectification(t)
        if factor is None:
            return w - lr * m_hat, state
        v_root = (v**0.5 + self.eps) / (1 - self.beta2**t) ** 0.5
        return w - lr * factor * m_hat / v_root, state
