"""Every argument that is a number refuses what is none, by its name."""

import os
from functools import partial

import numpy as np
import pandas as pd
import torch
from torch.optim.swa_utils import AveragedModel

from lrcourse import data, optimizers, problems, schedules, sweep
from lrcourse._settings import require_counts, require_positive
from lrcourse.network import MLP
from lrcourse.network.layers import Normed
from lrcourse.schedules.plateau import ReduceOnPlateau
from tests import ROOT
from tests.course import nothing_forgotten
from tests.course.arguments import unasked
from tests.course.imports import house
from tests.course.public import offered

os.environ["KERAS_BACKEND"] = "torch"  # read when Keras is imported
PACKAGES = (  # plotting and figure draw what these have made
    "schedules",
    "optimizers",
    "problems",
    "network",
    "data",
    "measure",
    "theory",
    "convert",
    "training",
    "sweep",
)


MODEL = torch.nn.Linear(2, 2)
BATCHES = [(torch.zeros(1, 2), torch.zeros(1, dtype=torch.int64))] * 4
X, Y = np.eye(3), np.arange(3)
NORMED = Normed(np.zeros((2, 1)), np.ones((1, 1)), np.ones((1, 1)))
WEIGHT = torch.ones(2, requires_grad=True)
LOSS = (WEIGHT**2).sum()
NETWORK = MLP((3, 3))
TABLE = pd.DataFrame({"lr": [0.1, 0.2], "test_loss": [0.3, 0.2]})
EVERY_STEP = partial(torch.optim.lr_scheduler.StepLR, step_size=1)

GOOD = {  # a setting that is taken, by the argument's name or by function and argument
    "convert.convert: call": "ExponentialLR(0.9)",
    "convert.convert: steps": 20,
    "convert.convert: updates_per_epoch": 10,
    "base_lr": 0.1,
    "max_lr": 0.1,
    "min_lr": 0.01,
    "lr": 0.1,
    "gamma": 0.9,
    "k": 0.1,
    "power": 2,
    "period": 3,
    "half_period": 3,
    "first_period": 3,
    "period_mult": 2,
    "milestones": [3, 6],
    "total_steps": 20,
    "warmup_steps": 3,
    "cooldown_steps": 3,
    "boundaries": [3],
    "schedule": schedules.constant(0.1),
    "schedules": [schedules.constant(0.1)] * 2,
    "rule": optimizers.SGD(),
    "factor": 0.5,
    "rate": 0.5,
    "decay_steps": 10,
    "half_life": 10,
    "start": 2,
    "end": 1.0,
    "stop": 5,
    "losses": [3.0, 2.0, 1.0],
    "window": 2,
    "threshold": 0.1,
    "weight_decay": 0.1,
    "max_norm": 1.0,
    "hyper_lr": 0.1,
    "matrix": np.eye(2),
    "grads": {"w": np.ones(2)},
    "params": {"w": np.ones(2)},
    "problem": problems.Quadratic(np.ones(2)),
    "noise": 0.1,
    "seed": 0,
    "n": 2,
    "condition_number": 10.0,
    "angle": 0.1,
    "inputs": 2,
    "outputs": 2,
    "w": np.ones(2),
    "split": data.Split(X, Y, X, Y),
    "labels": Y,
    "steps": 3,
    "batch_size": 2,
    "epochs": 1,
    "characters": 10,
    "confidence": 0.9,
    "momentum": 0.5,
    "distance": 1.0,
    "gradient_bound": 1.0,
    "curvature": 1.0,
    "grad": [1.0, 2.0],
    "hessian": np.eye(2),
    "step": 3,
    "decay": 0.5,
    "count": 3,
    "last_step": 5,
    "model": MODEL,
    "optimizer": torch.optim.SGD(MODEL.parameters(), lr=1.0),
    "batches": BATCHES,
    "samples": [[1.0, 2.0, 4.0]],
    "optimizers.Clipped: max_norm": 1.0,
    "schedules.feedback.WarmupThen: rule": ReduceOnPlateau(0.1),
    "data.as_sequences: steps": 3,
    "data.word_counts: documents": 20,
    "data.batches: inputs": X,
    "network.numerical_grads: loss": lambda params: float(params["w"].sum()),
    "network.running_moments: mean": np.zeros((1, 1)),
    "network.running_moments: var": np.ones((1, 1)),
    "network.running_moments: normed": NORMED,
    "measure.paired_difference: a": [1.0, 2.0, 4.0],
    "measure.paired_difference: b": [1.0, 1.0, 1.0],
    "measure.curvature.sharpness: loss": LOSS,
    "measure.curvature.sharpness: params": [WEIGHT],
    "theory.polyak_lr: loss": 3.0,
    "theory.polyak_lr: min_loss": 1.0,
    "theory.noise_floor: noise": 4.0,
    "theory.steps_to_tolerance: tolerance": 1.0,
    "theory.steps_to_tolerance: curvature": 1.0,
    "theory.scaled_lr: new_batch_size": 4,
    "theory.lr_for_noise_floor: floor": 1.0,
    "theory.scale_invariant_lr: norm": 1.0,
    "theory.optimal_lr_for_batch: noise_scale": 1.0,
    "theory.noise_scale_from_two: small_squares": [6.0],
    "theory.noise_scale_from_two: small": 2,
    "theory.noise_scale_from_two: big_squares": [3.0],
    "theory.noise_scale_from_two: big": 8,
    "theory.inverse_time_loss: base_lr": 1.0,
    "theory.inverse_time_loss: k": 1.0,
    "theory.best_base_lr: shape": schedules.constant(1.0),
    "theory.schedule_of_average: weights": [0.5, 0.5],
    "theory.uncorrected_adam_step: updates": 3,
    "theory.expected_loss: start": 1.0,
    "training.averaging.ema: iterates": [1.0, 2.0],
    "training.averaging.collect: average": AveragedModel(MODEL),
    "training.averaging.collect: start": 0,
    "training.groups.layer_schedules: layers": 2,
    "training.train_epochs: loss_and_grads": lambda params, x, y: (1.0, params),
    "training.train_epochs: metric": lambda params: 1.0,
    "training.torch_epochs.fit_epochs: metric": lambda model: 1.0,
    "feedback": ReduceOnPlateau(0.1),
    "per_epoch": 2,
    "training.torch_loop.scheduler_lrs: make_scheduler": EVERY_STEP,
    "sweep.sweep: model": sweep.MLP((3, 3)),
    "sweep.sweep: data": (X, Y),
    "sweep.sweep: rules": {"sgd": optimizers.SGD()},
    "sweep.sweep: schedules": {"flat": schedules.constant(0.1)},
    "sweep.GRU: hidden": 2,
    "sweep.sweep: n_jobs": 1,
    "widths": [3, 3],
    "patience": 1,
    "order": "fixed",
    "problems.Sampled: problem": problems.LeastSquares(np.eye(3), np.ones(3)),
    "network.broken: net": NETWORK,
    "network.column_params: sd": 1.0,
    "sweep.Linked: net": NETWORK,
    "network.gradient_error: network": NETWORK,
    "network.gradient_error: params": NETWORK.init(0),
    "network.gradient_error: inputs": X,
    "network.gradient_error: targets": Y,
    "measure.calibration_error: probabilities": np.full((3, 3), 1 / 3),
    "measure.expected_best: values": [0.1, 0.2, 0.3],
    "measure.expected_best: tries": 2,
    "measure.share_interval: total": 8,
    "measure.usable_range: table": TABLE,
    "measure.usable_range: metric": "test_loss",
    "measure.usable_range: within": 0.1,
    "theory.steps_to_loss: loss": 1.0,
    "theory.steps_to_loss: start": 4.0,
    "theory.steps_to_loss: noise": 0.1,
    "classes": 3,
    "examples": 3,
    "sizes": (3, 3),
    "channels": (2, 2),
}


