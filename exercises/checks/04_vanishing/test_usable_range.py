"""usable_range, chapter 04: How much room is left."""

import math

import numpy as np
import pytest

from lrcourse.grading import Edit, Mistakes, close

from .exercise import tuple_of

HINTS = [
    "Begin at the best rate and walk outwards.",
    "Go on while the next rate is good enough; a comparison with nan is False.",
    "np.nanargmax finds the place of the best score that is not nan.",
]
LRS = [0.01, 0.03, 0.1, 0.3, 1.0]
TWO = "return the lowest and the highest usable rate, as a tuple"
NAN = math.nan


def ends(usable_range, scores, within, lrs=LRS):
    return tuple_of(2, usable_range(list(lrs), list(scores), within), TWO)


def test_it_is_the_stretch_around_the_best(usable_range):
    scores = [0.125, 0.5, 0.75, 0.625, 0.25]
    assert close(ends(usable_range, scores, 0.25), (0.03, 0.3)), (
        "0.75 is the best; 0.5 and 0.625 are at most 0.25 below, 0.125 and 0.25 are not"
    )


def test_one_good_rate_is_a_range_of_one(usable_range):
    scores = [0.125, 0.25, 0.25, 0.75, 0.125]
    assert close(ends(usable_range, scores, 0.25), (0.3, 0.3)), (
        "only 0.3 is good enough: it is both ends"
    )


def test_behind_a_hole_nothing_counts(usable_range):
    scores = [0.875, 0.25, 0.75, 1.0, 0.875]
    assert close(ends(usable_range, scores, 0.25), (0.1, 1.0)), (
        "0.01 is good, too, but between it and the best lies 0.03"
    )


def test_a_range_may_reach_both_ends_of_the_grid(usable_range):
    assert close(
        ends(usable_range, [0.75, 0.75, 1.0, 0.75, 0.75], 0.25), (0.01, 1.0)
    ), "all five are as good as the best"


def test_a_failed_run_ends_the_range(usable_range):
    scores = [NAN, 0.75, 1.0, NAN, 0.875]
    assert close(ends(usable_range, scores, 0.25), (0.03, 0.1)), (
        "the runs at 0.01 and 0.3 failed: nan is neither good nor the best"
    )


def test_within_is_a_distance(usable_range):
    assert close(
        ends(usable_range, [0.125, 0.25, 0.5, 0.25, 0.125], 0.25), (0.03, 0.3)
    ), "from 0.25 to 0.5 it is 0.25, although that is half of the best"
    assert close(ends(usable_range, [8.0, 9.0, 10.0, 9.0, 8.0], 1.0), (0.03, 0.3)), (
        "9 is 1 below 10, 8 is not"
    )


def test_of_equals_the_lowest_is_the_best(usable_range):
    scores = [0.25, 1.0, 0.25, 1.0, 1.0]
    assert close(ends(usable_range, scores, 0.25), (0.03, 0.03)), (
        "0.03 and 0.3 are equally good: the walk begins at the lower one"
    )


def test_nothing_below_nothing(usable_range):
    assert close(ends(usable_range, [0.5, 1.0, 1.0, 0.5, 1.0], 0.0), (0.03, 0.1)), (
        "with within=0 the best itself still counts, and whoever equals it beside it"
    )


def stretch(lrs, scores, within):
    """Return the ends of the longest run of good rates that holds the best.

    A test compares it with the library's, which asks for a table of pandas.
    """
    enough = np.nan_to_num(scores, nan=-math.inf) >= np.nanmax(scores) - within
    pieces = np.split(np.arange(len(lrs)), np.flatnonzero(np.diff(enough)) + 1)
    (piece,) = (each for each in pieces if np.nanargmax(scores) in each)
    return lrs[piece[0]], lrs[piece[-1]]


@pytest.mark.points(2)
def test_random_sweeps_get_the_library_s_range(usable_range, rng):
    for _ in range(20):
        count = int(rng.integers(3, 12))
        lrs = np.sort(10 ** rng.uniform(-4, 1, count)).tolist()
        scores = rng.uniform(0, 1, count)
        scores[rng.uniform(size=count) < 0.15] = NAN
        scores[int(rng.integers(count))] = 1.5
        within = float(rng.uniform(0.6, 1.4))
        got = ends(usable_range, scores.tolist(), within, lrs)
        assert close(got, stretch(lrs, scores, within)), (
            "from the best outwards, until the first that is not good enough"
        )


