"""A world of its own: processes, network, users and mounts that nobody else shares.

An ordinary user may make one where the system allows user namespaces; root needs none
to build the new root, but becomes an ordinary user before anything of a learner's runs.
"""

import ctypes
import os
from dataclasses import dataclass
from pathlib import Path

from lrcourse.grading.sandbox.jail.landlock import DEVICES
from lrcourse.grading.sandbox.jail.limits import SCRATCH
from lrcourse.grading.sandbox.jail.syscall import system_call
from lrcourse.grading.sandbox.jail.users import become_ordinary, is_root
from lrcourse.grading.sandbox.jail.view import View

# namespaces (linux/sched.h)
MOUNTS, HOSTNAME, IPC = 0x00020000, 0x04000000, 0x08000000
USERS, PROCESSES, NETWORK = 0x10000000, 0x20000000, 0x40000000
# mounting (linux/mount.h)
READ_ONLY, NO_SETUID, NO_DEVICES, NO_PROGRAMS = 1, 2, 4, 8
BIND, WITH_ALL_BELOW, PRIVATE = 4096, 16384, 1 << 18
DETACH = 2
_HERE, _RECURSIVE = -100, 0x8000  # AT_FDCWD, AT_RECURSIVE

SITE = "/tmp"  # the new root is built over it, in our own mounts only
SCRATCH_FOLDER = "/lrcourse-scratch"  # clusters keep Pythons in /scratch


@dataclass
class _Source:
    """Something to show in the new root: held open, because SITE is about to vanish."""

    path: Path
    descriptor: int

    @classmethod
    def of(cls, path: Path) -> "_Source":
        return cls(path, os.open(path, os.O_PATH | os.O_CLOEXEC))

    def show(self, flags: int) -> None:
        """Bind it below SITE, at its own path, with these mount flags."""
        place = Path(SITE + str(self.path))
        if place.exists() and os.path.samestat(place.stat(), os.fstat(self.descriptor)):
            return  # it lies in a folder that is shown already
        origin = f"/proc/self/fd/{self.descriptor}"
        if not place.exists():
            _make_place(place, is_folder=os.path.isdir(origin))
        target = bytes(place)
        kind = BIND | WITH_ALL_BELOW
        system_call("mount", origin.encode(), target, None, kind, None)
        _protect(target, READ_ONLY | flags)


def _make_place(place: Path, is_folder: bool) -> None:
    """Make what something can be mounted on."""
    place.parent.mkdir(parents=True, exist_ok=True)
    if is_folder:
        place.mkdir()
    else:
        place.touch()


def enter(view: View) -> None:
    """Leave this process' world for one that holds `view` and nothing else.

    It can then make workers with `enter_own_processes`. One thread only.

    Raises:
        OSError: the system allows no user namespaces, or no mounts in them.
    """
    if is_root():
        system_call("unshare", MOUNTS)
        _keep_mounts_to_oneself()
        _build(view)  # with real rights: Python may lie below root's home
        become_ordinary()
        _enter_users()
    else:
        _enter_users()
        _build(view)
    _move_in()


def enter_own_processes() -> None:
    """Make the next child process 1 of its own world, with an empty scratch folder.

    Raises:
        OSError: the kernel refused.
    """
    system_call("unshare", PROCESSES | MOUNTS)
    size = f"size={SCRATCH},nr_inodes=4096,mode=0700".encode()
    flags = NO_SETUID | NO_DEVICES | NO_PROGRAMS
    system_call("mount", b"scratch", SCRATCH_FOLDER.encode(), b"tmpfs", flags, size)


def _enter_users() -> None:
    """Become the only user of a new world; outside, still who we are."""
    uid, gid = os.geteuid(), os.getegid()
    system_call("unshare", USERS | MOUNTS | NETWORK | IPC | HOSTNAME)
    for name, text in (
        ("setgroups", "deny"),  # the kernel wants it so before a group is mapped
        ("uid_map", f"{uid} {uid} 1"),
        ("gid_map", f"{gid} {gid} 1"),
    ):
        with open(f"/proc/self/{name}", "w") as file:
            file.write(text)
    _keep_mounts_to_oneself()


def _keep_mounts_to_oneself() -> None:
    system_call("mount", b"none", b"/", None, WITH_ALL_BELOW | PRIVATE, None)


def _build(view: View) -> None:
    """Build the new root on SITE: read-only twins of what may be read."""
    sources = [_Source.of(path) for path in _outermost_first(view.places)]
    devices = [_Source.of(Path(path)) for path in DEVICES]
    size = b"size=1m,mode=0755"
    system_call("mount", b"root", SITE.encode(), b"tmpfs", NO_SETUID, size)
    for source in sources:
        source.show(NO_SETUID | NO_DEVICES)
        for hole in view.holes:
            if _covered_by(source.path, hole, sources):
                cover(Path(SITE + str(hole)))
    for device in devices:
        device.show(NO_SETUID | NO_PROGRAMS)
    os.mkdir(SITE + SCRATCH_FOLDER)
    if not os.path.exists(f"{SITE}/tmp"):  # for scratch files of those who name it
        os.symlink(SCRATCH_FOLDER, f"{SITE}/tmp")
    _protect(SITE.encode(), READ_ONLY | NO_SETUID)
    for source in (*sources, *devices):
        os.close(source.descriptor)


def _outermost_first(folders: tuple[Path, ...]) -> list[Path]:
    """Return what must be mounted, a folder before what lies in it."""
    return sorted(folders, key=lambda path: len(path.parts))


def _covered_by(folder: Path, hole: Path, sources: list[_Source]) -> bool:
    """Say whether `hole` shows through `folder`, and through none mounted later."""
    around = [each.path for each in sources if each.path in hole.parents]
    return bool(around) and around[-1] == folder and Path(SITE + str(hole)).exists()


def cover(place: Path) -> None:
    """Lay an empty folder, or an empty file, over something."""
    if place.is_dir():
        flags = NO_SETUID | NO_DEVICES
        system_call(
            "mount", b"hole", bytes(place), b"tmpfs", flags, b"size=4k,mode=0755"
        )
    else:
        system_call("mount", b"/dev/null", bytes(place), None, BIND, None)


class _Attributes(ctypes.Structure):
    # the flags are those of `mount`: the first four agree
    _fields_ = [
        (name, ctypes.c_uint64) for name in ("set", "clear", "propagation", "users")
    ]


def _protect(target: bytes, flags: int) -> None:
    """Set flags of a mount and of all below it (since Linux 5.12)."""
    attributes = _Attributes(flags, 0, 0, 0)
    size = ctypes.sizeof(attributes)
    system_call("mount_setattr", _HERE, target, _RECURSIVE, attributes, size)


def _move_in() -> None:
    """Make SITE the root; the old one is gone for good."""
    # a mount of our own: those that came along are locked in their place
    site = SITE.encode()
    system_call("mount", site, site, None, BIND | WITH_ALL_BELOW, None)
    os.chdir(SITE)
    system_call("pivot_root", b".", b".")  # the old root now lies on top of the new
    system_call("umount2", b".", DETACH)
    os.chdir("/")
