"""supported_by_search, chapter 05: The winner is too good.

The runs come from ``python -m benchmarks.choosing_runs``: accuracies in percent of
eight seeds at five constant rates, on tuning and on test curves, after 2 and 8 epochs.
"""

import csv
from pathlib import Path

from lrcourse.grading import Claim, claims

LAST_SEED = -1  # seed 23


def recorded():
    """Return the accuracies by part, epochs and rate: a list with one for each seed."""
    runs = {}
    with Path(__file__).with_name("search_runs.csv").open(encoding="utf-8") as rows:
        _, *lines = csv.reader(rows)
    for part, epochs, lr, *accuracies in lines:
        of_epochs = runs.setdefault(part, {}).setdefault(int(epochs), {})
        of_epochs[float(lr)] = [float(each) for each in accuracies]
    return runs


def is_ahead(one, other):
    """Say whether the interval of the paired differences lies above zero."""
    # here: it loads SciPy, and few who check an answer need it
    from lrcourse.measure import paired_difference

    return paired_difference(one, other).interval.low > 0


def best_lr(of_rates):
    return max(of_rates, key=lambda lr: sum(of_rates[lr]))


def is_inside(of_rates):
    """Say whether the best rate has neighbours on both sides."""
    return min(of_rates) < best_lr(of_rates) < max(of_rates)


def holds_for_other_seeds(runs):
    """Say whether 0.08 reaches on test curves what its last seed had on tuning ones."""
    *others, _ = runs["test"][8][0.08]
    return sum(others) / len(others) >= runs["tuning"][8][0.08][LAST_SEED]


def pays_to_choose_by_seed(runs):
    """Choose a rate for each seed on tuning curves; judge it on the test curves."""
    tuning, test = runs["tuning"][8], runs["test"][8]
    picks = [max(tuning, key=lambda lr: tuning[lr][seed]) for seed in range(8)]
    return is_ahead([test[lr][seed] for seed, lr in enumerate(picks)], test[0.08])


TESTS = claims(
    recorded(),
    {
        "A": Claim(
            "After 8 epochs the best rate on the tuning curves is inside the grid.",
            lambda runs: is_inside(runs["tuning"][8]),
        ),
        "B": Claim(
            "After 8 epochs 0.08 is ahead of 0.16 on the tuning curves: its mean is "
            "0.7 points higher.",
            lambda runs: is_ahead(runs["tuning"][8][0.08], runs["tuning"][8][0.16]),
            "the interval of the eight differences contains zero: four of the eight "
            "pairs say the opposite.",
        ),
        "C": Claim(
            "After 2 epochs 0.16 is ahead of 0.08 on the tuning curves.",
            lambda runs: is_ahead(runs["tuning"][2][0.16], runs["tuning"][2][0.08]),
        ),
        "D": Claim(
            "After 8 epochs, too, 0.16 is ahead of 0.08: a rate that is ahead stays "
            "ahead.",
            lambda runs: is_ahead(runs["tuning"][8][0.16], runs["tuning"][8][0.08]),
            "a rate is chosen for the length of its run. Look at the eight pairs "
            "after 8 epochs.",
        ),
        "E": Claim(
            "Seed 23 has 56.6 at 0.08 on the tuning curves: that is what this rate "
            "reaches on the test curves with other seeds.",
            holds_for_other_seeds,
            "it is the highest number of its list, picked for being high. What do the "
            "other seven have on the test curves?",
        ),
        "F": Claim(
            "Chosen on the tuning curves after 8 epochs, 0.08 is ahead of 0.02 on the "
            "test curves.",
            lambda runs: is_ahead(runs["test"][8][0.08], runs["test"][8][0.02]),
        ),
        "G": Claim(
            "The best of each seed's five test scores is never below its score at "
            "0.08: so it pays to choose the rate seed by seed.",
            pays_to_choose_by_seed,
            "the test curves chose and judged: the best of five is never below one of "
            "them. Choose each seed's rate on the tuning curves, and judge it on the "
            "test curves.",
        ),
    },
)
