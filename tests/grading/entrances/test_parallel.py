"""Many submissions at a time: each gets its own verdicts, whoever else is graded."""

import multiprocessing
import os
import signal
import threading
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import pytest

from lrcourse.grading.entrances.checkers import Checkers
from lrcourse.grading.entrances.client import Checker
from lrcourse.grading.entrances.submission import grade_submission
from lrcourse.grading.notebook import Cell
from lrcourse.grading.sandbox.wire import write_frame
from tests.grading.halves import GOOD, write_checks, write_notebook

# other tests of the same process may have loaded JAX, which warns of any fork
pytestmark = pytest.mark.filterwarnings("ignore:os.fork:RuntimeWarning")

SUBMISSIONS = 60
needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    folder = tmp_path_factory.mktemp("course")
    write_checks(folder / "checks")
    return folder


@pytest.fixture(scope="module")
def handed_in(course):
    """Return notebooks no two of which deserve the same verdicts."""
    places = [course / f"{n}" / "01_halves.ipynb" for n in range(SUBMISSIONS)]
    for number, place in enumerate(places):
        half = f"def half(x):\n    return x / {number + 3}"
        write_notebook(place, [half, GOOD[1]])
    return [(place, course / "checks") for place in places]


@pytest.fixture
def checker(course):
    checker = Checker(course)
    yield checker
    checker.close()


def graded(place_and_checks):
    place, checks = place_and_checks
    found = grade_submission(place, checks=checks, student=place.parent.name)
    return found.student, found.verdicts


@needs_fork
def test_threads_and_forked_processes_reach_the_verdicts_of_one_after_another(
    handed_in,
):
    alone = [graded(each) for each in handed_in]
    assert len({str(verdicts) for _, verdicts in alone}) == SUBMISSIONS
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(graded, handed_in)) == alone
    forked = multiprocessing.get_context("fork")  # after the first use
    with ProcessPoolExecutor(3, forked) as processes:
        assert list(processes.map(graded, handed_in)) == alone


@needs_fork
def test_a_child_forked_while_a_thread_waits_for_its_verdict_has_a_process_of_its_own(
    checker,
):
    slow = [Cell("", "import time\n\ndef half(x):\n    time.sleep(0.3)\n    return x")]
    checker.wait_until_ready()
    found = []
    thread = threading.Thread(
        target=lambda: found.append(checker.check("half", slow)), daemon=True
    )
    thread.start()
    while checker._turn.acquire(blocking=False):  # until the thread has it, and waits
        checker._turn.release()
    read, write = os.pipe()
    child = os.fork()
    if not child:
        try:
            signal.alarm(100)  # rather than wait for ever
            right = checker.check("half", [Cell("", GOOD[0])])
            os.write(write, right["verdicts"][0]["outcome"].encode())
            checker.close()
        finally:
            os._exit(0)
    os.close(write)
    assert os.read(read, 100) == b"passed"
    os.waitpid(child, 0)
    thread.join(100)
    assert found[0]["verdicts"][0]["outcome"] == "failed"


def test_a_reply_to_another_question_is_nobodys_verdict(checker):
    checker.wait_until_ready()
    late = {"answers": ["half"], "cells": [["", "def half(x): return 7"]]}
    write_frame(checker.process.stdin, late | {"nonce": "another"})
    right = [Cell("", GOOD[0])]
    with pytest.raises(RuntimeError, match="answered another question"):
        checker.check("half", right)
    assert checker.check("half", right)["verdicts"][0]["outcome"] == "passed"


def test_no_more_processes_are_started_than_there_are_processors(course):
    checkers = Checkers(course / "checks", b"", most=2)
    lent, waits = set(), threading.Barrier(2)

    def use(number):
        with checkers.lent() as checker:
            lent.add(checker)
            if number < 2:
                waits.wait(60)  # both at once
            return checker.check("half", [Cell("", GOOD[0])])["verdicts"][0]["outcome"]

    with ThreadPoolExecutor(6) as threads:
        assert set(threads.map(use, range(6))) == {"passed"}
    assert len(lent) == 2
    checkers.close()
    assert all(checker.process is None for checker in lent)
