"""Which system calls a learner's code may make: a filter that the kernel runs.

The filter is a program for the kernel's packet-filter machine. It sees the number of a
call, the processor's mode and the arguments as numbers, and it answers: let it happen,
refuse it with a reason, or end the process. It can never be taken off again.
"""

import ctypes
import errno
import functools
import struct
from dataclasses import dataclass

from lrcourse.grading.sandbox.jail.syscall import system_call
from lrcourse.grading.sandbox.jail.syscall_table import (
    ALLOWED,
    CHANGES,
    NEWEST_KNOWN,
    RULED,
    numbers,
)

# the machine's instructions (linux/bpf_common.h)
LOAD = 0x20  # accumulator = the word of the call's record at this offset
AND = 0x54  # accumulator &= value
IF_EQUAL = 0x15
IF_AT_LEAST = 0x35
IF_ANY_BIT = 0x45
ANSWER = 0x06
# offsets in the call's record (struct seccomp_data)
NUMBER, MODE, ARGUMENTS = 0, 4, 16
# answers (linux/seccomp.h)
LET = 0x7FFF0000
END_PROCESS = 0x80000000
REFUSE = 0x00050000  # | errno
# the processor's modes (linux/audit.h): 64 bit, little-endian
MODES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
X32 = 0x40000000  # x86_64's second list of numbers, for 32-bit pointers

CLONE_THREAD = 0x00010000
NEW_NAMESPACES = 0x7E020080  # every CLONE_NEW* flag
O_TRUNC = 0o1000
O_ACCMODE = 0o3  # read-only is 0
AF_UNIX, SOCK_STREAM, SOCK_TYPE = 1, 1, 0xF
# fcntl: descriptors, flags, locks, size of a pipe. Not F_SETOWN, F_SETOWN_EX and
# F_SETSIG (a signal to anybody by another door), F_SETLEASE and F_NOTIFY
FCNTL = (0, 1, 2, 3, 4, 5, 6, 7, 1030, 1032)
# ioctl: is it a terminal, how wide, how much is there to read, flags of a descriptor
IOCTL = (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)
# prctl: names of a thread and of memory, and asking. Not PR_SET_PDEATHSIG
PRCTL = (3, 15, 16, 21, 39, 0x53564D41)


@dataclass(frozen=True)
class Program:
    """The filter for `machine`: a process numbered `own_pid`, in a root of its own?"""

    machine: str
    own_pid: int
    has_own_root: bool

    def instructions(self) -> list[bytes]:
        """Return the filter, instruction by instruction."""
        # a call by another mode's gate (int 0x80 on x86_64) has other numbers
        start = [_do(LOAD, MODE), _if(IF_EQUAL, MODES[self.machine], 1, 0)]
        start += [_do(ANSWER, END_PROCESS), _do(LOAD, NUMBER)]
        if self.machine == "x86_64":
            start += [_if(IF_AT_LEAST, X32, 0, 1), _refuse(errno.ENOSYS)]
        allowed = numbers(ALLOWED, self.machine)
        if self.has_own_root:
            allowed |= numbers(CHANGES, self.machine)
        for number in allowed.values():
            start += [_if(IF_EQUAL, number, 0, 1), _do(ANSWER, LET)]
        ruled = numbers(RULED, self.machine)
        for name, rule in self._rules().items():
            if name in ruled:
                start += [_if(IF_EQUAL, ruled[name], 0, len(rule)), *rule]
        # libraries try a call that is too new for us, and then fall back
        start += [_if(IF_AT_LEAST, NEWEST_KNOWN + 1, 0, 1), _refuse(errno.ENOSYS)]
        return [*start, _refuse(errno.EPERM)]

    def _rules(self) -> dict[str, list[bytes]]:
        oneself = _one_of(0, (self.own_pid,))
        return {
            "open": _opening(1),
            "openat": _opening(2),
            "openat2": [_refuse(errno.ENOSYS)],  # its flags lie where we cannot look
            "fcntl": _one_of(1, FCNTL),
            "ioctl": _one_of(1, IOCTL, errno.ENOTTY),
            "prctl": _one_of(0, PRCTL),
            "clone": _threads_only(),
            "clone3": [_refuse(errno.ENOSYS)],  # the C library then uses clone
            "kill": oneself,
            "tgkill": oneself,
            "prlimit64": _one_of(0, (0, self.own_pid)),
            "socketpair": _connected_pairs(),
        }


@functools.cache
def code(program: Program) -> bytes:
    """Return the filter as the kernel reads it, eight bytes an instruction."""
    return b"".join(program.instructions())


def install(program: Program) -> None:
    """Filter every system call of this process from here on.

    Raises:
        OSError: the kernel has no such filters.
    """
    text = code(program)
    buffer = ctypes.create_string_buffer(text, len(text))
    given = _Filter(len(text) // 8, ctypes.cast(buffer, ctypes.c_void_p))
    # 1 = SECCOMP_SET_MODE_FILTER; needs no rights once no program can gain any
    system_call("seccomp", 1, 0, given)


class _Filter(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("code", ctypes.c_void_p)]


def _do(instruction: int, value: int) -> bytes:
    return struct.pack("HBBI", instruction, 0, 0, value)


def _if(test: int, value: int, then: int, otherwise: int) -> bytes:
    """Skip `then` instructions where the test holds, `otherwise` where it does not."""
    return struct.pack("HBBI", test, then, otherwise, value)


def _refuse(reason: int) -> bytes:
    return _do(ANSWER, REFUSE | reason)


def _argument(number: int) -> bytes:
    # the lower half: all that the kernel looks at in what is tested here
    return _do(LOAD, ARGUMENTS + 8 * number)


def _one_of(
    argument: int, values: tuple[int, ...], reason: int = errno.EPERM
) -> list[bytes]:
    """Let the call happen when an argument is one of `values`."""
    tests = [
        _if(IF_EQUAL, value, len(values) - place, 0)
        for place, value in enumerate(values)
    ]
    return [_argument(argument), *tests, _refuse(reason), _do(ANSWER, LET)]


def _threads_only() -> list[bytes]:
    """Let clone make a thread of this process, in the namespaces it has."""
    return [
        _argument(0),
        _if(IF_ANY_BIT, CLONE_THREAD, 0, 2),
        _if(IF_ANY_BIT, NEW_NAMESPACES, 1, 0),
        _do(ANSWER, LET),
        _refuse(errno.EPERM),
    ]


def _opening(flags: int) -> list[bytes]:
    """Refuse to empty a file that is opened for reading: old Landlocks let it pass."""
    return [
        _argument(flags),
        _if(IF_ANY_BIT, O_TRUNC, 0, 3),
        _do(AND, O_ACCMODE),
        _if(IF_EQUAL, 0, 0, 1),
        _refuse(errno.EPERM),
        _do(ANSWER, LET),
    ]


def _connected_pairs() -> list[bytes]:
    """Let asyncio make its pair of streams; a datagram could be sent to anybody."""
    return [
        _argument(0),
        _if(IF_EQUAL, AF_UNIX, 0, 4),
        _argument(1),
        _do(AND, SOCK_TYPE),
        _if(IF_EQUAL, SOCK_STREAM, 0, 1),
        _do(ANSWER, LET),
        _refuse(errno.EACCES),
    ]
