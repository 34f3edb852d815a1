import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrcourse.data import digits
from lrcourse.optimizers import SGD
from lrcourse.problems import GeneralQuadratic, LeastSquares, Quadratic, bowls
from lrcourse.training import descend

RNG = np.random.default_rng(0)
DATA = LeastSquares(RNG.standard_normal((9, 3)), RNG.standard_normal(9))
TILTED = GeneralQuadratic(np.array([[2.0, 1.0], [1.0, 3.0]]))


@given(
    condition_number=st.floats(1, 1e6),
    sharpness=st.floats(0.01, 100),
    n=st.integers(2, 9),
)
def test_a_ravine_is_as_long_and_as_steep_as_asked(condition_number, sharpness, n):
    bowl = bowls.ravine(condition_number, sharpness, n)
    assert bowl.eigenvalues.shape == (n,)
    assert bowl.condition_number == pytest.approx(condition_number, rel=1e-12)
    assert bowl.sharpness == pytest.approx(sharpness, rel=1e-12)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"condition_number": 0.5}, "condition_number must be at least 1 and finite"),
        ({"condition_number": np.nan}, "condition_number must be at least 1"),
        ({"condition_number": 10, "n": 1}, "n must be an integer of 2 or more, got 1"),
        ({"condition_number": 10, "n": 2.0}, "n must be an integer of 2 or more"),
        ({"condition_number": 10, "sharpness": -1.0}, "sharpness must be positive"),
    ],
)
def test_a_ravine_that_is_none_is_refused(settings, message):
    with pytest.raises(ValueError, match=message):
        bowls.ravine(**settings)


@pytest.mark.parametrize(
    ("problem", "w"), [(TILTED, np.array([1.0, -2.0])), (DATA, np.array([0.5, -1, 2]))]
)
def test_the_gradient_is_the_slope_of_the_loss(problem, w):
    h = 1e-6
    slopes = [
        (problem.loss(w + h * axis) - problem.loss(w - h * axis)) / (2 * h)
        for axis in np.eye(len(w))
    ]
    assert problem.grad(w) == pytest.approx(slopes, rel=1e-8)


@pytest.mark.parametrize("problem", [TILTED, DATA])
def test_the_hessian_is_how_the_gradient_changes(problem):
    w, step = np.zeros(len(problem.hessian)), np.arange(1.0, 1 + len(problem.hessian))
    change = problem.grad(w + step) - problem.grad(w)
    assert change == pytest.approx(problem.hessian @ step)
    largest = np.linalg.eigvalsh(problem.hessian)[-1]
    assert problem.sharpness == pytest.approx(largest, rel=1e-12)


@pytest.mark.parametrize("problem", [TILTED, DATA])
def test_many_members_have_a_gradient_and_a_loss_each(problem):
    members = np.random.default_rng(1).standard_normal((5, len(problem.hessian)))
    assert problem.grad(members) == pytest.approx(
        np.array([problem.grad(w) for w in members]), rel=1e-12
    )
    assert problem.loss(members) == pytest.approx(
        np.array([problem.loss(w) for w in members]), rel=1e-12
    )


@given(angle=st.floats(-7, 7), x=st.floats(-5, 5), y=st.floats(-5, 5))
def test_a_turned_bowl_has_its_old_loss_at_the_turned_point(angle, x, y):
    bowl, turn = bowls.ravine(100.0), bowls.rotation_by(angle)
    turned, w = bowls.rotated(bowl, turn), np.array([x, y])
    assert turned.loss(turn @ w) == pytest.approx(bowl.loss(w), rel=1e-9, abs=1e-12)
    assert turned.grad(turn @ w) == pytest.approx(turn @ bowl.grad(w), abs=1e-12)
    assert turned.condition_number == pytest.approx(100, rel=1e-9)


def test_a_quarter_turn_goes_to_the_left():
    turned = bowls.rotation_by(np.pi / 2) @ np.array([1.0, 0.0])
    assert turned == pytest.approx(np.array([0, 1]), abs=1e-15)


