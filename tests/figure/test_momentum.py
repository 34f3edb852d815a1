"""The map of updates needed: its numbers are those of plain runs."""

import math
import re

import numpy as np
import pytest
import torch

from lrcourse import figure, theory
from lrcourse.figure.momentum import ALONG, RULES, TURNED, updates_needed
from lrcourse.optimizers import SGD
from lrcourse.problems import Quadratic, ravine
from lrcourse.schedules import constant
from lrcourse.training import descend
from tests.browser.figures import FIGURES

BOWL = ravine(condition_number=100, sharpness=10.0)
FIRST = [3.0, -2.0]
CUT = "to a tenth after 20"
FORM = "PyTorch's form"


@pytest.fixture(scope="module")
def plane():
    return FIGURES["momentum"]()


def updates_said(plane, **state):
    said = plane.says({**plane.states["start"], "rule": FORM, **state})
    found = re.search(r": (more than )?(\d+) updates", said)
    return math.inf if found[1] else int(found[2])


def in_torch(optimizer, lr, cut, turn=0.0):
    """Return the updates that PyTorch needs on the bowl, turned by an angle."""
    cos, sin = math.cos(turn), math.sin(turn)
    matrix = torch.tensor([[cos, -sin], [sin, cos]], dtype=torch.float64)
    w = (matrix @ torch.tensor(FIRST, dtype=torch.float64)).requires_grad_()
    curvatures = torch.tensor(BOWL.eigenvalues)
    made = optimizer([w], lr)
    lengths = [w.detach().norm()]
    for step in range(400):
        made.param_groups[0]["lr"] = lr / 10 if cut and step >= 20 else lr
        made.zero_grad()
        (0.5 * (curvatures * (matrix.T @ w) ** 2).sum()).backward()
        made.step()
        lengths.append(w.detach().norm())
    outside = [i for i, x in enumerate(lengths) if not x <= 1e-3 * lengths[0]]
    return outside[-1] + 1 if outside[-1] < 400 else math.inf


optim = torch.optim
TWINS = {
    "PyTorch's form": lambda w, lr: optim.SGD(w, lr, momentum=0.9),
    "Nesterov": lambda w, lr: optim.SGD(w, lr, momentum=0.9, nesterov=True),
    "Adagrad": lambda w, lr: optim.Adagrad(w, lr),
    "RMSprop": lambda w, lr: optim.RMSprop(w, lr),
    "Adam": lambda w, lr: optim.Adam(w, lr, betas=(0.9, 0.999)),
}


@pytest.mark.parametrize("cut", [False, True])
@pytest.mark.parametrize("rule", TWINS)
def test_it_says_the_updates_that_pytorch_needs(plane, rule, cut):
    for lr in (0.05, 0.1):
        for place, turn in ((ALONG, 0.0), (TURNED, math.pi / 6)):
            said = updates_said(
                plane,
                rule=rule,
                lr=lr,
                momentum=0.9,
                bowl=place,
                cut=CUT if cut else "none",
            )
            expected = in_torch(TWINS[rule], lr, cut, turn)
            assert said == pytest.approx(expected, abs=2)  # RMSprop rattles at the end


def test_heavy_ball_needs_55_updates_at_the_best_point_of_the_long_run(plane):
    assert updates_said(plane) == 55
    assert updates_said(plane, momentum=0.7) == 43


@pytest.mark.parametrize("rule", ["PyTorch's form", "Keras' form", "Nesterov"])
def test_nothing_above_the_limit_arrives_without_a_cut(plane, rule):
    for control in plane.controls:
        if control.key == "lr":
            lrs = control.values
    for momentum in (0.0, 0.5, 0.9):
        limit = theory.max_stable_lr_momentum(
            BOWL.hessian, momentum, nesterov=rule == "Nesterov"
        )
        for lr in lrs:
            state = {"rule": rule, "lr": lr, "momentum": momentum}
            if lr >= limit * (1 - 1e-9):
                assert updates_said(plane, **state) == math.inf
            side = "At" if math.isclose(lr, limit) else "Above"
            side = side if lr >= limit * (1 - 1e-9) else "Below"
            assert f"{side} the limit" in plane.says({**plane.states["start"], **state})


def test_a_cut_brings_back_a_run_above_the_limit(plane):
    state = {"rule": "Keras' form", "lr": 0.385, "momentum": 0.9, "cut": CUT}
    said = plane.says({**plane.states["start"], **state})
    assert "Above the limit of 0.38 until the cut." in said


def test_a_run_that_was_lost_before_the_cut_says_so(plane):
    state = {"rule": "Nesterov", "lr": 0.5, "momentum": 0.9, "cut": CUT}
    said = plane.says({**plane.states["start"], **state})
    assert "Above the limit of 0.136 until the cut. Too far by then." in said


def test_updates_needed_counts_from_where_the_distance_stays_small():
    lengths = np.array([[1, 1, 1], [0.0009, 0.5, 0.001], [0.002, 0.0005, 0], [0, 0, 1]])
    assert updates_needed(lengths[..., None]).tolist() == [3.0, 2.0, math.inf]
    run = descend(BOWL, SGD(), constant(0.1), np.array([FIRST]), 3)
    assert updates_needed(run.weights).tolist() == [math.inf]


def test_all_rules_stand_in_it_and_none_twice(plane):
    assert plane.controls[0].values == tuple(RULES)
    assert len(RULES) == 6


@pytest.mark.parametrize("wrong", [Quadratic(np.ones(3)), Quadratic(np.ones(1))])
def test_a_bowl_of_other_than_two_weights_is_refused(wrong):
    with pytest.raises(ValueError, match="must have two weights"):
        figure.momentum_figure(
            wrong, [1.0, 1.0], 9, lrs=(0.1, 0.2), momenta=(0.0, 0.5), cut_after=3,
            start={},
        )  # fmt: skip
