"""What is left of the grader's environment inside a worker."""

import ctypes
import os

from tests.grading.escapes.tools import EITHER, STOPPED, attack, libc


@attack(at_l1=STOPPED)
def reads_the_environment(target):
    """Ask for a variable that the grader was started with, such as a token."""
    return os.environ.get(target.variable)


@attack(at_l1=STOPPED)
def reads_the_environment_it_started_with(target):
    """Ask the kernel: what Python clears is still in /proc/self/environ."""
    return after(target.variable, open("/proc/self/environ", "rb").read())


@attack(at_l1=STOPPED)
def reads_the_environment_from_memory(target):
    """Look where the kernel put it when the process started, above the stack."""
    libc.getauxval.restype = ctypes.c_ulong
    top = libc.getauxval(31)  # the program's name, just above the environment
    size = sum(len(f"{k}={v}") + 9 for k, v in os.environ.items()) + 200
    return after(target.variable, ctypes.string_at(top - size, size))


@attack(at_l1=EITHER)
def reads_what_its_parent_was_told(target):
    """Look at the command lines of whoever started the worker."""
    text = open(f"/proc/{os.getppid()}/cmdline").read()
    return text if target.mark in text else None


def after(variable, block):
    """Return what follows ``variable=`` in an environment, or None."""
    found = block.partition(variable.encode() + b"=")[2]
    return found[:80] or None
