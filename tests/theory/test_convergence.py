import math

import numpy as np
import pytest

from lrcourse import schedules, theory
from lrcourse.optimizers import SGD
from lrcourse.training import descend

SHAPES = {
    "line": lambda steps: schedules.linear(1.0, steps),
    "root": lambda steps: lambda step: 1 - math.sqrt(step / steps),
    "cosine": lambda steps: schedules.cosine(1.0, steps),
    "cooldown": lambda steps: lambda step: min(1, 5 * (1 - step / steps)),
    "inverse root": lambda steps: lambda step: 1 / math.sqrt(step + 1),
    "constant": lambda steps: schedules.constant(1.0),
}


@pytest.mark.parametrize("power", [0, 0.3, 0.5, 0.501, 0.7, 1, 1.001, 2])
def test_robbins_and_monro_ask_for_one_endless_sum_and_one_finite(power):
    # condensation: a falling sequence has an endless sum where doubling blocks stay
    def is_endless(exponent):
        blocks = [np.sum(np.arange(n, 2.0 * n) ** -exponent) for n in (2**18, 2**19)]
        return blocks[1] / blocks[0] > 1 - 1e-4

    wanted = is_endless(power) and not is_endless(2 * power)
    assert theory.satisfies_robbins_monro(power) == wanted


def test_rates_with_a_finite_sum_do_not_arrive():
    arrives = schedules.inverse_power(0.5, k=0.1, power=1.0)
    stops = schedules.inverse_power(0.5, k=0.1, power=2.0)
    left = {schedule: 1.0 for schedule in (arrives, stops)}
    for schedule in left:
        for step in range(20_000):
            left[schedule] *= 1 - 0.3 * schedule(step)
    assert left[arrives] < 1e-4
    assert left[stops] > 0.1


def mean_squares(base_lr, k, curvature, noise, at):
    """Return the mean of w**2 at two steps, from the exact recursion and start 1."""
    square, seen = 1.0, []
    for step in range(at[-1] + 1):
        if step in at:
            seen.append(square)
        lr = base_lr / (1 + k * step)
        square = (1 - lr * curvature) ** 2 * square + (lr * noise) ** 2
    return seen


@pytest.mark.parametrize(
    ("base_lr", "k", "curvature"),
    [(0.1, 1.0, 1.0), (0.5, 2.0, 1.0), (0.5, 1.0, 2.0), (0.5, 0.5, 2.0)],
)
def test_the_loss_falls_with_that_power_of_the_step(base_lr, k, curvature):
    early, late = mean_squares(base_lr, k, curvature, 1.0, at=(20_000, 200_000))
    exponent = theory.inverse_time_exponent(base_lr, k, curvature)
    assert -math.log10(late / early) == pytest.approx(exponent, abs=0.01)


@pytest.mark.parametrize("power", [0.0, 0.3, 0.5, 0.7, 1.5])
def test_slower_rates_lower_the_loss_as_they_fall_and_faster_ones_stop(power):
    def rates(step):
        return 0.5 * (step + 1.0) ** -power

    losses = theory.expected_loss(rates, 1.0, noise=1.0, start=1.0, steps=100_000)
    exponent = theory.loss_exponent(0.5, power, 1.0)
    assert -math.log10(losses[-1] / losses[10_000]) == pytest.approx(exponent, abs=0.02)


def test_at_the_border_a_logarithm_remains():
    early, late = mean_squares(0.5, 1.0, 1.0, noise=2.0, at=(1000, 200_000))
    grown = 200_000 * late - 1000 * early
    assert grown == pytest.approx((0.5 * 2) ** 2 * math.log(200), rel=0.01)


@pytest.mark.parametrize(
    ("base_lr", "k", "curvature"), [(1.0, 1.0, 1.0), (0.5, 0.5, 2.0), (1.5, 0.5, 0.5)]
)
def test_late_in_the_run_the_constant_is_right_too(base_lr, k, curvature):
    square = mean_squares(base_lr, k, curvature, noise=3.0, at=(100_000,))[0]
    loss = theory.inverse_time_loss(base_lr, k, curvature, noise=3.0, step=100_000)
    assert curvature * square / 2 == pytest.approx(loss, rel=0.01)


class Tent:
    """The largest of ``abs(slopes @ (w - minimum))``, with slopes of length one."""

    def __init__(self, seed):
        rng = np.random.default_rng(seed)
        slopes = rng.normal(size=(12, 6))
        self.slopes = slopes / np.linalg.norm(slopes, axis=1, keepdims=True)
        self.minimum = rng.normal(size=6)
        self.distance = float(np.linalg.norm(self.minimum))  # from zero

    def loss(self, w):
        return float(np.max(abs(self.slopes @ (w - self.minimum))))

    def grad(self, w):
        heights = self.slopes @ (w - self.minimum)
        steepest = np.argmax(abs(heights))
        return np.sign(heights[steepest]) * self.slopes[steepest]


class Resisting:
    """The largest coordinate: its subgradient points to where nobody has been."""

    def loss(self, w):
        return float(np.max(w))

    def grad(self, w):
        return np.eye(len(w))[np.argmax(w)]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("steps", [1, 10, 100])
def test_no_run_ends_above_its_bound(shape, steps):
    for seed in range(5):
        tent = Tent(seed)
        limits = (steps, tent.distance, 1.0)
        best = theory.best_base_lr(SHAPES[shape](steps), *limits)
        for share in (0.3, 1.0, 3.0):
            schedule = schedules.scale(SHAPES[shape](steps), share * best)
            run = descend(tent, SGD(), schedule, np.zeros(6), steps)
            assert run.losses[-1] <= theory.last_iterate_bound(schedule, *limits)


