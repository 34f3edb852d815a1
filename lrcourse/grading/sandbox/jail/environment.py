"""How an interpreter for learners is started: nothing of the parent's comes along."""

import os
import sys

# one thread each: no pool to wait for or lost in a fork, the same digits everywhere
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
_KEEP = ("SYSTEMROOT", "LANG", "LC_ALL")  # Windows starts nothing without the first


def python(module: str) -> list[str]:
    """Return the command that runs `module` in a Python that sees no learner's files.

    Not -I: that ignores PYTHONHASHSEED too. The environment holds no other PYTHON word.
    """
    return [sys.executable, "-s", "-P", "-B", "-m", module]


def clean_environment(scratch: str) -> dict[str, str]:
    """Return the whole environment of an interpreter that scribbles in `scratch`."""
    kept = {name: os.environ[name] for name in _KEEP if name in os.environ}
    places = dict.fromkeys(("HOME", "TMPDIR", "TEMP", "TMP", "MPLCONFIGDIR"), scratch)
    settings = {
        "PATH": os.defpath,
        "MPLBACKEND": "Agg",
        "PYTHONHASHSEED": "0",  # sets in the same order in every run
        "MALLOC_ARENA_MAX": "2",  # a thread costs its stack, not 64 MiB more
    }
    return kept | places | dict.fromkeys(_THREADS, "1") | settings


def forkserver_environment(scratch: str) -> dict[str, str]:
    """Return the environment of what runs before a learner's code does.

    It knows the user's cache: finding all fonts anew would take seconds.
    """
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    environment = clean_environment(scratch) | {"XDG_CACHE_HOME": cache}
    del environment["MPLCONFIGDIR"]
    return environment
