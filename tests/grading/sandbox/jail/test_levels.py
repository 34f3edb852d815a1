"""What works on this machine is found by trying, and said in words."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from lrcourse.grading.entrances.doctor import ATTEMPTS, Row, try_everything
from lrcourse.grading.sandbox.host.interpreter import Interpreter
from lrcourse.grading.sandbox.host.pool import Pool
from lrcourse.grading.sandbox.host.process import CannotStart
from lrcourse.grading.sandbox.jail import (
    Level,
    best_level,
    landlock,
    levels,
    proof,
    seccomp,
)
from lrcourse.grading.sandbox.messages import Call, Load

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="levels above L1")

ALWAYS_STOPPED = {
    "read a secret from the environment",
    "take 3 GiB of memory",
    "write a file of 100 MiB",
    "start 1000 threads",
}


@pytest.fixture(scope="module")
def tables():
    """Return a function from a level to what it stops, tried once per level."""
    tried = {}

    def table(level):
        if level > best_level():
            pytest.skip(f"this machine can do {best_level().name} only")
        if level not in tried:
            tried[level] = {row.attempt: row.stopped for row in try_everything(level)}
        return tried[level]

    return table


def test_in_a_world_of_its_own_everything_is_stopped(tables):
    assert tables(Level.L3) == dict.fromkeys(ATTEMPTS, True)


def test_without_namespaces_one_thing_is_not_stopped(tables):
    open_ = {attempt for attempt, stopped in tables(Level.L2).items() if not stopped}
    assert open_ == {"see that a private file exists"}


def test_with_limits_alone_only_too_much_of_something_is_stopped(tables):
    stopped = {attempt for attempt, stopped in tables(Level.L1).items() if stopped}
    assert stopped == ALWAYS_STOPPED


def test_the_table_leaves_nothing_behind_in_the_environment(tables):
    before = dict(os.environ)
    tables(Level.L1)
    assert dict(os.environ) == before


def test_every_level_says_what_it_is():
    sentences = {level.sentence for level in Level}
    assert len(sentences) == 4
    assert Row("x", True) == Row("x", True)


def test_the_best_level_is_tried_once():
    assert best_level() is best_level()
    assert best_level() >= Level.L1


def test_more_than_the_machine_can_do_is_refused_by_both_names(monkeypatch):
    monkeypatch.setattr(levels, "best_level", lambda: Level.L2)
    assert levels.require(None) == Level.L2
    assert levels.require(Level.L1) == Level.L1
    with pytest.raises(ValueError, match=r"L3 was asked for .* can do L2"):
        levels.require(Level.L3)


@pytest.mark.parametrize(
    ("patch", "best"),
    [
        ("namespaces.enter = refuse", Level.L2),
        ("landlock.version = refuse", Level.L1),
        ("seccomp.install = refuse", Level.L1),
        ("seccomp.install = lambda program: None", Level.L1),
        ("landlock.restrict = lambda read, scratch: None", Level.L1),
        ("namespaces.enter = lambda view: None", Level.L2),
    ],
)
def test_a_layer_that_is_missing_or_does_nothing_lowers_the_level(patch, best):
    if best_level() < Level.L3:
        pytest.skip(f"this machine can do {best_level().name} only")
    code = (
        "from lrcourse.grading.sandbox.jail import landlock, namespaces, seccomp\n"
        "from lrcourse.grading.sandbox.jail import trial\n"
        "def refuse(*arguments): raise OSError\n"
        f"{patch}\n"
        "trial.main()"
    )
    command = [sys.executable, "-P", "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == f"{int(best)}\n"


@pytest.mark.parametrize("level", [Level.L3, Level.L2])
def test_a_worker_made_without_a_module_finds_it_nowhere(level):
    """Neither its text nor a way to import it, with our own finder taken away."""
    if level > best_level():
        pytest.skip(f"this machine can do {best_level().name} only")
    assert seen_by_a_worker(level, without=())[0].startswith('"""')
    assert seen_by_a_worker(level, without=()) != ["", 0]
    assert seen_by_a_worker(level, without=("numpy.polynomial",)) == ["", 0]


