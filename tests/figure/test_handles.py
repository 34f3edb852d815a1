"""Schedules to draw before a page is opened: their losses, and what they refuse."""

import re
from base64 import b64decode

import numpy as np
import pytest

from lrcourse import figure, theory
from lrcourse.schedules import constant, linear
from tests.browser.figures import NOISY_BOWL, RAVINE, VALLEY, drawn


def test_both_parts_add_up_to_the_expected_loss():
    rates = np.linspace(1.5, 0.1, 40)
    for problem in (RAVINE, NOISY_BOWL, VALLEY):
        whole = theory.expected_loss(
            lambda step: rates[step],
            problem.curvature,
            problem.noise,
            problem.start,
            40,
        )
        assert problem.course(rates).sum(axis=0) == pytest.approx(whole, rel=1e-12)


def test_without_noise_nothing_is_let_in_and_without_start_nothing_is_forgotten():
    still = figure.ExpectedLoss([1.0], [0.0], [2.0])
    assert still.course([0.5, 0.5])[0].tolist() == [2.0, 0.5, 0.125]
    assert not still.course([0.5, 0.5])[1].any()
    rest = figure.ExpectedLoss([1.0], [1.0], [0.0])
    assert rest.course([0.5])[1].tolist() == [0.0, 0.125]


def test_the_sentence_says_the_losses_of_a_straight_line_and_the_best():
    assert repr(drawn()) == (
        "ravine: after 40 updates the expected loss is 0.246: 0.229 start not "
        "forgotten, 0.0172 noise let in. The best possible is 0.159."
    )


def test_no_rival_is_better_than_the_best_possible():
    for told in drawn().data["problems"].values():
        *rivals, best = np.frombuffer(b64decode(told["others"]))
        assert best < min(rivals)


def test_a_schedule_is_asked_at_the_handles():
    states = drawn(start={"problem": "bowl", "rates": linear(1.0, 39)}).states
    assert states["start"]["rates"] == [1.0, 0.795, 0.59, 0.41, 0.205, 0.0]


def test_a_rate_that_loses_the_run_is_said():
    lost = {"problem": "bowl", "rates": [1e300] * 6}
    made = drawn(max_lr=1e300, start=lost)
    assert "the expected loss is beyond all bounds" in repr(made)


BAD = [
    ({"handles": 1}, "handles must be 2 to steps=40, got 1"),
    ({"handles": 41}, "handles must be 2 to steps=40, got 41"),
    ({"max_lr": 0.0}, "max_lr must be positive and finite, got 0.0"),
    ({"rivals": {"bowl": {}}}, "rivals must be given for ravine, bowl, got bowl"),
    (
        {"rivals": {"ravine": {"a": constant(1.0)}, "bowl": {"b": constant(1.0)}}},
        "rivals must have the same names everywhere",
    ),
    ({"best": {"ravine": constant(1.0)}}, "best must be given for ravine, bowl, got"),
    (
        {"start": {"problem": "bowl", "rates": [0.1] * 5}},
        "rates must be 6 numbers from 0 to 1.9",
    ),
    (
        {"start": {"problem": "bowl", "rates": constant(2.0)}},
        "rates must be 6 numbers from 0 to 1.9",
    ),
    ({"start": {"problem": "hill", "rates": constant(1.0)}}, "problem must be one of"),
]


@pytest.mark.parametrize(("change", "said"), BAD)
def test_what_does_not_fit_is_refused_by_name(change, said):
    with pytest.raises(ValueError, match=re.escape(said)):
        drawn(**change)


def test_directions_are_two_and_every_direction_has_its_numbers():
    with pytest.raises(ValueError, match="two where directions are named"):
        figure.ExpectedLoss([1.0], [1.0], [1.0], ("hill", "river"))
    with pytest.raises(ValueError, match="must have a number for each direction"):
        figure.ExpectedLoss([1.0, 2.0], [1.0], [1.0])
