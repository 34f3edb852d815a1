"""tell_movement_apart, chapter 05: Why the sum counts."""

from lrcourse.grading import tells_apart

TESTS = tells_apart(
    "total_movement",
    cases=4,
    domain={
        "`base_lr` is positive": lambda base_lr, *_: base_lr > 0,
        "`gamma` is above 0 and at most 1": lambda base_lr, gamma, *_: 0 < gamma <= 1,
        "`epochs` and `updates_per_epoch` are whole numbers from 1 on": (
            lambda base_lr, gamma, *counts: min(counts) >= 1
        ),
    },
)
