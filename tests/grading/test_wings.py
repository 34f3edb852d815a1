"""The grader's wings import downwards only; our side never meets the learner's."""

import ast

import pytest

from tests import ROOT

GRADING = ROOT / "lrcourse" / "grading"
PACKAGE = "lrcourse.grading"
WINGS = ("leaves", "sandbox", "answers", "mistakes", "checking", "entrances")
ROOMS = {
    ".".join((PACKAGE, *path.relative_to(GRADING).with_suffix("").parts)).removesuffix(
        ".__init__"
    ): path
    for path in sorted(GRADING.rglob("*.py"))
}
INNER = [room for room in ROOMS if room != PACKAGE]  # the package itself is on top


def wing_of(room):
    """Return the wing that a room of the grader lies in."""
    name = room.removeprefix(f"{PACKAGE}.").split(".")[0]
    return name if name in WINGS else "leaves"


def imports_of(path):
    """Return the grader's rooms that a room imports, in its functions too."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            inner = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= inner & ROOMS.keys() or {node.module}
    return {name for name in found if name.startswith(f"{PACKAGE}.")}


@pytest.mark.parametrize("room", INNER)
def test_a_room_imports_only_wings_below_it_and_its_own(room):
    mine = WINGS.index(wing_of(room))
    above = {
        name for name in imports_of(ROOMS[room]) if WINGS.index(wing_of(name)) > mine
    }
    assert not above


@pytest.mark.parametrize("room", INNER)
def test_no_room_imports_names_through_the_package(room):
    """They are for those outside: asked for inside, they could run in a circle."""
    assert f"from {PACKAGE} import" not in ROOMS[room].read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("side", "other"),
    [("host", "guest"), ("guest", "host"), ("jail", "host"), ("jail", "guest")],
)
def test_the_sides_of_the_sandbox_never_import_each_other(side, other):
    folder = f"{PACKAGE}.sandbox.{side}"
    mine = [room for room in ROOMS if room.startswith(folder)]
    theirs = f"{PACKAGE}.sandbox.{other}"
    assert mine
    for room in mine:
        found = [n for n in imports_of(ROOMS[room]) if n.startswith(theirs)]
        assert not found, f"{room} imports {found}"


def test_an_import_upwards_is_found(tmp_path):
    path = tmp_path / "room.py"
    path.write_text(
        "def f():\n    from lrcourse.grading.sandbox.host import pool\n"
        "import lrcourse.grading.verdict, os\n"
        "from lrcourse.grading.answers.errors import NotStarted\n"
    )
    assert imports_of(path) == {
        "lrcourse.grading.sandbox.host.pool",
        "lrcourse.grading.verdict",
        "lrcourse.grading.answers.errors",
    }