MAY_BE = {  # what looks wrong and is right, with the reason
    "optimizers.Polyak: f_star": {"-1": "a loss may lie below zero"},
    "problems.rotation_by: angle": {"-1": "a turn to the right"},
    "problems.counterexamples.Projected: low": {
        "-1": "a wall may stand left of zero",
        "-inf": "no wall on this side",
    },
    "problems.counterexamples.Projected: high": {"inf": "no wall on this side"},
    "sweep.sweep: n_jobs": {"-1": "joblib's word for as many as there are cores"},
    "theory.greedy_schedule: max_lr": {"inf": "no rate is too high"},
    "theory.polyak_lr: min_loss": {"-1": "a loss may lie below zero"},
    "theory.steps_to_tolerance: start": {"-1": "a weight may lie on either side"},
}

RECORDS = {  # functions make them
    *("measure.Best", "measure.UsableRange", "sweep.Look"),
    *("convert.Conversion", "convert.Equivalent", "convert.Plan"),
}


def test_every_number_is_refused_that_is_none(tmp_path):
    functions = offered(house(ROOT / "lrcourse"), PACKAGES)
    functions = {name: f for name, f in functions.items() if name not in RECORDS}
    good = GOOD | {"training.checkpoint.save: path": tmp_path / "saved.pt"}
    nothing_forgotten(unasked(functions, good, MAY_BE))


def test_an_argument_whose_check_is_missing_is_named():
    def made(rate: float, count: int, start: float = 0.0):
        require_positive(rate=rate)
        if not count > 0:
            raise ValueError("too few")

    good = {"made: rate": 0.1, "count": 3}
    may_be = {"made: start": {"-1": "left of zero", "7": "seven is prime"}}
    assert unasked({"made": made}, good, may_be) == [
        "made: count takes 2.5, True and refuses nan, -inf, -1 without its name and "
        "raises TypeError for '1e-3', None: let a check of lrcourse._settings refuse "
        "it by name, or say in MAY_BE why it is right",
        "made: start takes nan, -inf, '1e-3', None, True, inf: let a check of "
        "lrcourse._settings refuse it by name, or say in MAY_BE why it is right",
        "made: start stands in MAY_BE with 7 and does not take it: take that out",
    ]


def test_a_row_of_counts_is_asked_about_its_first():
    def network(sizes: tuple[int, ...]):
        require_counts(**{"each of sizes": sizes[1]})

    (sentence,) = unasked({"network": network}, {"sizes": (3, 3)}, {})
    assert sentence.startswith("network: sizes takes 2.5, nan, -inf, -1, '1e-3', None")


def test_a_function_that_cannot_be_asked_is_named():
    def made(rate: float, rule: object):
        require_positive(rate=rule)

    assert unasked({"made": made}, {"rate": 0.1}, {}) == [
        "made: rate is not asked: give GOOD a value for made: rule"
    ]
    (sentence,) = unasked({"made": made}, {"rate": 0.1, "rule": "sgd"}, {})
    assert sentence.startswith("made: rate is not asked: GOOD does not fit, ValueError")


def test_what_never_ends_for_infinity_is_named_before_it_is_tried():
    def endless(count: int):
        while count > 0:
            count -= 1

    (sentence,) = unasked({"endless": endless}, {"count": 3}, {})
    assert "inf" not in sentence.replace("-inf", "")
