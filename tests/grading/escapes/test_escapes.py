"""What a learner's code cannot do to whoever grades it, way by way.

Each attack runs in a worker, as a cell and inside a call, among planted targets. It
is stopped where it returns nothing and every target is found as it was. At the level
of limits alone the harmless ones run too: they succeed there, which proves both that
they are attacks and what that level leaves open. `pytest -s` prints the table.
"""

import contextlib
import os
import platform
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from lrcourse.grading.answers.errors import AnswerRaised
from lrcourse.grading.answers.submitted import Answers
from lrcourse.grading.notebook import Cell
from lrcourse.grading.sandbox.host import interpreter as rooms
from lrcourse.grading.sandbox.host import pool as pools
from lrcourse.grading.sandbox.jail import Level, best_level
from tests.grading.escapes.words import CHANNEL, FRAMES, REPLIES, TEXTS, VALUES

if sys.platform != "linux":
    pytest.skip("confinement needs Linux", allow_module_level=True)

from tests.grading.escapes.arena import (  # it speaks to the kernel
    ATTACKS,
    GRADER,
    Arena,
    left_over,
)
from tests.grading.escapes.bait import family
from tests.grading.escapes.tools import EITHER, NOT_RUN, OPEN, STOPPED

TABLE = {name: {} for name in ATTACKS}
SHORT = 0.25  # seconds, for what only the clock ends


def at(*levels):
    return pytest.mark.parametrize(
        "arena", levels, indirect=True, ids="{0.name}".format, scope="module"
    )


@pytest.fixture(scope="module")
def arena(request):
    if best_level() < request.param:
        pytest.skip(
            f"this machine reaches {best_level().name}: {best_level().sentence}"
        )
    arena = Arena(request.param)
    yield arena
    assert arena.close() == []


@pytest.fixture
def graded(arena):
    """Return a way to grade cells at the arena's level."""
    with contextlib.ExitStack() as opened:

        def make(*sources):
            cells = [Cell(f"cell {n}", source) for n, source in enumerate(sources, 1)]
            answers = Answers(cells, [], arena.pool.take)
            return opened.enter_context(contextlib.closing(answers))

        yield make


@pytest.fixture(scope="module", autouse=True)
def table():
    yield
    print("\n" + "\n".join(lines_of_the_table()))


@at(Level.L3, Level.L2)
@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_is_stopped(arena, name, monkeypatch):
    attack = meant_for_this_machine(name)
    if attack.ends == "late":
        monkeypatch.setattr(rooms, "CALL_SECONDS", SHORT)
    found = arena.run(attack)
    record(name, arena.level, found)
    assert found.end != "mistaken", found.got
    assert found.harm == {}
    if arena.level == Level.L3 or attack.at_l2 == STOPPED:
        assert found.end != "got", found.got
    if attack.ends:
        assert found.end == attack.ends


@at(Level.L1)
@pytest.mark.parametrize("name", ATTACKS)
def test_limits_alone_leave_it_open(arena, name, monkeypatch):
    attack = meant_for_this_machine(name)
    if attack.at_l1 == NOT_RUN:
        pytest.skip("it would touch what this test did not plant")
    monkeypatch.setattr(rooms, "CALL_SECONDS", SHORT if attack.ends == "late" else 5.0)
    found = arena.run(attack)
    record(name, Level.L1, found)
    assert found.end != "mistaken", found.got
    if attack.at_l1 != EITHER:
        assert found.possible == (attack.at_l1 == OPEN), found


@at(Level.L3, Level.L2)
def test_a_worker_that_is_ended_before_it_runs_costs_no_other(arena):
    for _ in range(20):
        arena.pool.take().kill()
    arena.idle_worker().kill()  # it comes after those in the line
    assert arena.answers() == arena.user


@at(Level.L3, Level.L2)
def test_nothing_outlives_a_killed_grader(arena, monkeypatch):
    scratch = arena.folder / "of the killed one"  # it tidies nothing up
    scratch.mkdir()
    scratch.chmod(0o755)
    monkeypatch.setenv("TMPDIR", str(scratch))
    there = family(os.getpid())
    command = [sys.executable, "-c", GRADER, arena.level.name]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as grader:
        assert grader.stdout.readline() == b"loaded\n"
        grader.send_signal(signal.SIGKILL)
    assert left_over(there) == set()
    shutil.rmtree(scratch)


