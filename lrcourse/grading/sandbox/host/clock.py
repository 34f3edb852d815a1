"""The clock that a worker runs under.

It counts the worker's own CPU seconds where the system tells them (Linux), so that a
busy machine fails nobody; four times as many seconds on the wall end a sleep.
"""

import time
from typing import Literal

from lrcourse.grading.sandbox.host.process import Process

WALL_FACTOR = 4.0
_LOOK_TICK = 0.25

# which seconds are used up: the worker's own, those on the wall, the submission's
Limit = Literal["processor", "wall", "submission"]


class Clock:
    """Counts one call's seconds: the worker's own, and four times those on the wall."""

    def __init__(self, process: Process, seconds: float, end: float) -> None:
        self._process = process
        self._cpu_end = process.cpu_seconds() + seconds
        self._looked = time.monotonic()
        self._wall_end = self._looked + WALL_FACTOR * seconds
        self._end = end

    def reached(self) -> Limit | None:
        """Return which time is up, if one is: the call's, or the submission's."""
        if self._process.cpu_seconds() > self._cpu_end:
            return "processor"
        now = time.monotonic()
        if now > self._end:
            return "submission"
        return "wall" if now > self._wall_end else None

    def is_time_to_look(self) -> bool:
        """Say, a few times a second, that the scratch folder should be looked at."""
        return time.monotonic() - self._looked > _LOOK_TICK

    def note_a_look(self) -> None:
        """Begin to wait for the next one."""
        self._looked = time.monotonic()
