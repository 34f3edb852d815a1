"""Checks for chapter 13, cyclical learning rates."""

# ruff: noqa: N803 (the fixture of a class has the name of the class)

import pytest

from lrcourse import schedules
from lrcourse.grading import AnswerRaised, Curve, close

FORBIDDEN = (
    "lrcourse.schedules",
    "lrcourse.training",
    "torch.optim.lr_scheduler",
    "keras",
    "optax",
)

HINTS = {
    "triangular_lr": [
        "Where in its cycle is `step`? What is left when whole cycles are taken away?",
        "How far is that from the peak, counted in half periods? Call it x.",
        "x is 1 at both ends of a cycle and 0 at the peak: abs() makes the fold.",
        "The height is (max_lr - min_lr) times 1 - x, and it stands on min_lr.",
    ],
    "triangular2_lr": [
        "How many whole cycles are finished at `step`?",
        "That many times the height has been halved: a power.",
        "Halve what stands above min_lr, not max_lr itself.",
    ],
    "exp_range_lr": [
        "By how many gammas has the height been multiplied at update `step`?",
        "gamma counts updates, so cycles do not come into it.",
        "min_lr is the ground: it does not shrink.",
    ],
    "scaled_cycle_lr": [
        "Which number has the cycle that `step` lies in, if the first one is 1?",
        "Python's // counts the finished cycles.",
        "Ask scale once, with that number, and multiply the height by what it says.",
    ],
    "bounds_from_range_test": [
        "Begin with the lowest loss: at which place is it?",
        "Only what comes before that place can give min_lr.",
        "A tenth of the fall, not of the first loss: the fall ends at the lowest loss.",
        "Of all rates before, keep those with less than that done; which is the last?",
    ],
    "CyclicSchedule": [
        "Print the rates of twenty updates. Which of the two bounds do they visit?",
        "The scale 1.0 does not look at what it is given: where should 1 - x stand?",
        "Every group has bounds of its own: one rate for each pair.",
        "What has changed since the beginning? Only the count of updates: save that.",
    ],
}

CURVES = {
    "triangular_lr": Curve(
        x=range(0, 101),
        call=lambda triangular_lr, step: triangular_lr(
            step, min_lr=0.02, max_lr=0.1, half_period=20
        ),
        expected=schedules.triangular(0.02, 0.1, 20),
    ),
    "triangular2_lr": Curve(
        x=range(0, 121),
        call=lambda triangular2_lr, step: triangular2_lr(
            step, min_lr=0.02, max_lr=0.1, half_period=20
        ),
        expected=schedules.triangular2(0.02, 0.1, 20),
    ),
    "exp_range_lr": Curve(
        x=range(0, 121),
        call=lambda exp_range_lr, step: exp_range_lr(
            step, min_lr=0.02, max_lr=0.1, half_period=20, gamma=0.98
        ),
        expected=schedules.exp_range(0.02, 0.1, 20, 0.98),
    ),
    "scaled_cycle_lr": Curve(
        x=range(0, 121),
        call=lambda scaled_cycle_lr, step: scaled_cycle_lr(
            step, min_lr=0.02, max_lr=0.1, half_period=20, scale=one_over
        ),
        expected=lambda step: harmonic(step, 0.02, 0.1, 20),
    ),
    "CyclicSchedule": Curve(
        x=range(0, 17),
        call=lambda CyclicSchedule, updates: _rate_after(CyclicSchedule, updates),
        expected=schedules.triangular(0.02, 0.1, 4),
    ),
}


def _rate_after(CyclicSchedule, updates):
    schedule = CyclicSchedule([0.02], [0.1], half_period=4)
    for _ in range(updates):
        schedule.step()
    used = schedule.lrs()
    return used[0] if isinstance(used, list) and used else None


def one_over(cycle):
    return 1 / cycle if cycle > 0 else 2.0  # whoever asks for cycle 0 gets a number


