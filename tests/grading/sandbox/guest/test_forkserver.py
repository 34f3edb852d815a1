"""What a fork server makes ends with it, or when nobody wants it."""

import os
import signal
import socket
import subprocess
import sys
import textwrap

import pytest

from tests.grading.sandbox.processes import wait_for_end

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="forks are Linux'")


def test_who_loses_its_parent_before_it_can_ask_to_die_with_it_ends_too():
    code = """
        import os, signal, sys, time
        from lrcourse.grading.sandbox.guest import forkserver
        from lrcourse.grading.sandbox.jail import limits
        parent, ask = os.getpid(), limits.die_with_parent
        def ask_late():
            while os.getppid() == parent:
                time.sleep(0.001)
            ask()
        limits.die_with_parent = ask_late
        print(forkserver._fork(lambda: time.sleep(60)), flush=True)
        sys.stdin.readline()
        os.kill(parent, signal.SIGKILL)
    """
    with subprocess.Popen(
        [sys.executable, "-P", "-c", textwrap.dedent(code)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as parent:
        pidfd = os.pidfd_open(int(parent.stdout.readline()))
    wait_for_end(pidfd)


def test_a_worker_that_nobody_wants_may_have_ended(monkeypatch):
    from lrcourse.grading.sandbox.guest import forkserver  # here: Linux' alone

    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)

    def refuse(*_):
        child.kill()
        child.communicate()
        raise BrokenPipeError

    monkeypatch.setattr(socket, "send_fds", refuse)
    ours, theirs = socket.socketpair()
    with ours, theirs:
        forkserver._tell(theirs.fileno(), child.pid)
    assert child.returncode == -signal.SIGKILL
