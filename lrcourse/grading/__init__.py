"""Reads answers out of notebooks, runs them apart, checks them, says what is wrong.

A question travels from an entrance to the learner's code and back:

- entrances: `kernel` (`check` in a notebook), `submission` (`grade_submission`, for the
  command line and classes), `plugin` (pytest); the first two ask the checking process,
  `checker` -> `server`, which runs pytest inside
- what is asked: `course` (checks, mistakes, references), `collection` (which notebook
  meets which checks), `notebook`, `parameters` (hidden ones), `close`
- the answers: `answers` with `arguments`, `refusals`; `wire` and `replies` are what
  crosses to the other process and what is believed of it
- running them: `interpreter` (a worker under a `clock`) over `starting`, `handles`,
  `pipes`, `boxes`, `kinds`; on the far side `warm` forks a `worker`, which has
  `surroundings`, `definitions`, `withheld`; `jail` confines it
- what is wrong: `naming` over `mutants` (`slips`, `slips_of_calls`,
  `slips_of_formulas`), under a `budget`; `mutation` tries all mutants on the checks
- what is said: `verdict`, `report`, `card`
"""

from lrcourse.grading.answers.errors import AnswerRaised
from lrcourse.grading.close import close
from lrcourse.grading.entrances.kernel import auto_check, check
from lrcourse.grading.entrances.submission import (
    NotConfined,
    Submission,
    grade_submission,
)
from lrcourse.grading.exercise import Curve

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
