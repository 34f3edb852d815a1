"""suggest_lr, chapter 05: One run instead of nine."""

import math

import pytest

from lrcourse.grading import Edit, Mistakes, close
from lrcourse.training import divergence_index
from lrcourse.training import suggest_lr as of_the_library

from .exercise import NAN

HINTS = [
    "First find where the curve ends: walk along it, and remember the lowest loss.",
    "It ends before the first loss above four times the lowest so far; and nan?",
    "Of what is left, at which place is the loss lowest?",
    "The answer is a rate, a tenth of the one at that place.",
]

RATES = [0.001, 0.01, 0.1, 1.0, 10.0]
TWICE = [0.002, 0.02, 0.2, 2.0, 20.0]
TRIPLE = [0.003, 0.03, 0.3, 3.0, 30.0]


def test_it_is_a_tenth_of_the_rate_of_the_lowest_loss(suggest_lr):
    found = suggest_lr(list(RATES), [2.0, 1.5, 0.8, 1.2, 2.5])
    assert close(found, 0.01), "the loss is lowest at 0.1"


def test_a_test_that_never_explodes_is_read_to_its_end(suggest_lr):
    found = suggest_lr(list(TRIPLE), [2.0, 1.8, 1.5, 1.0, 0.5])
    assert close(found, 3.0), "the loss is lowest at 30, the last rate"


def test_what_comes_after_the_explosion_does_not_count(suggest_lr):
    found = suggest_lr(list(RATES), [2.0, 1.0, 4.5, 0.1, 0.2])
    assert close(found, 0.001), "4.5 is more than 4 times 1: there the curve ends"


def test_four_times_is_not_yet_an_explosion(suggest_lr):
    found = suggest_lr(list(TRIPLE), [2.0, 1.0, 4.0, 0.5, 0.7])
    assert close(found, 0.3), "4.0 is not *above* 4 times 1: read on"


def test_the_lowest_so_far_is_the_measure(suggest_lr):
    found = suggest_lr(list(TRIPLE), [8.0, 1.0, 6.0, 0.5, 0.7])
    assert close(found, 0.003), "6 is below the first loss, but above 4 times 1"


def test_a_nan_ends_the_curve(suggest_lr):
    found = suggest_lr(list(TWICE), [2.0, 1.5, NAN, 1.0, 0.8])
    assert close(found, 0.002), "a loss that is not a number has exploded"


def test_an_infinite_loss_ends_the_curve(suggest_lr):
    found = suggest_lr(list(TRIPLE), [2.0, 1.5, math.inf, 1.0, 0.8])
    assert close(found, 0.003), "infinity is above any multiple"


def test_the_first_rate_may_have_the_lowest_loss(suggest_lr):
    found = suggest_lr(list(TWICE), [1.0, 1.5, 2.0, 3.0, 9.0])
    assert close(found, 0.0002), "the loss only rises: a tenth of the first rate"


def test_of_several_lowest_losses_the_first_counts(suggest_lr):
    found = suggest_lr(list(TWICE), [2.0, 1.0, 1.5, 1.0, 2.0])
    assert close(found, 0.002), "the loss is 1 at 0.02 and again at 2"


def test_ten_is_a_factor_not_a_place(suggest_lr):
    found = suggest_lr([0.1, 0.2, 0.4, 0.8], [2.0, 1.5, 1.0, 3.0])
    assert close(found, 0.04), "a tenth of 0.4, whatever was tried before it"


def test_a_bump_does_not_end_the_curve(suggest_lr):
    found = suggest_lr(list(TWICE), [2.0, 1.0, 1.3, 0.8, 2.0])
    assert close(found, 0.2), "1.3 is a bump: the loss falls again after it"


def test_a_slow_climb_is_an_explosion_as_well(suggest_lr):
    found = suggest_lr([0.004, 0.04, 0.4, 4.0, 40.0], [2.0, 1.0, 3.0, 6.0, 0.5])
    assert close(found, 0.004), (
        "6 is twice the loss before it, and six times the lowest"
    )


@pytest.mark.points(2)
def test_random_curves_are_read_as_the_library_does(suggest_lr, rng):
    for _ in range(20):
        lrs = [1e-4 * 10 ** (place / 6) for place in range(31)]
        level = [float(2 + noise) for noise in rng.uniform(-0.1, 0.1, size=8)]
        fall = sorted(float(loss) for loss in rng.uniform(0.5, 1.9, size=14))[::-1]
        burst = [float(0.6 * 1.8**place) for place in range(6)]
        losses = [*level, *fall, *burst, 0.01, 0.3, 0.02]
        end = divergence_index(losses)
        expected = of_the_library(lrs[:end], losses[:end], "min/10")
        assert close(suggest_lr(lrs, losses), expected), (
            "up to the explosion, a tenth of the rate of the lowest loss"
        )


