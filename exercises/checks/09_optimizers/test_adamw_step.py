"""adamw_step, chapter 09: Decay through the gradient, or beside it."""

import pytest

from lrcourse.grading import Edit, Mistakes, close
from lrcourse.optimizers import AdamW

from .exercise import array, compare_paths, fresh, pair, path_curve, random_betas

HINTS = [
    "Start from your adam_step: one line more.",
    "The gradient stays as it is, so m and v do too.",
    "Which weights decay: those before Adam's step, or those after it?",
    "Multiply w by 1 - lr * weight_decay before anything is subtracted.",
]
CURVE = path_curve(AdamW(weight_decay=1.0), fresh(), weight_decay=1.0)


def test_without_a_gradient_the_weights_shrink_by_rate_times_decay(adamw_step):
    zeros = array(0, 0)
    w, _ = pair(adamw_step(array(2, -4), zeros, fresh((2,)), lr=0.1, weight_decay=0.5))
    assert close(w, array(1.9, -3.8)), (
        "0.1 * 0.5 is a twentieth: of every weight, large or small, and no more"
    )


def test_the_decay_comes_before_the_step(adamw_step):
    w, _ = pair(
        adamw_step(array(2), array(1), fresh(), lr=0.1, weight_decay=0.5, eps=0.0)
    )
    assert close(w, array(1.8)), (
        "2 shrinks to 1.9, and Adam's first step is 0.1: the step itself does not decay"
    )


def test_the_means_know_nothing_of_the_decay(adamw_step):
    _, state = pair(
        adamw_step(
            array(100),
            array(2),
            fresh(),
            lr=0.1,
            weight_decay=1.0,
            beta1=0.5,
            beta2=0.75,
        )
    )
    assert close(state, (1, array(1), array(1))), (
        "half of 2 and a quarter of 4: the gradient alone, whatever the weight"
    )


def test_without_decay_it_is_adam(adamw_step):
    w, _ = pair(
        adamw_step(array(1), array(-3), fresh(), lr=0.1, weight_decay=0.0, eps=0.0)
    )
    assert close(w, array(1.1)), "Adam's first step is the rate, against the gradient"


def test_the_decay_is_a_hundredth_unless_told(adamw_step):
    w, _ = pair(adamw_step(array(1), array(0), fresh(), lr=0.5))
    assert close(w, array(0.995)), "weight_decay is 0.01: half a percent at rate 0.5"


def test_adamw_leaves_what_it_was_given_alone(adamw_step):
    w, grad, state = array(1, 2), array(3, 4), (2, array(1, 1), array(9, 9))
    after, _ = pair(
        adamw_step(
            w, grad, state, lr=0.5, weight_decay=0.2, beta1=0.0, beta2=0.0, eps=0.0
        )
    )
    assert close(after, array(0.4, 1.3)), (
        "a tenth of each weight, and with both betas 0 half of 3 / 3 and of 4 / 4"
    )
    assert close((w, grad), (array(1, 2), array(3, 4))), (
        "somebody may still need the weights from before the update"
    )
    assert close(state, (2, array(1, 1), array(9, 9))), (
        "the state you were given belongs to the update before"
    )


@pytest.mark.points(2)
def test_random_adamw_paths_are_pytorch_s(adamw_step, rng):
    for _ in range(5):
        settings = random_betas(rng)
        settings["weight_decay"] = float(10 ** rng.uniform(-3, 0))
        compare_paths(adamw_step, AdamW(**settings), rng, fresh((3,)), **settings)


MISTAKES = Mistakes(
    see="Decay through the gradient, or beside it",
    sends_the_decay_through_the_gradient=Edit(
        "You add the decay to the gradient: that is L2, and Adam divides it away "
        "where gradients are large.",
        {
            "t = updates + 1": "t = updates + 1\n    grad = grad + weight_decay * w",
            "(1 - lr * weight_decay) * w": "w",
        },
    ),
    decays_without_the_rate=Edit(
        "You shrink by weight_decay alone: the rate multiplies it, so that a schedule "
        "rules the decay too.",
        {"lr * weight_decay": "weight_decay"},
    ),
    decays_after_the_step=Edit(
        "You decay after the step, and so the step itself: the old weights shrink "
        "first.",
        {
            "(1 - lr * weight_decay) * w": "w - lr * m_hat / (v_hat**0.5 + eps)",
            "w - lr * m_hat / (v_hat**0.5 + eps)": "(1 - lr * weight_decay) * w",
        },
    ),
    forgets_the_decay=Edit(
        "You take Adam's step only: the weights do not shrink at all.",
        {"(1 - lr * weight_decay) * w": "w"},
    ),
    grows_the_weights=Edit(
        "Your weights grow: the decay is subtracted.",
        {"1 - lr * weight_decay": "1 + lr * weight_decay"},
    ),
    shrinks_more_each_time=Edit(
        "You shrink by a power that grows with the updates: each update shrinks the "
        "weights once.",
        {"(1 - lr * weight_decay) * w": "(1 - lr * weight_decay) ** t * w"},
    ),
    decays_inside_the_step=Edit(
        "You divide the decay by the root too: it stands beside Adam's step, not in "
        "it.",
        {
            "(1 - lr * weight_decay) * w": "w - lr * weight_decay * w / "
            "(v_hat**0.5 + eps)"
        },
    ),
    takes_the_same_from_all=Edit(
        "You take lr * weight_decay off every weight: put 1 - lr * weight_decay in "
        "brackets, so that each shrinks by that share.",
        {"(1 - lr * weight_decay) * w": "1 * w - lr * weight_decay"},
    ),
    decays_by_the_sign=Edit(
        "You take the same amount off every weight: each shrinks by the same share.",
        {"(1 - lr * weight_decay) * w": "w - lr * weight_decay * np.sign(w)"},
    ),
    forgets_the_correction=Edit(
        "You use the means as they are: both are too small at first, as in Adam.",
        {" / (1 - beta1**t)": "", " / (1 - beta2**t)": ""},
        see="A rate for every weight",
    ),
)


@MISTAKES.written_out(see="Pitfalls")
def changes_what_it_was_given(
    w, grad, state, lr, weight_decay=0.01, beta1=0.9, beta2=0.999, eps=1e-8
):
    """You write into the weights you were given: *= and -= change the array itself,
    for everybody who holds it."""
    updates, m, v = state
    t = updates + 1
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    w *= 1 - lr * weight_decay
    w -= lr * m_hat / (v_hat**0.5 + eps)
    return w, (t, m, v)


@MISTAKES.written_out(see="Pitfalls")
def changes_the_weights(
    w, grad, state, lr, weight_decay=0.01, beta1=0.9, beta2=0.999, eps=1e-8
):
    """You write into the weights you were given: `w *= ...` changes the array itself,
    for everybody who holds it. `w = ... * w` makes a new one."""
    updates, m, v = state
    t = updates + 1
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    w *= 1 - lr * weight_decay
    return w - lr * m_hat / (v_hat**0.5 + eps), (t, m, v)
