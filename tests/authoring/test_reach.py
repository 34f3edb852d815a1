"""What a chapter reaches: every way to a definition counts, and no more than needed."""

import pytest

from tests.authoring.tiny import cases, seals

IMPORTS = cases("imports")
CODE = cases("code", first="b.py")
TABLES = cases("tables")
RUNS = cases("runs", first="c.py")
HARMLESS = cases("harmless", first="c.py")
UNFOLLOWED = cases("unfollowed")


@pytest.mark.parametrize("name", IMPORTS)
def test_every_form_of_import_is_followed(name, tmp_path):
    before, reached, other = seals(tmp_path, IMPORTS[name])
    assert reached != before
    assert other == before


@pytest.mark.parametrize("name", CODE)
def test_whatever_code_reads_is_reached(name, tmp_path):
    before, reached, other = seals(tmp_path, CODE[name])
    assert reached != before
    assert other == before


@pytest.mark.parametrize("name", TABLES)
def test_whoever_reaches_a_table_reaches_its_entries(name, tmp_path):
    before, reached, other = seals(tmp_path, TABLES[name])
    assert reached != before
    assert other == before


@pytest.mark.parametrize("name", RUNS)
def test_what_runs_when_a_room_is_loaded_counts(name, tmp_path):
    files = {
        "b.py": "from tiny import c\ndef f():\n    return 1",
        "d.py": "print(41)",
    }
    before, reached, other = seals(tmp_path, files | RUNS[name])
    assert reached != before
    assert other == before


@pytest.mark.parametrize("name", HARMLESS)
def test_what_leaves_a_value_alone_counts_for_that_alone(name, tmp_path):
    files = {"b.py": "from tiny import c\ndef f():\n    return 1"}
    before, called, given = seals(tmp_path, files | HARMLESS[name])
    assert called != before
    assert given == before


@pytest.mark.parametrize("name", UNFOLLOWED)
def test_what_cannot_be_followed_counts_whole(name, tmp_path):
    before, reached, _ = seals(tmp_path, UNFOLLOWED[name])
    assert reached != before


NOTHING = {
    "a docstring": ('"""Say h."""', '"""Say i."""'),
    "a text that nothing reads": ('"about n"', '"of n"'),
    "a comment": ("# h", "# i"),
    "a docstring that goes": ('    """Say h."""\n', ""),
    "layout": ("h(1, 2)", "h(\n    1,\n    2,\n)"),
    "quotes": ("'x'", '"x"'),
    "a new function": ("OTHER = 5", "OTHER = 5\ndef other():\n    return 1"),
    "a constant that nothing reads": ("OTHER = 5", "OTHER = 6"),
    "a type that only a hint names": ("Kind = int", "Kind = float"),
    "a class that nobody makes": ("class C:", "class D:"),
    "an entry of a table that nobody reads": ("T = {}", "T = {1: 2}"),
    "a change of a table that nobody reads": ("T[3] = 4", "T[3] = 5"),
    "a list's growth that nobody reads": ("L += [1]", "L += [2]"),
    "a list's entry that nobody reads": ("L.append(3)", "L.append(4)"),
    "an import that nobody reads": ("import os", "import os.path"),
    "a list of public names": ("['h']", "['h', 'f']"),
    "an argument's name is no name of the room": ("shadow = 1", "shadow = 2"),
    "a local name is no name of the room": ("local = 1", "local = 2"),
    "a comprehension's name is no name of the room": ("each = 1", "each = 2"),
}
CELL = "from tiny.b import h\nh(1)"
ROOM = '''"""Say h."""
import os
__all__ = ['h']
OTHER = 5
"about n"
Kind = int
T = {}
T[3] = 4
L = []
L += [1]
L.append(3)
shadow = 1
local = 1
each = 1

class C:
    pass

def h(x: Kind, shadow=3) -> Kind:
    """Say h."""
    # h
    local = 'x'
    return [each for each in h(1, 2)], shadow, local, lambda shadow: shadow
'''


@pytest.mark.parametrize("name", NOTHING)
def test_what_changes_no_output_changes_no_seal(name, tmp_path):
    old, new = NOTHING[name]
    assert old in ROOM
    before, after, _ = seals(tmp_path, {"b.py": ROOM}, old, new, CELL)
    assert after == before


