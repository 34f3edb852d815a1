"""Rules that find the learning rate on their way, or need none that decays.

The schedule still speaks at every step, each rule says as what: `lr` is the rate itself
(schedule-free), the rate to start from (hypergradient), or a factor, usually 1, on the
rate that the rule works out (Polyak, D-Adaptation).

A rate that comes from sums over all parameters, or from the loss, is one number for a
whole network, so those rules are `NetworkRule`s. Members keep their own sums.
"""

from typing import Any, NamedTuple

from lrcourse._arrays import AnyArray as Array
from lrcourse._arrays import Params
from lrcourse._settings import require_finite, require_memory, require_positive
from lrcourse.optimizers.declaration import update_rule
from lrcourse.optimizers.protocols import NetworkRule, inner, per_member


class ScheduleFreeState(NamedTuple):
    """The memory of schedule-free SGD: `x` is where the loss is to be judged.

    `weight` is the sum of lr**2 so far; `z` takes the steps, `x` averages them.
    """

    weight: Any
    z: Array
    x: Array


@update_rule
class ScheduleFreeSGD:
    """Schedule-free SGD (Defazio et al., 2024): an average takes the decay's place.

    The weights in the loop are y, between the fast z and the average x, because the
    gradient is taken there. Judge the loss at x, which `judged` returns. x weighs every
    z with lr**2; at `beta` 0, y is z: SGD, averaged.
    """

    beta: float = 0.9

    def __post_init__(self) -> None:
        require_memory(beta=self.beta)

    def init(self, w: Array) -> ScheduleFreeState:
        return ScheduleFreeState(0.0, w, w)

    def step(
        self, w: Array, grad: Array, state: ScheduleFreeState, lr: Any
    ) -> tuple[Array, ScheduleFreeState]:
        weight = state.weight + lr**2
        z = state.z - lr * grad
        c = lr**2 / (weight + (weight == 0))
        x = (1 - c) * state.x + c * z
        y = (1 - self.beta) * z + self.beta * x
        return y, ScheduleFreeState(weight, z, x)

    def judged(self, w: Array, state: ScheduleFreeState) -> Array:
        """Return x, where the loss is to be measured."""
        return state.x


class HypergradientState(NamedTuple):
    """What has been added to the schedule's rate so far, and the last gradient."""

    correction: Any
    grads: Params


@update_rule
class HypergradientSGD(NetworkRule):
    """SGD that descends on its own rate too (Baydin et al., 2018, SGD-HD).

    The loss after a step changes with that step's rate by minus the inner product of
    the gradients after and before it. So two gradients that agree raise the rate, by
    `hyper_lr` times their product, and two that disagree lower it, even below zero.
    The rate is ``lr + state.correction``: a constant schedule is the paper's start.
    """

    hyper_lr: float

    def __post_init__(self) -> None:
        require_positive(hyper_lr=self.hyper_lr)

    def init(self, params: Params) -> HypergradientState:
        return HypergradientState(0.0, {name: 0 * w for name, w in params.items()})

    def step(
        self,
        params: Params,
        grads: Params,
        state: HypergradientState,
        lr: Any,
        loss: Any,
    ) -> tuple[dict[str, Array], HypergradientState]:
        agreement = inner(grads, state.grads, loss)
        correction = state.correction + self.hyper_lr * agreement
        moved = _descended(params, grads, lr + correction)
        # copies, because a loop may write its next gradients into the same arrays
        seen = {name: 1 * grad for name, grad in grads.items()}
        return moved, HypergradientState(correction, seen)


@update_rule
class Polyak(NetworkRule):
    """Gradient descent at the rate ``(loss - f_star) / norm(gradient)**2``.

    It needs the lowest loss, `f_star`, but no curvature (Polyak, 1987). On a loss below
    `f_star` it stands still (the positive part, Garrigos et al., 2023): an `f_star` too
    high is where it stops, and one too low never lets it rest. `lr` is a factor; on a
    bowl of any curvatures the distance to the minimum falls as long as it is below 4.
    """

    f_star: float = 0.0

    def __post_init__(self) -> None:
        require_finite(f_star=self.f_star)

    def init(self, params: Params) -> None:
        return None

    def step(
        self, params: Params, grads: Params, state: None, lr: Any, loss: Any
    ) -> tuple[dict[str, Array], None]:
        gap = loss - self.f_star
        square = inner(grads, grads, loss)
        rate = lr * gap * (gap > 0) / (square + (square == 0))
        return _descended(params, grads, rate), None


class DAdaptationState(NamedTuple):
    """The memory of D-Adaptation, in the paper's letters.

    `d` is the estimate of the distance, `s` the sum of all steps taken, `squares` the
    sum of their squared lengths, `first` the norm of the first gradient not zero.
    """

    d: Any
    s: Params
    squares: Any
    first: Any


@update_rule
class DAdaptationSGD(NetworkRule):
    """SGD whose rate grows from nearly nothing (Defazio & Mishchenko, 2023).

    The rate is ``d * lr / norm(first gradient)``. d estimates the distance D from the
    start to the minimum, and never falls. For a convex loss and full gradients half of
    d is a proven lower bound of D (if half of `d0` is one); that d itself may pass D is
    the authors' choice for SGD. `lr` should decay: the rate never does by itself.
    """

    d0: float = 1e-6

    def __post_init__(self) -> None:
        require_positive(d0=self.d0)

    def init(self, params: Params) -> DAdaptationState:
        nothing = {name: 0 * w for name, w in params.items()}
        return DAdaptationState(self.d0, nothing, 0.0, 0.0)

    def step(
        self, params: Params, grads: Params, state: DAdaptationState, lr: Any, loss: Any
    ) -> tuple[dict[str, Array], DAdaptationState]:
        square = inner(grads, grads, loss)
        first = state.first + (state.first == 0) * square**0.5
        rate = state.d * lr / (first + (first == 0))
        steps = {name: per_member(rate, g) * g for name, g in grads.items()}
        s = {name: state.s[name] + step for name, step in steps.items()}
        squares = state.squares + rate**2 * square
        length = inner(s, s, loss) ** 0.5
        d_hat = (length**2 - squares) / (length + (length == 0))
        d = state.d + (d_hat > state.d) * (d_hat - state.d)
        moved = {name: params[name] - step for name, step in steps.items()}
        return {**params, **moved}, DAdaptationState(d, s, squares, first)


def _descended(params: Params, grads: Params, rate: Any) -> dict[str, Array]:
    moved = {name: params[name] - per_member(rate, g) * g for name, g in grads.items()}
    return {**params, **moved}
