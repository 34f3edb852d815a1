"""A bound on what a mistake or a mutant may do in the trusted process.

They are ours, but they are called with what a learner's answer returned. The bound is
in lines of Python, so that the verdict is the same on every machine, and it needs no
signal, no thread and no clock. One call into C is one line: whole powers and ranges,
which could fill the machine in one, have bounds of their own.

A loop begins its line anew each time that it jumps back, unless it is but a jump to
itself, as ``while True: pass`` on one line is for Python 3.11: where there is one,
instructions count too.
"""

import dis
import sys
import sysconfig
from collections.abc import Callable
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

MAX_LINES = 10_000
MAX_EXPONENT = 10_000
MAX_RANGE = 1_000_000
MOST_CODES = 5000
# only the mistake's own lines count, not those of the grader and of libraries
_FREE = (
    str(Path(__file__).parents[1]),
    sysconfig.get_path("stdlib"),
    sysconfig.get_path("purelib"),
)


class Overrun(BaseException):
    """Too many lines ran. No `except Exception` can swallow it."""


def call_within(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Call `function` and return its result.

    Raises:
        Overrun: it took more than `MAX_LINES` lines of Python.
    """
    left = MAX_LINES

    def count(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal left
        if frame.f_code.co_filename.startswith(_FREE):
            return None
        if event == "call" and _jumps_to_itself(frame.f_code):
            frame.f_trace_opcodes = True
        left -= 1
        if left < 0:
            raise Overrun
        return count

    before = sys.gettrace()
    sys.settrace(count)
    try:
        return function(*args, **kwargs)
    finally:
        sys.settrace(before)


# by identity, with the code kept so that no other gets its id: a code's hash is slow
_LOOKED_AT: dict[int, tuple[CodeType, bool]] = {}


def _jumps_to_itself(code: CodeType) -> bool:
    known = _LOOKED_AT.get(id(code))
    if known is None:
        jumps = {*dis.hasjrel, *dis.hasjabs}
        found = any(
            each.opcode in jumps and each.argval == each.offset
            for each in dis.get_instructions(code)
        )
        if len(_LOOKED_AT) >= MOST_CODES:
            _LOOKED_AT.clear()
        known = _LOOKED_AT[id(code)] = code, found
    return known[1]


def exponent(value: Any) -> Any:
    """Return `value`, unless as an exponent it could make a number of megabytes."""
    if isinstance(value, int) and abs(value) > MAX_EXPONENT:
        return float(value)
    return value


def bounded_range(*args: int) -> range:
    """Return the range.

    Raises:
        Overrun: it is longer than any check needs.
    """
    found = range(*args)
    if len(found) > MAX_RANGE:
        raise Overrun
    return found
