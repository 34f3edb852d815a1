"""What a worker's grader sees: limits kept, prints kept short, no process left."""

import os
import re
import select
import signal
import socket
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from lrcourse.grading.sandbox.host import interpreter as interpreters
from lrcourse.grading.sandbox.host.interpreter import (
    Died,
    Interpreter,
    OutOfTime,
    Pool,
)
from lrcourse.grading.sandbox.host.process import start_alone
from lrcourse.grading.sandbox.host.replies import checked
from lrcourse.grading.sandbox.host.scratch import MOST_ENTRIES, Box
from lrcourse.grading.sandbox.jail import Level, best_level
from lrcourse.grading.sandbox.preload import imported_names, kind_for
from lrcourse.grading.sandbox.wire import WireError

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="forked workers are Linux'")
IMPORT_ERRORS = ("ImportError", "ModuleNotFoundError")
FORGE = (
    "import gc, sys\n"
    "def worker():\n"
    "    frame = sys._getframe()\n"
    "    while 'self' not in frame.f_locals or not hasattr("
    "frame.f_locals['self'], 'replies'):\n"
    "        frame = frame.f_back\n"
    "    return frame.f_locals['self']\n"
)


@pytest.fixture(scope="module")
def pools():
    pools = {}
    yield pools
    for pool in pools.values():
        pool.close()


@pytest.fixture
def loaded(pools):
    """Return a function that loads cells into a worker of some level."""
    taken = []

    def load(*cells, level=None, forbidden=(), skip=()):
        level = best_level() if level is None else level
        if level > best_level():
            pytest.skip(f"this machine can do {best_level().name} only")
        if level not in pools:
            pools[level] = Pool(level=level)
        taken.append(pools[level].take())
        named = [[f"cell {number}", source] for number, source in enumerate(cells, 1)]
        taken[-1].ask(loading(named, forbidden, skip))
        return taken[-1]

    yield load
    for interpreter in taken:
        interpreter.kill()


def loading(cells, forbidden=(), skip=()):
    request = {"op": "load", "cells": list(cells)}
    return request | {"forbidden": list(forbidden), "skip": list(skip)}


def calling(name, *args):
    request = {"op": "call", "target": name, "args": list(args)}
    return request | {"kwargs": {"dict": []}}


def value_of(interpreter, name, *args):
    return interpreter.ask(calling(name, *args))["value"]


@pytest.mark.parametrize("level", list(Level)[1:])
def test_a_call_comes_back_at_every_level(level, loaded):
    worker = loaded("def f(x): return 2 * x", level=level)
    assert value_of(worker, "f", 4) == 8
    assert worker.level == level


def test_a_worker_started_alone_serves_as_well():
    level = min(Level.L1, best_level())
    worker = Interpreter(start_alone(level), level)
    worker.ask(loading([["c", "print('x')\ndef f(x): print('printed'); return x"]]))
    assert value_of(worker, "f", 4) == 4
    assert worker.printed() == "printed\n"
    assert worker.process.poll() is None
    worker.kill()
    assert worker.process.poll() is not None


@pytest.mark.parametrize("level", [Level.L1, Level.L2, Level.L3])
@pytest.mark.parametrize(
    "endless",
    ["while True: pass", "3 ** 10**9", "import time; time.sleep(99)"],
)
def test_what_does_not_end_is_ended(level, endless, loaded, monkeypatch):
    monkeypatch.setattr(interpreters, "CALL_SECONDS", 0.2)
    worker = loaded(f"def f():\n    {endless}", level=level)
    with pytest.raises(OutOfTime):
        worker.ask(calling("f"))
    assert worker.process.poll() is not None


def test_a_cell_that_does_not_end_is_named(loaded, monkeypatch):
    monkeypatch.setattr(interpreters, "CELL_SECONDS", 0.2)
    with pytest.raises(OutOfTime) as caught:
        loaded("x = 1", "y = [i for i in iter(int, 1)]")
    assert caught.value.cell == "cell 2"


