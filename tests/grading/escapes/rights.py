"""Taking rights: limits, precedence, terminals, and the gates of other programs."""

import ctypes
import fcntl
import mmap
import os
import resource
import socket
import struct

from tests.grading.escapes.tools import (
    EITHER,
    attack,
    checked,
    first,
    libc,
    system_call,
)


@attack(at_l1=EITHER)
def types_into_a_terminal(target):
    """Put a command into somebody's terminal, as if they had typed it."""
    terminal = os.open(target.terminal, os.O_RDWR)
    return fcntl.ioctl(terminal, 0x5412, b"x") or "typed"


@attack()
def writes_to_a_terminal(target):
    """Write on somebody's screen."""
    return os.write(os.open(target.terminal, os.O_RDWR | os.O_NOCTTY), b"x")


@attack(at_l1=EITHER)
def keeps_roots_powers(target):
    """Look whether any capability is left, and take one's user number back."""
    header, sets = struct.pack("Ii", 0x20080522, 0), ctypes.create_string_buffer(24)
    system_call("capget", header, sets)
    held = int.from_bytes(sets.raw[:4], "little")
    may_read = 1 << 2  # root's Python in root's home needs it; Landlock says what
    return held & ~may_read or os.setuid(0) or "root"


@attack(at_l1=EITHER)
def lifts_its_own_limits(target):
    """Raise the hard limits of memory and open files."""
    wishes = (resource.RLIMIT_AS, resource.RLIMIT_NOFILE)
    return first(lambda wish=wish: raised(wish) for wish in wishes)


def raised(limit):
    """Raise one hard limit by one."""
    hard = resource.getrlimit(limit)[1]
    if hard == resource.RLIM_INFINITY:
        return "there is none"
    try:
        resource.setrlimit(limit, (hard + 1, hard + 1))
    except ValueError as error:  # Python's name for the kernel's refusal
        raise PermissionError(str(error)) from error
    return hard + 1


@attack(at_l1=EITHER)
def goes_first(target):
    """Take precedence: real time, or a lower niceness."""
    return first(
        [
            lambda: (
                os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1)) or "first"
            ),
            lambda: os.nice(-5) or "before",
        ]
    )


@attack(at_l1=EITHER)
def locks_memory(target):
    """Keep 16 MiB from ever being swapped out."""
    page = mmap.mmap(-1, 16 << 20)
    place = ctypes.addressof(ctypes.c_char.from_buffer(page))
    size = ctypes.c_size_t(16 << 20)
    return checked(libc.mlock(ctypes.c_void_p(place), size)) or "locked"


@attack(at_l1=EITHER)
def may_dump_its_memory(target):
    """Ask for a core dump, which lands outside of the scratch folder."""
    return resource.getrlimit(resource.RLIMIT_CORE)[1] or None


@attack(at_l1=EITHER, only="x86_64")
def calls_by_int_0x80(target):
    """Open a socket by the calls of 32-bit programs, whose numbers are others."""
    return positive(machine_code(359, socket.AF_INET, socket.SOCK_DGRAM, 0))


@attack(at_l1=EITHER, only="x86_64")
def kills_by_int_0x80(target):
    """Send SIGKILL by the calls of 32-bit programs."""
    for pid in target.victims[
        :1
    ]:  # the decoy alone: there is no signal 0 to fall back on
        machine_code(37, pid, 9, 0)


@attack(at_l1=EITHER, only="x86_64")
def calls_by_x32(target):
    """Open a socket by the x32 numbers, above every list."""
    return checked(libc.syscall(0x40000000 + 41, socket.AF_INET, socket.SOCK_DGRAM, 0))


def positive(result):
    """Return a kernel's answer unless it is an error."""
    if result < 0:
        raise OSError(-result, os.strerror(-result))
    return result


def machine_code(number, *arguments):
    """Run ``int 0x80`` with these registers."""
    code = b"\x53\xb8" + struct.pack("<i", number)
    for opcode, argument in zip(b"\xbb\xb9\xba", arguments, strict=True):
        code += bytes([opcode]) + struct.pack("<i", argument)
    page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    page.write(code + b"\xcd\x80\x5b\xc3")
    place = ctypes.addressof(ctypes.c_char.from_buffer(page))
    return ctypes.CFUNCTYPE(ctypes.c_int)(place)()
