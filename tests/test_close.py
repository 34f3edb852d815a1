"""`close` refuses what lenient comparisons pay points for."""

import numpy as np
import pytest

from lrcourse.grading import close


class EqualToEverything:
    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 0


class FloatChild(float):
    pass


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        ([], 3.0),
        (np.array([]), 3.0),
        (True, 1.0),
        (True, 1),
        (1.0, 1),
        ("0.5", 0.5),
        (None, 0.0),
        (float("nan"), 0.0),
        (float("inf"), 1.0),
        (FloatChild(1.0), 1.0),
        (EqualToEverything(), 1.0),
        (np.ma.masked_array([1.0], mask=[True]), np.array([1.0])),
        (np.ones((3, 1)), np.ones(3)),
        (np.array([1.0, np.nan]), np.ones(2)),
        (np.array([True]), np.array([1.0])),
        ([1.0], (1.0,)),
        ([1.0, 2.0], [1.0]),
        ({"w": 1.0}, {"w": 1.0, "b": 0.0}),
        ({"w": np.ones(2)}, {"w": np.zeros(2)}),
        (0.5 + 1e-6, 0.5),
    ],
)
def test_what_is_not_the_expected_value_is_refused_and_described(got, expected):
    comparison = close(got, expected)
    assert not comparison
    assert "expected" in repr(comparison)
    assert len(repr(comparison)) < 240


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        (1, 1.0),
        (0.1 + 0.2, 0.3),
        (3, np.int64(3)),
        (2.0, np.float64(2.0)),
        (np.ones(3), np.ones(3)),
        ([1.0, 2], [1.0, 2]),
        ({"w": np.ones(2)}, {"w": np.ones(2)}),
        ("slow", "slow"),
        (None, None),
    ],
)
def test_the_expected_value_is_accepted(got, expected):
    assert close(got, expected)


def test_shapes_are_named_when_they_are_what_differs():
    assert repr(close(np.ones((3, 1)), np.ones(3))) == (
        "got shape (3, 1), expected shape (3,)"
    )


def test_a_check_that_expects_nan_is_itself_at_fault():
    with pytest.raises(ValueError, match="finite"):
        close(1.0, float("nan"))
    with pytest.raises(ValueError, match="finite"):
        close(np.ones(1), np.array([np.inf]))


def test_tolerances_are_relative_and_absolute():
    assert close(1.05, 1.0, rtol=0.1)
    assert not close(1e-3, 0.0)
    assert close(1e-3, 0.0, atol=1e-2)
