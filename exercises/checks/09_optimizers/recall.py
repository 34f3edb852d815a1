"""What later chapters ask again from chapter 09."""

import numpy as np

from lrcourse.grading import Recall


def rates(rng):
    return {
        "lr": float(rng.choice([0.01, 0.02, 0.03, 0.05, 0.07, 0.15, 0.3])),
        "momentum": float(rng.choice([0.5, 0.6, 0.7, 0.75, 0.8, 0.9])),
    }


def bowl(rng):
    low = int(rng.integers(1, 5))
    high = low + int(rng.integers(2, 8))
    momentum = float(rng.choice([0.25, 0.5, 0.8, 0.9]))
    return {"hessian": np.diag([float(high), float(low)]), "momentum": momentum}


def update(rng):
    return {
        "w": float(rng.choice([1, 2, 3])),
        "grad": float(rng.choice([0.5, 2, 3, 4])),
        "velocity": float(rng.choice([-2, 5, 6])),
        "lr": float(rng.choice([0.1, 0.2])),
        "momentum": float(rng.choice([0.5, 0.8, 0.9])),
    }


RECALLS = [
    Recall(
        "effective_lr",
        """SGD with the rate {lr} and momentum {momentum}, in PyTorch's form: the
        velocity is a sum. Which rate without momentum moves the weights as far in
        the long run, along a steady gradient?""",
        rates,
    ),
    Recall(
        "max_stable_lr_momentum",
        """A bowl ½ wᵀHw has the Hessian H = {hessian}. Below which rate does SGD
        with momentum {momentum}, in PyTorch's form, converge in it?""",
        bowl,
    ),
    Recall(
        "momentum_step",
        """One update of SGD with momentum {momentum}, in PyTorch's form, with the
        rate {lr}: the weight is {w}, its gradient {grad}, its velocity so far
        {velocity}. What is the weight after it?""",
        update,
        part=lambda after: after[0],
    ),
]
