"""What chapter 04's exercise forbids, and what its checks share."""

import numpy as np

from lrcourse.grading import close

FORBIDDEN = (
    "lrcourse.network",
    "lrcourse.optimizers",
    "lrcourse.theory",
    "lrcourse.measure",
    "lrcourse.sweep",
    "torch.nn",
    "keras",
    "optax",
)

PROOF = ("batch_norm", "usable_range")  # the hardest two

# names that are easily taken for each other
ROLES = [
    {"inputs", "outputs"},
    {"first", "last"},
    {"mean", "var", "scale", "shift"},
    {"used_mean", "used_var"},
    {"norm", "max_norm"},
    {"low", "high"},
]


def array(*values):
    return np.array(values, dtype=float)


def random_grads(rng, layers):
    """Return gradients of a network of so many layers, by name, in random order."""
    sizes = rng.integers(1, 5, layers + 1)
    grads = {}
    for layer in range(1, layers + 1):
        size = float(10 ** rng.uniform(-3, 3))
        shape = sizes[layer - 1 : layer + 1]
        grads[f"W{layer}"] = size * rng.normal(size=shape)
        grads[f"b{layer}"] = size * rng.normal(size=(1, sizes[layer]))
    names = list(grads)
    return {names[place]: grads[names[place]] for place in rng.permutation(len(names))}


def tuple_of(count, returned, words):
    """Return what an answer returned, which has to be a tuple of `count`."""
    is_tuple = isinstance(returned, tuple) and len(returned) == count
    shape = f"a tuple of {count}" if is_tuple else type(returned).__name__
    assert close(None if returned is None else shape, f"a tuple of {count}"), words
    return returned
