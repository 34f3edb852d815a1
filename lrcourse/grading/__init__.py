"""Reads answers out of notebooks, runs them apart, checks them, says what is wrong.

Rooms, from the entrances to the learner's code: `kernel` (`check` in a notebook) and
`submission` (`grade_submission`, for the command line and classes) -> `checker` ->
`server` (the checking process) -> `plugin` (pytest, the third entrance) -> `answers` ->
`interpreter` -> `warm` -> `worker`, which `jail` confines.
"""

from lrcourse.grading.close import close
from lrcourse.grading.course import Curve
from lrcourse.grading.kernel import auto_check, check
from lrcourse.grading.refusals import AnswerRaised
from lrcourse.grading.submission import NotConfined, Submission, grade_submission

__all__ = [
    "AnswerRaised",
    "Curve",
    "NotConfined",
    "Submission",
    "auto_check",
    "check",
    "close",
    "grade_submission",
]
