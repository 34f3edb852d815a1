"""The path of an update rule on one problem: ours, PyTorch's, Optax's and Keras'.

60 updates in float64, the rate cut to a tenth in the middle. The gradient is that of a
bowl with seeded noise; three members see it times 1, 1e-4 and 1e-7. All start at the
origin, so that a weight is as small as its movement and 12 digits can be compared.
"""

import os
from dataclasses import replace
from functools import cache

import jax
import numpy as np
import optax
import torch

os.environ["KERAS_BACKEND"] = "torch"  # read when Keras is imported
import keras

STEPS, CUT = 60, 30
SCALES = np.array([[1.0], [1e-4], [1e-7]])
CURVATURES = np.array([1.0, 2.0, 4.0, 8.0])
CENTRE = np.array([3.0, -2.0, 1.0, -0.5])
NOISE = np.random.default_rng(0).standard_normal((STEPS, 4))
START = np.zeros((3, 4))


def lr_of(step):
    return 0.05 if step < CUT else 0.005


def gradient(step, w):
    return SCALES * (CURVATURES * (w - CENTRE) + NOISE[step])


def our_path(rule, eps_times=None, lr_times=None):
    """Return the weights after each update, (steps, scales, weights).

    A difference in convention is a factor of update number t: `eps_times(t)` multiplies
    the rule's eps, `lr_times(t)` the rate.
    """
    w, state, path = START, rule.init(START), []
    for step in range(STEPS):
        lr = lr_of(step) * (lr_times(step + 1) if lr_times else 1)
        now = replace(rule, eps=rule.eps * eps_times(step + 1)) if eps_times else rule
        w, state = now.step(w, gradient(step, w), state, lr)
        path.append(w)
    return np.array(path)


def torch_path(make_optimizer):
    w = torch.nn.Parameter(torch.from_numpy(START.copy()))
    optimizer, path = make_optimizer([w]), []
    for step in range(STEPS):
        optimizer.param_groups[0]["lr"] = lr_of(step)
        w.grad = torch.from_numpy(gradient(step, w.detach().numpy()))
        optimizer.step()
        path.append(w.detach().numpy().copy())
    return np.array(path)


@cache  # compiling a rule takes longer than walking its path
def optax_path(make_optimizer):
    schedule = optax.piecewise_constant_schedule(lr_of(0), {CUT: 0.1})
    optimizer = make_optimizer(schedule)
    update = jax.jit(optimizer.update)
    w = jax.numpy.asarray(START)
    state, path = optimizer.init(w), []
    for step in range(STEPS):
        move, state = update(gradient(step, np.asarray(w)), state, w)
        w = optax.apply_updates(w, move)
        path.append(np.asarray(w))
    return np.array(path)


def keras_path(make_optimizer):
    w = keras.Variable(START, dtype="float64")
    optimizer, path = make_optimizer(), []
    for step in range(STEPS):
        optimizer.learning_rate = lr_of(step)
        grad = gradient(step, w.value.detach().numpy())
        optimizer.apply([torch.from_numpy(grad)], [w])
        path.append(w.value.detach().numpy().copy())
    return np.array(path)


def differences(ours, theirs):
    """Return the largest difference per scale and weight, over its largest movement."""
    return np.abs(ours - theirs).max(axis=0) / np.abs(theirs).max(axis=0)
