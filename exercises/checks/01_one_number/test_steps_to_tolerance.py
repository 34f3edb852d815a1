"""steps_to_tolerance, chapter 01: Slow, not stuck."""

import pytest

from lrcourse import theory
from lrcourse.grading import Curve, Edit, Mistakes, agrees_with, close

HINTS = [
    "What is w after one step, after two, after n?",
    "Every step multiplies w by 1 - lr * curvature. Its sign does not matter.",
    "Solve factor ** n * distance = tolerance for n with two logarithms.",
    "n must be whole, and a start within the tolerance needs no step.",
]
CURVE = Curve(
    x=[share / 50 for share in range(2, 50)],
    call=lambda steps_to_tolerance, lr: steps_to_tolerance(lr, 1.0, 100.0, 1.0),
    expected=lambda lr: theory.steps_to_tolerance(lr, 1.0, 100.0, 1.0),
    xlabel="learning rate",
    ylabel="steps from 100 to 1",
)


def test_from_8_to_1_by_halves_takes_3_steps(steps_to_tolerance):
    steps = steps_to_tolerance(lr=0.5, curvature=1.0, start=8.0, tolerance=1.0)
    assert close(steps, 3), "8, 4, 2, 1: landing on the tolerance is close enough"


def test_from_10_below_1_by_halves_takes_4_steps(steps_to_tolerance):
    steps = steps_to_tolerance(lr=0.5, curvature=1.0, start=10.0, tolerance=1.0)
    assert close(steps, 4), "10, 5, 2.5, 1.25, 0.625: after which step is it below 1?"


def test_from_15_below_1_by_halves_takes_4_steps(steps_to_tolerance):
    steps = steps_to_tolerance(lr=0.5, curvature=1.0, start=15.0, tolerance=1.0)
    assert close(steps, 4), "15, 7.5, 3.75, 1.875, 0.9375: how many steps are these?"


def test_the_curvature_counts_as_much_as_the_rate(steps_to_tolerance):
    steps = steps_to_tolerance(lr=0.125, curvature=4.0, start=20.0, tolerance=1.0)
    assert close(steps, 5), "the gradient is 4 * w, so each step halves w here too"


def test_the_other_side_of_the_minimum_is_just_as_far(steps_to_tolerance):
    steps = steps_to_tolerance(lr=0.5, curvature=1.0, start=-40.0, tolerance=1.0)
    assert close(steps, 6), (
        "-40, -20, ..., -1.25, -0.625: it is the distance that counts"
    )


@pytest.mark.points(0)
def test_a_start_within_the_tolerance_needs_no_step(steps_to_tolerance):
    steps = steps_to_tolerance(lr=0.5, curvature=1.0, start=-0.1, tolerance=1.0)
    assert close(steps, 0), "it is closer than 1 before the first step"


@pytest.mark.points(0)
def test_a_start_in_the_minimum_needs_no_step(steps_to_tolerance):
    steps = steps_to_tolerance(lr=0.5, curvature=1.0, start=0.0, tolerance=1.0)
    assert close(steps, 0), "zero has no logarithm, and needs none"


def test_a_run_that_lands_exactly_is_there(steps_to_tolerance):
    steps = steps_to_tolerance(lr=0.5, curvature=1.0, start=2.0**29, tolerance=1.0)
    assert close(steps, 29), (
        "29 halvings of 2 ** 29 land on 1 exactly; a logarithm is rounded, and may say "
        "a hair more than 29"
    )


def test_a_tenth_of_the_rate_takes_ten_times_as_long(steps_to_tolerance):
    fast = steps_to_tolerance(lr=0.01, curvature=1.0, start=100.0, tolerance=1.0)
    slow = steps_to_tolerance(lr=0.001, curvature=1.0, start=100.0, tolerance=1.0)
    assert close([fast, slow], [459, 4603]), (
        "0.99 ** n and 0.999 ** n: the first n with which 100 has become 1"
    )


def test_a_rate_of_1e_8_keeps_all_its_digits(steps_to_tolerance):
    steps = steps_to_tolerance(lr=1e-8, curvature=0.01, start=1.0002, tolerance=1.0)
    assert close(steps, 1999801), (
        "1 - 1e-10 is rounded before its logarithm is taken: what is log1p for?"
    )


@agrees_with(theory.steps_to_tolerance, points=2)
def test_random_runs_arrive_at_the_step_you_say(rng):
    """follow this run with a loop: when is it there?"""
    curvature = float(10 ** rng.uniform(-1, 1))
    lr = float(rng.uniform(0.01, 0.8)) / curvature
    start = float(rng.choice([-1, 1]) * 10 ** rng.uniform(0, 2))
    # half a step from landing exactly, where rounding would decide
    arrival = int(rng.integers(-5, 40)) - 0.5
    tolerance = abs(start) * (1 - lr * curvature) ** arrival
    return {"lr": lr, "curvature": curvature, "start": start, "tolerance": tolerance}


MISTAKES = Mistakes(
    see="Slow, not stuck",
    rounds_down=Edit(
        "You round down: the last step, which brings the run within the tolerance, is "
        "missing.",
        {"math.ceil(n - 1e-9)": "math.floor(n)"},
    ),
    rounds_to_the_nearest=Edit(
        "You round to the nearest number: part of a step is not enough, so the next "
        "whole one counts.",
        {"math.ceil(n - 1e-9)": "round(n)"},
    ),
    takes_one_step_too_many=Edit(
        "You take one step too many where the run lands on the tolerance exactly: "
        "that counts as close enough.",
        {
            "abs(start) <= tolerance": "abs(start) < tolerance",
            "math.ceil(n - 1e-9)": "1 + math.floor(n)",
        },
    ),
    rounds_one_minus_x=Edit(
        "You take the logarithm of 1 - lr * curvature, which is rounded for small "
        "rates: np.log1p(x) is log(1 + x) without that.",
        {"math.log1p(-lr * curvature)": "math.log(1 - lr * curvature)"},
    ),
    forgets_the_curvature=Edit(
        "You leave out the curvature: the gradient of the bowl is curvature * w.",
        {"-lr * curvature": "-lr"},
    ),
    lets_the_steps_flow=Edit(
        "You treat the run as smooth, w = exp(-lr * curvature * n): steps of a finite "
        "size shrink w faster.",
        {
            "tolerance / abs(start)": "abs(start) / tolerance",
            "math.log1p(-lr * curvature)": "(lr * curvature)",
        },
    ),
    knows_one_side_only=Edit(
        "You forget the other side of the minimum: start may be negative, and its "
        "logarithm does not exist.",
        {"abs(start) <=": "0 <= start <=", "/ abs(start)": "/ start"},
    ),
    counts_backwards_from_inside=Edit(
        "You count backwards when the start is close enough already: the answer there "
        "is 0.",
        {"abs(start) <= tolerance": "start == 0"},
    ),
)

EQUIVALENT = {
    "return math.ceil(n - 2e-09)": "any small part of a step does",
    "return math.ceil(n - 5e-10)": "any small part of a step does",
    "lr, curvature = (curvature, lr)": "only their product counts",
    "if abs(start) < tolerance:": (
        "on the tolerance the logarithm is 0, and so is the number of steps"
    ),
}
