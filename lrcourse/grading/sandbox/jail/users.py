"""Becoming an ordinary user: root gives its rights away before learners' code runs."""

import ctypes
import os
from collections.abc import Iterable
from pathlib import Path

from lrcourse.grading.sandbox.jail.limits import be_dumpable
from lrcourse.grading.sandbox.jail.syscall import system_call

NOBODY = 65534
# rights one by one (linux/capability.h)
CAP_DAC_READ_SEARCH = 2  # read any file, enter any folder
PR_SET_KEEPCAPS, PR_CAPBSET_DROP = 8, 24
_VERSION = 0x20080522


class _Header(ctypes.Structure):
    _fields_ = [("version", ctypes.c_uint32), ("pid", ctypes.c_int)]


class _Rights(ctypes.Structure):
    # twice 32 rights: effective, permitted, inheritable
    _fields_ = [("low", ctypes.c_uint32 * 3), ("high", ctypes.c_uint32 * 3)]


def is_root() -> bool:
    """Say whether this process has the rights of root."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def become_ordinary(readable: Iterable[Path] = ()) -> None:
    """Root becomes nobody; somebody else stays who they are.

    If nobody could not reach all of `readable` (a Python below root's home), the one
    right to read files stays. Where files must be refused, Landlock does it.
    """
    if not is_root():
        return
    keep = not all(map(_is_open_to_all, readable))
    # 1: rights outlive the change of user, until they are dropped below
    system_call("prctl", PR_SET_KEEPCAPS, int(keep), 0, 0, 0)
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)
    drop_rights(1 << CAP_DAC_READ_SEARCH if keep else 0)
    be_dumpable(True)  # the change took away the right to write one's own uid_map


def drop_rights(keep: int = 0) -> None:
    """Give up every right of root except those in the mask `keep`."""
    rights = _Rights((ctypes.c_uint32 * 3)(keep, keep, 0))
    system_call("capset", _Header(_VERSION, 0), rights)


def _is_open_to_all(path: Path) -> bool:
    """Say whether anybody may enter all folders above `path` and read it."""
    if not path.exists():
        return True
    above = all(folder.stat().st_mode & 0o001 for folder in path.parents)
    return above and bool(path.stat().st_mode & 0o004)
