"""Cycles against their rivals, with more peaks and seeds than chapter 13 has.

``python -m benchmarks.cyclical`` prints five tables: classifiers of MNIST-1D after 800
and 2400 updates (test accuracy, percent), cycles of 800 against rivals of 2400, all of
them stopped on the way, and autoencoders of digits after 400 updates (squared error of
a test picture).

Every row is a schedule at its own best peak, chosen on the tuning set over seeds that
are not used again; the test set judges it on fresh ones. Beside it stands the paired
difference to the row called cycles (of 2400 updates, to Smith's bounds, too), with its
95 % interval. "inside" says whether the
best peak has tried peaks on both sides. About five minutes on two cores; ``--seeds 3``
is a taste.
"""

import argparse
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from lrcourse._arrays import Array
from lrcourse.data import digits, mnist1d
from lrcourse.measure import paired_difference
from lrcourse.optimizers import SGD, Adam, Rule
from lrcourse.schedules import (
    Schedule,
    constant,
    join,
    linear,
    multi_step,
    triangular,
    warmup,
)
from lrcourse.sweep import MLP, sweep

Plans = Mapping[str, Callable[[float], Schedule]]
Ends = Mapping[str, Array]
PEAKS = (0.01, 0.02, 0.035, 0.05, 0.08, 0.12, 0.18, 0.3, 0.45)
ADAM_PEAKS = (0.002, 0.003, 0.005, 0.007, 0.01, 0.016, 0.025, 0.04, 0.06, 0.1)
STOPS = tuple(range(400, 2401, 400))


@dataclass(frozen=True)
class Task:
    """A network, its data in three sets, its rule, and the column that judges it."""

    model: MLP
    data: Mapping[str, tuple[Any, Any]]
    rule: Rule
    batch_size: int
    loss: str
    column: str
    scale: float
    lowest: bool

    def ends(self, plans: Any, epochs: int, **settings: Any) -> pd.DataFrame:
        """Train, and return a table with a column for each judging set."""
        table = sweep(
            self.model,
            self.data,
            rules={"rule": self.rule},
            schedules=plans,
            epochs=epochs,
            batch_size=self.batch_size,
            loss=self.loss,
            **settings,
        )
        judged = {
            part: self.scale * table[f"{part}_{self.column}"]
            for part in ("tuning", "test")
        }
        return table.assign(**judged)

    def best_peaks(
        self, plans: Plans, peaks: Sequence[float], epochs: int, seeds: int
    ) -> dict[str, float]:
        """Return the peak of each plan whose mean on the tuning set is best."""
        tried = self.ends(plans, epochs, lrs=peaks, seeds=range(seeds))
        failed = np.inf if self.lowest else -np.inf
        scores = tried["tuning"].where(~tried["failed"], failed)
        means = scores.groupby([tried["schedule"], tried["lr"]], sort=False).mean()
        by_plan = means.groupby("schedule", sort=False)
        found = by_plan.idxmin() if self.lowest else by_plan.idxmax()
        return {str(name): float(lr) for name, lr in found}


def classifier() -> Task:
    """Return the classifier of MNIST-1D: 3000 curves to train on, 1000 to tune."""
    curves = mnist1d()
    inputs, labels = curves.inputs, curves.labels
    data = {
        "train": (inputs[:3000], labels[:3000]),
        "tuning": (inputs[3000:], labels[3000:]),
        "test": (curves.test_inputs, curves.test_labels),
    }
    model, rule = MLP((40, 32, 10)), SGD(momentum=0.9)
    return Task(model, data, rule, 30, "cross_entropy", "accuracy", 100, False)


def autoencoder() -> Task:
    """Return the autoencoder of digits, tuned on half of the pictures held out."""
    split = digits()
    train, held_out = split.inputs, split.test_inputs
    half = len(held_out) // 2
    sets = {"train": train, "tuning": held_out[:half], "test": held_out[half:]}
    data = {name: (pictures, pictures) for name, pictures in sets.items()}
    model = MLP((64, 32, 64))
    return Task(model, data, Adam(), 36, "mean_squared_error", "loss", 64, True)


def cycles_of(half_period: int) -> Callable[[float], Schedule]:
    """Return triangles between a tenth of the peak and the peak."""
    return lambda lr: triangular(lr / 10, lr, half_period)


def from_the_top(half_period: int) -> Callable[[float], Schedule]:
    """Return the same triangles, with the peak instead of the first climb."""

    def plan(lr: float) -> Schedule:
        cycles = triangular(lr / 10, lr, half_period)
        return lambda step: cycles(max(step, half_period))

    return plan


def smiths(lr: float) -> Schedule:
    """Return the bounds of Smith's Table 2, for 2400 updates instead of 25 000."""
    phases = [
        triangular(lr / 5, lr, 192),
        triangular(lr / 50, lr / 10, 96),
        triangular(lr / 500, lr / 100, 48),
    ]
    return join(phases, [1536, 2112])


def without_cycles(lr: float) -> Schedule:
    """Return Smith's two tenfold falls, with a constant rate in each phase."""
    return multi_step(lr, 0.1, [1536, 2112])


