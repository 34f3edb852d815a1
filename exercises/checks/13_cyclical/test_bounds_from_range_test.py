"""bounds_from_range_test, chapter 13: Bounds from a range test."""

import pytest

from lrcourse.grading import Edit, Mistakes, close

from .exercise import pair

HINTS = [
    "Begin with the lowest loss: at which place is it?",
    "Only what comes before that place can give min_lr.",
    "A tenth of the fall, not of the first loss: the fall ends at the lowest loss.",
    "Of all rates before, keep those with less than that done; which is the last?",
]


RATES = [0.001, 0.01, 0.1, 1.0, 10.0]
TRIPLE = [0.003, 0.03, 0.3, 3.0, 30.0]


def test_max_lr_is_the_rate_of_the_lowest_loss(bounds_from_range_test):
    _, max_lr = pair(bounds_from_range_test(list(RATES), [2.0, 1.95, 1.4, 1.0, 9.0]))
    assert close(max_lr, 1.0), "the loss is lowest at the fourth rate"


def test_min_lr_is_the_last_rate_before_the_fall(bounds_from_range_test):
    min_lr, _ = pair(bounds_from_range_test(list(RATES), [2.0, 1.95, 1.4, 1.0, 9.0]))
    assert close(min_lr, 0.01), "at 0.01 a twentieth of the fall is done, at 0.1 more"


def test_a_tenth_is_a_tenth_of_the_fall(bounds_from_range_test):
    min_lr, _ = pair(bounds_from_range_test(list(RATES), [10.0, 9.85, 9.2, 9.0, 20.0]))
    assert close(min_lr, 0.001), "the fall is 10 - 9 = 1: at 0.01 0.15 is done"


def test_where_a_tenth_is_done_the_fall_has_begun(bounds_from_range_test):
    min_lr, _ = pair(bounds_from_range_test(list(TRIPLE), [10.0, 9.5, 9.0, 0.0, 20.0]))
    assert close(min_lr, 0.03), (
        "at 0.3 a tenth is done exactly: is that *less* than one?"
    )


def test_a_dip_at_the_start_is_not_the_fall(bounds_from_range_test):
    min_lr, _ = pair(bounds_from_range_test(list(RATES), [2.0, 1.8, 1.95, 1.0, 9.0]))
    assert close(min_lr, 0.1), "after the dip the loss was back: the *last* such rate"


def test_the_explosion_at_the_end_does_not_count(bounds_from_range_test):
    bounds = bounds_from_range_test(list(RATES), [2.0, 1.5, 1.0, 1.95, 9.0])
    assert close(bounds, (0.001, 0.1)), "what comes after the lowest loss is too high"


def test_a_test_that_never_explodes_ends_at_its_last_rate(bounds_from_range_test):
    bounds = bounds_from_range_test(list(RATES), [2.0, 1.99, 1.9, 1.5, 1.0])
    assert close(bounds, (0.01, 10.0)), "then the lowest loss is the last one"


def test_a_loss_above_the_first_has_not_come_down(bounds_from_range_test):
    min_lr, _ = pair(bounds_from_range_test(list(TRIPLE), [2.0, 2.5, 1.4, 1.0, 9.0]))
    assert close(min_lr, 0.03), "at 0.03 the loss is higher than at first: none is done"


@pytest.mark.points(2)
def test_bounds_are_right_for_random_curves(bounds_from_range_test, rng):
    for _ in range(20):
        lrs = [1e-4 * 10 ** (place / 6) for place in range(31)]
        fall = sorted(float(loss) for loss in rng.uniform(1, 2, size=18))[::-1]
        level = [float(2.1 + noise) for noise in rng.uniform(-0.2, 0.2, size=6)]
        burst = [float(1.5 * 1.3**place) for place in range(7)]
        losses = level + fall + burst
        expected = _bounds(lrs, losses)  # before an answer can touch them
        assert close(bounds_from_range_test(lrs, losses), expected), (
            "the rate of the lowest loss, and the last one before it with less than "
            "a tenth of the fall done"
        )


def _bounds(lrs, losses):
    lowest = min(range(len(losses)), key=losses.__getitem__)
    done = [(losses[0] - loss) / (losses[0] - losses[lowest]) for loss in losses]
    begun = max(place for place in range(lowest) if done[place] < 0.1)
    return lrs[begun], lrs[lowest]


MISTAKES = Mistakes(
    see="Bounds from a range test",
    reads_the_whole_curve=Edit(
        "You look for min_lr on the whole curve: after the lowest loss it climbs "
        "again, and those rates are too high.",
        {"lrs[:lowest]": "lrs", "losses[:lowest]": "losses"},
    ),
    takes_the_rate_after=Edit(
        "Your min_lr is one rate too far: there a tenth of the fall is done already.",
        {"waiting[-1]": "lrs[lrs.index(waiting[-1]) + 1]"},
    ),
    takes_a_tenth_of_the_loss=Edit(
        "You wait for a tenth of the first loss: it is a tenth of the fall, which "
        "ends at the lowest loss and not at zero.",
        {"losses[0] - loss < fall / 10": "loss > 0.9 * losses[0]"},
    ),
    begins_at_the_first_rate=Edit(
        "Your min_lr is the first rate of the test: nothing happens there yet.",
        {"waiting[-1]": "lrs[0]"},
    ),
    ends_at_the_last_rate=Edit(
        "Your max_lr is the last rate of the test: the loss may have exploded long "
        "before.",
        {"lrs[lowest]": "lrs[-1]"},
    ),
    returns_losses=Edit(
        "You return losses: the bounds are the rates at those places.",
        {"[lr for": "[loss for", "lrs[lowest]": "losses[lowest]"},
    ),
    returns_places=Edit(
        "You return places in the list: the bounds are the rates at those places.",
        {
            "waiting[-1], lrs[lowest]": "lrs.index(waiting[-1]), lowest",
        },
    ),
    measures_from_the_highest_loss=Edit(
        "You measure the fall from the highest loss: it begins at the first one.",
        {"losses[0] - losses[lowest]": "max(losses) - losses[lowest]"},
    ),
    counts_a_climb_as_a_fall=Edit(
        "You take the distance from the first loss: a loss above it has not come down "
        "at all.",
        {"losses[0] - loss <": "abs(losses[0] - loss) <"},
    ),
    takes_the_steepest_fall=Edit(
        "You take the rate before the steepest fall: it is the last with less than a "
        "tenth of the fall done.",
        {
            "waiting[-1]": "lrs[min(range(lowest), key=lambda i: losses[i + 1] "
            "- losses[i])]"
        },
    ),
    swaps_them=Edit(
        "You return the bounds the other way round: min_lr comes first.",
        {"waiting[-1], lrs[lowest]": "lrs[lowest], waiting[-1]"},
    ),
    divides_the_peak_by_ten=Edit(
        "You take a tenth of the rate of the lowest loss: that is a rule for a "
        "constant rate, not for the upper bound of a cycle.",
        {"lrs[lowest]": "lrs[lowest] / 10"},
    ),
)


@MISTAKES.written_out()
def stops_at_the_first_dip(lrs, losses):
    """You stop where a tenth of the fall is done for the first time: noise at the start
    may do that. Take the last rate before the lowest loss with less than a tenth."""
    fall = losses[0] - min(losses)
    first = next(i for i, loss in enumerate(losses) if losses[0] - loss >= fall / 10)
    return lrs[first - 1], lrs[losses.index(min(losses))]
