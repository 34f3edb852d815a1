"""What later chapters ask again from chapter 04."""

from lrcourse.grading import Recall


def relu_layer(rng):
    inputs = 2 * int(rng.integers(2, 21)) ** 2
    outputs = int(rng.choice([10, 30, 60, 150, 500, 1000]))
    return {"activation": "relu", "inputs": inputs, "outputs": outputs}


def sweep_with_a_hole(rng):
    """Draw a best rate, good ones beside it, a bad one, and a good one behind it."""
    first = float(rng.choice([0.001, 0.002, 0.004, 0.005]))
    lrs = [float(f"{first * times:.4g}") for times in (1, 3, 10, 30, 100, 300, 1000)]
    scores = (rng.integers(30, 60, 7) / 100).tolist()
    best = int(rng.integers(1, 4))
    high = best + int(rng.integers(1, 3))
    for place in (*range(best - 1, high + 1), high + 2):
        if place < len(scores):
            scores[place] = float(rng.integers(78, 85) / 100)
    scores[best] = 0.92
    return {"lrs": lrs, "scores": scores, "within": 0.15}


RECALLS = [
    Recall(
        "init_std",
        """A layer with the activation {activation} has {inputs} inputs and {outputs}
        outputs. Which standard deviation do its first weights get?""",
        relu_layer,
    ),
    Recall(
        "usable_range",
        """At the rates {lrs} runs reach the accuracies {scores}. The usable range
        around the best rate is where the accuracy is at most {within} below the best.
        What is its highest rate?""",
        sweep_with_a_hole,
        part=lambda ends: ends[1],
    ),
]
