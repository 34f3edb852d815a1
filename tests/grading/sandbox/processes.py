"""Processes that must end, watched by their pidfds."""

import os
import select
from pathlib import Path


def wait_for_end(pidfd):
    waiting = select.poll()
    waiting.register(pidfd, select.POLLIN)
    assert waiting.poll(10_000), "a process outlived its grader"
    os.close(pidfd)


def gone_within_a_moment(numbers):
    for number in numbers:
        try:
            pidfd = os.pidfd_open(number)
        except ProcessLookupError:
            continue
        wait_for_end(pidfd)


def descendants(root):
    """Return the numbers of `root` and of all processes below it."""
    parents = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(path.parent.name)] = int(fields[1])
    found = {root}
    while more := {child for child, parent in parents.items() if parent in found}:
        if more <= found:
            return found
        found |= more
    return found
