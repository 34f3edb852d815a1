"""What later chapters ask again from chapter 03."""

from lrcourse.grading import Recall


def settled_run(rng):
    curvature = float(rng.choice([0.5, 1.0, 2.0]))
    return {
        "lr": float(rng.choice([0.2, 0.6, 1.2, 1.6])) / curvature,
        "curvature": curvature,
        "noise": float(rng.choice([0.5, 2.0, 3.0])),
        "batch_size": int(rng.choice([2, 4, 5, 8])),
    }


def run_with_rests(rng):
    batch_size, rest = int(rng.choice([7, 9, 30, 64])), int(rng.integers(1, 6))
    return {
        "examples": batch_size * int(rng.integers(10, 50)) + rest,
        "batch_size": batch_size,
        "epochs": int(rng.integers(3, 10)),
    }


def batch_to_move_to(rng):
    return {
        "batch_size": int(rng.choice([16, 32, 64, 128])),
        "max_lr": float(rng.choice([0.5, 1.0, 2.0])),
        "noise_scale": int(rng.choice([20, 50, 200, 300])),
    }


RECALLS = [
    Recall(
        "noise_floor",
        """Gradient descent runs at a constant rate of {lr} on the loss
        ½ · {curvature} · w². The gradient of one example has the standard deviation
        {noise}, and a batch is the mean of {batch_size} independent ones. At which loss
        does it stay?""",
        settled_run,
    ),
    Recall(
        "updates_per_run",
        """{epochs} epochs over {examples} examples in batches of {batch_size}; the
        last, smaller batch of an epoch is kept. How many updates has the run?""",
        run_with_rests,
    ),
    Recall(
        "optimal_lr_for_batch",
        """Without noise the best rate is {max_lr}. The noise scale is {noise_scale}
        examples. Which rate does the rule of chapter 3 give for batches of
        {batch_size}?""",
        batch_to_move_to,
    ),
]
