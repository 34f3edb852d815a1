"""The calls under "Use this" in the optimizers' chapter do what our rules do."""

import json
import os
import re

import numpy as np
import optax
import pytest
import torch

os.environ["KERAS_BACKEND"] = "torch"  # read when Keras is imported
import keras

from lrcourse import schedules
from lrcourse.optimizers import SGD, AdamW, KerasSGD
from lrcourse.training import descend
from tests import ROOT

STEPS = 12
CHAPTER = json.loads((ROOT / "book/09_optimizers.ipynb").read_text(encoding="utf-8"))
PROSE = "".join(
    "".join(cell["source"])
    for cell in CHAPTER["cells"]
    if cell["cell_type"] == "markdown"
)
TABS = {
    library: re.findall(r"~~~python\n(.*?)~~~", tab, re.DOTALL)
    for library, tab in re.findall(r"\{tab-item\} (\w+)\n(.*?)\n```", PROSE, re.DOTALL)
}
SLOPES = np.random.default_rng(0).uniform(0.5, 1.5, (STEPS, 3))


class Given:
    """A loss whose gradients are given, one after another."""

    def __init__(self):
        self.left = iter(SLOPES)

    def loss(self, w):
        return 0.0

    def grad(self, w):
        return next(self.left)


def ours(rule, lr):
    return descend(Given(), rule, schedules.cosine(lr, STEPS), np.ones(3), STEPS)


def made(library, number, **names):
    """Run one of the two calls of a tab and return the names it sets."""
    momentum, adamw, *for_either = TABS[library]
    scope = {"steps": STEPS, **names}
    exec("\n".join([(momentum, adamw)[number], *for_either]), scope)
    return scope


RULES = [("momentum", SGD(momentum=0.9), 0.1), ("AdamW", AdamW(), 0.01)]


@pytest.mark.parametrize("number", [0, 1])
def test_the_calls_of_pytorch(number):
    _, rule, lr = RULES[number]
    model = torch.nn.Linear(3, 1, bias=False).double()
    torch.nn.init.ones_(model.weight)
    scope = made("PyTorch", number, torch=torch, model=model)
    for slope in SLOPES:
        model.weight.grad = torch.tensor(slope[None])
        scope["optimizer"].step()
        scope["scheduler"].step()
    weights = model.weight.detach().numpy()[0]
    assert weights == pytest.approx(ours(rule, lr).weights[-1], abs=1e-12)
    assert scope["optimizer"].param_groups[0]["lr"] == pytest.approx(0, abs=1e-15)


@pytest.mark.parametrize("number", [0, 1])
def test_the_calls_of_keras(number):
    _, rule, lr = RULES[number]
    scope = made("Keras", number, keras=keras)
    w = keras.Variable(np.ones(3, dtype="float32"))
    for slope in SLOPES:
        gradient = keras.ops.convert_to_tensor(slope.astype("float32"))
        scope["optimizer"].apply_gradients([(gradient, w)])
    expected = ours(KerasSGD(momentum=0.9) if number == 0 else rule, lr)
    weights = w.value.detach().numpy()
    assert weights == pytest.approx(expected.weights[-1], abs=1e-5)


@pytest.mark.parametrize("number", [0, 1])
def test_the_calls_of_optax(number):
    _, rule, lr = RULES[number]
    scope = made("Optax", number, optax=optax)
    w = np.ones(3)
    state = scope["optimizer"].init(w)
    for slope in SLOPES:
        move, state = scope["optimizer"].update(slope, state, w)
        w = optax.apply_updates(w, move)
    assert np.asarray(w) == pytest.approx(ours(rule, lr).weights[-1], abs=1e-5)


def test_every_tab_has_two_calls():
    assert list(TABS) == ["PyTorch", "Keras", "Optax"]
    assert [len(blocks) for blocks in TABS.values()] == [3, 2, 2]