def short_plans(total_steps: int, climb: int, halves: Mapping[str, int]) -> Plans:
    """Return what is compared over one short run of `total_steps` updates."""
    rest = total_steps - climb
    return {
        "constant": constant,
        "linear": lambda lr: linear(lr, total_steps),
        **{name: cycles_of(half) for name, half in halves.items()},
        "cycles from the top": from_the_top(halves["cycles"]),
        "climb, then linear": lambda lr: warmup(linear(lr, rest), climb),
        "climb, then constant": lambda lr: warmup(constant(lr), climb),
    }


LONG_PLANS: Plans = {
    "constant": constant,
    "linear": lambda lr: linear(lr, 2400),
    "cycles": cycles_of(200),
    "Smith's bounds": smiths,
    "his falls, no cycles": without_cycles,
}


def judged(
    task: Task, plans: Plans, peaks: Mapping[str, float], epochs: int, seeds: int
) -> Ends:
    """Return what fresh seeds score on the test set, each plan at its peak."""
    at_best = {name: plan(peaks[name]) for name, plan in plans.items()}
    fresh = range(seeds, 3 * seeds)
    return _by_plan(task.ends(at_best, epochs, seeds=fresh), plans)


def _by_plan(table: pd.DataFrame, names: Iterable[str]) -> Ends:
    by_seed = table.sort_values("seed").groupby("schedule")["test"]
    return {name: by_seed.get_group(name).to_numpy() for name in names}


def compared(
    ends: Ends, peaks: Mapping[str, float], tried: Iterable[float], to: str = "cycles"
) -> str:
    """Return the table: best peak, mean, difference to the plan `to`."""
    rows = {
        name: {
            "best peak": peaks[name],
            "inside": min(tried) < peaks[name] < max(tried),
            **_apart(of, ends, to),
        }
        for name, of in ends.items()
    }
    return str(pd.DataFrame.from_dict(rows, orient="index").to_string())


def _apart(ends: Array, of_all: Ends, to: str = "cycles") -> dict[str, object]:
    apart = paired_difference(ends, of_all[to])
    return {
        "mean": round(float(ends.mean()), 3),
        f"minus {to}": round(apart.mean, 3),
        "from": round(apart.interval.low, 3),
        "to": round(apart.interval.high, 3),
        "above on": f"{apart.wins} of {len(ends)}",
    }


def stopped(task: Task, peaks: Mapping[str, float], seeds: int) -> str:
    """Return the mean of each plan at each stop, and its difference to the cycles.

    The last rows are linear decays that were planned for just that stop.
    """
    plans = {name: plan(peaks[name]) for name, plan in LONG_PLANS.items()}
    fresh = range(seeds, 3 * seeds)
    table = task.ends(plans, 24, seeds=fresh, at=STOPS)
    rows: dict[tuple[Any, str], dict[str, object]] = {}
    for stop, at_stop in table.groupby("step"):
        ends = _by_plan(at_stop, plans)
        rows |= {(stop, name): _apart(of, ends) for name, of in ends.items()}
        known = {"linear": lambda lr, stop=stop: linear(lr, stop)}
        best = task.best_peaks(known, PEAKS, stop // 100, seeds)
        knew = judged(task, known, best, stop // 100, seeds)["linear"]
        rows[stop, f"linear to here, {best['linear']}"] = _apart(knew, ends)
    return str(pd.DataFrame.from_dict(rows, orient="index").to_string())


def main() -> None:
    """Run everything and print it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=12, help="to tune; twice to test")
    seeds = parser.parse_args().seeds
    task = classifier()
    short = short_plans(800, 200, {"4 cycles": 100, "cycles": 200, "1 cycle": 400})
    short_peaks = task.best_peaks(short, PEAKS, 8, seeds)
    short_ends = judged(task, short, short_peaks, 8, seeds)
    print("MNIST-1D, 800 updates: test accuracy, percent\n")
    print(compared(short_ends, short_peaks, PEAKS), end="\n\n", flush=True)
    long_peaks = task.best_peaks(LONG_PLANS, PEAKS, 24, seeds)
    long_ends = judged(task, LONG_PLANS, long_peaks, 24, seeds)
    print("MNIST-1D, 2400 updates\n")
    for to in ("cycles", "Smith's bounds"):
        print(compared(long_ends, long_peaks, PEAKS, to), end="\n\n", flush=True)
    print("MNIST-1D, cycles of 800 updates, the others of 2400\n")
    mixed = {**long_ends, "cycles": short_ends["cycles"]}
    mixed_peaks = {**long_peaks, "cycles": short_peaks["cycles"]}
    print(compared(mixed, mixed_peaks, PEAKS), end="\n\n", flush=True)
    print("MNIST-1D, planned for 2400 updates and stopped on the way\n")
    print(stopped(task, long_peaks, seeds), end="\n\n", flush=True)
    coder = autoencoder()
    plans = short_plans(400, 100, {"4 cycles": 50, "cycles": 100, "1 cycle": 200})
    peaks = coder.best_peaks(plans, ADAM_PEAKS, 10, seeds)
    print("Autoencoder of digits, 400 updates: squared error of a test picture\n")
    print(compared(judged(coder, plans, peaks, 10, seeds), peaks, ADAM_PEAKS))


if __name__ == "__main__":
    main()
