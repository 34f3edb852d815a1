"""The fork server: it imports once, then forks a confined worker per request.

Started fresh, it has never imported a check, a reference or an answer: a fork of a
process that has would hand them over, through ``gc``. Its standard input is a socket
from the grader; the first message says what to import and how well to confine, each
following one brings the descriptors of a new worker's pipes. Linux only.
"""

import contextlib
import gc
import importlib
import os
import select
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from lrcourse.grading.sandbox import pidfd
from lrcourse.grading.sandbox.forks import Fork, read_fork, read_setup
from lrcourse.grading.sandbox.guest import worker
from lrcourse.grading.sandbox.guest.environment import hide_the_course
from lrcourse.grading.sandbox.jail import Level, limits, namespaces
from lrcourse.grading.sandbox.jail.confine import Jail, prepare, seal
from lrcourse.grading.sandbox.jail.environment import clean_environment
from lrcourse.grading.sandbox.jail.view import of_this_python
from lrcourse.grading.sandbox.preload import modules_of

_TICK = 1000  # milliseconds


def main() -> None:
    """Serve one grader until it is gone."""
    control = socket.socket(fileno=0)
    grader = os.getppid()
    setup = read_setup(control.recv(2**16))
    level = Level(setup.level)
    _import(setup.preload)
    memory, view = limits.bytes_of_addresses(), of_this_python()
    sys.path[:] = [path for path in sys.path if Path(path) in view.places]
    hide_the_course()
    prepare(level, view)
    seal(level, view)
    gc.collect()
    gc.freeze()  # pages that nobody writes to stay shared with the workers
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # ended workers leave no trace
    for request, descriptors in _requests(control, grader):
        own = namespaces.SCRATCH_FOLDER if level >= Level.L3 else request.scratch
        hidden = tuple(request.hidden)
        prepare(level, view, hidden)
        _start(Jail(level, view, memory, Path(own), hidden), descriptors, control)


def _import(preload: str) -> None:
    for module in modules_of(preload):
        with contextlib.suppress(ModuleNotFoundError):  # not every extra is installed
            importlib.import_module(module)
    if torch := sys.modules.get("torch"):
        torch.set_num_threads(1)
        torch.ones(2, 2) @ torch.ones(2, 2)  # it looks at the processor, in /proc


def _requests(control: socket.socket, grader: int) -> Iterator[tuple[Fork, list[int]]]:
    """Yield each request and its four descriptors, while the grader lives."""
    poll = select.poll()
    poll.register(control, select.POLLIN)
    while os.getppid() == grader:  # a child of the grader's may hold the socket open
        if poll.poll(_TICK):
            request, descriptors, _, _ = socket.recv_fds(control, 2**16, 4)
            if not descriptors:
                return
            yield read_fork(request), descriptors


def _start(jail: Jail, descriptors: list[int], control: socket.socket) -> None:
    """Fork a worker, and hand the grader its pidfd."""
    *pipes, back = descriptors

    def work() -> None:
        control.close()
        _become_worker(jail, pipes)

    def keep() -> None:
        """Stay between, as the parent that a world of its own needs."""
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        namespaces.enter_own_processes()
        jail.cover()
        child = _fork(work)
        _tell(back, child)
        os.closerange(0, 3)
        for descriptor in pipes:
            os.close(descriptor)
        os.waitpid(child, 0)

    child = _fork(keep if jail.has_own_world else work)
    if not jail.has_own_world:
        _tell(back, child)
    for descriptor in descriptors:
        os.close(descriptor)


def _fork(task: Callable[[], None]) -> int:
    """Run `task` in a child process, which ends with its parent.

    It never returns into the code of its parent.
    """
    parent = os.pidfd_open(os.getpid())
    child = os.fork()
    if child == 0:
        try:
            limits.die_with_parent()
            if pidfd.has_ended(parent):  # before the line above
                os._exit(1)
            os.close(parent)
            task()
        except BaseException:  # said on standard error, which the grader keeps
            sys.excepthook(*sys.exc_info())
            os._exit(1)
        os._exit(0)
    os.close(parent)
    return child


def _tell(back: int, child: int) -> None:
    """Hand the grader a worker's pidfd, which stays valid whatever its number is."""
    try:
        descriptor = os.pidfd_open(child)
    except ProcessLookupError:  # it has ended already: the grader hears of no worker
        return
    try:
        with socket.socket(fileno=os.dup(back)) as way:
            socket.send_fds(way, [b"."], [descriptor])
    except OSError:  # the grader no longer wants it
        with contextlib.suppress(ProcessLookupError):  # it has ended meanwhile
            signal.pidfd_send_signal(descriptor, signal.SIGKILL)
    finally:
        os.close(descriptor)


def _become_worker(jail: Jail, pipes: list[int]) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for number, descriptor in enumerate(pipes):
        os.dup2(descriptor, number)
    os.closerange(3, os.sysconf("SC_OPEN_MAX"))
    os.chdir(jail.scratch)
    os.environ.clear()
    os.environ.update(clean_environment(str(jail.scratch)))
    worker.serve(jail)


if __name__ == "__main__":
    main()
