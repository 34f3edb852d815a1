"""What a notebook's `from lrcourse.grading import check` loads, room by room."""

import json
import subprocess
import sys

import pytest

IN_A_KERNEL = {
    "lrcourse",
    "lrcourse._course",
    "lrcourse.grading",
    "lrcourse.grading.entrances",
    "lrcourse.grading.entrances.card",
    "lrcourse.grading.entrances.cells",
    "lrcourse.grading.entrances.client",
    "lrcourse.grading.entrances.discussion",
    "lrcourse.grading.entrances.examiner",
    "lrcourse.grading.entrances.kernel",
    "lrcourse.grading.entrances.landing",
    "lrcourse.grading.entrances.look",
    "lrcourse.grading.entrances.overview",
    "lrcourse.grading.entrances.place",
    "lrcourse.grading.entrances.question",
    "lrcourse.grading.entrances.unknown",
    "lrcourse.grading.entrances.way",
    "lrcourse.grading.exercise",
    "lrcourse.grading.known",
    "lrcourse.grading.notebook",
    "lrcourse.grading.points",
    "lrcourse.grading.recalls",
    "lrcourse.grading.sandbox",
    "lrcourse.grading.sandbox.wire",
    "lrcourse.grading.standing",
    "lrcourse.grading.verdict",
}
NEVER = ("_pytest", "numpy", "pytest", "torch")


def loaded_by(code):
    """Return the modules that a fresh Python has loaded after `code`."""
    shown = "import json, sys; print(json.dumps(list(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-P", "-c", f"{code}\n{shown}"],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(json.loads(done.stdout))


def ours(modules):
    return {name for name in modules if name.split(".")[0] == "lrcourse"}


def test_check_loads_what_a_kernel_needs_and_nothing_else():
    modules = loaded_by("from lrcourse.grading import auto_check, check")
    assert ours(modules) <= IN_A_KERNEL
    assert not modules & set(NEVER)


def test_the_package_alone_loads_no_room():
    assert ours(loaded_by("import lrcourse.grading")) == {
        "lrcourse",
        "lrcourse.grading",
    }


@pytest.mark.parametrize("room", ["guest.forkserver", "guest.worker"])
def test_beside_a_learners_code_no_other_wing_is_loaded(room):
    modules = loaded_by(f"import lrcourse.grading.sandbox.{room}")
    # `_course` is two paths: what the jail hides lies there
    allowed = (
        "lrcourse.grading.sandbox",
        "lrcourse._course",
        "lrcourse.grading.notebook",
    )
    others = {name for name in ours(modules) if not name.startswith(allowed)}
    assert others == {"lrcourse", "lrcourse.grading"}
    assert not [name for name in modules if ".sandbox.host" in name]


def test_every_public_name_is_there_and_others_are_refused_by_name():
    code = """
import lrcourse.grading as grading
assert {*grading.__all__} <= {*dir(grading)}
for name in grading.__all__:
    assert callable(getattr(grading, name)), name
from lrcourse.grading import *
assert close(1.0, 1.0)
try:
    grading.chek
except AttributeError as error:
    assert "'lrcourse.grading' has no attribute 'chek'" in str(error)
else:
    raise SystemExit("no error")
"""
    assert "lrcourse.grading.comparison" in loaded_by(code)


def test_a_name_is_no_room_so_that_loading_a_room_never_hides_it():
    """Python binds a package's modules by their names, over whatever stood there."""
    code = """
import importlib, pkgutil
import lrcourse.grading as grading
rooms = {room.name for room in pkgutil.iter_modules(grading.__path__)}
assert rooms.isdisjoint(grading.__all__), rooms & {*grading.__all__}
"""
    loaded_by(code)
