"""A submission's session, with runners that end as they are told."""

import pytest

from lrcourse.grading.answers.errors import AnswerRaised
from lrcourse.grading.answers.session import MAX_STOPS, Session
from lrcourse.grading.notebook import Cell
from lrcourse.grading.sandbox.host.interpreter import Died, OutOfTime
from lrcourse.grading.sandbox.messages import Call, Load, Loaded, Value

CELLS = [Cell("cell 1", "x = 1"), Cell("cell 2", "y = 2")]


class Told:
    """A runner: each request takes a second and ends as told, calls at last in 1."""

    def __init__(self, loads=(), calls=()):
        self.seconds_left = 60.0
        self.loads, self.calls = list(loads), list(calls)
        self.asked = []
        self.is_killed = False

    def ask(self, request, callback=None):
        self.asked.append(request)
        self.seconds_left -= 1
        endings = self.loads if isinstance(request, Load) else self.calls
        if endings:
            raise endings.pop(0)
        return Loaded() if isinstance(request, Load) else Value(1)

    def printed(self):
        return f"{len(self.asked)} requests"

    def kill(self):
        self.is_killed = True


def session_of(*runners, unreadable=""):
    waiting = list(runners)
    return Session(CELLS, ["numpy.fft"], lambda: waiting.pop(0), unreadable)


def ask(session, answer="f"):
    return session.ask(Call(answer), answer, f"{answer}()", lambda call: None)


def test_cells_are_loaded_once_and_asked_often():
    runner = Told()
    session = session_of(runner)
    assert ask(session) == ask(session) == Value(1)
    load, *calls = runner.asked
    assert load.cells == [("cell 1", "x = 1"), ("cell 2", "y = 2")]
    assert load.forbidden == ["numpy.fft"]
    assert calls == [Call("f"), Call("f")]


def test_a_cell_that_stops_the_loading_is_left_out_by_the_next_runner():
    first, second = Told(loads=[OutOfTime("cell 1")]), Told()
    assert ask(session_of(first, second)) == Value(1)
    assert (first.asked[0].skip, second.asked[0].skip) == ([], ["cell 1"])


def test_a_cell_that_ran_only_for_a_call_is_left_out_and_the_call_tried_again():
    first, second = Told(calls=[OutOfTime("cell 2")]), Told()
    session = session_of(first, second)
    assert ask(session) == Value(1)
    assert second.asked == [
        Load([("cell 1", "x = 1"), ("cell 2", "y = 2")], ["numpy.fft"], ["cell 2"]),
        Call("f"),
    ]


def test_what_one_runner_used_of_the_time_is_gone_for_the_next():
    first, second = Told(calls=[OutOfTime("cell 2")]), Told()
    session = session_of(first, second)
    ask(session)
    assert second.seconds_left == 60 - 4  # two loads, two calls
    third, session._runner = Told(), None
    session._new_runner = lambda: third
    ask(session)
    assert third.seconds_left == 60 - 6


def test_what_was_printed_is_that_of_the_last_runner():
    session = session_of(Told(calls=[Died("cell 2")]), Told())
    assert session.printed == ""
    ask(session)
    assert session.printed == "2 requests"


def test_an_answer_that_is_stopped_too_often_is_not_tried_again_and_others_are():
    hanging = [Told(calls=[OutOfTime()]) for _ in range(MAX_STOPS)]
    session = session_of(*hanging, Told())
    for _ in range(MAX_STOPS):
        with pytest.raises(AnswerRaised, match=r"f\(\) computed for 5 seconds"):
            ask(session)
    with pytest.raises(AnswerRaised, match="stopped 2 times and is not tried again"):
        ask(session)
    assert session.printed == ""
    assert ask(session, "g") == Value(1)


def test_when_the_submissions_time_is_up_nothing_is_asked():
    runner = Told()
    session = session_of(runner)
    ask(session)
    session._seconds_left = 0.0
    with pytest.raises(AnswerRaised, match="as a whole ran for 60 seconds"):
        ask(session)
    assert len(runner.asked) == 2


def test_python_that_ends_is_said():
    with pytest.raises(AnswerRaised, match=r"Python itself ended during f\(\)"):
        ask(session_of(Told(calls=[Died()])))


def test_a_notebook_that_cannot_be_read_is_asked_nothing():
    with pytest.raises(AnswerRaised, match="broken"):
        ask(session_of(unreadable="it is broken"))


def test_closing_ends_the_runner_once():
    runner = Told()
    session = session_of(runner)
    session.close()
    assert not runner.is_killed
    ask(session)
    session.close()
    session.close()
    assert runner.is_killed
