"""tell_triangle_apart, chapter 13: The triangle."""

from lrcourse.grading import tells_apart

TESTS = tells_apart("triangular_lr", cases=4)
