"""Series of what updates saw and did, made of the records of `Watched`."""

from collections.abc import Collection, Sequence

import numpy as np

from lrcourse._arrays import Array, Params
from lrcourse.optimizers import Seen


def symptoms(
    seen: Sequence[Seen], names: Collection[str] | None = None
) -> dict[str, Array]:
    """Return the series "loss", "gradient" and "update / weight" of a training.

    Each has shape (updates,), or (updates, members). Lengths are those of all arrays
    `names` as one vector, or of the whole network: ``symptoms(seen, ["W1"])`` is a
    layer's own. An update over weights that are all zero, as first biases are, is inf,
    or nan if it is zero too.

    >>> seen = [Seen(0.5, {"W": 4.0, "b": 3.0}, {"W": 2.0, "b": 0.0}, {"W": 1, "b": 0})]
    >>> {name: series.tolist() for name, series in symptoms(seen).items()}
    {'loss': [0.5], 'gradient': [5.0], 'update / weight': [0.5]}

    Raises:
        ValueError: nothing was seen, or a name is not among the arrays.
    """
    if not seen:
        raise ValueError("seen must hold one update or more, got none")
    known = list(seen[0].gradients)
    names = known if names is None else names
    if not names or any(name not in known for name in names):
        raise ValueError(f"names must be some of {known}, got {list(names)}")
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        gradients = [_length(each.gradients, names) for each in seen]
        ratios = [
            _length(each.steps, names) / _length(each.weights, names) for each in seen
        ]
    return {
        "loss": np.array([each.loss for each in seen], dtype=np.float64),
        "gradient": np.array(gradients),
        "update / weight": np.array(ratios),
    }


def _length(lengths: Params, names: Collection[str]) -> Array:
    """Return the length of several arrays as one, given that of each."""
    parts = np.array([lengths[name] for name in names], dtype=np.float64)
    return np.asarray(np.hypot.reduce(parts, axis=0))
