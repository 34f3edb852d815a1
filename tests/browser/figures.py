"""One figure of each kind, small and made up, for the tests of figures."""

import math

import numpy as np

from lrcourse import figure, theory
from lrcourse.optimizers import SGD, Adagrad, Adam, KerasSGD, RMSprop
from lrcourse.problems import Quadratic, ravine
from lrcourse.schedules import (
    constant,
    cosine,
    exponential,
    inverse_time,
    linear,
    one_cycle,
    polynomial,
    step_decay,
    triangular,
    triangular2,
    warm_restarts,
    warmup,
    wsd,
)
from lrcourse.training import RangeTest, range_test_schedule

BOWL = Quadratic(np.array([1.0, 10.0]))
SCHEDULES = {
    "constant": constant(1.0),
    "step decay": step_decay(1.0, gamma=0.5, period=15),
    "exponential": exponential(1.0, gamma=0.95),
    "inverse time": inverse_time(1.0, k=0.1),
    "polynomial": polynomial(1.0, 60, power=2),
    "linear": linear(1.0, 60),
    "cosine": cosine(1.0, 60),
    "triangular": triangular(0.1, 1.0, half_period=10),
    "triangular2": triangular2(0.1, 1.0, half_period=10),
    "warm restarts": warm_restarts(1.0, first_period=20),
    "one cycle": one_cycle(1.0, 60),
    "wsd": wsd(1.0, 60, warmup_steps=6, cooldown_steps=20),
    "warmup, cosine": warmup(cosine(1.0, 50), warmup_steps=10),
}
RULES = {
    "SGD": SGD(),
    "momentum 0.9": SGD(momentum=0.9),
    "Nesterov": SGD(momentum=0.9, nesterov=True),
    "Keras": KerasSGD(momentum=0.9),
    "Adagrad": Adagrad(),
    "RMSprop": RMSprop(),
    "RMSprop in Keras": RMSprop(beta2=0.9, eps=1e-7, eps_in_root=True),
    "Adam": Adam(),
}
FIRST, STEPS = [3.0, -2.0], 60


def descent(bowl=BOWL, rules=RULES, **changes):
    settings = {
        "rates": (0.005, 0.25, 0.005),
        "start": {"lr": 0.21, "schedule": "constant", "rule": "SGD", "step": 60},
        "name": "one-number",
        "question": "Which rate brings the loss lowest?",
    }
    if "start" not in changes and rules is RULES:
        settings["marks"] = {
            "0.9 of the limit": {"lr": 0.18},
            "cosine": {"schedule": "cosine"},
            "Adam": {"rule": "Adam", "step": 10},
        }
    return figure.descent_figure(
        bowl, SCHEDULES, rules, FIRST, STEPS, **settings | changes
    )


def momentum():
    bowl = ravine(condition_number=100, sharpness=10.0)
    best = theory.heavy_ball_optimum(bowl.hessian)
    return figure.momentum_figure(
        bowl,
        FIRST,
        400,
        start={"momentum": best.momentum, "lr": best.lr},
        marks={
            "gradient descent": {
                "momentum": 0.0,
                "lr": theory.best_constant_lr(bowl.hessian),
            },
            "just beyond": {"momentum": 0.9, "lr": 0.385},
        },
        name="plane",
        question="Which rate is best at momentum 0.9?",
    )


def schedules():
    return figure.schedule_figure(
        {"cosine": cosine(0.1, 100), "linear": linear(0.1, 100)},
        150,
        start={"shown": "cosine", "against": "linear", "place": 25},
        marks={"half way": {"place": 50}, "yours": {"shown": "mine"}},
        extra={"mine": lambda step: 0.1 * math.cos(math.pi * step / 200)},
        name="side-by-side",
        question="Where are the two furthest apart?",
    )


def ranges():
    schedule = range_test_schedule(1e-4, 3.0, steps=200)
    lrs = np.array([schedule(step) for step in range(200)])
    fall = 2.4 - 0.7 / (1 + (0.01 / lrs) ** 2) + (lrs / 0.5) ** 2
    noise = np.random.default_rng(0).normal(0, 0.05, (2, 200))
    tests = {f"seed {i}": RangeTest(lrs, fall + noise[i]) for i in range(2)}
    return figure.range_figure(
        tests,
        start={"test": "seed 0", "beta": 0.9, "update": 150},
        marks={"unsmoothed": {"beta": 0.0}, "the other": {"test": "seed 1"}},
        name="range-test",
        question="From which smoothing on do the rules agree?",
    )


def cycles():
    shares, half_periods, max_lrs = (0.1, 1.0), (50, 100), (0.02, 0.05, 0.12)
    losses = 1 + np.random.default_rng(0).random((2, 2, 3, 8))
    losses[1, 1, 2] = np.inf
    return figure.cycle_figure(
        losses,
        shares=shares,
        half_periods=half_periods,
        max_lrs=max_lrs,
        total_steps=400,
        start={"max_lr": 0.05, "share": 0.1, "half_period": 100},
        marks={"lost": {"max_lr": 0.12, "share": 1.0}},
        name="cycles",
        question="Which shape can afford the highest peak?",
    )


def curves():
    return figure.curves_figure(
        {"yours": [0.1, 0.05, 0.04, None], "expected": [0.1, 0.05, 0.02, 0.0]},
        [0.0, 25.0, 50.0, 75.0],
        "step",
        "rate",
    )


FIGURES = {
    "descent": descent,
    "momentum": momentum,
    "schedules": schedules,
    "ranges": ranges,
    "cycles": cycles,
    "curves": curves,
}
