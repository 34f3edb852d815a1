"""Cuts in pure noise, against all orders there are and against PyTorch's rule."""

import itertools
import math

import numpy as np
import pytest
import torch
from torch.optim.lr_scheduler import ReduceLROnPlateau

from lrcourse import theory
from lrcourse.schedules.feedback import rates
from lrcourse.schedules.plateau import ReduceOnPlateau


def cut_by_torch(metrics, patience):
    """Say whether PyTorch's rule cuts the rate on its way through `metrics`."""
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=1.0)
    rule = ReduceLROnPlateau(optimizer, patience=patience, threshold=0.0)
    for metric in metrics:
        rule.step(metric)
    return optimizer.param_groups[0]["lr"] < 1


@pytest.mark.parametrize("patience", [0, 1, 2, 3, 4])
@pytest.mark.parametrize("epochs", [1, 2, 4, 6])
def test_it_is_the_share_of_all_orders_in_which_the_rule_cuts(epochs, patience):
    cuts = [
        cut_by_torch(order, patience)
        for order in itertools.permutations(np.arange(1.0, epochs + 1).tolist())
    ]
    assert theory.false_cut(epochs, patience) == pytest.approx(np.mean(cuts), abs=1e-12)


def test_our_own_rule_cuts_in_the_same_orders():
    rule = ReduceOnPlateau(1.0, patience=1, threshold=0.0)
    cuts = [
        rates(rule, order)[-1] < 1
        for order in itertools.permutations([1.0, 2.0, 3.0, 4.0, 5.0])
    ]
    assert theory.false_cut(5, patience=1) == pytest.approx(np.mean(cuts), abs=1e-12)


@pytest.mark.parametrize("patience", [0, 1, 2, 5, 10, 50])
def test_the_first_cut_that_can_be_comes_with_one_chance_in_patience_plus_two(patience):
    assert theory.false_cut(patience + 1, patience) == pytest.approx(0, abs=1e-15)
    first = theory.false_cut(patience + 2, patience)
    assert first == pytest.approx(1 / (patience + 2), rel=1e-12)


@pytest.mark.parametrize(("patience", "median"), [(2, 6), (5, 11), (10, 19), (20, 35)])
def test_half_of_all_runs_are_cut_that_early(patience, median):
    assert theory.false_cut(median - 1, patience) < 0.5
    assert theory.false_cut(median, patience) >= 0.5


def test_in_the_end_every_run_is_cut():
    chances = [theory.false_cut(epochs, 3) for epochs in (10, 100, 1000, 10_000)]
    assert chances == sorted(chances)
    assert 0.999 < chances[-1] <= 1.0


def test_simulated_noise_is_cut_as_often():
    noise = np.random.default_rng(0).standard_normal((3000, 20))
    best = np.minimum.accumulate(noise, axis=1) == noise
    ages = np.zeros((3000, 20), dtype=int)
    for epoch in range(1, 20):
        ages[:, epoch] = np.where(best[:, epoch], 0, ages[:, epoch - 1] + 1)
    share = np.mean(ages.max(axis=1) > 5)
    exact = theory.false_cut(20, patience=5)
    assert share == pytest.approx(exact, abs=4 * math.sqrt(exact * (1 - exact) / 3000))


@pytest.mark.parametrize(
    ("epochs", "patience", "reason"),
    [(0, 1, "epochs"), (2.0, 1, "epochs"), (5, -1, "patience"), (5, True, "patience")],
)
def test_settings_outside_the_formula_are_refused(epochs, patience, reason):
    with pytest.raises(ValueError, match=reason):
        theory.false_cut(epochs, patience)
