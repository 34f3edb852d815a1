"""What later chapters ask again from chapter 02."""

import numpy as np

from lrcourse.grading import Recall


def answer_and_truth(rng):
    return {
        "logits": float(
            rng.choice([-3.5, -3, -2.5, -2, -1.5, -1, 1, 1.5, 2, 2.5, 3, 3.5])
        ),
        "targets": float(rng.integers(0, 2)),
    }


def small_network(rng):
    """Draw a network of one hidden unit, which is on, and an input for it."""
    first, second = (int(rng.integers(1, 5)) for _ in range(2))
    number = int(rng.integers(1, 5))
    bias = int(rng.integers(-first * number + 1, 4))
    numbers = {"W1": first, "b1": bias, "W2": -second, "b2": int(rng.integers(1, 6))}
    params = {name: np.array([[float(value)]]) for name, value in numbers.items()}
    return {"params": params, "inputs": np.array([[float(number)]])}


def way_back(rng):
    network = small_network(rng)
    params, inputs = network["params"], network["inputs"]
    hidden = inputs * params["W1"] + params["b1"]
    grad = np.array([[float(rng.choice([-3, -2, 2, 3]))]])
    return {"params": params, "caches": [inputs, hidden], "grad": grad}


RECALLS = [
    Recall(
        "binary_cross_entropy",
        """A network answers a question of yes or no with the logit {logits}. The truth
        is {targets} (1 is yes). What is the cross-entropy?""",
        answer_and_truth,
    ),
    Recall(
        "backward",
        """A ReLU network has one unit in each layer: {params}. Into its two layers went
        {caches}, and the gradient of the loss for its output is {grad}. What is the
        gradient for W1?""",
        way_back,
        part=lambda grads: float(grads["W1"][0, 0]),
    ),
    Recall(
        "forward",
        """A network with one hidden ReLU unit has the parameters {params}. What is its
        output for the input {inputs}?""",
        small_network,
        part=lambda returned: float(returned[0][0, 0]),
    ),
]
