"""classify_run, chapter 01: Three regimes."""

import math

import numpy as np
import pytest

from lrcourse.grading import Edit, Mistakes, close

HINTS = [
    "Put the four questions in the order of the rule and return at the first yes.",
    "np.isfinite finds nan and infinity; no comparison does.",
    "np.diff gives the change of every update: how many of them are above zero?",
]


def test_a_run_that_ends_higher_is_diverging(classify_run):
    assert close(classify_run([1.0, 0.9, 1.5, 3.0]), "diverging"), (
        "the last loss, 3, is above the first, 1, although the first step fell"
    )
    assert close(classify_run([4.0, 3.0, 2.0, 1.0]), "good"), (
        "a run that ends below its first loss is not diverging"
    )


def test_a_run_that_halves_its_loss_is_good(classify_run):
    assert close(classify_run([8.0, 6.0, 5.0, 4.0]), "good"), (
        "4 is not above half of 8, and no update raised the loss"
    )
    assert close(classify_run([8.0, 6.0, 5.0, 4.5]), "slow"), "4.5 is above half of 8"


def test_a_run_that_loses_a_tenth_is_slow(classify_run):
    assert close(classify_run([10.0, 9.7, 9.3, 9.0]), "slow"), (
        "compare 9 with half of 10: what counts is the share"
    )
    assert close(classify_run([10.0, 9.0, 7.0, 5.0]), "good"), (
        "5 is half of 10, and not above it"
    )


def test_a_small_loss_can_halve_too(classify_run):
    assert close(classify_run([0.4, 0.3, 0.1]), "good"), (
        "compare 0.1 with half of 0.4: what counts is the share"
    )
    assert close(classify_run([0.4, 0.35, 0.3]), "slow"), (
        "compare 0.3 with half of 0.4: what counts is the share"
    )


def test_a_run_that_goes_up_and_down_is_oscillating(classify_run):
    assert close(classify_run([4.0, 2.0, 3.0, 1.0, 2.0]), "oscillating"), (
        "two of the four updates raised the loss"
    )
    assert close(classify_run([4.0, 3.0, 2.5, 2.0, 1.0]), "good"), (
        "none of the four updates raised the loss"
    )


def test_a_quarter_of_the_updates_is_enough_to_oscillate(classify_run):
    assert close(classify_run([8.0, 4.0, 5.0, 2.0, 1.0]), "oscillating"), (
        "five losses are four updates, and one of them went up"
    )
    assert close(classify_run([8.0, 4.0, 5.0, 2.0, 1.5, 1.0]), "good"), (
        "six losses are five updates, and one of them is less than a quarter"
    )


def test_one_bump_at_the_start_of_a_long_run_is_no_oscillation(classify_run):
    losses = [4.0, 6.0, 3.0, 2.0, 1.5, 1.0, 0.5]
    assert close(classify_run(losses), "good"), (
        "one update of six went up, the first one: look at the whole list"
    )
    twice = [4.0, 6.0, 3.0, 3.5, 1.5, 1.0, 0.5]
    assert close(classify_run(twice), "oscillating"), (
        "two updates of six went up: that is a third of them"
    )


def test_one_bump_in_the_middle_is_no_oscillation(classify_run):
    assert close(classify_run([16.0, 8.0, 9.0, 4.0, 2.0, 1.0]), "good"), (
        "one update of five went up: a fifth is less than a quarter"
    )
    assert close(classify_run([16.0, 8.0, 9.0, 4.0, 5.0, 1.0]), "oscillating"), (
        "two updates of five went up: more than a quarter"
    )


def test_a_run_that_oscillates_without_progress_is_not_called_slow(classify_run):
    assert close(classify_run([4.0, 2.0, 3.9, 2.0, 3.9]), "oscillating"), (
        "3.9 is above half of 4, but which question comes first?"
    )
    assert close(classify_run([4.0, 3.98, 3.95, 3.92, 3.9]), "slow"), (
        "no update went up, and 3.9 is above half of 4"
    )


def test_a_run_that_does_not_move_is_slow(classify_run):
    assert close(classify_run([2.0, 2.0, 2.0]), "slow"), (
        "equal losses are no rise, and 2 is not above 2"
    )
    assert close(classify_run([2.0, 2.0, 2.1]), "diverging"), "2.1 is above 2"


def test_a_rise_in_the_last_update_counts(classify_run):
    assert close(classify_run([8.0, 4.0, 3.0, 2.0, 3.0]), "oscillating"), (
        "one of the four updates went up, and it was the last"
    )
    assert close(classify_run([8.0, 4.0, 3.0, 2.0, 1.0]), "good"), (
        "here the last update went down, as the others did"
    )


def test_what_counts_is_the_last_loss_and_not_the_best(classify_run):
    assert close(classify_run([8.0, 4.0, 3.5, 3.0, 2.5, 5.0]), "slow"), (
        "one update of five went up, and 5 is above half of 8: 2.5 was on the way"
    )
    assert close(classify_run([8.0, 4.0, 3.5, 3.0, 2.5, 3.0]), "good"), (
        "one update of five went up, and 3 is not above half of 8"
    )


def test_a_huge_loss_is_still_a_number(classify_run):
    assert close(classify_run([1.5e308, 1e308, 1e200, 1.0]), "good"), (
        "each of the losses is finite, though their sum is not"
    )
    assert close(classify_run([1e308, 1e200, 1.5e308]), "diverging"), (
        "a huge last loss can be compared with a huge first one"
    )


