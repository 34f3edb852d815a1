"""The jail, rule by rule: what the kernel is asked, and what it then refuses."""

import errno
import os
import re
import struct
import sys
from pathlib import Path

import pytest

from lrcourse.grading.sandbox.host.interpreter import Pool
from lrcourse.grading.sandbox.jail import Level, best_level, seccomp
from lrcourse.grading.sandbox.jail.syscall_table import (
    ALLOWED,
    BUILDING,
    CHANGES,
    MACHINES,
    RULED,
    numbers,
)
from lrcourse.grading.sandbox.jail.view import (
    COURSE,
    View,
    of_this_python,
    refuse_secrets,
)

LINUX = sys.platform == "linux"
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


def test_a_learner_may_read_python_and_the_open_rooms():
    assert may_read(of_this_python(), Path(os.__file__))
    assert may_read(of_this_python(), COURSE / "schedules" / "curves.py")


@pytest.mark.parametrize(
    "place",
    [
        COURSE / "grading" / "sandbox" / "guest" / "worker.py",
        COURSE / "authoring" / "chapters.py",
        COURSE / "__pycache__",
        COURSE.parent / "solutions",
        COURSE.parent / "exercises" / "checks",
        COURSE.parent / "tests",
        Path.home(),
        Path("/etc/passwd"),
        Path("/proc"),
    ],
    ids=str,
)
def test_a_learner_may_not_read(place):
    assert not may_read(of_this_python(), place)


def test_what_an_exercise_forbids_is_taken_out_of_the_view():
    view = of_this_python().without(["lrcourse.schedules", "numpy.fft"])
    assert not may_read(view, COURSE / "schedules" / "curves.py")
    assert may_read(view, COURSE / "problems" / "bowls.py")
    numpy = Path(sys.modules["numpy"].__file__).parent
    assert not may_read(view, numpy / "fft" / "__init__.py")
    assert may_read(view, numpy / "linalg" / "__init__.py")


def test_the_twins_that_python_compiled_go_with_their_module(tmp_path, monkeypatch):
    package = tmp_path / "part"
    (package / "__pycache__").mkdir(parents=True)
    for name in ("one.py", "two.py", "__pycache__/one.pyc", "__pycache__/two.pyc"):
        (package / name).write_text("")
    monkeypatch.setattr("site.getsitepackages", lambda: [str(tmp_path)])
    view = View((tmp_path,), ()).without(["part.one"])
    assert not may_read(view, package / "one.py")
    assert not may_read(view, package / "__pycache__" / "one.pyc")
    assert may_read(view, package / "two.py")
    assert may_read(view, package / "__pycache__" / "two.pyc")


def test_another_copy_of_the_course_is_a_hole(tmp_path, monkeypatch):
    (tmp_path / "lrcourse").mkdir()
    (tmp_path / "lrcourse" / "schedules.py").write_text("")
    (tmp_path / "other").mkdir()
    monkeypatch.setattr("site.getsitepackages", lambda: [str(tmp_path)])
    assert not may_read(of_this_python(), tmp_path / "lrcourse" / "schedules.py")
    assert may_read(of_this_python(), tmp_path / "other")


def test_a_secret_where_a_learner_may_read_is_refused_by_name(tmp_path):
    key = Path(os.__file__).parent / "key"
    view = View((key.parent,), ())
    refuse_secrets(view, [tmp_path])
    with pytest.raises(ValueError, match="must stay secret") as caught:
        refuse_secrets(view, [Path(os.__file__)])
    assert os.__file__ in str(caught.value)
    assert str(key.parent) in str(caught.value)


def test_a_secret_folder_around_what_must_be_readable_is_refused(tmp_path):
    (tmp_path / "packages").mkdir()
    with pytest.raises(ValueError, match=r"it holds .*packages"):
        refuse_secrets(View((tmp_path / "packages",), ()), [tmp_path])


