"""Save a training and resume it, bit for bit.

What a run is made of besides its code: the weights and buffers of the model, the
optimizer's memory, the number of updates done, the state of every random generator,
and the metrics that a feedback rule has seen. Schedules, and the order of
`data.batches`, are functions of the step and need nothing saved.
"""

import lrcourse._torch  # noqa: F401  # isort: skip
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import torch
from torch import nn
from torch.optim import Optimizer

from lrcourse._settings import require_counts_or_zero

_PARTS = {"built", "model", "optimizer", "step", "metrics", "random"}


class Progress(NamedTuple):
    """How far a saved run had come: its updates, and the metrics of its epochs."""

    step: int
    metrics: list[float]


def save(
    path: str | Path,
    model: nn.Module,
    optimizer: Optimizer,
    step: int,
    metrics: Sequence[float] = (),
    generators: Sequence[torch.Generator] = (),
) -> None:
    """Write all that the run needs to go on from `step`, the number of updates done.

    PyTorch's global generator, from which dropout draws, is always saved; `generators`
    are those of your own. The file is replaced whole or not at all.
    """
    require_counts_or_zero(step=step)
    checkpoint = {
        "built": _built(model, optimizer),
        "model": model.state_dict(),
        "optimizer": optimizer.state_dict(),
        "step": int(step),
        "metrics": [float(metric) for metric in metrics],
        "random": [g.get_state() for g in (torch.default_generator, *generators)],
    }
    _write(Path(path), checkpoint)


def load(
    path: str | Path,
    model: nn.Module,
    optimizer: Optimizer,
    generators: Sequence[torch.Generator] = (),
) -> Progress:
    """Put a saved run back into objects built as they were, and say how far it was.

    The optimizer's settings are the saved ones too. Go on with
    ``fit(..., first_step=progress.step)`` and the batches of the whole run.

    Raises:
        OSError: the file is missing, or cannot be read.
        ValueError: the file is none of `save`; a tensor, the optimizer or its groups
            are not what they were, or something else is frozen, or the generators are
            not as many. Then nothing has changed.
    """
    checkpoint = _read(Path(path))
    _require_same(checkpoint["built"], _built(model, optimizer))
    everyone, states = (torch.default_generator, *generators), checkpoint["random"]
    if len(states) != len(everyone):
        raise ValueError(
            f"generators must be {len(states) - 1}, as saved, got {len(generators)}"
        )
    model.load_state_dict(checkpoint["model"])
    optimizer.load_state_dict(checkpoint["optimizer"])
    for generator, state in zip(everyone, states, strict=True):
        generator.set_state(state)
    return Progress(checkpoint["step"], checkpoint["metrics"])


def _read(path: Path) -> dict[str, Any]:
    """Return what `save` wrote; a file that would run code does not get to."""
    try:
        loaded = torch.load(path, map_location="cpu", weights_only=True)
    except OSError:
        raise
    except Exception as error:  # torch has no one error for bytes that are not its own
        said = f"{type(error).__name__}: {error}".split("\n")[0]
        what = said if path.stat().st_size else "it is empty"
        raise ValueError(
            f"{path} is no checkpoint, or not all of one: {what}"
        ) from error
    checkpoint: dict[str, Any] = loaded if isinstance(loaded, dict) else {}
    if missing := sorted(_PARTS - checkpoint.keys()):
        raise ValueError(
            f"{path} was not written by lrcourse.training.checkpoint.save: it holds a "
            f"{type(loaded).__name__} without {', '.join(missing)}"
        )
    return checkpoint


def _write(path: Path, checkpoint: dict[str, Any]) -> None:
    """Write the whole file under another name first: no one reads half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        draft = Path(folder) / path.name
        with draft.open("wb") as file:
            torch.save(checkpoint, file)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)


def _built(model: nn.Module, optimizer: Optimizer) -> dict[str, str]:
    """Describe what must be built again before the saved numbers fit in.

    An optimizer's memory is filed by position: the order of its weights matters.
    """
    names = {id(w): name for name, w in model.named_parameters()}
    groups = [[names.get(id(w)) for w in g["params"]] for g in optimizer.param_groups]
    tensors = {
        name: f"{tuple(tensor.shape)} {tensor.dtype} "
        + ("that trains" if tensor.requires_grad else "that does not train")
        for name, tensor in model.state_dict(keep_vars=True).items()
    }
    return tensors | {"optimizer": f"{type(optimizer).__name__} of {groups}"}


def _require_same(saved: dict[str, str], given: dict[str, str]) -> None:
    for part in saved | given:
        then, now = saved.get(part, "absent"), given.get(part, "absent")
        if then != now:
            raise ValueError(f"{part} must be {then}, as saved, got {now}")
