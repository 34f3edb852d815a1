"""Starting other processes and programs."""

import ctypes
import multiprocessing
import os
import signal
import struct
import subprocess
import time

from tests.grading.escapes.tools import EITHER, attack, libc, system_call


@attack()
def forks(target):
    """Leave a process behind."""
    if os.fork() == 0:
        os.setsid()
        time.sleep(8)
        os._exit(0)
    return "forked"


@attack()
def forks_by_number(target):
    """Call clone itself, without the flag for a thread."""
    pid = system_call("clone", int(signal.SIGCHLD), 0, 0, 0, 0)
    if pid == 0:
        libc.sleep(8)
        libc._exit(0)
    return pid


@attack()
def forks_by_clone3(target):
    """Call the newest one, whose arguments a filter cannot see."""
    arguments = struct.pack("11Q", 0, 0, 0, 0, signal.SIGCHLD, *[0] * 6)
    pid = system_call("clone3", arguments, len(arguments))
    if pid == 0:
        libc.sleep(8)
        libc._exit(0)
    return pid


@attack()
def forks_by_vfork(target):
    """Start a program by posix_spawn, which uses vfork."""
    return os.posix_spawn("/bin/sleep", ["sleep", "8"], {})


@attack()
def runs_a_program(target):
    """Use subprocess."""
    return subprocess.run(["/bin/echo", "ran"], stdout=-1).stdout


@attack()
def runs_a_shell(target):
    """Use os.system and os.popen."""
    return os.system("true") == 0 or os.popen("echo ran").read() or None


@attack()
def runs_workers(target):
    """Use multiprocessing."""
    child = multiprocessing.get_context("fork").Process(target=time.sleep, args=(0,))
    child.start()
    return child.join() or "ran"


@attack(at_l1=EITHER, ends="refused")
def becomes_another_program(target):
    """Use execve: the new program has the grader's channel."""
    return os.execv("/bin/sh", ["sh", "-c", f"echo > {target.home}/ran"])


@attack(at_l1=EITHER, ends="refused")
def becomes_a_program_by_descriptor(target):
    """Use execveat on an open file."""
    number = os.open("/bin/sh", os.O_RDONLY)
    words = (b"sh", b"-c", f"echo > {target.home}/ran".encode(), None)
    arguments = (ctypes.c_char_p * 4)(*words)
    return system_call("execveat", number, b"", arguments, None, 0x1000)
