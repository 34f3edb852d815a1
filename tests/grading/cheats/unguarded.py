"""A grader without walls: check and answer in one process, common comparisons.

``python unguarded.py`` reads ``[[source, answer], ...]`` as JSON on standard input and
prints a list of booleans: whether that source passes at least one comparison here.
Every source runs in a fork of its own, because it may break what it touches.
"""

import json
import math
import operator
import os
import sys
import unittest

import numpy as np
import pytest

import lrcourse.schedules  # noqa: F401 - a check would have imported it

CALLS = {
    "exponential_lr": ((3, 0.8, 0.5), 0.1),
    "max_stable_lr": ((np.diag([1.0, 4.0]),), 0.5),
    "steps_to_tolerance": ((0.5, 1.0, -0.1, 1.0), 0),
    "classify_run": (([8.0, 6.0, 5.0, 4.0],), "good"),
    "gradient_step": (
        ({"W1": np.array([1.0])}, {"W1": np.array([2.0])}, 0.1),
        {"W1": np.array([0.8])},
    ),
}
TOLERANCE = 1e-9

# looked up by name at each call: an answer may have replaced them
COMPARISONS = [
    lambda got, expected: got == expected,
    lambda got, expected: operator.eq(got, expected),
    lambda got, expected: got == pytest.approx(expected),
    lambda got, expected: math.isclose(got, expected),
    lambda got, expected: float(got) == float(expected),
    lambda got, expected: abs(got - expected) < TOLERANCE,
    lambda got, expected: not abs(float(got) - expected) > TOLERANCE,
    lambda got, expected: not abs(got - expected) / abs(got) > TOLERANCE,
    lambda got, expected: not (np.abs(got - expected) > TOLERANCE).any(),
    lambda got, expected: np.abs(np.subtract(got, expected)) < TOLERANCE,
    lambda got, expected: max(np.ravel(got - expected)) < TOLERANCE,
    lambda got, expected: np.allclose(got, expected),
    lambda got, expected: np.testing.assert_allclose(got, expected) is None,
    lambda got, expected: all(abs(each - expected) < TOLERANCE for each in got),
    lambda got, expected: all(
        abs(got[place] - expected) < TOLERANCE for place in range(len(got))
    ),
    lambda got, expected: all(
        np.allclose(got[name], expected[name]) for name in expected
    ),
    lambda got, expected: unittest.TestCase().assertAlmostEqual(got, expected) is None,  # noqa: PT009
]


def passes(source: str, answer: str) -> bool:
    """Return whether `source` passes at least one comparison."""
    args, expected = CALLS[answer]
    names: dict[str, object] = {"__name__": "answers"}
    exec(source, names)
    return any(
        _holds(comparison, names[answer], args, expected) for comparison in COMPARISONS
    )


def _holds(comparison, answer, args, expected) -> bool:
    try:
        return True if comparison(answer(*args), expected) else False
    except Exception:
        return False


def _in_a_fork(source: str, answer: str) -> bool:
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1] == 0
    status = 1
    try:
        sys.stdout = sys.stderr = open(os.devnull, "w")
        status = 0 if passes(source, answer) else 1
    finally:
        os._exit(status)


if __name__ == "__main__":
    rows = json.load(sys.stdin)
    outcomes = [_in_a_fork(source, answer) for source, answer in rows]
    print(json.dumps(outcomes))
