"""The clock that a worker runs under.

It counts the worker's own CPU seconds where the system tells them (Linux), so that a
busy machine fails nobody; four times as many seconds on the wall end a sleep.
"""

import time

from lrcourse.grading.sandbox.host.process import Process

WALL_FACTOR = 4.0
_LOOK_TICK = 0.25


class Clock:
    """Counts one call's seconds: the worker's own, and four times those on the wall."""

    def __init__(self, process: Process, seconds: float, end: float) -> None:
        self._process = process
        self._cpu_end = process.cpu_seconds() + seconds
        self._looked = time.monotonic()
        self._end = min(self._looked + WALL_FACTOR * seconds, end)

    def is_late(self) -> bool:
        """Say whether the time is up: the call's, or the submission's."""
        over = self._process.cpu_seconds() > self._cpu_end
        return over or time.monotonic() > self._end

    def is_time_to_look(self) -> bool:
        """Say, a few times a second, that the scratch folder should be looked at."""
        return time.monotonic() - self._looked > _LOOK_TICK

    def note_a_look(self) -> None:
        """Begin to wait for the next one."""
        self._looked = time.monotonic()
