"""Interpreters kept ready: replaced when they are lost, and none left at the end."""

import os
import subprocess
import sys
import textwrap

import pytest

from lrcourse.grading.sandbox.host.interpreter import Died
from lrcourse.grading.sandbox.host.pool import Pool
from lrcourse.grading.sandbox.host.process import CannotStart
from lrcourse.grading.sandbox.jail import Level, best_level
from lrcourse.grading.sandbox.messages import Call, Load, Loaded
from tests.grading.sandbox.processes import (
    descendants,
    gone_within_a_moment,
    wait_for_end,
)

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="forked workers are Linux'")


@LINUX
@pytest.mark.parametrize("level", [Level.L1, Level.L2, Level.L3])
@pytest.mark.parametrize("end", ["close", "kill the fork server", "kill the grader"])
def test_no_process_is_left(level, end, tmp_path):
    """A worker is busy in an endless loop when its grader closes, or is killed."""
    if level > best_level():
        pytest.skip(f"this machine can do {best_level().name} only")
    endless = Load([("c", "def f():\n    while True: pass")])
    code = f"""
        import os, signal, sys, threading
        from lrcourse.grading.sandbox.host.interpreter import Stopped
        from lrcourse.grading.sandbox.host.pool import Pool
        from lrcourse.grading.sandbox.messages import Call, Load
        pool = Pool(level={int(level)})
        worker = pool.take()
        worker.ask({endless!r})
        def busy():
            try:
                worker.ask({Call("f")!r})
            except Stopped:
                pass
        thread = threading.Thread(target=busy, daemon=True)
        thread.start()
        forkserver = pool._forkservers["numpy"].process.pid
        print(forkserver, worker.process.pid, flush=True)
        sys.stdin.readline()
        if "{end}" == "close":
            pool.close()
        elif "{end}" == "kill the fork server":
            os.kill(forkserver, signal.SIGKILL)
        else:
            os.kill(os.getpid(), signal.SIGKILL)
        thread.join()
        print("over", flush=True)
        sys.stdin.readline()
    """
    grader = subprocess.Popen(
        [sys.executable, "-P", "-c", textwrap.dedent(code)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
    )
    forkserver, worker = map(int, grader.stdout.readline().split())
    pidfds = [os.pidfd_open(number) for number in (forkserver, worker)]
    family = descendants(grader.pid)
    assert {forkserver, worker} <= family
    grader.stdin.write("now\n")
    grader.stdin.flush()
    if end != "kill the grader":
        assert grader.stdout.readline() == "over\n"
    for pidfd in pidfds:
        wait_for_end(pidfd)
    gone_within_a_moment(family - {grader.pid})
    grader.kill()
    grader.communicate()


@LINUX
def test_a_fork_server_that_was_killed_is_replaced():
    pool = Pool()
    pool._forkservers["numpy"].process.kill()
    pool._forkservers["numpy"].process.wait()
    worker = pool.take()
    with pytest.raises((Died, CannotStart)):
        worker.ask(Load())
    pool._fill(1)
    assert pool.take().ask(Load()) == Loaded()
    pool.close()


def test_a_worker_that_nobody_asked_is_ended_quietly():
    pool = Pool(spares=2)
    worker = pool.take()
    worker.kill()
    worker.kill()
    with pytest.raises(Died):
        worker.ask(Load())
    pool.close()
