"""Never returning, and ending badly."""

import atexit
import ctypes
import os
import re
import signal
import sys
import threading
import time

from tests.grading.escapes.tools import EITHER, attack


@attack(at_l1=EITHER, ends="late")
def loops(target):
    """Never return."""
    while True:
        pass


@attack(at_l1=EITHER, ends="late")
def loops_in_c(target):
    """Compute one number without letting Python look at a clock."""
    return 3**10**9


@attack(at_l1=EITHER, ends="late")
def loops_in_a_regular_expression(target):
    """Match in exponential time."""
    return re.match(r"(a+)+$", "a" * 60 + "b")


@attack(at_l1=EITHER, ends="late")
def sleeps(target):
    """Use no processor time at all."""
    signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
    for number in set(range(1, 65)) - {9, 19, 32, 33}:
        signal.signal(number, signal.SIG_IGN)
    while True:
        time.sleep(60)


@attack(at_l1=EITHER, ends="late")
def stops_itself(target):
    """Send SIGSTOP to itself: nothing runs on, nothing ends."""
    os.kill(os.getpid(), signal.SIGSTOP)
    while True:  # where it may not
        time.sleep(60)


@attack(at_l1=EITHER, ends="late")
def loops_while_its_error_is_read(target):
    """Raise an exception whose text never comes."""

    class Endless(Exception):
        def __str__(self):
            while True:
                pass

    raise Endless


@attack(at_l1=EITHER, ends="died")
def exits(target):
    """End Python at once."""
    os._exit(0)


@attack(at_l1=EITHER, ends="died")
def aborts(target):
    """End by a signal that writes a core dump."""
    os.abort()


@attack(at_l1=EITHER, ends="died")
def crashes(target):
    """Read from address 0."""
    ctypes.string_at(0)


@attack(at_l1=EITHER, ends="died")
def overflows_the_stack(target):
    """Recurse in C until the stack is gone."""
    sys.setrecursionlimit(10**9)
    compare = None
    for _ in range(10**6):
        compare = (compare,)
    hash(compare)


@attack(at_l1=EITHER, ends="died")
def closes_every_descriptor(target):
    """Close the channel to the grader, and go on."""
    os.closerange(0, 4096)
    while True:
        time.sleep(60)


@attack(at_l1=EITHER)
def leaves_a_thread(target):
    """Return, and let a thread and an exit handler run on."""

    def work():
        while True:
            time.sleep(0.001)

    threading.Thread(target=work).start()
    atexit.register(work)
