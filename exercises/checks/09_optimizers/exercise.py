"""What chapter 09's exercise forbids, and what its checks share."""

import copy

import numpy as np

from lrcourse.grading import Curve, close

FORBIDDEN = (
    "lrcourse.optimizers",
    "lrcourse.theory",
    "lrcourse.training",
    "lrcourse.sweep",
    "torch.optim",
    "keras",
    "optax",
)

PROOF = ("max_stable_lr_momentum", "adamw_step")  # the hardest two

# names that are easily taken for each other
ROLES = [
    {"grad", "velocity"},
    {"lr", "momentum"},
    {"m", "v", "grad"},
    {"grad", "m_hat"},
    {"t", "updates"},
]

SIZES = (1.0, 1e-4, 1e-7)


def array(*values):
    return np.array(values, dtype=float)


def fresh(shape=(1,)):
    """Return Adam's state before the first update."""
    return (0, np.zeros(shape), np.zeros(shape))


def random_betas(rng):
    beta1, beta2 = float(rng.uniform(0, 0.95)), float(rng.uniform(0.9, 0.999))
    return {"beta1": beta1, "beta2": beta2}


def pair(returned):
    """Return what an answer returned, which has to be a tuple of two."""
    assert close(shape_of(returned), "a tuple of 2"), (
        "return the weights and what the rule remembers, as a tuple of two"
    )
    return returned


def shape_of(returned):
    """Return in words what was returned, as far as it should be a pair."""
    if isinstance(returned, tuple | list):
        return f"a {type(returned).__name__} of {len(returned)}"
    if returned is None:
        return None
    return f"one {type(returned).__name__}" if hasattr(returned, "shape") else "no pair"


def compare_paths(step, rule, rng, state, **settings):
    """Walk 20 updates with the answer and with the library, the rate cut half-way."""
    mine = theirs = rng.normal(size=3)
    memory = rule.init(theirs)
    for update in range(20):
        grad = rng.normal(size=3) * SIZES
        lr = 0.1 if update < 10 else 0.01
        given = copy.deepcopy((mine, grad, state))
        mine, state = pair(step(*given, lr, **settings))
        theirs, memory = rule.step(theirs, grad, memory, lr)
        assert close(mine, theirs, atol=1e-12), (
            f"update {update + 1} of 20, gradients of size 1, 1e-4 and 1e-7: "
            "which of the three weights is off?"
        )


def path_curve(rule, state, **settings):
    """Draw how far one weight has moved after so many updates with a gradient of 1."""
    return Curve(
        range(26),
        call=lambda step, updates: _moved(step, state, updates, **settings),
        expected=lambda updates: _moved(rule.step, rule.init(np.zeros(1)), updates),
        xlabel="updates",
        ylabel="distance, on a slope of 1",
    )


def _moved(step, state, updates, **settings):
    w, memory = np.zeros(1), copy.deepcopy(state)
    for _ in range(updates):
        w, memory = step(w, np.ones(1), memory, lr=0.1, **settings)
    return float(-w[0])
