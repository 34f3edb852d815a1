"""Checks for chapter 9, from SGD to AdamW."""

import copy

import numpy as np
import pytest

from lrcourse import theory
from lrcourse.grading import Curve, close
from lrcourse.optimizers import SGD, Adagrad, Adam, AdamW, RMSprop

FORBIDDEN = (
    "lrcourse.optimizers",
    "lrcourse.theory",
    "lrcourse.training",
    "lrcourse.sweep",
    "torch.optim",
    "keras",
    "optax",
)

SIZES = (1.0, 1e-4, 1e-7)

HINTS = {
    "momentum_step": [
        "Two lines: first the new velocity, then the weights.",
        "What does the velocity hold after one gradient, after two, after three?",
        "The rate stands outside: nothing in the velocity is multiplied by lr.",
        "velocity = momentum * velocity + grad makes a new array; *= and += do not.",
    ],
    "max_stable_lr_momentum": [
        "Put w, -w, w in the place of three weights in a row and solve for the rate.",
        "With w = 1: 1 = -(1 + momentum - lr * curvature) - momentum.",
        "The sharpest direction goes first: the largest of np.linalg.eigvalsh.",
        "Without momentum it must be 2 / sharpness. What does momentum multiply it by?",
    ],
    "effective_lr": [
        "What is the velocity after very many updates with a gradient of 1?",
        "1 + momentum + momentum ** 2 + ... is a geometric series.",
        "At momentum 0.9 the series sums to 10.",
    ],
    "adagrad_step": [
        "First the new total, then the step with it.",
        "Squares, sums and roots are taken weight by weight: no np.sum.",
        "The denominator is a root plus eps, and it is the new total's root.",
    ],
    "rmsprop_step": [
        "First the new mean, then the step with it.",
        "How much of the old mean stays? How much of the new square comes in?",
        "With v = 0 and rho = 0.75 the new v is a quarter of the squared gradient.",
        "The denominator is the root of the new v, plus eps.",
    ],
    "adam_step": [
        "Take the state apart first: updates, m, v = state.",
        "Both new means are of the form: share of the old + rest of the new.",
        "This is update number updates + 1. What is 1 - beta ** t at the first one?",
        "Correct into new names: what you return are the means before correction.",
        "The step is lr * m_hat / (root of v_hat + eps).",
    ],
    "adamw_step": [
        "Start from your adam_step: one line more.",
        "The gradient stays as it is, so m and v do too.",
        "Which weights decay: those before Adam's step, or those after it?",
        "Multiply w by 1 - lr * weight_decay before anything is subtracted.",
    ],
}


def _moves_of(rule):
    """Return how far one weight has moved after n updates with gradient 1."""

    def moved(updates):
        w, state = np.zeros(1), rule.init(np.zeros(1))
        for _ in range(updates):
            w, state = rule.step(w, np.ones(1), state, 0.1)
        return float(-w[0])

    return moved


def _moves_with(step, state, **settings):
    def moved(updates):
        w, memory = np.zeros(1), state
        for _ in range(updates):
            w, memory = step(w, np.ones(1), memory, lr=0.1, **settings)
        return float(-w[0])

    return moved


def _fresh(shape=(1,)):
    return (0, np.zeros(shape), np.zeros(shape))


CURVES = {
    "momentum_step": Curve(
        x=range(0, 26),
        call=lambda momentum_step, n: _moves_with(
            momentum_step, np.zeros(1), momentum=0.9
        )(n),
        expected=_moves_of(SGD(momentum=0.9)),
        xlabel="updates",
        ylabel="distance, on a slope of 1",
    ),
    "max_stable_lr_momentum": Curve(
        x=[share / 20 for share in range(20)],
        call=lambda max_stable_lr_momentum, momentum: max_stable_lr_momentum(
            np.array([[10.0]]), momentum
        ),
        expected=lambda momentum: theory.max_stable_lr_momentum([[10.0]], momentum),
        xlabel="momentum",
        ylabel="largest stable rate",
    ),
    "effective_lr": Curve(
        x=[share / 20 for share in range(20)],
        call=lambda effective_lr, momentum: effective_lr(0.1, momentum),
        expected=lambda momentum: theory.effective_lr(0.1, momentum),
        xlabel="momentum",
        ylabel="effective rate",
    ),
    "adagrad_step": Curve(
        x=range(0, 26),
        call=lambda adagrad_step, n: _moves_with(adagrad_step, np.zeros(1))(n),
        expected=_moves_of(Adagrad()),
        xlabel="updates",
        ylabel="distance, on a slope of 1",
    ),
    "rmsprop_step": Curve(
        x=range(0, 26),
        call=lambda rmsprop_step, n: _moves_with(rmsprop_step, np.zeros(1))(n),
        expected=_moves_of(RMSprop()),
        xlabel="updates",
        ylabel="distance, on a slope of 1",
    ),
    "adam_step": Curve(
        x=range(0, 26),
        call=lambda adam_step, n: _moves_with(adam_step, _fresh())(n),
        expected=_moves_of(Adam()),
        xlabel="updates",
        ylabel="distance, on a slope of 1",
    ),
    "adamw_step": Curve(
        x=range(0, 26),
        call=lambda adamw_step, n: _moves_with(adamw_step, _fresh(), weight_decay=1.0)(
            n
        ),
        expected=_moves_of(AdamW(weight_decay=1.0)),
        xlabel="updates",
        ylabel="distance, on a slope of 1",
    ),
}


