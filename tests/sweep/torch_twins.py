"""Networks of a sweep as PyTorch's own, trained one at a time and judged in evaluation.

Beside `plain_loop`: batch normalisation, parameter groups, clipping, any scheduler.
"""

from itertools import pairwise

import numpy as np
import torch
from torch import nn, optim
from torch.nn.functional import cross_entropy
from torch.optim.lr_scheduler import LambdaLR

from lrcourse.data import batches
from lrcourse.optimizers import SGD, Adam
from lrcourse.schedules import constant, cosine
from lrcourse.sweep import updates
from lrcourse.sweep.models import first_params

RNG = np.random.default_rng(1)
CENTRES = 2 * RNG.standard_normal((3, 12))
LABELS = RNG.integers(0, 3, 70)
CURVES = CENTRES[LABELS] + RNG.standard_normal((70, 12))
DATA = (CURVES[:50], LABELS[:50], CURVES[50:], LABELS[50:])
EPOCHS, BATCH = 3, 16  # the last batch of an epoch has 2 examples
STEPS = updates(50, BATCH, EPOCHS)
GRID = {
    "rules": {"momentum": SGD(momentum=0.9), "adam": Adam()},
    "schedules": {"constant": constant, "cosine": lambda lr: cosine(lr, STEPS)},
    "lrs": [0.003, 0.03],
    "seeds": [3, 4],
    "epochs": EPOCHS,
    "batch_size": BATCH,
    "every_epoch": True,
}
ONE = {**GRID, "rules": {"sgd": SGD()}, "lrs": [0.03], "seeds": [3]}
TORCH_RULES = {
    "momentum": lambda params: optim.SGD(params, lr=1.0, momentum=0.9),
    "adam": lambda params: optim.Adam(params, lr=1.0),
}
MEASURES = ["train_loss", "test_loss", "accuracy"]
ACTIVATIONS = {"relu": nn.ReLU, "tanh": nn.Tanh, "sigmoid": nn.Sigmoid}


def members(table):
    return table.groupby(["rule", "schedule", "lr", "seed"], sort=False)


def members_of(model, seeds):
    return first_params(model, seeds, 1, torch.zeros(1, dtype=torch.float64))


def one_hot(rows):
    return torch.from_numpy(np.eye(3)[DATA[1][rows]])


def as_module(model, seed, sizes=None):
    """Return PyTorch's own network, with the first parameters of `model`."""
    sizes, normed = sizes or model.sizes, getattr(model, "batch_norm", False)
    activation = ACTIVATIONS[getattr(model, "activation", "relu")]
    parts = []
    for layer, (inputs, outputs) in enumerate(pairwise(sizes)):
        hidden = layer < len(sizes) - 2
        parts.append(nn.Linear(inputs, outputs, bias=not (normed and hidden)))
        if hidden:
            parts += [nn.BatchNorm1d(outputs)] * normed + [activation()]
    module = nn.Sequential(*parts).double()
    first = [w for name, w in model.init(seed).items() if "running" not in name]
    with torch.no_grad():
        for w, ours in zip(module.parameters(), first, strict=True):
            w.copy_(torch.from_numpy(ours).mT.reshape(w.shape))
    return module


def torch_curves(module, optimizer, schedule, max_norm=None, seen=None):
    """Return a function of the seed: the measures after each epoch, (epochs, 3).

    `schedule` is a function of the step, or one of PyTorch's schedulers; what it sets
    is noted in `seen`, a list of rates and one of momenta.
    """
    scheduler = LambdaLR(optimizer, schedule) if callable(schedule) else schedule
    inputs, labels, test_inputs, test_labels = map(torch.from_numpy, DATA)

    def train(seed):
        losses, curves = [], []
        for x, y in batches(inputs, labels, BATCH, EPOCHS, seed):
            module.train()
            value = cross_entropy(module(x), y)
            optimizer.zero_grad()
            value.backward()
            if max_norm is not None:
                nn.utils.clip_grad_norm_(module.parameters(), max_norm)
            if seen is not None:
                for noted, what in zip(seen, ("lr", "momentum"), strict=True):
                    noted.append(optimizer.param_groups[0][what])
            optimizer.step()
            scheduler.step()
            losses.append(value.item())
            if len(losses) % (STEPS // EPOCHS) == 0:
                module.eval()
                with torch.no_grad():
                    outputs = module(test_inputs)
                tested = cross_entropy(outputs, test_labels).item()
                right = (outputs.argmax(1) == test_labels).double().mean().item()
                curves.append((np.mean(losses[-(STEPS // EPOCHS) :]), tested, right))
        return np.array(curves)

    return train