MISTAKES = Mistakes(
    see="How much room is left",
    returns_places=Edit(
        "You return the places in the list: it is the rates that are asked for.",
        {"lrs[low], lrs[high]": "low, high"},
    ),
    returns_the_best_alone=Edit(
        "You return the best rate twice: how far may one go from it?",
        {"lrs[low], lrs[high]": "(best := lrs[np.nanargmax(scores)]), best"},
    ),
    takes_nan_for_the_best=Edit(
        "You take nan for the best: np.argmax stops at the first nan.",
        {"np.nanargmax": "np.argmax"},
    ),
    takes_a_share=Edit(
        "You take a share of the best score: within is a distance to it.",
        {"np.nanmax(scores) - within": "np.nanmax(scores) * (1 - within)"},
    ),
    stops_at_equality=Edit(
        "You end the range at a score that is exactly within below: that one is "
        "usable.",
        {
            "scores[low - 1] >= enough": "scores[low - 1] > enough",
            "scores[high + 1] >= enough": "scores[high + 1] > enough",
        },
    ),
    looks_upwards_alone=Edit(
        "You walk upwards alone: lower rates may be good, too.",
        {"low -= 1": "break"},
    ),
    looks_downwards_alone=Edit(
        "You walk downwards alone: higher rates may be good, too.",
        {"high += 1": "break"},
    ),
    includes_the_first_bad_one=Edit(
        "You include the first rate that is not good enough: the range ends before it.",
        {
            "lrs[low], lrs[high]": "lrs[max(low - 1, 0)], "
            "lrs[min(high + 1, len(lrs) - 1)]"
        },
    ),
    compares_with_the_neighbour=Edit(
        "You compare each rate with its neighbour: all are compared with the best.",
        {
            "scores[low - 1] >= enough": "scores[low - 1] >= scores[low] - within",
            "scores[high + 1] >= enough": "scores[high + 1] >= scores[high] - within",
        },
    ),
    returns_the_width=Edit(
        "You return how wide the range is: its two ends are asked for.",
        {"return lrs[low], lrs[high]": "return lrs[high] / lrs[low]"},
    ),
    asks_max_of_nan=Edit(
        "max() does not know nan: where nan stands first, nothing is larger.",
        {
            "np.nanargmax(scores)": "scores.index(max(scores))",
            "np.nanmax(scores)": "max(scores)",
        },
    ),
    takes_nan_for_the_level=Edit(
        "You take nan for the best: np.argmax stops at the first nan, and nothing is "
        "near it.",
        {
            "np.nanargmax": "np.argmax",
            "np.nanmax": "np.max",
        },
    ),
    begins_at_the_highest=Edit(
        "You begin at the highest of equally good rates: begin at the lowest.",
        {
            "np.nanargmax(scores)": "len(scores) - 1 - np.nanargmax(scores[::-1])",
        },
    ),
    takes_the_lowest_score=Edit(
        "You take the lowest score for the best: the larger a score, the better.",
        {
            "np.nanargmax": "np.nanargmin",
            "np.nanmax(scores) - within": "np.nanmin(scores) + within",
            "scores[low - 1] >= enough": "scores[low - 1] <= enough",
            "scores[high + 1] >= enough": "scores[high + 1] <= enough",
        },
    ),
)


@MISTAKES.written_out()
def jumps_over_holes(lrs, scores, within):
    """You take every good rate, holes in between or not: the range ends at the first
    hole."""
    enough = np.nanmax(scores) - within
    good = [lr for lr, score in zip(lrs, scores, strict=True) if score >= enough]
    return good[0], good[-1]


@MISTAKES.written_out()
def walks_over_failed_runs(lrs, scores, within):
    """You walk past failed runs: a rate at which a run fails is not usable, and the
    range ends before it."""
    alive = [(lr, s) for lr, s in zip(lrs, scores, strict=True) if s == s]
    low = high = max(range(len(alive)), key=lambda place: alive[place][1])
    enough = alive[low][1] - within
    while low > 0 and alive[low - 1][1] >= enough:
        low -= 1
    while high < len(alive) - 1 and alive[high + 1][1] >= enough:
        high += 1
    return alive[low][0], alive[high][0]
