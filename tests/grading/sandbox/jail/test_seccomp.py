"""The filter of system calls, rule by rule, run as the kernel runs it."""

import errno
import re
import struct
from pathlib import Path

import pytest

from lrcourse.grading.sandbox.jail import seccomp
from lrcourse.grading.sandbox.jail.syscall_table import (
    ALLOWED,
    BUILDING,
    CHANGES,
    MACHINES,
    RULED,
    numbers,
)

HEADERS = {
    "x86_64": Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"),
    "aarch64": Path("/usr/include/asm-generic/unistd.h"),
}
OWN = 1234
OTHER = 4321
LET = "let"
O_RDWR, O_TRUNC = 2, 0o1000
CLONE_VM_AND_FRIENDS = 0x3D0F00  # what the C library passes for a new thread
CLONE_THREAD = 0x10000
CLONE_NEWUSER = 0x10000000

# what a call with such arguments is answered, in a filter for process OWN
RULES = [
    ("read", (0,), LET),
    ("kill", (OWN, 9), LET),
    ("kill", (OTHER, 9), errno.EPERM),
    ("kill", (0, 9), errno.EPERM),
    ("kill", (-1, 9), errno.EPERM),
    ("kill", (-OWN, 9), errno.EPERM),
    ("tgkill", (OWN, OWN, 6), LET),
    ("tgkill", (OTHER, OTHER, 6), errno.EPERM),
    ("clone", (CLONE_VM_AND_FRIENDS,), LET),
    ("clone", (CLONE_VM_AND_FRIENDS & ~CLONE_THREAD,), errno.EPERM),
    ("clone", (17,), errno.EPERM),  # a fork
    ("clone", (CLONE_THREAD | CLONE_NEWUSER,), errno.EPERM),
    ("clone3", (0,), errno.ENOSYS),
    ("openat2", (0,), errno.ENOSYS),
    ("openat", (0, 0, 0), LET),
    ("openat", (0, 0, O_RDWR | O_TRUNC), LET),
    ("openat", (0, 0, O_TRUNC), errno.EPERM),
    ("prlimit64", (0, 7), LET),
    ("prlimit64", (OWN, 7), LET),
    ("prlimit64", (OTHER, 7), errno.EPERM),
    ("fcntl", (0, 3), LET),  # F_GETFL
    ("fcntl", (0, 8), errno.EPERM),  # F_SETOWN
    ("fcntl", (0, 10), errno.EPERM),  # F_SETSIG
    ("fcntl", (0, 15), errno.EPERM),  # F_SETOWN_EX
    ("fcntl", (0, 1024), errno.EPERM),  # F_SETLEASE
    ("fcntl", (0, 1026), errno.EPERM),  # F_NOTIFY
    ("fcntl", (0, 1031), errno.EPERM),  # F_SETPIPE_SZ
    ("ioctl", (0, 0x5401), LET),  # TCGETS
    ("ioctl", (0, 0x5412), errno.ENOTTY),  # TIOCSTI
    ("ioctl", (0, 0x541C), errno.ENOTTY),  # TIOCLINUX
    ("ioctl", (0, 0x8901), errno.ENOTTY),  # FIOSETOWN
    ("ioctl", (0, 0x5452), errno.ENOTTY),  # FIOASYNC
    ("prctl", (15,), LET),  # PR_SET_NAME
    ("prctl", (1, 0), errno.EPERM),  # PR_SET_PDEATHSIG
    ("prctl", (4, 1), errno.EPERM),  # PR_SET_DUMPABLE
    ("socketpair", (1, 1 | 0o2000000), LET),
    ("socketpair", (1, 2), errno.EACCES),  # datagrams could be sent to anybody
    ("socketpair", (16, 1), errno.EACCES),  # netlink
    ("socket", (2, 1), errno.EPERM),
    ("unshare", (CLONE_NEWUSER,), errno.EPERM),
    ("mount", (0,), errno.EPERM),
    ("pivot_root", (0,), errno.EPERM),
    ("seccomp", (1,), errno.EPERM),
]
# by its number on both machines: x86_64, aarch64. In no list of ours: refused
REFUSED = {
    "fork": (57, None),
    "vfork": (58, None),
    "execve": (59, 221),
    "execveat": (322, 281),
    "ptrace": (101, 117),
    "tkill": (200, 130),
    "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240),
    "pidfd_open": (434, 434),
    "pidfd_getfd": (438, 438),
    "pidfd_send_signal": (424, 424),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "process_madvise": (440, 440),
    "kcmp": (312, 272),
    "connect": (42, 203),
    "bind": (49, 200),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "shmget": (29, 194),
    "shmat": (30, 196),
    "msgget": (68, 186),
    "semget": (64, 190),
    "mq_open": (240, 180),
    "userfaultfd": (323, 282),
    "perf_event_open": (298, 241),
    "bpf": (321, 280),
    "keyctl": (250, 219),
    "add_key": (248, 217),
    "setns": (308, 268),
    "chroot": (161, 51),
    "open_by_handle_at": (304, 265),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "mknodat": (259, 33),
    "symlinkat": (266, 36),
    "linkat": (265, 37),
    "fchownat": (260, 54),
    "fchmodat2": (452, 452),
    "setxattr": (188, 5),
    "flock": (73, 32),
    "inotify_init1": (294, 26),
    "fanotify_init": (300, 262),
    "setpriority": (141, 140),
    "sched_setaffinity": (203, 122),
    "sched_setattr": (314, 274),
    "ioprio_set": (251, 30),
    "personality": (135, 92),
    "clock_settime": (227, 112),
    "sethostname": (170, 161),
    "setsid": (112, 157),
    "setuid": (105, 146),
    "timer_create": (222, 107),
}


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize(("name", "arguments", "answer"), RULES)
def test_a_call_is_answered_by_its_arguments(machine, name, arguments, answer):
    number = numbers(ALLOWED | RULED | BUILDING, machine)[name]
    assert answered(machine, number, arguments) == answer


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize("name", REFUSED)
def test_what_stands_in_no_list_is_refused(machine, name):
    number = REFUSED[name][MACHINES.index(machine)]
    if number is not None:
        assert answered(machine, number, (0,) * 6) in (errno.EPERM, errno.ENOSYS)


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize("name", CHANGES)
def test_modes_and_dates_change_only_in_a_root_of_ones_own(machine, name):
    number = numbers(CHANGES, machine).get(name)
    if number is not None:
        assert answered(machine, number, (0,)) == errno.EPERM
        assert answered(machine, number, (0,), has_own_root=True) == LET


