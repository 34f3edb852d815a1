"""supported_by_cycles, chapter 13: When the end is not known.

The runs come from ``python -m benchmarks.cycle_runs``: test accuracies in percent of
eight seeds, of linear decay and of cycles, at seven stops.
"""

import csv
from pathlib import Path

from lrcourse.grading import Claim, claims

LAST = 2400
ENDS = (400, 800, 1200, 1600, 2000, LAST)  # of cycles; at 600 the second is at its top


def recorded():
    """Return the accuracies by plan, then by stop: a list with one for each seed."""
    runs = {}
    with Path(__file__).with_name("cycle_runs.csv").open(encoding="utf-8") as rows:
        _, *lines = csv.reader(rows)
    for plan, stop, *accuracies in lines:
        runs.setdefault(plan, {})[int(stop)] = [float(each) for each in accuracies]
    return runs


def is_ahead(plan, rival):
    """Say whether the interval of the paired differences lies above zero."""
    # here: it loads SciPy, and few who check an answer need it
    from lrcourse.measure import paired_difference

    return paired_difference(plan, rival).interval.low > 0


def pays_to_choose_the_end(runs):
    """Choose the end of a cycle on half of the seeds; judge it on the others."""
    cycles, half = runs["cycles"], len(runs["cycles"][LAST]) // 2
    chosen = max(ENDS, key=lambda stop: sum(cycles[stop][:half]))
    return is_ahead(cycles[chosen][half:], cycles[LAST][half:])


TESTS = claims(
    recorded(),
    {
        "A": Claim(
            "After 800 updates the cycles are ahead of linear decay.",
            lambda runs: is_ahead(runs["cycles"][800], runs["linear"][800]),
        ),
        "B": Claim(
            "After 1200 updates the cycles are ahead: their mean is 1 point higher.",
            lambda runs: is_ahead(runs["cycles"][1200], runs["linear"][1200]),
            "the interval of the eight differences contains zero: three of the eight "
            "pairs say the opposite.",
        ),
        "C": Claim(
            "Wherever one stops before 1000 updates, the cycles are ahead.",
            lambda runs: all(
                is_ahead(runs["cycles"][stop], runs["linear"][stop])
                for stop in (400, 600, 800)
            ),
            "it holds at the ends of cycles. What about the top of one?",
        ),
        "D": Claim(
            "After 2400 updates linear decay is ahead of the cycles.",
            lambda runs: is_ahead(runs["linear"][LAST], runs["cycles"][LAST]),
        ),
        "E": Claim(
            "After 1600 updates linear decay is ahead: with seed 17 by 4 points.",
            lambda runs: is_ahead(runs["linear"][1600], runs["cycles"][1600]),
            "that is one seed. What do the other seven say?",
        ),
        "F": Claim(
            "Each cyclical run does better at the best of its six ends than at its "
            "last, or as well: so choosing the end pays.",
            pays_to_choose_the_end,
            "the end was chosen on the test set, which then judged it: the best of "
            "six numbers is never below the last. Choose it on four seeds, and judge "
            "it on the other four.",
        ),
        "G": Claim(
            "Stopped after 600 updates, at the top of a cycle, linear decay is ahead.",
            lambda runs: is_ahead(runs["linear"][600], runs["cycles"][600]),
        ),
    },
)
