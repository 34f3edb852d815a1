"""Cycles against their rivals, with more peaks and seeds than chapter 13 has.

``python -m benchmarks.cyclical`` prints five tables: classifiers of MNIST-1D after 800
and 2400 updates (test accuracy, percent), cycles of 800 against rivals of 2400, all of
them stopped on the way, and autoencoders of digits after 400 updates (squared error of
a test picture).

Every row is a schedule at its own best peak: for the classifiers the best mean over
three seeds on each quarter of 4000 curves, held out in turn, for the autoencoders over
twelve seeds on half of the pictures held out. The test set judges it on 24 fresh seeds.
Beside it stands the paired difference to the row called cycles (of 2400 updates, to
Smith's bounds, too), with its 95 % interval; "inside" says whether peaks on both sides
of the best were tried. About three minutes on two cores; ``--seeds 1`` is faster.
"""

import argparse
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from sklearn.model_selection import KFold

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
FRESH = range(12, 36)  # seeds that chose no peak
STOPS = tuple(range(400, 2401, 400))


@dataclass(frozen=True)
class Task:
    """A network, its rule, and what is minimized or maximized on which examples.

    `tuning` has the data, and the folds, on which peaks are chosen: the set called
    "held_out" chooses. `data` has the set "test", which judges.
    """

    model: MLP
    rule: Rule
    tuning: Mapping[str, Any]
    data: Mapping[str, Any]
    batch_size: int
    loss: str
    column: str
    scale: float
    lowest: bool

    def ends(self, plans: Any, epochs: int, **settings: Any) -> pd.DataFrame:
        """Train, and return the sweep's table with what judges in a column."""
        table = sweep(
            self.model,
            rules={"rule": self.rule},
            schedules=plans,
            epochs=epochs,
            batch_size=self.batch_size,
            loss=self.loss,
            **settings,
        )
        part = "test" if "test_loss" in table else "held_out"
        return table.assign(score=self.scale * table[f"{part}_{self.column}"])

    def best_peaks(
        self, plans: Plans, peaks: Sequence[float], epochs: int, seeds: int
    ) -> dict[str, float]:
        """Return the peak of each plan whose mean on what is held out is best."""
        tried = self.ends(plans, epochs, lrs=peaks, seeds=range(seeds), **self.tuning)
        failed = np.inf if self.lowest else -np.inf
        scores = tried["score"].where(~tried["failed"], failed)
        means = scores.groupby([tried["schedule"], tried["lr"]], sort=False).mean()
        by_plan = means.groupby("schedule", sort=False)
        found = by_plan.idxmin() if self.lowest else by_plan.idxmax()
        return {str(name): float(lr) for name, lr in found}

    def judged(
        self, plans: Plans, peaks: Mapping[str, float], epochs: int, **settings: Any
    ) -> pd.DataFrame:
        """Return the table of fresh seeds on the test set, each plan at its peak."""
        at_best = {name: plan(peaks[name]) for name, plan in plans.items()}
        return self.ends(at_best, epochs, seeds=FRESH, data=self.data, **settings)


def classifier() -> Task:
    """Return the classifier of MNIST-1D, tuned on each quarter of its 4000 curves."""
    curves = mnist1d()
    whole = curves.inputs, curves.labels
    tuning = {"data": {"train": whole}, "folds": [*KFold(4).split(curves.inputs)]}
    test = curves.test_inputs, curves.test_labels
    data = {"train": (whole[0][:3000], whole[1][:3000]), "test": test}
    model, rule = MLP((40, 32, 10)), SGD(momentum=0.9)
    return Task(model, rule, tuning, data, 30, "cross_entropy", "accuracy", 100, False)