def test_a_submission_that_takes_too_long_in_all_is_ended(loaded):
    worker = loaded("import time\ndef f(): time.sleep(0.01)")
    before = worker.seconds_left
    worker.ask(calling("f"))
    assert worker.seconds_left < before - 0.01
    worker.seconds_left = 0.05
    with pytest.raises(OutOfTime):
        [worker.ask(calling("f")) for _ in range(100)]


@pytest.mark.parametrize(
    "ending",
    [
        "os._exit(0)",
        "os.abort()",
        "ctypes.string_at(0)",
        "os.closerange(0, 100)",
        "os.write(4, b'x' * 100)",
        "os.write(4, b'\\x00\\x00\\x00\\x02[]')",
    ],
)
def test_a_worker_that_breaks_itself_has_died(ending, loaded):
    worker = loaded(f"import ctypes, os\ndef f(): {ending}")
    with pytest.raises(Died):
        worker.ask(calling("f"))
    with pytest.raises(Died):
        worker.ask(calling("f"))


def test_a_memory_bomb_is_a_memory_error(loaded):
    worker = loaded("def f(): return bytearray(3 << 30)", "def g(): return 1")
    assert worker.ask(calling("f"))["raised"] == "MemoryError"
    assert value_of(worker, "g") == 1


def test_files_without_a_name_fill_the_box_too(loaded):
    worker = loaded(
        "import os\nkept = []\ndef f():\n"
        "    for _ in range(80):\n"
        "        kept.append(open('x', 'wb'))\n"
        "        kept[-1].write(bytes(1 << 20))\n"
        "        os.unlink('x')",
        level=Level.L2,
    )
    with pytest.raises(Died):
        worker.ask(calling("f"))


@pytest.mark.parametrize("level", [Level.L2, Level.L3])
def test_the_box_takes_what_honest_cells_write_and_not_much_more(level, loaded):
    worker = loaded(
        "def small():\n    open('a', 'w').write('x')\n    return open('a').read()",
        "import time\ndef big():\n"
        "    for n in range(200): open(str(n), 'wb').write(bytes(1 << 20))\n"
        "    time.sleep(9)",
        level=level,
    )
    assert value_of(worker, "small") == "x"
    if level == Level.L3:
        assert "No space left" in worker.ask(calling("big"))["message"]
    else:
        with pytest.raises(Died):
            worker.ask(calling("big"))


def test_what_is_printed_is_kept_short_and_harmless(loaded):
    worker = loaded(
        "import sys\ndef f():\n"
        "    print('\\x1b[31mred\\u202e', 'back\\rover')\n"
        "    sys.stdout.buffer.write(b'\\xff')\n"
        "    print('wrong', file=sys.stderr)",
        "def g(): print('x' * 2**24)",
        "def h(): return 1",
    )
    worker.ask(calling("f"))
    assert "\\x1b[31mred\\u202e back\nover" in worker.printed()
    assert "\N{REPLACEMENT CHARACTER}" in worker.printed()
    assert "wrong\n" in worker.printed()
    worker.ask(calling("g"))
    assert worker.printed() == "x" * 2**16
    value_of(worker, "h")
    assert worker.printed() == ""


def test_last_words_are_kept_when_the_worker_dies(loaded):
    worker = loaded("import os\ndef f(): print('so far', flush=True); os._exit(1)")
    with pytest.raises(Died):
        worker.ask(calling("f"))
    assert worker.printed() == "so far\n"


def test_a_reply_from_a_call_before_is_not_taken_for_this_ones(loaded):
    worker = loaded(
        FORGE + "def early():\n"
        "    stale = worker()\n"
        "    nonce = stale.nonce\n"
        "    def forge():\n"
        "        stale.nonce = nonce\n"
        "        type(stale).say(stale, {'value': 1})\n"
        "    return forge",
        "def wrong(): return 0",
    )
    forge = value_of(worker, "early")["reference"]["object"]
    with pytest.raises(Died):
        worker.ask({"op": "call", "target": forge, "args": [], "kwargs": {"dict": []}})


