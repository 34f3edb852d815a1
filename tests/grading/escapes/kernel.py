"""Asking the kernel for what a course never needs."""

import ctypes
import errno
import os
import socket
import struct
import time

from tests.grading.escapes.tools import EITHER, NOT_RUN, attack, first, system_call

NEW_USER, NEW_NET, NEW_MOUNTS = 0x10000000, 0x40000000, 0x20000


@attack(at_l1=NOT_RUN)
def mounts(target):
    """Mount a file system over a folder."""
    return system_call("mount", b"x", b"/tmp", b"tmpfs", 0, None) or "mounted"


@attack(at_l1=NOT_RUN)
def unmounts(target):
    """Take a file system away."""
    return system_call("umount2", b"/dev/shm", 2) or "unmounted"


@attack(at_l1=EITHER)
def makes_a_user_namespace(target):
    """Become root in a world of one's own, the way to most kernel faults."""
    return system_call("unshare", NEW_USER) or "unshared"


@attack(at_l1=EITHER)
def makes_other_namespaces(target):
    """Leave the network and the mounts."""
    return first(
        lambda kind=kind: system_call("unshare", kind) or "unshared"
        for kind in (NEW_NET, NEW_MOUNTS)
    )


@attack(at_l1=NOT_RUN)
def joins_a_namespace(target):
    """Enter another process' namespaces."""

    def join(pid):
        number = system_call("pidfd_open", pid, 0)
        return system_call("setns", number, NEW_NET) or "joined"

    return first(lambda pid=pid: join(pid) for pid in target.victims)


@attack(at_l1=NOT_RUN)
def changes_the_root(target):
    """Leave by chroot and by pivot_root."""
    return first(
        [
            lambda: os.chroot(".") or "chroot",
            lambda: system_call("pivot_root", b".", b".") or "pivoted",
        ]
    )


@attack(at_l1=NOT_RUN)
def mounts_by_the_newer_calls(target):
    """Use open_tree and fsopen, which old filters do not know."""
    return first(
        [
            lambda: system_call("open_tree", -100, b"/", 1),
            lambda: system_call("fsopen", b"tmpfs", 0),
        ]
    )


@attack(at_l1=EITHER)
def loads_a_bpf_program(target):
    """Make a BPF map."""
    wanted = struct.pack("5I", 2, 4, 4, 1, 0).ljust(128, b"\0")
    return system_call("bpf", 0, wanted, len(wanted))


@attack(at_l1=EITHER)
def counts_events(target):
    """Open a performance counter on oneself."""
    wanted = struct.pack("IIQ", 1, 128, 0).ljust(40, b"\0") + b"\x60".ljust(88, b"\0")
    return system_call("perf_event_open", wanted, 0, -1, -1, 0)


@attack(at_l1=EITHER)
def handles_page_faults(target):
    """Open a userfaultfd, which widens races in the kernel."""
    return system_call("userfaultfd", 1)


@attack()
def keeps_keys(target):
    """Store something in a keyring of the kernel's."""
    return system_call("add_key", b"user", b"harm", b"x", 1, -2)


@attack(at_l1=EITHER)
def joins_a_keyring(target):
    """Ask for the session keyring of whoever grades."""
    return system_call("keyctl", 0, -3, 0)


@attack(at_l1=EITHER)
def uses_io_uring(target):
    """Open a queue whose work no filter sees."""
    wanted = ctypes.create_string_buffer(120)
    return system_call("io_uring_setup", 1, wanted)


@attack(at_l1=NOT_RUN)
def names_the_machine(target):
    """Set the host's name to what it is."""
    return socket.sethostname(socket.gethostname()) or "named"


@attack()
def makes_memory_executable(target):
    """Ask by personality that whatever is read may be run."""
    return system_call("personality", 0x0400000) + 1


@attack(at_l1=NOT_RUN)
def sets_the_clock(target):
    """Set the time to what it is."""
    now = time.clock_gettime_ns(time.CLOCK_REALTIME)
    wanted = struct.pack("qq", *divmod(now, 10**9))
    return system_call("clock_settime", 0, wanted) or "set"


@attack(at_l1=NOT_RUN)
def shuts_down(target):
    """Ask for a restart with a wrong password: an error about that means it may."""
    return complaint("reboot", 0, 0, 0, None)


@attack(at_l1=NOT_RUN)
def loads_a_module(target):
    """Load nothing into the kernel: an error about nothing means it may."""
    return complaint("finit_module", -1, b"", 0)


@attack(at_l1=NOT_RUN)
def loads_another_kernel(target):
    """Prepare no other kernel."""
    return complaint("kexec_load", 0, 0, None, 0)


@attack(at_l1=NOT_RUN)
def swaps_to_its_own_file(target):
    """Offer a file as swap."""
    return complaint("swapon", b"/dev/null", 0)


@attack(at_l1=NOT_RUN)
def reads_the_kernels_log(target):
    """Read the size of the kernel's messages."""
    return system_call("syslog", 10, None, 0)


def complaint(name, *arguments):
    """Return the kernel's complaint about the arguments, if it got that far."""
    try:
        return system_call(name, *arguments)
    except OSError as error:
        if error.errno in (errno.EPERM, errno.EACCES, errno.ENOSYS):
            raise
        return f"got as far as {error}"
