"""Shutting the door, in the one order that works.

`seal` is for the fork server, once; `Jail.confine` for each worker, as its last
act before it serves. Nothing that either does can be undone from inside.
"""

import functools
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lrcourse.grading.sandbox.jail import landlock, limits, namespaces, seccomp, users
from lrcourse.grading.sandbox.jail.levels import Level
from lrcourse.grading.sandbox.jail.view import View


def prepare(level: Level, view: View, hidden: tuple[str, ...] = ()) -> None:
    """Do once, before any fork, what every worker without `hidden` would do alike."""
    import resource  # noqa: F401 (kept loaded; Windows has none)

    if level >= Level.L2:
        _ = _without(view, hidden if level == Level.L2 else ()).grants
    if level >= Level.L3:
        _files(view, hidden)
        seccomp.code(_filter(own_pid=1, has_own_world=True))


def seal(level: Level, view: View) -> None:
    """Give away what the fork server and its workers never need again."""
    if level >= Level.L3:
        namespaces.enter(view)
    else:
        users.become_ordinary(view.places)


@dataclass(frozen=True)
class Jail:
    """What one worker is confined to: `memory` is what it uses already, in bytes.

    Of `view` it does not see the modules `hidden`.
    """

    level: Level
    view: View
    memory: int
    scratch: Path
    hidden: tuple[str, ...] = ()

    @property
    def has_own_world(self) -> bool:
        """Say whether the worker has namespaces, and a parent that made them."""
        return self.level >= Level.L3

    def cover(self) -> None:
        """Lay nothing over what is hidden: in a world of its own, before `confine`."""
        for path in _files(self.view, self.hidden):
            namespaces.cover(path)

    def confine(self) -> None:
        """Confine this process."""
        if self.level == Level.L0:
            return
        if os.getsid(0) != os.getpid():
            os.setsid()  # no terminal, and a process group that can be ended as one
        limits.die_with_parent()
        limits.limit(self.memory, self.has_own_world)
        if self.level < Level.L2:
            return
        if self.has_own_world:
            users.drop_rights()  # those it had inside its own world
            limits.be_dumpable(False)  # elsewhere the grader counts its open files
        limits.never_gain_rights()
        self.narrow(() if self.has_own_world else self.hidden)
        # last: it refuses what the lines above do
        seccomp.install(_filter(os.getpid(), self.has_own_world))

    def narrow(self, forbidden: Sequence[str]) -> None:
        """Open the scratch folder and what `view` holds less `forbidden` modules."""
        if self.level >= Level.L2:
            view = _without(self.view, tuple(forbidden))
            landlock.restrict(view.grants, str(self.scratch))

    def hide(self, forbidden: Sequence[str]) -> None:
        """Hide modules that the worker was not made without."""
        if not set(forbidden) <= set(self.hidden):
            self.narrow(forbidden)


@functools.cache  # a fork server meets few of them, for many workers
def _without(view: View, modules: tuple[str, ...]) -> View:
    return view.without(modules)


@functools.cache
def _files(view: View, modules: tuple[str, ...]) -> tuple[Path, ...]:
    return tuple(view.files_of(modules))


def _filter(own_pid: int, has_own_world: bool) -> seccomp.Program:
    return seccomp.Program(os.uname().machine, own_pid, has_own_root=has_own_world)
