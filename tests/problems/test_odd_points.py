"""Every problem at odd points, against exact fractions: integers, ties, float32."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lrcourse import problems
from lrcourse.problems import (
    GeneralQuadratic,
    LeastSquares,
    Noisy,
    Quadratic,
    Saddle,
    Sampled,
    TwoFactors,
    TwoWells,
    bowls,
    counterexamples,
)

some = settings(max_examples=20, deadline=None, derandomize=True)
WHOLE = st.integers(-5, 5)
KINDS = (np.int64, np.float32, np.float64)
LARGE = st.sampled_from([0, 1, 10**70, -(10**70), 10**-70])


def points(n):
    """Return points of n numbers, of small integers or over the floats' range."""
    return st.lists(WHOLE | LARGE, min_size=n, max_size=n)


def exactly(w):
    return [Fraction(float(x)) for x in w]


def close(ours, theirs):
    ours, theirs = np.ravel(ours), np.ravel(theirs)
    scale = max(map(abs, theirs), default=Fraction(0))
    return len(ours) == len(theirs) and all(
        abs(Fraction(float(mine)) - other) <= Fraction(1, 10**12) * (abs(other) + scale)
        for mine, other in zip(ours, theirs, strict=True)
    )


def dot(a, b):
    return sum((x * y for x, y in zip(a, b, strict=True)), Fraction(0))


HESSIAN = [[3, 1], [1, 2]]
INPUTS, TARGETS = [[1, 2], [0, -1], [3, 1]], [1, 0, -2]


def least_squares_loss(w):
    residuals = [
        dot(row, w) - target for row, target in zip(INPUTS, TARGETS, strict=True)
    ]
    return dot(residuals, residuals) / 6


def least_squares_grad(w):
    residuals = [
        dot(row, w) - target for row, target in zip(INPUTS, TARGETS, strict=True)
    ]
    return [dot(residuals, column) / 3 for column in zip(*INPUTS, strict=True)]


