"""Reads answers out of notebooks, runs them apart, checks them, says what is wrong.

A question travels from an entrance to the learner's code and back, through the wings,
each of which imports only those below it:

- `entrances`: a notebook, a command line or a class comes in
- `checking`: pytest, in a process that holds the checks
- `mistakes`: which mistake would have made the recorded calls
- `answers`: the stand-ins that checks call
- `sandbox`: the learner's code, run apart
- leaves that import nothing above them: `comparison`, `exercise`, `kept`, `notebook`,
  `points`, `recalls`, `seeds`, `verdict`

A room is loaded when one of its names is asked for: a kernel that imports `check` pays
for what `check` needs.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lrcourse.grading.answers.errors import AnswerRaised
    from lrcourse.grading.answers.stand_in import held
    from lrcourse.grading.checking.cases import tells_apart
    from lrcourse.grading.checking.check_files import Curve, agrees_with, raises
    from lrcourse.grading.checking.claims import Claim, claims
    from lrcourse.grading.checking.recalled import Recall
    from lrcourse.grading.comparison import close
    from lrcourse.grading.entrances.kernel import ask, auto_check, check
    from lrcourse.grading.entrances.submission import (
        NotConfined,
        Submission,
        grade_submission,
    )
    from lrcourse.grading.mistakes.known import Edit, Mistakes

_ROOMS = {
    "AnswerRaised": "answers.errors",
    "Claim": "checking.claims",
    "Curve": "checking.check_files",
    "Edit": "mistakes.known",
    "Mistakes": "mistakes.known",
    "NotConfined": "entrances.submission",
    "Recall": "checking.recalled",
    "Submission": "entrances.submission",
    "agrees_with": "checking.check_files",
    "ask": "entrances.kernel",
    "auto_check": "entrances.kernel",
    "check": "entrances.kernel",
    "claims": "checking.claims",
    "close": "comparison",
    "grade_submission": "entrances.submission",
    "held": "answers.stand_in",
    "raises": "checking.check_files",
    "tells_apart": "checking.cases",
}

__all__ = [
    "AnswerRaised",
    "Claim",
    "Curve",
    "Edit",
    "Mistakes",
    "NotConfined",
    "Recall",
    "Submission",
    "agrees_with",
    "ask",
    "auto_check",
    "check",
    "claims",
    "close",
    "grade_submission",
    "held",
    "raises",
    "tells_apart",
]


def __getattr__(name: str) -> Any:
    """Load the room that holds a public name, when it is first asked for."""
    if name not in _ROOMS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(importlib.import_module(f"{__name__}.{_ROOMS[name]}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
