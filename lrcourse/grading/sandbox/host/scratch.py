"""A worker's scratch folder, where it has no world of its own to keep one in."""

import contextlib
import itertools
import os
import secrets
import stat
import tempfile
import weakref
from collections.abc import Iterator
from pathlib import Path

from lrcourse.grading.sandbox.jail.limits import SCRATCH
from lrcourse.grading.sandbox.jail.users import NOBODY, is_root

MOST_ENTRIES = 4096


class Scratch:
    """A folder of its own, watched while the worker runs and removed after it."""

    def __init__(self) -> None:
        self.path = Path(tempfile.mkdtemp(prefix="lrcourse-"))
        if is_root():  # the worker will not be
            os.chown(self.path, NOBODY, NOBODY)
        self.close = weakref.finalize(self, _remove, self.path)  # at exit too

    def is_full(self, pid: int = 0) -> bool:
        """Say whether it holds more than it may, by size or by number of entries.

        Files that the process `pid` has removed and keeps open count too.
        """
        size = seen = 0
        for status in itertools.chain(_below(self.path), _removed(pid)):
            seen += 1
            size += status.st_blocks * 512
            if size > SCRATCH or seen > MOST_ENTRIES:
                return True
        return False


def _below(folder: Path) -> Iterator[os.stat_result]:
    """Yield the status of all entries; of a tree too deep for paths, without end."""
    waiting = [str(folder)]
    while waiting:
        place = waiting.pop()
        try:
            with os.scandir(place) as entries:
                for entry in entries:
                    yield entry.stat(follow_symlinks=False)
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
        except (FileNotFoundError, PermissionError):
            continue  # it went away, or nothing can be put into it
        except OSError:
            yield from itertools.repeat(os.stat(folder))


def _removed(pid: int) -> Iterator[os.stat_result]:
    """Yield the status of open files that have no name any more, where it is told."""
    with contextlib.suppress(OSError):
        for number in os.listdir(f"/proc/{pid}/fd"):
            status = os.stat(f"/proc/{pid}/fd/{number}")
            if stat.S_ISREG(status.st_mode) and status.st_nlink == 0:
                yield status


def _entries(folder: str | Path) -> list["os.DirEntry[str]"]:
    with os.scandir(folder) as entries:
        return list(entries)


def _remove(scratch: Path) -> None:
    """Remove a scratch folder, however deep its folders are; its worker has ended.

    Everything is brought up to the top until there is no folder left there: no
    recursion, no long path, and a link is removed and not followed.
    """
    with contextlib.suppress(FileNotFoundError, PermissionError):  # Windows: in use
        while entries := _entries(scratch):
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    os.chmod(entry.path, 0o700)
                    _bring_up(entry.path, scratch)
                else:
                    os.unlink(entry.path)
        os.rmdir(scratch)


def _bring_up(folder: str, scratch: Path) -> None:
    """Move what is in `folder` to the top, under names nobody has used."""
    for entry in _entries(folder):
        if entry.is_dir(follow_symlinks=False):
            os.chmod(entry.path, 0o700)
        os.rename(entry.path, scratch / secrets.token_hex(16))
    os.rmdir(folder)
