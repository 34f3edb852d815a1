"""Where an attack meets a worker: run, killed, and everything looked at afterwards."""

import contextlib
import ctypes
import importlib
import inspect
import os
import shutil
import signal
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

from lrcourse.grading.sandbox.codec import Codec
from lrcourse.grading.sandbox.host.interpreter import (
    Died,
    Interpreter,
    OutOfTime,
    Stopped,
)
from lrcourse.grading.sandbox.host.pool import Pool
from lrcourse.grading.sandbox.jail import Level
from lrcourse.grading.sandbox.messages import Call, Load, Value
from tests.grading.escapes import tools
from tests.grading.escapes.bait import CANARY, VARIABLE, Bait, family, process_state

THEMES = (
    "reading",
    "changing",
    "surroundings",
    "network",
    "signals",
    "others",
    "starting",
    "kernel",
    "rights",
    "amounts",
    "endings",
)


def _theme(name: str):
    return importlib.import_module(f"tests.grading.escapes.{name}")


ATTACKS = {
    name.replace("_", " "): SimpleNamespace(name=name, theme=theme, **vars(function))
    for theme in THEMES
    for name, function in vars(_theme(theme)).items()
    if hasattr(function, "at_l1")
}
# the worker has no `tests`: this gives it the one module that every theme imports
_TOOLS = f"""\
import sys, types
for name in ("tests", "tests.grading", "tests.grading.escapes"):
    sys.modules[name] = types.ModuleType(name)
tools = sys.modules["tests.grading.escapes"].tools = types.ModuleType("tools")
sys.modules["tests.grading.escapes.tools"] = tools
done = exec({inspect.getsource(tools)!r}, vars(tools))
"""
ENDINGS = ("late", "died")  # of these, one moment is enough
_WORST_FIRST = ("got", "nothing", "refused")
_SUBREAPER = 36  # what loses its parent below this process becomes its child

# a grader to be killed while its worker, deaf to all signals, computes for ever
GRADER = """
import sys
from lrcourse.grading.sandbox.host.pool import Pool
from lrcourse.grading.sandbox.jail import Level
from lrcourse.grading.sandbox.messages import Call, Load
worker = Pool(level=Level[sys.argv[1]]).take()
source = '''
import ctypes, signal
free = ctypes.CDLL(None).prctl(1, 0, 0, 0, 0)
deaf = signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
def answer():
    while True: pass
'''
worker.ask(Load([("c", source)]))
print("loaded", flush=True)
worker.ask(Call("answer"))
"""


@dataclass
class Found:
    """What an attack came to: how its worker ended, what it got, what it changed."""

    end: str
    got: str = ""
    harm: dict[str, object] = field(default_factory=dict)

    @property
    def possible(self) -> bool:
        """Tell whether anything was got or changed."""
        return bool(self.end == "got" or self.harm)


