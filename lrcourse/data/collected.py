"""Data of the book: seeded, split into train and test, made or bundled, never fetched.

Inputs are float64 of shape (examples, features), labels int64 of shape (examples,).
For torch, ``map(torch.from_numpy, digits())``.
"""

import copy
import functools
import os
import random
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lrcourse._arrays import AnyArray
from lrcourse._settings import (
    require,
    require_counts,
    require_counts_or_zero,
    require_shares,
)


class Split(NamedTuple):
    """Examples to train on, and others to test on."""

    inputs: NDArray[np.float64]
    labels: NDArray[np.int64]
    test_inputs: NDArray[np.float64]
    test_labels: NDArray[np.int64]


def digits(seed: int = 0, test_share: float = 0.2) -> Split:
    """Return scikit-learn's 1797 handwritten digits, 8 x 8 pixels from 0 to 1."""
    import lrcourse._lab  # noqa: F401  # isort: skip
    from sklearn.datasets import load_digits

    require_counts_or_zero(seed=seed)
    pixels, labels = load_digits(return_X_y=True)
    order = np.random.default_rng(seed).permutation(len(labels))
    inputs, labels = pixels[order] / 16, labels[order].astype(np.int64)
    tests = tested(test_share, len(labels))
    return Split(inputs[tests:], labels[tests:], inputs[:tests], labels[:tests])


def tested(test_share: float, examples: int) -> int:
    """Return how many of the examples are the test part.

    Raises:
        ValueError: one of the two parts would have none.
    """
    require_shares(test_share=test_share)
    tests = round(test_share * examples)
    if not 0 < tests < examples:
        raise ValueError(
            f"test_share must leave some of the {examples} to train and some to test, "
            f"got {test_share}"
        )
    return tests


def mnist1d() -> Split:
    """Return MNIST-1D (Greydanus & Kobak, 2024): 4000 and 1000 curves of 40 points.

    Made by its own package in a few seconds, then kept in ``$LRCOURSE_CACHE`` or the
    user's cache folder, or in memory where neither can be written.
    """
    return copy.deepcopy(_mnist1d(_cache_folder()))  # its owner may change it


def reversed_curves(split: Split) -> Split:
    """Return `split` with the features of each example in reverse order.

    For MNIST-1D a related task: the same shapes, played backwards in time.
    """
    return split._replace(
        inputs=split.inputs[:, ::-1].copy(),
        test_inputs=split.test_inputs[:, ::-1].copy(),
    )


def permuted_labels(split: Split, seed: int = 0) -> Split:
    """Return `split` with its classes renamed: every class gets the name of another.

    The new names are one cycle through all classes, so that no class keeps its own.

    Raises:
        ValueError: there is one class only.
    """
    require_counts_or_zero(seed=seed)
    classes = 1 + max(split.labels.max(), split.test_labels.max())
    if classes < 2:
        raise ValueError("permuted_labels needs at least two classes, got one")
    cycle = np.random.default_rng(seed).permutation(classes)
    names = np.empty_like(cycle)
    names[cycle] = np.roll(cycle, 1)
    return split._replace(
        labels=names[split.labels], test_labels=names[split.test_labels]
    )


def as_sequences(split: Split, steps: int) -> Split:
    """Return `split` with inputs of shape (examples, steps, features / steps).

    Digits in 8 steps are read row by row, in 16 by half rows.

    Raises:
        ValueError: `steps` does not divide the features.
    """
    require_counts(steps=steps)
    features = split.inputs[0].size
    divide = f"a number of parts that divide the {features} features"
    require(divide, lambda parts: features % parts == 0, steps=steps)
    shape = (-1, steps, features // steps)
    return split._replace(
        inputs=split.inputs.reshape(shape), test_inputs=split.test_inputs.reshape(shape)
    )


def batches(
    inputs: AnyArray, labels: AnyArray, batch_size: int, epochs: int, seed: int
) -> Iterator[tuple[AnyArray, AnyArray]]:
    """Return the batches of `epochs` passes, each pass in an order of its own.

    The last batch of a pass is smaller where `batch_size` does not divide the data.

    Raises:
        ValueError: `inputs` and `labels` are not of one length.
    """
    require_counts(batch_size=batch_size)
    require_counts_or_zero(epochs=epochs, seed=seed)
    if len(inputs) != len(labels):
        raise ValueError(
            "batches needs one label per input, "
            f"got {len(inputs)} inputs and {len(labels)} labels"
        )
    rng = np.random.default_rng(seed)
    orders = (rng.permutation(len(labels)) for _ in range(epochs))
    return (
        (inputs[order[first:][:batch_size]], labels[order[first:][:batch_size]])
        for order in orders
        for first in range(0, len(labels), batch_size)
    )


def _cache_folder() -> Path | None:
    """Return where data are kept, or None where there is no home to keep them in."""
    if chosen := os.environ.get("LRCOURSE_CACHE"):
        return Path(chosen)
    import lrcourse._lab  # noqa: F401  # isort: skip
    import platformdirs

    try:
        return Path(platformdirs.user_cache_dir("lrcourse"))
    except RuntimeError:  # neither HOME nor an entry for this user
        return None


@functools.cache
def _mnist1d(folder: Path | None) -> Split:
    if folder is None:
        return _make_mnist1d()
    path = folder / f"mnist1d-{version('mnist1d')}.npz"
    with suppress(OSError, EOFError, KeyError, ValueError, zipfile.BadZipFile):
        with path.open("rb") as file, np.load(file) as stored:
            return Split(*(stored[name] for name in Split._fields))
    made = _make_mnist1d()
    with suppress(OSError):
        _save(path, made)
    return made


def _make_mnist1d() -> Split:
    # here, because it loads pyplot and requests, which the digits do not need
    from mnist1d.data import get_dataset_args, make_dataset

    with _global_seeds_kept():
        parts = make_dataset(get_dataset_args())
    return Split(
        parts["x"],
        parts["y"].astype(np.int64),
        parts["x_test"],
        parts["y_test"].astype(np.int64),
    )


@contextmanager
def _global_seeds_kept() -> Iterator[None]:
    """Undo what the package does to the global seeds of Python and NumPy."""
    python, numpy = random.getstate(), np.random.get_state()  # noqa: NPY002
    try:
        yield
    finally:
        random.setstate(python)
        np.random.set_state(numpy)  # noqa: NPY002


def _save(path: Path, split: Split) -> None:
    """Write the whole file under another name first: no one reads half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        draft = Path(folder) / path.name
        np.savez(draft, **split._asdict())
        draft.replace(path)