# momentum_step


def test_without_momentum_it_is_gradient_descent(momentum_step):
    after = momentum_step(_array(1), _array(2), _array(0), lr=0.1, momentum=0.0)
    assert close(after, (_array(0.8), _array(2))), (
        "from 1, against a gradient of 2, at the rate 0.1; and the velocity?"
    )


def test_after_two_equal_gradients_the_velocity_is_almost_two(momentum_step):
    _, velocity = momentum_step(_array(1), _array(1), _array(1), lr=0.1, momentum=0.9)
    assert close(velocity, _array(1.9)), (
        "a gradient of 1 twice: the new one in full, the old one at 0.9"
    )


def test_the_weights_move_by_the_new_velocity(momentum_step):
    w, _ = momentum_step(_array(1), _array(1), _array(1), lr=0.1, momentum=0.9)
    assert close(w, _array(0.81)), "0.1 times 1.9: which velocity, and which way?"


def test_a_cut_of_the_rate_acts_on_the_whole_move(momentum_step):
    velocity = _array(0)
    for _ in range(50):
        given = _array(0), _array(1), velocity.copy()
        _, velocity = momentum_step(*given, lr=0.1, momentum=0.9)
    given = _array(0), _array(1), velocity.copy()
    after, _ = momentum_step(*given, lr=0.01, momentum=0.9)
    assert close(after, _array(-0.1 * (1 - 0.9**51))), (
        "0.0995 where the rate stands outside the sum, 0.9054 where it stands inside"
    )


def test_momentum_leaves_what_it_was_given_alone(momentum_step):
    given = _array(1, 2), _array(3, 4), _array(5, 6)
    after, _ = momentum_step(*given, lr=0.5, momentum=0.5)
    assert close(after, _array(-1.75, -1.5)), "half of 5.5 and half of 7 are taken off"
    assert close(given, (_array(1, 2), _array(3, 4), _array(5, 6))), (
        "somebody may still need the weights and the velocity from before the update"
    )


@pytest.mark.points(2)
def test_random_momentum_paths_are_pytorch_s(momentum_step, rng):
    for _ in range(5):
        momentum = float(rng.uniform(0, 0.99))
        _compare(
            momentum_step, SGD(momentum=momentum), rng, np.zeros(3), momentum=momentum
        )


# max_stable_lr_momentum


def test_at_momentum_zero_the_limit_is_that_of_gradient_descent(
    max_stable_lr_momentum,
):
    assert close(max_stable_lr_momentum(np.array([[4.0]]), 0.0), 0.5), (
        "at which rate does gradient descent bounce for ever on a curvature of 4?"
    )


def test_momentum_one_half_raises_the_limit_by_half(max_stable_lr_momentum):
    assert close(max_stable_lr_momentum(np.array([[4.0]]), 0.5), 0.75), (
        "w, -w, w in a row: 1 + 0.5 - 4 * lr + 0.5 must be -1"
    )


def test_the_sharpest_direction_is_the_first_to_go(max_stable_lr_momentum):
    assert close(max_stable_lr_momentum(np.diag([1.0, 4.0]), 0.5), 0.75), (
        "curvatures 1 and 4: which of the two breaks first?"
    )


def test_a_bowl_across_the_weights_has_the_limit_of_its_own_axes(
    max_stable_lr_momentum,
):
    hessian = np.array([[5.0, 2.0], [2.0, 2.0]])
    assert close(max_stable_lr_momentum(hessian, 0.5), 0.5), (
        "this bowl has the curvatures 1 and 6, along directions across the weights"
    )


