"""One computation, four programs: 300 trainings on digits, as an article sets them.

10 rates x 10 gammas x 3 folds of a 64-32-10 perceptron: 30 epochs, batches of 64,
momentum 0.9, float32, the rate multiplied by gamma after every epoch. First weights and
batch order are the same in all programs, from seed 0. Every program returns the
accuracies on what is held out, (rates, gammas, folds).
"""

from collections.abc import Callable
from functools import cache, partial
from itertools import product
from typing import Any, NamedTuple

import numpy as np
import torch
from joblib import Parallel, delayed
from numpy.typing import NDArray
from sklearn.datasets import load_digits
from sklearn.model_selection import GridSearchCV, KFold
from sklearn.neural_network import MLPClassifier
from torch import nn

from lrcourse.data import batches
from lrcourse.optimizers import SGD
from lrcourse.schedules import Schedule
from lrcourse.sweep import MLP, sweep, updates
from lrcourse.training.torch_loop import accuracy, fit

SIZES = (64, 32, 10)
EPOCHS, BATCH_SIZE, MOMENTUM, SEED, JOBS = 30, 64, 0.9, 0, 2
Accuracies = NDArray[np.float64]


class Grid(NamedTuple):
    """The rates, gammas and number of folds; the article's by default."""

    lrs: Any = np.logspace(-5, 0, 10)
    gammas: Any = np.linspace(0.1, 0.9, 10)
    folds: int = 3

    @property
    def shape(self) -> tuple[int, int, int]:
        """Rates, gammas, folds."""
        return len(self.lrs), len(self.gammas), self.folds


@cache
def examples() -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Return the digits, pixels from 0 to 1."""
    pixels, labels = load_digits(return_X_y=True)
    return (pixels / 16).astype(np.float32), labels


def folds(count: int) -> list[tuple[Any, Any]]:
    """Return the first `count` of three folds, as pairs of example numbers."""
    return list(KFold(3).split(examples()[0]))[:count]


def decay_by_epoch(lr: float, gamma: float) -> Schedule:
    """Multiply `lr` by `gamma` after every epoch; all three folds are of one size."""
    per_epoch = updates(1198, BATCH_SIZE)
    return lambda step: lr * gamma ** (step // per_epoch)


def by_sweep(grid: Grid) -> Accuracies:
    """Train the grid as one batched program."""
    table = sweep(
        MLP(SIZES),
        examples(),
        rules={"momentum": SGD(momentum=MOMENTUM)},
        schedules={g: partial(decay_by_epoch, gamma=g) for g in grid.gammas},
        lrs=grid.lrs,
        folds=folds(grid.folds),
        seeds=[SEED],
        epochs=EPOCHS,
        batch_size=BATCH_SIZE,
        dtype=torch.float32,
        n_jobs=JOBS,
    )
    rates, gammas, count = grid.shape
    by_gamma = table["accuracy"].to_numpy().reshape(gammas, rates, count)
    return by_gamma.swapaxes(0, 1)


def by_torch_loop(grid: Grid) -> Accuracies:
    """Train one after another with the course's plain loop."""
    return np.reshape([one_by_torch(*member) for member in members(grid)], grid.shape)


def by_joblib(grid: Grid) -> Accuracies:
    """Hand the plain loop to two worker processes."""
    trained = Parallel(n_jobs=JOBS)(
        delayed(one_by_torch)(*member) for member in members(grid)
    )
    return np.reshape(trained, grid.shape)


def members(grid: Grid) -> list[tuple[float, float, tuple[Any, Any]]]:
    """Return rate, gamma and fold of every training."""
    return list(product(grid.lrs, grid.gammas, folds(grid.folds)))


def one_by_torch(lr: float, gamma: float, fold: tuple[Any, Any]) -> float:
    """Return the held-out accuracy of one training."""
    inputs, labels = map(torch.from_numpy, examples())
    train, held_out = fold
    model = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10))
    with torch.no_grad():
        first = MLP(SIZES).init(SEED).values()
        for w, ours in zip(model.parameters(), first, strict=True):
            w.copy_(torch.from_numpy(ours).mT.reshape(w.shape))
    order = batches(inputs[train], labels[train], BATCH_SIZE, EPOCHS, SEED)
    optimizer = torch.optim.SGD(model.parameters(), momentum=MOMENTUM)
    fit(model, optimizer, decay_by_epoch(lr, gamma), order)
    return accuracy(model, inputs[held_out], labels[held_out])


class DecayingMLP(MLPClassifier):
    """scikit-learn's perceptron, made to do the same computation.

    Its rate cannot decay by the epoch, so `fit` is a `partial_fit` for every epoch, on
    examples in that epoch's order. Its velocity holds the rate that each gradient met,
    ours does not: multiplied by gamma with the rate, it is the rate times ours.
    """

    def __init__(self, base_lr: float = 0.1, gamma: float = 1.0) -> None:
        self.base_lr = base_lr
        self.gamma = gamma
        super().__init__(
            hidden_layer_sizes=SIZES[1:-1],
            solver="sgd",
            alpha=0.0,
            batch_size=BATCH_SIZE,
            learning_rate_init=base_lr,
            momentum=MOMENTUM,
            nesterovs_momentum=False,
            shuffle=False,
        )

    def fit(self, inputs: Any, labels: Any) -> "DecayingMLP":
        """Train for all epochs."""
        self.learning_rate_init = self.base_lr
        for x, y in batches(inputs, labels, len(labels), EPOCHS, SEED):
            self.partial_fit(x, y, classes=np.arange(SIZES[-1]))
            self._optimizer.learning_rate *= self.gamma
            for velocity in self._optimizer.velocities:
                velocity *= self.gamma
        return self

    def _init_coef(self, fan_in: int, fan_out: int, dtype: Any) -> tuple[Any, Any]:
        layer = SIZES.index(fan_in) + 1
        first = MLP(SIZES).init(SEED)
        return first[f"W{layer}"].astype(dtype), first[f"b{layer}"][0].astype(dtype)


def by_grid_search(grid: Grid) -> Accuracies:
    """Search the grid with scikit-learn, two jobs."""
    search = GridSearchCV(
        DecayingMLP(),
        {"base_lr": grid.lrs, "gamma": grid.gammas},
        cv=folds(grid.folds),
        n_jobs=JOBS,
        refit=False,
        error_score="raise",
    ).fit(*examples())
    scores = [search.cv_results_[f"split{k}_test_score"] for k in range(grid.folds)]
    return np.stack(scores, axis=1).reshape(grid.shape)


PROGRAMS: dict[str, Callable[[Grid], Accuracies]] = {
    "sweep": by_sweep,
    "GridSearchCV": by_grid_search,
    "torch loop": by_torch_loop,
    "joblib": by_joblib,
}
