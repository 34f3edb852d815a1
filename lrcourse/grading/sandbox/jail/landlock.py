"""Which files may be opened: a list that the kernel keeps for this process.

Landlock (since Linux 5.13) needs no rights. What is not granted is refused: reading,
listing, writing, making, removing. It does not hide that a file exists.
"""

import ctypes
import os
from collections.abc import Iterable
from dataclasses import dataclass

from lrcourse.grading.sandbox.jail.syscall import system_call

# rights over files, bit by bit (linux/landlock.h); the comment: since which version
EXECUTE = 1 << 0  # 1
WRITE_FILE = 1 << 1
READ_FILE = 1 << 2
READ_DIR = 1 << 3
REMOVE_DIR = 1 << 4
REMOVE_FILE = 1 << 5
MAKE_CHAR = 1 << 6
MAKE_DIR = 1 << 7
MAKE_REG = 1 << 8
MAKE_SOCK = 1 << 9
MAKE_FIFO = 1 << 10
MAKE_BLOCK = 1 << 11
MAKE_SYM = 1 << 12
REFER = 1 << 13  # 2: move between folders
TRUNCATE = 1 << 14  # 3
IOCTL_DEV = 1 << 15  # 5
RIGHTS_IN_VERSION = {1: 13, 2: 14, 3: 15, 4: 15}  # how many; from version 5 on, 16
READ = READ_FILE | READ_DIR
USE_SCRATCH = (
    READ | WRITE_FILE | REMOVE_DIR | REMOVE_FILE | MAKE_DIR | MAKE_REG | REFER
) | TRUNCATE
NO_NETWORK = 0b11  # 4: TCP, to bind and to connect
NO_OUTSIDERS = 0b11  # 6: signals, and sockets without a file, beyond this process
RULE_PATH_BENEATH = 1
_VERSION_QUESTION = 1
DEVICES = ("/dev/null", "/dev/zero", "/dev/random", "/dev/urandom")


@dataclass(frozen=True)
class Grant:
    """A file or a folder that may be read, with all below it, or only listed."""

    path: str
    is_folder: bool
    is_listed_only: bool = False

    @property
    def rights(self) -> int:
        """The kernel takes rights over folders for folders only."""
        if self.is_folder:
            return READ_DIR if self.is_listed_only else READ
        return READ_FILE


class _Ruleset(ctypes.Structure):
    _fields_ = [
        ("files", ctypes.c_uint64),
        ("network", ctypes.c_uint64),
        ("scoped", ctypes.c_uint64),
    ]


class _Below(ctypes.Structure):
    _pack_ = 1
    _layout_ = "ms"
    _fields_ = [("rights", ctypes.c_uint64), ("parent", ctypes.c_int32)]


def version() -> int:
    """Return the version of Landlock that this kernel has.

    Raises:
        OSError: it has none, or it is switched off.
    """
    return system_call("landlock_create_ruleset", None, 0, _VERSION_QUESTION)


def restrict(read: Iterable[Grant], scratch: str) -> None:
    """Open nothing but `read`, `scratch` and four devices; earlier restrictions stay.

    Raises:
        OSError: the kernel refused.
    """
    known = version()
    rights = (1 << RIGHTS_IN_VERSION.get(known, 16)) - 1
    asked = _Ruleset(rights, NO_NETWORK, NO_OUTSIDERS)
    # an old kernel takes only the fields it knows
    size = 8 if known < 4 else 16 if known < 6 else 24
    rules = system_call("landlock_create_ruleset", asked, size, 0)
    try:
        for grant in read:
            _add(rules, grant.path, grant.rights & rights)
        _add(rules, scratch, USE_SCRATCH & rights)
        for device in DEVICES:
            _add(rules, device, READ_FILE | WRITE_FILE)
        system_call("landlock_restrict_self", rules, 0)
    finally:
        os.close(rules)


def _add(rules: int, path: str, rights: int) -> None:
    try:
        # O_PATH: a descriptor of the place, which reads nothing
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:  # nothing there, nothing to grant
        return
    try:
        below = _Below(rights, place)
        system_call("landlock_add_rule", rules, RULE_PATH_BENEATH, below, 0)
    finally:
        os.close(place)
