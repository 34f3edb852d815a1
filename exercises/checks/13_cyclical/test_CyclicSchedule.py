"""CyclicSchedule, chapter 13: A class that never cycles."""

# ruff: noqa: N803 (the fixture of a class has the name of the class)

import pytest

from lrcourse import schedules
from lrcourse.grading import Curve, Edit, Mistakes, close, held, raises

HINTS = [
    "Print the rates of twenty updates. Which of the two bounds do they visit?",
    "The scale 1.0 does not look at what it is given: where should 1 - x stand?",
    "Every group has bounds of its own: one rate for each pair.",
    "What has changed since the beginning? Only the count of updates: save that.",
]


def _rate_after(CyclicSchedule, updates):
    schedule = CyclicSchedule([0.02], [0.1], half_period=4)
    for _ in range(updates):
        schedule.step()
    used = schedule.lrs()
    return used[0] if isinstance(used, list) and used else None


CURVE = Curve(
    range(17),
    call=_rate_after,
    expected=schedules.triangular(0.02, 0.1, 4),
)


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


def test_a_saved_state_stays_as_it_was(CyclicSchedule):
    schedule = CyclicSchedule([1.0], [5.0], half_period=2)
    schedule.step()
    state = held(schedule.state_dict)
    before = state()
    assert close(rates(schedule, 2), [[3.0], [5.0]]), "two more updates: 3, then 5"
    assert close(state(), before), (
        "two more updates, and the state that was handed out before them has changed: "
        "hand out a copy, which no longer counts"
    )


def test_bounds_that_do_not_match_are_a_value_error(CyclicSchedule):
    assert raises("ValueError", CyclicSchedule, [1.0, 0.2], [5.0], 2), (
        "two lower bounds and one upper: say so at once"
    )


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


def rates(schedule, updates):
    """Return the rates that a loop of `updates` would use, one list an update."""
    used = []
    for _ in range(updates):
        used.append(schedule.lrs())
        schedule.step()
    return used


def _functions_in(state):
    """Count what is not plain data in a state, at any depth."""
    if isinstance(state, dict):
        return sum(map(_functions_in, [*state, *state.values()]))
    if isinstance(state, list | tuple):
        return sum(map(_functions_in, state))
    return 0 if isinstance(state, bool | int | float | str | None) else 1


MISTAKES = Mistakes(
    see="A class that never cycles",
    never_cycles=Edit(
        "Your rates stand at the upper bound for ever: the height needs the factor 1 "
        "- x.",
        {" * (1 - x)": ""},
    ),
    stands_on_its_head=Edit(
        "Your triangles stand on their heads: you multiply by x where 1 - x belongs.",
        {"(1 - x)": "x"},
    ),
    compounds=Edit(
        "Your rates build on one another: each is worked out from the bounds and the "
        "count alone.",
        {
            "self.bounds = list(": "self.factor = 1.0\n        self.bounds = list(",
            "return [low + (high - low) * (1 - x)": "self.factor *= 2 - x\n        "
            "return [low * self.factor",
        },
    ),
    never_counts=Edit(
        "Your step() counts nothing: `updates = ...` is a name of its own, and "
        "`self.updates` stays at 0.",
        {"self.updates += 1": "pass"},
    ),
    serves_the_first_group=Edit(
        "You return the rate of the first group alone: every group needs one.",
        {"in self.bounds]": "in self.bounds[:1]]"},
    ),
    gives_all_the_first_rate=Edit(
        "All your groups get the rate of the first one: each has bounds of its own.",
        {
            "return [": "return len(self.bounds) * [",
            "in self.bounds]": "in self.bounds[:1]]",
        },
    ),
    shares_the_floor=Edit(
        "Your groups all start from the first lower bound: each has one of its own.",
        {"zip(min_lrs": "zip(min_lrs[:1] * len(min_lrs)"},
    ),
    counts_when_asked=Edit(
        "Your lrs() counts an update each time it is asked: only step() may do that.",
        {"x = abs": "self.updates += 1\n        x = abs", "self.updates += 1": "pass"},
    ),
    starts_one_update_late=Edit(
        "You are one update ahead: before the first step() no update is finished, and "
        "the rates are the lower bounds.",
        {"self.updates %": "(self.updates + 1) %"},
        see="The triangle",
    ),
    takes_half_for_whole=Edit(
        "Your whole cycle lasts half_period updates: that is the way up alone.",
        {"self.updates %": "2 * self.updates %"},
        see="The triangle",
    ),
    cycles_once=Edit(
        "Your rates make one cycle and stay on the floor: take whole cycles away from "
        "the count first.",
        {" % (2 * self.half_period)": "", "(1 - x)": "max(1 - x, 0)"},
        see="The triangle",
    ),
    forgets_the_count=Edit(
        "A loaded schedule starts from the beginning: the number of updates is the "
        "one thing that a state must hold, and that loading must put back.",
        {'self.updates = state["updates"]': "pass"},
    ),
    loses_an_update=Edit(
        "A loaded schedule is one update behind: the saved count is that of finished "
        "updates, and is used as it is.",
        {'state["updates"]': 'state["updates"] - 1'},
    ),
    rewinds_when_saved=Edit(
        "Saving sets your schedule back: state_dict only looks.",
        {
            "return {": "saved, self.updates = self.updates, 0\n        return {",
            ": self.updates}": ": saved}",
        },
    ),
    hands_itself_out=Edit(
        "Your state is the schedule itself: vars(self) is no copy, so a saved state "
        "counts on while training goes on, and a later load finds the wrong place.",
        {
            "self.bounds = list(zip(min_lrs, max_lrs, strict=True))": "self.min_lrs, "
            "self.max_lrs = min_lrs, max_lrs",
            "in self.bounds]": "in zip(self.min_lrs, self.max_lrs)]",
            '{"updates": self.updates}': "vars(self)",
        },
    ),
    drops_what_does_not_match=Edit(
        "You drop the group that has no upper bound: it would train without a rate, "
        "and nobody would know.",
        {"len(min_lrs) != len(max_lrs)": "False", "strict=True": "strict=False"},
    ),
)

_ZIP_RAISES = "zip with strict=True raises ValueError by itself"
EQUIVALENT = {
    "x = abs(1 - place / self.half_period)": "the distance from the peak has no sign",
    "if len(max_lrs) != len(max_lrs):": _ZIP_RAISES,
    "if len(min_lrs) != len(min_lrs):": _ZIP_RAISES,
    "without if len(min_lrs) != len(max_lrs):": _ZIP_RAISES,
    "without raise ValueError": _ZIP_RAISES,
    "self.updates -= 1": "a triangle is the same played backwards",
}
