"""What a worker tries before it serves: all of it must be refused."""

import contextlib
import os
import socket
from collections.abc import Callable

from lrcourse.grading.sandbox.jail.levels import Level
from lrcourse.grading.sandbox.jail.limits import OPEN_FILES


def try_what_is_stopped(level: Level) -> list[str]:
    """Try all that `level` stops; return what this process could do: best, nothing."""
    attempts = [attempt for least, attempt in _ATTEMPTS if level >= least]
    return [attempt.__name__.strip("_") for attempt in attempts if _try(attempt)]


def _try(attempt: Callable[[], object]) -> bool:
    with contextlib.suppress(OSError):
        attempt()
        return True
    return False


def _open_too_many_files() -> None:
    os.close(os.dup2(0, OPEN_FILES))


def _open_a_socket() -> None:
    socket.socket().close()


def _start_a_process() -> None:
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)


def _list_the_root_folder() -> None:
    os.listdir("/")


def _see_other_processes() -> None:
    os.stat("/proc/self")


def _have_a_parent() -> None:
    if os.getpid() == 1:
        raise ProcessLookupError


_ATTEMPTS: list[tuple[Level, Callable[[], object]]] = [
    (Level.L1, _open_too_many_files),
    (Level.L2, _open_a_socket),
    (Level.L2, _start_a_process),
    (Level.L2, _list_the_root_folder),
    (Level.L3, _see_other_processes),
    (Level.L3, _have_a_parent),
]
