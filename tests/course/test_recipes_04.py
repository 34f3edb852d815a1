"""The recipe of chapter 4 runs as it stands: He's weights, lengths, clipping."""

import os

import numpy as np
import pytest

from tests.course.test_recipes import arrays, recipes

os.environ["KERAS_BACKEND"] = "torch"  # read when Keras is imported
RECIPES = recipes("04_vanishing")


def test_in_pytorch_gradients_are_level_and_the_clipped_run_learns():
    torch = pytest.importorskip("torch")
    torch.manual_seed(0)
    names = arrays("PyTorch")
    exec(RECIPES["PyTorch"], names)
    *hidden, _ = names["lengths"]
    assert len(hidden) == 8
    assert max(hidden) < 6 * min(hidden)
    right = names["model"](names["x_val"]).argmax(1) == names["y_val"]
    assert right.double().mean().item() > 0.4
    assert names["norm"].item() > 0


def test_in_keras_the_whole_network_is_clipped():
    pytest.importorskip("keras")
    names = arrays("Keras")
    exec("import keras\nkeras.utils.set_random_seed(0)\n" + RECIPES["Keras"], names)
    model = names["model"]
    assert model.optimizer.global_clipnorm == 10.0
    assert model.optimizer.clipnorm is None
    guessed = model(names["x_val"]).detach().numpy().argmax(axis=1)
    assert (guessed == names["y_val"]).mean() > 0.4


def test_in_optax_a_step_is_at_most_as_long_as_rate_times_maximum():
    pytest.importorskip("optax")
    names = arrays("Optax")
    exec(RECIPES["Optax"], names)
    *hidden, _ = names["lengths"]
    assert max(hidden) < 6 * min(hidden)
    for times in (1.0, 100.0):  # as it is, and too long
        grads = [
            {name: times * grad for name, grad in of.items()} for of in names["grads"]
        ]
        changes, _ = names["rule"].update(grads, names["state"])
        step, length = _norm(changes), _norm(grads)
        assert (length > 10) == (times > 1)
        assert step == pytest.approx(0.1 * min(length, 10.0), rel=1e-4)


def _norm(of_layers):
    squares = (float((array**2).sum()) for of in of_layers for array in of.values())
    return np.sqrt(sum(squares))