@pytest.mark.points(2)
def test_random_bowls_are_stable_below_the_limit(max_stable_lr_momentum, rng):
    for _ in range(20):
        turn, _ = np.linalg.qr(rng.normal(size=(3, 3)))
        hessian = turn @ np.diag(10 ** rng.uniform(-1, 2, 3)) @ turn.T
        hessian = (hessian + hessian.T) / 2
        momentum = float(rng.uniform(0, 0.99))
        expected = theory.max_stable_lr_momentum(hessian, momentum)
        assert close(max_stable_lr_momentum(hessian, momentum), expected, rtol=1e-7), (
            "0.99 times your answer must converge in this bowl, 1.01 times diverge"
        )


# effective_lr


def test_without_momentum_a_rate_is_worth_itself(effective_lr):
    assert close(effective_lr(0.1, 0.0), 0.1), "no sum, no factor"


def test_momentum_nine_tenths_is_worth_ten_times_the_rate(effective_lr):
    assert close(effective_lr(0.01, 0.9), 0.1), (
        "1 + 0.9 + 0.81 + ... is 10: in which direction does that change the rate?"
    )


def test_momentum_one_half_is_worth_twice_the_rate(effective_lr):
    assert close(effective_lr(0.1, 0.5), 0.2), "1 + 1/2 + 1/4 + ... is 2"


@pytest.mark.points(2)
def test_random_rates_are_worth_what_a_long_run_moves(effective_lr, rng):
    for _ in range(20):
        lr, momentum = float(10 ** rng.uniform(-4, 0)), float(rng.uniform(0, 0.99))
        expected = theory.effective_lr(lr, momentum)
        assert close(effective_lr(lr, momentum), expected), (
            "the series 1 + momentum + momentum ** 2 + ... times the rate"
        )


# adagrad_step


def test_adagrad_adds_the_square_to_its_total(adagrad_step):
    _, total = adagrad_step(_array(1), _array(-3), _array(16), lr=0.5, eps=0.0)
    assert close(total, _array(25)), "a total of 16 and a gradient of -3"


def test_adagrad_divides_by_the_root_of_the_new_total(adagrad_step):
    w, _ = adagrad_step(_array(1), _array(3), _array(16), lr=0.5, eps=0.0)
    assert close(w, _array(0.7)), "0.5 * 3 / 5: the root of 16 + 9, not of 16"


def test_adagrad_s_first_step_is_the_rate_whatever_the_gradient(adagrad_step):
    w, _ = adagrad_step(_array(0, 0), _array(1, -1e-4), _array(0, 0), lr=0.1, eps=0.0)
    assert close(w, _array(-0.1, 0.1)), (
        "each weight has a total of its own, so the size of its gradient cancels"
    )


def test_adagrad_adds_eps_to_the_root(adagrad_step):
    grad = _array(1e-10, 1e-7)
    w, _ = adagrad_step(_array(0, 0), grad, _array(0, 0), lr=1.0)
    assert close(w, _array(-0.5, -1 / 1.001)), (
        "eps is 1e-10: a gradient of that size takes half a step, and one of 1e-7 "
        "nearly a whole one"
    )


def test_adagrad_never_forgets(adagrad_step):
    total = _array(0)
    for _ in range(4):
        given = _array(0), _array(2), total.copy()
        w, total = adagrad_step(*given, lr=1.0, eps=0.0)
    assert close(w, _array(-0.5)), "the fourth of four equal gradients: 1 / sqrt(4)"


def test_adagrad_leaves_what_it_was_given_alone(adagrad_step):
    given = _array(1, 2), _array(3, 4), _array(16, 9)
    after, _ = adagrad_step(*given, lr=0.5)
    assert close(after, _array(0.7, 1.6)), (
        "half of 3 / 5 and half of 4 / 5 are taken off"
    )
    assert close(given, (_array(1, 2), _array(3, 4), _array(16, 9))), (
        "somebody may still need the weights and the total from before the update"
    )


@pytest.mark.points(2)
def test_random_adagrad_paths_are_pytorch_s(adagrad_step, rng):
    for _ in range(5):
        _compare(adagrad_step, Adagrad(), rng, np.zeros(3))


# rmsprop_step


def test_rmsprop_takes_a_share_of_the_square_into_its_mean(rmsprop_step):
    _, v = rmsprop_step(_array(1), _array(2), _array(8), lr=0.1, rho=0.75, eps=0.0)
    assert close(v, _array(7)), "three quarters of 8 and one quarter of 4"


