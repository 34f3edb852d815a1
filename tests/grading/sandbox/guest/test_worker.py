"""What a learner's code meets in its worker, and what it does not find there."""

import re

from lrcourse.grading.sandbox.jail import Level
from lrcourse.grading.sandbox.messages import Call

IMPORT_ERRORS = ("ImportError", "ModuleNotFoundError")


def test_ipythons_words_do_nothing_and_break_nothing(loaded, value_of):
    worker = loaded(
        "get_ipython().run_line_magic('matplotlib', 'inline')\n"
        "display(1, metadata={})\nx = 5",
        "%%time\ndef f(): return x",
        "!ls\ny = 2",
    )
    assert value_of(worker, "f") == 5


def test_hostile_types_and_messages_cost_their_own_call_only(loaded, value_of):
    worker = loaded(
        "class Meta(type):\n    def __getattribute__(cls, name): raise SystemExit",
        "class Odd(metaclass=Meta): pass\nmade = Odd()",
        "class Mute(Exception):\n    def __str__(self): raise KeyboardInterrupt",
        "def odd(): return made",
        "def mute(): raise Mute",
        "def huge(): return 'x' * (70 << 20)",
        "def one(): return 1",
    )
    assert "not_plain" in value_of(worker, "odd") or worker.ask(Call("one"))
    assert worker.ask(Call("mute")).problem.message == "its message could not be read"
    assert "allowed" in value_of(worker, "huge")["not_plain"]
    assert value_of(worker, "one") == 1


def test_luck_is_the_same_in_every_worker(loaded, value_of):
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
        message = worker.ask(Call(name)).problem.message
        assert "numpy.fft may not be used here" in message
    if worker.level >= Level.L2:
        assert worker.ask(Call("h")).problem.type == "PermissionError"


def test_an_open_room_can_be_imported_and_the_grader_cannot(loaded, value_of):
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
        assert worker.ask(Call(name)).problem.type in IMPORT_ERRORS
    open_rooms = ("lrcourse.schedules", "lrcourse._settings", "lrcourse._arrays")
    closed = [
        name
        for name in value_of(worker, "seen")
        if name != "lrcourse" and not name.startswith(open_rooms)
    ]
    assert closed == ["lrcourse.grading"]  # with nothing in it but a `check`


def test_a_worker_holds_nothing_of_checks_or_references(loaded, value_of):
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