@pytest.mark.parametrize("machine", MACHINES)
def test_a_call_that_is_newer_than_the_filter_does_not_exist(machine):
    assert answered(machine, 500, (0,)) == errno.ENOSYS


@pytest.mark.parametrize("machine", MACHINES)
def test_the_gates_of_other_processor_modes_end_the_process(machine):
    i386 = 0x40000003
    assert answered(machine, 0, (0,), mode=i386) == "end"
    x32 = answered(machine, 0x40000000 | 59, (0,))
    assert x32 == errno.ENOSYS


@pytest.mark.parametrize("machine", MACHINES)
def test_the_numbers_are_those_of_the_kernels_headers(machine):
    header = HEADERS[machine]
    if not header.is_file():
        pytest.skip(f"no kernel headers for {machine} here")
    pattern = r"#define __NR(?:3264)?_(\w+)\s+(\d+)"
    theirs = dict(re.findall(pattern, header.read_text()))
    theirs |= {"newfstatat": theirs.get("fstatat", theirs.get("newfstatat"))}
    for name, number in numbers(ALLOWED | RULED | CHANGES | BUILDING, machine).items():
        assert int(theirs[name]) == number, name
    for name, pair in REFUSED.items():
        number = pair[MACHINES.index(machine)]
        if number is not None and name in theirs:
            assert int(theirs[name]) == number, name


def test_a_machine_whose_numbers_are_not_known_is_named():
    with pytest.raises(OSError, match="this machine is a riscv64"):
        numbers(ALLOWED, "riscv64")


def answered(machine, number, arguments, has_own_root=False, mode=None):
    """Run the filter as the kernel does; return "let", "end" or the reason."""
    words = [value & 0xFFFFFFFFFFFFFFFF for value in (*arguments, *[0] * 6)[:6]]
    mode = seccomp.MODES[machine] if mode is None else mode
    record = struct.pack("<IIQ6Q", number, mode, 0, *words)
    program = seccomp.Program(machine, OWN, has_own_root).instructions()
    place = accumulator = 0
    while True:
        instruction, then, otherwise, value = struct.unpack("HBBI", program[place])
        place += 1
        if instruction == seccomp.LOAD:
            (accumulator,) = struct.unpack_from("<I", record, value)
        elif instruction == seccomp.AND:
            accumulator &= value
        elif instruction == seccomp.ANSWER:
            special = {seccomp.LET: LET, seccomp.END_PROCESS: "end"}
            return special.get(value, value & 0xFFFF)
        else:
            holds = {
                seccomp.IF_EQUAL: accumulator == value,
                seccomp.IF_AT_LEAST: accumulator >= value,
                seccomp.IF_ANY_BIT: bool(accumulator & value),
            }[instruction]
            place += then if holds else otherwise
