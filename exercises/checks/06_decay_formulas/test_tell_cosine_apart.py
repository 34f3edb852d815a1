"""tell_cosine_apart, chapter 06: Cosine."""

from lrcourse.grading import tells_apart

TESTS = tells_apart("cosine_lr", cases=4)
