"""What chapter 01's exercise forbids, and what its checks share."""

import numpy as np

FORBIDDEN = (
    "lrcourse.theory",
    "lrcourse.problems",
    "lrcourse.optimizers",
    "lrcourse.training",
    "lrcourse.schedules",
)

PROOF = ("best_constant_lr", "steps_to_tolerance")  # the hardest two

ROLES = [{"lr", "curvature"}]  # names that are easily taken for each other


def random_hessian(rng):
    """Return a bowl of two to five directions, turned away from the coordinates."""
    size = int(rng.integers(2, 6))
    turn, _ = np.linalg.qr(rng.normal(size=(size, size)))
    hessian = turn @ np.diag(10 ** rng.uniform(-1, 2, size)) @ turn.T
    return (hessian + hessian.T) / 2
