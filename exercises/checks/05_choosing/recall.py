"""What later chapters ask again from chapter 05."""

from lrcourse.grading import Recall


def run(rng):
    return {
        "base_lr": float(rng.choice([1.0, 2.0, 4.0])),
        "gamma": float(rng.choice([0.5, 0.1, 0.2])),
        "epochs": int(rng.integers(2, 5)),
        "updates_per_epoch": int(rng.integers(2, 11)),
    }


def climb(rng):
    factor, gaps = int(rng.integers(2, 6)), int(rng.integers(2, 5))
    low = float(rng.choice([0.001, 0.002, 0.005, 0.01, 0.03, 0.1, 0.2]))
    return {"min_lr": low, "max_lr": low * factor**gaps, "steps": gaps + 1}


def tried(rng):
    first, second = sorted(rng.choice([2, 3, 4, 5, 6, 7], size=2, replace=False))
    low = float(rng.choice([0.001, 0.01, 0.1]))
    lrs = [low, low * int(first) ** 2, low * int(first * second) ** 2]
    outer = [float(score) for score in rng.choice([0.2, 0.3, 0.5, 0.6], size=2)]
    return {"lrs": lrs, "scores": [outer[0], float(rng.choice([0.8, 0.9])), outer[1]]}


RECALLS = [
    Recall(
        "total_movement",
        """A run starts with the rate {base_lr}, and after every epoch of
        {updates_per_epoch} updates its rate is multiplied by {gamma}. What is the sum
        of all its rates after {epochs} epochs?""",
        run,
    ),
    Recall(
        "range_test_schedule",
        """A range test of {steps} updates climbs from {min_lr} to {max_lr}. Which rate
        does its second update use?""",
        climb,
        part=lambda rates: rates[1],
    ),
    Recall(
        "next_grid",
        """The rates {lrs} scored {scores}; larger is better. Of the two rates to try
        next, which is the higher?""",
        tried,
        part=lambda pair: pair[1],
    ),
]
