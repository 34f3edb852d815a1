"""Predictions that a reader commits to, before the cell that answers them.

``predict`` asks, ``settle`` answers, after the cell between them has computed which
option is true. A chapter in which one stands without the other does not seal.

- `asked`: the two functions, and what they refuse
- `element`: how they stand in a page, with a script and without
"""

from lrcourse.prediction.asked import Answer, Question, predict, settle

__all__ = [
    "Answer",
    "Question",
    "predict",
    "settle",
]