@pytest.mark.points(2)
def test_a_loss_that_is_no_number_is_diverging(classify_run):
    runs = [1.0, math.nan], [1.0, math.inf, 0.1], [1.0, math.nan, 0.1]
    labels = [classify_run(losses) for losses in runs]
    assert close(labels, 3 * ["diverging"]), (
        "is nan > 1? is nan < 1? and may a run recover from infinity?"
    )
    assert close(classify_run([1.0, 0.5, 0.1]), "good"), "each loss here is a number"


@pytest.mark.points(2)
def test_random_runs_get_the_label_they_were_made_for(classify_run, rng):
    made_for = {
        "good": ((0.0, 0.24), (0.1, 0.49)),
        "slow": ((0.0, 0.24), (0.51, 0.99)),
        "oscillating": ((0.25, 0.6), (0.1, 0.99)),
        "diverging": ((0.25, 1.0), (1.01, 5.0)),
    }
    for label, (rises, last) in list(made_for.items()) * 6:
        losses = _random_losses(rng, rng.uniform(*rises), rng.uniform(*last))
        assert close(classify_run(losses), label), (
            "count the updates that went up, compare the last loss with the first, "
            "and ask in the order of the rule"
        )


def _random_losses(rng, rise_share, last_share):
    """Return losses of which `rise_share` of the updates rise, to `last_share`."""
    updates = int(rng.integers(8, 40))
    up = np.zeros(updates, dtype=bool)
    whole = math.ceil if rise_share >= 0.25 else math.floor
    up[rng.permutation(updates)[: whole(rise_share * updates)]] = True
    falls, rises = rng.uniform(0.1, 1, updates) * ~up, rng.uniform(0.1, 1, updates) * up
    total = math.log(last_share)
    if total > 0:
        falls *= 0.1
        rises *= (total + falls.sum()) / rises.sum()
    else:
        rises *= 0.1
        falls *= (rises.sum() - total) / falls.sum()
    logs = np.concatenate([[0.0], np.cumsum(rises - falls)])
    return [float(loss) for loss in 10 ** rng.uniform(-3, 2) * np.exp(logs)]


MISTAKES = Mistakes(
    see="Three regimes",
    judges_the_first_step=Edit(
        "You judge from the first step: a good run may begin with a rise, and a bad "
        "one with a fall.",
        {"or losses[-1]": "or losses[1]"},
    ),
    lets_nan_pass=Edit(
        "You let nan pass: every comparison with nan is False, so it is never larger "
        "than anything.",
        {"not np.isfinite(losses).all() or ": ""},
        see="On a real network",
    ),
    counts_any_rise=Edit(
        "You call one rise an oscillation: it takes a quarter of the updates.",
        {"np.mean(np.diff(losses) > 0) >= 0.25": "np.any(np.diff(losses) > 0)"},
    ),
    counts_losses_for_updates=Edit(
        "You divide by the number of losses: there is one update fewer, and a quarter "
        "of them counts.",
        {"np.mean(np.diff(losses) > 0)": "np.sum(np.diff(losses) > 0) / len(losses)"},
    ),
    wants_more_than_a_quarter=Edit(
        "You ask for more than a quarter: at least a quarter is asked for, so exactly "
        "a quarter is enough.",
        {">= 0.25": "> 0.25"},
    ),
    compares_with_the_first_loss=Edit(
        "You compare every loss with the first one: an update raised the loss if it is "
        "larger than the loss before that update.",
        {"np.diff(losses) > 0": "np.array(losses[1:]) > losses[0]"},
    ),
    counts_turns=Edit(
        "You count changes of direction: it is the updates that go up which count.",
        {
            "np.mean(np.diff(losses) > 0)": "np.sum(np.sign(np.diff(losses)[1:]) != "
            "np.sign(np.diff(losses)[:-1])) / (len(losses) - 1)"
        },
    ),
    lets_infinity_pass=Edit(
        "You look for nan alone: an infinite loss is no finite number either.",
        {"not np.isfinite(losses).all()": "np.isnan(losses).any()"},
    ),
    looks_at_the_end_for_nan=Edit(
        "You look at the last loss alone for nan and infinity: anywhere in the list "
        "they mean that the run diverged.",
        {"np.isfinite(losses).all()": "np.isfinite(losses[-1])"},
    ),
    measures_the_fall_in_loss_units=Edit(
        "You compare the fall with one half: the last loss is compared with half of "
        "the first.",
        {"losses[-1] > losses[0] / 2": "losses[0] - losses[-1] < 0.5"},
        see="Slow, not stuck",
    ),
    looks_for_the_highest_loss=Edit(
        "You look at the highest loss: a run that climbs and comes back has not "
        "diverged.",
        {"or losses[-1]": "or max(losses)"},
        see="What a larger rate can escape",
    ),
)


@MISTAKES.written_out(see="Slow, not stuck")
def asks_for_slow_first(losses):
    """You ask whether the run is slow before you ask whether it oscillates: the order
    is part of the rule."""
    if not np.isfinite(losses).all() or losses[-1] > losses[0]:
        return "diverging"
    if losses[-1] > losses[0] / 2:
        return "slow"
    return "oscillating" if np.mean(np.diff(losses) > 0) >= 0.25 else "good"
