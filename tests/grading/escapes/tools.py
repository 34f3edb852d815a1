"""What the attacks share. The test reads the marks, the worker runs the rest."""

import ctypes
import os
import platform

OPEN = "open"  # nothing stops it at this level: the attack succeeds
STOPPED = "stopped"
EITHER = "either"  # the machine decides: rights, kernel settings
NOT_RUN = "not run"  # it would touch what the test did not plant
REFUSALS = (OSError, MemoryError, RuntimeError, EOFError)
NUMBERS = {
    "x86_64": {
        "add_key": 248,
        "adjtimex": 159,
        "bpf": 321,
        "capget": 125,
        "clock_settime": 227,
        "clone": 56,
        "clone3": 435,
        "execveat": 322,
        "fchmodat2": 452,
        "finit_module": 313,
        "fsopen": 430,
        "inotify_add_watch": 254,
        "inotify_init1": 294,
        "io_uring_setup": 425,
        "ioprio_set": 251,
        "kcmp": 312,
        "kexec_load": 246,
        "keyctl": 250,
        "memfd_create": 319,
        "memfd_secret": 447,
        "migrate_pages": 256,
        "mount": 165,
        "move_pages": 279,
        "mq_open": 240,
        "name_to_handle_at": 303,
        "open_by_handle_at": 304,
        "open_tree": 428,
        "openat2": 437,
        "perf_event_open": 298,
        "personality": 135,
        "pidfd_getfd": 438,
        "pidfd_open": 434,
        "pidfd_send_signal": 424,
        "pivot_root": 155,
        "process_madvise": 440,
        "process_vm_readv": 310,
        "process_vm_writev": 311,
        "ptrace": 101,
        "reboot": 169,
        "rt_sigqueueinfo": 129,
        "rt_tgsigqueueinfo": 297,
        "setns": 308,
        "shmat": 30,
        "shmget": 29,
        "swapon": 167,
        "syslog": 103,
        "tgkill": 234,
        "tkill": 200,
        "umount2": 166,
        "unshare": 272,
        "userfaultfd": 323,
        "vmsplice": 278,
    },
    "aarch64": {
        "add_key": 217,
        "adjtimex": 171,
        "bpf": 280,
        "capget": 90,
        "clock_settime": 112,
        "clone": 220,
        "clone3": 435,
        "execveat": 281,
        "fchmodat2": 452,
        "finit_module": 273,
        "fsopen": 430,
        "inotify_add_watch": 27,
        "inotify_init1": 26,
        "io_uring_setup": 425,
        "ioprio_set": 30,
        "kcmp": 272,
        "kexec_load": 104,
        "keyctl": 219,
        "memfd_create": 279,
        "memfd_secret": 447,
        "migrate_pages": 238,
        "mount": 40,
        "move_pages": 239,
        "mq_open": 180,
        "name_to_handle_at": 264,
        "open_by_handle_at": 265,
        "open_tree": 428,
        "openat2": 437,
        "perf_event_open": 241,
        "personality": 92,
        "pidfd_getfd": 438,
        "pidfd_open": 434,
        "pidfd_send_signal": 424,
        "pivot_root": 41,
        "process_madvise": 440,
        "process_vm_readv": 270,
        "process_vm_writev": 271,
        "ptrace": 117,
        "reboot": 142,
        "rt_sigqueueinfo": 138,
        "rt_tgsigqueueinfo": 240,
        "setns": 268,
        "shmat": 196,
        "shmget": 194,
        "swapon": 224,
        "syslog": 116,
        "tgkill": 131,
        "tkill": 130,
        "umount2": 39,
        "unshare": 97,
        "userfaultfd": 282,
        "vmsplice": 75,
    },
}
libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long


def attack(at_l1=OPEN, at_l2=STOPPED, ends="", only=""):
    """Mark a function as an attack.

    `ends` is how it must end, "late", "died" or "refused"; `only` a processor.
    """

    def mark(function):
        function.at_l1 = at_l1
        function.at_l2 = at_l2
        function.ends = ends
        function.only = only
        return function

    return mark


def attempt(function, target):
    """Run an attack; an error that is no refusal is a mistake in the attack."""
    try:
        got = function(target)
    except REFUSALS as error:
        return ["refused", f"{type(error).__name__}: {error}"[:200]]
    return ["nothing", ""] if got is None else ["got", repr(got)[:2000]]


def system_call(name, *arguments):
    """Ask the kernel by number, past every wrapper that Python or libc has."""
    number = NUMBERS[platform.machine()][name]
    return checked(libc.syscall(number, *map(_word, arguments)))


def checked(result):
    """Return what a C function returned, or raise the OSError it left behind."""
    if result == -1:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result


def _word(argument):
    return ctypes.c_long(argument) if isinstance(argument, int) else argument


def first(attempts):
    """Return what the first attempt that is allowed gets, or raise the last refusal."""
    refusal = None
    for one in attempts:
        try:
            got = one()
        except REFUSALS as error:
            refusal = error
        else:
            if got is not None:
                return got
    if refusal is not None:
        raise refusal
    return None


def at_each(target, one):
    """Try on each victim; the grader's own processes come last, if at all."""
    others = [pid for pid in target.victims if pid != os.getpid()]
    return first(lambda pid=pid: one(pid) for pid in others)