def autoencoder() -> Task:
    """Return the autoencoder of digits, tuned on half of the pictures held out."""
    split = digits()
    train, held_out = split.inputs, split.test_inputs
    half = len(held_out) // 2
    halves = {"held_out": held_out[:half], "test": held_out[half:]}
    tuning, data = (
        {"train": (train, train), name: (pictures, pictures)}
        for name, pictures in halves.items()
    )
    model, loss = MLP((64, 32, 64)), "mean_squared_error"
    return Task(model, Adam(), {"data": tuning}, data, 36, loss, "loss", 64, True)


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
    rest, half = total_steps - climb, total_steps // 2
    return {
        "constant": constant,
        "linear": lambda lr: linear(lr, total_steps),
        "linear, to a tenth": lambda lr: linear(lr, total_steps, lr / 10),
        **{name: cycles_of(half) for name, half in halves.items()},
        "cycles to zero": lambda lr: triangular(0.0, lr, halves["cycles"]),
        "cycles from the top": from_the_top(halves["cycles"]),
        "climb, then linear": lambda lr: warmup(linear(lr, rest), climb),
        "long climb, then linear": lambda lr: warmup(linear(lr, half), half),
        "climb, then constant": lambda lr: warmup(constant(lr), climb),
    }


LONG_PLANS: Plans = {
    "constant": constant,
    "linear": lambda lr: linear(lr, 2400),
    "cycles": cycles_of(200),
    "Smith's bounds": smiths,
    "his falls, no cycles": without_cycles,
}


def by_plan(table: pd.DataFrame, names: Iterable[str]) -> Ends:
    """Return the scores of each plan, one a seed, in the order of `names`."""
    by_seed = table.sort_values("seed").groupby("schedule")["score"]
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

    Below them stand linear decays that were planned for just that stop.
    """
    table = task.judged(LONG_PLANS, peaks, 24, at=STOPS)
    rows: dict[tuple[Any, str], dict[str, object]] = {}
    for stop, at_stop in table.groupby("step"):
        ends = by_plan(at_stop, LONG_PLANS)
        rows |= {(stop, name): _apart(of, ends) for name, of in ends.items()}
        known = {"linear": lambda lr, stop=stop: linear(lr, stop)}
        best = task.best_peaks(known, PEAKS, stop // 100, seeds)
        knew = by_plan(task.judged(known, best, stop // 100), known)["linear"]
        rows[stop, f"linear to here, {best['linear']}"] = _apart(knew, ends)
    return str(pd.DataFrame.from_dict(rows, orient="index").to_string())


def show_classifiers(seeds: int) -> None:
    """Print the four tables of MNIST-1D."""
    task = classifier()
    short = short_plans(800, 200, {"4 cycles": 100, "cycles": 200, "1 cycle": 400})
    plans = {8: short, 24: LONG_PLANS}
    peaks = {n: task.best_peaks(of, PEAKS, n, seeds) for n, of in plans.items()}
    ends = {n: by_plan(task.judged(of, peaks[n], n), of) for n, of in plans.items()}
    show("MNIST-1D, 800 updates: accuracy, %", compared(ends[8], peaks[8], PEAKS))
    for to in ("cycles", "Smith's bounds"):
        show("MNIST-1D, 2400 updates", compared(ends[24], peaks[24], PEAKS, to))
    name = "cycles of 800"
    mixed = {**ends[24], name: ends[8]["cycles"]}
    mixed_peaks = {**peaks[24], name: peaks[8]["cycles"]}
    title = f"MNIST-1D, 2400 updates, and {name}"
    show(title, compared(mixed, mixed_peaks, PEAKS, name))
    title = "MNIST-1D, planned for 2400 updates and stopped on the way"
    show(title, stopped(task, peaks[24], seeds))


def show_autoencoders(seeds: int) -> None:
    """Print the table of the autoencoders."""
    task = autoencoder()
    plans = short_plans(400, 100, {"4 cycles": 50, "cycles": 100, "1 cycle": 200})
    peaks = task.best_peaks(plans, ADAM_PEAKS, 10, seeds)
    ends = by_plan(task.judged(plans, peaks, 10), plans)
    title = "Autoencoder of digits, 400 updates: squared error of a test picture"
    show(title, compared(ends, peaks, ADAM_PEAKS))


def show(title: str, table: str) -> None:
    """Print a table below its title."""
    print(f"{title}\n\n{table}\n", flush=True)


def main() -> None:
    """Run everything and print it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=3, help="to tune with")
    seeds = parser.parse_args().seeds
    show_classifiers(seeds)
    show_autoencoders(4 * seeds)


if __name__ == "__main__":
    main()
