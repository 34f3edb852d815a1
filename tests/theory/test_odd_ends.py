"""Every formula is tried at odd arguments, and refuses what is empty."""

import numpy as np
import pytest

from lrcourse import theory
from tests.theory import test_odd_bowls, test_odd_numbers, test_odd_rates
from tests.theory.fifty_digits import schedule_of

SEARCHED = {"best_schedule", "greedy_schedule", "steps_to_loss"}
SEARCHED |= {"noise_scale_from_two"}  # of two rows: in test_batch
RESULTS = {"AfterCut", "HeavyBall"}


def test_every_formula_is_tried_at_odd_arguments():
    tables = test_odd_numbers.SCALARS, test_odd_rates.CASES, test_odd_bowls.CASES
    tried = [name for table in tables for name in table]
    assert len(tried) == len(set(tried))
    assert set(tried) | SEARCHED == set(theory.__all__) - RESULTS


EMPTY = {
    "adam_first_step": ([], 0.1),
    "averaging_weights": (schedule_of([0.1]), 0),
    "budget": (schedule_of([0.1]), -1),
    "schedule_of_average": (0.1, []),
    "hypergradient": ([], []),
    "loss_change": (0.1, [], np.empty((0, 0))),
    "noise_scale": ([], np.empty((0, 0)), np.empty((0, 0))),
    "max_stable_lr": (np.empty((0, 0)),),
    "heavy_ball_factor": (np.empty((0, 0)), 0.1, 0.5),
    "expected_loss": (schedule_of([0.1]), [], [], [], 3),
    "best_schedule": ([], [], [], 3, 0.1),
    "greedy_schedule": ([], [], [], 3),
    "steps_to_loss": (1.0, 0.1, [], [], []),
    "relu_length_variance": ([],),
}


@pytest.mark.parametrize("name", sorted(EMPTY.keys() - {"adam_first_step"}))
def test_what_is_empty_is_refused_in_a_sentence(name):
    with pytest.raises(ValueError, match=r"must|got"):
        getattr(theory, name)(*EMPTY[name])


def test_no_gradient_has_no_first_step():
    assert theory.adam_first_step([], 0.1).shape == (0,)
