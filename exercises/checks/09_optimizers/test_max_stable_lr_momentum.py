"""max_stable_lr_momentum, chapter 09: Where momentum breaks."""

import numpy as np

from lrcourse import theory
from lrcourse.grading import Curve, Edit, Mistakes, agrees_with, close

HINTS = [
    "Put w, -w, w in the place of three weights in a row and solve for the rate.",
    "With w = 1: 1 = -(1 + momentum - lr * curvature) - momentum.",
    "The sharpest direction goes first: the largest of np.linalg.eigvalsh.",
    "Without momentum it must be 2 / sharpness. What does momentum multiply it by?",
]
CURVE = Curve(
    x=[share / 20 for share in range(20)],
    call=lambda max_stable_lr_momentum, momentum: max_stable_lr_momentum(
        np.array([[10.0]]), momentum
    ),
    expected=lambda momentum: theory.max_stable_lr_momentum([[10.0]], momentum),
    xlabel="momentum",
    ylabel="largest stable rate",
)


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
    assert close(max_stable_lr_momentum(hessian, 0.8), 0.6), (
        "this bowl has the curvatures 1 and 6, along directions across the weights"
    )


@agrees_with(theory.max_stable_lr_momentum, rtol=1e-7, points=2)
def test_random_bowls_are_stable_below_the_limit(rng):
    """0.99 times your answer must converge in this bowl, 1.01 times diverge"""
    turn, _ = np.linalg.qr(rng.normal(size=(3, 3)))
    hessian = turn @ np.diag(10 ** rng.uniform(-1, 2, 3)) @ turn.T
    return {
        "hessian": (hessian + hessian.T) / 2,
        "momentum": float(rng.uniform(0, 0.99)),
    }


MISTAKES = Mistakes(
    see="Where momentum breaks",
    forgets_the_momentum=Edit(
        "That is the limit without momentum: momentum raises it.",
        {" * (1 + momentum)": ""},
    ),
    lowers_the_limit=Edit(
        "Your limit falls with momentum: on a bowl momentum takes the edge off the "
        "jumping, so more is allowed, not less.",
        {"1 + momentum": "1 - momentum"},
    ),
    takes_the_effective_rate_for_the_limit=Edit(
        "You divide by 1 - momentum: that is what a rate is worth in the long run, "
        "not where it breaks.",
        {"* (1 + momentum)": "/ (1 - momentum)"},
        see="Momentum sums gradients",
    ),
    stops_half_way=Edit(
        "You are at half the limit: the bouncing root is at -1, not at 0.",
        {"2 * ": ""},
    ),
    asks_the_flattest_direction=Edit(
        "You ask the flattest direction: the sharpest one breaks long before.",
        {".max()": ".min()"},
    ),
    reads_the_diagonal=Edit(
        "You read the diagonal: it holds the curvature along the weights, and a bowl "
        "may lie across them.",
        {"np.linalg.eigvalsh(hessian)": "np.diag(hessian)"},
    ),
    takes_the_largest_entry=Edit(
        "You take the largest entry of the matrix: the largest curvature is an "
        "eigenvalue, and may be larger than every entry.",
        {"np.linalg.eigvalsh(hessian)": "hessian"},
    ),
    takes_the_first_eigenvalue=Edit(
        "You take the first eigenvalue in the list: `np.linalg.eig` does not sort "
        "them.",
        {"eigvalsh(hessian).max()": "eigvals(hessian)[0]"},
    ),
    reads_the_eigenvectors=Edit(
        "You take the directions for the curvatures: `np.linalg.eigh` returns the "
        "eigenvalues first, then the eigenvectors.",
        {"eigvalsh(hessian).max()": "eigh(hessian)[1].max()"},
    ),
    does_both=Edit(
        "You divide the limit by 1 - momentum as well: that would be the limit for a "
        "velocity that is an average.",
        {"(1 + momentum)": "(1 + momentum) / (1 - momentum)"},
    ),
)
