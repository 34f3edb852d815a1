"""One figure of each kind, small and made up, for the tests of figures."""

import math

import numpy as np

from lrcourse import figure, theory
from lrcourse.convert import convert
from lrcourse.figure import Choice, Stops
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
        lrs=(0.05, 0.1, 0.2, best.lr, 0.379, 2 * 1.9 / 10.0, 0.385, 0.5),
        momenta=(0.0, 0.5, best.momentum, 0.7, 0.9),
        cut_after=20,
        start={
            "rule": "Adam",
            "cut": "none",
            "bowl": "along the axes",
            "momentum": best.momentum,
            "lr": best.lr,
        },
        marks={
            "heavier": {"momentum": 0.9},
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


def cycles(same_constants=False):
    shares, half_periods, max_lrs = (0.1, 1.0), (50, 100), (0.02, 0.05, 0.12)
    losses = 1 + np.random.default_rng(0).random((2, 2, 3, 8))
    losses[1, 1, 2] = np.inf
    if same_constants:
        losses[1] = losses[1, 0]
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


def stopping():
    rng = np.random.default_rng(0)
    scores = {name: 50 + rng.random((5, 4)) for name in ("ours", "linear", "constant")}
    return figure.stopping_figure(
        scores,
        {"ours": triangular(0.01, 0.1, 50), "linear": linear(0.1, 400)}
        | {"constant": constant(0.05)},
        against="ours",
        stops=(100, 200, 250, 400),
        start={"rival": "linear", "stop": 200},
        marks={"the end": {"stop": 400}},
        name="stopping",
        question="Who is ahead where?",
    )


def curves():
    return figure.curves_figure(
        {"yours": [0.1, 0.05, 0.04, None], "expected": [0.1, 0.05, 0.02, 0.0]},
        [0.0, 25.0, 50.0, 75.0],
        "step",
        "rate",
    )


def conversions():
    return figure.conversion_figure(
        {
            "CosineAnnealingLR": convert("CosineAnnealingLR(T_max=40)", base_lr=0.1),
            "ExponentialLR, an epoch": convert(
                "ExponentialLR(gamma=0.9)", base_lr=0.1, updates_per_epoch=10, steps=60
            ),
            "constant": convert("constant(0.1)", steps=60),
        },
        60,
        start={"call": "CosineAnnealingLR", "library": "Keras", "place": 55},
        marks={"epochs": {"call": "ExponentialLR, an epoch", "library": "Optax"}},
        name="converter",
        question="Which of the libraries climbs again?",
    )


RATES, BATCHES, EPOCHS = (0.01, 0.03, 0.1, 0.3), (4, 16, 64), (1, 2, 3, 4, 5)


def trained(rule, rate, batch):
    """Return made-up results; plain steps do not know their batch size."""
    noise = 0.0 if rule == "plain" else batch / 1000
    losses = 2.3 * np.exp(-np.array(EPOCHS) * rate * 3) + noise
    if rate == 0.3 and rule == "plain":
        losses[2:] = np.nan
    errors = np.array([rate, 1.7 * rate + noise, 0.05])
    return {
        "losses": losses,
        "loss": losses[-1],
        "errors": errors,
        "low": 0.9 * errors,
        "high": 1.2 * errors,
        "worst": ("W1", "b1", "W2")[errors.argmax()],
        "note": "batches count" if noise else "all batches are one",
        "spent": 5 * rate,
        "updates": 9001 // batch,
    }


RUNS = {
    (rule, rate, batch): trained(rule, rate, batch)
    for rule in ("plain", "noisy")
    for rate in RATES
    for batch in BATCHES
}
RUN_CONTROLS = (
    Choice("rule", "rule", ("plain", "noisy")),
    Stops("lr", "learning rate", RATES),
    Stops("batch", "batch size", BATCHES),
)


def grid(**changes):
    settings = {
        "start": {"rule": "noisy", "lr": 0.1, "batch": 16, "epoch": 3},
        "marks": {
            "lost": {"rule": "plain", "lr": 0.3},
            "plain": {"rule": "plain", "epoch": 1},
        },
        "says": "{rule}, {lr}, {batch}: {losses} at epoch {epoch}, {loss} at the end; "
        "{note}. The best is {best loss}, at {best lr}.",
        "name": "recorded",
        "question": "At which rate does the batch size count most?",
    }
    views = (
        figure.Curves("train loss", "losses", at="epoch", behind="lr"),
        figure.Across("loss at the end", "loss", along="lr", behind="rule", best="min"),
        figure.Rows(
            "error of a gradient",
            "errors",
            ("W1", "b1", "W2"),
            low="low",
            high="high",
            order="max",
            highlight="worst",
            log=True,
        ),
        figure.Number("sum of the rates", "spent", words="{worst} is worst."),
    )
    controls = (*RUN_CONTROLS, Stops("epoch", "epoch", EPOCHS))
    return figure.grid_figure(RUNS, controls, views, **settings | changes)


def trainability():
    return figure.grid_figure(
        RUNS,
        RUN_CONTROLS,
        (
            figure.Map(
                "loss at the end",
                "loss",
                x="lr",
                y="batch",
                best="min",
                same="spent",
                log=True,
            ),
            figure.Points(
                "loss at the end",
                "spent",
                "loss",
                "sum of the rates",
                same="spent",
                logx=True,
            ),
        ),
        start={"rule": "noisy", "lr": 0.1, "batch": 16},
        marks={"lost": {"rule": "plain", "lr": 0.3}},
        says="{rule}, {lr}, {updates} updates: {loss} at the end.",
        lost="lost",
        name="map",
        question="Where is the map of plain steps torn?",
    )


def ends():
    middles = np.linspace(-1.5, 1.5, 13)
    runs = {
        (shape, peak): {
            "share": np.exp(-((middles - where) ** 2) / peak),
            "left": where * peak,
        }
        for shape, where in {"linear": -0.7, "constant": 0.7}.items()
        for peak in (0.1, 1.0)
    }
    return figure.grid_figure(
        runs,
        (
            Choice("shape", "shape", ("linear", "constant")),
            Stops("peak", "peak rate", (0.1, 1.0)),
        ),
        (
            figure.Histogram(
                "where runs end",
                "share",
                middles,
                "weight",
                over=middles**4 - middles**2,
                over_name="loss",
            ),
        ),
        start={"shape": "linear", "peak": 0.1},
        says="{shape} from {peak}: {left} are left.",
        name="wells",
    )


NOISY_BOWL = figure.ExpectedLoss([1.0], [1.0], [3.0])
RAVINE = figure.ExpectedLoss([0.01, 0.1, 1.0], [0.05, 0.15, 0.5], [10.0, 4.0, 1.0])
VALLEY = figure.ExpectedLoss([1.0, 0.01], [1.0, 0.0], [0.0, 10.0], ("hill", "river"))
PROBLEMS = {"ravine": RAVINE, "bowl": NOISY_BOWL}
RIVALS = {"linear": linear(1.5, 40), "constant": constant(0.2)}


def drawn(**changes):
    settings = {
        "max_lr": 1.9,
        "handles": 6,
        "rivals": {"ravine": RIVALS, "bowl": RIVALS},
        "best": {
            name: theory.best_schedule(
                each.curvature, each.noise, each.start, 40, max_lr=1.9
            )
            for name, each in PROBLEMS.items()
        },
        "start": {"problem": "ravine", "rates": linear(1.9, 40)},
        "marks": {"inverse": {"problem": "bowl", "rates": inverse_time(0.9, k=0.9)}},
        "name": "draw",
        "question": "Which end does the ravine want?",
    }
    return figure.draw_figure(PROBLEMS, 40, **settings | changes)


FIGURES = {
    "descent": descent,
    "momentum": momentum,
    "schedules": schedules,
    "ranges": ranges,
    "cycles": cycles,
    "stopping": stopping,
    "curves": curves,
    "conversions": conversions,
    "grid": grid,
    "map": trainability,
    "ends": ends,
    "drawn": drawn,
}
