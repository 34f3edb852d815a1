"""adam_step, chapter 09: A rate for every weight."""

import pytest

from lrcourse.grading import Edit, Mistakes, close
from lrcourse.optimizers import Adam

from .exercise import array, compare_paths, fresh, pair, path_curve, random_betas

HINTS = [
    "Take the state apart first: updates, m, v = state.",
    "Both new means are of the form: share of the old + rest of the new.",
    "This is update number updates + 1. What is 1 - beta ** t at the first one?",
    "Correct into new names: what you return are the means before correction.",
    "The step is lr * m_hat / (root of v_hat + eps).",
]
CURVE = path_curve(Adam(), fresh())


def test_adam_s_first_step_is_the_rate_whatever_the_gradient(adam_step):
    grad = array(2, -1e-4)
    w, _ = pair(adam_step(array(0, 0), grad, fresh((2,)), lr=0.1, eps=0.0))
    assert close(w, array(-0.1, 0.1)), (
        "corrected, a mean of one gradient is that gradient, and its size cancels"
    )


def test_adam_remembers_the_means_without_correction(adam_step):
    _, state = pair(
        adam_step(array(0), array(2), fresh(), lr=0.1, beta1=0.5, beta2=0.75, eps=0.0)
    )
    assert close(state, (1, array(1), array(1))), (
        "one update done; half of 2; a quarter of 4"
    )


def test_the_second_update_corrects_the_mean_by_a_square(adam_step):
    state = (1, array(4), array(9))
    w, _ = pair(
        adam_step(array(1), array(2), state, lr=0.1, beta1=0.5, beta2=0.0, eps=0.0)
    )
    assert close(w, array(0.8)), (
        "m is 3; at the second update, 3 / (1 - 0.5 ** 2) = 4; v is 4, its root 2"
    )


def test_the_second_update_corrects_the_square_by_a_square(adam_step):
    state = (1, array(0), array(2))
    w, _ = pair(
        adam_step(array(1), array(2), state, lr=0.1, beta1=0.0, beta2=0.5, eps=0.0)
    )
    assert close(w, array(0.9)), (
        "v is 3; this is the second update, so 3 / (1 - 0.5 ** 2) = 4, and its root 2"
    )


def test_adam_counts_its_updates(adam_step):
    state = (6, array(1), array(1))
    _, (updates, _, _) = pair(adam_step(array(1), array(1), state, lr=0.1))
    assert close(updates, 7), "six updates were done before this one"


def test_adam_adds_eps_to_the_corrected_root(adam_step):
    grad = array(1e-8, 1e-7)
    w, _ = pair(adam_step(array(0, 0), grad, fresh((2,)), lr=0.1))
    assert close(w, array(-0.05, -0.1 / 1.1), rtol=1e-7), (
        "eps is 1e-8: at the first update a gradient of that size takes half a step"
    )


def test_adam_leaves_what_it_was_given_alone(adam_step):
    w, grad, state = array(1, 2), array(3, 4), (2, array(1, 1), array(9, 9))
    after, _ = pair(adam_step(w, grad, state, lr=0.5, beta1=0.0, beta2=0.0, eps=0.0))
    assert close(after, array(0.5, 1.5)), "with both betas 0, half of 3 / 3 and 4 / 4"
    assert close((w, grad), (array(1, 2), array(3, 4))), (
        "somebody may still need the weights from before the update"
    )
    assert close(state, (2, array(1, 1), array(9, 9))), (
        "the state you were given belongs to the update before"
    )


@pytest.mark.points(2)
def test_random_adam_paths_are_pytorch_s(adam_step, rng):
    for _ in range(5):
        betas = random_betas(rng)
        compare_paths(adam_step, Adam(**betas), rng, fresh((3,)), **betas)


MISTAKES = Mistakes(
    see="A rate for every weight",
    forgets_the_correction=Edit(
        "You use the means as they are: both are too small at first, and the first "
        "step is 3.16 times the rate with the usual betas.",
        {" / (1 - beta1**t)": "", " / (1 - beta2**t)": ""},
    ),
    puts_eps_in_the_root=Edit(
        "You add eps inside the root: there it counts as its own root, 1e-4, and "
        "damps small gradients.",
        {"(v_hat**0.5 + eps)": "(v_hat + eps) ** 0.5"},
        see="Where small gradients end",
    ),
    adds_eps_before_the_correction=Edit(
        "You add eps to the root before its correction, as Keras does: at the first "
        "update it then weighs 32 times as much.",
        {"(v_hat**0.5 + eps)": "((v**0.5 + eps) / (1 - beta2**t) ** 0.5)"},
        see="Where small gradients end",
    ),
    forgets_the_root=Edit(
        "You divide by the mean of the squares: its root has the size of a gradient, "
        "so that the size cancels.",
        {"v_hat**0.5": "v_hat"},
    ),
    does_not_count_on=Edit(
        "You return the old count: every update then corrects like the first.",
        {"(t, m, v)": "(updates, m, v)"},
    ),
    corrects_with_the_old_count=Edit(
        "You correct with the number of updates before this one: this one counts, the "
        "first is number 1.",
        {
            "(1 - beta1**t)": "(1 - beta1**updates) if updates else m",
            "(1 - beta2**t)": "(1 - beta2**updates) if updates else v",
        },
    ),
    remembers_the_corrected_means=Edit(
        "You hand on the corrected means: the next update would correct them again.",
        {"(t, m, v)": "(t, m_hat, v_hat)"},
    ),
    swaps_the_betas=Edit(
        "You swap the betas: beta1 belongs to the gradient, beta2 to its square.",
        {"t = updates + 1": "t, beta1, beta2 = updates + 1, beta2, beta1"},
    ),
    corrects_without_a_power=Edit(
        "You divide by 1 - beta at every update: that is right for the first one "
        "only, then the means fill up.",
        {"beta1**t": "beta1", "beta2**t": "beta2"},
    ),
    moves_by_the_gradient=Edit(
        "You move by the gradient itself: its running mean is what Adam adds to "
        "RMSprop.",
        {"lr * m_hat": "lr * grad"},
    ),
    squares_the_mean=Edit(
        "You average the square of the mean: it is the square of each gradient.",
        {"grad**2": "m**2"},
    ),
)


@MISTAKES.written_out(see="Pitfalls")
def changes_what_it_was_given(w, grad, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    """You write into the arrays you were given: *=, += and -= change the array itself,
    for everybody who holds it."""
    updates, m, v = state
    t = updates + 1
    m *= beta1
    m += (1 - beta1) * grad
    v *= beta2
    v += (1 - beta2) * grad**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    w -= lr * m_hat / (v_hat**0.5 + eps)
    return w, (t, m, v)


@MISTAKES.written_out(see="Pitfalls")
def changes_the_means(w, grad, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    """You write into the means in the state: *= and += change the arrays themselves,
    and the tuple around them does not protect them."""
    updates, m, v = state
    t = updates + 1
    m *= beta1
    m += (1 - beta1) * grad
    v *= beta2
    v += (1 - beta2) * grad**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return w - lr * m_hat / (v_hat**0.5 + eps), (t, m, v)
