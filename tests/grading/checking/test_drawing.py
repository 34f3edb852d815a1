"""The curve in a card: whole on a busy machine, and no longer than one waits for it."""

import pytest

from lrcourse.grading.answers.errors import NotStarted
from lrcourse.grading.checking import drawing
from lrcourse.grading.checking.check_files import Curve
from lrcourse.grading.checking.drawing import drawn

CURVE = Curve(range(100), call=lambda half, x: half(x), expected=lambda x: x / 2)


class Busy:
    """An answer whose calls take so many seconds of its own, and on the wall."""

    def __init__(self, own, wall, monkeypatch):
        self.own, self.wall = own, wall
        self.cpu_seconds = self.now = 5.0
        monkeypatch.setattr(drawing.time, "monotonic", lambda: self.now)

    def half(self, x):
        self.cpu_seconds += self.own
        self.now += self.wall
        return x / 2


def points(answers):
    return [y for y in drawn(CURVE, answers, "half")["yours"] if y is not None]


def test_what_else_a_machine_has_to_do_costs_no_point_of_a_curve(monkeypatch):
    assert points(Busy(0.001, 0.05, monkeypatch)) == [x / 2 for x in range(100)]


@pytest.mark.parametrize(
    ("own", "wall", "drawn_in_time"), [(0.25, 0.25, 5), (0, 1, 11)]
)
def test_a_slow_answer_and_one_that_sleeps_are_drawn_so_far(
    monkeypatch, own, wall, drawn_in_time
):
    assert len(points(Busy(own, wall, monkeypatch))) == drawn_in_time


def test_a_blank_has_no_curve(monkeypatch):
    answers = Busy(0, 0, monkeypatch)

    def blank(x):
        raise NotStarted("half")

    answers.half = blank
    assert drawn(CURVE, answers, "half") is None