# the problem made of integers, how many weights, its loss and gradient in fractions
CASES = {
    "Quadratic": (
        lambda: Quadratic([4, 1, 4]),
        3,
        lambda w: dot([4, 1, 4], [x * x for x in w]) / 2,
        lambda w: [c * x for c, x in zip([4, 1, 4], w, strict=True)],
    ),
    "GeneralQuadratic": (
        lambda: GeneralQuadratic(HESSIAN),
        2,
        lambda w: dot(w, [dot(row, w) for row in HESSIAN]) / 2,
        lambda w: [dot(row, w) for row in HESSIAN],
    ),
    "LeastSquares": (
        lambda: LeastSquares(INPUTS, TARGETS),
        2,
        least_squares_loss,
        least_squares_grad,
    ),
    "TwoWells": (
        lambda: TwoWells(np.float32(0.25)),
        1,
        lambda w: w[0] ** 4 - w[0] ** 2 + w[0] / 4,
        lambda w: [4 * w[0] ** 3 - 2 * w[0] + Fraction(1, 4)],
    ),
    "Saddle": (
        lambda: Saddle(3, np.int64(2)),
        2,
        lambda w: 3 * w[0] ** 2 / 2 + 2 * (w[1] ** 4 / 4 - w[1] ** 2 / 2),
        lambda w: [3 * w[0], 2 * (w[1] ** 3 - w[1])],
    ),
    "Noisy": (
        lambda: Noisy(Quadratic([4, 1, 4]), 0, seed=0),
        3,
        lambda w: dot([4, 1, 4], [x * x for x in w]) / 2,
        lambda w: [c * x for c, x in zip([4, 1, 4], w, strict=True)],
    ),
    "Sampled": (
        lambda: Sampled(LeastSquares(INPUTS, TARGETS), "fixed", seed=0, batch_size=3),
        2,
        least_squares_loss,
        least_squares_grad,
    ),
    "TwoFactors": (
        lambda: TwoFactors(4, noise=0),
        8,
        lambda w: (dot(w[:4], w[4:]) / 2 - 1) ** 2 / 2,
        lambda w: [(dot(w[:4], w[4:]) / 2 - 1) * x / 2 for x in w[4:] + w[:4]],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_loss_and_gradient_are_those_of_exact_fractions(name):
    make, n, loss, grad = CASES[name]

    @some
    @given(points(n), st.sampled_from(KINDS))
    def holds(w, kind):
        far = max(map(abs, w)) > 100 or any(0 < abs(x) < 1 for x in w)
        array = np.array(w, dtype=np.float64 if far else kind)
        exact = exactly(array)
        assert close(make().loss(array), [loss(exact)])
        assert close(make().grad(array), grad(exact))
        assert type(make().loss(array)) is float

    holds()


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("members", [0, 1, 3])
def test_members_none_one_or_three_have_a_loss_and_a_gradient_each(name, members):
    make, n, loss, grad = CASES[name]
    w = np.arange(members * n, dtype=float).reshape(members, n) % 5 - 2
    assert make().loss(w).shape == (members,)
    assert make().grad(w).shape == (members, n)
    assert close(make().loss(w), [loss(exactly(each)) for each in w])
    assert close(make().grad(w), [x for each in w for x in grad(exactly(each))])


def test_every_problem_is_tried_here():
    made = {"ravine", "rotated", "rotation_by", "random_rotation", "Problem"}
    assert set(problems.__all__) == CASES.keys() | made


@some
@given(st.floats(-1e3, 1e3) | st.sampled_from([0, 1, np.pi, np.float32(0.5)]))
def test_a_rotation_turns_by_its_angle_and_back(angle):
    turn = bowls.rotation_by(angle)
    assert turn @ bowls.rotation_by(-angle) == pytest.approx(np.eye(2), abs=1e-12)
    assert turn[1, 0] == pytest.approx(np.sin(float(angle)), abs=1e-12)
    bowl = bowls.rotated(Quadratic([1, 5]), turn)
    assert bowl.eigenvalues == pytest.approx([1, 5])


@some
@given(st.integers(2, 9), st.sampled_from([1, 1.0, 1e12, np.float32(4)]), WHOLE)
def test_a_ravine_keeps_its_ends_whatever_its_numbers_are(n, condition_number, power):
    bowl = bowls.ravine(condition_number, 10.0**power, np.int64(n))
    assert bowl.sharpness == pytest.approx(10.0**power, rel=1e-12)
    assert bowl.condition_number == pytest.approx(float(condition_number), rel=1e-9)


@some
@given(st.integers(2, 6), st.integers(1, 4), st.integers(0, 30))
def test_a_stream_is_its_slopes_whatever_kind_of_number_they_are(period, fall, step):
    rise = np.float32(fall * (period - 1) + 1)
    stream = counterexamples.AlternatingSlopes(rise, fall, period)
    assert stream.slope(step) == (rise if step % period == 0 else -fall)
    assert stream.mean_slope == pytest.approx(1 / period)
    assert stream.replay().loss(np.array([0.5])) == pytest.approx(0.5 / period)


NOTHING = np.empty((0, 0))


@pytest.mark.parametrize(
    "make",
    [
        lambda: Quadratic([]),
        lambda: Quadratic("ab"),
        lambda: GeneralQuadratic(NOTHING),
        lambda: LeastSquares(NOTHING, []),
        lambda: LeastSquares([[1.0, np.nan]], [0.0]),
        lambda: LeastSquares([[1.0]], [np.inf]),
        lambda: bowls.random_rotation(0, seed=0),
        lambda: bowls.rotated(Quadratic([1.0]), NOTHING),
        lambda: TwoWells("0.2"),
        lambda: Saddle(True),
        lambda: Noisy(Quadratic([1.0]), noise="0.1", seed=0),
    ],
)
def test_what_is_empty_or_no_number_is_refused(make):
    with pytest.raises(ValueError, match=r"must|could not convert"):
        make()
