"""The drawing of the rooms is that of the code, and what is drawn has no way up."""

import pytest

from lrcourse.authoring.drawing import DRAWING, drawing, imports, levels, main
from tests import ROOT


def test_the_drawing_in_the_book_is_that_of_the_code():
    assert (ROOT / DRAWING).read_text(encoding="utf-8") == drawing(), (
        "the rooms have changed: run python -m lrcourse.authoring.drawing"
    )


def test_a_room_stands_above_all_that_it_imports():
    rows = levels(imports())
    height = {room: number for number, row in enumerate(rows) for room in row}
    for room, lowers in imports().items():
        assert all(height[lower] < height[room] for lower in lowers)


def test_a_circle_is_named():
    with pytest.raises(ValueError, match="in a circle: a, b"):
        levels({"a": {"b"}, "b": {"a"}, "c": set()})


def test_an_old_drawing_is_said_to_be_old(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / DRAWING).parent.mkdir(parents=True)
    (tmp_path / DRAWING).write_text("old")
    assert main(["--check"]) == 1
    assert "is not that of the code" in capsys.readouterr().out
    assert main([]) == 0
    assert main(["--check"]) == 0
