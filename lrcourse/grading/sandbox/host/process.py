"""How a worker comes into being and how it is ended, seen from the trusted side."""

import contextlib
import json
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

from lrcourse.grading.sandbox.host.pipes import Pipes, pipes
from lrcourse.grading.sandbox.host.scratch import Box
from lrcourse.grading.sandbox.jail import Level
from lrcourse.grading.sandbox.jail.environment import (
    clean_environment,
    python,
    warm_environment,
)
from lrcourse.grading.sandbox.pidfd import has_ended


class Process(Protocol):
    """A worker's process. Its number is known after `wait_for_start`."""

    pid: int

    def wait_for_start(self, seconds: float) -> None: ...
    def poll(self) -> int | None: ...
    def kill(self) -> None: ...
    def cpu_seconds(self) -> float: ...


@dataclass
class Worker:
    """A process, our ends of its pipes, and its box if that is a folder of ours."""

    process: Process
    pipes: Pipes
    box: Box | None


class CannotStart(RuntimeError):
    """The interpreter for learners' code could not be started, or not be confined."""


class Warm:
    """A warm interpreter of one kind, which forks workers when it is asked."""

    def __init__(self, kind: str, level: Level) -> None:
        self.level = level
        self._errors = tempfile.TemporaryFile()
        scratch = tempfile.TemporaryDirectory(prefix="lrcourse-")
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self.process = subprocess.Popen(
                python("lrcourse.grading.sandbox.guest.forkserver"),
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=self._errors,
                cwd="/",
                env=warm_environment(scratch.name),
                start_new_session=True,  # Ctrl-C is for the grader alone
            )
        self._control.send(json.dumps({"kind": kind, "level": level}).encode())
        # at exit too; its workers are ended by the kernel when it ends
        self.close = weakref.finalize(
            self, _close, self.process, self._control, self._errors, scratch
        )

    def start(self, hidden: Sequence[str] = ()) -> Worker:
        """Ask for a worker that cannot see the modules `hidden`; do not wait for it."""
        box = None if self.level >= Level.L3 else Box()
        requests, replies, prints = os.pipe(), os.pipe(), os.pipe()
        ours, theirs = socket.socketpair()
        given = [requests[0], replies[1], prints[1], theirs.fileno()]
        request = {"box": str(box.path) if box else "", "hidden": list(hidden)}
        with theirs, contextlib.suppress(OSError):  # it ended: that is said later
            socket.send_fds(self._control, [json.dumps(request).encode()], given)
        for descriptor in given[:3]:
            os.close(descriptor)
        ends = pipes(requests[1], replies[0], prints[0])
        return Worker(Forked(ours, self), ends, box)

    def said(self) -> str:
        """Return the end of what it wrote on its standard error."""
        if self._errors.closed:
            return "it was closed"
        return os.pread(self._errors.fileno(), 2**16, 0)[-600:].decode(errors="replace")


def _close(
    process: "subprocess.Popen[bytes]",
    control: socket.socket,
    errors: IO[bytes],
    scratch: "tempfile.TemporaryDirectory[str]",
) -> None:
    process.kill()
    process.wait()
    control.close()
    errors.close()
    scratch.cleanup()


class Forked:
    """A worker forked from a warm interpreter, known by a handle of the kernel's."""

    def __init__(self, way: socket.socket, warm: Warm) -> None:
        self._way = way
        self._warm = warm
        self._handle = -1
        self.pid = 0
        self._ended = False

    def wait_for_start(self, seconds: float) -> None:
        """Wait until it runs. Raise `CannotStart` if it does not."""
        if self.pid or self._ended:
            return
        self._way.settimeout(seconds)
        try:
            _, handles, _, _ = socket.recv_fds(self._way, 1, 1)
        except TimeoutError:
            handles = []
        finally:
            self._way.close()
        if not handles:
            self._ended = True
            raise CannotStart(
                f"the interpreter for learners' code did not start: {self._warm.said()}"
            )
        self._handle = handles[0]
        with open(f"/proc/self/fdinfo/{self._handle}") as file:
            found = re.search(r"^Pid:\s*(\d+)", file.read(), re.MULTILINE)
        self.pid = int(found[1]) if found else 0

    def poll(self) -> int | None:
        """Return None while it runs."""
        if self._handle >= 0:
            self._ended = has_ended(self._handle)
        return -signal.SIGKILL if self._ended else None

    def kill(self) -> None:
        """End it, whatever it is doing, and wait until it has ended."""
        if self._handle >= 0:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._handle, signal.SIGKILL)
            has_ended(self._handle, milliseconds=5000)
            os.close(self._handle)
            self._handle = -1
            if self._warm.level < Level.L2:  # it could make others
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.killpg(self.pid, signal.SIGKILL)
        self._way.close()  # if it has not started yet, it will not
        self._ended = True

    def cpu_seconds(self) -> float:
        """Return the processor time it has used, all its threads together."""
        try:  # the kernel's number for "the CPU clock of process pid"
            return time.clock_gettime((~self.pid << 3) | 2)
        except OSError:
            return 0.0


class Alone:
    """A worker started by itself, where there is no warm interpreter to fork."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self._process = process
        self.pid = process.pid

    def wait_for_start(self, seconds: float) -> None:
        """It runs already."""

    def poll(self) -> int | None:
        """Return None while it runs."""
        return self._process.poll()

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


def start_alone(level: Level) -> Worker:
    """Start a worker by itself: slower, and on any system."""
    box = Box()
    command = [
        *python("lrcourse.grading.sandbox.guest.worker"),
        str(int(level)),
        str(box.path),
    ]
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=box.path,
        env=clean_environment(str(box.path)),
        start_new_session=True,
    )
    ends = [_our_end(each) for each in (process.stdin, process.stdout, process.stderr)]
    return Worker(Alone(process), pipes(*ends), box)


def _our_end(stream: IO[bytes] | None) -> int:
    """Take the descriptor out of a stream that would buffer it."""
    assert stream is not None  # all three are pipes
    descriptor = os.dup(stream.fileno())
    stream.close()
    return descriptor
