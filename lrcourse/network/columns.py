"""A network in columns whose parts do not fit, to be mended link by link.

Examples are the columns of every layer, as in many tutorials: ``W`` has shape
(outputs, inputs), `b` (outputs, 1), and ``z = W @ a + b``. All layers are sigmoids, the
last too. The inputs come as rows, (examples, features), the labels as columns,
(outputs, examples). Each of `REPAIRS` mends one thing; with all of them the gradients
are right.
"""

from collections.abc import Collection, Sequence
from typing import NamedTuple

import numpy as np

from lrcourse._arrays import Array, Params
from lrcourse._settings import (
    require_choice,
    require_counts,
    require_counts_or_zero,
    require_nonnegative,
)
from lrcourse.network.gradients import numerical_grads, relative_error
from lrcourse.network.layers import sigmoid

REPAIRS = (
    "examples as columns",
    "last activation kept",
    "gradients by their names",
    "gradients for layer 1",
    "mean over examples",
)


class Mended(NamedTuple):
    """How far a network with some repairs comes.

    `stopped` is the error that it stops with, or empty; `missing` are the parameters
    that got no gradient; `error` is how far the others are from finite differences, all
    as one vector (nan where the network did not come so far).
    """

    stopped: str
    missing: list[str]
    error: float


def column_params(sizes: Sequence[int], seed: int, sd: float) -> dict[str, Array]:
    """Return first parameters in columns: normal weights, biases zero.

    Raises:
        ValueError: sizes that are not positive integers, two or more, a seed below
            zero, or an `sd` below zero.
    """
    if len(sizes) < 2:
        raise ValueError(f"sizes must be two or more, got {sizes}")
    for size in sizes:
        require_counts(sizes=size)
    require_counts_or_zero(seed=seed)
    require_nonnegative(sd=sd)
    rng = np.random.default_rng(seed)
    params = {}
    for layer in range(1, len(sizes)):
        params[f"W{layer}"] = sd * rng.standard_normal((sizes[layer], sizes[layer - 1]))
        params[f"b{layer}"] = np.zeros((sizes[layer], 1))
    return params


def column_loss(params: Params, inputs: Array, labels: Array) -> float:
    """Return the mean cross-entropy of the columns, from inputs in rows."""
    a = inputs.T
    for layer in range(1, len(params) // 2 + 1):
        z = params[f"W{layer}"] @ a + params[f"b{layer}"]
        a = sigmoid(z)
    return float((np.logaddexp(0, z) - labels * z).sum() / len(inputs))


def mended(
    params: Params, inputs: Array, labels: Array, repairs: Collection[str]
) -> Mended:
    """Return how far one pass and one update come with these of the `REPAIRS`.

    Raises:
        ValueError: a repair that is none of them.
    """
    for repair in repairs:
        require_choice("repairs", repair, REPAIRS)
    grads: dict[str, Array] = {}
    stopped = ""
    try:
        grads = _gradients(params, inputs, labels, repairs)
        _update(params, grads, repairs)
    except KeyError as error:
        stopped = f"KeyError {error}"
    except ValueError:
        shapes = params["W1"].shape, inputs.shape
        stopped = f"ValueError: {shapes[0]} times {shapes[1]}"
    found = {name.removeprefix("d"): grad for name, grad in grads.items()}
    missing = [name for name in params if name not in found] if found else []
    return Mended(stopped, missing, _error(params, inputs, labels, found))


def _gradients(
    params: Params, inputs: Array, labels: Array, repairs: Collection[str]
) -> dict[str, Array]:
    a = inputs.T if "examples as columns" in repairs else inputs
    last, caches = len(params) // 2, {}
    for layer in range(1, last + 1):
        caches[f"A{layer - 1}"] = a
        a = sigmoid(params[f"W{layer}"] @ a + params[f"b{layer}"])
    if "last activation kept" in repairs:
        caches[f"A{last}"] = a
    m = inputs.shape[0 if "mean over examples" in repairs else 1]
    first = 1 if "gradients for layer 1" in repairs else 2
    grad, grads = caches[f"A{last}"] - labels, {}
    for layer in range(last, first - 1, -1):
        below = caches[f"A{layer - 1}"]
        grads[f"dW{layer}"] = grad @ below.T / m
        grads[f"db{layer}"] = grad.sum(axis=1, keepdims=True) / m
        grad = params[f"W{layer}"].T @ grad * below * (1 - below)
    return grads


def _update(
    params: Params, grads: Params, repairs: Collection[str], lr: float = 0.1
) -> dict[str, Array]:
    d = "d" if "gradients by their names" in repairs else ""
    return {name: w - lr * grads[d + name] for name, w in params.items()}


def _error(params: Params, inputs: Array, labels: Array, found: Params) -> float:
    if not found:
        return float("nan")
    slopes = numerical_grads(lambda p: column_loss(p, inputs, labels), params, 1e-5)
    return relative_error(found, {name: slopes[name] for name in found})
