"""A worker process as its parent sees it: started early, asked under a clock, killed.

The clock counts the worker's own CPU seconds where the system tells them (Linux), so
that a busy machine fails nobody; four times as many seconds of wall time end a sleep.
"""

import os
import queue
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from typing import Any

from lrcourse.grading.wire import WireError, read_frame, write_frame

CALL_SECONDS = 5.0
CELL_SECONDS = 10.0
START_SECONDS = 60.0
WALL_FACTOR = 4.0
_TICK = 0.05
# one thread each: no pool to wait for, the same digits on every machine
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
_KEEP = ("PATH", "SYSTEMROOT", "TMPDIR", "TEMP", "TMP", "LANG", "LC_ALL")


class Stopped(Exception):
    """The worker is gone; `cell` names the cell that ran, if it was one."""

    def __init__(self, cell: str = "") -> None:
        super().__init__(cell)
        self.cell = cell


class OutOfTime(Stopped):
    """The worker computed for longer than it may, and was killed."""


class Died(Stopped):
    """The worker ended by itself: a crash, an exit, a closed pipe."""


class Interpreter:
    """One fresh Python that has imported numpy and nothing of the course's answers."""

    def __init__(self) -> None:
        self.folder = tempfile.TemporaryDirectory(prefix="lrcourse-")
        self.process = subprocess.Popen(
            [sys.executable, "-I", "-m", "lrcourse.grading.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=self.folder.name,
            env=_environment(self.folder.name),
        )
        self._frames: queue.SimpleQueue[Any] = queue.SimpleQueue()
        threading.Thread(target=self._listen, daemon=True).start()
        self._is_ready = False

    def ask(
        self, request: dict[str, Any], oracle: Callable[[Any], Any] | None = None
    ) -> Any:
        """Send `request` and return its reply, answering oracles and progress between.

        Raises:
            OutOfTime: it ran for longer than `CALL_SECONDS`, or a cell `CELL_SECONDS`.
            Died: it ended by itself.
        """
        if not self._is_ready:
            self._wait(START_SECONDS)
            self._is_ready = True
        self._send(request)
        seconds, running = CALL_SECONDS, ""
        while True:
            try:
                reply = self._wait(seconds)
            except Stopped as stop:
                raise type(stop)(running) from stop
            if "running" in reply:
                seconds, running = CELL_SECONDS, reply["running"]
            elif "oracle" in reply and oracle is not None:
                self._send(oracle(reply))
            else:
                return reply

    def kill(self) -> None:
        """End the process, whatever it is doing, and remove its folder."""
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                stream.close()
        self.folder.cleanup()

    def _send(self, message: dict[str, Any]) -> None:
        assert self.process.stdin is not None
        try:
            write_frame(self.process.stdin, message)
        except OSError as error:
            raise Died from error

    def _wait(self, seconds: float) -> Any:
        wall, cpu = time.monotonic(), self._cpu_seconds()
        while True:
            try:
                frame = self._frames.get(timeout=_TICK)
            except queue.Empty:
                late = time.monotonic() - wall > WALL_FACTOR * seconds
                if late or self._cpu_seconds() - cpu > seconds:
                    self.kill()
                    raise OutOfTime from None
                continue
            if frame is None:
                self.kill()
                raise Died
            return frame

    def _cpu_seconds(self) -> float:
        if sys.platform != "linux":
            return 0.0
        try:  # the kernel's number for "the CPU clock of process pid"
            return time.clock_gettime((~self.process.pid << 3) | 2)
        except OSError:
            return 0.0

    def _listen(self) -> None:
        assert self.process.stdout is not None
        try:
            while True:
                self._frames.put(read_frame(self.process.stdout))
        except (EOFError, OSError, ValueError, WireError):
            self._frames.put(None)


class Pool:
    """Keeps interpreters warm, so that an answer never waits for a start."""

    def __init__(self, spares: int = 1) -> None:
        self._spares = [Interpreter() for _ in range(spares)]

    def take(self) -> Interpreter:
        """Hand over the warmest interpreter and start another."""
        self._spares.append(Interpreter())
        return self._spares.pop(0)

    def close(self) -> None:
        """End the spare ones."""
        while self._spares:
            self._spares.pop().kill()


def _environment(folder: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in _KEEP if name in os.environ}
    threads = dict.fromkeys(_THREADS, "1")
    return kept | threads | {"HOME": folder, "MPLBACKEND": "Agg", "PYTHONHASHSEED": "0"}
