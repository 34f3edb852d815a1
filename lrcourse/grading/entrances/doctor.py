"""What confinement stops here: each thing is tried, in a worker like a learner's.

What is aimed at are decoys made for the purpose: a private file, a listening socket, a
sleeping process. Nothing of anybody's is touched.
"""

import contextlib
import os
import secrets
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lrcourse.grading.sandbox.host.interpreter import Interpreter, Stopped
from lrcourse.grading.sandbox.host.pool import Pool
from lrcourse.grading.sandbox.jail import Level
from lrcourse.grading.sandbox.jail.users import NOBODY, is_root
from lrcourse.grading.sandbox.messages import Call, Load, Value

SECRET_VARIABLE = "LRCOURSE_DECOY"
ONLY_HONESTY = """\
What an exercise asks its answers not to use is hidden as a file from L2 on. Parts of a
package that is imported already, such as PyTorch's compiled update rules, stay in
memory: something else is put in their place, which guards honesty and nothing else."""


@dataclass(frozen=True)
class Row:
    """One attempt in plain words, and whether it was stopped."""

    attempt: str
    stopped: bool


# an attempt succeeds when its code ends without an exception and does not return False
ATTEMPTS = {
    "read a private file": "open(FILE).read()",
    "list a private folder": "os.listdir(FOLDER)",
    "see that a private file exists": "os.stat(FILE)",
    "write outside its own folder": "open(FOLDER + '/new', 'w').close()",
    "empty a file by opening it": "os.close(os.open(FILE, os.O_RDONLY | os.O_TRUNC))",
    "change who may read a private file": "os.chmod(FILE, 0o777)",
    "change the date of a private file": "os.utime(FILE, (1, 1))",
    "connect to a server": "socket.create_connection(('127.0.0.1', PORT), 1).close()",
    "send a datagram": (
        "socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', PORT))"
    ),
    "start a program": "subprocess.run([sys.executable, '-c', ''], check=True)",
    "make a second process": "os.fork() or os._exit(0)",
    "send a signal to another process": "os.kill(PROCESS, 0)",
    "change another process' limits": (
        "resource.prlimit(PROCESS, resource.RLIMIT_NOFILE, (8, 8))"
    ),
    "look into another process' memory": "open(f'/proc/{PROCESS}/maps').read()",
    "see other processes": "os.listdir(f'/proc/{PROCESS}')",
    "stop another process like a debugger": (
        "ctypes.CDLL(None).ptrace(16, PROCESS, 0, 0) == 0"
    ),
    "make a world of its own": "ctypes.CDLL(None).unshare(0x10000000) == 0",
    "read a secret from the environment": f"os.environ['{SECRET_VARIABLE}']",
    "take 3 GiB of memory": "bytearray(3 << 30)",
    "take memory that no limit counts": ("os.memfd_create('x')"),
    "write a file of 100 MiB": (
        "f = open('big', 'wb'); [f.write(bytes(1 << 20)) for _ in range(100)]"
    ),
    "start 1000 threads": (
        "threading.stack_size(1 << 16);"
        "[threading.Thread(target=time.sleep, args=(2,), daemon=True).start()"
        " for _ in range(1000)]"
    ),
}
_IMPORTS = "import ctypes, os, socket, subprocess, sys, threading, time"
_RESOURCE = "try: import resource\nexcept ImportError: pass"


def try_everything(level: Level) -> list[Row]:
    """Try everything at `level`, which must work here, and say what was stopped."""
    with _decoys() as names, contextlib.ExitStack() as after:
        pool = Pool(spares=1, level=level)
        after.callback(pool.close)
        return [
            Row(attempt, not _try(pool.take(), names, code))
            for attempt, code in ATTEMPTS.items()
        ]


def _try(interpreter: Interpreter, names: dict[str, str | int], code: str) -> bool:
    """Let one fresh worker try, as the body of a learner's function."""
    given = "\n".join(f"{name} = {value!r}" for name, value in names.items())
    *first, last = code.split(";")
    body = "".join(
        f"    {line.strip()}\n" for line in [*first, f"return {last.strip()}"]
    )
    cells = [["decoys", f"{_IMPORTS}\n{_RESOURCE}\n{given}"], ["", f"def f():\n{body}"]]
    try:
        interpreter.ask(Load(cells))
        reply = interpreter.ask(Call("f"))
    except Stopped:
        return False
    finally:
        interpreter.kill()
    return isinstance(reply, Value) and reply.value is not False


@contextlib.contextmanager
def _decoys() -> Iterator[dict[str, str | int]]:
    """Yield the names of what is aimed at, and clear it away afterwards."""
    with contextlib.ExitStack() as after:
        folder = Path(after.enter_context(tempfile.TemporaryDirectory()))
        file = folder / "private"
        file.write_text(secrets.token_hex())
        listening = after.enter_context(socket.create_server(("127.0.0.1", 0)))
        process = _sleeper()
        after.callback(process.wait)
        after.callback(process.kill)
        if is_root():  # as if the learner's code ran as the one who owns all this
            for path in (folder, file):
                os.chown(path, NOBODY, NOBODY)
        os.environ[SECRET_VARIABLE] = secrets.token_hex()
        after.callback(os.environ.pop, SECRET_VARIABLE)
        yield {
            "FOLDER": str(folder),
            "FILE": str(file),
            "PORT": listening.getsockname()[1],
            "PROCESS": process.pid,
        }


def _sleeper() -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-c", "import time; time.sleep(600)"]
    if is_root():
        return subprocess.Popen(["sleep", "600"], user=NOBODY, group=NOBODY, cwd="/")
    return subprocess.Popen(command)
