"""momentum_step, chapter 09: Momentum sums gradients."""

import numpy as np
import pytest

from lrcourse.grading import Edit, Mistakes, close
from lrcourse.optimizers import SGD

from .exercise import array, compare_paths, pair, path_curve

HINTS = [
    "Two lines: first the new velocity, then the weights.",
    "What does the velocity hold after one gradient, after two, after three?",
    "The rate stands outside: nothing in the velocity is multiplied by lr.",
    "velocity = momentum * velocity + grad makes a new array; *= and += do not.",
]
CURVE = path_curve(SGD(momentum=0.9), np.zeros(1), momentum=0.9)


def test_without_momentum_it_is_gradient_descent(momentum_step):
    after = momentum_step(array(1), array(2), array(0), lr=0.1, momentum=0.0)
    assert close(after, (array(0.8), array(2))), (
        "from 1, against a gradient of 2, at the rate 0.1; and the velocity?"
    )


def test_after_two_equal_gradients_the_velocity_is_almost_two(momentum_step):
    _, velocity = pair(
        momentum_step(array(1), array(1), array(1), lr=0.1, momentum=0.9)
    )
    assert close(velocity, array(1.9)), (
        "a gradient of 1 twice: the new one in full, the old one at 0.9"
    )


def test_the_weights_move_by_the_new_velocity(momentum_step):
    w, _ = pair(momentum_step(array(1), array(1), array(1), lr=0.1, momentum=0.9))
    assert close(w, array(0.81)), "0.1 times 1.9: which velocity, and which way?"


def test_a_cut_of_the_rate_acts_on_the_whole_move(momentum_step):
    velocity = array(0)
    for _ in range(50):
        given = array(0), array(1), velocity.copy()
        _, velocity = pair(momentum_step(*given, lr=0.1, momentum=0.9))
    given = array(0), array(1), velocity.copy()
    after, _ = pair(momentum_step(*given, lr=0.01, momentum=0.9))
    assert close(after, array(-0.1 * (1 - 0.9**51))), (
        "0.0995 where the rate stands outside the sum, 0.9054 where it stands inside"
    )


def test_momentum_leaves_what_it_was_given_alone(momentum_step):
    given = array(1, 2), array(3, 4), array(5, 6)
    after, _ = pair(momentum_step(*given, lr=0.5, momentum=0.5))
    assert close(after, array(-1.75, -1.5)), "half of 5.5 and half of 7 are taken off"
    assert close(given, (array(1, 2), array(3, 4), array(5, 6))), (
        "somebody may still need the weights and the velocity from before the update"
    )


@pytest.mark.points(2)
def test_random_momentum_paths_are_pytorch_s(momentum_step, rng):
    for _ in range(5):
        momentum = float(rng.uniform(0, 0.99))
        compare_paths(
            momentum_step, SGD(momentum=momentum), rng, np.zeros(3), momentum=momentum
        )


MISTAKES = Mistakes(
    see="Momentum sums gradients",
    averages_the_gradients=Edit(
        "You average: the new gradient comes in with the share 1 - momentum, so your "
        "run is ten times slower at 0.9. PyTorch's velocity is a sum.",
        {"+ grad": "+ (1 - momentum) * grad"},
    ),
    has_the_rate_inside=Edit(
        "You have the rate inside the velocity, as Keras does: after a cut the old "
        "rate coasts on.",
        {"+ grad": "- lr * grad", "w - lr * velocity": "w + velocity"},
        see="The first step after a cut",
    ),
    keeps_the_rate_in_the_sum=Edit(
        "You sum up gradients times their rate: the velocity should hold gradients "
        "only, and the rate stand outside.",
        {"+ grad": "+ lr * grad", "w - lr * velocity": "w - velocity"},
        see="The first step after a cut",
    ),
    moves_by_the_old_velocity=Edit(
        "You move by the velocity from before: the newest gradient is part of the "
        "move.",
        {"velocity =": "new =", ", velocity": ", new"},
    ),
    looks_ahead=Edit(
        "That is Nesterov's step: it adds the gradient once more to what the velocity "
        "will be. Here the weights move by the velocity itself.",
        {"lr * velocity": "lr * (grad + momentum * velocity)"},
        see="Where momentum breaks",
    ),
    climbs=Edit(
        "You walk uphill: the velocity points to where the loss grows.",
        {"w - lr": "w + lr"},
    ),
    damps_the_new_gradient_too=Edit(
        "You multiply the new gradient by the momentum too: only the old velocity "
        "fades.",
        {"momentum * velocity + grad": "momentum * (velocity + grad)"},
    ),
    returns_them_in_the_other_order=Edit(
        "You return the velocity first: the weights come first, then what the rule "
        "remembers.",
        {"w - lr * velocity, velocity": "velocity, w - lr * velocity"},
    ),
)


@MISTAKES.written_out(see="Pitfalls")
def changes_what_it_was_given(w, grad, velocity, lr, momentum):
    """You write into the arrays you were given: *=, += and -= change the array itself,
    for everybody who holds it."""
    velocity *= momentum
    velocity += grad
    w -= lr * velocity
    return w, velocity


@MISTAKES.written_out(see="Pitfalls")
def changes_the_memory(w, grad, velocity, lr, momentum):
    """You write into `velocity`, which you were given: *= and += change the array
    itself, for everybody who holds it."""
    velocity *= momentum
    velocity += grad
    return w - lr * velocity, velocity
