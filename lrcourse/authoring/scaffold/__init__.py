"""Templates for what a contributor adds: ``lrcourse new KIND NAME``.

Each writes files that run as they are, with everything that the tests of the house ask
for. What is still to be said is marked `MARK`, and `make test` names every mark that is
left, so a template cannot land half filled.

- `library`: schedules and update rules; `lessons`: answers, exercises, chapters
- `course`: the checkout, and how text gets into its files; `templates/`: the texts
"""

from lrcourse.authoring.scaffold.lessons import (
    new_answer,
    new_chapter,
    new_exercise,
)
from lrcourse.authoring.scaffold.library import new_rule, new_schedule

MARK = "UNFINISHED"

__all__ = [
    "MARK",
    "new_answer",
    "new_chapter",
    "new_exercise",
    "new_rule",
    "new_schedule",
]
