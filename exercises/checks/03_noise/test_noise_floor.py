"""noise_floor, chapter 03: The noise floor."""

import pytest

from lrcourse import theory
from lrcourse.grading import Curve, Edit, Mistakes, agrees_with, close, raises

HINTS = [
    "What does one update do to v, the mean of w ** 2 over many runs?",
    "v = (1 - lr * h) ** 2 * v + lr ** 2 * s ** 2, where it has settled. Solve for v.",
    "The loss is h * v / 2. And what is s ** 2 for a batch?",
    "At lr * h = 2 the factor of v is 1: nothing is forgotten, and there is no floor.",
]
CURVE = Curve(
    x=[step / 20 for step in range(1, 36)],
    call=lambda noise_floor, lr: noise_floor(lr, 1.0, 1.0, 1),
    expected=lambda lr: theory.noise_floor(lr, 1.0, 1.0),
    xlabel="learning rate",
    ylabel="floor of the loss",
)


def test_at_rate_one_on_curvature_one_the_loss_is_half_the_noise(noise_floor):
    assert close(noise_floor(lr=1.0, curvature=1.0, noise=1.0, batch_size=1), 0.5), (
        "1 - lr * h is 0: after an update w is lr * noise alone. What is its mean loss?"
    )


def test_high_rates_have_far_more_than_a_quarter_of_the_rate(noise_floor):
    assert close(noise_floor(lr=1.5, curvature=1.0, noise=2.0, batch_size=1), 6.0), (
        "lr * s ** 2 / 4 would be 1.5: that form is for small rates"
    )


def test_noise_counts_with_its_square(noise_floor):
    assert close(noise_floor(lr=0.5, curvature=2.0, noise=10.0, batch_size=1), 25.0), (
        "0.5 * 100 / (2 * (2 - 1)): noise is a standard deviation"
    )


def test_twice_the_batch_has_half_the_floor(noise_floor):
    assert close(noise_floor(lr=1.0, curvature=1.0, noise=6.0, batch_size=2), 9.0), (
        "the mean of two has half of the variance"
    )


@pytest.mark.points(0)
def test_rate_and_batch_doubled_leave_a_small_floor_as_it_is(noise_floor):
    one = noise_floor(lr=1e-9, curvature=1.0, noise=2.0, batch_size=3)
    two = noise_floor(lr=2e-9, curvature=1.0, noise=2.0, batch_size=6)
    message = "at small rates only lr / batch_size counts: lr s² / (4 batch_size)"
    assert close(one, 1e-9 / 3, rtol=1e-6), message
    assert close(two, 1e-9 / 3, rtol=1e-6), message


def test_at_the_limit_there_is_no_floor(noise_floor):
    assert raises("ValueError", noise_floor, 1.0, 2.0, 1.0, 1), (
        "lr * curvature = 2: the run forgets nothing, and noise adds up without end"
    )


def test_beyond_the_limit_there_is_no_floor_either(noise_floor):
    assert raises("ValueError", noise_floor, 3.0, 1.0, 1.0, 1), (
        "that run diverges; a negative loss is no floor"
    )


def of_a_batch(lr, curvature, noise, batch_size):
    """Return the library's floor for the noise of a batch."""
    return theory.noise_floor(lr, curvature, theory.batch_noise(noise, batch_size))


@agrees_with(of_a_batch, points=2)
def test_random_runs_settle_where_you_say(rng):
    """put your v into the update of v: does it come back as it was?"""
    curvature = float(10 ** rng.uniform(-1, 1))
    return {
        "lr": float(rng.uniform(0.01, 1.95)) / curvature,
        "curvature": curvature,
        "noise": float(rng.uniform(0.1, 3)),
        "batch_size": int(rng.integers(1, 65)),
    }


MISTAKES = Mistakes(
    see="The noise floor",
    has_the_small_rate_form=Edit(
        "You have lr * s ** 2 / 4: that is the limit for small rates, and a quarter of "
        "the truth at lr * curvature = 1.5.",
        {"(2 - lr * curvature)": "2"},
    ),
    returns_the_variance=Edit(
        "You return v, the mean of w ** 2: the loss is curvature * v / 2.",
        {"(2 * (2 - lr * curvature))": "(curvature * (2 - lr * curvature))"},
    ),
    forgets_the_half=Edit(
        "You forget the half in the loss, 0.5 * curvature * w ** 2.",
        {"(2 * (2 - lr * curvature))": "(2 - lr * curvature)"},
    ),
    divides_the_deviation=Edit(
        "You divide the standard deviation by the batch size: it is the variance, its "
        "square, that a mean of batch_size divides by it.",
        {"noise**2 / batch_size": "(noise / batch_size) ** 2"},
    ),
    forgets_the_batch=Edit(
        "You forget the batch: its mean has less noise than one example.",
        {" / batch_size": ""},
    ),
    takes_the_noise_unsquared=Edit(
        "You take the noise as a variance: it is a standard deviation.",
        {"noise**2": "noise"},
    ),
    answers_beyond_the_limit=Edit(
        "You give a floor to a run that diverges, even a negative one.",
        {"lr * curvature >= 2": "False"},
    ),
    lets_the_limit_pass=Edit(
        "At lr * curvature = 2 exactly there is no floor either: you divide by zero.",
        {"lr * curvature >= 2": "lr * curvature > 2"},
    ),
    stops_at_half_the_limit=Edit(
        "You refuse rates from 1 / curvature on: those runs overshoot, and settle.",
        {"lr * curvature >= 2": "lr * curvature >= 1"},
    ),
    counts_one_update_s_noise=Edit(
        "You count the noise of a single update: that of earlier ones is not yet "
        "forgotten, and adds up to a geometric series.",
        {
            "lr * noise**2 / batch_size / (2 * (2 - lr * curvature))": (
                "curvature * lr**2 * noise**2 / batch_size / 2"
            ),
        },
    ),
)