def test_a_secret_in_a_hole_is_safe(tmp_path):
    (tmp_path / "hole" / "again").mkdir(parents=True)
    secret = tmp_path / "hole" / "again" / "key"
    secret.write_text("")
    refuse_secrets(View((tmp_path,), (tmp_path / "hole",)), [secret])
    reached = View((tmp_path, secret.parent), (tmp_path / "hole",))
    with pytest.raises(ValueError, match="must stay secret"):
        refuse_secrets(reached, [secret])


@pytest.mark.skipif(not LINUX, reason="the jail is Linux'")
def test_the_pool_refuses_secrets_before_it_starts_anything():
    with pytest.raises(ValueError, match="must stay secret"):
        Pool(secrets=[COURSE / "schedules" / "curves.py"])


@pytest.mark.parametrize("level", [Level.L2, Level.L3])
@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("os.mkfifo('pipe')", "PermissionError"),
        ("os.symlink('/etc/passwd', 'link')", "PermissionError"),
        ("os.fork()", "PermissionError"),
        ("os.execv(sys.executable, ['python'])", "PermissionError"),
        ("os.setpriority(os.PRIO_PROCESS, 0, 5)", "PermissionError"),
        ("os.sched_setaffinity(0, {0})", "PermissionError"),
        ("socket.socketpair(type=socket.SOCK_DGRAM)", "PermissionError"),
        ("signal.pthread_kill(threading.get_ident(), 0)", None),
        ("socket.socketpair()", None),
        ("threading.Thread(target=int).start()", None),
        ("open('file', 'w').write('x')", None),
        ("os.replace('file', 'other')", None),
        ("(os.mkdir('a'), os.rename('other', 'a/b'), os.rmdir('c'))", "FileNotFound"),
        ("tempfile.TemporaryFile().write(b'x')", None),
        ("open('/dev/null', 'w').write('x')", None),
        ("open('/dev/urandom', 'rb').read(1)", None),
        ("open('/etc/passwd')", "PermissionError|FileNotFoundError"),
        ("os.listdir('/')", "PermissionError"),
        ("open(os.__file__, 'a')", "PermissionError|OSError"),
        ("os.open(os.__file__, os.O_RDONLY | os.O_TRUNC)", "PermissionError"),
        ("os.utime(os.__file__)", "PermissionError|OSError"),
        ("os.chmod(os.__file__, 0o777)", "PermissionError|OSError"),
        ("os.truncate(os.__file__, 0)", "PermissionError|OSError"),
        ("[open('/dev/null') for _ in range(200)]", "OSError"),
        ("input()", "EOFError"),
        ("asyncio.run(asyncio.sleep(0))", None),
    ],
)
def test_inside(level, code, said, inside):
    reply = inside(level)(code)
    if said is None:
        assert "raised" not in reply, reply
    else:
        assert re.search(said, reply["raised"]), reply


@pytest.fixture(scope="module")
def pools():
    pools = {}
    yield pools
    for pool in pools.values():
        pool.close()


@pytest.fixture(scope="module")
def inside(pools):
    """Return a function from a level to one that runs an expression there."""
    workers = {}

    def at(level):
        if level > best_level():
            pytest.skip(f"this machine can do {best_level().name} only")
        if level not in pools:
            pools[level] = Pool(level=level, spares=0)
            workers[level] = pools[level].take()
            names = "asyncio, os, signal, socket, sys, tempfile, threading"
            cell = f"import {names}\ndef run(code):\n    eval(code)"
            request = {"op": "load", "cells": [["c", cell]]}
            workers[level].ask(request | {"forbidden": [], "skip": []})

        def run(code):
            request = {"op": "call", "target": "run", "args": [code]}
            return workers[level].ask(request | {"kwargs": {"dict": []}})

        return run

    return at


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


def may_read(view, path):
    """Say whether a grant covers `path`, so that its content could be read."""
    around = {str(path), *map(str, path.parents)}
    return any(
        grant.path in around and not grant.is_listed_only for grant in view.grants
    )
