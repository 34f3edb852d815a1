"""max_stable_lr, chapter 01: Sharpness and condition number."""

import numpy as np

from lrcourse import theory
from lrcourse.grading import Edit, Mistakes, agrees_with, close

from .exercise import random_hessian

HINTS = [
    "One step multiplies the distance along a direction by 1 - lr * curvature.",
    "The factor must lie between -1 and 1. Which direction breaks that first?",
    "The curvatures are the eigenvalues of the Hessian: np.linalg.eigvalsh.",
    "Set 1 - lr * curvature to -1 for the largest curvature and solve for lr.",
]


def test_one_direction_is_stable_below_two_over_its_curvature(max_stable_lr):
    assert close(max_stable_lr(np.array([[4.0]])), 0.5), (
        "at which lr does 1 - lr * 4 throw w to the other side, just as far out?"
    )


def test_the_steepest_direction_sets_the_limit(max_stable_lr):
    assert close(max_stable_lr(np.diag([1.0, 5.0])), 0.4), (
        "curvatures 1 and 5: which of the two diverges first?"
    )


def test_the_order_of_the_directions_does_not_matter(max_stable_lr):
    assert close(max_stable_lr(np.diag([8.0, 1.0])), 0.25), (
        "curvatures 8 and 1, in this order: the bowl is the same"
    )


def test_a_bowl_across_the_coordinates_has_the_limit_of_its_own_directions(
    max_stable_lr,
):
    hessian = np.array([[5.0, 2.0], [2.0, 2.0]])
    assert close(max_stable_lr(hessian), 1 / 3), (
        "this bowl has the curvatures 1 and 6, along directions across the coordinates"
    )


@agrees_with(theory.max_stable_lr, rtol=1e-7, points=2)
def test_random_bowls_are_stable_below_and_not_above(rng):
    """0.98 times your answer must converge in this bowl, 1.02 times diverge"""
    return {"hessian": random_hessian(rng)}


MISTAKES = Mistakes(
    see="Sharpness and condition number",
    stops_at_the_first_overshoot=Edit(
        "You stop where the first direction begins to overshoot: it still converges "
        "up to twice that.",
        {"2 /": "1 /"},
        see="Three regimes",
    ),
    asks_the_flattest_direction=Edit(
        "You ask the flattest direction: the steepest one diverges long before.",
        {".max()": ".min()"},
    ),
    adds_the_curvatures_up=Edit(
        "You add up the curvatures of all directions: each direction has its own "
        "factor, so only the largest counts.",
        {"np.linalg.eigvalsh(hessian).max()": "np.trace(hessian)"},
    ),
    takes_the_frobenius_norm=Edit(
        "You take the norm over all entries: it is larger than the largest curvature "
        "as soon as there are two.",
        {"np.linalg.eigvalsh(hessian).max()": "np.linalg.norm(hessian)"},
    ),
    reads_the_diagonal=Edit(
        "You read the diagonal: it holds the curvature along the coordinates, and a "
        "bowl may lie across them.",
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
    bounds_it_by_the_rows=Edit(
        "You take the largest sum of a row: that is a bound for the largest curvature, "
        "and seldom the curvature itself.",
        {"np.linalg.eigvalsh(hessian).max()": "abs(hessian).sum(axis=1).max()"},
    ),
    takes_the_last_eigenvalue=Edit(
        "You take the last eigenvalue in the list: `np.linalg.eigvals` does not sort "
        "them.",
        {"eigvalsh(hessian).max()": "eigvals(hessian)[-1]"},
    ),
)