def test_rmsprop_divides_by_the_root_of_the_new_mean(rmsprop_step):
    w, _ = rmsprop_step(_array(1), _array(2), _array(20), lr=0.1, rho=0.75, eps=0.0)
    assert close(w, _array(0.95)), (
        "the new mean is 15 + 1 = 16, so the step is 0.1 * 2 / 4"
    )


def test_rmsprop_s_first_step_is_longer_than_the_rate(rmsprop_step):
    w, _ = rmsprop_step(_array(1), _array(2), _array(0), lr=0.1, rho=0.75, eps=0.0)
    assert close(w, _array(0.8)), (
        "from v = 0 the mean holds a quarter of the square: twice the rate"
    )


def test_each_weight_has_a_mean_of_its_own(rmsprop_step):
    grad, zeros = _array(1, -1e-4), _array(0, 0)
    w, _ = rmsprop_step(zeros, grad, zeros, lr=0.1, rho=0.75, eps=0.0)
    assert close(w, _array(-0.2, 0.2)), (
        "the small gradient takes as long a step as the large one"
    )


def test_rmsprop_adds_eps_to_the_root(rmsprop_step):
    grad, zeros = _array(1e-7, 1e-4), _array(0, 0)
    w, _ = rmsprop_step(zeros, grad, zeros, lr=0.1)
    assert close(w, _array(-0.5, -1 / 1.001)), (
        "rho 0.99 and eps 1e-8: at a gradient of 1e-7 the root is eps too, so half a "
        "first step"
    )


def test_rmsprop_leaves_what_it_was_given_alone(rmsprop_step):
    given = _array(1, 2), _array(3, 4), _array(16, 9)
    after, _ = rmsprop_step(*given, lr=0.5, rho=0.0, eps=0.0)
    assert close(after, _array(0.5, 1.5)), "with rho 0, half of 3 / 3 and half of 4 / 4"
    assert close(given, (_array(1, 2), _array(3, 4), _array(16, 9))), (
        "somebody may still need the weights and the mean from before the update"
    )


@pytest.mark.points(2)
def test_random_rmsprop_paths_are_pytorch_s(rmsprop_step, rng):
    for _ in range(5):
        rho = float(rng.uniform(0.5, 0.999))
        _compare(rmsprop_step, RMSprop(beta2=rho), rng, np.zeros(3), rho=rho)


# adam_step


def test_adam_s_first_step_is_the_rate_whatever_the_gradient(adam_step):
    grad = _array(2, -1e-4)
    w, _ = adam_step(_array(0, 0), grad, _fresh((2,)), lr=0.1, eps=0.0)
    assert close(w, _array(-0.1, 0.1)), (
        "corrected, a mean of one gradient is that gradient, and its size cancels"
    )


def test_adam_remembers_the_means_without_correction(adam_step):
    _, state = adam_step(
        _array(0), _array(2), _fresh(), lr=0.1, beta1=0.5, beta2=0.75, eps=0.0
    )
    assert close(state, (1, _array(1), _array(1))), (
        "one update done; half of 2; a quarter of 4"
    )


def test_the_second_update_corrects_the_mean_by_a_square(adam_step):
    state = (1, _array(4), _array(9))
    w, _ = adam_step(_array(1), _array(2), state, lr=0.1, beta1=0.5, beta2=0.0, eps=0.0)
    assert close(w, _array(0.8)), (
        "m is 3; at the second update, 3 / (1 - 0.5 ** 2) = 4; v is 4, its root 2"
    )


def test_the_second_update_corrects_the_square_by_a_square(adam_step):
    state = (1, _array(0), _array(2))
    w, _ = adam_step(_array(1), _array(2), state, lr=0.1, beta1=0.0, beta2=0.5, eps=0.0)
    assert close(w, _array(0.9)), (
        "v is 3; this is the second update, so 3 / (1 - 0.5 ** 2) = 4, and its root 2"
    )


def test_adam_counts_its_updates(adam_step):
    state = (6, _array(1), _array(1))
    _, (updates, _, _) = adam_step(_array(1), _array(1), state, lr=0.1)
    assert close(updates, 7), "six updates were done before this one"


def test_adam_adds_eps_to_the_corrected_root(adam_step):
    grad = _array(1e-8, 1e-7)
    w, _ = adam_step(_array(0, 0), grad, _fresh((2,)), lr=0.1)
    assert close(w, _array(-0.05, -0.1 / 1.1), rtol=1e-7), (
        "eps is 1e-8: at the first update a gradient of that size takes half a step"
    )


