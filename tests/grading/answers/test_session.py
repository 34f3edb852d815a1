"""A submission's session, with runners that end as they are told."""

import pytest

from lrcourse.grading.answers.errors import AnswerRaised
from lrcourse.grading.answers.session import MAX_DEATHS, MAX_LEFT_OUT, Session
from lrcourse.grading.notebook import Cell
from lrcourse.grading.sandbox.host.interpreter import Died, OutOfTime, SaidTooMuch
from lrcourse.grading.sandbox.host.process import CannotStart
from lrcourse.grading.sandbox.messages import Call, Load, Loaded, Value
from lrcourse.grading.sandbox.wire import FrameTooLarge

CELLS = [Cell("cell 1", "x = 1"), Cell("cell 2", "y = 2")]


class Clock:
    """Time that passes when a runner works."""

    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


class Told:
    """A runner: each request takes some seconds and ends as told, calls at last in 1.

    Its start takes `start` seconds.
    """

    def __init__(self, loads=(), calls=(), seconds=1, start=0, said=0):
        self.seconds_left, self.bytes_left = 60.0, 1000.0
        self.loads, self.calls = list(loads), list(calls)
        self.seconds, self.start, self.bytes = seconds, start, said
        self.asked, self.given = [], []
        self.is_killed = False

    def ask(self, request, callback=None):
        self.asked.append(request)
        self.given.append(self.seconds_left)
        self.clock.now += self.seconds
        self.bytes_left -= self.bytes
        if self.bytes_left < 0:
            raise SaidTooMuch
        endings = self.loads if isinstance(request, Load) else self.calls
        if endings:
            raise endings.pop(0)
        return Loaded() if isinstance(request, Load) else Value(1)

    def printed(self):
        return f"{len(self.asked)} requests"

    def cpu_seconds(self):
        return float(len(self.asked))

    def kill(self):
        self.is_killed = True


def session_of(*runners, unreadable="", cells=CELLS):
    waiting, clock = list(runners), Clock()

    def start():
        runner = waiting.pop(0)
        runner.clock = clock
        clock.now += runner.start
        return runner

    return Session(cells, ["numpy.fft"], start, unreadable, clock)


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
    first = Told(calls=[OutOfTime("cell 2")])
    second = Told(calls=[Died()])
    third = Told()
    session = session_of(first, second, third)
    with pytest.raises(AnswerRaised):
        ask(session)
    ask(session)
    assert first.given == [60, 59]
    assert second.given == [58, 57]
    assert third.given == [56, 55]


def test_the_starts_of_runners_and_what_checks_do_meanwhile_are_in_the_time():
    deadly = [Told(calls=[Died(f"cell {n}")], start=20) for n in range(9)]
    session = session_of(*deadly)
    with pytest.raises(AnswerRaised, match="as a whole ran for 60 seconds"):
        ask(session)
    assert sum(bool(runner.asked) for runner in deadly) == 3
    patient = session_of(Told())
    ask(patient)
    patient._now.now += 61
    with pytest.raises(AnswerRaised, match="as a whole ran for 60 seconds"):
        ask(patient)


def test_what_was_printed_is_that_of_the_last_runner():
    session = session_of(Told(calls=[Died("cell 2")]), Told())
    assert session.printed == ""
    ask(session)
    assert session.printed == "2 requests"


def test_an_answer_that_had_to_be_stopped_is_not_tried_again_and_others_are():
    session = session_of(Told(calls=[OutOfTime()]), Told())
    with pytest.raises(AnswerRaised, match=r"f\(\) computed for 5 seconds"):
        ask(session)
    with pytest.raises(AnswerRaised, match="f is not tried again: it did not return"):
        ask(session)
    assert session.printed == ""
    assert session.was_stopped
    assert ask(session, "g") == Value(1)


def test_an_answer_that_ends_python_is_tried_twice():
    session = session_of(*[Told(calls=[Died()]) for _ in range(MAX_DEATHS)], Told())
    for _ in range(MAX_DEATHS):
        with pytest.raises(AnswerRaised, match=r"Python itself ended during f\(\)"):
            ask(session)
    with pytest.raises(AnswerRaised, match="not tried again: Python itself ended"):
        ask(session)
    assert ask(session, "g") == Value(1)


@pytest.mark.parametrize(
    ("limit", "sentence"),
    [
        ("processor", "computed for 5 seconds without returning: is there a loop"),
        ("wall", "had not returned after 20 seconds: does it wait for something"),
        ("submission", "the notebook as a whole had run for 60 seconds"),
    ],
)
def test_which_time_was_up_is_said(limit, sentence):
    with pytest.raises(AnswerRaised, match=sentence):
        ask(session_of(Told(calls=[OutOfTime(limit=limit)])))


def test_of_many_cells_that_end_python_some_are_left_out_and_then_it_is_over():
    titles = [f"cell {number}" for number in range(983)]
    runners = [Told(loads=[Died(title)], seconds=0.01) for title in titles]
    session = session_of(*runners, cells=[Cell(title, "") for title in titles])
    with pytest.raises(AnswerRaised, match="more than 10 cells ran for too long or"):
        ask(session)
    assert sum(bool(runner.asked) for runner in runners) == MAX_LEFT_OUT + 1


def test_cells_of_one_title_are_told_apart_so_that_one_of_them_can_be_left_out():
    ran = [Cell("the cell you ran", source) for source in ("x = 1", "hangs()")]
    first, second = Told(loads=[OutOfTime("the cell you ran (2)")]), Told()
    ask(session_of(first, second, cells=ran))
    titles = [title for title, _ in second.asked[0].cells]
    assert titles == ["the cell you ran", "the cell you ran (2)"]
    assert second.asked[0].skip == ["the cell you ran (2)"]


@pytest.mark.parametrize(
    ("ending", "sentence"),
    [
        (Died(), "Python itself ended while it loaded the notebook, before any cell"),
        (OutOfTime(limit="submission"), "the notebook was not loaded in time"),
        (FrameTooLarge("too long"), "the notebook's code is longer than 64 MiB"),
    ],
)
def test_a_notebook_that_cannot_be_loaded_is_asked_once_and_told_why(ending, sentence):
    runner = Told(loads=[ending])
    session = session_of(runner)
    for _ in range(3):
        with pytest.raises(AnswerRaised, match=sentence):
            ask(session)
    assert len(runner.asked) == 1


def test_what_all_runners_return_is_bounded_together():
    runners = [Told(calls=[Died()], said=200), Told(said=200), Told()]
    session = session_of(*runners)
    with pytest.raises(AnswerRaised, match="Python itself ended"):
        ask(session)
    assert ask(session) == Value(1)
    with pytest.raises(AnswerRaised, match=r"f\(\) returned too much: all calls"):
        [ask(session) for _ in range(2)]
    with pytest.raises(AnswerRaised, match="the notebook returned more than 256 MiB"):
        ask(session, "g")
    assert runners[2].asked == []


def test_a_machine_that_starts_no_interpreter_is_no_answers_fault():
    session = session_of(Told(loads=[CannotStart("out of memory")]), Told())
    with pytest.raises(CannotStart):
        ask(session)
    assert ask(session) == Value(1)


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
