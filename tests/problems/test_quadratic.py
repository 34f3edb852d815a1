import numpy as np
import pytest

from lrcourse.optimizers import SGD
from lrcourse.problems import Noisy, Quadratic, Saddle, TwoWells
from lrcourse.training import descend

BOWL = Quadratic(eigenvalues=np.array([4.0, 1.0, 10.0]))


@pytest.mark.parametrize(
    ("problem", "w"),
    [
        (BOWL, np.array([1.0, -2.0, 3.0])),
        (TwoWells(), np.array([0.7])),
        (TwoWells(tilt=0.0), np.array([-1.3])),
        (Saddle(), np.array([0.4, -1.3])),
        (Saddle(up=3.0, down=0.5), np.array([-1.0, 0.2])),
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


@pytest.mark.parametrize("problem", [BOWL, TwoWells(), Saddle()])
def test_many_members_have_a_gradient_and_a_loss_each(problem):
    n = {TwoWells: 1, Saddle: 2}.get(type(problem), 3)
    members = np.random.default_rng(0).standard_normal((5, n))
    assert problem.grad(members) == pytest.approx(
        np.array([problem.grad(w) for w in members]), rel=1e-14
    )
    assert problem.loss(members) == pytest.approx(
        np.array([problem.loss(w) for w in members]), rel=1e-14
    )


@pytest.mark.parametrize("tilt", [0.0, 0.2, -0.5, 0.544])
def test_wells_know_where_they_are_flat(tilt):
    wells = TwoWells(tilt)
    left, hill, right = wells.flat_points
    assert left < hill < right
    assert wells.grad(np.array([left, hill, right])) == pytest.approx(0, abs=1e-8)
    assert wells.curvature(left) > 0 > wells.curvature(hill)
    assert wells.curvature(right) > 0


@pytest.mark.parametrize("tilt", [0.545, -0.6, np.nan])
def test_a_tilt_with_one_well_only_is_refused(tilt):
    with pytest.raises(ValueError, match=r"tilt must be between -0.5443 and 0.5443"):
        TwoWells(tilt)


@pytest.mark.parametrize(("share", "stays"), [(0.98, True), (1.02, False)])
def test_descent_stays_at_the_bottom_of_a_well_below_two_over_its_curvature(
    share, stays
):
    wells = TwoWells()
    _, _, right = wells.flat_points
    lr = share * 2 / wells.curvature(right)
    run = descend(wells, SGD(), lambda step: lr, np.array([right + 1e-3]), steps=1000)
    assert (abs(run.weights[-1, 0] - right) < 1e-6) == stays


def test_a_saddle_knows_its_own_numbers():
    saddle = Saddle(up=3.0, down=2.0)
    for point in ([0.0, 0.0], [0.0, 1.0], [0.0, -1.0]):
        assert saddle.grad(np.array(point)).tolist() == [0, 0]
    assert saddle.loss(np.array([0.0, 1.0])) == pytest.approx(-2 / 4)
    assert saddle.hessian.tolist() == [[3, 0], [0, -2]]
    assert saddle.sharpness == 4


def test_descent_leaves_a_saddle_by_one_plus_lr_times_curvature_a_step():
    saddle, lr = Saddle(up=1.0, down=2.0), 0.1
    run = descend(saddle, SGD(), lambda step: lr, np.array([1.0, 1e-6]), steps=300)
    assert run.weights[30, 1] / run.weights[29, 1] == pytest.approx(1 + 0.1 * 2)
    assert run.weights[-1] == pytest.approx(np.array([0, 1]), abs=1e-6)
    exactly_on_the_ridge = descend(
        saddle, SGD(), lambda step: lr, np.array([1.0, 0.0]), steps=300
    )
    assert exactly_on_the_ridge.weights[-1] == pytest.approx(np.zeros(2), abs=1e-12)


@pytest.mark.parametrize(("name", "value"), [("up", 0.0), ("down", -1.0)])
def test_a_saddle_that_is_none_is_refused_by_name(name, value):
    with pytest.raises(ValueError, match=f"{name} must be positive and finite"):
        Saddle(**{name: value})


def test_two_noisy_runs_of_one_seed_are_equal():
    same, again, other = (
        descend(Noisy(BOWL, 1.0, seed), SGD(), lambda step: 0.1, np.ones(3), 20).weights
        for seed in (3, 3, 4)
    )
    assert np.array_equal(same, again)
    assert not np.array_equal(same[1], other[1])


def test_noise_is_in_the_gradient_with_its_spread_and_not_in_the_loss():
    noisy, w = Noisy(BOWL, noise=0.5, seed=0), np.ones((20_000, 3))
    noise = noisy.grad(w) - BOWL.grad(w)
    assert noise.mean(axis=0) == pytest.approx(np.zeros(3), abs=0.02)
    assert noise.std(axis=0) == pytest.approx(0.5 * np.ones(3), rel=0.02)
    assert abs(np.corrcoef(noise.T) - np.eye(3)).max() < 0.03
    assert np.array_equal(noisy.loss(w), BOWL.loss(w))


@pytest.mark.parametrize("lr", [0.1, 0.5, 1.5])
def test_many_noisy_members_settle_on_the_noise_floor(lr):
    noisy = Noisy(Quadratic(np.array([1.0])), noise=1.0, seed=0)
    run = descend(noisy, SGD(), lambda step: lr, np.zeros((2000, 1)), steps=200)
    assert run.losses[100:].mean() == pytest.approx(lr / (2 * (2 - lr)), rel=0.03)


@pytest.mark.parametrize("noise", [-0.1, np.nan, np.inf])
def test_noise_that_is_none_is_refused(noise):
    with pytest.raises(ValueError, match="noise must be zero or more and finite"):
        Noisy(BOWL, noise, seed=0)
