"""What one process may use: time, memory, files, threads; and whom it dies with.

Works on every system that has such limits; what only Linux has is left out elsewhere.
"""

import os
import sys

from lrcourse.grading.sandbox.jail.syscall import system_call

MIB = 2**20
CPU_SECONDS = 120  # for a worker that its parent lost: the parent's clock is stricter
MEMORY = 1024 * MIB  # above what the fork server uses
SCRATCH = 64 * MIB
OPEN_FILES = 128
THREADS = 256  # of this user, in a world that a few workers share; else on top
# prctl's questions (linux/prctl.h)
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_NO_NEW_PRIVS = 1, 4, 38
SIGKILL = 9


def limit(memory: int, has_own_users: bool) -> None:
    """Set this process' limits. `memory`: bytes of addresses it uses already.

    Threads are counted for the whole user, unless this process `has_own_users`.
    """
    import resource  # here: Windows has none

    limits = {
        "RLIMIT_CPU": CPU_SECONDS,
        "RLIMIT_FSIZE": SCRATCH,
        "RLIMIT_NOFILE": OPEN_FILES,
        "RLIMIT_CORE": 0,  # no picture of its memory on the disk
        "RLIMIT_MEMLOCK": 0,
        "RLIMIT_MSGQUEUE": 0,
        "RLIMIT_NPROC": THREADS + (0 if has_own_users else _threads_of_this_user()),
    }
    if memory:  # it is not told everywhere
        limits["RLIMIT_AS"] = memory + MEMORY
    for name, value in limits.items():
        number = getattr(resource, name, None)
        if number is not None:
            _lower(number, value)


def _lower(number: int, value: int) -> None:
    import resource

    _, most = resource.getrlimit(number)
    if most != resource.RLIM_INFINITY:
        value = min(value, most)
    resource.setrlimit(number, (value, value))


def _threads_of_this_user() -> int:
    """Count them, in /proc: every process has a folder with one folder per thread."""
    if not os.path.isdir("/proc"):
        return 10_000  # cannot be counted: no limit that an honest thread would meet
    count = 0
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            folder = os.stat(f"/proc/{name}/task")
        except OSError:  # it ended meanwhile
            continue
        # `.` and its name in the parent are links too
        count += folder.st_nlink - 2 if folder.st_uid == os.getuid() else 0
    return count


def bytes_of_addresses() -> int:
    """Return how much address space this process uses now; 0 where it is not told."""
    try:
        with open("/proc/self/statm") as file:
            pages = int(file.read().split()[0])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def die_with_parent() -> None:
    """Ask the kernel for SIGKILL when the thread that made this process ends.

    A change of user takes it back, so it comes after.
    """
    if sys.platform == "linux":
        system_call("prctl", PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0)


def never_gain_rights() -> None:
    """Let no program give this process rights; filters and file rules require it."""
    system_call("prctl", PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)


def be_dumpable(yes: bool) -> None:
    """Say whether others of this user may look into this process (/proc, ptrace)."""
    system_call("prctl", PR_SET_DUMPABLE, int(yes), 0, 0, 0)