def test_an_oracle_that_nobody_gave_cannot_be_called(loaded):
    worker = loaded(
        FORGE + "def f():\n    worker().say({'oracle': 0, 'args': [], 'kwargs': []})"
    )
    with pytest.raises(Died):
        worker.ask(calling("f"))


@pytest.mark.parametrize(
    "reply",
    [
        None,
        [],
        {"nonce": "old", "value": 1},
        {"nonce": "n"},
        {"nonce": "n", "unheard": 1},
        {"nonce": "n", "oracle": -1, "args": [], "kwargs": {}},
        {"nonce": "n", "oracle": "0", "args": [], "kwargs": {}},
        {"nonce": "n", "oracle": 0},
        {"nonce": "n", "running": 5},
        {"nonce": "n", "raised": ["E"], "message": ""},
        {"nonce": "n", "raised": "E", "message": "", "line": "5"},
        {"nonce": "n", "broken": 5},
        {"nonce": "n", "loaded": True},
        {"nonce": "n", "raised": "E", "message": "", "because": 5},
    ],
)
def test_a_reply_of_no_known_form_is_refused(reply):
    with pytest.raises(WireError):
        checked(reply, "n")


def test_the_texts_of_a_reply_are_harmless():
    reply = {"nonce": "n", "raised": "E\x1b[1m", "message": "a\u202eb" + "x" * 9999}
    problem = checked(reply | {"because": reply | {"unknown_name": "z"}}, "n")
    assert problem["raised"] == "E\\x1b[1m"
    assert problem["message"].startswith("a\\u202ebx")
    assert len(problem["message"]) < 2100
    assert problem["because"]["unknown_name"] == "z"


def test_ipythons_words_do_nothing_and_break_nothing(loaded):
    worker = loaded(
        "get_ipython().run_line_magic('matplotlib', 'inline')\n"
        "display(1, metadata={})\nx = 5",
        "%%time\ndef f(): return x",
        "!ls\ny = 2",
    )
    assert value_of(worker, "f") == 5


def test_hostile_types_and_messages_cost_their_own_call_only(loaded):
    worker = loaded(
        "class Meta(type):\n    def __getattribute__(cls, name): raise SystemExit",
        "class Odd(metaclass=Meta): pass\nmade = Odd()",
        "class Mute(Exception):\n    def __str__(self): raise KeyboardInterrupt",
        "def odd(): return made",
        "def mute(): raise Mute",
        "def huge(): return 'x' * (70 << 20)",
        "def one(): return 1",
    )
    assert "not_plain" in value_of(worker, "odd") or worker.ask(calling("one"))
    assert worker.ask(calling("mute"))["message"] == "its message could not be read"
    assert "allowed" in value_of(worker, "huge")["not_plain"]
    assert value_of(worker, "one") == 1


def test_luck_is_the_same_in_every_worker(loaded):
    source = (
        "import random, numpy as np\n"
        "def f(): return [random.random(), np.random.rand(), hash('a')]"
    )
    assert value_of(loaded(source), "f") == value_of(loaded(source), "f")


def test_forbidden_parts_of_a_loaded_package_refuse_in_words(loaded):
    worker = loaded(
        "import numpy",
        "def f(): return numpy.fft.fft([1.0])",
        "def g():\n    import numpy.fft as x",
        "def h(): return open(numpy.__path__[0] + '/fft/__init__.py').read()",
        forbidden=["numpy.fft"],
    )
    for name in "fg":
        assert "numpy.fft may not be used here" in worker.ask(calling(name))["message"]
    if worker.level >= Level.L2:
        assert worker.ask(calling("h"))["raised"] == "PermissionError"


