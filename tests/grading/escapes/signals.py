"""Sending signals, by every door that the kernel has."""

import fcntl
import os
import signal
import socket
import struct
import time

from tests.grading.escapes.tools import (
    EITHER,
    NOT_RUN,
    at_each,
    attack,
    first,
    system_call,
)


@attack()
def kills(target):
    """Send SIGKILL."""
    return at_each(target, lambda pid: os.kill(pid, signal.SIGKILL) or "sent")


@attack()
def stops_who_waits(target):
    """Send SIGSTOP to the grader: it would wait for ever."""
    return at_each(target, lambda pid: os.kill(pid, signal.SIGSTOP) or "sent")


@attack()
def kills_one_thread(target):
    """Send by thread: tkill and tgkill."""
    return first(
        lambda name=name, ids=ids: system_call(name, *ids, 9) or "sent"
        for pid in target.victims
        for name, ids in (("tgkill", (pid, pid)), ("tkill", (pid,)))
    )


@attack()
def queues_a_signal(target):
    """Send with a value: rt_sigqueueinfo and its twin for threads."""
    fields = (signal.SIGTERM, 0, -1, 0, os.getpid(), os.getuid())
    info = struct.pack("6i", *fields).ljust(128, b"\0")
    return first(
        lambda name=name, ids=ids: system_call(name, *ids, 15, info) or "sent"
        for pid in target.victims
        for name, ids in (
            ("rt_sigqueueinfo", (pid,)),
            ("rt_tgsigqueueinfo", (pid, pid)),
        )
    )


@attack()
def signals_through_a_pidfd(target):
    """Send through a descriptor of the process."""

    def send(pid):
        number = system_call("pidfd_open", pid, 0)
        return system_call("pidfd_send_signal", number, 9, None, 0) or "sent"

    return at_each(target, send)


@attack()
def signals_a_group(target):
    """Send to a whole process group."""
    return at_each(target, lambda pid: os.killpg(pid, signal.SIGKILL) or "sent")


@attack(at_l1=NOT_RUN)
def signals_everybody(target):
    """Ask whether a signal to every process would be allowed."""
    return os.kill(-1, 0) or "allowed"


@attack(at_l1=EITHER)
def shares_a_group_with_the_grader(target):
    """Be reached by, and reach, what is sent to the grader's group."""
    return os.getpgid(0) if os.getpgid(0) in target.groups else None


@attack()
def lets_a_pipe_send_the_signal(target):
    """F_SETOWN, F_SETSIG and O_ASYNC: the kernel sends SIGKILL when data arrives."""

    def send(pid):
        reading, writing = os.pipe()
        fcntl.fcntl(reading, fcntl.F_SETOWN, pid)
        return armed(reading, writing)

    return at_each(target, send)


@attack()
def lets_a_pipe_send_the_signal_by_the_newer_call(target):
    """Do so with F_SETOWN_EX."""

    def send(pid):
        reading, writing = os.pipe()
        fcntl.fcntl(reading, 15, struct.pack("ii", 1, pid))
        return armed(reading, writing)

    return at_each(target, send)


@attack()
def lets_a_socket_send_the_signal(target):
    """Do so with FIOSETOWN and SIOCSPGRP."""

    def send(pid, request):
        reading, writing = socket.socketpair()
        fcntl.ioctl(reading, request, struct.pack("i", pid))
        return armed(reading.fileno(), writing.fileno())

    return at_each(
        target,
        lambda pid: first([lambda: send(pid, 0x8901), lambda: send(pid, 0x8902)]),
    )


def armed(reading, writing):
    """Let the arrival of one byte raise SIGKILL at the owner."""
    fcntl.fcntl(reading, 10, int(signal.SIGKILL))
    fcntl.fcntl(reading, fcntl.F_SETFL, os.O_ASYNC | os.O_NONBLOCK)
    os.write(writing, b"x")
    time.sleep(0.05)
    return "sent"