def test_adam_leaves_what_it_was_given_alone(adam_step):
    w, grad, state = _array(1, 2), _array(3, 4), (2, _array(1, 1), _array(9, 9))
    after, _ = adam_step(w, grad, state, lr=0.5, beta1=0.0, beta2=0.0, eps=0.0)
    assert close(after, _array(0.5, 1.5)), "with both betas 0, half of 3 / 3 and 4 / 4"
    assert close((w, grad), (_array(1, 2), _array(3, 4))), (
        "somebody may still need the weights from before the update"
    )
    assert close(state, (2, _array(1, 1), _array(9, 9))), (
        "the state you were given belongs to the update before"
    )


@pytest.mark.points(2)
def test_random_adam_paths_are_pytorch_s(adam_step, rng):
    for _ in range(5):
        betas = _random_betas(rng)
        _compare(adam_step, Adam(**betas), rng, _fresh((3,)), **betas)


# adamw_step


def test_without_a_gradient_the_weights_shrink_by_rate_times_decay(adamw_step):
    zeros = _array(0, 0)
    w, _ = adamw_step(_array(2, -4), zeros, _fresh((2,)), lr=0.1, weight_decay=0.5)
    assert close(w, _array(1.9, -3.8)), (
        "0.1 * 0.5 is a twentieth: of every weight, large or small, and no more"
    )


def test_the_decay_comes_before_the_step(adamw_step):
    w, _ = adamw_step(_array(2), _array(1), _fresh(), lr=0.1, weight_decay=0.5, eps=0.0)
    assert close(w, _array(1.8)), (
        "2 shrinks to 1.9, and Adam's first step is 0.1: the step itself does not decay"
    )


def test_the_means_know_nothing_of_the_decay(adamw_step):
    _, state = adamw_step(
        _array(100),
        _array(2),
        _fresh(),
        lr=0.1,
        weight_decay=1.0,
        beta1=0.5,
        beta2=0.75,
    )
    assert close(state, (1, _array(1), _array(1))), (
        "half of 2 and a quarter of 4: the gradient alone, whatever the weight"
    )


def test_without_decay_it_is_adam(adamw_step):
    w, _ = adamw_step(
        _array(1), _array(-3), _fresh(), lr=0.1, weight_decay=0.0, eps=0.0
    )
    assert close(w, _array(1.1)), "Adam's first step is the rate, against the gradient"


def test_the_decay_is_a_hundredth_unless_told(adamw_step):
    w, _ = adamw_step(_array(1), _array(0), _fresh(), lr=0.5)
    assert close(w, _array(0.995)), "weight_decay is 0.01: half a percent at rate 0.5"


def test_adamw_leaves_what_it_was_given_alone(adamw_step):
    w, grad, state = _array(1, 2), _array(3, 4), (2, _array(1, 1), _array(9, 9))
    after, _ = adamw_step(
        w, grad, state, lr=0.5, weight_decay=0.0, beta1=0.0, beta2=0.0, eps=0.0
    )
    assert close(after, _array(0.5, 1.5)), "with both betas 0, half of 3 / 3 and 4 / 4"
    assert close((w, grad), (_array(1, 2), _array(3, 4))), (
        "somebody may still need the weights from before the update"
    )
    assert close(state, (2, _array(1, 1), _array(9, 9))), (
        "the state you were given belongs to the update before"
    )


@pytest.mark.points(2)
def test_random_adamw_paths_are_pytorch_s(adamw_step, rng):
    for _ in range(5):
        settings = _random_betas(rng)
        settings["weight_decay"] = float(10 ** rng.uniform(-3, 0))
        _compare(adamw_step, AdamW(**settings), rng, _fresh((3,)), **settings)


def _array(*values):
    return np.array(values, dtype=float)


def _random_betas(rng):
    beta1, beta2 = float(rng.uniform(0, 0.95)), float(rng.uniform(0.9, 0.999))
    return {"beta1": beta1, "beta2": beta2}


def _compare(step, rule, rng, state, **settings):
    """Walk 20 updates with the answer and with the library, the rate cut half-way."""
    mine = theirs = rng.normal(size=3)
    memory = rule.init(theirs)
    for update in range(20):
        grad = rng.normal(size=3) * SIZES
        lr = 0.1 if update < 10 else 0.01
        mine, state = step(*copy.deepcopy((mine, grad, state)), lr, **settings)
        theirs, memory = rule.step(theirs, grad, memory, lr)
        assert close(mine, theirs, atol=1e-12), (
            f"update {update + 1} of 20, gradients of size 1, 1e-4 and 1e-7: "
            "which of the three weights is off?"
        )