class Arena:
    """A pool at one level with an idle worker beside the attacked one."""

    def __init__(self, level: Level) -> None:
        self.level = level
        self._there = family(os.getpid())
        ctypes.CDLL(None).prctl(_SUBREAPER, 1)
        self.folder = Path(tempfile.mkdtemp(prefix="scratch-", dir="/tmp"))
        self.folder.chmod(0o755)
        self._before = os.environ.get("TMPDIR"), tempfile.tempdir
        os.environ |= {VARIABLE: CANARY, "TMPDIR": str(self.folder)}
        tempfile.tempdir = None
        self.pool = Pool(spares=0, level=level)
        self.neighbour = self.idle_worker()
        self.user = self.answers()
        self.staying = self._who_stays()

    def run(self, attack) -> Found:
        """Run `attack` as a cell and inside a call, and find what it came to."""
        scratch, bait = self._scratch(), Bait(*self.user)
        there = family(os.getpid())
        worker = self.pool.take()
        try:
            others = [*self.staying, os.getpid()] if self.level >= Level.L2 else []
            before = self._state(bait)
            found = _outcome(worker, _cells(attack, bait.told(others)))
            found.harm |= _printed(worker) | _killed(worker)
            found.harm |= _differences(before, self._state(bait))
            if self._scratch() != scratch:
                found.harm["scratch left"] = self._scratch()
            if left := left_over(there):
                found.harm["processes left"] = len(left)
        finally:
            worker.kill()
            bait.close()
        return found

    def close(self) -> list[str]:
        """End everything; return what is left of scratch folders and processes."""
        self.neighbour.kill()
        self.pool.close()
        left = self._scratch() + [str(pid) for pid in left_over(self._there)]
        ctypes.CDLL(None).prctl(_SUBREAPER, 0)
        shutil.rmtree(self.folder)
        folder, tempfile.tempdir = self._before
        del os.environ[VARIABLE], os.environ["TMPDIR"]
        if folder is not None:
            os.environ["TMPDIR"] = folder
        return left

    def _scratch(self) -> list[str]:
        return sorted(os.listdir(self.folder))

    def _who_stays(self) -> list[int]:
        """Return the processes that no single worker's end takes away."""
        staying = family(os.getpid()) - self._there
        self.idle_worker().kill()
        return sorted(staying & family(os.getpid()))

    def idle_worker(self) -> Interpreter:
        """Return a worker that runs, and was asked for after all others."""
        worker = self.pool.take()
        source = "import os\ndef user(): return [os.getuid(), os.getgid()]"
        worker.ask(Load([("cell", source)]))
        return worker

    def answers(self) -> list[int]:
        """Return the neighbour's user and group, or nothing where it is gone."""
        try:
            return self.neighbour.ask(Call("user")).value
        except Stopped:
            self.neighbour = self.idle_worker()  # for the attacks that follow
            return []

    def _state(self, bait: Bait) -> dict[str, object]:
        state = bait.state()
        state |= {f"process {pid}": process_state(pid) for pid in self.staying}
        state["grader"] = process_state(os.getpid())
        return state | {"neighbour": self.answers()}


def _cells(attack, told) -> list[tuple[str, str]]:
    theme = inspect.getsource(_theme(attack.theme))
    attempt = (
        f"sys.modules['tests.grading.escapes.tools'].attempt({attack.name}, target)"
    )
    last = f"def answer(): return [{attempt}]"
    if attack.ends not in ENDINGS:
        last = f"outcome = {attempt}\ndef answer(): return [outcome, {attempt}]"
    target = f"import sys, types\ntarget = types.SimpleNamespace(**{told!r})"
    return [("cell", source) for source in (_TOOLS, theme, target, last)]


def _outcome(worker, cells) -> Found:
    try:
        worker.ask(Load(cells))
        reply = worker.ask(Call("answer"))
    except OutOfTime:
        return Found("late")
    except Died:
        return Found("died")
    if not isinstance(reply, Value):
        return Found("mistaken", repr(reply))
    outcomes = Codec().decode(reply.value)
    # what it got at either moment counts
    end, got = min(outcomes, key=lambda one: _WORST_FIRST.index(one[0]))
    harm = {"read": got} if CANARY in repr(outcomes) else {}
    return Found(end, got, harm)


def _printed(worker) -> dict[str, object]:
    text = worker.printed()
    harm = {"printed": len(text)} if len(text) > 66_000 else {}
    return harm | ({"read": text} if CANARY in text else {})


def _killed(worker) -> dict[str, object]:
    try:
        worker.kill()
    except Exception as error:  # whatever it is, it would end the grading
        return {"cleaning failed": repr(error)[:200]}
    return {}


def _differences(before, after) -> dict[str, object]:
    return {
        key: (before[key], after[key]) for key in before if before[key] != after[key]
    }


def left_over(there: set[int]) -> set[int]:
    """Return and end the processes below this one that were not `there` before."""
    for _ in range(200):
        left = family(os.getpid()) - there
        if not left:
            return left
        for pid in left:  # an orphan that ended waits for us to ask how
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)
        time.sleep(0.005)
    for pid in left:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(pid, 0)
    return left
