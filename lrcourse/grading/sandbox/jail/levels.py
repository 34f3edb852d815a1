"""How well a learner's code can be confined here: four levels, proven by trying."""

import enum
import functools
import subprocess
import sys
import tempfile

from lrcourse.grading.sandbox.jail.environment import forkserver_environment, python


class Level(enum.IntEnum):
    """What stands between a learner's code and the machine it runs on."""

    L0 = 0
    L1 = 1
    L2 = 2
    L3 = 3

    @property
    def sentence(self) -> str:
        """What this level is, in words for an instructor."""
        return _SENTENCES[self]


_SENTENCES = {
    Level.L0: "a process of its own and a clock: it can do whatever you can do",
    Level.L1: "limits on time, memory and open files: it can read and send your files",
    Level.L2: "no files but its own, no network, no other programs: of your files it "
    "can see only whether one exists",
    Level.L3: "a world of its own, with no files, network, programs or processes of "
    "yours in it",
}


@functools.cache
def best_level() -> Level:
    """Return the best level that works here, tried in a process that is thrown away."""
    if sys.platform == "win32":
        return Level.L0
    if sys.platform != "linux":
        return Level.L1
    with tempfile.TemporaryDirectory(prefix="lrcourse-") as scratch:
        trial = subprocess.run(
            python("lrcourse.grading.sandbox.jail.trial"),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env=forkserver_environment(scratch),
            cwd="/",
            check=True,
        )
    return Level(int(trial.stdout))


def require(level: Level | None) -> Level:
    """Return `level`, or the best one for None.

    Raises:
        ValueError: this machine cannot do what was asked for.
    """
    best = best_level()
    if level is not None and level > best:
        raise ValueError(
            f"{level.name} was asked for ({level.sentence}), and this machine can do "
            f"{best.name} ({best.sentence})"
        )
    return best if level is None else level