SEES = """
import importlib, sys
def answer(path):
    sys.meta_path.pop(0)
    try:
        text = open(path).read()
    except OSError:
        text = ""
    try:
        names = vars(importlib.import_module("numpy.polynomial"))["__all__"]
    except (ImportError, OSError, KeyError):
        names = []
    return [text, len(names)]
"""


def seen_by_a_worker(level, without):
    pool = Pool(level=level, spares=0)
    worker = pool.take((), without)
    worker.ask(Load([("cell", SEES)], without))
    path = Path(np.__file__).with_name("polynomial") / "__init__.py"
    reply = worker.ask(Call("answer", [str(path)]))
    pool.close()
    return reply.value


def test_a_worker_that_is_not_confined_does_not_serve():
    pool = Pool(level=Level.L1, spares=0)
    worker = pool._start()
    interpreter = Interpreter(worker, Level.L2)
    with pytest.raises(CannotStart, match="would not be confined to L2"):
        interpreter.ask(Load())
    pool.close()


# another test of this process may have left JAX' threads behind: the child is short
@pytest.mark.filterwarnings("ignore:os.fork")
def test_an_unconfined_process_is_found_out():
    assert proof.try_what_is_stopped(Level.L3) == [
        "open_too_many_files",
        "open_a_socket",
        "start_a_process",
        "list_the_root_folder",
        "see_other_processes",
        "have_a_parent",
    ]


@pytest.mark.parametrize("old", [1, 2, 3, 4, 5, 6, 99])
def test_an_older_landlock_is_asked_only_for_what_it_knows(old, monkeypatch):
    """The kernel refuses a rule with a right that its ruleset does not handle."""
    asked = []

    def record(name, *arguments):
        asked.append((name, arguments))
        return os.open(os.devnull, os.O_RDONLY)

    monkeypatch.setattr(landlock, "version", lambda: old)
    monkeypatch.setattr(landlock, "system_call", record)
    landlock.restrict([landlock.Grant("/", is_folder=True)], "/tmp")
    (first, (ruleset, size, _)), *rules = asked
    assert first == "landlock_create_ruleset"
    assert size == {1: 8, 2: 8, 3: 8, 4: 16, 5: 16}.get(old, 24)
    for name, arguments in rules:
        if name == "landlock_add_rule":
            assert arguments[2].rights & ~ruleset.files == 0
    assert rules[-1][0] == "landlock_restrict_self"


def test_the_filter_is_made_once_for_all_workers_of_a_world():
    program = seccomp.Program("x86_64", 1, has_own_root=True)
    assert seccomp.code(program) is seccomp.code(
        seccomp.Program("x86_64", 1, has_own_root=True)
    )


def test_the_course_can_be_graded_by_root_whose_python_nobody_else_can_enter():
    if os.geteuid() != 0 or Path(sys.base_prefix).stat().st_uid != 0:
        pytest.skip("only root has a Python like that")
    for level in (Level.L2, best_level()):
        pool = Pool(level=level, spares=0)
        cell = "import csv, os\ndef f(): return os.getuid()"  # csv: read from the disk
        interpreter = pool.take()
        interpreter.ask(Load([("c", cell)]))
        assert interpreter.ask(Call("f")).value == 65534
        pool.close()


def test_the_trusted_side_can_be_imported_without_what_windows_lacks():
    code = (
        "import sys\n"
        "sys.modules.update(dict.fromkeys(['resource', 'fcntl', 'pwd', 'grp']))\n"
        "import lrcourse.grading.sandbox.host.pool\n"
        "import lrcourse.grading.sandbox.guest.worker\n"
        "import lrcourse.grading.entrances.doctor\n"
        "import lrcourse.grading.sandbox.jail.confine\n"
    )
    subprocess.run([sys.executable, "-P", "-c", code], check=True)