def test_an_open_room_can_be_imported_and_the_grader_cannot(loaded):
    worker = loaded(
        "def f():\n    from lrcourse.schedules import constant\n"
        "    return constant(0.5)(0)",
        "def g():\n    import lrcourse.grading.sandbox.guest.worker",
        "def h():\n    import lrcourse.authoring.exercises",
        "def seen():\n    import sys\n    return sorted(n for n in sys.modules"
        " if n.startswith('lrcourse'))",
    )
    assert value_of(worker, "f") == 0.5
    for name in "gh":
        assert worker.ask(calling(name))["raised"] in IMPORT_ERRORS
    assert set(value_of(worker, "seen")) <= {
        "lrcourse",
        "lrcourse.grading",
        "lrcourse.schedules",
        "lrcourse._settings",
    }


def test_a_worker_holds_nothing_of_checks_or_references(loaded):
    worker = loaded(
        "import gc, types\n"
        "def f():\n"
        "    gc.unfreeze()\n"
        "    return sorted({o.__name__ for o in gc.get_objects()"
        " if isinstance(o, types.ModuleType)})"
    )
    names = value_of(worker, "f")
    assert "numpy" in names
    ours = re.compile(r"(^|\.)test_|mistakes|^pytest")
    assert not [name for name in names if ours.search(name)]


