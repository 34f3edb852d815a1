"""What chapter 02's exercise forbids, and what its checks share."""

import numpy as np

FORBIDDEN = (
    "lrcourse.network",
    "lrcourse.sweep",
    "lrcourse.training",
    "lrcourse.optimizers",
    "torch",
    "keras",
    "jax",
    "optax",
    "sklearn.neural_network",
    "scipy.optimize",
)

PROOF = ("backward", "wrong_parameters")  # the hardest two

ROLES = [{"up", "down"}]  # names that are easily taken for each other


def array(*values):
    return np.array(values, dtype=float)


# networks for paper: one layer, and two
ONE = {"W1": array([2.0], [1.0]), "b1": array([0.5])}
TWO = {
    "W1": array([1.0], [1.0]),
    "b1": array([0.0]),
    "W2": array([3.0]),
    "b2": array([1.0]),
}


def random_network(rng, layers):
    """Return the parameters of a network, and inputs for it."""
    # all different where there are enough: then no wrong turn fits by chance
    chosen = rng.choice(range(1, 7), layers + 1, replace=layers > 5)
    sizes = [int(size) for size in chosen]
    params = {}
    for layer in range(1, layers + 1):
        params[f"W{layer}"] = rng.normal(size=(sizes[layer - 1], sizes[layer]))
        params[f"b{layer}"] = rng.normal(size=(1, sizes[layer]))
    return sizes, params, rng.normal(size=(int(rng.integers(7, 12)), sizes[0]))
