"""rmsprop_step, chapter 09: A rate for every weight."""

import numpy as np
import pytest

from lrcourse.grading import Edit, Mistakes, close
from lrcourse.optimizers import RMSprop

from .exercise import array, compare_paths, pair, path_curve

HINTS = [
    "First the new mean, then the step with it.",
    "How much of the old mean stays? How much of the new square comes in?",
    "With v = 0 and rho = 0.75 the new v is a quarter of the squared gradient.",
    "The denominator is the root of the new v, plus eps.",
]
CURVE = path_curve(RMSprop(), np.zeros(1))


def test_rmsprop_takes_a_share_of_the_square_into_its_mean(rmsprop_step):
    _, v = pair(rmsprop_step(array(1), array(2), array(8), lr=0.1, rho=0.75, eps=0.0))
    assert close(v, array(7)), "three quarters of 8 and one quarter of 4"


def test_rmsprop_divides_by_the_root_of_the_new_mean(rmsprop_step):
    w, _ = pair(rmsprop_step(array(1), array(2), array(20), lr=0.1, rho=0.75, eps=0.0))
    assert close(w, array(0.95)), (
        "the new mean is 15 + 1 = 16, so the step is 0.1 * 2 / 4"
    )


def test_rmsprop_s_first_step_is_longer_than_the_rate(rmsprop_step):
    w, _ = pair(rmsprop_step(array(1), array(2), array(0), lr=0.1, rho=0.75, eps=0.0))
    assert close(w, array(0.8)), (
        "from v = 0 the mean holds a quarter of the square: twice the rate"
    )


def test_each_weight_has_a_mean_of_its_own(rmsprop_step):
    grad, zeros = array(1, -1e-4), array(0, 0)
    w, _ = pair(rmsprop_step(zeros, grad, zeros, lr=0.1, rho=0.75, eps=0.0))
    assert close(w, array(-0.2, 0.2)), (
        "the small gradient takes as long a step as the large one"
    )


def test_rmsprop_adds_eps_to_the_root(rmsprop_step):
    grad, zeros = array(1e-7, 1e-4), array(0, 0)
    w, _ = pair(rmsprop_step(zeros, grad, zeros, lr=0.1))
    assert close(w, array(-0.5, -1 / 1.001)), (
        "rho 0.99 and eps 1e-8: at a gradient of 1e-7 the root is eps too, so half a "
        "first step"
    )


def test_rmsprop_leaves_what_it_was_given_alone(rmsprop_step):
    given = array(1, 2), array(3, 4), array(16, 9)
    after, _ = pair(rmsprop_step(*given, lr=0.5, rho=0.0, eps=0.0))
    assert close(after, array(0.5, 1.5)), "with rho 0, half of 3 / 3 and half of 4 / 4"
    assert close(given, (array(1, 2), array(3, 4), array(16, 9))), (
        "somebody may still need the weights and the mean from before the update"
    )


@pytest.mark.points(2)
def test_random_rmsprop_paths_are_pytorch_s(rmsprop_step, rng):
    for _ in range(5):
        rho = float(rng.uniform(0.5, 0.999))
        compare_paths(rmsprop_step, RMSprop(beta2=rho), rng, np.zeros(3), rho=rho)


MISTAKES = Mistakes(
    see="A rate for every weight",
    puts_eps_in_the_root=Edit(
        "You add eps inside the root, as Keras and Optax do: there it counts as its "
        "own root, 1e-4.",
        {"(v**0.5 + eps)": "(v + eps) ** 0.5"},
        see="Where small gradients end",
    ),
    forgets_eps=Edit(
        "You leave out eps: a gradient of zero is then divided by zero, and tiny ones "
        "take full steps.",
        {"(v**0.5 + eps)": "np.where(v > 0, v, 1.0) ** 0.5"},
        see="Where small gradients end",
    ),
    forgets_the_root=Edit(
        "You divide by the mean of the squares: its root has the size of a gradient, "
        "so that the size cancels.",
        {"v**0.5": "v"},
    ),
    swaps_old_and_new=Edit(
        "You give rho to the new square: the old mean keeps the share rho, so that it "
        "changes slowly.",
        {"rho * v + (1 - rho)": "(1 - rho) * v + rho"},
    ),
    never_forgets=Edit(
        "You sum up all squares, which is Adagrad's: RMSprop keeps a running mean, the "
        "old one with the share rho.",
        {"rho * v + (1 - rho) * grad**2": "v + grad**2"},
    ),
    forgets_the_old_mean=Edit(
        "You start the mean at 0 at every update: the `v` you were given is the old "
        "one.",
        {"rho * v + ": ""},
    ),
    takes_nine_tenths=Edit(
        "You take 0.9 for rho, whatever it is: the share is given.",
        {"rho * v + (1 - rho) * grad**2": "0.9 * v + 0.1 * grad**2"},
    ),
    takes_the_larger=Edit(
        "You take the larger of the root and eps: eps is added to the root.",
        {"(v**0.5 + eps)": "np.maximum(v**0.5, eps)"},
        see="Where small gradients end",
    ),
    remembers_the_root=Edit(
        "You hand on the root: it is the mean of the squares that is remembered.",
        {", v": ", v**0.5 + eps"},
    ),
    corrects_every_step=Edit(
        "You divide the mean by 1 - rho, as Adam does at its first update: RMSprop's "
        "mean is used as it is.",
        {"v**0.5": "(v / (1 - rho)) ** 0.5"},
    ),
    sums_instead_of_averaging=Edit(
        "You add the whole square: in a mean the new one has the share 1 - rho.",
        {"(1 - rho) * ": ""},
    ),
    divides_by_the_old_mean=Edit(
        "You divide by the mean from before: the newest square is part of it.",
        {"v =": "new =", ", v": ", new"},
    ),
    takes_one_mean_for_all=Edit(
        "You take one mean for all weights: each has its own, that is the point.",
        {"grad**2": "np.mean(grad**2)"},
    ),
    corrects_the_first_step=Edit(
        "You correct for the start, as Adam does: RMSprop's first step is 1 / sqrt(1 "
        "- rho) times the rate.",
        {"= rho": "= np.where(v == 0, grad**2, rho", "* grad**2": "* grad**2)"},
    ),
)


@MISTAKES.written_out(see="Pitfalls")
def changes_what_it_was_given(w, grad, v, lr, rho=0.99, eps=1e-8):
    """You write into the arrays you were given: *=, += and -= change the array itself,
    for everybody who holds it."""
    v *= rho
    v += (1 - rho) * grad**2
    w -= lr * grad / (v**0.5 + eps)
    return w, v


@MISTAKES.written_out(see="Pitfalls")
def changes_the_memory(w, grad, v, lr, rho=0.99, eps=1e-8):
    """You write into `v`, which you were given: *= and += change the array itself,
    for everybody who holds it."""
    v *= rho
    v += (1 - rho) * grad**2
    return w - lr * grad / (v**0.5 + eps), v
