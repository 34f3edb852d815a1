"""Interpreters kept ready, so that an answer never waits for a start."""

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from lrcourse.grading.sandbox.host.interpreter import SUBMISSION_SECONDS, Interpreter
from lrcourse.grading.sandbox.host.process import (
    ForkServer,
    StartedWorker,
    start_alone,
)
from lrcourse.grading.sandbox.jail import Level
from lrcourse.grading.sandbox.jail.levels import require
from lrcourse.grading.sandbox.jail.view import of_this_python, refuse_secrets
from lrcourse.grading.sandbox.preload import preload_for


class Pool:
    """Keeps interpreters ready, so that an answer never waits for a start.

    `level` is how well they are confined, and the best that works here unless given.
    None of `secrets`, files or folders, may lie where a learner's code can read.

    Raises:
        ValueError: this machine cannot do `level`, or a secret is not safe.
    """

    def __init__(
        self,
        spares: int = 1,
        level: Level | None = None,
        secrets: Sequence[Path] = (),
    ) -> None:
        refuse_secrets(of_this_python(), secrets)
        self.level = require(level)
        self._count = spares
        self._forkservers: dict[str, ForkServer] = {}
        self._spares: list[Interpreter] = []
        self._ready_for: tuple[str, tuple[str, ...]] = ("numpy", ())
        self._fill(spares)

    def take(
        self, imports: Iterable[str] = (), forbidden: Sequence[str] = ()
    ) -> Interpreter:
        """Hand over an interpreter for cells that import these, and start another.

        Its code cannot see the modules `forbidden`.
        """
        wanted = preload_for(imports), tuple(forbidden)
        if wanted != self._ready_for:
            self._end_spares()
            self._ready_for = wanted
        self._fill(self._count + 1)
        interpreter = self._spares.pop(0)
        interpreter.seconds_left = SUBMISSION_SECONDS
        return interpreter

    def close(self) -> None:
        """End the fork servers, and with them all that was taken from them."""
        self._end_spares()
        while self._forkservers:
            self._forkservers.popitem()[1].close()

    def _end_spares(self) -> None:
        while self._spares:
            self._spares.pop().kill()

    def _fill(self, count: int) -> None:
        alive = [each for each in self._spares if not each.process.has_ended()]
        missing = count - len(alive)
        new = [Interpreter(self._start(), self.level) for _ in range(missing)]
        self._spares = alive + new

    def _start(self) -> StartedWorker:
        preload, hidden = self._ready_for
        if sys.platform != "linux":
            return start_alone(self.level)
        forkserver = self._forkservers.get(preload)
        if forkserver is not None and forkserver.process.poll() is not None:
            forkserver.close()
            forkserver = None
        if forkserver is None:
            forkserver = self._forkservers[preload] = ForkServer(preload, self.level)
        return forkserver.start(hidden)