def test_the_bound_is_reached_by_a_step_across_the_minimum():
    slope, lr, start = 3.0, 0.1, 1e-6
    gap = slope * abs(start - lr * slope)
    schedule = schedules.constant(lr)
    bound = theory.last_iterate_bound(schedule, 1, start, gradient_bound=slope)
    assert 0.9999 * bound < gap <= bound


@pytest.mark.parametrize("shape", SHAPES)
def test_the_bound_is_the_sum_that_the_theorem_writes_down(shape):
    schedule = schedules.scale(SHAPES[shape](30), 0.2)
    r = [schedule(step) for step in range(30)]
    r.append(r[-1])
    last = range(len(r))
    bound = (4.0 + 9.0 * sum(r[t] ** 2 for t in last)) / (2 * sum(r))
    for k in range(30):
        later = sum(r[t] for t in last if t > k)
        here_on = sum(9.0 * r[t] ** 2 for t in last if t >= k)
        bound += r[k] / (2 * later) * here_on / sum(r[t] for t in last if t >= k)
    ours = theory.last_iterate_bound(schedule, 30, distance=2.0, gradient_bound=3.0)
    assert ours == pytest.approx(bound, rel=1e-12)


@pytest.mark.parametrize("shape", SHAPES)
def test_no_other_base_lr_has_a_smaller_bound(shape):
    def bound(base_lr):
        schedule = schedules.scale(SHAPES[shape](50), base_lr)
        return theory.last_iterate_bound(schedule, 50, 5.0, gradient_bound=0.5)

    best = theory.best_base_lr(SHAPES[shape](50), 50, 5.0, gradient_bound=0.5)
    assert bound(best) < min(bound(0.99 * best), bound(1.01 * best))


def test_the_bound_ranks_the_shapes_and_only_some_pay_a_logarithm():
    def best_bound(shape, steps):
        base_lr = theory.best_base_lr(SHAPES[shape](steps), steps, 1.0, 1.0)
        schedule = schedules.scale(SHAPES[shape](steps), base_lr)
        return math.sqrt(steps) * theory.last_iterate_bound(schedule, steps, 1.0, 1.0)

    at_4000 = {shape: best_bound(shape, 4000) for shape in SHAPES}
    assert list(at_4000) == sorted(at_4000, key=at_4000.get)
    assert at_4000["line"] == pytest.approx(2, abs=0.002)
    assert at_4000["constant"] > 3.1
    assert best_bound("constant", 100) < 2.5


@pytest.mark.parametrize("steps", [1, 2, 9, 50])
def test_the_optimal_line_gets_all_that_a_resisting_loss_leaves(steps):
    minimum = np.full(steps + 1, -2 / math.sqrt(steps + 1))  # 2 away from zero
    bound = theory.optimal_bound(steps, distance=2.0, gradient_bound=1.0)
    best = theory.optimal_linear_decay(steps, distance=2.0, gradient_bound=1.0)
    for schedule in (best, schedules.constant(best(0)), schedules.cosine(1, steps)):
        run = descend(Resisting(), SGD(), schedule, np.zeros(steps + 1), steps)
        assert run.losses[-1] - minimum[0] >= bound * (1 - 1e-12)


def test_the_optimal_line_is_the_one_of_the_theorem():
    # with t from one, and of T points the last one reached by T - 1 updates
    wanted = [2 / (3 * math.sqrt(31)) * (1 - t / 31) for t in range(1, 31)]
    schedule = theory.optimal_linear_decay(30, distance=2.0, gradient_bound=3.0)
    assert [schedule(step) for step in range(30)] == pytest.approx(wanted, rel=1e-12)


@pytest.mark.parametrize("steps", [1, 10, 100])
def test_the_optimal_line_keeps_its_promise(steps):
    for seed in range(20):
        tent = Tent(seed)
        schedule = theory.optimal_linear_decay(steps, tent.distance, 1.0)
        run = descend(tent, SGD(), schedule, np.zeros(6), steps)
        assert run.losses[-1] <= theory.optimal_bound(steps, tent.distance, 1.0)


@pytest.mark.parametrize(
    ("formula", "arguments", "reason"),
    [
        (theory.satisfies_robbins_monro, (-0.1,), "power"),
        (theory.inverse_time_exponent, (0.1, 0.0, 1.0), "k must"),
        (theory.inverse_time_loss, (0.5, 1.0, 1.0, 1.0, 10), "base_lr / k"),
        (theory.inverse_time_loss, (1.0, 1.0, 1.0, 1.0, 0), "step"),
        (theory.last_iterate_bound, (SHAPES["line"](5), 0, 1.0, 1.0), "steps"),
        (theory.last_iterate_bound, (SHAPES["line"](5), 6, 1.0, 1.0), "last_rate"),
        (theory.last_iterate_bound, (lambda step: step - 1, 3, 1.0, 1.0), "rates"),
        (theory.last_iterate_bound, (SHAPES["line"](5), 5, 0.0, 1.0), "distance"),
        (theory.best_base_lr, (SHAPES["line"](5), 5, 1.0, math.inf), "gradient_bound"),
        (theory.optimal_bound, (0, 1.0, 1.0), "steps"),
        (theory.optimal_linear_decay, (5, -1.0, 1.0), "distance"),
    ],
)
def test_settings_outside_the_formula_are_refused(formula, arguments, reason):
    with pytest.raises(ValueError, match=reason):
        formula(*arguments)
