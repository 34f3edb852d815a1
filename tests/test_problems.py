import numpy as np
import pytest

from lrcourse.problems import Quadratic, TwoWells

BOWL = Quadratic(eigenvalues=np.array([4.0, 1.0, 10.0]))


@pytest.mark.parametrize(
    ("problem", "w"),
    [
        (BOWL, np.array([1.0, -2.0, 3.0])),
        (TwoWells(), np.array([0.7])),
        (TwoWells(tilt=0.0), np.array([-1.3])),
    ],
)
def test_the_gradient_is_the_slope_of_the_loss(problem, w):
    h = 1e-6
    slopes = [
        (problem.loss(w + h * axis) - problem.loss(w - h * axis)) / (2 * h)
        for axis in np.eye(len(w))
    ]
    assert problem.grad(w) == pytest.approx(slopes, rel=1e-8)


def test_a_bowl_knows_its_own_numbers():
    assert BOWL.loss(np.zeros(3)) == 0
    assert BOWL.loss(np.array([1.0, 2.0, 1.0])) == pytest.approx((4 + 4 + 10) / 2)
    assert BOWL.sharpness == 10
    assert BOWL.condition_number == 10


def test_a_bowl_s_hessian_is_how_its_gradient_changes():
    w = np.array([1.0, -2.0, 3.0])
    assert BOWL.grad(w) == pytest.approx(BOWL.hessian @ w)
    assert np.linalg.eigvalsh(BOWL.hessian)[-1] == BOWL.sharpness


@pytest.mark.parametrize(
    "eigenvalues",
    [[], [[1.0, 2.0]], [1.0, 0.0], [-1.0], [np.nan], [np.inf], 3.0],
)
def test_a_bowl_that_is_none_is_refused_by_name(eigenvalues):
    with pytest.raises(ValueError, match="eigenvalues must be"):
        Quadratic(np.array(eigenvalues))


def test_the_left_one_of_two_wells_is_deeper():
    wells = TwoWells()
    bottom, hill, shallow = np.sort(np.roots([4, 0, -2, wells.tilt]).real)
    for flat in (bottom, hill, shallow):
        assert wells.grad(np.array([flat])) == pytest.approx(0, abs=1e-12)
    assert wells.loss(bottom) < wells.loss(shallow) < wells.loss(hill)
