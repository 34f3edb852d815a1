"""System calls that Python has no function for, made by name through the C library."""

import ctypes
import functools
import os

from lrcourse.grading.sandbox.jail.syscall_table import (
    ALLOWED,
    BUILDING,
    CHANGES,
    RULED,
    numbers,
)

Argument = int | bytes | None | ctypes.Structure


def system_call(name: str, *arguments: Argument) -> int:
    """Make the system call `name` and return its result.

    Raises:
        OSError: the kernel refused, and said why.
    """
    number = ctypes.c_long(_numbers()[name])
    result = _library().syscall(number, *[_as_c(argument) for argument in arguments])
    if result == -1:
        reason = ctypes.get_errno()
        raise OSError(reason, f"{name}: {os.strerror(reason)}")
    return int(result)


def _as_c(argument: Argument) -> object:
    if isinstance(argument, int):
        return ctypes.c_long(argument)  # a whole register, signs and masks alike
    if isinstance(argument, ctypes.Structure):
        return ctypes.byref(argument)
    return ctypes.c_char_p(argument)


@functools.cache
def _library() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


@functools.cache
def _numbers() -> dict[str, int]:
    return numbers(ALLOWED | RULED | CHANGES | BUILDING)
