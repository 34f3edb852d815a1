"""The members of a sweep, trained one at a time in PyTorch's own words."""

import copy

import numpy as np
import torch
from torch import nn
from torch.nn.functional import cross_entropy, mse_loss
from torch.optim.lr_scheduler import LambdaLR

from lrcourse.data import batches
from lrcourse.sweep import GRU, MLP, ConvNet

LOSSES = {"cross_entropy": cross_entropy, "mean_squared_error": mse_loss}


def plain_curves(
    model, data, make_optimizer, schedule, seed, epochs, batch_size, loss, max_norm=None
):
    """Return train loss, test loss and accuracy after each epoch, (epochs, 3)."""
    inputs, targets, test_inputs, test_targets = map(torch.as_tensor, data)
    module = as_module(model, seed)
    optimizer = make_optimizer(module.parameters())
    scheduler = LambdaLR(optimizer, schedule)
    losses, curves = [], []
    per_epoch = -(-len(inputs) // batch_size)
    for x, y in batches(inputs, targets, batch_size, epochs, seed):
        value = LOSSES[loss](module(x), y)
        optimizer.zero_grad()
        value.backward()
        if max_norm is not None:
            nn.utils.clip_grad_norm_(module.parameters(), max_norm)
        optimizer.step()
        scheduler.step()
        losses.append(value.item())
        if len(losses) % per_epoch == 0:
            tested = held_out(module, test_inputs, test_targets, loss)
            curves.append((np.mean(losses[-per_epoch:]), *tested))
    return np.array(curves)


@torch.no_grad()
def held_out(module, inputs, targets, loss):
    outputs = module(inputs)
    value = LOSSES[loss](outputs, targets).item()
    if loss == "mean_squared_error":
        return value, np.nan
    return value, (outputs.argmax(1) == targets).double().mean().item()


def as_module(model, seed):
    """Return PyTorch's own network with the first parameters of `model`."""
    params = {name: torch.from_numpy(w) for name, w in model.init(seed).items()}
    makers = {MLP: mlp, ConvNet: conv_net, GRU: Recurrent}
    module = makers[type(model)](model).double()
    with torch.no_grad():
        for w, ours in zip(module.parameters(), in_torch_s_order(params), strict=True):
            w.copy_(ours.mT.reshape(w.shape))
    return module


def in_torch_s_order(params):
    order = ["Wx", "Wh", "bx", "bh", "W", "b"] if "Wx" in params else params
    return [params[name] for name in order]


def mlp(model):
    activation = {"relu": nn.ReLU, "tanh": nn.Tanh, "sigmoid": nn.Sigmoid}
    layers = []
    for inputs, outputs in zip(model.sizes, model.sizes[1:], strict=False):
        layers += [nn.Linear(inputs, outputs), activation[model.activation]()]
    return nn.Sequential(*layers[:-1])


def conv_net(model):
    layers, before = [nn.Unflatten(1, (1, -1))], 1
    for channels in model.channels:
        layers += [nn.Conv1d(before, channels, model.kernel, model.stride), nn.ReLU()]
        before = channels
    pool = [nn.AdaptiveAvgPool1d(1), nn.Flatten()]
    return nn.Sequential(*layers, *pool, nn.Linear(before, model.classes))


class Recurrent(nn.Module):
    def __init__(self, model):
        super().__init__()
        self.features = model.features
        self.gru = nn.GRU(model.features, model.hidden, batch_first=True)
        self.head = nn.Linear(model.hidden, model.classes)

    def forward(self, x):
        _, last = self.gru(x.reshape(*x.shape[:2], self.features))
        return self.head(last[0])


def plain_looks(
    model, sets, make_optimizer, lr_of, seed, epochs, batch_size, at, average=None
):
    """Return what is seen after the updates `at`: losses, accuracies, and the module.

    ``lr_of(step, metrics)`` is the rate of an update, given the losses on the set
    "tuning" after each epoch so far. `average`, an `AveragedModel` and the update whose
    weights are the first in it, is judged in the module's place.
    """
    sets = {name: tuple(map(torch.as_tensor, pair)) for name, pair in sets.items()}
    module = as_module(model, seed)
    averaged, start = average(module) if average else (None, 0)
    optimizer = make_optimizer(module.parameters())
    looks, metrics, losses = [], [], []
    per_epoch = -(-len(sets["train"][0]) // batch_size)
    for step, (x, y) in enumerate(batches(*sets["train"], batch_size, epochs, seed)):
        lr = optimizer.param_groups[0]["lr"] = lr_of(step, metrics)
        value = cross_entropy(module(x), y)
        optimizer.zero_grad()
        value.backward()
        optimizer.step()
        losses.append(value.item())
        if averaged and step >= start:
            averaged.update_parameters(module)
        judged = averaged if averaged and step >= start else module
        if step + 1 in at:
            seen = {
                name: held_out(judged, *pair, "cross_entropy")
                for name, pair in sets.items()
            }
            looks.append(
                {
                    "step": step + 1,
                    "last_lr": lr,
                    "train_loss": np.mean(losses[-per_epoch:]),
                    "sets": seen,
                    "module": copy.deepcopy(judged),
                }
            )
        if (step + 1) % per_epoch == 0:
            metrics.append(held_out(judged, *sets["tuning"], "cross_entropy")[0])
    return looks
