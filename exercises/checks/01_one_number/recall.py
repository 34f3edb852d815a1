"""What later chapters ask again from chapter 01."""

import numpy as np

from lrcourse.grading import Recall

# (difference on the diagonal, entry beside it): so curvatures are whole numbers
TURNED = [(3, 2), (3, -2), (8, 3), (6, 4), (6, -4), (5, 6)]


def steps(rng):
    share, curvature = rng.choice([0.1, 0.2, 0.3, 0.5]), rng.choice([2.0, 4.0, 5.0])
    return {
        "lr": float(share / curvature),
        "curvature": float(curvature),
        "start": float(rng.choice([-8, -5, -3, 3, 5, 8])),
        "tolerance": float(rng.choice([1.0, 0.5, 0.1])),
    }


def bowl(rng):
    apart, beside = TURNED[rng.integers(len(TURNED))]
    low = int(rng.integers(beside**2 // (apart + 1) + 1, 10))
    diagonal = rng.permutation([low, low + apart])
    return {"hessian": np.array([[diagonal[0], beside], [beside, diagonal[1]]], float)}


def bowl_of_three(rng):
    flat = bowl(rng)["hessian"]
    low, high = np.linalg.eigvalsh(flat)
    hessian = np.zeros((3, 3))
    hessian[:2, :2] = flat
    hessian[2, 2] = rng.integers(round(low) + 1, round(high))
    return {"hessian": hessian}


RECALLS = [
    Recall(
        "steps_to_tolerance",
        """Gradient descent with the rate {lr} starts at w = {start} in the bowl ½ ·
        {curvature} · w². After how many steps is |w| at most {tolerance} for the
        first time?""",
        steps,
    ),
    Recall(
        "max_stable_lr",
        """A bowl ½ wᵀHw has the Hessian H = {hessian}. Below which learning rate
        does gradient descent converge in it, whatever its start?""",
        bowl,
    ),
    Recall(
        "best_constant_lr",
        """A bowl ½ wᵀHw has the Hessian H = {hessian}. At which constant rate does
        its slowest direction shrink fastest?""",
        bowl_of_three,
    ),
]
