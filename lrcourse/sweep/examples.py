"""The examples of a sweep: sets of arrays, checked once and turned into tensors."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor

from lrcourse.sweep.models import Model, first_params

TRAIN = "train"  # the set that is trained on; all others are measured only
TEST = "test"  # what a tuple of four holds behind it

Pair = tuple[NDArray[Any], NDArray[Any]]  # inputs and targets
GivenData = Sequence[ArrayLike] | Mapping[str, Sequence[ArrayLike]]


class Examples(NamedTuple):
    """Inputs (examples, ...) and targets (examples, outputs), labels one-hot."""

    inputs: Tensor
    targets: Tensor


def load(data: GivenData) -> dict[str, Pair]:
    """Return inputs and targets by the name of their set, "train" among them.

    ``(inputs, targets)`` is the set "train"; two arrays behind it are "test".

    Raises:
        ValueError: `data` are none, or not of one shape, or not finite.
    """
    sets = _named(data) if isinstance(data, Mapping) else _in_a_row(data)
    inputs, targets = sets[TRAIN]
    for name, (others, their_targets) in sets.items():
        where = _where(data, name)
        _require_pairs(where, others, their_targets)
        _require_alike(where, "inputs", others, inputs)
        if their_targets.ndim > 1:
            _require_alike(where, "targets", their_targets, targets)
    return sets


def prepare(
    model: Model, data: GivenData, loss: str, dtype: torch.dtype, device: str
) -> dict[str, Examples]:
    """Return the sets of `data` as tensors, once they fit the model and the loss.

    Raises:
        ValueError: `model` is none, `data` do not fit, or `device` is not here.
    """
    _require_model(model)
    _require_device(device, dtype)
    examples = {}
    for name, (inputs, targets) in load(data).items():
        tensor = torch.from_numpy(np.ascontiguousarray(inputs)).to(device, dtype)
        width, where = _outputs(model, tensor[None, :1]), _where(data, name)
        if loss == "cross_entropy":
            targets = _one_hot(where, targets, width)
        elif targets.shape != (len(inputs), width):
            raise ValueError(
                f"{where} must have targets of shape ({len(inputs)}, {width}), like "
                f"the outputs of the model, got {targets.shape}"
            )
        examples[name] = Examples(tensor, torch.from_numpy(targets).to(tensor))
    return examples


def _in_a_row(data: Sequence[ArrayLike]) -> dict[str, Pair]:
    if len(data) not in (2, 4):
        raise ValueError(
            "data must be (inputs, targets) or (inputs, targets, test_inputs, "
            f"test_targets), got {len(data)} arrays"
        )
    inputs, targets, *test = (_numpy(array) for array in data)
    return {TRAIN: (inputs, targets)} | ({TEST: (test[0], test[1])} if test else {})


def _named(data: Mapping[str, Sequence[ArrayLike]]) -> dict[str, Pair]:
    if TRAIN not in data:
        raise ValueError(
            f"data must have a set {TRAIN!r} to train on, got sets {list(data)}"
        )
    sets = {}
    for name, pair in data.items():
        if not isinstance(name, str):
            raise ValueError(f"data must name its sets by strings, got {name!r}")
        if not isinstance(pair, Sequence) or len(pair) != 2:
            raise ValueError(f"data[{name!r}] must be (inputs, targets), got {pair!r}")
        sets[name] = (_numpy(pair[0]), _numpy(pair[1]))
    return sets


def _where(data: GivenData, name: str) -> str:
    """Say which argument a set came with."""
    if isinstance(data, Mapping):
        return f"data[{name!r}]"
    return "data" if name == TRAIN else "data (to test on)"


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


def _one_hot(where: str, labels: NDArray[Any], classes: int) -> NDArray[Any]:
    """Return `labels` as rows with a one each, (examples, classes)."""
    if labels.ndim != 1 or labels.dtype.kind not in "iu":
        raise ValueError(
            f"{where} must have labels of shape (examples,) for loss='cross_entropy', "
            f"whole numbers, got shape {labels.shape} of {labels.dtype}"
        )
    if labels.min() < 0 or labels.max() >= classes:
        raise ValueError(
            f"{where} must have labels from 0 to {classes - 1}, for the {classes} "
            f"outputs of the model, got {labels.min()} to {labels.max()}"
        )
    hot: NDArray[np.bool_] = labels[:, None] == np.arange(classes)
    return hot.astype(np.float64)


def _numpy(array: ArrayLike | Tensor) -> NDArray[Any]:
    return array.numpy(force=True) if isinstance(array, Tensor) else np.asarray(array)


def _require_pairs(where: str, inputs: NDArray[Any], targets: NDArray[Any]) -> None:
    if inputs.ndim < 2 or not len(inputs) or targets.shape[:1] != inputs.shape[:1]:
        raise ValueError(
            f"{where} must have inputs of shape (examples, features), at least one, "
            f"and a target for each, got shapes {inputs.shape} and {targets.shape}"
        )
    for name, array in (("inputs", inputs), ("targets", targets)):
        if array.dtype.kind not in "biuf":
            raise ValueError(f"{where} must have {name} of numbers, got {array.dtype}")
        wrong = np.flatnonzero(~np.isfinite(array.reshape(len(array), -1)).all(1))
        if len(wrong):
            raise ValueError(
                f"{where} must be finite, but {len(wrong)} of {len(array)} {name} are "
                f"not, the first at row {wrong[0]}: drop such rows or fill them in"
            )


def _require_alike(
    where: str, name: str, others: NDArray[Any], first: NDArray[Any]
) -> None:
    if others.shape[1:] != first.shape[1:]:
        raise ValueError(
            f"{where} must have {name} like those to train on, "
            f"got examples of {others.shape[1:]} and {first.shape[1:]}"
        )


def _require_model(model: object) -> None:
    if not isinstance(model, Model):
        raise ValueError(
            "model must be an MLP, ConvNet or GRU of lrcourse.sweep, or a Model of "
            f"your own, got {type(model).__name__}"
        )


def _require_device(device: str, dtype: torch.dtype) -> None:
    try:
        torch.empty(1, device=device, dtype=dtype)
    except (RuntimeError, AssertionError, TypeError) as error:
        raise ValueError(
            f"device must be one that PyTorch can compute {dtype} on here, "
            f"got {device!r}: {error}"
        ) from error
