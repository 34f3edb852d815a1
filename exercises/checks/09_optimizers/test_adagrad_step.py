"""adagrad_step, chapter 09: A rate for every weight."""

import numpy as np
import pytest

from lrcourse.grading import Edit, Mistakes, close
from lrcourse.optimizers import Adagrad

from .exercise import array, compare_paths, pair, path_curve

HINTS = [
    "First the new total, then the step with it.",
    "Squares, sums and roots are taken weight by weight: no np.sum.",
    "The denominator is a root plus eps, and it is the new total's root.",
]
CURVE = path_curve(Adagrad(), np.zeros(1))


def test_adagrad_adds_the_square_to_its_total(adagrad_step):
    _, total = pair(adagrad_step(array(1), array(-3), array(16), lr=0.5, eps=0.0))
    assert close(total, array(25)), "a total of 16 and a gradient of -3"


def test_adagrad_divides_by_the_root_of_the_new_total(adagrad_step):
    w, _ = pair(adagrad_step(array(1), array(3), array(16), lr=0.5, eps=0.0))
    assert close(w, array(0.7)), "0.5 * 3 / 5: the root of 16 + 9, not of 16"


def test_adagrad_s_first_step_is_the_rate_whatever_the_gradient(adagrad_step):
    w, _ = pair(
        adagrad_step(array(0, 0), array(1, -1e-4), array(0, 0), lr=0.1, eps=0.0)
    )
    assert close(w, array(-0.1, 0.1)), (
        "each weight has a total of its own, so the size of its gradient cancels"
    )


def test_adagrad_adds_eps_to_the_root(adagrad_step):
    grad = array(1e-10, 1e-7)
    w, _ = pair(adagrad_step(array(0, 0), grad, array(0, 0), lr=1.0))
    assert close(w, array(-0.5, -1 / 1.001)), (
        "eps is 1e-10: a gradient of that size takes half a step, and one of 1e-7 "
        "nearly a whole one"
    )


def test_adagrad_never_forgets(adagrad_step):
    total = array(0)
    for _ in range(4):
        given = array(0), array(2), total.copy()
        w, total = pair(adagrad_step(*given, lr=1.0, eps=0.0))
    assert close(w, array(-0.5)), "the fourth of four equal gradients: 1 / sqrt(4)"


def test_adagrad_leaves_what_it_was_given_alone(adagrad_step):
    given = array(1, 2), array(3, 4), array(16, 9)
    after, _ = pair(adagrad_step(*given, lr=0.5))
    assert close(after, array(0.7, 1.6)), (
        "half of 3 / 5 and half of 4 / 5 are taken off"
    )
    assert close(given, (array(1, 2), array(3, 4), array(16, 9))), (
        "somebody may still need the weights and the total from before the update"
    )


@pytest.mark.points(2)
def test_random_adagrad_paths_are_pytorch_s(adagrad_step, rng):
    for _ in range(5):
        compare_paths(adagrad_step, Adagrad(), rng, np.zeros(3))


MISTAKES = Mistakes(
    see="A rate for every weight",
    puts_eps_in_the_root=Edit(
        "You add eps to the total, inside the root: there it counts as its own root, "
        "1e-5, and damps small gradients.",
        {"(total**0.5 + eps)": "(total + eps) ** 0.5"},
        see="Where small gradients end",
    ),
    forgets_eps=Edit(
        "You leave out eps: a gradient of zero is then divided by zero, and tiny ones "
        "take full steps.",
        {"(total**0.5 + eps)": "np.where(total > 0, total, 1.0) ** 0.5"},
        see="Where small gradients end",
    ),
    forgets_the_root=Edit(
        "You divide by the squares themselves: their root has the size of a gradient, "
        "so that the size cancels.",
        {"total**0.5": "total"},
    ),
    divides_by_the_old_total=Edit(
        "You divide by the total from before: the newest gradient counts already, and "
        "the first step needs it.",
        {"total =": "new =", ", total": ", new"},
    ),
    adds_the_gradient_itself=Edit(
        "You add up sizes: it is squares that are summed, and the root taken of their "
        "sum.",
        {"grad**2": "np.abs(grad)"},
    ),
    takes_one_total_for_all=Edit(
        "You take one total for all weights: each has its own, that is the point.",
        {"grad**2": "np.sum(grad**2)"},
    ),
    adds_eps_to_the_step=Edit(
        "You add eps to the step: it belongs to the root, inside the brackets below "
        "the line.",
        {"/ (total**0.5 + eps)": "/ np.where(total > 0, total, 1.0) ** 0.5 + eps"},
        see="Where small gradients end",
    ),
    averages=Edit(
        "You keep a running mean, which is RMSprop's: Adagrad sums up all squares.",
        {"total + grad**2": "0.9 * total + 0.1 * grad**2"},
    ),
    keeps_the_last_square_only=Edit(
        "You keep the last square only: the total is a sum over all updates so far.",
        {"total +": "0 * total +"},
    ),
)


@MISTAKES.written_out(see="Pitfalls")
def changes_what_it_was_given(w, grad, total, lr, eps=1e-10):
    """You write into the arrays you were given: += and -= change the array itself, for
    everybody who holds it."""
    total += grad**2
    w -= lr * grad / (total**0.5 + eps)
    return w, total


@MISTAKES.written_out(see="Pitfalls")
def changes_the_memory(w, grad, total, lr, eps=1e-10):
    """You write into `total`, which you were given: *= and += change the array itself,
    for everybody who holds it."""
    total += grad**2
    return w - lr * grad / (total**0.5 + eps), total
