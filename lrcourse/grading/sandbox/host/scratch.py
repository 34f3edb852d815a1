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

from lrcourse.grading.sandbox.jail.limits import BOX
from lrcourse.grading.sandbox.jail.users import NOBODY, is_root

MOST_ENTRIES = 4096


class Box:
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
            if size > BOX or seen > MOST_ENTRIES:
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


def _remove(box: Path) -> None:
    """Remove a box, however deep its folders are; its worker has ended.

    Everything is brought up to the top until there is no folder left there: no
    recursion, no long path, and a link is removed and not followed.
    """
    with contextlib.suppress(FileNotFoundError, PermissionError):  # Windows: in use
        while folders := _folders_after_removing_files(box):
            for folder in folders:
                os.chmod(folder, 0o700)
                _bring_up(folder, box)
        os.rmdir(box)


def _folders_after_removing_files(box: Path) -> list[str]:
    folders = []
    for entry in _entries(box):
        if entry.is_dir(follow_symlinks=False):
            folders.append(entry.path)
        else:
            os.unlink(entry.path)
    return folders


def _bring_up(folder: str, box: Path) -> None:
    """Move what is in `folder` into the box itself, under names nobody has used."""
    for entry in _entries(folder):
        if entry.is_dir(follow_symlinks=False):
            os.chmod(entry.path, 0o700)
        os.rename(entry.path, box / secrets.token_hex(16))
    os.rmdir(folder)
