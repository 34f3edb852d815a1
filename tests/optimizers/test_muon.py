import jax
import numpy as np
import optax
import pytest
import torch

from lrcourse.optimizers import SGD
from lrcourse.optimizers.muon import COEFFICIENTS, Muon, orthogonalise

SHAPES = [(6, 6), (12, 5), (5, 12), (1, 7), (7, 1)]
RULES = [Muon(), Muon(nesterov=False), Muon(momentum=0.5, weight_decay=0.1)]

# bfloat16 keeps 8 bits: a rounding changes a number by a share of up to 2**-8. PyTorch
# rounds the result of each of three products in five steps: 15 roundings, 0.059 of the
# matrix if none cancels another and none grows, as on a singular value far below the
# others. Measured, at condition number 10 and over 600 matrices: up to 0.034.
BFLOAT16 = 15 * 2**-8


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("steps", [1, 5])
def test_the_iteration_is_a_polynomial_of_the_singular_values(shape, steps):
    matrix = random_matrix(shape)
    u, s, vt = np.linalg.svd(matrix, full_matrices=False)
    expected = u * on_singular_values(s / np.linalg.norm(s), steps) @ vt
    assert orthogonalise(matrix, steps) == pytest.approx(expected, rel=0, abs=1e-12)


@pytest.mark.parametrize("shape", [(12, 5), (5, 12)])
def test_the_iteration_is_that_of_optax(shape):
    matrix = random_matrix(shape)
    theirs = optax.contrib.scale_by_muon(
        beta=0.0,
        eps=0.0,
        nesterov=False,
        weight_dimension_numbers=optax.contrib.MuonDimensionNumbers(),
    )
    with jax.enable_x64(True):
        array = jax.numpy.asarray(matrix)
        expected, _ = theirs.update(array, theirs.init(array))
        assert orthogonalise(matrix) == pytest.approx(np.asarray(expected), abs=1e-12)


@pytest.mark.parametrize("shape", SHAPES)
def test_the_iteration_is_that_of_torch_to_the_precision_of_bfloat16(shape):
    for seed in range(10):
        matrix = conditioned_matrix(shape, 10, seed)
        theirs = torch_path(Muon(momentum=0.0), np.zeros(shape), [matrix])[0]
        ours = our_path(Muon(momentum=0.0), np.zeros(shape), [matrix])[0]
        assert 0 < np.linalg.norm(theirs - ours) < BFLOAT16 * np.linalg.norm(ours)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("rule", RULES)
def test_the_rule_is_that_of_torch_once_torch_does_not_round(monkeypatch, shape, rule):
    monkeypatch.setattr(torch.Tensor, "bfloat16", lambda self: self.double().clone())
    w, *grads = (random_matrix(shape, seed) for seed in range(31))
    ours, theirs = our_path(rule, w, grads), torch_path(rule, w, grads)
    assert ours == pytest.approx(theirs, rel=0, abs=1e-12)


@pytest.mark.parametrize(("smallest", "near"), [(0.0014, True), (0.0012, False)])
def test_five_steps_reach_singular_values_down_to_a_thousandth(smallest, near):
    largest = (1 - smallest**2) ** 0.5
    ends = np.diag(orthogonalise(np.diag([largest, smallest])))
    assert 0.6 < ends[0] < 1.3
    assert (0.6 < ends[1] < 1.3) == near


@pytest.mark.parametrize("condition_number", [1, 10, 100])
@pytest.mark.parametrize("shape", [(8, 8), (30, 8), (8, 30)])
def test_a_well_conditioned_matrix_ends_near_an_orthogonal_one(shape, condition_number):
    matrix = conditioned_matrix(shape, condition_number)
    ends = np.linalg.svd(orthogonalise(matrix), compute_uv=False)
    assert ends.min() > 0.6
    assert ends.max() < 1.3


def test_wide_and_tall_are_the_same_matter():
    matrix = random_matrix((5, 12))
    assert np.array_equal(orthogonalise(matrix.T), orthogonalise(matrix).T)


@pytest.mark.parametrize("scale", [1e-6, 1e100])
def test_the_size_of_the_matrix_does_not_matter(scale):
    matrix = random_matrix((5, 12))
    assert orthogonalise(scale * matrix) == pytest.approx(orthogonalise(matrix))


@pytest.mark.parametrize("scale", [1e-20, 1e-10, 1e-8, 1e-7, 1e-6, 1.0, 1e6])
def test_tiny_gradients_take_torch_s_steps(monkeypatch, scale):
    monkeypatch.setattr(torch.Tensor, "bfloat16", lambda self: self.double().clone())
    w, *grads = (random_matrix((5, 12), seed) for seed in range(6))
    grads = [scale * grad for grad in grads]
    ours, theirs = our_path(Muon(), 0 * w, grads), torch_path(Muon(), 0 * w, grads)
    assert ours == pytest.approx(theirs, rel=1e-9, abs=0)