@at(Level.L2)
@pytest.mark.parametrize("name", TEXTS)
def test_what_a_learner_says_is_short_and_without_controls(graded, name):
    answers = graded(f"def answer():\n {TEXTS[name]}")
    assert fit_for_a_report(said(answers.answer))


@at(Level.L2)
@pytest.mark.parametrize("name", TEXTS)
def test_what_a_cell_says_is_short_and_without_controls(graded, name):
    tried = f"def try_it():\n {TEXTS[name]}"
    answers = graded(tried, "answer = try_it()", "def other(): return 2")
    assert fit_for_a_report(said(answers.answer))
    assert answers.other() == 2


@at(Level.L2)
def test_what_a_learner_prints_is_short_and_without_controls(graded):
    answers = graded("def answer(): print('\\x1b[2J\\u202e\\x9b' * 99_999)")
    answers.answer()
    text = answers.calls[-1].printed
    assert 0 < len(text) < 6 * 66_000  # spelled out, a control takes six letters
    assert without_controls(text)


@at(Level.L2)
@pytest.mark.parametrize("name", FRAMES)
def test_a_forged_frame_costs_the_answer_alone(graded, name, monkeypatch):
    monkeypatch.setattr(rooms, "CALL_SECONDS", SHORT)
    costs_the_answer_alone(graded, written(repr(FRAMES[name])))


@at(Level.L2)
@pytest.mark.parametrize("name", REPLIES)
def test_a_forged_reply_costs_the_answer_alone(graded, name):
    costs_the_answer_alone(graded, f"worker.say = instead(worker, {REPLIES[name]!r})")


@at(Level.L2)
@pytest.mark.parametrize("name", VALUES)
def test_a_forged_value_costs_the_answer_alone(graded, name):
    costs_the_answer_alone(graded, f"worker.encode = once(worker, {VALUES[name]!r})")


@at(Level.L2)
@pytest.mark.parametrize(
    "body",
    ["'\"' + 'x' * 50_000_000 + '\"'", "'[' + '[],' * 22_000_000 + '[]]'"],
    ids=["many large frames", "one frame of 22 million lists"],
)
def test_a_flood_of_frames_does_not_fill_the_graders_memory(graded, body):
    frame = f"len({body}).to_bytes(4, 'big') + ({body}).encode()"
    before = reset_peak()
    costs_the_answer_alone(graded, written(f"({frame}) * 9"))
    assert peak() - before < 1 << 30


@at(Level.L2)
def test_telling_of_cells_without_end_does_not_stop_the_clock(graded, monkeypatch):
    monkeypatch.setattr(pools, "SUBMISSION_SECONDS", 2.0)
    forge = "while True: worker._running('cell 1')"
    answers = graded(CHANNEL, f"def answer():\n worker = channel()\n {forge}")
    with pytest.raises(AnswerRaised):
        answers.answer()


def meant_for_this_machine(name):
    attack = ATTACKS[name]
    if attack.only and attack.only != platform.machine():
        pytest.skip(f"it is made of {attack.only} instructions")
    return attack


def record(name, level, found):
    if found.possible or TABLE[name].get(level) is None:
        TABLE[name][level] = "possible" if found.possible else "stopped"


def lines_of_the_table():
    levels = (Level.L3, Level.L2, Level.L1)
    yield f"{'attack':55}" + "".join(f"{level.name:10}" for level in levels)
    for name, row in TABLE.items():
        if row:
            yield f"{name:55}" + "".join(f"{row.get(one, '-'):10}" for one in levels)


def said(answer):
    """Return the words that a report has of a call."""
    try:
        return repr(answer())
    except AnswerRaised as error:
        return f"{error.type}\n{error.message}\n{error.cell}"


def fit_for_a_report(text):
    return len(text) < 10_000 and without_controls(text)


def without_controls(text):
    text.encode()  # a lone surrogate has no bytes
    return all(letter.isprintable() or letter == "\n" for letter in text)


def written(data):
    return f"worker.replies.write({data})\n worker.replies.flush()"


def costs_the_answer_alone(graded, forge):
    """Let an answer do its forgery, and ask another one of the same submission."""
    source = f"def answer():\n worker = channel()\n {forge}\n return 1"
    answers = graded(CHANNEL, source, "def other(): return 2")
    assert fit_for_a_report(said(answers.answer))
    assert answers.other() == 2


def reset_peak():
    Path("/proc/self/clear_refs").write_text("5")
    return peak()


def peak():
    """Return the most memory held since the last reset, in bytes."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) << 10