MISTAKES = Mistakes(
    see="One run instead of nine",
    takes_the_minimum_itself=Edit(
        "You take the rate of the lowest loss itself: there the loss is about to turn. "
        "Stay a factor of ten below.",
        {"lrs[place] / 10": "lrs[place]"},
    ),
    reads_on_after_the_explosion=Edit(
        "You read on after the loss has exploded: what comes then is chance.",
        {"break": "continue"},
    ),
    lets_nan_pass=Edit(
        "You do not stop at nan: it is not larger than anything, so ask whether the "
        "loss is *not* small enough.",
        {"not loss <= 4 * lowest": "loss > 4 * lowest"},
    ),
    measures_by_the_first_loss=Edit(
        "You measure the explosion by the first loss: it is four times the lowest so "
        "far.",
        {"4 * lowest": "4 * losses[0]"},
    ),
    stops_at_the_first_bump=Edit(
        "You stop where the loss rises for the first time: a bump is no explosion.",
        {"4 * lowest": "lowest"},
    ),
    stops_at_four_times=Edit(
        "You stop at exactly four times the lowest: the curve ends *above* that.",
        {"loss <= 4": "loss < 4"},
    ),
    returns_the_place=Edit(
        "You return a place in the list: return a tenth of the rate there.",
        {"lrs[place] / 10": "place"},
    ),
    returns_the_loss=Edit(
        "You return a tenth of the loss: what is asked for is a rate.",
        {"lrs[place] / 10": "losses[place] / 10"},
    ),
    goes_back_one_place=Edit(
        "You take the rate one place before the lowest loss: it may be any factor "
        "below, and should be ten.",
        {"lrs[place] / 10": "lrs[max(place - 1, 0)]"},
    ),
    takes_the_last_before_the_explosion=Edit(
        "You take a tenth of the last rate before the explosion: by then the loss has "
        "been rising for a while.",
        {"if loss < lowest": "if loss <= 4 * lowest"},
    ),
    takes_the_last_of_equals=Edit(
        "Of several lowest losses you take the last: the first counts.",
        {
            "loss < lowest": "loss <= lowest",
        },
    ),
)


@MISTAKES.written_out()
def takes_the_steepest_fall_per_unit(lrs, losses):
    """You take the steepest fall per unit of the rate: low rates win, because the
    slope is divided by a small difference."""
    slopes = [
        (losses[i + 1] - losses[i]) / (lrs[i + 1] - lrs[i]) for i in range(len(lrs) - 1)
    ]
    return lrs[slopes.index(min(slopes))]


@MISTAKES.written_out()
def takes_the_steepest_fall(lrs, losses):
    """You take the rate of the steepest fall: that is another rule, and it needs
    smoother curves."""
    falls = [losses[i + 1] - losses[i] for i in range(len(lrs) - 1)]
    return lrs[falls.index(min(falls))]


@MISTAKES.written_out()
def measures_by_the_loss_before(lrs, losses):
    """You measure the explosion by the loss just before: a climb in small steps never
    ends the curve. It is four times the lowest so far."""
    end = len(losses)
    for i in range(1, len(losses)):
        if not losses[i] <= 4 * losses[i - 1]:
            end = i
            break
    return lrs[losses.index(min(losses[:end]))] / 10


@MISTAKES.written_out()
def measures_by_the_lowest_of_all(lrs, losses):
    """You measure by the lowest loss of the whole curve, that after the explosion
    included: it is four times the lowest *so far*."""
    lowest = min(loss for loss in losses if math.isfinite(loss))
    end = len(losses)
    for i in range(1, len(losses)):
        if not losses[i] <= 4 * lowest:
            end = i
            break
    return lrs[losses.index(min(losses[:end]))] / 10


@MISTAKES.written_out()
def takes_the_end_of_the_curve(lrs, losses):
    """You take a tenth of the last rate before the explosion: the loss was lowest
    before, at a smaller rate."""
    lowest, end = losses[0], len(losses) - 1
    for i, loss in enumerate(losses):
        if not loss <= 4 * lowest:
            end = i - 1
            break
        lowest = min(lowest, loss)
    return lrs[end] / 10
