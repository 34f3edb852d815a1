"""tell_updates_apart, chapter 03: Three names for one loop."""

from lrcourse.grading import tells_apart

TESTS = tells_apart("updates_per_run", cases=4)