@pytest.mark.parametrize("seed", [0, 1])
def test_gradient_descent_does_not_mind_a_rotation(seed):
    bowl, turn = bowls.ravine(50.0, n=6), bowls.random_rotation(6, seed)
    turned, lr = bowls.rotated(bowl, turn), 1.5 / bowl.sharpness
    straight = descend(bowl, SGD(momentum=0.5), lambda step: lr, np.ones(6), steps=50)
    around = descend(
        turned, SGD(momentum=0.5), lambda step: lr, turn @ np.ones(6), steps=50
    )
    assert around.losses == pytest.approx(straight.losses, rel=1e-9)


def test_a_random_rotation_is_orthogonal_and_its_seed_s_own():
    first, again, other = (bowls.random_rotation(5, seed) for seed in (0, 0, 1))
    assert first @ first.T == pytest.approx(np.eye(5), abs=1e-14)
    assert np.array_equal(first, again)
    assert not np.allclose(first, other)


def test_a_random_rotation_prefers_no_direction():
    corners = np.array([bowls.random_rotation(3, seed)[0, 0] for seed in range(1000)])
    assert corners.mean() == pytest.approx(0, abs=0.06)
    assert (corners**2).mean() == pytest.approx(1 / 3, abs=0.03)


@pytest.mark.parametrize("rotation", [np.eye(3), 2 * np.eye(2), np.ones((2, 2))])
def test_a_matrix_that_does_not_rotate_is_refused(rotation):
    with pytest.raises(ValueError, match=r"orthogonal matrix of shape \(2, 2\)"):
        bowls.rotated(bowls.ravine(10.0), rotation)


@pytest.mark.parametrize(
    ("hessian", "message"),
    [
        ([1.0, 2.0], "must be a square matrix"),
        ([[1.0, 2.0]], "must be a square matrix"),
        ([[1.0, 2.0], [0.0, 1.0]], "must be finite and symmetric"),
        ([[np.nan, 0.0], [0.0, 1.0]], "must be finite and symmetric"),
        ([[1.0, 2.0], [2.0, 1.0]], "eigenvalues of hessian must be positive"),
    ],
)
def test_a_hessian_that_makes_no_bowl_is_refused(hessian, message):
    with pytest.raises(ValueError, match=message):
        GeneralQuadratic(np.array(hessian))


def test_a_general_bowl_along_its_axes_is_the_plain_one():
    plain = Quadratic(np.array([4.0, 1.0, 10.0]))
    general, w = GeneralQuadratic(plain.hessian), np.array([1.0, -2.0, 3.0])
    assert general.loss(w) == plain.loss(w)
    assert np.array_equal(general.grad(w), plain.grad(w))
    assert general.sharpness == pytest.approx(plain.sharpness, rel=1e-14)


@pytest.mark.parametrize(("share", "diverges"), [(0.99, False), (1.01, True)])
def test_least_squares_is_stable_below_two_over_its_sharpness(share, diverges):
    lr = share * 2 / DATA.sharpness
    run = descend(DATA, SGD(), lambda step: lr, np.zeros(3), steps=3000)
    assert run.diverged == diverges
    assert diverges or run.weights[-1] == pytest.approx(DATA.minimum)


def test_descent_from_zero_finds_the_shortest_of_the_best_weights():
    wide = LeastSquares(DATA.inputs.T, DATA.targets[:3])
    run = descend(wide, SGD(), lambda step: 1 / wide.sharpness, np.zeros(9), steps=2000)
    assert run.weights[-1] == pytest.approx(wide.minimum, rel=1e-6)
    assert wide.loss(wide.minimum) == pytest.approx(0, abs=1e-25)


def test_a_feature_scaled_up_lowers_the_rate_by_the_square():
    inputs = digits().inputs
    targets = inputs[:, 0]
    once, thrice = (LeastSquares(scale * inputs, targets) for scale in (1, 3))
    assert thrice.sharpness / once.sharpness == pytest.approx(9)


@pytest.mark.parametrize(
    ("inputs", "targets"),
    [((3,), (3,)), ((3, 2), (2,)), ((3, 2), (3, 1)), ((0, 2), (0,))],
)
def test_data_of_unequal_length_are_refused(inputs, targets):
    with pytest.raises(ValueError, match="inputs must have shape"):
        LeastSquares(np.zeros(inputs), np.zeros(targets))
