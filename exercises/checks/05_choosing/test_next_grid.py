"""next_grid, chapter 05: The best one stands in a corner."""

import pytest

from lrcourse import measure
from lrcourse.grading import Edit, Mistakes, close

from .exercise import NAN

HINTS = [
    "Find the place of the highest score first. Is a nan higher than a number?",
    "There are three cases: the first place, the last place, one in between.",
    "At an edge the gap is the factor between the last two rates: go on by it, twice.",
    "Inside, half-way in factors between a and b is the root of a * b.",
]

RATES = [0.01, 0.1, 1.0]


def pair(returned):
    """Return what an answer returned, which has to be a tuple of two."""
    shape = f"{type(returned).__name__} of {len(returned)}" if returned else None
    assert close(shape, "tuple of 2"), "return two rates as a tuple, the lower first"
    return returned


def test_beyond_the_highest_rate_it_goes_on(next_grid):
    found = pair(next_grid([0.01, 0.1, 1.0], [0.3, 0.5, 0.9]))
    assert close(found, (10.0, 100.0)), "rates rise by a factor of 10: go on so"


def test_beyond_the_lowest_rate_it_goes_on(next_grid):
    found = pair(next_grid([0.01, 0.1, 1.0], [0.9, 0.5, 0.3]))
    assert close(found, (0.0001, 0.001)), "down by a factor of 10, twice"


def test_inside_it_halves_both_gaps_in_factors(next_grid):
    found = pair(next_grid([0.1, 0.4, 1.6], [0.3, 0.9, 0.5]))
    assert close(found, (0.2, 0.8)), (
        "half-way from 0.1 to 0.4 is 0.2: a factor of 2 from both"
    )


def test_each_gap_has_a_middle_of_its_own(next_grid):
    found = pair(next_grid([0.01, 0.04, 0.36], [0.3, 0.9, 0.5]))
    assert close(found, (0.02, 0.12)), "the gaps are factors of 4 and of 9"


def test_the_last_gap_counts_at_the_upper_edge(next_grid):
    found = pair(next_grid([0.01, 0.1, 0.2], [0.3, 0.5, 0.9]))
    assert close(found, (0.4, 0.8)), "the last two rates are a factor of 2 apart"


def test_the_first_gap_counts_at_the_lower_edge(next_grid):
    found = pair(next_grid([0.1, 0.2, 2.0], [0.9, 0.5, 0.3]))
    assert close(found, (0.025, 0.05)), "the first two rates are a factor of 2 apart"


def test_a_training_that_failed_is_not_the_best(next_grid):
    found = pair(next_grid([0.01, 0.04, 0.16], [0.3, 0.9, NAN]))
    assert close(found, (0.02, 0.08)), "0.16 failed: it bounds the grid"


def test_a_failure_at_the_start_is_not_the_best(next_grid):
    found = pair(next_grid([1.0, 4.0, 16.0], [NAN, 0.9, 0.5]))
    assert close(found, (2.0, 8.0)), "whatever nan is compared with, the answer is no"


@pytest.mark.points(2)
def test_random_grids_go_on_as_they_should(next_grid, rng):
    for _ in range(20):
        size = int(rng.integers(3, 8))
        lrs = [float(lr) for lr in 1e-4 * rng.uniform(1.5, 6, size).cumprod()]
        scores = [float(score) for score in rng.uniform(0.1, 0.9, size)]
        if rng.uniform() < 0.5:
            scores[int(rng.integers(size))] = NAN
        expected = tuple(measure.next_grid(lrs, scores))
        assert close(next_grid(list(lrs), list(scores)), expected), (
            "beyond an edge by the gap next to it, twice; inside, the middles of the "
            "two gaps, in factors"
        )


