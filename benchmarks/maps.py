"""How fast a map of deep networks is: ``python -m benchmarks.maps``.

A gain of the first weights against a rate, for 8 hidden ReLU layers of 32 on the
digits: 6 gains, 5 rates and 4 seeds, 5 epochs in batches of 32, float32, two jobs. Each
map is 120 trainings: plain, with gradients clipped to length 1, and with batch
normalisation. A few of the plain ones are also trained one after another by the
course's PyTorch loop. Medians of a few rounds; a machine that does nothing else.
"""

import statistics
import time
from collections.abc import Callable, Iterator
from itertools import islice, pairwise, product

import torch
from torch import nn

from lrcourse.data import batches, digits
from lrcourse.optimizers import SGD, Clipped, NetworkRule, Rule
from lrcourse.schedules import constant
from lrcourse.sweep import MLP, sweep
from lrcourse.training.torch_loop import fit

SIZES = (64, *[32] * 8, 10)
GAINS = (0.3, 0.6, 1.0, 1.6, 2.0, 4.0)
RATES = (0.01, 0.03, 0.1, 0.3, 1.0)
SEEDS = range(4)
EPOCHS, BATCH_SIZE, ROUNDS, ALONE = 5, 32, 5, 6
TRAININGS = len(GAINS) * len(RATES) * len(SEEDS)


def trained(rule: Rule | NetworkRule, batch_norm: bool = False) -> None:
    """Train one map."""
    for gain in GAINS:
        sweep(
            MLP(SIZES, gain=gain, batch_norm=batch_norm),
            digits(),
            rules={"rule": rule},
            schedules={"constant": constant},
            lrs=RATES,
            seeds=SEEDS,
            epochs=EPOCHS,
            batch_size=BATCH_SIZE,
            dtype=torch.float32,
            n_jobs=2,
        )


def trained_alone(members: int) -> None:
    """Train some members of the plain map with the loop of `training`."""
    split = digits()
    inputs = torch.from_numpy(split.inputs).float()
    labels = torch.from_numpy(split.labels)
    for gain, lr, seed in islice(product(GAINS, RATES, SEEDS), members):
        model = nn.Sequential(*_layers())
        first = MLP(SIZES, gain=gain).init(seed).values()
        with torch.no_grad():
            for w, ours in zip(model.parameters(), first, strict=True):
                w.copy_(torch.from_numpy(ours).mT.reshape(w.shape))
        order = batches(inputs, labels, BATCH_SIZE, EPOCHS, seed)
        fit(model, torch.optim.SGD(model.parameters()), constant(lr), order)


def _layers() -> Iterator[nn.Module]:
    for inputs, outputs in pairwise(SIZES[:-1]):
        yield nn.Linear(inputs, outputs)
        yield nn.ReLU()
    yield nn.Linear(*SIZES[-2:])


RUNS: dict[str, Callable[[], None]] = {
    "plain": lambda: trained(SGD()),
    "clipped": lambda: trained(Clipped(SGD(), max_norm=1.0)),
    "batch norm": lambda: trained(SGD(), batch_norm=True),
    "alone": lambda: trained_alone(ALONE),
}


def main() -> None:
    """Measure all maps and print them."""
    took = _medians()
    plain, loop = took["plain"], took["alone"] / ALONE * TRAININGS
    both = plain + took["clipped"]
    print(f"Maps of {TRAININGS} trainings of {len(SIZES) - 1} layers, two jobs\n")
    print(f"plain and clipped, {2 * TRAININGS} trainings: {both:.1f} s (at most 4)")
    for name, seconds, limit in (
        ("clipped", took["clipped"], "at most 1.7"),
        ("batch norm", took["batch norm"], "at most 3"),
        (f"the PyTorch loop, from {ALONE} trainings", loop, "at least 8"),
    ):
        print(
            f"{name}: {seconds:.1f} s; plain: {plain:.1f} s; "
            f"ratio {seconds / plain:.1f} ({limit})"
        )


def _medians() -> dict[str, float]:
    """Return the seconds of each run, its median; the first of all does not count."""
    took: dict[str, list[float]] = {name: [] for name in RUNS}
    for _ in range(1 + ROUNDS):
        for name, run in RUNS.items():
            start = time.perf_counter()
            run()
            took[name].append(time.perf_counter() - start)
    return {name: statistics.median(seconds[1:]) for name, seconds in took.items()}


if __name__ == "__main__":
    main()
