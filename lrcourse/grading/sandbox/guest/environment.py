"""What a learner's code finds around it: pipes, prints, luck, the open course."""

import contextlib
import importlib.util
import os
import random
import sys
import types
from typing import IO, TextIO

import numpy as np

from lrcourse.grading.notebook import MODULE
from lrcourse.grading.sandbox.jail.view import COURSE


def move_pipes_away() -> tuple[IO[bytes], IO[bytes]]:
    """Move the two pipes away from the numbers that a learner's print writes to.

    Returns where they are then: requests, replies.
    """
    requests, replies = os.dup(0), os.dup(1)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)  # input() finds nobody there
    os.dup2(2, 1)
    sys.stdin = open(0, closefd=False)
    sys.stdout = _printing_to(1)
    sys.stderr = _printing_to(2)
    return os.fdopen(requests, "rb"), os.fdopen(replies, "wb")


def _printing_to(number: int) -> TextIO:
    # in blocks: a million lines cost little, and `flush` follows every request
    return open(number, "w", encoding="utf-8", errors="backslashreplace", closefd=False)


def seed() -> None:
    """Begin every submission with the same luck, so that verdicts do not depend on it.

    NumPy's own generators, made without a seed, stay random.
    """
    random.seed(0)
    np.random.seed(0)  # noqa: NPY002 (what notebooks use)
    if "torch" in sys.modules:
        sys.modules["torch"].manual_seed(0)


def flush() -> None:
    """Send what was printed so far on its way."""
    with contextlib.suppress(BaseException):  # the learner may have replaced them
        sys.stdout.flush()
        sys.stderr.flush()


def hide_the_course() -> None:
    """Take the course's modules away; leave its open rooms to be imported anew.

    A notebook's own import of `check` or `ask` works, with nothing behind it.
    """
    for name in [name for name in sys.modules if name.split(".")[0] == "lrcourse"]:
        del sys.modules[name]
    spec = importlib.util.spec_from_file_location(
        "lrcourse", COURSE / "__init__.py", submodule_search_locations=[str(COURSE)]
    )
    assert spec is not None
    course = importlib.util.module_from_spec(spec)
    grading = types.ModuleType("lrcourse.grading")
    grading.check = lambda *names: None  # type: ignore[attr-defined]
    grading.ask = lambda *names: None  # type: ignore[attr-defined]
    course.grading = grading  # type: ignore[attr-defined]
    for module in (course, grading, types.ModuleType(MODULE)):
        sys.modules[module.__name__] = module
