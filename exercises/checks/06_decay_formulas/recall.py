"""What later chapters ask again from chapter 06."""

from lrcourse.grading import Recall


def cosine(rng):
    total = int(rng.choice([60, 120, 240]))
    return {
        "step": total * int(rng.choice([2, 3, 4, 8, 9, 10])) // 12,
        "max_lr": float(rng.choice([0.1, 0.2, 0.4, 0.8])),
        "total_steps": total,
        "min_lr": float(rng.choice([0.01, 0.02, 0.04])),
    }


def factor(rng):
    rate = float(rng.choice([0.1, 0.2, 0.5, 0.6]))
    return {"rate": rate, "decay_steps": int(rng.integers(2, 9))}


def polynomial(rng):
    total = int(rng.choice([50, 100, 200]))
    return {
        "step": total * int(rng.choice([1, 2, 3, 4, 6, 7, 8])) // 10,
        "max_lr": float(rng.choice([0.1, 0.2, 0.5])),
        "total_steps": total,
        "power": int(rng.choice([2, 3])),
        "min_lr": float(rng.choice([0.01, 0.02])),
    }


RECALLS = [
    Recall(
        "cosine_lr",
        """The rate falls along half a cosine, from {max_lr} at step 0 to {min_lr}
        at step {total_steps}. What is it at step {step}?""",
        cosine,
    ),
    Recall(
        "gamma_from",
        """A library multiplies the rate by {rate} every {decay_steps} updates,
        smoothly: by one and the same factor at each update. Which factor?""",
        factor,
    ),
    Recall(
        "polynomial_lr",
        """The rate falls by the polynomial law with power {power}, from {max_lr} at
        step 0 to {min_lr} at step {total_steps}. What is it at step {step}?""",
        polynomial,
    ),
]
