"""What a sweep refuses, before it trains anything: the argument and the fix, named."""

import numpy as np
import pytest

from lrcourse.optimizers import SGD
from lrcourse.schedules import constant, cosine
from lrcourse.sweep import GRU, MLP, ConvNet, sweep
from tests.sweep.test_sweep import DATA, GRID, INPUTS

X, Y = DATA[:2]
MODEL = MLP((12, 8, 3))
WITH_NAN = np.where(np.arange(X.size).reshape(X.shape) == 40, np.nan, X)
REFUSED = [
    ({"lrs": []}, r"lrs must be a row of at least one learning rate.* got \[\]"),
    ({"lrs": [[0.1, 0.2]]}, r"lrs must be a row .* got \[\[0.1, 0.2\]\]"),
    ({"lrs": [0.1, -0.1]}, "lrs must be .* positive and finite, got"),
    ({"lrs": [np.inf]}, "lrs must be .* positive and finite, got"),
    ({"schedules": {}}, "schedules must name at least one schedule, got none"),
    (
        {"schedules": {"short": [0.1] * 5}, "lrs": None},
        r"schedules\['short'\] must have one rate for each of 12 updates, got shape "
        r"\(5,\): give a function of the step, or 12 rates",
    ),
    (
        {"schedules": {"short": lambda lr: [lr] * 13}},
        r"schedules\['short'\] must have one rate for each of 12 updates",
    ),
    (
        {"schedules": {"flat": constant(0.1)}},
        r"schedules\['flat'\] must be a function that takes a peak rate and returns a "
        "schedule, because lrs is given",
    ),
    (
        {"schedules": {"maker": constant}, "lrs": None},
        r"schedules\['maker'\] must return a rate for a step, got .*; if it takes a "
        "peak rate, give lrs",
    ),
    (
        {"schedules": {"up": lambda lr: lambda step: lr - step}},
        r"schedules\['up'\] must be finite and not negative, got -0.997 at step 1",
    ),
    ({"rules": {}}, "rules must name at least one update rule"),
    ({"rules": "adam"}, "rules must name at least one update rule, .* got 'adam'"),
    (
        {"rules": {"best": "adam"}},
        r"rules\['best'\] must be an update rule, such as SGD\(\) or Adam\(\) of "
        "lrcourse.optimizers, got 'adam'",
    ),
    ({"rules": {"sgd": SGD}}, r"rules\['sgd'\] must be an update rule, .* got <class"),
    ({"seeds": []}, "seeds must hold at least one seed, got none"),
    ({"folds": []}, r"folds must have at least one \(train, held out\) pair"),
    ({"folds": [([0, 1], [50])]}, "folds must be .* from 0 to 49 and none empty, got"),
    ({"folds": [([0, 1], [])]}, "folds must be .* none empty, got"),
    ({"folds": [([0, 1], [1])]}, "folds must not train on an example that they hold"),
    ({"epochs": 0}, "epochs must be a positive integer, got 0"),
    ({"batch_size": 2.5}, "batch_size must be a positive integer, got 2.5"),
    ({"loss": "mse"}, "loss must be one of cross_entropy, mean_squared_error, got"),
    (
        {"chunk_bytes": 1000},
        "chunk_bytes must leave room for one member, which takes about [0-9]+ bytes, "
        "got 1000: raise it, or lower batch_size",
    ),
    (
        {"data": (WITH_NAN, Y)},
        "data must be finite, but 1 of 50 inputs are not.* row 3",
    ),
    (
        {"data": (X, WITH_NAN), "loss": "mean_squared_error"},
        "data must be finite, but 1 of 50 targets are not, the first at row 3: drop",
    ),
    ({"data": (X, Y, X)}, r"data must be \(inputs, targets\) or .* got 3 arrays"),
    (
        {"data": (X, Y[:9])},
        r"data must have inputs .* got shapes \(50, 12\) and \(9,\)",
    ),
    ({"data": (X, Y, X[:, :9], Y)}, "data must have test_inputs of the inputs' shape"),
    ({"data": (X, Y + 1)}, r"data must have labels from 0 to 2, .* got 1 to 3"),
    ({"data": (X, 1.0 * Y)}, r"labels of shape \(examples,\) .* got .* of float64"),
    (
        {"data": INPUTS, "loss": "mean_squared_error"},
        r"data must have targets of shape \(70, 3\), like the outputs of the model",
    ),
    ({"data": (X[:, :9], Y)}, r"model must take inputs of the shape in data, \(9,\)"),
]


@pytest.mark.parametrize(("change", "message"), REFUSED)
def test_a_sweep_refuses(change, message):
    given = {"data": DATA[:2], **GRID, **change}
    with pytest.raises(ValueError, match=message):
        sweep(MODEL, **given)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: MLP((12,)), "sizes must be two or more"),
        (lambda: MLP((12, 3), activation="gelu"), "activation must be one of"),
        (lambda: MLP((12, 3), scheme="best"), "scheme must be one of"),
        (lambda: ConvNet((), classes=3), "channels must be at least one convolution"),
        (lambda: ConvNet((4, 0), classes=3), "channels must be a positive integer"),
        (lambda: ConvNet((4,), 3, kernel=0), "kernel must be a positive integer"),
        (lambda: GRU(hidden=0, classes=3), "hidden must be a positive integer"),
    ],
)
def test_a_model_refuses(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_a_schedule_too_long_for_the_run_is_no_mistake():
    longer = {**GRID, "schedules": {"cosine": lambda lr: cosine(lr, 100)}}
    assert not sweep(MODEL, DATA, **longer)["failed"].any()