def test_far_below_its_floor_a_step_is_as_small_as_the_gradient():
    grad = random_matrix((5, 12))
    steepest = COEFFICIENTS[0] ** 5  # what five steps do to the smallest values
    assert orthogonalise(1e-13 * grad) == pytest.approx(
        steepest * 1e-6 * grad, rel=1e-3
    )
    lower = orthogonalise(1e-13 * grad, eps=1e-20)
    assert lower == pytest.approx(orthogonalise(grad), rel=1e-9)


def test_zeros_stay_zeros():
    assert np.array_equal(orthogonalise(np.zeros((3, 4))), np.zeros((3, 4)))
    w, _ = Muon().step(np.ones((3, 4)), np.zeros((3, 4)), np.zeros((3, 4)), 0.1)
    assert np.array_equal(w, np.ones((3, 4)))


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_a_tensor_is_orthogonalised_in_its_own_precision(dtype):
    matrix = random_matrix((12, 5))
    ours = orthogonalise(torch.from_numpy(matrix).to(dtype))
    assert ours.dtype == dtype
    near = 100 * torch.finfo(dtype).eps
    assert ours.numpy() == pytest.approx(orthogonalise(matrix), rel=near, abs=near)


@pytest.mark.parametrize("shape", SHAPES)
def test_every_member_takes_its_own_step_at_its_own_rate(shape):
    w, grad = random_matrix((3, *shape)), random_matrix((3, *shape), seed=1)
    lrs, rule = np.array([0.1, 0.2, 0.4]), Muon(weight_decay=0.1)
    together, _ = rule.step(w, grad, rule.init(w), lrs.reshape(3, 1, 1))
    for member, lr in enumerate(lrs):
        alone, _ = rule.step(w[member], grad[member], rule.init(w[member]), lr)
        assert together[member] == pytest.approx(alone, rel=1e-12)


def test_every_direction_moves_alike_where_sgd_moves_by_the_gradient():
    grad = conditioned_matrix((6, 6), condition_number=100)
    w = np.zeros((6, 6))

    def moves(rule):
        moved, _ = rule.step(w, grad, rule.init(w), 1.0)
        s = np.linalg.svd(moved, compute_uv=False)
        return s.max() / s.min()

    assert moves(SGD()) == pytest.approx(100)
    assert moves(Muon()) < 1.3 / 0.6


def test_nothing_changes_in_place():
    w, grad = np.ones((2, 3)), np.full((2, 3), 0.5)
    velocity = Muon().init(w)
    Muon().step(w, grad, velocity, 0.1)
    assert np.array_equal(w, np.ones((2, 3)))
    assert np.array_equal(grad, np.full((2, 3), 0.5))
    assert np.array_equal(velocity, np.zeros((2, 3)))


@pytest.mark.parametrize("shape", [(), (3,)])
def test_what_is_no_matrix_is_refused(shape):
    with pytest.raises(ValueError, match="must be a matrix or a batch of them, got sh"):
        orthogonalise(np.ones(shape))
    with pytest.raises(ValueError, match="w must be a matrix or a batch of them"):
        Muon().init(np.ones(shape))


def test_settings_out_of_range_are_refused():
    with pytest.raises(ValueError, match="steps must be a positive integer, got 0"):
        orthogonalise(np.ones((2, 2)), steps=0)
    with pytest.raises(ValueError, match=r"momentum must be in \[0, 1\), got 1.0"):
        Muon(momentum=1.0)
    with pytest.raises(ValueError, match="weight_decay must be zero or more"):
        Muon(weight_decay=-0.1)
    for refused in (lambda: Muon(eps=0.0), lambda: orthogonalise(np.eye(2), eps=0.0)):
        with pytest.raises(ValueError, match="eps must be positive and finite, got 0"):
            refused()


def random_matrix(shape, seed=0):
    return np.random.default_rng(seed).standard_normal(shape)


def conditioned_matrix(shape, condition_number, seed=0):
    u, s, vt = np.linalg.svd(random_matrix(shape, seed), full_matrices=False)
    return u * np.geomspace(1, 1 / condition_number, len(s)) @ vt


def on_singular_values(s, steps=5):
    a, b, c = COEFFICIENTS
    for _ in range(steps):
        s = a * s + b * s**3 + c * s**5
    return s


def lr_of(step):
    return 0.1 if step < 15 else 0.01


def our_path(rule, w, grads):
    state, path = rule.init(w), []
    for step, grad in enumerate(grads):
        w, state = rule.step(w, grad, state, lr_of(step))
        path.append(w)
    return np.array(path)


def torch_path(rule, w, grads):
    """Return the path of PyTorch's Muon, whose weights are ours transposed."""
    w = torch.nn.Parameter(torch.from_numpy(w.T.copy()))
    optimizer = torch.optim.Muon(
        [w],
        momentum=rule.momentum,
        nesterov=rule.nesterov,
        weight_decay=rule.weight_decay,
    )
    path = []
    for step, grad in enumerate(grads):
        optimizer.param_groups[0]["lr"] = lr_of(step)
        w.grad = torch.from_numpy(grad.T.copy())
        optimizer.step()
        path.append(w.detach().numpy().T.copy())
    return np.array(path)
