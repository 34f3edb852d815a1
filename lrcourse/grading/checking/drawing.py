"""An answer's curve beside the expected one, as numbers."""

import time
from typing import Any

from lrcourse.grading.answers.errors import AnswerRaised, NotStarted
from lrcourse.grading.answers.submitted import Answers
from lrcourse.grading.checking.check_files import Curve

# a learner waits for the card, not for a slow answer's curve; how much else the machine
# has to do is not the answer's fault, so that it is the answer's own time that counts
DRAWING_SECONDS = 1.0
WAITING_SECONDS = 10.0  # for one that sleeps, and where no system tells its own time


def drawn(curve: Curve, answers: Answers, name: str) -> dict[str, Any] | None:
    """Return both curves as numbers; None in place of what is none, or is late.

    An answer that is not started has none.
    """
    answer = getattr(answers, name)
    used, end = answers.cpu_seconds, time.monotonic() + WAITING_SECONDS

    def is_late() -> bool:
        mine = answers.cpu_seconds - used
        return mine > DRAWING_SECONDS or time.monotonic() > end

    try:
        mine = [None if is_late() else _number(curve, answer, x) for x in curve.x]
    except NotStarted:
        return None
    return {
        "x": [float(x) for x in curve.x],
        "expected": [float(curve.expected(x)) for x in curve.x],
        "yours": mine,
        "xlabel": curve.xlabel,
        "ylabel": curve.ylabel,
    }


def _number(curve: Curve, answer: Any, x: float) -> float | None:
    try:
        value = curve.call(answer, x)
    except (AnswerRaised, TypeError):  # what it raised stands in the verdicts
        return None
    try:
        return float(value) if type(value) in (int, float) else None
    except OverflowError:  # an integer beyond all floats cannot be drawn
        return None
