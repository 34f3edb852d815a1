"""tell_effective_apart, chapter 09: Momentum sums gradients."""

from lrcourse.grading import tells_apart

TESTS = tells_apart(
    "effective_lr",
    cases=4,
    domain={
        "`momentum` is at least 0 and below 1": lambda lr, momentum: 0 <= momentum < 1,
    },
)
