"""What a confined worker can do, expression by expression."""

import re

import pytest

from lrcourse.grading.sandbox.host.pool import Pool
from lrcourse.grading.sandbox.jail import Level, best_level
from lrcourse.grading.sandbox.messages import Call, Load, Raised


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
        assert not isinstance(reply, Raised), reply
    else:
        assert re.search(said, reply.problem.type), reply


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
            workers[level].ask(Load([("c", cell)]))
        return lambda code: workers[level].ask(Call("run", [code]))

    return at
