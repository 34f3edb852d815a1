"""A worker as its grader sees it: limits kept, prints kept short, lies refused."""

import os

import pytest

from lrcourse.grading.sandbox.host import interpreter as interpreters
from lrcourse.grading.sandbox.host.interpreter import (
    Died,
    Interpreter,
    OutOfTime,
    SaidTooMuch,
)
from lrcourse.grading.sandbox.host.pipes import pipes
from lrcourse.grading.sandbox.host.process import StartedWorker, start_alone
from lrcourse.grading.sandbox.jail import Level, best_level
from lrcourse.grading.sandbox.messages import Call, Load
from lrcourse.grading.sandbox.wire import FrameTooLarge

FORGE = (
    "import gc, sys\n"
    "def worker():\n"
    "    frame = sys._getframe()\n"
    "    while 'self' not in frame.f_locals or not hasattr("
    "frame.f_locals['self'], 'replies'):\n"
    "        frame = frame.f_back\n"
    "    return frame.f_locals['self']\n"
    "def say(data):\n"
    "    mine = worker()\n"
    "    write_frame = type(mine).say.__globals__['write_frame']\n"
    "    write_frame(mine.replies, data | {'nonce': mine.nonce})\n"
)


@pytest.mark.parametrize("level", list(Level)[1:])
def test_a_call_comes_back_at_every_level(level, loaded, value_of):
    worker = loaded("def f(x): return 2 * x", level=level)
    assert value_of(worker, "f", 4) == 8
    assert worker.level == level


def test_a_worker_started_alone_serves_as_well(value_of):
    level = min(Level.L1, best_level())
    worker = Interpreter(start_alone(level), level)
    worker.ask(Load([("c", "print('x')\ndef f(x): print('printed'); return x")]))
    assert value_of(worker, "f", 4) == 4
    assert worker.printed() == "printed\n"
    assert not worker.process.has_ended()
    worker.kill()
    assert worker.process.has_ended()


@pytest.mark.parametrize("level", [Level.L1, Level.L2, Level.L3])
@pytest.mark.parametrize(
    "endless",
    ["while True: pass", "3 ** 10**9", "import time; time.sleep(99)"],
)
def test_what_does_not_end_is_ended(level, endless, loaded, monkeypatch):
    monkeypatch.setattr(interpreters, "CALL_SECONDS", 0.2)
    worker = loaded(f"def f():\n    {endless}", level=level)
    with pytest.raises(OutOfTime):
        worker.ask(Call("f"))
    assert worker.process.has_ended()


def test_a_cell_that_does_not_end_is_named(loaded, monkeypatch):
    monkeypatch.setattr(interpreters, "CELL_SECONDS", 0.2)
    with pytest.raises(OutOfTime) as caught:
        loaded("x = 1", "y = [i for i in iter(int, 1)]")
    assert caught.value.cell == "cell 2"


def test_a_cell_that_takes_too_long_to_read_is_named_and_not_read_again(
    loaded, value_of, monkeypatch
):
    pasted = f"data = [{'1.5,' * 200_000}]\ndef g(): return data"
    with monkeypatch.context() as short:
        short.setattr(interpreters, "CELL_SECONDS", 0.01)
        with pytest.raises(OutOfTime) as caught:
            loaded("x = 1", pasted)
    assert caught.value.cell == "cell 2"
    worker = loaded("def f(): return 2", pasted, skip=["cell 2"])
    assert value_of(worker, "f") == 2
    problem = worker.ask(Call("g")).problem
    assert (problem.cell, "was left out" in problem.message) == ("cell 2", True)


def test_an_answer_that_loops_once_cells_gave_it_a_name_is_to_blame_itself(
    loaded, monkeypatch
):
    worker = loaded(
        "print(globals().update(late=1))", "def f():\n    late\n    while 1: 1"
    )
    monkeypatch.setattr(interpreters, "CALL_SECONDS", 0.2)
    with pytest.raises(OutOfTime) as caught:
        worker.ask(Call("f"))
    assert (caught.value.cell, caught.value.limit) == ("", "processor")


def test_a_sleep_is_ended_by_the_clock_on_the_wall(loaded, monkeypatch):
    worker = loaded("import time\ndef f(): time.sleep(99)")
    monkeypatch.setattr(interpreters, "CALL_SECONDS", 0.05)
    with pytest.raises(OutOfTime) as caught:
        worker.ask(Call("f"))
    assert caught.value.limit == "wall"


class NeverStarts:
    """A process that is always about to run."""

    pid = 0

    def __init__(self):
        self.asked = []

    def wait_for_start(self, seconds):
        self.asked.append(seconds)

    def has_ended(self):
        return False

    def kill(self):
        pass

    def cpu_seconds(self):
        return 0.0


def test_the_start_of_an_interpreter_is_in_the_submissions_time():
    ends = [os.pipe() for _ in range(3)]
    (_, requests), (replies, _), (prints, _) = ends
    process = NeverStarts()
    worker = StartedWorker(process, pipes(requests, replies, prints), None)
    interpreter = Interpreter(worker, Level.L0)
    interpreter.seconds_left = 0.1
    with pytest.raises(OutOfTime) as caught:
        interpreter.ask(Call("f"))
    assert caught.value.limit == "submission"
    assert process.asked == [0.1]
    for end in (ends[0][0], ends[1][1], ends[2][1]):
        os.close(end)


