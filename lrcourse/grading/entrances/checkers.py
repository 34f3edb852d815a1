"""As many checking processes as there are processors, lent to whoever grades.

A process answers one question at a time. So each thread borrows one for a submission,
and waits while all are lent; after a fork the child starts its own.
"""

import atexit
import contextlib
import os
import threading
from collections.abc import Iterator
from pathlib import Path

from lrcourse.grading.entrances.client import Checker


class Checkers:
    """The checking processes for one folder of checks and one secret.

    They are started when they are asked for, `most` of them.
    """

    def __init__(self, checks: Path, secret: bytes, most: int) -> None:
        self._checks = checks
        self._secret = secret
        self._unlent = threading.BoundedSemaphore(most)
        self._idle: list[Checker] = []

    @contextlib.contextmanager
    def lent(self) -> Iterator[Checker]:
        """Lend a process, the one that was given back last if there is one."""
        with self._unlent:
            checker = self._take()
            try:
                yield checker
            finally:
                self._idle.append(checker)

    def _take(self) -> Checker:
        with contextlib.suppress(IndexError):  # no look before: another thread may take
            return self._idle.pop()
        return Checker(self._checks.parent, self._secret, checks=self._checks)

    def close(self) -> None:
        """End those that are not lent."""
        with contextlib.suppress(IndexError):
            while True:
                self._idle.pop().close()


# by the process too: what was lent when a process forked is lent for ever in its child
_STARTED: dict[tuple[int, Path, bytes], Checkers] = {}


def checkers_for(checks: Path, secret: bytes) -> Checkers:
    """Return this process' checking processes for `checks`; they end with it."""
    key = os.getpid(), checks, secret
    return _STARTED.setdefault(key, Checkers(checks, secret, os.cpu_count() or 1))


def close_all() -> None:
    """End this process' checking processes; the next submission starts them again."""
    for (process, _, _), checkers in [*_STARTED.items()]:
        if process == os.getpid():
            checkers.close()


atexit.register(close_all)
