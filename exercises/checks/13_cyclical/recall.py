"""What later chapters ask again from chapter 13."""

from lrcourse.grading import Recall


def triangle(rng):
    half = int(rng.choice([4, 5, 10, 20]))
    return {
        "step": half * int(rng.integers(2, 5)) + int(rng.integers(1, half)),
        "min_lr": float(rng.choice([0.01, 0.02, 0.05])),
        "max_lr": float(rng.choice([0.1, 0.3, 0.6])),
        "half_period": half,
    }


def shrinking_triangle(rng):
    return triangle(rng) | {"gamma": float(rng.choice([0.9, 0.95, 0.98]))}


RECALLS = [
    Recall(
        "triangular_lr",
        """The rate climbs from {min_lr} at step 0 to {max_lr} at step {half_period}
        in a straight line, falls back just as long, and so on. What is it at step
        {step}?""",
        triangle,
    ),
    Recall(
        "triangular2_lr",
        """"triangular2": the rate starts at {min_lr}, its first peak is {max_lr} at
        step {half_period}, a cycle lasts twice as long, and each cycle is half as
        high as the one before. What is the rate at step {step}?""",
        triangle,
    ),
    Recall(
        "exp_range_lr",
        """"exp_range" with gamma {gamma}: a triangle from {min_lr} to {max_lr} and
        back, {half_period} steps up and as many down, whose height shrinks with
        every update. What is the rate at step {step}?""",
        shrinking_triangle,
    ),
]
