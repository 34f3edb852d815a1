"""What a learner's code may read: Python, its packages, the course's open rooms.

Never all of `sys.path`: an installation for development puts the whole course there,
solutions and tests included.
"""

import functools
import importlib.machinery
import os
import site
import sys
import sysconfig
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from lrcourse._course import CARRIED
from lrcourse.grading.sandbox.jail.landlock import Grant

COURSE = Path(__file__).parents[3]  # the package, wherever it was installed
CLOSED_ROOMS = (
    "lrcourse.grading",
    "lrcourse.authoring",
    "lrcourse.learner",
    "lrcourse.cli",
)
_LIBRARIES = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib")
_OTHERS = (
    "/usr/share/zoneinfo",
    "/usr/share/fonts",
    "/etc/ld.so.cache",  # where the C library finds the others
    "/etc/localtime",
    "/sys/devices/system/cpu",  # how many processors there are
)


@dataclass(frozen=True)
class View:
    """Folders and files to read, less the `holes` in them."""

    places: tuple[Path, ...]
    holes: tuple[Path, ...]

    def without(self, modules: Iterable[str]) -> "View":
        """Return the view less the files of `modules` and all below them."""
        return View(self.places, (*self.holes, *self.files_of(modules)))

    def files_of(self, modules: Iterable[str]) -> list[Path]:
        """Return the files and folders that hold `modules`, none inside another."""
        found = dict.fromkeys(path for name in modules for path in _files_of(name))
        return [path for path in found if found.keys().isdisjoint(path.parents)]

    @functools.cached_property
    def grants(self) -> tuple[Grant, ...]:
        """What may be read. A folder with a hole goes entry by entry."""
        holes = {str(path) for path in self.holes}
        around = {str(path) for hole in self.holes for path in hole.parents}
        waiting = [Grant(str(path), path.is_dir()) for path in self.places]
        found = []
        while waiting:
            grant = waiting.pop()
            if grant.path in around:
                found.append(Grant(grant.path, is_folder=True, is_listed_only=True))
                waiting += _entries(grant.path)
            elif grant.path not in holes:
                found.append(grant)
        return tuple(found)


def of_this_python() -> View:
    """Return what is readable before an exercise says what it forbids."""
    packages = _package_folders()
    standard = [Path(sysconfig.get_path("stdlib"))]
    standard += [Path(path) for path in sys.path if path.endswith("lib-dynload")]
    libraries = [*map(Path, _LIBRARIES), Path(sys.base_prefix, "lib")]
    asked = (*standard, *packages, COURSE, *libraries, *map(Path, _OTHERS))
    # the course where another of this machine's Pythons has it, and its closed rooms
    others = [*packages, *standard[0].glob("*-packages")]
    for folder in libraries:
        others += folder.glob("python*/*-packages")
    closed = {path / "lrcourse" for path in others} - {COURSE}
    closed |= {path for room in CLOSED_ROOMS for path in _files_of(room)}
    closed.add(CARRIED)
    closed.add(COURSE / "__pycache__")  # compiled twins of all rooms, closed ones too
    return View(_as_they_are(asked), _as_they_are(sorted(closed)))


def refuse_secrets(view: View, secrets: Sequence[Path]) -> None:
    """Make sure that no secret lies where a learner may read.

    Raises:
        ValueError: one does; the message names it and the place.
    """
    for secret in secrets:
        for path in _both(secret.absolute()):
            place = _innermost(view.places, path)
            hole = _innermost(view.holes, path)
            if place and (hole is None or len(hole.parts) < len(place.parts)):
                raise ValueError(
                    f"{secret} must stay secret, and a learner's code may read "
                    f"{place}: move it out of there"
                )
            for place in view.places:
                if path in place.parents:
                    raise ValueError(
                        f"{secret} must stay secret, and it holds {place}, which a "
                        "learner's code must read: name the secret files themselves"
                    )


def _innermost(folders: Iterable[Path], path: Path) -> Path | None:
    """Return the longest of `folders` that holds `path` or is it."""
    around = [each for each in folders if each == path or each in path.parents]
    return max(around, key=lambda each: len(each.parts), default=None)


def _as_they_are(paths: Iterable[Path]) -> tuple[Path, ...]:
    """Return those that exist, as they are called and as they really are."""
    return tuple(dict.fromkeys(each for path in paths for each in _both(path)))


def _both(path: Path) -> tuple[Path, ...]:
    return (path, path.resolve()) if path.exists() else ()


def _package_folders() -> list[Path]:
    return [Path(path) for path in site.getsitepackages() if Path(path).is_dir()]


def _entries(folder: str) -> Iterator[Grant]:
    with os.scandir(folder) as entries:
        for entry in entries:
            # a link may lead anywhere: it is granted where it stands, if at all
            if not (entry.is_symlink() and entry.is_dir()):
                yield Grant(entry.path, entry.is_dir())


def _files_of(module: str) -> Iterator[Path]:
    """Yield the files of a module, ours or installed, its compiled twins included."""
    *parents, name = module.split(".")
    names = [name, *(name + ending for ending in importlib.machinery.all_suffixes())]
    for root in (COURSE.parent, *_package_folders()):
        folder = root.joinpath(*parents)
        found = [folder / each for each in names]
        # not what another process is just writing, which is about to be renamed
        found += folder.glob(f"__pycache__/{name}.*pyc")
        yield from (path for path in found if path.exists())
