"""Looking into other processes, and slowing them down."""

import ctypes
import errno
import os
import struct

from tests.grading.escapes.tools import (
    EITHER,
    OPEN,
    at_each,
    attack,
    checked,
    first,
    libc,
    system_call,
)


@attack()
def traces(target):
    """Attach as a debugger: it freezes the process, and its clock with it."""
    return at_each(target, lambda pid: system_call("ptrace", 16, pid, 0, 0) or "traced")


@attack()
def traces_without_stopping(target):
    """Attach with PTRACE_SEIZE."""
    return at_each(
        target, lambda pid: system_call("ptrace", 0x4206, pid, 0, 0) or "traced"
    )


@attack()
def reads_memory_of_others(target):
    """Read another process' memory."""
    return at_each(target, lambda pid: copied("process_vm_readv", pid))


@attack()
def writes_memory_of_others(target):
    """Write into another process' memory."""
    return at_each(target, lambda pid: copied("process_vm_writev", pid))


def copied(name, pid):
    """Copy at an address where nothing is: complaining of that means permission."""
    buffer = ctypes.create_string_buffer(8)
    mine = (ctypes.c_size_t * 2)(ctypes.addressof(buffer), 8)
    theirs = (ctypes.c_size_t * 2)(4096, 8)
    try:
        return system_call(name, pid, mine, 1, theirs, 1, 0)
    except OSError as error:
        if error.errno == errno.EFAULT:
            return "permitted"
        raise


@attack()
def reads_memory_through_proc(target):
    """Open /proc/PID/mem, maps and environ."""
    return first(
        lambda pid=pid, name=name: open(f"/proc/{pid}/{name}", "rb").read(40) or None
        for pid in target.victims
        for name in ("environ", "maps")
    )


@attack()
def lists_descriptors_of_others(target):
    """Look at the files that another process has open."""
    return at_each(target, lambda pid: os.listdir(f"/proc/{pid}/fd"))


@attack()
def takes_a_descriptor(target):
    """Copy a descriptor out of another process."""

    def take(pid):
        number = system_call("pidfd_open", pid, 0)
        return system_call("pidfd_getfd", number, 0, 0)

    return at_each(target, take)


@attack(at_l2=OPEN)
def sees_that_a_process_exists(target):
    """Ask for a process' group."""
    return at_each(target, os.getpgid)


@attack()
def lists_processes(target):
    """Read what else runs on the machine."""
    return at_each(target, lambda pid: open(f"/proc/{pid}/cmdline").read())


@attack(at_l1=EITHER)
def compares_descriptors(target):
    """Learn the addresses of kernel objects by kcmp."""
    return at_each(target, lambda pid: system_call("kcmp", pid, pid, 0, 0, 0))


@attack()
def takes_files_from_others(target):
    """Lower another's limit of open files to nothing: it can open none."""
    nothing = struct.pack("QQ", 0, 0)

    def limit(pid):
        return checked(libc.prlimit(pid, 7, nothing, None)) or "limited"

    return at_each(target, limit)


@attack()
def takes_processor_time_from_others(target):
    """Make another process nice."""
    return at_each(
        target, lambda pid: os.setpriority(os.PRIO_PROCESS, pid, 19) or "set"
    )


@attack()
def binds_others_to_one_core(target):
    """Change another process' cores."""
    return at_each(target, lambda pid: os.sched_setaffinity(pid, {0}) or "bound")


@attack()
def makes_others_idle(target):
    """Give another process the idle policy."""
    idle = os.sched_param(0)
    return at_each(
        target, lambda pid: os.sched_setscheduler(pid, os.SCHED_IDLE, idle) or "idle"
    )


@attack()
def takes_the_disk_from_others(target):
    """Lower another's disk priority."""
    return at_each(
        target, lambda pid: system_call("ioprio_set", 1, pid, 3 << 13) or "set"
    )


@attack()
def offers_others_to_the_memory_killer(target):
    """Make another process the first to be killed when memory is short."""

    def offer(pid):
        with open(f"/proc/{pid}/oom_score_adj", "w") as file:
            return file.write("1000")

    return at_each(target, offer)


@attack(at_l1=EITHER)
def moves_memory_of_others(target):
    """Move another process' pages."""
    masks = (ctypes.c_ulong(1), ctypes.c_ulong(1))
    places = [ctypes.byref(mask) for mask in masks]
    return at_each(
        target, lambda pid: system_call("migrate_pages", pid, 64, *places) or "moved"
    )


@attack(at_l1=EITHER)
def throws_out_memory_of_others(target):
    """Advise the kernel about another process' memory."""

    def advise(pid):
        number = system_call("pidfd_open", pid, 0)
        return system_call("process_madvise", number, None, 0, 21, 0) or "advised"

    return at_each(target, advise)