SHOWING = {
    "inspect": "import inspect\nfrom tiny.b import h\ninspect.getsource(h)",
    "inspect, from": "from inspect import getdoc\nfrom tiny.b import h\ngetdoc(h)",
    "help": "from tiny.b import h\nhelp(h)",
    "__doc__": "from tiny.b import h\nh.__doc__",
    "getattr": "from tiny.b import h\ngetattr(h, '__doc__')",
    "a helper of ours": "from tiny.show import show\nfrom tiny.b import h\nshow(h)",
    "a magic": "from tiny.b import h\nget_ipython().run_line_magic('psource', 'h')",
}
SHOWN = ("a docstring", "a comment", "layout", "a type that only a hint names")
HINTS = {
    "signature": "import inspect\nfrom tiny.b import h\ninspect.signature(h)",
    "__annotations__": "from tiny.b import h\nh.__annotations__",
}


@pytest.mark.parametrize("name", HINTS)
def test_where_hints_are_shown_they_count_and_docstrings_do_not(name, tmp_path):
    hint, docstring = NOTHING["a type that only a hint names"], NOTHING["a docstring"]
    before, after, _ = seals(tmp_path, {"b.py": ROOM}, *hint, HINTS[name])
    assert after != before
    before, after, _ = seals(tmp_path, {"b.py": ROOM}, *docstring, HINTS[name])
    assert after == before


@pytest.mark.parametrize("edit", SHOWN)
@pytest.mark.parametrize("name", SHOWING)
def test_where_source_is_shown_all_of_it_counts(name, edit, tmp_path):
    old, new = NOTHING[edit]
    show = "import inspect\ndef show(f):\n    print(inspect.getsource(f))"
    files = {"b.py": ROOM, "show.py": show}
    before, after, _ = seals(tmp_path, files, old, new, SHOWING[name])
    assert after != before


@pytest.mark.parametrize(
    ("cell", "counts"),
    [
        ("from tiny import b\nb.__doc__", True),
        ("from tiny.b import h\nh()", True),
        ("from tiny.b import i\nprint(i)", False),
        ("from tiny import c\nprint(c)", False),
    ],
)
def test_the_docstring_of_a_room_counts_where_it_is_shown(cell, counts, tmp_path):
    room = '"""Say 41."""\n'
    files = {
        "cell": cell,
        "b.py": room + "def h():\n    return __doc__\ndef i():\n    return 1",
        "c.py": room,
    }
    before, after, _ = seals(tmp_path, files)
    assert (after != before) is counts


def test_an_import_that_is_exchanged_counts(tmp_path):
    room = "from math import sin as h\ndef f():\n    return h(1)"
    before, after, _ = seals(tmp_path, {"b.py": room}, "sin", "cos")
    assert after != before


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("n = 1\nn = 2\n", "n = 2\nn = 1\n"),
        ("from tiny import c\nfrom tiny import d\n", "from tiny import d, c\n"),
        ("print(1)\nprint(2)\n", "print(2)\nprint(1)\n"),
    ],
    ids=["bindings", "rooms that do something", "calls"],
)
def test_the_order_of_what_runs_counts(old, new, tmp_path):
    room = (
        "n = 1\nn = 2\nfrom tiny import c\nfrom tiny import d\n"
        "print(1)\nprint(2)\ndef f():\n    return n\n"
    )
    assert old in room
    files = {"b.py": room, "c.py": "print(1)", "d.py": "print(2)"}
    before, after, _ = seals(tmp_path, files, old, new)
    assert after != before


def test_a_room_that_is_not_loaded_does_nothing(tmp_path):
    files = {
        "b.py": "def f():\n    return 1\ndef h():\n    import tiny.c",
        "c.py": "print(41)",
    }
    before, after, _ = seals(tmp_path, files)
    assert after == before


def test_what_is_imported_for_type_checkers_alone_is_not_loaded(tmp_path):
    room = (
        "from __future__ import annotations\nfrom typing import TYPE_CHECKING\n"
        "if TYPE_CHECKING:\n    from tiny.d import C\n"
        "def f(x: C):\n    return 1\n"
    )
    files = {"b.py": room, "d.py": "C = int\nprint(41)\n"}
    before, after, _ = seals(tmp_path, files, cell="from tiny.b import f\nf(2)")
    assert after == before
    files["b.py"] = room.replace("if TYPE_CHECKING:", "if True:")
    before, after, _ = seals(tmp_path, files, cell="from tiny.b import f\nf(2)")
    assert after != before
