"""range_test_schedule, chapter 05: UNFINISHED heading."""

import pytest

from lrcourse import schedules
from lrcourse.grading import Curve, Edit, Mistakes, agrees_with, close

HINTS = [
    "UNFINISHED: a question to think about.",
    "UNFINISHED: where the answer lies.",
    "UNFINISHED: nearly the answer.",
]
CURVE = Curve(range(51), schedules.inverse_time, base_lr=0.1, k=1.0)


# UNFINISHED: names that say what holds, numbers that can be found on paper
@pytest.mark.points(0)  # handing back an argument earns nothing
def test_range_test_schedule_starts_at_base_lr(range_test_schedule):
    lr = range_test_schedule(0, base_lr=0.1, k=2.0)
    assert close(lr, 0.1), "UNFINISHED: what to think about, never the solution"


def test_range_test_schedule_after_three_steps_is_a_seventh(range_test_schedule):
    lr = range_test_schedule(3, base_lr=0.7, k=2.0)
    assert close(lr, 0.1), "UNFINISHED: what to think about, never the solution"


@agrees_with(schedules.inverse_time, points=2)
def test_range_test_schedule_is_right_for_random_settings(rng):
    """UNFINISHED: what the answer should do at any settings."""
    return {
        "base_lr": rng.uniform(0.1, 1),
        "k": rng.uniform(0.1, 2),
        "step": int(rng.integers(0, 100)),
    }


MISTAKES = Mistakes(
    see="UNFINISHED heading",  # where the chapter explains it, above too
    grows=Edit("UNFINISHED: what is wrong.", {"base_lr /": "base_lr *"}),
    counts_from_one=Edit("UNFINISHED: what is wrong.", {"k * step": "k * (step + 1)"}),
    forgets_k=Edit("UNFINISHED: what is wrong.", {"k * step": "step"}),
)
