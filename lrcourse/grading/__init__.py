"""Reads answers out of notebooks, runs them apart, checks them, says what is wrong.

Rooms, from the kernel's side to the learner's code: `kernel` (`check` in a notebook) ->
`server` (the checking process) -> `plugin` (pytest) -> `answers` -> `interpreter` ->
`worker`.
"""

from lrcourse.grading.close import close
from lrcourse.grading.course import Curve
from lrcourse.grading.kernel import check
from lrcourse.grading.refusals import AnswerRaised

__all__ = ["AnswerRaised", "Curve", "check", "close"]