def test_a_request_that_is_too_long_is_not_sent_and_costs_no_worker(loaded, value_of):
    worker = loaded("def f(x): return 1")
    with pytest.raises(FrameTooLarge):
        worker.ask(Call("f", ["x" * (65 << 20)]))
    assert value_of(worker, "f", 0) == 1


def test_a_submission_that_returns_too_much_in_all_is_ended(loaded):
    worker = loaded("def f(): return 'x' * 1000")
    worker.bytes_left = 2500
    worker.ask(Call("f"))
    worker.ask(Call("f"))
    with pytest.raises(SaidTooMuch):
        worker.ask(Call("f"))
    assert worker.process.has_ended()


def test_a_submission_that_takes_too_long_in_all_is_ended(loaded):
    worker = loaded("import time\ndef f(): time.sleep(0.01)")
    before = worker.seconds_left
    worker.ask(Call("f"))
    assert worker.seconds_left < before - 0.01
    worker.seconds_left = 0.05
    with pytest.raises(OutOfTime):
        [worker.ask(Call("f")) for _ in range(100)]


@pytest.mark.parametrize(
    "ending",
    [
        "os._exit(0)",
        "os.abort()",
        "ctypes.string_at(0)",
        "os.closerange(0, 100)",
        "os.write(4, b'x' * 100)",
        "os.write(4, b'\\x00\\x00\\x00\\x02[]')",
    ],
)
def test_a_worker_that_breaks_itself_has_died(ending, loaded):
    worker = loaded(f"import ctypes, os\ndef f(): {ending}")
    with pytest.raises(Died):
        worker.ask(Call("f"))
    with pytest.raises(Died):
        worker.ask(Call("f"))


def test_a_memory_bomb_is_a_memory_error(loaded, value_of):
    worker = loaded("def f(): return bytearray(3 << 30)", "def g(): return 1")
    assert worker.ask(Call("f")).problem.type == "MemoryError"
    assert value_of(worker, "g") == 1


def test_files_without_a_name_fill_the_scratch_folder_too(loaded):
    worker = loaded(
        "import os\nkept = []\ndef f():\n"
        "    for _ in range(80):\n"
        "        kept.append(open('x', 'wb'))\n"
        "        kept[-1].write(bytes(1 << 20))\n"
        "        os.unlink('x')",
        level=Level.L2,
    )
    with pytest.raises(Died):
        worker.ask(Call("f"))


@pytest.mark.parametrize("level", [Level.L2, Level.L3])
def test_the_scratch_folder_takes_what_honest_cells_write(level, loaded, value_of):
    worker = loaded(
        "def small():\n    open('a', 'w').write('x')\n    return open('a').read()",
        "import time\ndef big():\n"
        "    for n in range(200): open(str(n), 'wb').write(bytes(1 << 20))\n"
        "    time.sleep(9)",
        level=level,
    )
    assert value_of(worker, "small") == "x"
    if level == Level.L3:
        assert "No space left" in worker.ask(Call("big")).problem.message
    else:
        with pytest.raises(Died):
            worker.ask(Call("big"))


def test_what_is_printed_is_kept_short_and_harmless(loaded, value_of):
    worker = loaded(
        "import sys\ndef f():\n"
        "    print('\\x1b[31mred\\u202e', 'back\\rover')\n"
        "    sys.stdout.buffer.write(b'\\xff')\n"
        "    print('wrong', file=sys.stderr)",
        "def g(): print('x' * 2**24)",
        "def h(): return 1",
    )
    worker.ask(Call("f"))
    assert "\\x1b[31mred\\u202e back\nover" in worker.printed()
    assert "\N{REPLACEMENT CHARACTER}" in worker.printed()
    assert "wrong\n" in worker.printed()
    worker.ask(Call("g"))
    assert worker.printed() == "x" * 2**16
    value_of(worker, "h")
    assert worker.printed() == ""


def test_last_words_are_kept_when_the_worker_dies(loaded):
    worker = loaded("import os\ndef f(): print('so far', flush=True); os._exit(1)")
    with pytest.raises(Died):
        worker.ask(Call("f"))
    assert worker.printed() == "so far\n"


def test_a_reply_from_a_call_before_is_not_taken_for_this_ones(loaded, value_of):
    worker = loaded(
        FORGE + "def early():\n"
        "    stale = worker()\n"
        "    nonce = stale.nonce\n"
        "    def forge():\n"
        "        stale.nonce = nonce\n"
        "        say({'value': 1})\n"
        "    return forge",
        "def wrong(): return 0",
    )
    forge = value_of(worker, "early")["reference"]["object"]
    with pytest.raises(Died):
        worker.ask(Call(forge))


def test_a_reply_of_this_call_is_taken_so_that_the_forgery_above_is_one(loaded):
    worker = loaded(FORGE + "def f(): say({'value': 1})")
    assert worker.ask(Call("f")).value == 1


def test_a_callback_that_nobody_gave_cannot_be_called(loaded):
    worker = loaded(FORGE + "def f(): say({'callback': 0, 'args': [], 'kwargs': []})")
    with pytest.raises(Died):
        worker.ask(Call("f"))


def test_asking_for_what_was_printed_changes_nothing(loaded):
    worker = loaded("def f(): print('once')")
    worker.ask(Call("f"))
    assert worker.printed() == worker.printed() == "once\n"
    worker.kill()
    assert worker.printed() == "once\n"
