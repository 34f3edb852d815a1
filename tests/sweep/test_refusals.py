"""What a sweep refuses, before it trains anything: the argument and the fix, named."""

import numpy as np
import pytest
from torch import nn

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
    (
        {"seeds": 3},
        r"seeds must be a row of whole numbers, .* such as range\(3\), got 3",
    ),
    ({"seeds": [0.5]}, r"seeds must be a row of whole numbers, .* got \[0.5\]"),
    ({"folds": []}, r"folds must have at least one \(train, held out\) pair"),
    ({"folds": [([0, 1], [50])]}, "folds must be .* from 0 to 49 and none empty, got"),
    ({"folds": [([0, 1], [])]}, "folds must be .* none empty, got"),
    ({"folds": [([0, 1], [1])]}, "folds must not train on an example that they hold"),
    ({"epochs": 0}, "epochs must be a positive integer, got 0"),
    ({"batch_size": 2.5}, "batch_size must be a positive integer, got 2.5"),
    ({"n_jobs": 0}, "n_jobs must be an integer, not 0, got 0"),
    ({"n_jobs": 1.5}, "n_jobs must be an integer, not 0, got 1.5"),
    ({"batch_size": []}, "batch_size must hold at least one size, got none"),
    ({"batch_size": [16, 0]}, "batch_size must be a positive integer, got 0"),
    (
        {"batch_size": [16, 50], "lrs": {16: [0.1]}},
        r"lrs must have a row for each batch_size in \[16, 50\], or one for all, got "
        r"rows for \[16\]",
    ),
    (
        {"at": [3, 13]},
        "at must be numbers of updates from 1 to 12, where the training in batches of "
        "16 ends, got 13",
    ),
    ({"at": 0}, "at must be numbers of updates from 1 to 12, .* got 0"),
    ({"at": [1.0]}, "at must be numbers of updates from 1 to 12, .* got 1.0"),
    ({"at": 4, "batch_size": [25, 50]}, "from 1 to 3, .* in batches of 50 ends, got 4"),
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
    (
        {"data": (X, Y, X[:, :9], Y)},
        r"data \(to test on\) must have inputs like those to train on, got examples of "
        r"\(9,\) and \(12,\)",
    ),
    ({"data": (X, Y + 1)}, r"data must have labels from 0 to 2, .* got 1 to 3"),
    ({"data": (X, Y.astype(str))}, "data must have targets of numbers, got <U"),
    ({"data": (X.astype(str), Y)}, "data must have inputs of numbers, got <U"),
    ({"data": (X, 1.0 * Y)}, r"labels of shape \(examples,\) .* got .* of float64"),
    (
        {"data": INPUTS, "loss": "mean_squared_error"},
        r"data must have targets of shape \(50, 3\), like the outputs of the model",
    ),
    ({"data": (X[:, :9], Y)}, r"model must take inputs of the shape in data, \(9,\)"),
]


SETS = {"train": (X, Y), "tuning": DATA[2:]}
REFUSED_SETS = [
    ({"data": {}}, r"data must have a set 'train' to train on, got sets \[\]"),
    (
        {"data": {"test": (X, Y)}},
        r"data must have a set 'train' .* got sets \['test'\]",
    ),
    ({"data": {**SETS, 3: (X, Y)}}, "data must name its sets by strings, got 3"),
    (
        {"data": {**SETS, "test": X}},
        r"data\['test'\] must be \(inputs, targets\), got array",
    ),
    (
        {"data": {**SETS, "test": (X, Y[:9])}},
        r"data\['test'\] must have inputs .* got shapes \(50, 12\) and \(9,\)",
    ),
    (
        {"data": {**SETS, "test": (X[:, :9], Y)}},
        r"data\['test'\] must have inputs like those to train on, got examples of "
        r"\(9,\) and \(12,\)",
    ),
    (
        {"data": {**SETS, "test": (WITH_NAN, Y)}},
        r"data\['test'\] must be finite, but 1 of 50 inputs are not, .* row 3",
    ),
    ({"data": {**SETS, "test": (X, Y + 1)}}, r"data\['test'\] must have labels from 0"),
    (
        {"folds": [([0, 1], [2])], "data": {**SETS, "held_out": (X, Y)}},
        "folds must not name a part 'held_out', which is a set in data: rename",
    ),
    (
        {"folds": [{"train": [0, 1], "tuning": [2]}]},
        "folds must not name a part 'tuning', which is a set in data",
    ),
    (
        {"folds": [{"tune": [0, 1], "test": [2]}]},
        "folds must all have the same parts, 'train' among them, got",
    ),
    (
        {"folds": [([0, 1], [2]), {"train": [0, 1], "test": [2]}]},
        r"folds must all have the same parts, .* got \['train', 'held_out'\] and "
        r"\['train', 'test'\]",
    ),
    (
        {"folds": [{"train": [0, 1], "test": [1]}]},
        "folds must not train on an example that they hold out",
    ),
    (
        {"folds": [{"train": [0], "choose": [1, 2], "test": [2]}]},
        "folds must not have an example in both 'choose' and 'test': what chooses must",
    ),
    ({"folds": [{"train": [0], "test": [50]}]}, "folds must be .* from 0 to 49 and"),
]


@pytest.mark.parametrize(("change", "message"), REFUSED_SETS)
def test_sets_and_parts_are_refused_by_name(change, message):
    with pytest.raises(ValueError, match=message):
        sweep(MODEL, **{"data": SETS, **GRID, **change})


def test_what_is_no_model_or_no_device_is_refused():
    with pytest.raises(ValueError, match=r"model must be an MLP, .* got Sequential"):
        sweep(nn.Sequential(nn.Linear(12, 3)), DATA, **GRID)
    with pytest.raises(
        ValueError, match=r"device must be one that PyTorch can .*'abc'"
    ):
        sweep(MODEL, DATA, **GRID, device="abc")


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
