"""best_constant_lr, chapter 01: The best constant rate."""

import numpy as np

from lrcourse import theory
from lrcourse.grading import Edit, Mistakes, agrees_with, close

from .exercise import random_hessian

HINTS = [
    "Draw abs(1 - lr * curvature) against lr, for a small and a large curvature.",
    "The larger of the two is smallest where the two lines cross.",
    "Where they cross, one factor is minus the other. Solve for lr.",
]


def test_one_direction_can_arrive_in_one_step(best_constant_lr):
    assert close(best_constant_lr(np.array([[4.0]])), 0.25), (
        "with which lr is the factor 1 - lr * 4 zero?"
    )


def test_two_directions_shrink_equally_fast(best_constant_lr):
    assert close(best_constant_lr(np.diag([1.0, 4.0])), 0.4), (
        "curvatures 1 and 4: their factors should be 0.6 and -0.6"
    )


def test_directions_in_between_do_not_count(best_constant_lr):
    assert close(best_constant_lr(np.diag([1.0, 2.0, 9.0])), 0.2), (
        "curvatures 1, 2 and 9: which of them can ever be the slowest?"
    )


def test_a_bowl_across_the_coordinates_has_the_best_rate_of_its_own_directions(
    best_constant_lr,
):
    hessian = np.array([[2.0, 1.0, 0.0], [1.0, 2.0, 0.0], [0.0, 0.0, 7.0]])
    assert close(best_constant_lr(hessian), 0.25), (
        "this bowl has the curvatures 1, 3 and 7: the smallest is not on the diagonal"
    )


@agrees_with(theory.best_constant_lr, rtol=1e-7, points=2)
def test_random_bowls_get_their_best_rate(rng):
    """flattest and steepest direction should shrink by the same factor"""
    return {"hessian": random_hessian(rng)}


MISTAKES = Mistakes(
    see="The best constant rate",
    looks_at_the_steepest_only=Edit(
        "You look at the steepest direction only: it arrives at once, and all others "
        "lag behind.",
        {"2 / (curvatures.min() + curvatures.max())": "1 / curvatures.max()"},
    ),
    goes_to_the_limit=Edit(
        "You go to the edge of stability: there the steepest direction no longer "
        "shrinks at all.",
        {"2 / (curvatures.min() + curvatures.max())": "2 / curvatures.max()"},
    ),
    is_half_of_it=Edit(
        "You are at half the best rate: the sum of two curvatures is twice their mean.",
        {"2 /": "1 /"},
    ),
    averages_all_curvatures=Edit(
        "You count all directions: those between the flattest and the steepest change "
        "nothing.",
        {"2 / (curvatures.min() + curvatures.max())": "1 / curvatures.mean()"},
    ),
    averages_the_two_best_rates=Edit(
        "You average the best rates of two directions: that is unstable where they "
        "differ much.",
        {
            "2 / (curvatures.min()": "(1 / curvatures.min()",
            "+ curvatures.max())": "+ 1 / curvatures.max()) / 2",
        },
    ),
    takes_the_geometric_mean=Edit(
        "You take the geometric mean of the two curvatures: their factors are not "
        "equal there.",
        {"2 / (": "1 / np.sqrt(", " + ": " * "},
    ),
    divides_by_the_trace=Edit(
        "You divide by the sum of all curvatures: only the smallest and the largest of "
        "them count, also where they are one and the same.",
        {"(curvatures.min() + curvatures.max())": "curvatures.sum()"},
    ),
    returns_the_factor=Edit(
        "You return the factor by which the slowest direction shrinks: what is asked "
        "for is the rate.",
        {
            "2 / (": "(curvatures.max() - curvatures.min()) / (",
        },
    ),
    takes_momentum_s_rate=Edit(
        "That is the best rate with momentum: without it, the two factors are equal at "
        "another one.",
        {
            "2 / (curvatures.min()": "4 / (curvatures.min() ** 0.5",
            "curvatures.max())": "curvatures.max() ** 0.5) ** 2",
        },
    ),
    reads_the_diagonal=Edit(
        "You read the diagonal: it holds the curvature along the coordinates, and a "
        "bowl may lie across them.",
        {"np.linalg.eigvalsh(hessian)": "np.diag(hessian)"},
        see="Sharpness and condition number",
    ),
)
