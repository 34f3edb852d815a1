"""The clock that a worker runs under.

It counts the worker's own CPU seconds where the system tells them (Linux), so that a
busy machine fails nobody; four times as many seconds on the wall end a sleep.
"""

import time

from lrcourse.grading.sandbox.host.process import Process

WALL_FACTOR = 4.0
_BOX_TICK = 0.25


class Clock:
    """Counts one call's seconds: the worker's own, and four times those on the wall."""

    def __init__(self, process: Process, seconds: float, end: float) -> None:
        self._process = process
        self._cpu_end = process.cpu_seconds() + seconds
        self._now = time.monotonic()
        self._end = min(self._now + WALL_FACTOR * seconds, end)

    def is_late(self) -> bool:
        """Say whether the time is up: the call's, or the submission's."""
        over = self._process.cpu_seconds() > self._cpu_end
        return over or time.monotonic() > self._end

    def is_time_to_look(self) -> bool:
        """Say, a few times a second, that the box should be looked at."""
        due = time.monotonic() - self._now > _BOX_TICK
        self._now = time.monotonic() if due else self._now
        return due