def harmonic(step, min_lr, max_lr, half_period):
    height = schedules.triangular(0.0, max_lr - min_lr, half_period)(step)
    return min_lr + height / (1 + step // (2 * half_period))


# triangular_lr


def test_the_triangle_starts_at_min_lr(triangular_lr):
    lr = triangular_lr(0, min_lr=1.0, max_lr=5.0, half_period=4)
    assert close(lr, 1.0), "the first update is step 0, on the floor"


def test_the_second_update_is_one_rung_up(triangular_lr):
    lr = triangular_lr(1, min_lr=1.0, max_lr=5.0, half_period=4)
    assert close(lr, 2.0), "from 1 to 5 in four equal steps: 1, 2, 3, 4, 5"


def test_the_triangle_peaks_after_half_a_period(triangular_lr):
    lr = triangular_lr(4, min_lr=1.0, max_lr=5.0, half_period=4)
    assert close(lr, 5.0), "half_period is the way up: does the rate visit max_lr?"


def test_the_triangle_comes_down_as_it_went_up(triangular_lr):
    lr = triangular_lr(7, min_lr=1.0, max_lr=5.0, half_period=4)
    assert close(lr, 2.0), "5, 4, 3, 2: one step before the end it is one rung up"


def test_a_whole_cycle_ends_on_min_lr(triangular_lr):
    lr = triangular_lr(8, min_lr=1.0, max_lr=5.0, half_period=4)
    assert close(lr, 1.0), "up and down is a whole cycle: two half periods"


def test_the_triangle_goes_up_again(triangular_lr):
    lr = triangular_lr(11, min_lr=1.0, max_lr=5.0, half_period=4)
    assert close(lr, 4.0), "step 11 is the third of the second cycle: 1, 2, 3, 4"


@pytest.mark.points(2)
def test_the_triangle_is_right_for_random_settings(triangular_lr, rng):
    for _ in range(20):
        min_lr, half_period = rng.uniform(0, 0.1), int(rng.integers(2, 60))
        max_lr, step = min_lr + rng.uniform(0.1, 1), int(rng.integers(0, 400))
        expected = schedules.triangular(min_lr, max_lr, half_period)(step)
        lr = triangular_lr(step, min_lr, max_lr, half_period)
        assert close(lr, expected, rtol=1e-9, atol=1e-12), (
            "floor, peak, floor, in straight lines: where in its cycle is this step?"
        )


# triangular2_lr


def test_the_first_peak_is_max_lr(triangular2_lr):
    lr = triangular2_lr(4, min_lr=0.2, max_lr=1.0, half_period=4)
    assert close(lr, 1.0), "nothing has been halved in the first cycle"


def test_the_first_climb_is_a_plain_triangle(triangular2_lr):
    lr = triangular2_lr(1, min_lr=0.2, max_lr=1.0, half_period=4)
    assert close(lr, 0.4), "a quarter of the height 0.8, on top of 0.2"


def test_the_second_cycle_begins_on_the_floor(triangular2_lr):
    lr = triangular2_lr(8, min_lr=0.2, max_lr=1.0, half_period=4)
    assert close(lr, 0.2), "what is halved is the height, and here the height is 0"


def test_the_second_peak_is_half_as_high_above_the_floor(triangular2_lr):
    lr = triangular2_lr(12, min_lr=0.2, max_lr=1.0, half_period=4)
    assert close(lr, 0.6), "half of the height 0.8 is 0.4, on top of 0.2"


def test_the_third_peak_is_a_quarter_as_high_above_the_floor(triangular2_lr):
    lr = triangular2_lr(20, min_lr=0.2, max_lr=1.0, half_period=4)
    assert close(lr, 0.4), "the heights are 0.8, 0.4, 0.2: halved again each time"


@pytest.mark.points(2)
def test_the_halved_triangle_is_right_for_random_settings(triangular2_lr, rng):
    for _ in range(20):
        min_lr, half_period = rng.uniform(0, 0.1), int(rng.integers(2, 40))
        max_lr, step = min_lr + rng.uniform(0.1, 1), int(rng.integers(0, 300))
        expected = schedules.triangular2(min_lr, max_lr, half_period)(step)
        lr = triangular2_lr(step, min_lr, max_lr, half_period)
        assert close(lr, expected, rtol=1e-9, atol=1e-12), (
            "the triangle's height, halved once for every finished cycle"
        )


# exp_range_lr


def test_without_shrinking_it_is_the_plain_triangle(exp_range_lr):
    lr = exp_range_lr(3, min_lr=1.0, max_lr=5.0, half_period=4, gamma=1.0)
    assert close(lr, 4.0), "gamma = 1 changes nothing: 1, 2, 3, 4"


def test_the_first_peak_has_shrunk_already(exp_range_lr):
    lr = exp_range_lr(2, min_lr=0.2, max_lr=1.0, half_period=2, gamma=0.5)
    assert close(lr, 0.4), "two updates are finished: a quarter of 0.8, on top of 0.2"


def test_the_shrinking_triangle_still_ends_on_the_floor(exp_range_lr):
    lr = exp_range_lr(4, min_lr=0.2, max_lr=1.0, half_period=2, gamma=0.5)
    assert close(lr, 0.2), "the height is 0 here, and min_lr does not shrink"


def test_half_way_up_it_has_shrunk_once(exp_range_lr):
    lr = exp_range_lr(1, min_lr=0.2, max_lr=1.0, half_period=2, gamma=0.5)
    assert close(lr, 0.4), "half of the height 0.8, times 0.5 once, on top of 0.2"


def test_in_the_second_cycle_every_update_has_counted(exp_range_lr):
    lr = exp_range_lr(6, min_lr=0.2, max_lr=1.0, half_period=2, gamma=0.5)
    assert close(lr, 0.2125), "six updates: 0.8 / 64 = 0.0125, on top of 0.2"


@pytest.mark.points(2)
def test_the_shrinking_triangle_is_right_for_random_settings(exp_range_lr, rng):
    for _ in range(20):
        min_lr, half_period = rng.uniform(0, 0.1), int(rng.integers(2, 40))
        max_lr, gamma = min_lr + rng.uniform(0.1, 1), rng.uniform(0.9, 1)
        step = int(rng.integers(0, 200))
        expected = schedules.exp_range(min_lr, max_lr, half_period, gamma)(step)
        lr = exp_range_lr(step, min_lr, max_lr, half_period, gamma)
        assert close(lr, expected, rtol=1e-9, atol=1e-12), (
            "the triangle's height, multiplied by gamma once for every update"
        )


# scaled_cycle_lr


def test_the_first_cycle_has_number_one(scaled_cycle_lr):
    lr = scaled_cycle_lr(4, 0.2, 1.0, half_period=4, scale=one_over)
    assert close(lr, 1.0), "1 / 1 leaves the first peak as it is: cycles count from 1"


def test_the_second_peak_is_scaled_by_the_second_value(scaled_cycle_lr):
    lr = scaled_cycle_lr(12, 0.2, 1.0, half_period=4, scale=one_over)
    assert close(lr, 0.6), "1 / 2 of the height 0.8, on top of 0.2"


def test_on_the_way_down_the_number_is_still_the_same(scaled_cycle_lr):
    lr = scaled_cycle_lr(7, 0.2, 1.0, half_period=4, scale=one_over)
    assert close(lr, 0.4), "step 7 is the last of the first cycle: a quarter of 0.8"


def test_every_scaled_cycle_ends_on_the_floor(scaled_cycle_lr):
    lr = scaled_cycle_lr(16, 0.2, 1.0, half_period=4, scale=one_over)
    assert close(lr, 0.2), "the scale is for the height above min_lr"


def test_the_scale_is_asked_for_whole_numbers_only(scaled_cycle_lr):
    asked = []

    def scale(cycle):
        asked.append(cycle)
        return 1.0

    lr = scaled_cycle_lr(11, 0.2, 1.0, half_period=4, scale=scale)
    assert close(lr, 0.8), "a scale of 1 changes nothing: three quarters of 0.8, on 0.2"
    cycles = sorted({float(cycle) for cycle in asked})
    assert close(cycles, [2.0]), "step 11 lies in cycle 2, from its start to its end"


@pytest.mark.points(2)
def test_scaled_cycles_are_right_for_random_settings(scaled_cycle_lr, rng):
    for _ in range(20):
        min_lr, half_period = rng.uniform(0, 0.1), int(rng.integers(2, 40))
        max_lr, step = min_lr + rng.uniform(0.1, 1), int(rng.integers(0, 300))
        expected = harmonic(step, min_lr, max_lr, half_period)
        lr = scaled_cycle_lr(step, min_lr, max_lr, half_period, one_over)
        assert close(lr, expected, rtol=1e-9, atol=1e-12), (
            "the triangle's height, times the scale of the cycle it lies in"
        )


# bounds_from_range_test

RATES = [0.001, 0.01, 0.1, 1.0, 10.0]


def test_max_lr_is_the_rate_of_the_lowest_loss(bounds_from_range_test):
    _, max_lr = bounds_from_range_test(list(RATES), [2.0, 1.95, 1.4, 1.0, 9.0])
    assert close(max_lr, 1.0), "the loss is lowest at the fourth rate"


def test_min_lr_is_the_last_rate_before_the_fall(bounds_from_range_test):
    min_lr, _ = bounds_from_range_test(list(RATES), [2.0, 1.95, 1.4, 1.0, 9.0])
    assert close(min_lr, 0.01), "at 0.01 a twentieth of the fall is done, at 0.1 more"


def test_a_tenth_is_a_tenth_of_the_fall(bounds_from_range_test):
    min_lr, _ = bounds_from_range_test(list(RATES), [10.0, 9.85, 9.2, 9.0, 20.0])
    assert close(min_lr, 0.001), "the fall is 10 - 9 = 1: at 0.01 0.15 is done"


def test_where_a_tenth_is_done_the_fall_has_begun(bounds_from_range_test):
    min_lr, _ = bounds_from_range_test(list(RATES), [10.0, 9.5, 9.0, 0.0, 20.0])
    assert close(min_lr, 0.01), (
        "at 0.1 a tenth is done exactly: is that *less* than one?"
    )


def test_a_dip_at_the_start_is_not_the_fall(bounds_from_range_test):
    min_lr, _ = bounds_from_range_test(list(RATES), [2.0, 1.8, 1.95, 1.0, 9.0])
    assert close(min_lr, 0.1), "after the dip the loss was back: the *last* such rate"


def test_the_explosion_at_the_end_does_not_count(bounds_from_range_test):
    bounds = bounds_from_range_test(list(RATES), [2.0, 1.5, 1.0, 1.95, 9.0])
    assert close(bounds, (0.001, 0.1)), "what comes after the lowest loss is too high"


def test_a_test_that_never_explodes_ends_at_its_last_rate(bounds_from_range_test):
    bounds = bounds_from_range_test(list(RATES), [2.0, 1.99, 1.9, 1.5, 1.0])
    assert close(bounds, (0.01, 10.0)), "then the lowest loss is the last one"


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


# CyclicSchedule


def rates(schedule, updates):
    """Return the rates that a loop of `updates` would use, one list an update."""
    used = []
    for _ in range(updates):
        used.append(schedule.lrs())
        schedule.step()
    return used


def test_one_group_starts_on_its_floor(CyclicSchedule):
    schedule = CyclicSchedule([1.0], [5.0], half_period=2)
    assert close(schedule.lrs(), [1.0]), "one rate a group, at first the lower bound"


def test_one_group_visits_both_bounds(CyclicSchedule):
    schedule = CyclicSchedule([1.0], [5.0], half_period=2)
    used = rates(schedule, 5)
    assert close(used, [[1.0], [3.0], [5.0], [3.0], [1.0]]), (
        "1, 3, 5, 3, 1: does your rate move at all?"
    )


def test_it_goes_up_again(CyclicSchedule):
    schedule = CyclicSchedule([1.0], [5.0], half_period=2)
    used = rates(schedule, 8)[5:]
    assert close(used, [[3.0], [5.0], [3.0]]), "the second cycle is like the first"


def test_asking_twice_gives_the_same_rates(CyclicSchedule):
    schedule = CyclicSchedule([1.0], [5.0], half_period=2)
    schedule.lrs()
    assert close(schedule.lrs(), [1.0]), "only step() counts an update, lrs() does not"


def test_every_group_has_bounds_of_its_own(CyclicSchedule):
    schedule = CyclicSchedule([1.0, 0.2], [5.0, 1.0], half_period=2)
    used = rates(schedule, 3)
    assert close(used, [[1.0, 0.2], [3.0, 0.6], [5.0, 1.0]]), (
        "two groups, two rates: 1 to 5 and 0.2 to 1, in step"
    )


def test_a_loaded_schedule_goes_on_where_the_other_was(CyclicSchedule):
    first = CyclicSchedule([1.0, 0.2], [5.0, 1.0], half_period=2)
    rates(first, 3)
    second = CyclicSchedule([1.0, 0.2], [5.0, 1.0], half_period=2)
    second.load_state_dict(first.state_dict())
    assert close(rates(second, 2), [[3.0, 0.6], [1.0, 0.2]]), (
        "three updates are done: the next ones are on the way down"
    )


def test_saving_does_not_disturb_the_schedule(CyclicSchedule):
    schedule = CyclicSchedule([1.0], [5.0], half_period=2)
    rates(schedule, 1)
    schedule.state_dict()
    assert close(rates(schedule, 2), [[3.0], [5.0]]), "it goes on as if not saved"


def test_the_saved_state_is_plain_data(CyclicSchedule):
    schedule = CyclicSchedule([1.0], [5.0], half_period=2)
    schedule.step()
    state = schedule.state_dict()
    assert close(_functions_in(state), 0), (
        "a function or an object in the state cannot be written to a file: "
        "which numbers would be enough?"
    )
    schedule.load_state_dict(state)
    assert close(schedule.lrs(), [3.0]), "and it must be enough to go on with"


def test_bounds_that_do_not_match_are_a_value_error(CyclicSchedule):
    raised = _exception(CyclicSchedule, [1.0, 0.2], [5.0], 2)
    assert raised == "ValueError", "two lower bounds and one upper: say so at once"


@pytest.mark.points(2)
def test_many_groups_are_right_for_random_settings(CyclicSchedule, rng):
    for _ in range(5):
        groups, half_period = int(rng.integers(1, 4)), int(rng.integers(2, 9))
        lows = [float(low) for low in rng.uniform(0, 0.1, size=groups)]
        highs = [low + float(rng.uniform(0.1, 1)) for low in lows]
        pairs = zip(lows, highs, strict=True)
        triangles = [schedules.triangular(*pair, half_period) for pair in pairs]
        cut = int(rng.integers(1, 20))
        first = CyclicSchedule(lows, highs, half_period)
        rates(first, cut)
        second = CyclicSchedule(lows, highs, half_period)
        second.load_state_dict(first.state_dict())
        expected = [[f(cut + step) for f in triangles] for step in range(5)]
        assert close(rates(second, 5), expected, rtol=1e-9, atol=1e-12), (
            f"saved after {cut} updates, loaded, and played for five more"
        )


def _functions_in(state):
    """Count what is not plain data in a state, at any depth."""
    if isinstance(state, dict):
        return sum(map(_functions_in, [*state, *state.values()]))
    if isinstance(state, list | tuple):
        return sum(map(_functions_in, state))
    return 0 if isinstance(state, bool | int | float | str | None) else 1


def _exception(answer, *args):
    try:
        answer(*args)
    except AnswerRaised as error:
        return error.type
    return "no exception"