MISTAKES = Mistakes(
    see="The best one stands in a corner",
    refines_at_the_upper_edge=Edit(
        "At the highest rate you look inwards: the best stands at the edge, so what "
        "lies beyond?",
        {
            "lrs[-1] * factor, lrs[-1] * factor**2": (
                "lrs[-2], math.sqrt(lrs[-2] * lrs[-1])"
            )
        },
    ),
    goes_one_gap_only=Edit(
        "At an edge you look on both sides of it: the inner rate was tried already.",
        {
            "lrs[0] / factor**2, lrs[0] / factor": "lrs[0] / factor, lrs[1]",
            "lrs[-1] * factor, lrs[-1] * factor**2": "lrs[-2], lrs[-1] * factor",
        },
    ),
    halves_in_differences=Edit(
        "You halve the gaps in differences: half-way between rates is half-way in "
        "factors.",
        {
            "math.sqrt(low * middle)": "(low + middle) / 2",
            "math.sqrt(middle * high)": "(middle + high) / 2",
        },
    ),
    goes_on_in_differences=Edit(
        "Beyond the highest rate you go on by the same difference: rates go on by the "
        "same factor.",
        {
            "lrs[-1] * factor, lrs[-1] * factor**2": (
                "2 * lrs[-1] - lrs[-2], 3 * lrs[-1] - 2 * lrs[-2]"
            )
        },
    ),
    lets_nan_win=Edit(
        "You compare with nan: it is neither larger nor smaller, and stays the best "
        "where it stands first.",
        {"score if score == score else -math.inf": "score"},
    ),
    takes_the_lowest_score=Edit(
        "You go where the score is lowest: larger is better.",
        {
            "max(known)": "min(known)",
            "-math.inf": "math.inf",
        },
    ),
    measures_the_whole_grid=Edit(
        "You take the factor between the two ends of the grid: the gap is that of two "
        "neighbours.",
        {
            "lrs[-1] / lrs[-2]": "lrs[-1] / lrs[0]",
            "lrs[1] / lrs[0]": "lrs[-1] / lrs[0]",
        },
    ),
    returns_them_the_other_way=Edit(
        "Below the lowest rate you return the higher of the two first.",
        {"lrs[0] / factor**2, lrs[0] / factor": "lrs[0] / factor, lrs[0] / factor**2"},
    ),
    takes_the_neighbours=Edit(
        "You return the neighbours of the best: they were tried already.",
        {
            "math.sqrt(low * middle)": "low",
            "math.sqrt(middle * high)": "high",
        },
    ),
    takes_the_gap_at_the_other_end=Edit(
        "You go on by the gap at the other end of the grid: take the one next to the "
        "best.",
        {"lrs[-1] / lrs[-2]": "lrs[1] / lrs[0]"},
    ),
    multiplies_by_ten=Edit(
        "You always go on by ten: the factor is that of the two rates at this edge.",
        {
            "lrs[1] / lrs[0]": "10.0",
            "lrs[-1] / lrs[-2]": "10.0",
        },
    ),
    goes_on_in_differences_at_both_ends=Edit(
        "At the edges you go on by the same difference: rates go on by the same "
        "factor, and never fall below zero.",
        {
            "lrs[0] / factor**2, lrs[0] / factor": (
                "3 * lrs[0] - 2 * lrs[1], 2 * lrs[0] - lrs[1]"
            ),
            "lrs[-1] * factor, lrs[-1] * factor**2": (
                "2 * lrs[-1] - lrs[-2], 3 * lrs[-1] - 2 * lrs[-2]"
            ),
        },
    ),
    goes_one_step_and_refines=Edit(
        "At an edge you look once beyond it and once inside: both rates lie beyond.",
        {
            "lrs[0] / factor**2, lrs[0] / factor": (
                "lrs[0] / factor, math.sqrt(lrs[0] * lrs[1])"
            ),
            "lrs[-1] * factor, lrs[-1] * factor**2": (
                "math.sqrt(lrs[-1] * lrs[-2]), lrs[-1] * factor"
            ),
        },
    ),
    drops_what_failed=Edit(
        "You drop the rates that failed: they were tried, and bound the grid.",
        {
            "known = [score if score == score else -math.inf for score in scores]": (
                "lrs = [lr for lr, score in zip(lrs, scores) if score == "
                "score]\n"
                "    known = [score for score in scores if score == score]"
            ),
        },
    ),
)

EQUIVALENT = {
    "if best == len(scores) - 1:": "there is one score for each rate",
}
