"""The data of a sweep: checked once, then cut into folds by numbers of examples."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor

from lrcourse.sweep.models import Model, first_params

Indices = NDArray[np.int64]


class Fold(NamedTuple):
    """Which examples are trained on, and which are held out to test on."""

    train: Indices
    held_out: Indices


class Examples(NamedTuple):
    """Inputs (examples, ...) and targets (examples, outputs), labels one-hot."""

    inputs: Tensor
    targets: Tensor


def load(
    data: Sequence[ArrayLike], folds: Iterable[tuple[Any, Any]] | None
) -> tuple[NDArray[Any], NDArray[Any], list[Fold]]:
    """Return inputs, targets and the folds of ``(inputs, targets[, two to test on])``.

    Without `folds` there is one: what is there to test on is held out. With them the
    inputs are cut, and what is there to test on stays untouched.
    """
    if len(data) not in (2, 4):
        raise ValueError(
            "data must be (inputs, targets) or (inputs, targets, test_inputs, "
            f"test_targets), got {len(data)} arrays"
        )
    arrays = [_numpy(array) for array in data]
    for inputs, targets in zip(arrays[::2], arrays[1::2], strict=True):
        _require_pairs(inputs, targets)
    inputs, targets = arrays[:2]
    if folds is not None:
        return inputs, targets, [_fold(*fold, len(inputs)) for fold in _some(folds)]
    count = len(inputs)
    if len(arrays) == 4:
        inputs = _joined("inputs", inputs, arrays[2])
        targets = _joined("targets", targets, arrays[3])
    return inputs, targets, [Fold(np.arange(count), np.arange(count, len(inputs)))]


def prepare(
    model: Model,
    inputs: NDArray[Any],
    targets: NDArray[Any],
    loss: str,
    dtype: torch.dtype,
    device: str,
) -> Examples:
    """Return the examples as tensors, once they fit the model and the loss."""
    tensor = torch.from_numpy(np.ascontiguousarray(inputs)).to(device, dtype)
    width = _outputs(model, tensor[None, :1])
    if loss == "cross_entropy":
        targets = _one_hot(targets, width)
    elif targets.shape != (len(inputs), width):
        raise ValueError(
            f"data must have targets of shape ({len(inputs)}, {width}), like the "
            f"outputs of the model, got {targets.shape}"
        )
    return Examples(tensor, torch.from_numpy(targets).to(tensor))


def _outputs(model: Model, inputs: Tensor) -> int:
    try:
        outputs = model.outputs(first_params(model, [0], 1, inputs), inputs)
    except RuntimeError as error:
        shape = tuple(inputs.shape[2:])
        raise ValueError(
            f"model must take inputs of the shape in data, {shape}, "
            f"but {model} does not: {error}"
        ) from error
    return outputs.shape[-1]


def _one_hot(labels: NDArray[Any], classes: int) -> NDArray[Any]:
    """Return `labels` as rows with a one each, (examples, classes)."""
    if labels.ndim != 1 or labels.dtype.kind not in "iu":
        raise ValueError(
            "data must have labels of shape (examples,) for loss='cross_entropy', "
            f"whole numbers, got shape {labels.shape} of {labels.dtype}"
        )
    if labels.min() < 0 or labels.max() >= classes:
        raise ValueError(
            f"data must have labels from 0 to {classes - 1}, for the {classes} outputs "
            f"of the model, got {labels.min()} to {labels.max()}"
        )
    hot: NDArray[np.bool_] = labels[:, None] == np.arange(classes)
    return hot.astype(np.float64)


def _numpy(array: ArrayLike | Tensor) -> NDArray[Any]:
    return array.numpy(force=True) if isinstance(array, Tensor) else np.asarray(array)


def _require_pairs(inputs: NDArray[Any], targets: NDArray[Any]) -> None:
    if inputs.ndim < 2 or not len(inputs) or len(inputs) != len(targets):
        raise ValueError(
            "data must have inputs of shape (examples, features), at least one, and a "
            f"target for each, got shapes {inputs.shape} and {targets.shape}"
        )
    for name, array in (("inputs", inputs), ("targets", targets)):
        wrong = np.flatnonzero(~np.isfinite(array.reshape(len(array), -1)).all(1))
        if len(wrong):
            raise ValueError(
                f"data must be finite, but {len(wrong)} of {len(array)} {name} are "
                f"not, the first at row {wrong[0]}: drop such rows or fill them in"
            )


def _joined(name: str, train: NDArray[Any], test: NDArray[Any]) -> NDArray[Any]:
    if train.shape[1:] != test.shape[1:]:
        raise ValueError(
            f"data must have test_{name} of the {name}' shape, "
            f"got examples of {test.shape[1:]} and {train.shape[1:]}"
        )
    return np.concatenate([train, test])


def _some(folds: Iterable[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
    found = list(folds)
    if not found:
        raise ValueError("folds must have at least one (train, held out) pair")
    return found


def _fold(train: ArrayLike, held_out: ArrayLike, examples: int) -> Fold:
    fold = Fold(np.asarray(train), np.asarray(held_out))
    for part in fold:
        whole = part.ndim == 1 and len(part) and part.dtype.kind in "iu"
        if not whole or part.min() < 0 or part.max() >= examples:
            raise ValueError(
                "folds must be pairs of rows of example numbers, each from 0 to "
                f"{examples - 1} and none empty, got {part!r}"
            )
    if np.intersect1d(*fold).size:
        raise ValueError("folds must not train on an example that they hold out")
    return fold