@LINUX
@pytest.mark.parametrize("level", [Level.L1, Level.L2, Level.L3])
@pytest.mark.parametrize("end", ["close", "kill the warm one", "kill the grader"])
def test_no_process_is_left(level, end, tmp_path):
    """A worker is busy in an endless loop when its grader closes, or is killed."""
    if level > best_level():
        pytest.skip(f"this machine can do {best_level().name} only")
    endless = loading([["c", "def f():\n    while True: pass"]])
    code = f"""
        import os, signal, sys, threading
        from lrcourse.grading.sandbox.host.interpreter import Pool, Stopped
        pool = Pool(level={int(level)})
        worker = pool.take()
        worker.ask({endless!r})
        def busy():
            try:
                worker.ask({calling("f")!r})
            except Stopped:
                pass
        thread = threading.Thread(target=busy, daemon=True)
        thread.start()
        warm = pool._warm["numpy"].process.pid
        print(warm, worker.process.pid, flush=True)
        sys.stdin.readline()
        if "{end}" == "close":
            pool.close()
        elif "{end}" == "kill the warm one":
            os.kill(warm, signal.SIGKILL)
        else:
            os.kill(os.getpid(), signal.SIGKILL)
        thread.join()
        print("over", flush=True)
        sys.stdin.readline()
    """
    grader = subprocess.Popen(
        [sys.executable, "-P", "-c", textwrap.dedent(code)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
    )
    warm, worker = map(int, grader.stdout.readline().split())
    handles = [os.pidfd_open(number) for number in (warm, worker)]
    family = descendants(grader.pid)
    assert {warm, worker} <= family
    grader.stdin.write("now\n")
    grader.stdin.flush()
    if end != "kill the grader":
        assert grader.stdout.readline() == "over\n"
    for handle in handles:
        wait_for_end(handle)
    gone_within_a_moment(family - {grader.pid})
    grader.kill()
    grader.communicate()


@LINUX
def test_who_loses_its_parent_before_it_can_ask_to_die_with_it_ends_too():
    code = """
        import os, signal, sys, time
        from lrcourse.grading.sandbox.guest import forkserver
        from lrcourse.grading.sandbox.jail import limits
        parent, ask = os.getpid(), limits.die_with_parent
        def ask_late():
            while os.getppid() == parent:
                time.sleep(0.001)
            ask()
        limits.die_with_parent = ask_late
        print(warm._fork(lambda: time.sleep(60)), flush=True)
        sys.stdin.readline()
        os.kill(parent, signal.SIGKILL)
    """
    with subprocess.Popen(
        [sys.executable, "-P", "-c", textwrap.dedent(code)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as parent:
        handle = os.pidfd_open(int(parent.stdout.readline()))
    wait_for_end(handle)


@LINUX
def test_a_worker_that_nobody_wants_may_have_ended(monkeypatch):
    from lrcourse.grading import warm  # here, because it is Linux' alone

    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)

    def refuse(*_):
        child.kill()
        child.communicate()
        raise BrokenPipeError

    monkeypatch.setattr(socket, "send_fds", refuse)
    ours, theirs = socket.socketpair()
    with ours, theirs:
        warm._tell(theirs.fileno(), child.pid)
    assert child.returncode == -signal.SIGKILL


@LINUX
def test_a_warm_interpreter_that_was_killed_is_replaced():
    pool = Pool()
    pool._warm["numpy"].process.kill()
    pool._warm["numpy"].process.wait()
    worker = pool.take()
    with pytest.raises((Died, interpreters.CannotStart)):
        worker.ask(loading([]))
    pool._fill(1)
    assert pool.take().ask(loading([])) == {"loaded": True}
    pool.close()


def test_a_worker_that_nobody_asked_is_ended_quietly():
    pool = Pool(spares=2)
    worker = pool.take()
    worker.kill()
    worker.kill()
    with pytest.raises(Died):
        worker.ask(loading([]))
    pool.close()


def test_a_box_is_full_by_size_or_by_number(tmp_path):
    box = Box()
    assert not box.is_full()
    (box.path / "big").write_bytes(bytes(65 << 20))
    assert box.is_full()
    (box.path / "big").unlink()
    for number in range(MOST_ENTRIES + 1):
        (box.path / str(number)).touch()
    assert box.is_full()
    box.close()
    assert not box.path.exists()


def test_a_box_is_removed_however_deep_it_is_and_links_are_not_followed(tmp_path):
    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / "file").write_text("x")
    box = Box()
    (box.path / "link").symlink_to(kept)
    os.mkfifo(box.path / "pipe")
    here = os.open(box.path, os.O_RDONLY)
    for _ in range(1500):  # deeper than Python recurses, longer than a path may be
        os.mkdir("deeper", dir_fd=here)
        following = os.open("deeper", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = following
    os.close(here)
    (box.path / "shut").mkdir(mode=0)
    box.close()
    assert not box.path.exists()
    assert (kept / "file").read_text() == "x"


@pytest.mark.parametrize(
    ("sources", "names", "kind"),
    [
        (["import math\nimport numpy as np"], {"math", "numpy"}, "numpy"),
        (["x = 1"], set(), "numpy"),
        (["if x:\n    from matplotlib import pyplot"], {"matplotlib"}, "plots"),
        (["import os, pandas.io as p"], {"os", "pandas"}, "science"),
        (["import torch.nn as nn", "import numpy"], {"torch", "numpy"}, "torch"),
        (["def f(:\n  import torch"], {"torch"}, "torch"),
    ],
)
def test_the_kind_of_interpreter_follows_the_imports(sources, names, kind):
    assert imported_names(sources) == names
    assert kind_for(names) == kind


def test_what_a_room_of_ours_imports_counts_too():
    assert "torch" in imported_names(["from lrcourse.training.torch_loop import fit"])
    assert "matplotlib" in imported_names(["from lrcourse import plotting"])
    assert kind_for(imported_names(["from lrcourse.grading import check"])) == "numpy"


def wait_for_end(handle):
    waiting = select.poll()
    waiting.register(handle, select.POLLIN)
    assert waiting.poll(10_000), "a process outlived its grader"
    os.close(handle)


def gone_within_a_moment(numbers):
    for number in numbers:
        try:
            handle = os.pidfd_open(number)
        except ProcessLookupError:
            continue
        wait_for_end(handle)


def descendants(root):
    """Return the numbers of `root` and of all processes below it."""
    parents = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(path.parent.name)] = int(fields[1])
    found = {root}
    while more := {child for child, parent in parents.items() if parent in found}:
        if more <= found:
            return found
        found |= more
    return found
