"""How a worker comes into being and how it is ended, seen from the trusted side."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import weakref
from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO, Protocol

from lrcourse.grading.sandbox import pidfd
from lrcourse.grading.sandbox.forks import Fork, Setup, packet
from lrcourse.grading.sandbox.host.pipes import Pipes, pipes
from lrcourse.grading.sandbox.host.scratch import Scratch
from lrcourse.grading.sandbox.jail import Level
from lrcourse.grading.sandbox.jail.environment import (
    clean_environment,
    forkserver_environment,
    python,
)


class Process(Protocol):
    """A worker's process. Its number is known after `wait_for_start`."""

    pid: int

    def wait_for_start(self, seconds: float) -> None:
        """Wait until it runs, at most so long."""

    def has_ended(self) -> bool:
        """Say whether it has ended."""

    def kill(self) -> None:
        """End it and what it started, and wait until it has ended."""

    def cpu_seconds(self) -> float:
        """Return the processor time that it has taken."""


@dataclass
class StartedWorker:
    """A process, our ends of its pipes, and its scratch folder if that is ours."""

    process: Process
    pipes: Pipes
    scratch: Scratch | None


class CannotStart(RuntimeError):
    """The interpreter for learners' code could not be started, or not be confined."""


class ForkServer:
    """An interpreter with one preload, which forks workers when it is asked."""

    def __init__(self, preload: str, level: Level) -> None:
        self.level = level
        self._errors = tempfile.TemporaryFile()
        home = tempfile.TemporaryDirectory(prefix="lrcourse-")
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self.process = subprocess.Popen(
                python("lrcourse.grading.sandbox.guest.forkserver"),
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=self._errors,
                cwd="/",
                env=forkserver_environment(home.name),
                start_new_session=True,  # Ctrl-C is for the grader alone
            )
        self._control.send(packet(Setup(preload, int(level))))
        # at exit too; its workers are ended by the kernel when it ends
        self.close = weakref.finalize(
            self, _close, self.process, self._control, self._errors, home
        )

    def start(self, hidden: Sequence[str] = ()) -> StartedWorker:
        """Ask for a worker that cannot see the modules `hidden`; do not wait for it."""
        scratch = None if self.level >= Level.L3 else Scratch()
        requests, replies, prints = os.pipe(), os.pipe(), os.pipe()
        ours, theirs = socket.socketpair()
        given = [requests[0], replies[1], prints[1], theirs.fileno()]
        request = Fork(str(scratch.path) if scratch else "", hidden)
        with theirs, contextlib.suppress(OSError):  # it ended: that is said later
            socket.send_fds(self._control, [packet(request)], given)
        for descriptor in given[:3]:
            os.close(descriptor)
        ends = pipes(requests[1], replies[0], prints[0])
        return StartedWorker(Forked(ours, self), ends, scratch)

    def said(self) -> str:
        """Return the end of what it wrote on its standard error."""
        if self._errors.closed:
            return "it was closed"
        return os.pread(self._errors.fileno(), 2**16, 0)[-600:].decode(errors="replace")


def _close(
    process: "subprocess.Popen[bytes]",
    control: socket.socket,
    errors: IO[bytes],
    home: "tempfile.TemporaryDirectory[str]",
) -> None:
    process.kill()
    process.wait()
    control.close()
    errors.close()
    home.cleanup()


class Forked:
    """A worker that a fork server made, known by its pidfd."""

    def __init__(self, way: socket.socket, forkserver: ForkServer) -> None:
        self._way = way
        self._forkserver = forkserver
        self._pidfd = -1
        self.pid = 0
        self._is_over = False

    def wait_for_start(self, seconds: float) -> None:
        """Wait until it runs.

        Raises:
            CannotStart: it does not.
        """
        if self.pid or self._is_over:
            return
        self._way.settimeout(seconds)
        try:
            _, pidfds, _, _ = socket.recv_fds(self._way, 1, 1)
        except TimeoutError:
            pidfds = []
        finally:
            self._way.close()
        if not pidfds:
            self._is_over = True
            said = self._forkserver.said()
            raise CannotStart(
                f"the interpreter for learners' code did not start: {said}"
            )
        self._pidfd = pidfds[0]
        with open(f"/proc/self/fdinfo/{self._pidfd}") as file:
            found = re.search(r"^Pid:\s*(\d+)", file.read(), re.MULTILINE)
        self.pid = int(found[1]) if found else 0

    def has_ended(self) -> bool:
        """Say whether it has run and runs no longer, or will never run."""
        return self._is_over or (self._pidfd >= 0 and pidfd.has_ended(self._pidfd))

    def kill(self) -> None:
        """End it, whatever it is doing, and wait until it has ended."""
        if self._pidfd >= 0:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)
            pidfd.has_ended(self._pidfd, milliseconds=5000)
            os.close(self._pidfd)
            self._pidfd = -1
            if self._forkserver.level < Level.L2:  # it could make others
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.killpg(self.pid, signal.SIGKILL)
        self._way.close()  # if it has not started yet, it will not
        self._is_over = True

    def cpu_seconds(self) -> float:
        """Return the processor time it has used, all its threads together."""
        try:  # the kernel's number for "the CPU clock of process pid"
            return time.clock_gettime((~self.pid << 3) | 2)
        except OSError:
            return 0.0


class Alone:
    """A worker started by itself, where there is no fork server."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self._process = process
        self.pid = process.pid

    def wait_for_start(self, seconds: float) -> None:
        """It runs already."""

    def has_ended(self) -> bool:
        """Say whether it has ended."""
        return self._process.poll() is not None

    def kill(self) -> None:
        """End it and what it started, and wait until it has ended."""
        if sys.platform != "win32":
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, signal.SIGKILL)
        self._process.kill()
        self._process.wait()

    def cpu_seconds(self) -> float:
        """Return 0: these systems do not tell, and the clock on the wall decides."""
        return 0.0


def start_alone(level: Level) -> StartedWorker:
    """Start a worker by itself: slower, and on any system."""
    scratch = Scratch()
    command = [
        *python("lrcourse.grading.sandbox.guest.worker"),
        str(int(level)),
        str(scratch.path),
    ]
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=scratch.path,
        env=clean_environment(str(scratch.path)),
        start_new_session=True,
    )
    ends = [_our_end(each) for each in (process.stdin, process.stdout, process.stderr)]
    return StartedWorker(Alone(process), pipes(*ends), scratch)


def _our_end(stream: IO[bytes] | None) -> int:
    """Take the descriptor out of a stream that would buffer it."""
    assert stream is not None  # all three are pipes
    descriptor = os.dup(stream.fileno())
    stream.close()
    return descriptor
