"""Prints the best level that works here; run as a process that is thrown away."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from lrcourse.grading.sandbox.jail import limits, namespaces
from lrcourse.grading.sandbox.jail.confine import Jail, seal
from lrcourse.grading.sandbox.jail.levels import Level
from lrcourse.grading.sandbox.jail.proof import try_what_is_stopped
from lrcourse.grading.sandbox.jail.view import of_this_python


def main() -> None:
    """Try the best level first."""
    levels = (Level.L3, Level.L2, Level.L1)
    print(int(next(filter(try_level, levels), Level.L0)))


def try_level(level: Level) -> bool:
    """Confine a child of this process to `level`; say whether that stops what it must.

    The child tries.
    """
    with tempfile.TemporaryDirectory() as scratch:
        return _succeeds(lambda: _try(level, scratch))


def _try(level: Level, scratch: str) -> bool:
    view = of_this_python()
    memory = limits.bytes_of_addresses()
    seal(level, view)
    if level >= Level.L3:
        namespaces.enter_own_processes()
        scratch = namespaces.SCRATCH_FOLDER

    def confined() -> bool:
        Jail(level, view, memory, Path(scratch)).confine()
        return not try_what_is_stopped(level)

    return _succeeds(confined)


def _succeeds(attempt: Callable[[], bool]) -> bool:
    child = os.fork()
    if child == 0:
        try:
            os._exit(0 if attempt() else 1)
        except BaseException:  # whatever went wrong, this level does not work
            os._exit(2)
    return os.waitpid(child, 0)[1] == 0


if __name__ == "__main__":
    main()
